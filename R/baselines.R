#' Score test pairs with methods that need no neural network
#'
#' Scores the test parts of a fold with simple methods, as a reference for a
#' model's results. A method learns from all labelled pairs of the parts `train`
#' and `validation`.
#'
#' Always computed (if `data` holds the input): "label prior", the log-odds of
#' SL; "SL degree", `log((1 + d_a) (1 + d_b))`, `d` the number of known SL pairs
#' of a gene (uninformative in C3); "SL degree, boosted", boosted trees on
#' minimum, maximum and sum of logs of the two degrees; "gene log-odds", the sum
#' over both genes of the log-odds of their known pairs, minus those of all
#' pairs; "PPI degree", the first formula for network neighbours; "common
#' neighbours", `log(1 + n)` of the shared ones; "Pearson", the correlation of
#' the profiles, averaged over cohorts; "embedding cosine".
#'
#' With `learned`: "gene only", `f(a) + f(b)`, `f` by boosted trees on features
#' of one gene, which ignores how two genes relate; "boosting", boosted trees on
#' pair features; "boosting + degree", the same with the three features of "SL
#' degree, boosted".
#'
#' Features are those of [musl_pair_features()], with embeddings, and the eight
#' leading coordinates of each gene in the network and in the embeddings. None
#' comes from labels.
#'
#' @param data A [MuslData][musl_data()].
#' @param split A [musl_split()] of its pairs.
#' @param fold Whole number, a fold of `split`.
#' @param learned `TRUE` to include the learned methods.
#' @param seed Whole number from 0 to 2^31 - 1, seed of the out-of-fold counts
#'   and the spectral embedding; `NULL` draws one.
#' @param threads Whole number >= 0, number of threads, 0 for all; the result
#'   does not depend on it.
#' @param ... Must be empty.
#' @returns A tibble, one row for each method and test pair: `fold`, `seed`,
#'   `part` (C1, C2, C3, test), `gene_a`, `gene_b`, `label` (and `study`,
#'   `line` and `query` of measured pairs, and `clean` if a study is held
#'   out), `n_unseen` (number of genes without a training pair, 0 to 2),
#'   `scorer` (the names above), `.score` (larger for SL; `NA` for pairs of a
#'   table with genes that `data` lacks) and `.pred_SL` (probability, `NA` for
#'   methods without one).
#' @section Errors:
#'   `musl_error_input` if the fold has no test part or its training part holds
#'   only one label.
#' @section Source:
#'   Boosting: histogram trees grown best leaf first (Ke et al. 2017, NeurIPS
#'   30), Newton steps and missing values as in Chen and Guestrin (2016), KDD.
#' @seealso [musl_resample()], which compares a model with them.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' scores <- musl_baselines(d, split, learned = FALSE, seed = 1)
#' table(scores$scorer, scores$part)
#' @export
musl_baselines <- function(data, split, fold = 1L, learned = TRUE, ...,
                           seed = NULL, threads = 0L) {
  check_dots_empty()
  check_musl_data(data)
  check_fold(split, fold)
  check_flag(learned)
  check_whole(threads, 0, .Machine$integer.max)
  seed <- draw_seed(seed)
  sets <- baseline_sets(data, split, fold)
  store <- baseline_store(data, learned, seed, threads)
  known <- pair_input(sets$known, sets$genes)
  test <- pair_input(sets$test[sets$scored, ], sets$genes)
  n_genes <- length(sets$genes)
  degree <- with_core(
    cpp_degree_features(known, test, n_genes, degree_folds, seed)
  )
  features <- list(
    known = baseline_features(store, known),
    test = baseline_features(store, test)
  )
  scores <- c(
    free_scores(store, known, test, features, degree, n_genes),
    if (learned) learned_scores(store, known, test, features, degree)
  )
  scores <- scores[order(match(names(scores), baseline_names))]
  baseline_table(scores, sets, fold, seed)
}

# All scorers of musl_baselines(), in the order of its rows.
baseline_names <- c(
  "label prior", "SL degree", "SL degree, boosted", "gene log-odds",
  "PPI degree", "common neighbours", "Pearson", "embedding cosine", "gene only",
  "boosting", "boosting + degree"
)

coordinate_axes <- 8L
pseudo_pairs <- 2
degree_folds <- 5L

# `known` are the pairs to learn from; `test` are the pairs of all test parts,
# `scored` marks those whose genes are both in the data.
baseline_sets <- function(data, split, fold) {
  parts <- musl_parts(split, fold)
  sets <- without_foreign_warning(split_sets(data, split, fold))
  test <- test_pairs(parts)
  check_set(sets$training, "training", split)
  list(
    genes = data@genes,
    known = rbind(sets$training, sets$validation),
    test = test,
    scored = test$gene_a %in% data@genes & test$gene_b %in% data@genes,
    n_unseen = count_unseen(
      test, data@genes, count_seen(sets$training, data@genes)
    )
  )
}

# Genes of a table that the data lack show up as missing scores.
without_foreign_warning <- function(expr) {
  suppressWarnings(expr, classes = "musl_warning_dropped_genes")
}

# tibble part and judged_columns() of these parts, all test parts by default.
test_pairs <- function(parts, there = intersect(test_parts, names(parts))) {
  abort_if(length(there) == 0, c(
    "The fold must have a test part.",
    x = "It only has {.field {names(parts)}}.",
    i = "Give {.fn musl_split} a table with test pairs, or no table."
  ))
  bind_each(there, function(part) {
    pairs <- parts[[part]]
    tibble(part = part, pairs[judged_columns(pairs)])
  })
}

# What features are computed from: a pointer that lives in this process, and
# its columns. Embeddings are a baseline whether or not models have features of
# them.
baseline_store <- function(data, learned, seed, threads) {
  data@evidence <- structure(as.list(data@evidence), embeddings = TRUE)
  store <- evidence_store(
    data,
    seed = seed, threads = threads,
    columns = if (learned) gene_coordinates(data, seed, threads)
  )
  columns <- with_core(cpp_evidence_columns(store))
  list(
    pointer = store, columns = columns, n_genes = length(data@genes),
    threads = threads
  )
}

# Columns of numbers per gene, as gene_column_input() makes them.
gene_coordinates <- function(data, seed, threads) {
  x <- with_core(
    cpp_gene_coordinates(dataset_input(data), coordinate_axes, seed, threads)
  )
  lapply(seq_len(ncol(x)), function(axis) {
    list(name = paste("coordinate", axis), role = "gene", value = x[, axis])
  })
}

# (pairs, columns) of the pairs, but for the copies on scales of evidence.
baseline_features <- function(store, pairs) {
  x <- with_core(cpp_pair_evidence(store$pointer, pairs, store$threads))
  colnames(x) <- store$columns$column
  x[, !store$columns$evidence, drop = FALSE]
}

# Named list, one numeric vector per method over the scored test pairs.
# `features` are those of both, `degree` those of their degrees.
free_scores <- function(store, known, test, features, degree, n_genes) {
  prior <- mean(known$label)
  c(
    list(
      "label prior" = rep(stats::qlogis(prior), length(test$a)),
      "SL degree" = with_core(cpp_degree_score(
        known$a, known$b, known$label, test$a, test$b, n_genes
      )),
      # For three columns, seven leaves suffice.
      "SL degree, boosted" = boost(
        store, degree$training, known$label, degree$pairs,
        utils::modifyList(boosting_config, list(leaves = 7L))
      ),
      "gene log-odds" = with_core(
        cpp_log_odds_score(known, test, n_genes, pseudo_pairs)
      )
    ),
    simple_scores(features$known, features$test)
  )
}

simple_columns <- c(
  "PPI degree" = "degree_min", "common neighbours" = "common_neighbours",
  "Pearson" = "pearson_mean", "embedding cosine" = "embedding_cosine"
)

# Every pair gets a score, so all methods are compared on the same pairs.
simple_scores <- function(known, test) {
  columns <- simple_columns[simple_columns %in% colnames(known)]
  compute <- function(x) {
    if ("degree_min" %in% columns) {
      counts <- c("degree_min", "degree_max", "common_neighbours")
      x[, counts] <- log1p(x[, counts])
      x[, "degree_min"] <- x[, "degree_min"] + x[, "degree_max"]
    }
    x[, columns, drop = FALSE]
  }
  score <- fill_missing(compute(test), compute(known))
  lapply(columns, function(column) score[, column])
}

# Missing values become the mean of `reference`, else 0.
fill_missing <- function(x, reference) {
  center <- colMeans(reference, na.rm = TRUE)
  center[!is.finite(center)] <- 0
  lost <- which(is.na(x), arr.ind = TRUE)
  x[lost] <- center[lost[, 2]]
  x
}

probability_scorers <- c(
  "label prior", "SL degree, boosted", "boosting", "boosting + degree"
)

baseline_table <- function(scores, sets, fold, seed) {
  bind_each(names(scores), function(scorer) {
    score <- rep(NA_real_, nrow(sets$test))
    score[sets$scored] <- scores[[scorer]]
    is_log_odds <- scorer %in% probability_scorers
    tibble(
      fold = as.integer(fold),
      seed = seed,
      sets$test,
      n_unseen = sets$n_unseen,
      scorer = scorer,
      .score = score,
      .pred_SL = if (is_log_odds) stats::plogis(score) else NA_real_
    )
  })
}

# Methods that learn from the known pairs of a fold ---------------------------

boosting_config <- list(
  trees = 150L, rate = 0.1, leaves = 31L, min_leaf = 20L, l2 = 1, bins = 254L
)

# Log-odds of the test pairs that can be scored, as all methods below return.
boost <- function(store, x, label, new_x, config = boosting_config) {
  with_core(cpp_boost(x, label, new_x, config, store$threads))
}

learned_scores <- function(store, known, test, features, degree) {
  x <- features$known
  new_x <- features$test
  list(
    "gene only" = gene_only(store, known, test),
    "boosting" = boost(store, x, known$label, new_x),
    "boosting + degree" = boost(
      store, cbind(x, degree$training), known$label, cbind(new_x, degree$pairs)
    )
  )
}

# One row per gene of a known pair: how often are the pairs of such a gene SL?
# A gene paired with itself has its own values as the lower and the higher one.
gene_only <- function(store, known, test) {
  genes <- seq_len(store$n_genes) - 1L
  x <- baseline_features(store, list(a = genes, b = genes, label = numeric()))
  of_gene <- store$columns$column[!store$columns$of_pair]
  x <- x[, intersect(colnames(x), grep("_min$", of_gene, value = TRUE))]
  ends <- c(known$a, known$b) + 1L
  value <- boost(store, x[ends, , drop = FALSE], rep(known$label, 2), x)
  value[test$a + 1L] + value[test$b + 1L]
}
