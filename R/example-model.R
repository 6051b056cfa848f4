#' A small model of simulated genes
#'
#' Loads a model that comes with MuSL, to try out what one can ask a model
#' without training one first.
#'
#' It learned from `musl_simulate("small", screens = TRUE, seed = 1)`: 200
#' simulated genes, 120 samples, a network, embeddings, 800 recorded pairs and
#' three simulated screens.
#' It is for demonstration: its genes are made up, so it says nothing about
#' biology, and its sizes are below those of the default network.
#' It has one network of all five encoders and the members for measured pairs,
#' which answer without LibTorch; `members = "network"` asks the network.
#' `musl_card()` of it tells how well it does on pairs that a twin of it had not
#' seen.
#'
#' `inst/scripts/example-model.R` of the package's sources makes its file.
#'
#' @returns A [MuslModel][musl_fit()].
#' @seealso [musl_explore()], which starts with it; [musl_fit()] for a model of
#'   your data; [musl_load()]
#' @examples
#' fit <- musl_example_model()
#' fit
#' musl_partners(fit, "SIM001", n = 5)
#' @export
musl_example_model <- function() {
  musl_load(example_model_file())
}

example_model_file <- function() {
  system.file(
    "extdata", "example-model.musl",
    package = "MuSL", mustWork = TRUE
  )
}

# What it learned from.
example_data <- function() {
  musl_simulate("small", screens = TRUE, seed = 1)
}
