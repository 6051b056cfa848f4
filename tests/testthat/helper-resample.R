# Two folds of the tiny data, each with all parts.
resample_data <- function(...) {
  tiny_data(n_pairs = 400, ...)
}

resample_split <- function(data, setting = "transductive") {
  musl_split(data, setting, folds = 2, validation = 0.3, seed = 1)
}

tiny_resample <- function(data = resample_data(), split = resample_split(data),
                          ..., encoders = "descriptors",
                          control = tiny_control(epochs = 1),
                          baselines = "simple") {
  skip_without_backend()
  musl_resample(
    data, split, tiny_architecture(encoders = encoders), control, ...,
    baselines = baselines, progress = FALSE
  )
}

scores_of <- function(scores, scorer, part = unique(scores$part)) {
  scores[scores$scorer == scorer & scores$part %in% part, ]
}

# tiny_data() without some of its inputs.
without_inputs <- function(data, cohorts = TRUE, network = TRUE,
                           embeddings = TRUE) {
  new_musl_data(
    genes = data@genes,
    cohorts = if (cohorts) list() else data@cohorts,
    network = if (!network) data@network,
    embeddings = if (!embeddings) data@embeddings,
    pairs = data@pairs
  )
}
