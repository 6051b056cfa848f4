# The long tests use the helpers of the short ones, which stand beside them in
# the sources and, under R CMD check --test-dir, in a copy of these.
short_tests <- Filter(dir.exists, file.path("..", "..", c(
  "tests/testthat", "00_pkg_src/MuSL/tests/testthat"
)))[[1]]
for (file in list.files(short_tests, "^helper.*[.]R$", full.names = TRUE)) {
  sys.source(file, environment())
}
# For the R processes that these tests start.
helper_files <- normalizePath(c(
  list.files(short_tests, "^helper.*[.]R$", full.names = TRUE),
  setdiff(list.files(pattern = "^helper.*[.]R$"), "helper-a-short-tests.R")
))
