# Fitting and predicting need LibTorch.
skip_without_backend <- function() {
  testthat::skip_if_not(
    musl_backend()$available, "there is no backend with LibTorch"
  )
}

libtorch_version <- function() {
  numeric_version(sub("[^0-9.].*", "", musl_backend()$libtorch))
}
