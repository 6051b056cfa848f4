# Baselines that learn from the known pairs of a fold. Each returns log-odds for
# the test pairs that can be scored.

boosting_config <- list(
  trees = 150L, rate = 0.1, leaves = 31L, min_leaf = 20L, l2 = 1, bins = 254L
)

boost <- function(store, x, label, new_x, config = boosting_config,
                  call = caller_env()) {
  with_core(cpp_boost(x, label, new_x, config, store$threads), call)
}

# For three columns, seven leaves suffice.
boosted_degree <- function(store, known, test, n_genes) {
  features <- degree_columns(store, known, test, n_genes)
  boost(
    store, features$training, known$label, features$pairs,
    utils::modifyList(boosting_config, list(leaves = 7L))
  )
}

degree_columns <- function(store, known, test, n_genes) {
  with_core(cpp_degree_features(known, test, n_genes, degree_folds, store$seed))
}

learned_scores <- function(store, sets) {
  known <- pair_input(sets$known, sets$genes)
  test <- pair_input(scored_pairs(sets), sets$genes)
  compute <- function(pairs) {
    with_core(cpp_pair_features(store$pointer, pairs, store$threads))
  }
  x <- compute(known)
  new_x <- compute(test)
  degree <- degree_columns(store, known, test, length(sets$genes))
  scores <- list(
    "gene only" = gene_only(store, known, test),
    "boosting" = boost(store, x, known$label, new_x),
    "boosting + degree" = boost(
      store, cbind(x, degree$training), known$label, cbind(new_x, degree$pairs)
    )
  )
  scores$logistic <- logistic(x, known$label, sets$validation, new_x)
  scores
}

# One row per gene of a known pair: how often are the pairs of such a gene SL?
gene_only <- function(store, known, test) {
  x <- with_core(cpp_gene_features(store$pointer))
  ends <- c(known$a, known$b) + 1L
  value <- boost(store, x[ends, , drop = FALSE], rep(known$label, 2), x)
  value[test$a + 1L] + value[test$b + 1L]
}

# The penalty is chosen on the validation part; the final fit uses all pairs.
# NULL, hence no row, without glmnet or features.
logistic <- function(x, label, is_validation, new_x) {
  if (ncol(x) == 0) {
    return(NULL)
  }
  if (!is_installed("glmnet")) {
    inform_musl(c(
      "The baseline {.val logistic} is left out.",
      i = "It needs the package {.pkg glmnet}."
    ))
    return(NULL)
  }
  new_x <- fill_missing(new_x, x)
  x <- fill_missing(x)
  lambda <- logistic_penalty(
    x[!is_validation, , drop = FALSE], label[!is_validation],
    x[is_validation, , drop = FALSE], label[is_validation]
  )
  # glmnet needs a path: a single penalty converges slowly.
  fit <- ridge(x, label, lambda = lambda * 10^seq(2, 0, length.out = 5))
  as.vector(predict(fit, new_x, s = lambda))
}

logistic_penalty <- function(x, label, new_x, new_label) {
  fit <- ridge(x, label, nlambda = 20)
  log_odds <- predict(fit, new_x)
  loss <- colMeans(log(1 + exp(-(2 * new_label - 1) * log_odds)))
  fit$lambda[[which.min(loss)]]
}

ridge <- function(x, label, ...) {
  glmnet::glmnet(
    x, label,
    family = "binomial", alpha = 0, thresh = 1e-5, lambda.min.ratio = 1e-4, ...
  )
}
