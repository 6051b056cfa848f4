# Predictions and screens of one anchor, and their comparison.

predicted <- function(n = 40, score = rev(seq_len(n))) {
  tibble::tibble(
    anchor = "A", partner = sprintf("G%02d", seq_len(n)), .score = score
  )
}

# A table of hits and strengths by name.
screen_table <- function(n = 40, seed = 2) {
  with_seed_kept(seed, {
    strength <- round(rev(seq_len(n)) / 10 + stats::rnorm(n), 1)
  })
  data.frame(
    gene = sprintf("G%02d", seq_len(n)), strength = strength,
    hit = strength > 3
  )
}

own <- c(gene = "gene", strength = "strength", hit = "hit")

compared <- function(predictions = predicted(), screen = screen_table(), ...,
                     k = c(5, 10), bootstrap = 50, seed = 1) {
  musl_compare(
    predictions, screen,
    columns = own, k = k, bootstrap = bootstrap, seed = seed, ...
  )
}

estimate_of <- function(out, metric) {
  out$.estimate[out$.metric == metric]
}
