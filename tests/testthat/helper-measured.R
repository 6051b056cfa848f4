# The labelled pairs of a simulation as two screens of a query's partners and a
# library, with effects; the rest stays recorded.
measured_data <- function(seed = 1, n = 200, recorded = FALSE) {
  d <- musl_simulate("small", seed = seed)
  pairs <- musl_pairs(d)[c("gene_a", "gene_b", "label")]
  rows <- seq_len(nrow(pairs))
  measured <- !recorded | rows %% 2 == 0
  pairs$measured <- measured
  pairs$study <- ifelse(measured, ifelse(rows %% 4 < 2, "one", "two"), "db")
  pairs$line <- ifelse(measured, "HAP1", NA)
  pairs$weight <- 1
  noise <- withr::with_seed(seed, stats::rnorm(nrow(pairs)))
  pairs$effect <- ifelse(measured, noise - 3 * (pairs$label == "SL"), NA_real_)
  d@pairs <- pairs
  d
}

measured_fit <- function(d = measured_data(), ...) {
  once(list("measured", d, ...), suppressMessages(musl_fit(d,
    control = musl_control(ensemble = 1, seed = 1, threads = 1),
    progress = FALSE, ...
  )))
}
