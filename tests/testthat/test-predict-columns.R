# The columns of predictions, and what is told of pairs without a score.

pairs_of <- function(a, b) tibble::tibble(gene_a = a, gene_b = b)

test_that("a probability at the threshold is SL", {
  expect_identical(
    as.character(predicted_class(c(0.5, 0.499, NA), 0.5)),
    c("SL", "non_SL", NA)
  )
})

test_that("columns of predictions replace those of the same name", {
  out <- bind_predictions(
    data.frame(gene_a = "A", .score = "old", note = 1), list(.score = 2)
  )
  expect_identical(names(out), c("gene_a", "note", ".score"))
  expect_identical(out$.score, 2)
})

test_that("pairs without a score are told by their reasons", {
  told <- function(pairs, score, unknown = character()) {
    scored <- list(score = score, unknown = unknown, genes = LETTERS)
    out <- list()
    withCallingHandlers(
      warn_unscored(pairs, scored, NULL),
      warning = function(cnd) {
        out[[length(out) + 1]] <<- cnd
        rlang::cnd_muffle(cnd)
      }
    )
    out
  }
  expect_identical(told(pairs_of("A", "B"), 1), list())
  self <- c("B", "B", "C", "D", "E")
  itself <- told(pairs_of(c("A", self), c("B", self)), c(1, rep(NA, 5)))
  expect_length(itself, 1)
  expect_identical(itself[[1]]$rows, 2:6)
  text <- conditionMessage(itself[[1]])
  expect_match(text, "5 pairs of a gene with itself")
  expect_match(text, '"B", "C", and "D".', fixed = TRUE)

  # Two genes that no modality has, and one pair with an unknown gene.
  bare <- told(
    pairs_of(c("A", "C", "E", "A"), c("B", "D", "zz", "A")),
    c(NA, 1, NA, NA), "zz"
  )
  expect_length(bare, 2)
  expect_s3_class(bare[[2]], "musl_warning_unknown_gene")
  expect_identical(bare[[2]]$rows, 1L)
  expect_identical(bare[[2]]$genes, "zz")
  text <- gsub("\\s+", " ", conditionMessage(bare[[2]]))
  expect_match(text, "^2 pairs have no score")
  expect_match(text, "1 gene unknown: \"zz\".", fixed = TRUE)
  expect_match(text, "1 pair without a modality that has both genes: A - B.")
  many <- told(pairs_of("A", LETTERS[2:6]), c(rep(NA, 4), 1))
  expect_match(
    gsub("\\s+", " ", conditionMessage(many[[1]])),
    "4 pairs without .*: A - B, A - C, and A - D\\."
  )
})

test_that("gates belong to encoders that are weighed", {
  fit <- musl_example_model()
  gated <- function(strategy, joined_by, encoders) {
    fit@control$strategy <- strategy
    fit@control$joined_by <- joined_by
    is_gated(fit, encoders)
  }
  expect_identical(gated("joint", "sum", c("genes", "graph")), c(FALSE, TRUE))
  expect_identical(gated("joint", "sum", "genes"), TRUE)
  genes <- c("graph", "genes")
  expect_identical(gated("branches", "sum", genes), c(FALSE, FALSE))
  expect_identical(gated("branches", "gate", genes), c(TRUE, FALSE))
})
