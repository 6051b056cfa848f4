# Models of random specifications.

one_of_these <- function(...) sample(list(...), 1)[[1]]

# list(data, architecture, control), drawn.
random_spec <- function() {
  n <- length(known_encoders)
  encoders <- known_encoders[sort(sample(n, sample(n, 1)))]
  binning <- one_of_these("value", "rank")
  list(
    data = tiny_data(seed = sample(1000, 1), samples = sample(40:70, 1)),
    architecture = musl_architecture(
      encoders = encoders, width = one_of_these(8, 16),
      bins = one_of_these(8, 16), binning = binning,
      smooth = one_of_these(0, 1),
      # Ranks are as they are.
      transforms = if (binning == "rank") {
        "none"
      } else {
        one_of_these("none", c("z", "log"))
      },
      graph_net = one_of_these("sign", "sage"),
      spectral = one_of_these(4, 8), coexpression = one_of_these(0, 4),
      fusion = one_of_these("gate", "attention"),
      dropout = stats::runif(1, 0, .5)
    ),
    control = musl_control(
      ensemble = sample(2, 1), epochs = 1, batch_size = one_of_these(16, 64),
      device = "cpu", threads = 1, seed = sample(1000, 1)
    )
  )
}

spec_path <- function(directory, i) {
  file.path(directory, sprintf("%03d.musl", i))
}

scores_of_spec <- function(fit) {
  pairs <- tibble::tibble(
    gene_a = fit@genes[1:20], gene_b = fit@genes[c(41:59, 21)]
  )
  found <- suppressWarnings(predict(fit, pairs, type = "parts", threads = 1L))
  as.list(found)
}

# A fit of the i-th specification, and whether it is the same after a file and
# after saveRDS().
random_round_trip <- function(i, directory) {
  spec <- random_spec()
  fit <- suppressMessages(suppressWarnings(musl_fit(
    spec$data,
    architecture = spec$architecture, control = spec$control, progress = FALSE
  )))
  scores <- scores_of_spec(fit)
  path <- spec_path(directory, i)
  musl_save(fit, path)
  rds <- tempfile()
  saveRDS(fit, rds)
  loaded <- list(musl_load(path), readRDS(rds))
  same <- vapply(loaded, function(one) {
    identical(scores_of_spec(one), scores) &&
      identical(one@archives$musl, fit@archives$musl)
  }, NA)
  list(
    same = all(same), scores = scores,
    spec = paste(spec$architecture$encoders, collapse = " ")
  )
}
