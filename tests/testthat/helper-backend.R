# Fitting and predicting need LibTorch.
skip_without_backend <- function() {
  testthat::skip_if_not(
    musl_has_backend(), "there is no backend with LibTorch"
  )
}
