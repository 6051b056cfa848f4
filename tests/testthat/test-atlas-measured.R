measured_scores <- function(fit, ends, ...) {
  pairs <- data.frame(gene_a = ends[1, ], gene_b = ends[2, ])
  suppressMessages(predict(fit, pairs, ...))$.score
}

test_that("an atlas of measured members holds the scores of predict()", {
  skip_without_hdf5()
  fit <- measured_fit(scorers = "features")
  genes <- fit@genes[1:9]
  atlas <- tiny_atlas(object = fit, genes = genes)
  found <- score_matrix(atlas)
  expect_identical(found, t(found))
  ends <- utils::combn(genes, 2)
  expect_equal(
    found[t(ends)], measured_scores(fit, ends),
    tolerance = score_tolerance
  )
  expect_output(print(atlas), "scorers:  linear")
  top <- musl_top_pairs(atlas, 5)
  expect_equal(top$.score, sort(found[t(ends)], decreasing = TRUE)[1:5])
})

test_that("an atlas of measured members has the probabilities of predict()", {
  skip_without_hdf5()
  fit <- musl_example_model() # its score also hears other members
  genes <- fit@genes[1:9]
  ends <- utils::combn(genes, 2)
  asked <- c("gene_a", "gene_b")
  expect_told <- function(found, prior) {
    told <- suppressWarnings(predict(fit, found[asked], prior = prior))
    expect_equal(found$.pred_SL, told$.pred_SL, tolerance = 1e-5)
  }
  atlases <- list(
    tiny_atlas(object = fit, genes = genes, storage = "uint16"),
    tiny_atlas(object = fit, genes = genes, anchors = genes[2:3])
  )
  for (atlas in atlases) {
    for (prior in list(NULL, 0.3)) {
      expect_told(musl_top_pairs(atlas, 30, prior = prior), prior)
      list <- suppressWarnings(
        musl_partners(atlas, genes[2:3], n = Inf, prior = prior)
      )
      expect_identical(nrow(list), 16L)
      names(list)[1:2] <- asked
      expect_told(list, prior)
    }
  }
})

test_that("an atlas hears the members and the screens asked for", {
  skip_without_hdf5()
  fit <- measured_fit(scorers = "features")
  genes <- fit@genes[1:6]
  ends <- utils::combn(genes, 2)
  one <- tiny_atlas(object = fit, genes = genes, scorers = "relation")
  expect_equal(
    score_matrix(one)[t(ends)],
    measured_scores(fit, ends, scorers = "relation"),
    tolerance = score_tolerance
  )
  there <- tiny_atlas(object = fit, genes = genes, measured_in = "HAP1")
  expect_equal(
    score_matrix(there)[t(ends)],
    measured_scores(fit, ends, measured_in = "HAP1"),
    tolerance = score_tolerance
  )
  best <- musl_top_pairs(there)
  expect_equal(
    best$.pred_SL, predict(fit, best[1:2], measured_in = "HAP1")$.pred_SL,
    tolerance = 1e-6
  )
  expect_input_error(tiny_atlas(object = fit, scorers = "none"))
})

test_that("an atlas of measured members reads new data and contexts", {
  skip_without_hdf5()
  d <- measured_data()
  fit <- measured_fit(d, scorers = "features")
  genes <- fit@genes[1:6]
  ends <- utils::combn(genes, 2)
  half <- rep(c(TRUE, FALSE), 60)
  atlas <- tiny_atlas(object = fit, genes = genes, data = d, context = half)
  expect_equal(
    score_matrix(atlas)[t(ends)],
    measured_scores(fit, ends, data = d, context = half),
    tolerance = score_tolerance
  )
})

test_that("an atlas of a cell line has its expression", {
  skip_without_hdf5()
  d <- measured_data()
  genes <- musl_genes(d)
  levels <- cbind(one = rep(5, length(genes)), two = 5)
  rownames(levels) <- genes
  levels[1:3, "two"] <- 0
  d@evidence <- musl_evidence(lines = levels)
  fit <- measured_fit(d, scorers = "features")
  ends <- utils::combn(genes[1:6], 2)
  for (data in list(NULL, d)) {
    atlas <- tiny_atlas(
      object = fit, genes = genes[1:6], data = data, context = "two"
    )
    expect_equal(
      score_matrix(atlas)[t(ends)],
      measured_scores(fit, ends, context = "two"),
      tolerance = score_tolerance
    )
  }
})

test_that("an atlas marks measured pairs as musl_partners() does", {
  skip_without_hdf5()
  fit <- musl_example_model()
  genes <- musl_genes(fit)[1:60]
  atlas <- tiny_atlas(object = fit, genes = genes, tile = 30L)
  measured <- musl_pairs(example_data())
  measured <- measured[
    measured$measured & measured$gene_a %in% genes & measured$gene_b %in% genes,
  ]
  anchor <- measured$gene_a[[1]]
  of <- function(x) {
    list <- suppressWarnings(
      musl_partners(x, anchor, n = Inf, candidates = genes)
    )
    list <- list[order(list$partner), ]
    data.frame(partner = list$partner, known = list$known, label = list$label)
  }
  expect_identical(of(atlas), of(fit))
  # So do the counts that a list prints.
  counts <- function(x) {
    list <- suppressWarnings(musl_partners(x, anchor, candidates = genes))
    list(attr(list, "anchors"), packed_genes(attr(list, "candidates")))
  }
  expect_identical(counts(atlas), counts(fit))
  mates <- measured$gene_b[measured$gene_a == anchor]
  expect_gt(length(mates), 0)
  expect_true(all(of(atlas)$known[of(atlas)$partner %in% mates]))
  fresh <- suppressWarnings(
    musl_partners(atlas, anchor, n = Inf, known = "drop")
  )
  expect_false(any(mates %in% fresh$partner))
  skip_without_backend()
  by_network <- tiny_atlas(
    object = fit, genes = genes, tile = 30L, scorers = "musl"
  )
  expect_identical(of(by_network), of(fit))
  expect_identical(counts(by_network), counts(fit))
})
