# Compiles and loads bench/histogram_loop.cpp, the core's counting without
# MuSL, and plain R to hold it to; sourced by the scripts that time it, which
# stand beside it.

bench_root <- function() {
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  normalizePath(file.path(dirname(file), ".."))
}

# Compiles the loop with the core's own files, optimised as configure says.
load_loop <- function() {
  root <- bench_root()
  core <- file.path(root, "src", "core")
  build <- tempfile("bench")
  dir.create(build)
  sources <- c(
    file.path(root, "bench", "histogram_loop.cpp"),
    file.path(core, c(
      "expression/binning.cpp", "expression/histogram.cpp", "base/simd.cpp"
    ))
  )
  stopifnot(file.copy(sources, build))
  eigen <- c(
    system.file("include", package = "RcppEigen"), "/usr/include/eigen3"
  )
  flags <- paste0("-I", c(file.path(core, "include"), core, eigen))
  writeLines(
    c("CXX_STD = CXX17", paste("PKG_CPPFLAGS =", paste(flags, collapse = " "))),
    file.path(build, "Makevars")
  )
  withr::local_dir(build)
  # R's own flags come last, but for those of the user's file.
  writeLines("CXX17FLAGS = -O3 -ffp-contract=off -fPIC", "user")
  withr::local_envvar(R_MAKEVARS_USER = file.path(build, "user"))
  log <- system2(
    file.path(R.home("bin"), "R"),
    c("CMD", "SHLIB", "-o", "loop.so", basename(sources)),
    stdout = TRUE, stderr = TRUE
  )
  if (!file.exists("loop.so")) {
    stop(paste(log, collapse = "\n"))
  }
  dyn.load("loop.so")
}

# Processor seconds of binning and counting, and the counts of the last pair.
# `x` is samples x genes, `a` and `b` are columns.
time_loop <- function(x, a, b, bins, repeats) {
  .C(
    "time_counts", x, c(dim(x), length(a), as.integer(bins), repeats),
    a - 1L, b - 1L,
    binning = 0, counting = 0, counts = integer(bins * bins)
  )
}

# Bins of equal width in plain R.
cut_gene <- function(x, bins) {
  breaks <- seq(min(x), max(x), length.out = bins + 1)
  cut(x, breaks, include.lowest = TRUE, right = FALSE)
}

# Counts of a pair in plain R, in the order of time_loop().
plain_counts <- function(x, y, bins) {
  as.integer(t(table(cut_gene(x, bins), cut_gene(y, bins))))
}
