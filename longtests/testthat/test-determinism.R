# One seed gives one model, whatever computes it, and a pair one score, but for
# rounding, in whatever company it is scored.

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
      rlang::hash(list(fit@bytes, score))
    }, "")
  }, long_count(20))
  outcomes <- ifelse(found == found[[1]], "same", "other")
  expect_survived(outcomes, "fits, 1, 2 and 4 threads")
})

test_that("workers of any kind give the same bits", {
  skip_where_forks_train_not()
  skip_if_not_installed("BiocParallel")
  control <- tiny_control(members = 2)
  whole <- tiny_fit(control = control)@bytes
  data <- resample_data()
  scores <- tiny_resample(data)$scores
  atlas <- score_matrix(tiny_atlas())
  workers <- list(
    serial = BiocParallel::SerialParam(progressbar = FALSE),
    multicore = BiocParallel::MulticoreParam(2, progressbar = FALSE),
    snow = snow_workers(),
    batchtools = if (requireNamespace("batchtools")) batchtools_workers()
  )
  outcomes <- unlist(lapply(Filter(Negate(is.null), workers), function(by) {
    same <- c(
      identical(tiny_fit(control = control, BPPARAM = by)@bytes, whole),
      identical(tiny_resample(data, BPPARAM = by)$scores, scores),
      identical(score_matrix(tiny_atlas(BPPARAM = by)), atlas)
    )
    ifelse(same, "same", "other")
  }))
  expect_survived(outcomes, "fits, resampling, atlases by workers")
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
  differs <- vapply(seq_len(long_count(200)), function(i) {
    rows <- sample(nrow(pairs), sample(c(1:9, 63:66, 500), 1))
    max(abs(score(rows) - all[rows]))
  }, 1)
  # Products of matrices of another height add up in another order.
  outcomes <- ifelse(differs <= score_tolerance, "same", "other")
  expect_survived(
    outcomes, "sets of pairs in other company, to 2e-6",
    sprintf("%d to the bit, at most %.1g", sum(differs == 0), max(differs))
  )
})
