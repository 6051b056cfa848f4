# Pairs of all tiny genes, of which a student chooses a fifth.
screened_atlas <- function(directory = withr::local_tempdir(
                             .local_envir = parent.frame()
                           ), ..., seed = 1) {
  tiny_atlas(
    directory,
    genes = NULL, tile = 50L, screen_top = 0.2, screen_pairs = 1000,
    screen_test = 1000, seed = seed, ...
  )
}

test_that("a screen leaves the scores of the best pairs by the student", {
  skip_without_hdf5()
  atlas <- screened_atlas()
  scores <- score_matrix(atlas)
  expect_identical(scores, t(scores))
  whole <- score_matrix(tiny_atlas(genes = NULL, tile = 50L))
  scored <- is.finite(scores)
  expect_equal(scores[scored], whole[scored], tolerance = score_tolerance)
  share <- sum(scored) / sum(is.finite(whole))
  expect_gt(share, 0.1)
  expect_lt(share, 0.3)
  # The student knows more than chance about which these are.
  expect_gt(mean(scores[scored]), mean(whole, na.rm = TRUE))
  facts <- summary(atlas)
  expect_identical(facts$n_scored, sum(scored) / 2)
  expect_identical(facts$screen$top, 0.2)
  expect_true(facts$screen$recall %in% c(0, 1))
  expect_lte(facts$screen$recall_lower, facts$screen$recall)
  expect_gte(facts$screen$recall_upper, facts$screen$recall)
  expect_output(show(atlas), "screened: recall")
})

test_that("the seed alone decides on the student, and R's is left alone", {
  skip_without_hdf5()
  withr::local_seed(5)
  state <- .Random.seed
  first <- screened_atlas()
  expect_identical(.Random.seed, state)
  second <- screened_atlas()
  expect_identical(score_matrix(first), score_matrix(second))
  expect_identical(summary(first)$screen, summary(second)$screen)
})

test_that("an unfinished screened atlas goes on with its own seed", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  whole <- score_matrix(screened_atlas(dir, seed = NULL))
  seed <- read_atlas(dir)@screen$seed
  # As if killed before a tile was done.
  unlink(file.path(dir, "atlas.h5"))
  again <- screened_atlas(dir, seed = NULL)
  expect_identical(summary(again)$screen$seed, seed)
  expect_identical(score_matrix(again), whole)
})

test_that("too few pairs for a screen are refused", {
  skip_without_hdf5()
  expect_error(
    tiny_atlas(screen_top = 0.1, screen_pairs = 1000, screen_test = 1000),
    class = "musl_error_input"
  )
})
