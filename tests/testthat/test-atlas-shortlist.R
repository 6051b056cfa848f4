# Pairs of all tiny genes, of which a student chooses a fifth.
shortlisted_atlas <- function(directory = withr::local_tempdir(
                                .local_envir = parent.frame()
                              ), ...) {
  tiny_atlas(
    directory,
    genes = NULL, tile = 50L,
    shortlist = c(top = 0.2, pairs = 1000, test = 1000), ...
  )
}

test_that("a shortlist leaves the scores of the best pairs by the student", {
  skip_without_hdf5()
  atlas <- shortlisted_atlas()
  scores <- score_matrix(atlas)
  expect_identical(scores, t(scores))
  whole <- score_matrix(tiny_atlas(genes = NULL, tile = 50L))
  scored <- is.finite(scores)
  expect_equal(scores[scored], whole[scored], tolerance = score_tolerance)
  share <- sum(scored) / sum(is.finite(whole))
  expect_gt(share, 0.1)
  expect_lt(share, 0.4)
  # The student knows more than chance about which these are.
  expect_gt(mean(scores[scored]), mean(whole, na.rm = TRUE))
  facts <- summary(atlas)
  expect_identical(facts$n_scored, sum(scored) / 2)
  expect_identical(facts$shortlist$top, 0.2)
  expect_true(facts$shortlist$recall %in% c(0, 1))
  expect_lte(facts$shortlist$recall_lower, facts$shortlist$recall)
  expect_gte(facts$shortlist$recall_upper, facts$shortlist$recall)
  expect_output(show(atlas), "shortlist of recall")
})

test_that("the fit's seed alone decides on the student", {
  skip_without_hdf5()
  withr::local_seed(5)
  state <- .Random.seed
  first <- shortlisted_atlas()
  expect_identical(.Random.seed, state)
  second <- shortlisted_atlas()
  expect_identical(score_matrix(first), score_matrix(second))
  expect_identical(summary(first)$shortlist, summary(second)$shortlist)
})

test_that("an unfinished shortlisted atlas goes on to the same scores", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  whole <- score_matrix(shortlisted_atlas(dir))
  # As if killed before a tile was done.
  unlink(file.path(dir, "atlas.h5"))
  expect_identical(score_matrix(shortlisted_atlas(dir)), whole)
})

test_that("too few pairs for a shortlist are refused", {
  skip_without_hdf5()
  expect_input_error(
    tiny_atlas(shortlist = c(top = 0.1, pairs = 1000, test = 1000))
  )
})

test_that("lists from a shortlist have probabilities near those of the model", {
  skip_without_hdf5()
  skip_without_backend()
  fit <- tiny_model()
  genes <- fit@genes[seq(1, 80, 2)]
  best <- function(x, gene) {
    suppressWarnings(musl_partners(x, gene, n = 1, by = "score"))
  }
  short <- suppressMessages(musl_atlas(
    fit, withr::local_tempdir(),
    progress = FALSE, scorers = fit@architecture$encoders,
    shortlist = c(top = 0.1, pairs = 1000, test = 1000)
  ))
  ratios <- unlist(lapply(genes, function(gene) {
    from_model <- best(fit, gene)
    from_atlas <- best(short, gene)
    if (from_model$partner == from_atlas$partner) {
      from_atlas$.pred_SL / from_model$.pred_SL
    }
  }))
  expect_gt(length(ratios), 5)
  expect_lt(abs(log(stats::median(ratios))), log(2))
})
