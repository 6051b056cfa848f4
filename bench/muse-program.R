# How bench/muse.R runs a program of bench/core: in one thread, and it must not
# fail.

one_thread <- c("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
# Freed memory is kept on both sides: an R session's allocator does that once it
# freed a large block, which reading data does.
keep_memory <- c(
  "MALLOC_MMAP_THRESHOLD_=1073741824", "MALLOC_TRIM_THRESHOLD_=4294967296"
)

# The lines that a process of one thread prints.
run <- function(command, words) {
  out <- suppressWarnings(
    system2(command, words, stdout = TRUE, env = c(one_thread, keep_memory))
  )
  if (!is.null(attr(out, "status"))) {
    stop(paste(c(command, words), collapse = " "), " failed.", call. = FALSE)
  }
  out
}

# The folder with the program, built unless MUSL_BENCH_PROGRAMS names one.
programs_with <- function(root, program) {
  programs <- Sys.getenv("MUSL_BENCH_PROGRAMS")
  if (!nzchar(programs)) {
    programs <- file.path(root, "build-bench")
    builder <- file.path(root, "bench", "core", "build.sh")
    run("sh", c(builder, programs, program))
  }
  programs
}
