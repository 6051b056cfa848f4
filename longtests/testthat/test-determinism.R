# One seed gives one model, whatever the number of threads, and a pair one score,
# but for rounding, in whatever company it is scored.

test_that("repeats and thread counts give the same bits", {
  skip_without_backend()
  found <- in_new_process(function(n) {
    plan <- rep(c(1L, 2L, 4L), each = n)
    data <- tiny_data(n_pairs = 400)
    vapply(plan, function(threads) {
      control <- tiny_control()
      control$threads <- threads
      fit <- tiny_fit(data, control = control)
      pairs <- data@pairs[c("gene_a", "gene_b")]
      score <- suppressWarnings(predict(fit, pairs, threads = threads))$.score
      rlang::hash(list(fit@archives$musl, score))
    }, "")
  }, 5)
  outcomes <- ifelse(found == found[[1]], "same", "other")
  expect_survived(outcomes)
})

test_that("a score does not depend on the company of its pair", {
  skip_without_backend()
  fit <- tiny_model()
  ends <- utils::combn(fit@genes, 2)
  withr::local_seed(205)
  ends <- ends[, sample(ncol(ends))]
  pairs <- tibble::tibble(gene_a = ends[1, ], gene_b = ends[2, ])
  score <- function(rows) {
    suppressWarnings(predict(fit, pairs[rows, ], threads = 1L))$.score
  }
  all <- score(seq_len(nrow(pairs)))
  differs <- vapply(seq_len(50), function(i) {
    rows <- sample(nrow(pairs), sample(c(1:9, 63:66, 500), 1))
    max(abs(score(rows) - all[rows]))
  }, 1)
  # Products of matrices of another height add up in another order.
  expect_lte(max(differs), score_tolerance)
})
