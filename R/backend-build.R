#' Build a backend for a LibTorch
#'
#' Compiles the part of MuSL that fits and predicts, from the sources installed
#' with MuSL, and links it with a LibTorch.
#'
#' The build takes some minutes. Nothing is downloaded, and only the backend and
#' files in the session's temporary directory are written. A session keeps the
#' backend it has opened: restart R to use another.
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
#' @param overwrite `TRUE` to replace a backend in `dir`.
#' @param progress `TRUE` shows progress.
#' @returns Path of the backend file, invisibly.
#' @section Errors:
#'   `musl_error_backend` if LibTorch is missing or too old, the backend does
#'   not compile or link, or headers (Eigen of the package RcppEigen,
#'   nlohmann-json) are missing; the error contains the compiler's last
#'   messages. `musl_error_input` if `dir` already holds a backend.
#' @seealso [musl_backend()]
#' @examples
#' # An empty directory holds no LibTorch.
#' tryCatch(
#'   musl_backend_build(libtorch = tempdir(), dir = tempfile()),
#'   musl_error_backend = function(cnd) cat(cnd$reasons)
#' )
#' @export
musl_backend_build <- function(libtorch = NULL, dir = NULL, jobs = 1L,
                               overwrite = FALSE, progress = interactive()) {
  check_string(libtorch, allow_null = TRUE)
  check_string(dir, allow_null = TRUE)
  check_whole(jobs, 1, 1024)
  check_flag(overwrite)
  check_flag(progress)
  check_new_backend(dir, overwrite)
  made <- file.path(withr::local_tempdir("musl-backend-"), backend_file())
  version <- run_build(made, libtorch, jobs, progress)
  if (is.null(dir)) {
    own <- utils::packageVersion("MuSL")
    name <- paste0("MuSL-", own, "-libtorch-", version)
    dir <- file.path(backend_home(), name)
    check_new_backend(dir, overwrite)
  }
  path <- file.path(dir, backend_file())
  publish_backend(made, path)
  if (progress) cli::cli_inform(c("v" = "The backend is {.file {path}}."))
  invisible(path)
}

check_new_backend <- function(dir, overwrite) {
  if (is.null(dir) || overwrite) {
    return(invisible())
  }
  path <- file.path(dir, backend_file())
  abort_if(file.exists(path), c(
    "{.arg dir} must not hold a backend.",
    x = "{.file {path}} exists.",
    i = "Pass {.code overwrite = TRUE} to replace it."
  ))
}

# Builds the file `made` and returns LibTorch's version.
run_build <- function(made, libtorch, jobs, progress) {
  script <- system.file("backend", "tools", "build-backend", package = "MuSL")
  if (!nzchar(script)) {
    abort_build("The backend's sources were not installed with MuSL.")
  }
  log <- paste0(made, ".log")
  command <- paste(
    "sh", shQuote(script), shQuote(own_library()), shQuote(made),
    as.integer(jobs), "2>", shQuote(log)
  )
  printed <- withr::with_envvar(
    build_environment(libtorch), follow_build(command, progress)
  )
  if (printed$status != 0) abort_build(build_problem(log, libtorch))
  sub("^LibTorch ([^ ]+) from .*", "\\1", printed$lines[[1]])
}

build_environment <- function(libtorch) {
  eigen <- system.file("include", package = "RcppEigen")
  if (!nzchar(eigen)) {
    abort_build("The package RcppEigen is not installed.")
  }
  c(
    R_HOME = R.home(),
    EIGEN_HOME = eigen,
    TMPDIR = tempdir(),
    if (!is.null(libtorch)) c(LIBTORCH_HOME = path.expand(libtorch))
  )
}

# Lines that the command prints, and its exit status. A line "[done/all]"
# reports progress.
follow_build <- function(command, progress) {
  connection <- pipe(command, "r")
  on.exit(if (!is.null(connection)) close(connection))
  if (progress) bar <- cli::cli_progress_bar("Building the backend", total = NA)
  lines <- character()
  while (length(line <- readLines(connection, 1)) > 0) {
    lines <- c(lines, line)
    steps <- as.numeric(strsplit(gsub("[^0-9/]", "", line), "/")[[1]])
    if (progress && startsWith(line, "[")) {
      cli::cli_progress_update(set = steps[[1]], total = steps[[2]], id = bar)
    }
  }
  status <- close(connection)
  connection <- NULL
  list(lines = lines, status = status %||% 0L)
}

# The line that reports the problem, and the compiler's lines before it. The
# script knows a `libtorch` given by the name of the variable.
build_problem <- function(log, libtorch = NULL) {
  lines <- if (file.exists(log)) readLines(log, warn = FALSE)
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
