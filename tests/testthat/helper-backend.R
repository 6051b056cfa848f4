# Fitting and predicting need LibTorch.
skip_without_backend <- function() {
  testthat::skip_if_not(
    musl_has_backend(), "there is no backend with LibTorch"
  )
}

libtorch_version <- function() {
  numeric_version(sub("[^0-9.].*", "", musl_backend()$libtorch))
}

# The tolerance of scores of the same pairs in other company: LibTorch 2 rounds
# products of other sizes otherwise.
company_tolerance <- function(of_1, of_2) {
  if (libtorch_version() < "2.0.0") of_1 else of_2
}
