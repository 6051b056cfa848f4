toy_scores <- function(...) {
  data.frame(
    gene_a = c("A", "A", "A", "B", "B", "C"),
    gene_b = c("B", "C", "D", "C", "D", "D"),
    label = c(1, 0, 1, 0, 0, 1),
    .score = c(2, 0.5, 1, 0.2, 1.5, 0.7),
    ...
  )
}

test_that("a table of scored pairs is measured by name", {
  rows <- musl_metrics(toy_scores(), c("auroc", "precision"), k = c(1, 2))
  expect_s3_class(rows, "musl_metrics")
  expect_named(rows, c(
    "part", "scorer", ".metric", ".estimator", ".estimate", "sd", "n",
    ".lower", ".upper", "n_pairs", "n_positive", "n_anchors", "n_left_out"
  ))
  expect_identical(rows$.metric, c("auroc", "precision_1", "precision_2"))
  expect_identical(rows$part, rep("all", 3))
  expect_identical(rows$.estimator, rep("binary", 3))
  # 7 of 9 comparisons are won. First partners: A-B, B-A, C-D, D-B.
  expect_equal(rows$.estimate, c(7 / 9, 3 / 4, 5 / 8))
  expect_identical(rows$n_anchors, c(NA, 4, 4))
  expect_identical(rows$n, rep(1L, 3))
  expect_identical(rows$sd, rep(NA_real_, 3))
  expect_identical(rows$.lower, rep(NA_real_, 3))
})

test_that("the order of rows and of the genes of a pair does not matter", {
  table <- scored_runs()
  other <- table[rev(seq_len(nrow(table))), ]
  other[c("gene_a", "gene_b")] <- other[c("gene_b", "gene_a")]
  sorted <- function(rows) {
    rows <- as.data.frame(rows)
    rows <- rows[order(rows$part, rows$scorer, rows$.metric), ]
    rownames(rows) <- NULL
    rows
  }
  expect_equal(
    sorted(musl_metrics(table)), sorted(musl_metrics(other)),
    tolerance = 1e-12
  )
})

test_that("all metrics are the default", {
  rows <- musl_metrics(toy_scores(.pred_SL = plogis(0:5)), k = 7)
  expect_identical(rows$.metric, c(
    "auroc", "auprc", "auprc_trapezoid", "f1_max", "f1", "mcc", "brier", "ece",
    "auroc_per_anchor", "ndcg_7", "precision_7", "recall_7", "map_7"
  ))
  expect_false(anyNA(rows$.estimate))
  expect_identical(
    expand_metrics(c("map", "ndcg_3", "map_5"), c(5, 1e5)),
    c("map_5", "map_100000", "ndcg_3")
  )
})

test_that("F1 takes the scorer's own threshold before that of probabilities", {
  f1 <- function(table, ...) {
    musl_metrics(table, "f1", ...)$.estimate
  }
  expect_identical(f1(toy_scores()), NA_real_)
  calibrated <- toy_scores(.pred_SL = c(0.9, 0.2, 0.6, 0.1, 0.7, 0.4))
  expect_equal(f1(calibrated), 4 / 6)
  calibrated$.threshold <- 0.7
  expect_equal(f1(calibrated), 6 / 7)
  expect_equal(f1(toy_scores(.threshold = 3)), 0)
  # Some pairs, or only candidates without a label, have no threshold.
  calibrated$.threshold[2:3] <- NA
  called <- calibrated$.score >= 0.7
  called[2:3] <- calibrated$.pred_SL[2:3] >= 0.5
  is_sl <- calibrated$label == 1
  expect_equal(
    f1(calibrated), 2 * sum(called & is_sl) / (sum(called) + sum(is_sl))
  )
  further <- toy_scores(.threshold = 0.7)
  further$label[1] <- NA
  plain <- f1(further)
  expect_false(is.na(plain))
  further$.threshold[1] <- NA
  expect_identical(f1(further), plain)
})

test_that("the MCC is the correlation of calls and labels", {
  scores <- toy_scores()
  for (threshold in unique(sort(scores$.score))[-1]) {
    scores$.threshold <- threshold
    expect_equal(
      musl_metrics(scores, "mcc")$.estimate,
      stats::cor(scores$.score >= threshold, scores$label),
      tolerance = 1e-12
    )
  }
  expect_identical(musl_metrics(toy_scores(), "mcc")$.estimate, NA_real_)
})

test_that("infinite scores are ranked and NaN is refused", {
  table <- toy_scores()
  table$.score <- c(Inf, 0.5, 1, -Inf, 1.5, 0.7)
  expect_equal(
    musl_metrics(table)$.estimate, musl_metrics(toy_scores())$.estimate
  )
  table$.score[4] <- NaN
  expect_input_error(musl_metrics(table), "4")
})

test_that("a pair that one scorer lacks is left out for all of its run", {
  table <- scored_runs()
  # One without a score, one without a row, one lost twice.
  c2 <- which(table$part == "C2" & table$fold == 1)
  full <- c2[table$scorer[c2] == "full"]
  degree <- c2[table$scorer[c2] == "SL degree"]
  table$.score[full[c(2, 3)]] <- NA
  lacking <- table[-degree[c(3, 5)], ]
  expect_musl_warning(
    rows <- musl_metrics(lacking, "auroc", summarise = FALSE), "3 pairs"
  )
  cell <- rows$part == "C2" & rows$fold == 1
  expect_identical(rows$n_pairs, ifelse(cell, 57L, 60L))

  by_hand <- table[c2[!c2 %in% outer(c(2, 3, 5), c(0, 60, 120), `+`)], ]
  biology <- table[c2[table$scorer[c2] == "biology"][-c(2, 3, 5)], ]
  expect_equal(
    one_metric(rows, "auroc", scorer = "biology", part = "C2", fold = 1),
    cpp_auroc(biology$.score, as.double(biology$label == "SL"))
  )
})

test_that("one label gives NA and one warning, never 0 or 1", {
  table <- scored_runs()
  table$label[table$part == "C3"] <- "SL"
  warnings <- capture_warnings(rows <- musl_metrics(table))
  expect_length(warnings, 1)
  expect_match(warnings, "C3 (fold 1), C3 (fold 2)", fixed = TRUE)
  probability <- rows$.metric %in% c("brier", "ece")
  c3 <- rows$part == "C3" & !probability
  expect_true(all(is.na(rows$.estimate[c3])))
  expect_identical(rows$n[c3], rep(0L, sum(c3)))
  # Probabilities need no second label.
  expect_silent(musl_metrics(table, c("brier", "ece")))
})

test_that("anchors without both labels are left out and counted", {
  table <- data.frame(
    gene_a = c("a", "a", "b", "d"), gene_b = c("b", "c", "c", "e"),
    label = c(1, 0, 0, 1), .score = 4:1
  )
  rows <- musl_metrics(table, c("auroc", "ndcg_2"))
  expect_equal(rows$.estimate[[2]], 1)
  # a and b have both labels; c has no SL, d and e have no non-SL pair.
  expect_identical(rows$n_anchors, c(NA, 2))
  expect_identical(rows$n_left_out, c(NA, 3))

  expect_musl_warning(
    lonely <- musl_metrics(table[c(3, 4), ], c("auroc", "auroc_per_anchor")),
    "No gene with both: all"
  )
  expect_identical(lonely$.estimate, c(0, NA))
})

test_that("tables that cannot be judged are refused", {
  refused <- function(table, pattern) {
    expect_input_error(musl_metrics(table), pattern)
  }
  refused(list(), "MuslModel")
  refused(toy_scores()[0, ], "no rows")
  refused(toy_scores()[c("gene_a", "gene_b", "label")], ".score")
  refused(toy_scores()[c("gene_a", "gene_b", ".score")], "label")
  refused(transform(toy_scores(), .score = "high"), "numeric")
  refused(transform(toy_scores(), gene_b = 1:6), "character")
  refused(toy_scores(.pred_SL = 1:6), "probabilities")
  refused(toy_scores(.pred_SL = c(NA, 0, 0, 0, 0, 0)), "1 of 6 pairs")
  refused(rbind(toy_scores(), toy_scores()), "A - B, A - C")
  refused(transform(toy_scores(), gene_b = "A"), "A - A")
})

test_that("arguments are checked", {
  refused <- function(...) {
    expect_input_error(musl_metrics(toy_scores(), ...))
  }
  refused("auc")
  refused("auroc_10")
  refused("ndcg_0")
  refused(character())
  refused(k = 0)
  refused(k = 1.5)
  refused(k = NA)
  refused(summarise = NA)
  refused(interval = TRUE)
  refused(interval = 1)
  refused(interval = 0.95, bootstrap = 1)
  refused(interval = 0.95, seed = -1)
  refused(intervall = 0.5)
})
