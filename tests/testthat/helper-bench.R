# Functions of bench/, which lies beside the package.

bench_file <- function(...) file.path(source_root(), "bench", ...)

skip_without_bench <- function() {
  skip_without_sources()
  skip_if_not(
    file.exists(bench_file("quality.R")), "bench is not in the built package"
  )
}

# `parts` are names of files without their ending.
bench_functions <- function(parts) {
  env <- new.env(parent = globalenv())
  for (part in parts) sys.source(bench_file(paste0(part, ".R")), env)
  env
}
