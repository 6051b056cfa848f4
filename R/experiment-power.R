# How likely a screen finds what it looks for; see musl_experiment().

# Measured in Parrish et al. (2021), 16 constructs a pair, 3 replicates, HeLa
# and PC9, by test-experiment.R: interactions where 0 is none and -1 the effect
# of losing an essential gene. Pairs that are no hit in either line have a
# covariance between lines (constructs) of .0064, and .0240 more within one
# (replicates). Hits of one line have these effects in the other, by the
# thirds of the probability of the human model.
screen_noise <- list(
  construct = sqrt(16 * 0.0064), replicate = sqrt(16 * 3 * 0.0240)
)
screen_effects <- data.frame(
  from = c(0, 0.042, 0.078), weak = c(0.27, 0.31, 0.27),
  typical = c(0.43, 0.51, 0.49), strong = c(0.63, 0.71, 0.74)
)
power_replicates <- c(1:6, 8L, 10L, 12L)
# Power hardly depends on how many pairs there are beyond these.
most_powered <- 100L

# One row an effect and number of replicates: effect, size, replicates,
# guides, power.
power_table <- function(probability, guides, replicates, fdr, n_controls) {
  n <- length(probability)
  middle <- stats::median(probability)
  effects <- screen_effects[findInterval(middle, screen_effects$from), -1]
  plans <- expand.grid(
    replicates = sort(unique(c(power_replicates, replicates))),
    effect = names(effects), stringsAsFactors = FALSE
  )
  size <- unlist(effects)[plans$effect]
  power <- with_core(cpp_screen_power(list(
    n_pairs = rep(min(n, most_powered), nrow(plans)),
    share_hits = rep(mean(probability), nrow(plans)), effect = unname(size),
    sd = sqrt(
      screen_noise$construct^2 + screen_noise$replicate^2 / plans$replicates
    ),
    n_constructs = rep(guides^2, nrow(plans)),
    df = rep(max(1, n * (guides^2 - 1) + n_controls - 1), nrow(plans)),
    fdr = rep(fdr, nrow(plans))
  )))
  tibble(
    effect = factor(plans$effect, names(effects)), size = -unname(size),
    replicates = as.integer(plans$replicates), guides = guides, power = power
  )
}

# How many of the pairs are hits if their probabilities are right, with an
# interval of 95 %: of independent pairs, by convolution.
expected_hits <- function(probability) {
  counts <- Reduce(function(counts, p) {
    c(counts * (1 - p), 0) + c(0, counts * p)
  }, probability, 1)
  below <- cumsum(counts)
  tibble(
    n_pairs = length(probability), expected = sum(probability),
    .lower = which(below >= 0.025)[[1]] - 1L,
    .upper = which(below >= 0.975)[[1]] - 1L
  )
}
