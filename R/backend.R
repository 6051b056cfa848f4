#' The backend that runs networks
#'
#' Reports the backend of this session, with the devices that it finds, or why
#' there is none.
#'
#' MuSL runs neural networks with LibTorch, through a separate shared library,
#' the backend, opened by the first call that needs it. A session keeps the
#' backend it has opened. If LibTorch is available when MuSL is installed, the
#' installation builds a backend. [musl_backend_build()] builds further ones,
#' for another version or with CUDA. MuSL opens the first of these that fits
#' this installation: the option `MuSL.backend` or else the environment variable
#' `MUSL_BACKEND`, the path of a backend file or of its directory; the backend
#' installed with MuSL; those of `musl_backend_build()`, the newest first.
#'
#' @section What works without a backend:
#'   All but networks: readers, data, histograms, splits, baselines, metrics and
#'   atlases; [musl_fit()] on measured pairs and the methods of the resulting
#'   model ([musl_partners()], `predict()`, [musl_atlas()], [musl_explain()]);
#'   of recorded pairs, scorers of features (`scorers = "features"`). The
#'   network that [musl_fit()] trains on recorded pairs needs a backend, as do
#'   [musl_interactions()], [musl_resample()] of that network and
#'   [musl_embed_proteins()]. Without one they fail with an error of class
#'   `musl_error_backend`.
#'
#' @returns A list of class `musl_backend`:
#'
#'   * `available`: `TRUE` if networks can be trained and can predict
#'   * `libtorch`: version of LibTorch
#'   * `device`: what `device = "auto"` selects
#'   * `devices`: all that `device` can name here, such as "cpu" and "cuda:0"
#'   * `cuda_built`: was LibTorch built with CUDA?
#'   * `products`: what multiplies matrices in a network: "oneDNN" or "BLAS"
#'   * `threads`: number of threads that this process may use
#'   * `path`: of the backend file
#'   * `reason`: why no backend opens; empty if one does
#'   * `found`: paths of all backends where MuSL looks
#'
#'   Without a backend `libtorch`, `device`, `cuda_built`, `products` and `path`
#'   are `NA`.
#' @section Errors:
#'   None: `reason` says why a backend cannot be opened.
#' @examples
#' musl_backend()
#' musl_backend()$available
#' @export
musl_backend <- function() {
  reason <- backend_problems()
  path <- opened_backend()
  info <- if (nzchar(path)) with_core(cpp_device_info())
  structure(
    list(
      available = length(reason) == 0,
      libtorch = info$libtorch %||% NA_character_,
      device = info$auto %||% NA_character_,
      devices = if (!is.null(info)) {
        c("cpu", sprintf("cuda:%d", seq_len(info$cuda_devices) - 1L))
      },
      cuda_built = info$cuda_built %||% NA,
      products = info$products %||% NA_character_,
      threads = cpp_available_threads(),
      path = if (nzchar(path)) path else NA_character_,
      reason = as.character(reason),
      found = found_backends()
    ),
    class = "musl_backend"
  )
}

#' @export
print.musl_backend <- function(x, ...) {
  others <- setdiff(x$found, x$path)
  versions <- paste0(
    "MuSL ", utils::packageVersion("MuSL"), ", R ", getRversion()
  )
  cat(
    paste("<musl_backend>", versions),
    if (is.na(x$path)) {
      "LibTorch: none, so networks neither train nor predict"
    } else {
      c(
        paste0("LibTorch: ", x$libtorch, ", matrix products by ", x$products),
        paste0(
          "Devices: ", toString(x$devices), " (\"auto\" is ", x$device,
          if (!x$cuda_built) "; LibTorch without CUDA", "), ", x$threads,
          " thread(s)"
        ),
        paste("Path:", x$path)
      )
    },
    if (length(x$reason) > 0) paste("Not opened:", x$reason),
    if (length(others) > 0) paste("Others:", toString(others)),
    sep = "\n"
  )
  invisible(x)
}

# Can networks be trained and predict?
has_backend <- function() length(backend_problems()) == 0

# Why no backend can be opened; none if one is open.
backend_problems <- function() {
  tryCatch(open_backend(), musl_error_backend = function(cnd) cnd$reasons)
}

# The device that `device` selects on this machine.
resolve_device <- function(device) {
  check_string(device, arg = "device")
  if (!grepl("^(auto|cpu|cuda(:[0-9]+)?)$", device)) {
    what <- "\"auto\", \"cpu\", \"cuda\" or \"cuda:<i>\""
    abort_argument("device", what, device)
  }
  with_backend(cpp_resolve_device(device))
}

# with_core() for a call of the core that needs LibTorch.
with_backend <- function(expr) {
  open_backend()
  with_core(expr)
}

# Path of the open backend; "" if none is open.
opened_backend <- function() with_core(cpp_backend_path())

# Does nothing if the requested backend is open, and gives NULL. The error's
# `reasons` cover each backend that was tried.
open_backend <- function() {
  asked <- asked_backend()
  if (is.null(asked) && nzchar(opened_backend())) {
    return(invisible())
  }
  reasons <- character()
  for (path in asked %||% found_backends()) {
    reason <- try_backend(path)
    if (is.null(reason)) {
      return(invisible())
    }
    reasons <- c(reasons, reason)
  }
  abort_backend(reasons, asked)
}

# Why a backend can't be opened; NULL once it is open.
try_backend <- function(path) {
  tryCatch(
    {
      with_core(cpp_backend_open(path))
      NULL
    },
    musl_error_backend = function(cnd) {
      gsub("\\s+", " ", cli::ansi_strip(cnd$message))
    }
  )
}

# The file that the user asked for, or NULL.
asked_backend <- function() {
  asked <- getOption("MuSL.backend", Sys.getenv("MUSL_BACKEND"))
  if (identical(asked, "")) {
    return(NULL)
  }
  check_string(asked, arg = "options(MuSL.backend)")
  if (dir.exists(asked)) asked <- file.path(asked, backend_file())
  path.expand(asked)
}

backend_file <- function() paste0("MuSLtorch", .Platform$dynlib.ext)

# Paths of the backend installed with MuSL and of those built later, the newest
# first.
found_backends <- function() {
  installed <- file.path(dirname(own_library()), backend_file())
  built <- list.files(
    backend_home(), paste0("^", backend_file(), "$"),
    recursive = TRUE, full.names = TRUE
  )
  built <- built[order(file.mtime(built), decreasing = TRUE)]
  Filter(file.exists, c(installed, built))
}

# MuSL's shared library.
own_library <- function() getLoadedDLLs()[["MuSL"]][["path"]]

backend_home <- function() {
  file.path(tools::R_user_dir("MuSL", "data"), "backend")
}

abort_backend <- function(reasons, asked) {
  if (length(reasons) == 0) {
    reasons <- "MuSL was installed without a backend, and none was built since."
  }
  shown <- stats::setNames(without_markup(reasons), rep("x", length(reasons)))
  ways <- if (nzchar(opened_backend())) {
    c(i = "Restart R, and set {.code options(MuSL.backend = )} before the first
           call that needs a backend.")
  } else {
    backend_ways
  }
  abort_musl(
    c("This call needs LibTorch, and MuSL has no backend for it.", shown, ways),
    "backend",
    reasons = reasons, asked = asked
  )
}

backend_ways <- c(
  i = "There are three ways to get one:",
  "*" = "Install LibTorch (Debian, Ubuntu: {.code apt-get install
         libtorch-dev}), and then MuSL again.",
  "*" = "{.code musl_backend_build(libtorch = )} builds it for any LibTorch: of
         Python's {.code torch}, of the R package {.pkg torch}, or unpacked
         from https://pytorch.org.",
  "*" = "{.code options(MuSL.backend = )} names one that is already built."
)

# Lets another process run fun() with this process's backend.
with_this_backend <- function(fun) {
  path <- opened_backend()
  if (!nzchar(path)) path <- getOption("MuSL.backend")
  function(...) {
    withr::local_options(MuSL.backend = path)
    fun(...)
  }
}
