#' The device that training and prediction use
#'
#' Returns the device that `device` selects on this machine.
#'
#' @param device "auto" (the first GPU if there is one, else the CPU), "cpu",
#'   "cuda" or a number from 0 after "cuda:", such as "cuda:1".
#' @returns One string, "cpu" or "cuda:" with the number.
#' @section Errors:
#'   `musl_error_device` if the device is absent, `musl_error_input` if its name
#'   is invalid, `musl_error_backend` without a [backend][musl_backend()].
#' @seealso [musl_sitrep()]
#' @examplesIf musl_has_backend()
#' musl_device()
#' @export
musl_device <- function(device = "auto") {
  resolve_device(device)
}

# The device that `device` selects on this machine.
resolve_device <- function(device, call = caller_env()) {
  check_string(device, arg = "device", call = call)
  if (!grepl("^(auto|cpu|cuda(:[0-9]+)?)$", device)) {
    what <- "\"auto\", \"cpu\", \"cuda\" or \"cuda:<i>\""
    abort_argument("device", what, device, call)
  }
  with_backend(cpp_resolve_device(device), call = call)
}

#' What this installation of MuSL can do
#'
#' Collects versions, devices and threads for bug reports.
#'
#' @returns A list of class `musl_sitrep`: `musl`, `r`, `libtorch` and
#'   `platform` (strings; `libtorch` is "" without a [backend][musl_backend()],
#'   and the fields marked * are `NA` or empty), `backend` (* path of its file),
#'   `reason` (why there is no backend), `cuda_built` (* was LibTorch built with
#'   CUDA?), `cuda_devices` (* number of GPUs that it can use now), `device` (*
#'   the device that "auto" selects), `threads` (number this process may use), `blas` (* LibTorch's build configuration),
#'   `products` (* what multiplies matrices in a network: "oneDNN" where
#'   LibTorch brings it as a library and the processor has AVX-512, else "BLAS")
#'   and `packages` (named strings, "" if a package is not installed).
#' @seealso [musl_device()], [musl_backend()]
#' @examples
#' musl_sitrep()
#' @export
musl_sitrep <- function() {
  backend <- musl_backend()
  has_backend <- !is.na(backend$path)
  info <- if (has_backend) with_core(cpp_device_info())
  structure(
    list(
      musl = package_version_string("MuSL"),
      r = as.character(getRversion()),
      libtorch = if (has_backend) backend$libtorch else "",
      platform = R.version$platform,
      backend = backend$path,
      reason = backend$reason,
      cuda_built = backend$cuda_built,
      cuda_devices = backend$cuda_devices,
      device = if (has_backend) musl_device("auto") else NA_character_,
      threads = cpp_available_threads(),
      blas = info$blas %||% NA_character_,
      products = info$products %||% NA_character_,
      packages = vapply(sitrep_packages, package_version_string, "")
    ),
    class = "musl_sitrep"
  )
}

sitrep_packages <- c(
  "Rcpp", "SummarizedExperiment", "igraph", "tibble", "cli", "rlang", "ggplot2",
  "jsonlite"
)

# Of an installed package, which need not be loaded: that can take seconds.
package_version_string <- function(package) {
  if (!nzchar(system.file(package = package))) {
    return("")
  }
  as.character(utils::packageVersion(package))
}

#' @export
print.musl_sitrep <- function(x, ...) {
  has_backend <- !is.na(x$backend)
  libtorch <- if (has_backend) paste("LibTorch", x$libtorch) else "no LibTorch"
  version <- ifelse(nzchar(x$packages), x$packages, "-")
  packages <- paste(names(x$packages), version, collapse = ", ")
  cat(
    "<musl_sitrep>",
    paste0("MuSL ", x$musl, ", R ", x$r, ", ", libtorch),
    paste0("Platform: ", x$platform),
    describe_backend(x),
    strwrap(packages, exdent = 10, initial = "Packages: "),
    sep = "\n"
  )
  invisible(x)
}

describe_backend <- function(x) {
  threads <- paste(x$threads, "thread(s)")
  if (is.na(x$backend)) {
    return(c(
      "Backend:  none, see ?musl_backend",
      paste0("Device:   none, ", threads)
    ))
  }
  c(
    paste0("Backend:  ", x$backend),
    paste0("Device:   ", x$device, " (", describe_cuda(x), "), ", threads),
    paste0("Products: ", x$products)
  )
}

# `x` has `cuda_built` and `cuda_devices`.
describe_cuda <- function(x) {
  if (!x$cuda_built) {
    "LibTorch was built without CUDA"
  } else {
    paste(x$cuda_devices, "usable CUDA device(s)")
  }
}

