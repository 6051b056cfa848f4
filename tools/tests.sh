# Sourced by the tools that run tests, after common.sh: C++ and R tests, counted
# in `passed` and `failed`.

passed=0
failed=0
# count PASSED FAILED
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

# count_one COMMAND...: one test, which passes if the command does.
count_one() {
  if "$@"; then count 1 0; else count 0 1; fi
}

# count_last FILE: counts the last line `N passed, N failed` of a tool's output.
count_last() {
  # shellcheck disable=SC2046
  set -- $(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$1")
  count "${1:-0}" "${2:-1}"
}

# finish: the line of counts; a tool's status is that of its last command.
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

# C++ -------------------------------------------------------------------------

# test_shard PROGRAM SHARD: half of a program's tests. Threads of OpenMP that
# wait actively would take the cores from those of the other half.
test_shard() {
  OMP_WAIT_POLICY=passive GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=$2 \
    "$1" --gtest_brief=1 >"$work/printed-$2" 2>&1
}

# count_shard SHARD STATUS: counts what its tests printed at the end. A program
# that crashes prints no count, and sanitizers report after it, through the exit
# status: either is one failure.
count_shard() {
  printed=$work/printed-$1
  cat "$printed"
  good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$printed")
  bad=$(sed -n 's/^ *\([0-9]*\) FAILED TEST.*/\1/p' "$printed")
  [ "$2" -eq 0 ] && [ -n "$good" ] || bad=${bad:-1}
  count "${good:-0}" "${bad:-0}"
}

# Both halves of the tests run side by side.
run_cpp_tests() {
  test_shard "$1" 0 &
  test_shard "$1" 1
  status=$?
  wait $!
  count_shard 0 $?
  count_shard 1 "$status"
}

# cpp_tests DIR OPTION...: builds the core there and runs its C++ tests, or with
# tests=OFF counts the build.
tests=ON
cpp_tests() {
  say "building the C++ tests"
  cpp_dir=$1
  shift
  if ! build_core "$cpp_dir" "$work/cpp.log" "$@"; then
    tail -n 40 "$work/cpp.log" >&2
    echo "The C++ tests do not build." >&2
    count 0 1
    return
  fi
  [ "$tests" = ON ] || { count 1 0 && return; }
  say "C++ tests"
  for program in "$cpp_dir"/musl_*_tests; do
    [ -x "$program" ] && run_cpp_tests "$program"
  done
  # Once more on a device that the CPU plays, except for tests that choose one.
  program=$cpp_dir/musl_nn_tests
  [ -x "$program" ] || return 0
  export MUSL_TEST_DEVICE=fake GTEST_FILTER=-OnGpu.*:OnFakeDevice.*:DeviceCosts.*
  run_cpp_tests "$program"
  unset MUSL_TEST_DEVICE GTEST_FILTER
}

# other_compiler DIR OPTION...: cpp_tests of the core without LibTorch by another
# compiler.
other_compiler() {
  MUSL_TORCH=no
  other_dir=$1
  shift
  cpp_tests "$other_dir" -DMUSL_GTEST=/usr/src/googletest/googletest \
    -DEIGEN_DIR=/usr/include/eigen3 -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
    -DMUSL_TESTS=$tests "$@"
}

# R ---------------------------------------------------------------------------

# A job in the background ignores interrupts, and so do R and what it starts:
# the tests that interrupt would fail.
by_env="env --default-signal=INT"
$by_env true 2>/dev/null || by_env=

# r_worker DIRECTORY RESULTS FILE...: several of them share the files. They run
# the package in $library.
r_worker() {
  R_LIBS="$library${R_LIBS:+:$R_LIBS}" \
    $by_env R --vanilla --no-echo --file="$root/tools/run-tests.R" --args "$@"
}

# test_files DIRECTORY [PATTERN]: names of files of R tests.
test_files() {
  (cd "$1" && printf '%s\n' test-*.R) | grep -E "${2:-.}"
}

# run_r_tests DIRECTORY FILE...: a file that nobody ended, since R died in it or
# before, is one failure; so is a status that R, or what watches it, ends with.
run_r_tests() {
  directory=$1
  shift
  results=$(mktemp -d "$work/results.XXXXXX")
  r_worker "$directory" "$results" "$@" &
  other=$!
  r_worker "$directory" "$results" "$@" || count 0 1
  wait "$other" || count 0 1
  for file in "$@"; do
    file=$(basename "$file" .R)
    if [ -s "$results/$file/count" ]; then
      read -r good bad skipped seconds <"$results/$file/count"
    else
      echo "R ended before $file did." >&2
      good=0 bad=1 skipped=0 seconds=-
    fi
    count "$good" "$bad"
    [ "$bad" -eq 0 ] || cat "$results/$file/log" >&2 2>/dev/null
    echo "$file: $good passed, $bad failed, $skipped skipped, $seconds s"
  done
}

# What a processor has (as /proc/cpuinfo calls it), and how to compute as one that
# has no more: R's products of matrices, LibTorch's and our own kernels.
processors="
sse4_2 OPENBLAS_CORETYPE=Nehalem ATEN_CPU_CAPABILITY=default MUSL_SIMD=plain
avx2 OPENBLAS_CORETYPE=Haswell ATEN_CPU_CAPABILITY=avx2 MUSL_SIMD=avx2
"

# processor_tests: tests that train, score and rank, as each of these computes
# that this machine can imitate.
processor_tests() {
  env_before=$by_env
  # shellcheck disable=SC2046
  while read -r feature settings; do
    grep -qw "${feature:-none}" /proc/cpuinfo 2>/dev/null || continue
    say "R tests with $settings"
    by_env="${env_before:-env} $settings"
    run_r_tests tests/testthat $(test_files tests/testthat \
      '^test-(design|metrics|partners|predict)[.]R$') </dev/null
  done <<end
$processors
end
  by_env=$env_before
}
