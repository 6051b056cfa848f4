# The root of the source tree: beside the tests, or where R CMD check unpacks
# it.
source_root <- function() {
  roots <- c(test_path("..", ".."), test_path("..", "..", "00_pkg_src", "MuSL"))
  has_core <- dir.exists(file.path(roots, "src", "core"))
  if (any(has_core)) normalizePath(roots[has_core][1L]) else NULL
}

skip_without_sources <- function() {
  skip_if(is.null(source_root()), "the source tree is not at hand")
}
