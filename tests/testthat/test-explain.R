# The first labelled pair of the tiny data, and its explanation, made once.
tiny_explanation <- function() {
  pair <- musl_pairs(tiny_data())[1, ]
  once("explained", musl_explain(
    tiny_model(), pair$gene_a, pair$gene_b, threads = 1
  ))
}

test_that("contributions and branches add up to the score of predict()", {
  why <- tiny_explanation()
  pair <- musl_pairs(tiny_data())[1, ]
  score <- predict(tiny_model(), pair)$.score
  overall <- glance(why)
  expect_equal(overall$.score, score, tolerance = 1e-5)
  change <- score - overall$reference_score
  expect_lt(abs(sum(why$contribution) - score), 0.01 * max(abs(change), .1))
  branches <- tidy(why, "branches")
  expect_equal(sum(branches$contribution), score, tolerance = 1e-4)
  expect_equal(sum(branches$gate, na.rm = TRUE), 1, tolerance = 1e-5)
  expect_identical(
    is.na(branches$gate), branches$branch %in% c("genes", "fused", "constant")
  )
  expect_setequal(
    c("descriptors", "reference"),
    intersect(why$component, c("descriptors", "reference"))
  )
})

test_that("genes come in either order, and terms name them", {
  why <- tiny_explanation()
  overall <- glance(why)
  other <- musl_explain(
    tiny_model(), overall$gene_b, overall$gene_a,
    nearest = 0, threads = 2
  )
  expect_identical(tidy(other), tidy(why))
  expect_false(any(grepl("{", why$term, fixed = TRUE)))
  expect_output(print(why), overall$gene_a, fixed = TRUE)
})

test_that("cells of histograms are in units of the expression", {
  cells <- tidy(tiny_explanation(), "histogram")
  one <- cells[cells$channel == 1 & cells$cohort == cells$cohort[[1]], ]
  # Shares fall to zero below the floor of the scale, 1e-4.
  expect_equal(sum(one$share), 1, tolerance = .02)
  expect_equal(sum(one$expected), 1, tolerance = .02)
  expect_equal(
    tapply(one$share, one$bin_a, sum), tapply(one$expected, one$bin_a, sum),
    tolerance = .05
  )
  overall <- glance(tiny_explanation())
  values <- tiny_data()@cohorts[[1]]$assays[[1]][overall$gene_a, ]
  expect_equal(
    c(min(one$low_a), max(one$high_a)), range(values),
    tolerance = 1e-5
  )
})

test_that("the nearest training pairs and novelty are told", {
  why <- tiny_explanation()
  near <- tidy(why, "nearest")
  expect_identical(nrow(near), 5L)
  expect_false(is.unsorted(near$distance))
  # By the definition, from predict() alone, of all labelled pairs but this one.
  overall <- glance(why)
  ends <- c("gene_a", "gene_b")
  others <- tiny_model()@known[ends]
  others <- others[pair_key_of(others) != pair_key_of(overall), ]
  vectors <- predict(
    tiny_model(), rbind(overall[ends], others), type = "embedding"
  )
  vectors <- as.matrix(vectors[startsWith(names(vectors), ".embedding")])
  apart <- unname(as.matrix(stats::dist(vectors))[1, -1])
  nearest <- order(apart)[1:5]
  expect_equal(near$distance, apart[nearest], tolerance = 1e-3)
  expect_identical(pair_key_of(near), pair_key_of(others[nearest, ]))
  expect_setequal(
    pair_key_of(nearest_candidates(tiny_model(), overall, 5L)),
    pair_key_of(others)
  )
  expect_gte(overall$novelty, 0)
  expect_lte(overall$novelty, 1)
})

test_that("a pair without a vector has no nearest pairs and no novelty", {
  # "genes" is not part of the fusion, so that alone it makes none.
  why <- musl_explain(
    musl_example_model(), "SIM001", "SIM002",
    scorers = "genes", threads = 1
  )
  expect_identical(glance(why)$novelty, NA_real_)
  expect_identical(nrow(tidy(why, "nearest")), 0L)
})

test_that("sums by group add up", {
  fit <- tiny_model()
  pair <- musl_pairs(tiny_data())[1, ]
  why <- musl_explain(
    fit, pair$gene_a, pair$gene_b,
    data = tiny_data(), nearest = 0, threads = 1
  )
  terms <- tidy(why)
  expect_type(terms$description, "character")
  expect_false(anyNA(terms$description))
  expect_lt(abs(sum(terms$contribution) - glance(why)$.score), .01)
  groups <- tidy(why, "groups")
  expect_true(all(
    c("expression", "network", "embedding", "reference") %in% groups$group
  ))
  expect_equal(sum(groups$contribution), sum(terms$contribution))
  # By hand: the terms that are made from expression.
  of_expression <- terms$component %in% c("histogram", "descriptors") |
    grepl("coexpression|marginals", terms$term) &
      terms$component %in% c("genes", "neighbours")
  expect_equal(
    groups$contribution[groups$group == "expression"],
    sum(terms$contribution[of_expression])
  )
})

test_that("what a model keeps tells of a gene what the data do", {
  fit <- tiny_model()
  pair <- musl_pairs(tiny_data())[1, ]
  terms <- function(...) {
    why <- musl_explain(
      fit, pair$gene_a, pair$gene_b,
      nearest = 0, threads = 1, ...
    )
    list(tidy(why), tidy(why, "neighbours"))
  }
  # Predictions of data without a network take the model's gene vectors, which
  # must not stand for the terms from then on.
  unconnected <- tiny_data()
  unconnected@network <- unconnected@embeddings <- NULL
  predict(fit, pair, data = unconnected)
  kept <- terms()
  given <- terms(data = tiny_data())
  expect_setequal(kept[[1]]$term, given[[1]]$term)
  at <- match(kept[[1]]$term, given[[1]]$term)
  expect_equal(
    kept[[1]]$contribution, given[[1]]$contribution[at],
    tolerance = 1e-4
  )
  expect_gt(nrow(kept[[2]]), 0)
  expect_equal(
    kept[[2]]$contribution, given[[2]]$contribution,
    tolerance = 1e-4
  )
})

test_that("members of measured pairs explain themselves by their columns", {
  d <- measured_data()
  fit <- measured_fit(d)
  pair <- musl_pairs(d)[1, ]
  why <- musl_explain(fit, pair$gene_a, pair$gene_b)
  parts <- predict(fit, pair, type = "parts")
  expect_equal(sum(why$contribution), parts$.score, tolerance = 1e-6)
  expect_equal(
    sum(tidy(why, "branches")$contribution), parts$.score,
    tolerance = 1e-5
  )
  columns <- feature_columns(evidence_store(d))
  of_pair <- columns$column[columns$of_pair]
  expect_equal(
    sum(why$contribution[why$term %in% of_pair]), parts$relation,
    tolerance = 1e-5
  )
  # The linear member alone: coefficients times values, so on what it reads.
  linear <- musl_explain(fit, pair$gene_a, pair$gene_b, scorers = "linear")
  expect_equal(
    sum(linear$contribution),
    predict(fit, pair, scorers = "linear")$.score,
    tolerance = 1e-6
  )
})

test_that("measured pairs are explained by data as by what the model keeps", {
  d <- measured_data()
  fit <- measured_fit(d)
  pair <- musl_pairs(d)[1, ]
  kept <- musl_explain(fit, pair$gene_a, pair$gene_b)
  given <- musl_explain(fit, pair$gene_a, pair$gene_b, data = d)
  at <- match(kept$term, given$term)
  expect_equal(given$contribution[at], kept$contribution, tolerance = 1e-5)
  expect_equal(glance(given)$.score, glance(kept)$.score, tolerance = 1e-6)
})

test_that("an explanation can be seen", {
  why <- tiny_explanation()
  for (what in c("terms", "histogram")) {
    expect_s3_class(autoplot(why, what), "ggplot")
  }
  built <- ggplot2::ggplot_build(autoplot(why, n = 5))
  # Five terms; the sums of the others and the reference are told below.
  expect_identical(nrow(built$data[[1]]), 5L)
  expect_match(built$plot$labels$caption, "further terms: .*reference pair: ")
})

test_that("genes that nobody knows and pairs that are none are refused", {
  fit <- tiny_model()
  gene <- musl_genes(fit)[[1]]
  expect_gene_error(musl_explain(fit, gene, "NOBODY1"), "NOBODY1")
  expect_input_error(musl_explain(fit, gene, gene))
  expect_input_error(musl_explain(fit, c(gene, gene), gene))
  expect_input_error(musl_explain(1, gene, gene))
  expect_input_error(tidy(tiny_explanation(), "all"))
})
