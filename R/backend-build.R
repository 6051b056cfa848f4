#' Build a backend for a LibTorch
#'
#' Compiles the part of MuSL that runs networks, from the files installed
#' with MuSL, and links it with a LibTorch.
#'
#' The build takes some minutes. Nothing is downloaded, and only the backend,
#' which replaces one in the same directory, and files in the session's
#' temporary directory are written. A session keeps the backend it has opened:
#' restart R to use another.
#'
#' @param libtorch Directory with `include/` and `lib/` of LibTorch (1.13 or
#'   newer, CPU or CUDA); `NULL`, like the installation, tries the environment
#'   variable `LIBTORCH_HOME`, Python's `torch`, the R package `torch`,
#'   `/usr/local` and `/usr`, and uses the first LibTorch found.
#' @param dir Directory for the backend. `NULL` uses one below
#'   `tools::R_user_dir("MuSL", "data")`, named by the versions of MuSL and
#'   LibTorch, where MuSL finds it automatically. For any other, set
#'   `options(MuSL.backend = dir)`.
#' @param jobs Number of compilers to run at a time; each needs up to 1.7 GB.
#' @returns Path of the backend file, invisibly.
#' @section Errors:
#'   `musl_error_backend` if LibTorch is missing or too old, the backend does
#'   not compile or link, or headers of the package RcppEigen are missing; the
#'   error contains the compiler's last messages.
#' @seealso [musl_backend()]
#' @examplesIf interactive()
#' musl_backend_build(jobs = 4)
#' @export
musl_backend_build <- function(libtorch = NULL, dir = NULL, jobs = 1L) {
  check_string(libtorch, allow_null = TRUE)
  check_string(dir, allow_null = TRUE)
  check_whole(jobs, 1, 1024)
  made <- file.path(withr::local_tempdir("musl-backend-"), backend_file())
  version <- run_build(made, libtorch, jobs)
  if (is.null(dir)) {
    own <- utils::packageVersion("MuSL")
    name <- paste0("MuSL-", own, "-libtorch-", version)
    dir <- file.path(backend_home(), name)
  }
  path <- file.path(dir, backend_file())
  publish_backend(made, path)
  inform_musl("The backend is {.file {path}}.", "backend")
  invisible(path)
}

# Builds the file `made` and returns LibTorch's version.
run_build <- function(made, libtorch, jobs) {
  script <- system.file("backend", "tools", "build-backend", package = "MuSL")
  if (!nzchar(script)) {
    abort_build("The backend's files were not installed with MuSL.")
  }
  log <- paste0(made, ".log")
  command <- paste(
    "sh", shQuote(script), shQuote(own_library()), shQuote(made),
    as.integer(jobs), "2>", shQuote(log)
  )
  # A warning tells of another exit status than 0.
  printed <- withr::with_envvar(
    build_environment(libtorch),
    suppressWarnings(system(command, intern = TRUE))
  )
  if (!is.null(attr(printed, "status"))) {
    abort_build(build_problem(log, libtorch))
  }
  sub("^LibTorch ([^ ]+) from .*", "\\1", printed[[1]])
}

build_environment <- function(libtorch) {
  eigen <- system.file("include", package = "RcppEigen")
  if (!nzchar(eigen)) {
    abort_build("The package RcppEigen is not installed.")
  }
  c(
    R_HOME = R.home(),
    EIGEN_HOME = eigen,
    TMPDIR = tempdir(check = TRUE),
    if (!is.null(libtorch)) c(LIBTORCH_HOME = path.expand(libtorch))
  )
}

# The line that reports the problem, and the compiler's lines before it. The
# script knows a `libtorch` given by the name of the variable.
build_problem <- function(log, libtorch = NULL) {
  lines <- if (file.exists(log)) file_lines(log)
  at <- grep("^PROBLEM: ", lines)
  if (length(at) == 0) {
    return(c("The build ended early.", utils::tail(lines, 10)))
  }
  problem <- sub("^PROBLEM: ", "", lines[[at[[1]]]])
  if (!is.null(libtorch)) {
    problem <- sub("^LIBTORCH_HOME=", "`libtorch` = ", problem)
  }
  c(problem, utils::tail(lines[seq_len(at[[1]] - 1)], 10))
}

abort_build <- function(reasons) {
  shown <- stats::setNames(without_markup(reasons), rep("x", length(reasons)))
  abort_musl(
    c("The backend can't be built.", shown),
    "backend",
    reasons = reasons
  )
}

# Writes atomically.
publish_backend <- function(made, path) {
  dir.create(dirname(path), recursive = TRUE, showWarnings = FALSE)
  tryCatch(
    cpp_write_file(path, readBin(made, "raw", file.size(made))),
    error = function(cnd) abort_build(c(conditionMessage(cnd), room_hint))
  )
}
