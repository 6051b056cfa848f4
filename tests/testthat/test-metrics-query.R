# AUROC, average precision and recall in the first 1 % of a list without ties.
slow_query <- function(score, hit) {
  falling <- hit[order(-score)]
  top <- max(1, round(0.01 * length(hit)))
  c(
    mean(outer(score[hit == 1], score[hit == 0], ">")),
    mean((cumsum(falling) / seq_along(falling))[falling == 1]),
    sum(falling[seq_len(top)]) / sum(hit)
  )
}

query_scores <- function() {
  rows <- query_table(n_queries = 6, n_library = 250)
  rows$.score <- withr::with_seed(3, stats::rnorm(nrow(rows)) - rows$effect)
  rows
}

test_that("metrics per query are means over the queries' own lists", {
  rows <- query_scores()
  m <- musl_metrics(rows, c("auroc_per_query", "auprc_per_query",
    "recall_1pct_per_query"))
  slow <- vapply(split(rows, rows$query), function(x) {
    slow_query(x$.score, as.integer(x$label == "SL"))
  }, numeric(3))
  expect_equal(m$.estimate, unname(rowMeans(slow)))
  expect_equal(m$n_anchors, rep(6L, 3))
  # The order of a pair's genes plays no role.
  turned <- rows
  turned[c("gene_a", "gene_b")] <- rows[c("gene_b", "gene_a")]
  expect_equal(musl_metrics(turned, m$.metric)$.estimate, m$.estimate)
})

test_that("queries of one label are left out, ties are shared evenly", {
  rows <- query_scores()
  rows$label[rows$query == "G001"] <- "non_SL"
  m <- suppressWarnings(musl_metrics(rows, query_metrics))
  expect_equal(m$n_anchors, rep(5L, 3))
  expect_equal(m$n_left_out, rep(1L, 3))
  rows$.score <- 0
  m <- suppressWarnings(musl_metrics(rows, query_metrics))
  expect_equal(m$.estimate[1], 0.5)
  # Two of 249 places hold their share of the hits.
  expect_equal(m$.estimate[3], 2 / 249)
})

test_that("without queries these metrics are not there, or NA when asked for", {
  rows <- query_scores()
  rows$query <- NULL
  rows <- rows[!duplicated(pair_keys(rows)), ]
  expect_false(any(query_metrics %in% musl_metrics(rows)$.metric))
  m <- suppressWarnings(musl_metrics(rows, query_metrics))
  expect_true(all(is.na(m$.estimate)))
  rows$query <- "nobody"
  expect_input_error(musl_metrics(rows), "query")
})

test_that("a measured pair may stand once a study, with either label", {
  rows <- tibble::tibble(
    gene_a = c("A", "A", "B", "B"), gene_b = c("B", "B", "C", "C"),
    label = c(1, 0, 0, 0), study = c("x", "y", "x", "y"),
    .score = c(2, 2, 1, 1)
  )
  m <- musl_metrics(rows, "auroc")
  # The hit ties with its other study and beats the two others.
  expect_equal(m$.estimate, 2.5 / 3)
  expect_equal(m$n_pairs, 4L)
  rows$study <- NULL
  expect_input_error(musl_metrics(rows, "auroc"))
})

test_that("metrics per query tell of pairs without a query", {
  pairs <- data.frame(
    gene_a = "A", gene_b = LETTERS[2:5], label = c(1, 0, 1, 0), .score = 1:4
  )
  expect_musl_warning(
    x <- musl_metrics(pairs, metrics = "auroc_per_query"),
    "No pair with a `query`"
  )
  expect_true(is.na(x$.estimate))
  # Queries that lack a label are another cause.
  pairs$label <- 1
  pairs$label[[4]] <- 0
  pairs$query <- c("A", "A", "A", "E")
  expect_musl_warning(
    musl_metrics(pairs, metrics = "auroc_per_query"), "No gene with both"
  )
})
