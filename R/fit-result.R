# What a model keeps of its fit beside the networks.

describe_cohort <- function(cohort, threads = 1L) {
  list(
    name = cohort$name,
    n_genes = nrow(cohort$assays[[1]]),
    n_samples = ncol(cohort$assays[[1]]),
    assays = names(cohort$assays),
    scale = cohort$scale,
    statistics = training_statistics(cohort, threads)
  )
}

# Every pair that the user labelled, of labelled_pairs().
known_pairs <- function(all) {
  all <- all[!all$sampled, c("gene_a", "gene_b", "label")]
  keys <- pair_keys(all)
  # A hit in one study is known as SL, whatever other studies found.
  hit <- keys %in% keys[all$label == "SL"]
  all$label[hit] <- "SL"
  all[!duplicated(keys), ]
}

# Notes which known pairs were not learned from: those of the test parts.
with_held <- function(object, task) {
  held <- integer()
  if (!is.null(task$split)) {
    learned <- pair_keys(learning_parts(task$split, task$fold))
    held <- which(!pair_keys(object@known) %in% learned)
  }
  object@split$held <- held
  object
}

# The pairs that a model learned from, or that chose its epochs.
learned_pairs <- function(object) {
  known <- object@known[c("gene_a", "gene_b")]
  known <- known[setdiff(seq_len(nrow(known)), object@split$held), ]
  measured <- measured_record(object)
  rbind(known, tibble(
    gene_a = object@genes[measured$a], gene_b = object@genes[measured$b]
  ))
}

# The parts of a fit to all pairs are drawn in the way `usual`.
describe_split <- function(task, usual, n_training, n_validation,
                           n_calibration, fingerprint) {
  split <- task$split
  list(
    setting = if (is.null(split)) usual else split$setting,
    source = if (is.null(split)) "drawn" else split$source,
    fold = if (is.null(split)) NA_integer_ else as.integer(task$fold),
    n_training = n_training, n_validation = n_validation,
    n_calibration = n_calibration, fingerprint = fingerprint
  )
}

# A model with what all fits keep of their task; `inputs` beside.
fitted_model <- function(task, data, ..., inputs = NULL) {
  new_musl_model(...,
    control = task$control,
    genes = data@genes,
    id_type = data@id_type,
    cohorts = lapply(data@cohorts, describe_cohort, task$control$threads),
    seed = task$control$seed,
    inputs = c(
      list(fingerprints = fingerprints(data)),
      inputs, list(elapsed = proc.time()[["elapsed"]] - task$started)
    )
  )
}

fit_history <- function(history) {
  history <- as_tibble(history)
  numbers <- vapply(history, is.double, TRUE)
  history[numbers] <- lapply(history[numbers], nan_to_na)
  history
}

fit_versions <- function() {
  c(r_versions(), LibTorch = with_backend(cpp_device_info())$libtorch)
}

# Identifies the data of the fit; it cannot restore them.
fingerprints <- function(data) {
  inputs <- list(
    genes = data@genes, network = data@network, embeddings = data@embeddings,
    pairs = as.list(data@pairs)
  )
  inputs$evidence <- data@evidence
  c(
    vapply(inputs, rlang::hash, ""),
    vapply(data@cohorts, function(cohort) rlang::hash(cohort$assays), "")
  )
}

r_versions <- function() {
  list(
    MuSL = as.character(utils::packageVersion("MuSL")),
    R = as.character(getRversion())
  )
}

learning_parts <- function(split, fold) {
  parts <- musl_parts(split, fold)
  rbind(parts$train, parts$validation)
}
