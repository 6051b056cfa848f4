# Makes inst/extdata/example-model.musl, the model of musl_example_model():
#
#   Rscript inst/scripts/example-model.R [FILE]
#
# It learns only from simulated genes. Seeds are fixed, but another processor or
# LibTorch may give other bits.

suppressPackageStartupMessages(library(MuSL))

file <- commandArgs(trailingOnly = TRUE)
if (length(file) == 0) file <- "inst/extdata/example-model.musl"

# ?musl_example_model shows how to make the same data.
data <- musl_simulate("small", screens = TRUE, seed = 1)

# A seventh of the default network's weights: the file stays near a megabyte.
fit_small <- function(...) {
  musl_fit(
    data, ...,
    architecture = musl_architecture(
      encoders = c("histogram", "descriptors", "genes", "graph", "partners"),
      width = 32L, bins = 8L, spectral = 16L, coexpression = 8L
    ),
    control = musl_control(
      ensemble = 1L, seed = 1, threads = 1L, device = "cpu"
    ),
    scorers = c("musl", "features"), progress = FALSE
  )
}

# The metrics come from a model trained on one fold, on pairs that it did not
# see.
split <- musl_split(data, setting = "inductive", folds = 5L, seed = 1)
metrics <- musl_metrics(fit_small(split = split, fold = 1L), split, fold = 1L)

fit <- musl_describe(
  fit_small(),
  metrics = metrics,
  intended_use = "Examples, tests and a first look at the explorer.",
  limits = "Simulated genes: the model says nothing about any real one."
)
musl_save(fit, file, overwrite = TRUE)
message(file, ": ", round(file.size(file) / 1e6, 2), " MB")
