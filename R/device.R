#' The device that training and prediction would use
#'
#' Names the device that a request stands for on this machine.
#'
#' @param device "auto" (the first GPU where there is one, else the CPU), "cpu",
#'   "cuda" or "cuda:<i>" with i from 0.
#' @returns One string, "cpu" or "cuda:<i>".
#' @section Errors:
#'   `musl_error_device` if the device asked for is absent, `musl_error_input`
#'   if there is no device of this name.
#' @seealso [musl_sitrep()]
#' @examples
#' musl_device()
#' @export
musl_device <- function(device = "auto") {
  check_string(device)
  with_core(cpp_resolve_device(device))
}

#' What this installation of MuSL can do
#'
#' Gathers versions, devices and threads for a report of a problem.
#'
#' @returns A list of class `musl_sitrep`: `musl`, `r`, `libtorch` and
#'   `platform` (strings), `cuda_built` (was LibTorch built with CUDA?),
#'   `cuda_devices` (number of GPUs that it can use now), `device` (what "auto"
#'   stands for), `groups` (what processes that train on several devices add up
#'   their gradients over: of "gloo" and "nccl", or none), `threads` (number
#'   this process may use), `blas` (LibTorch's build configuration) and
#'   `packages` (named strings, "" where a package is
#'   not installed).
#' @seealso [musl_device()]
#' @examples
#' musl_sitrep()
#' @export
musl_sitrep <- function() {
  info <- with_core(cpp_device_info())
  structure(
    list(
      musl = package_version_string("MuSL"),
      r = as.character(getRversion()),
      libtorch = info$libtorch,
      platform = R.version$platform,
      cuda_built = info$cuda_built,
      cuda_devices = info$cuda_devices,
      device = musl_device("auto"),
      groups = info$backends,
      threads = info$threads,
      blas = info$blas,
      packages = vapply(sitrep_packages, package_version_string, "")
    ),
    class = "musl_sitrep"
  )
}

sitrep_packages <- c(
  "Rcpp", "SummarizedExperiment", "igraph", "tibble", "cli", "rlang", "ggplot2",
  "jsonlite"
)

package_version_string <- function(package) {
  if (!requireNamespace(package, quietly = TRUE)) {
    return("")
  }
  as.character(utils::packageVersion(package))
}

#' @export
print.musl_sitrep <- function(x, ...) {
  cuda <- if (!x$cuda_built) {
    "LibTorch was built without CUDA"
  } else {
    paste(x$cuda_devices, "usable CUDA device(s)")
  }
  version <- ifelse(nzchar(x$packages), x$packages, "-")
  packages <- paste(names(x$packages), version, collapse = ", ")
  cat(
    "<musl_sitrep>",
    paste0("MuSL ", x$musl, ", R ", x$r, ", LibTorch ", x$libtorch),
    paste0("Platform: ", x$platform),
    paste0("Device:   ", x$device, " (", cuda, "), ", x$threads, " thread(s)"),
    paste0("Several devices: ", describe_groups(x$groups)),
    strwrap(packages, exdent = 10, initial = "Packages: "),
    sep = "\n"
  )
  invisible(x)
}

describe_groups <- function(groups) {
  if (length(groups) == 0) {
    return("no (built without Gloo's headers, libgloo-dev)")
  }
  paste("over", paste(groups, collapse = ", "))
}
