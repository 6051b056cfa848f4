#' A small model of simulated genes
#'
#' Loads a model that comes with MuSL, to try out model functions without
#' training.
#'
#' It learned from `musl_simulate("small", screens = TRUE, seed = 1)`: 200
#' simulated genes, 120 samples, a network, embeddings, 800 recorded pairs and
#' three simulated screens. It is for demonstration: its genes are simulated, so
#' it has no biological meaning, and it is smaller than the default network. It
#' has one network of all five encoders and the scorers of measured pairs,
#' which work without LibTorch; `scorers = "musl"` uses the network. Its
#' [musl_report()] has the performance of an identical model on held-out pairs.
#'
#' `inst/scripts/example-model.R` in the package sources creates its file.
#'
#' @returns A [MuslModel][musl_fit()].
#' @seealso [musl_human_model()] for real genes; [musl_fit()] for a model of
#'   your data; [musl_load()]
#' @examples
#' fit <- musl_example_model()
#' fit
#' musl_partners(fit, "SIM001", n = 5)
#' @export
musl_example_model <- function() {
  musl_load(package_file("example-model.musl"))
}
