# Sourced by tools/check --long: the stages that take minutes or hours each, and
# the table of their figures.

# sanitized KIND
sanitized() {
  "$root/tools/sanitize" "$1" 2>&1 | tee "$work/sanitize"
  count_last "$work/sanitize"
}
stage address "$core tools/sanitize" sanitized address
stage thread "$core tools/sanitize tools/tsan.supp" sanitized thread
stage asan-r "$r_tests tools/sanitize" sanitized r
stage valgrind "$r_tests tools/sanitize" sanitized valgrind

# long_tests FILE
long_tests() {
  cd "$root" || exit 1
  export MUSL_FIGURES="$figures"
  run_r_tests longtests/testthat "$1"
  unset MUSL_FIGURES
}
for file in $(test_files longtests/testthat); do
  stage "$(basename "$file" .R)" "$r_tests longtests" long_tests "$file"
done

# nine_tenths PART ALL: whether the part is so much of what is not nothing.
nine_tenths() { [ "$2" -gt 0 ] && [ $((10 * $1)) -ge $((9 * $2)) ]; }

# coverage WHAT OPTION...: at least 90 % of the lines.
coverage() {
  what=$1
  shift
  "$root/tools/coverage" "$@" >"$work/coverage" || true
  # N of N lines, N %
  read -r ran _ all rest <<-end
	$(tail -n 1 "$work/coverage")
	end
  tail -n 1 "$work/coverage"
  figure "lines of $what that tests run" "${ran:-0}" "${ran:-0}" \
    "of ${all:-0} $rest"
  count_one nine_tenths "${ran:-0}" "${all:-0}"
}
stage coverage-core "$core tools/coverage" coverage src/core --core
stage coverage-r "$r_tests tools/coverage tools/coverage.R" coverage R

fuzzed() {
  "$root/tools/fuzz" --executions "$(long_count 10000000)" >"$work/fuzz"
  status=$?
  cat "$work/fuzz"
  # N executions, N findings
  read -r executions _ findings _ <<-end
	$(tail -n 1 "$work/fuzz")
	end
  figure "executions of fuzz targets" "${executions:-0}" \
    $((${executions:-0} - ${findings:-0}))
  count_one [ "$status" -eq 0 ]
}
stage fuzz "src/core tests/fuzz tools/fuzz CMakeLists.txt" fuzzed

show_figures
