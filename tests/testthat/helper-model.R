# A tiny random data set: 80 genes of which 70 are expressed, 60 samples, a
# network, embeddings. Labels are random: these tests are not about learning.
# By with_seed(): local_seed() of withr 3.0.2 leaves the generator changed.
tiny_data <- function(n_pairs = 120, seed = 1, samples = 60) {
  withr::with_seed(seed, drawn_data(n_pairs, samples))
}

drawn_data <- function(n_pairs, samples) {
  genes <- sort(sprintf("G%02d", 1:80), method = "radix")
  ends <- utils::combn(80, 2)
  chosen <- ends[, sample.int(ncol(ends), n_pairs)]
  edges <- ends[, sort(sample.int(ncol(ends), 200))]
  x <- matrix(rnorm(70 * samples, 5), 70)
  dimnames(x) <- list(genes[1:70], sprintf("s%02d", seq_len(samples)))
  new_musl_data(
    genes = genes,
    cohorts = list(bulk = tiny_cohort("bulk", x)),
    network = list(from = edges[1, ], to = edges[2, ], weight = runif(200)),
    embeddings = matrix(rnorm(75 * 4), 75, dimnames = list(genes[1:75], NULL)),
    pairs = tibble::tibble(
      gene_a = genes[chosen[1, ]],
      gene_b = genes[chosen[2, ]],
      label = factor(rep(c("SL", "non_SL"), length.out = n_pairs), pair_labels)
    ),
    id_type = "symbol",
    report = list()
  )
}

tiny_cohort <- function(name, x) {
  list(
    name = name, assays = list(expression = x), scale = "log",
    samples = data.frame(row.names = colnames(x))
  )
}

tiny_architecture <- function(..., encoders = known_encoders) {
  musl_architecture(
    encoders = encoders, width = 8, bins = 8, spectral = 4, ...
  )
}

tiny_control <- function(..., ensemble = 1, epochs = 2, seed = 1,
                         device = "cpu") {
  musl_control(
    ensemble = ensemble, epochs = epochs, batch_size = 32, threads = 1,
    seed = seed, device = device,
    ...
  )
}

# Two epochs end while the validation value may still rise: no news here.
tiny_fit <- function(data = tiny_data(), architecture = tiny_architecture(),
                     control = tiny_control(), ...) {
  skip_without_backend()
  suppressWarnings(
    musl_fit(
      data,
      architecture = architecture, control = control, progress = FALSE, ...
    ),
    classes = "musl_warning_not_converged"
  )
}

# What `code` makes, kept for the session under a key: what it is made of.
tiny_store <- new.env(parent = emptyenv())
once <- function(key, code) {
  key <- rlang::hash(list(key, getOption("MuSL.backend")))
  if (is.null(tiny_store[[key]])) assign(key, code, envir = tiny_store)
  tiny_store[[key]]
}

# A model and an ensemble of two for the tests that only look at them.
tiny_model <- function() once("tiny_model", tiny_fit())
tiny_ensemble <- function() {
  once("tiny_ensemble", tiny_fit(control = tiny_control(ensemble = 2)))
}

# The same model with a cache of its own, as after a new start.
without_cache <- function(object) {
  object@cache <- new.env(parent = emptyenv())
  object
}
