# Sourced by tools/check, after tests.sh: its stages. --long takes hours, so that a
# stage that passed is not run again until one of its files changes.

stages=$root/build-check/stages

# fingerprint PATH...: of the names and contents of the files there, and of the
# share of the trials that long tests run.
fingerprint() {
  (
    cd "$root" || exit 1
    echo "${MUSL_LONG_SCALE:-1}"
    git ls-files --cached --others --exclude-standard -z -- "$@" 2>/dev/null |
      xargs -0 sha256sum 2>/dev/null
  ) | sha256sum | cut -c 1-64
}

# stage NAME PATHS COMMAND...: runs a command that counts tests and that reads the
# files of PATHS, words of one text. With --long it may add rows to the file
# `figures`. MUSL_STAGES leaves out stages whose names do not match.
stage() {
  stage_name=$1
  stage_paths=$2
  shift 2
  echo "$stage_name" | grep -qE "${MUSL_STAGES:-.}" || return 0
  say "$stage_name"
  if [ -z "$long" ]; then
    "$@"
    return
  fi
  mkdir -p "$stages"
  kept="$stages/$stage_name"
  # shellcheck disable=SC2086 # several paths
  now=$(fingerprint $stage_paths)
  if [ -f "$kept" ]; then
    read -r earlier good <"$kept"
    if [ "$earlier" = "$now" ]; then
      echo "$good passed earlier on the same files"
      count "$good" 0
      return
    fi
  fi
  figures=$kept.figures
  rm -f "$kept" "$figures"
  passed_before=$passed
  failed_before=$failed
  "$@"
  if [ "$failed" -eq "$failed_before" ]; then
    echo "$now $((passed - passed_before))" >"$kept"
  fi
}

# long_count N: N times the share of the trials that this run makes.
long_count() {
  awk -v n="$1" -v share="${MUSL_LONG_SCALE:-1}" \
    'BEGIN { printf "%d", (n * share < 2) ? 2 : n * share }'
}

# figure WHAT TRIED SURVIVED [NOTE]: one row of the table.
figure() {
  printf '%s\t%d\t%d\t%d\t0\t%s\n' "$1" "$2" "$3" $(($2 - $3)) "${4:-}" \
    >>"$figures"
}

# show_figures: the table of what the stages tried.
show_figures() {
  {
    printf 'what\ttried\tsurvived\tlost\tcrashed\tof these\n'
    cat "$stages"/*.figures 2>/dev/null
  } | awk -F '\t' '{
    printf "%-44s %7s %9s %5s %8s  %s\n", $1, $2, $3, $4, $5, $6
  }'
}
