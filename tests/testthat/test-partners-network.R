test_that("lists are ranked by relation where it tells SL pairs", {
  skip_without_backend()
  fit <- module_fit()
  top <- suppressWarnings(musl_partners(fit, "G20", n = Inf))
  module <- sprintf("G%02d", setdiff(19:24, 20))
  expect_setequal(top$partner[1:5], module)
  expect_identical(top$rank, seq_len(89L))
  expect_gt(min(top$relation[1:5]), max(top$relation[-(1:5)]))
  # Adamic and Adar's index of four shared genes of degree 5 where degrees let
  # expect 2 / 9 of one, and the edge, of probability 1 / 18.
  r <- stats::cor(t(module_data()@cohorts[[1]]$assays[[1]]))["G20", module]
  expect_equal(
    top$relation[match(module, top$partner)],
    unname(log1p((4 - 2 / 9) / log(5)) + 3 / (1 + 1 / 18) + 3 * pmax(0, r)^2),
    tolerance = 1e-3
  )
  same <- suppressWarnings(musl_partners(fit, "G20", n = Inf, by = "combined"))
  expect_identical(same, top)
  by_score <- suppressWarnings(musl_partners(fit, "G20", n = Inf, by = "score"))
  expect_false(is.unsorted(-by_score$.score))
  expect_false("relation" %in% names(by_score))
  expect_equal(
    top$.score[match(by_score$partner, top$partner)], by_score$.score
  )
  expect_output(print(top), "order: 1 =")
  expect_output(print(by_score), "order by score: 1 =")
  by <- suppressWarnings(musl_partners(fit, "G20", by = "relation"))
  expect_false(is.unsorted(-by$relation))
  expect_output(print(by), "order by relation: 1 =")
  sorted <- by[order(by$partner), ]
  expect_false(any(grepl("# order", utils::capture.output(print(sorted)))))
})

test_that("lists are ranked by the score where it does not", {
  skip_without_backend()
  fit <- module_fit(sl_within = FALSE)
  top <- suppressWarnings(musl_partners(fit, "G20", n = Inf))
  expect_false("relation" %in% names(top))
  expect_false(is.unsorted(-top$.score))
  expect_output(print(top), "order by score: 1 =")
  asked <- suppressWarnings(musl_partners(fit, "G20", n = 5, by = "combined"))
  expect_setequal(asked$partner, sprintf("G%02d", setdiff(19:24, 20)))
})

test_that("lists of single encoders are ranked by their scores unless asked", {
  skip_without_backend()
  fit <- module_fit()
  heard <- function(...) {
    suppressWarnings(musl_partners(fit, "G20", scorers = "graph", ...))
  }
  expect_false(is.unsorted(-heard()$.score))
  module <- sprintf("G%02d", setdiff(19:24, 20))
  for (by in c("combined", "relation")) {
    expect_setequal(heard(by = by, n = 5)$partner, module)
  }
})

test_that("a list does not depend on its length or on other anchors", {
  skip_without_backend()
  fit <- module_fit()
  list_of <- function(...) suppressWarnings(musl_partners(fit, ...))
  all <- list_of("G20", n = Inf)
  expect_identical(list_of("G20", n = 7)$partner, all$partner[1:7])
  both <- list_of(c("G50", "G20"), n = Inf)
  expect_equal(
    both$.pred_SL[both$anchor == "G20"], all$.pred_SL,
    tolerance = 1e-6
  )
  some <- list_of("G20", n = Inf, candidates = all$partner[1:40])
  expect_equal(
    some$.pred_SL, all$.pred_SL[match(some$partner, all$partner)],
    tolerance = 1e-6
  )
})

test_that("probabilities of an anchor have the prior as their mean", {
  skip_without_backend()
  fit <- module_fit()
  for (prior in list(NULL, 0.1)) {
    list <- suppressWarnings(musl_partners(fit, "G20", n = Inf, prior = prior))
    # All 90 genes are reference genes, the anchor aside.
    expect_equal(mean(list$.pred_SL), prior %||% 0.0135, tolerance = 1e-6)
    expect_identical(attr(list, "prior"), prior %||% 0.0135)
    p <- predict(fit, data.frame(gene_a = "G20", gene_b = list$partner))
    shift <- stats::qlogis(list$.pred_SL) - stats::qlogis(p$.pred_SL)
    expect_lt(diff(range(shift)), 1e-6)
  }
})

test_that("orders of other models are refused", {
  skip_without_backend()
  expect_input_error(
    musl_partners(musl_example_model(), "SIM001",
      by = "combined", scorers = "linear"
    ), "weighs all scorers"
  )
})

test_that("lists of a network read the annotation that its data had", {
  skip_without_backend()
  d <- annotated_modules()
  fit <- module_fit(data = d, scorers = "musl")
  list_by <- function(fit, ...) {
    suppressWarnings(musl_partners(fit, "G20", n = Inf, ...))
  }
  top <- list_by(fit)
  expect_identical(top$partner[[1]], "G19")
  plain <- fit
  plain@archives$annotation <- NULL
  before <- list_by(plain)
  expect_equal(top$.score, before$.score[match(top$partner, before$partner)])
  more <- top$relation -
    before$relation[match(top$partner, before$partner)]
  # A family of two: 3 each for families of 30, 10 and 3 genes, 5 / 2 for its
  # size, 3 for the same families; a quarter of them, and of the terms'.
  store <- evidence_store(d, threads = 1L)
  columns <- cpp_evidence_columns(store)
  x <- cpp_pair_evidence(
    store, pair_input(
      data.frame(gene_a = "G20", gene_b = top$partner), musl_genes(d)
    ), 1L
  )
  told <- columns$evidence & columns$group %in% c("annotation", "families") &
    columns$column != "evidence:expressed_family"
  expect_equal(more, rowSums(x[, told]) / 4, tolerance = 1e-5)
  expect_gte(more[[1]], (3 * 3 + 5 / 2 + 3) / 4)

  file <- withr::local_tempfile()
  musl_save(fit, file)
  expect_identical(list_by(musl_load(file)), top)
  bare <- withr::local_tempfile()
  musl_save(fit, bare, keep = "none")
  expect_null(musl_load(bare)@archives$annotation)
  expect_identical(list_by(musl_load(bare), data = d), list_by(fit, data = d))
  expect_identical(list_by(fit, threads = 2), top)
  expect_identical(list_by(fit, data = d)$partner, top$partner)
  # New data that have annotation stand in for a model without.
  expect_identical(list_by(plain, data = d), list_by(fit, data = d))
  expect_identical(list_by(unserialize(serialize(fit, NULL))), top)
})

test_that("lists of members without a network read the annotation, too", {
  d <- annotated_modules()
  genes <- musl_genes(d)
  fit <- suppressMessages(musl_fit(d,
    control = musl_control(seed = 1, threads = 1), progress = FALSE,
    scorers = "features"
  ))
  list_by <- function(...) musl_partners(fit, "G20", n = Inf, ...)
  top <- list_by()
  expect_identical(top$partner[[1]], "G19")
  expect_setequal(top$partner[1:5], sprintf("G%02d", setdiff(19:24, 20)))
  expect_identical(list_by(by = "combined"), top)
  expect_identical(list_by(threads = 2), top)
  by_score <- list_by(by = "score")
  expect_false(is.unsorted(-by_score$.score))
  expect_equal(
    by_score$.score, top$.score[match(by_score$partner, top$partner)]
  )
  # Single members are asked for their scores.
  expect_false(is.unsorted(-list_by(scorers = "recorded")$.score))
  expect_identical(list_by(data = d)$partner, top$partner)
  # Known pairs of genes that a universe lacks are left out.
  expect_length(known_sl(fit, genes[1:6])$a, 15)
  expect_length(known_sl(fit, genes[1:7])$a, 15)
})
