# Sourced by configure and tools/setup: finds LibTorch on this machine.
# find_libtorch sets torch_include, torch_lib, torch_origin and torch_version,
# or returns 1. It looks in this order in LIBTORCH_HOME, Python's torch, the R
# package torch, /usr/local and /usr. Set LIBTORCH_HOME to choose one.
# MUSL_SYSTEM_ROOT is a directory that replaces /, for example when building for
# another system.

version_header=torch/csrc/api/include/torch/version.h
case $(uname -s 2>/dev/null) in
  Darwin) torch_ext=dylib ;;
  *) torch_ext=so ;;
esac

# first_with FILE DIR...: the first directory that contains FILE.
first_with() {
  file=$1
  shift
  for dir in "$@"; do
    if [ -e "$dir/$file" ]; then
      (cd "$dir" && pwd -P)
      return 0
    fi
  done
  return 1
}

# Found without importing torch, which would cost about a second.
python_torch() {
  for python in python3 python; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" - 2>/dev/null <<'PY' && return 0
import importlib.util
spec = importlib.util.find_spec("torch")
print(spec.submodule_search_locations[0])
PY
  done
  return 1
}

r_torch() {
  if [ -n "${TORCH_HOME:-}" ]; then
    echo "$TORCH_HOME"
    return 0
  fi
  rscript=${R_HOME:+$R_HOME/bin/}Rscript
  command -v "$rscript" >/dev/null 2>&1 || return 1
  home=$("$rscript" --vanilla -e 'cat(system.file(package = "torch"))' \
    2>/dev/null)
  [ -n "$home" ] && echo "$home"
}

# try_libtorch ORIGIN PREFIX: accepts PREFIX if headers and library are there.
try_libtorch() {
  [ -n "$2" ] || return 1
  multiarch=$(${CXX:-g++} -print-multiarch 2>/dev/null)
  torch_include=$(first_with "$version_header" "$2/include") || return 1
  torch_lib=$(first_with libtorch_cpu.$torch_ext "$2/lib/$multiarch" \
    "$2/lib" "$2/lib64") || return 1
  torch_origin=$1
  torch_version=$(awk '/define TORCH_VERSION_(MAJOR|MINOR|PATCH) /{
    printf "%s%s", dot, $3; dot = "."}' "$torch_include/$version_header")
}

find_libtorch() {
  if [ -n "${LIBTORCH_HOME:-}" ]; then
    try_libtorch LIBTORCH_HOME "$LIBTORCH_HOME"
    return
  fi
  try_libtorch "Python's torch" "$(python_torch)" ||
    try_libtorch "the R package torch" "$(r_torch)" ||
    try_libtorch /usr/local "${MUSL_SYSTEM_ROOT:-}/usr/local" ||
    try_libtorch /usr "${MUSL_SYSTEM_ROOT:-}/usr"
}

# version_at_least MAJOR MINOR: compares torch_version.
version_at_least() {
  major=${torch_version%%.*}
  minor=${torch_version#*.}
  minor=${minor%%.*}
  [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -ge "$2" ]; }
}
