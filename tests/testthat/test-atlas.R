test_that("an atlas of all pairs holds the scores of predict()", {
  skip_without_hdf5()
  fit <- tiny_model()
  genes <- fit@genes[c(75, 1:9)]
  atlas <- tiny_atlas(genes = genes, apart = TRUE)
  scores <- as.list(atlas)$scores
  expect_s4_class(scores, "DelayedMatrix")
  sorted <- sort(genes, method = "radix")
  expect_identical(dimnames(scores), list(sorted, sorted))
  scores <- as.matrix(scores)
  expect_identical(scores, t(scores))
  expected <- predicted_matrix(fit, sorted)
  expect_equal(scores, expected, tolerance = score_tolerance)
  expect_identical(is.nan(scores), is.nan(expected))
})

test_that("anchors are scored against all genes, each pair once", {
  skip_without_hdf5()
  fit <- tiny_model()
  genes <- fit@genes[1:9]
  anchors <- fit@genes[c(20, 7, 2)]
  atlas <- tiny_atlas(genes = genes, anchors = anchors, tile = 2)
  scores <- score_matrix(atlas)
  expect_setequal(rownames(scores), anchors)
  expect_setequal(colnames(scores), genes)
  expected <- predicted_matrix(fit, c(genes, fit@genes[20]))
  expected <- expected[rownames(scores), colnames(scores)]
  expect_equal(scores, expected, tolerance = score_tolerance)
  cnd <- expect_gene_error(
    musl_partners(atlas, c(anchors[1], genes[1])), "only among the partners"
  )
  expect_identical(cnd$genes, genes[1])
  expect_gene_error(
    musl_partners(atlas, fit@genes[30]), "in the model and not in the atlas"
  )
  expect_gene_error(musl_partners(atlas, "none"), "the atlas has")
  # Of two anchors both cells are the same bits.
  ends <- fit@genes[c(2, 7)]
  expect_identical(scores[ends[1], ends[2]], scores[ends[2], ends[1]])
  expect_identical(summary(atlas)$n_pairs, 9 * 3 - 3)
  # Pairs of two anchors have two cells. The third anchor's first tile begins on
  # the diagonal, too, but holds each of its pairs once.
  scored <- is.finite(scores)
  expect_identical(
    summary(atlas)$n_scored, sum(scored) - sum(scored[ends, ends]) / 2
  )
})

test_that("what is no anchor, gene or size is refused", {
  skip_without_hdf5()
  fit <- tiny_model()
  dir <- withr::local_tempdir()
  score <- function(...) musl_atlas(fit, dir, ..., progress = FALSE)
  expect_input_error(score(anchors = character()))
  expect_gene_error(score(anchors = "no such"))
  expect_gene_error(score(genes = "no such"))
  expect_input_error(score(genes = fit@genes[1]))
  expect_input_error(score(tile = 0))
  expect_input_error(score(tiles = 3))
  expect_length(list.files(dir), 0)
})

test_that("whole numbers are off by at most the error that is told", {
  skip_without_hdf5()
  exact <- score_matrix(tiny_atlas())
  atlas <- tiny_atlas(storage = "uint16")
  error <- summary(atlas)$error
  rough <- score_matrix(atlas)
  expect_identical(is.nan(rough), is.nan(exact))
  off <- abs(rough - exact)
  expect_lte(max(off, na.rm = TRUE), error * (1 + 1e-6))
  expect_equal(error, diff(range(exact, na.rm = TRUE)) / 65534 / 2)
})

test_that("partners come out of the atlas as out of the model", {
  skip_without_hdf5()
  fit <- tiny_model()
  # All genes, those included over which probabilities have the mean `prior`.
  atlas <- tiny_atlas(genes = NULL, tile = 50L)
  anchor <- fit@genes[c(4, 2)]
  read <- musl_partners(atlas, anchor, n = 4, prior = 0.1)
  asked <- musl_partners(fit, anchor, n = 4, prior = 0.1)
  expect_s3_class(read, "musl_partners")
  expect_identical(names(read), names(asked))
  numbers <- c("order", ".score", ".pred_SL")
  # What heads say of the list is more with a model.
  plain <- function(x, columns) as.list(x)[columns]
  expect_equal(
    plain(read, numbers), plain(asked, numbers), tolerance = score_tolerance
  )
  rest <- setdiff(names(read), numbers)
  expect_identical(plain(read, rest), plain(asked, rest))
})

test_that("known partners can be dropped, and genes left out", {
  skip_without_hdf5()
  fit <- tiny_model()
  atlas <- tiny_atlas(genes = fit@genes[1:40])
  known <- fit@known[fit@known$gene_a %in% fit@genes[1:40] &
    fit@known$gene_b %in% fit@genes[1:40], ]
  anchor <- known$gene_a[1]
  all <- musl_partners(atlas, anchor, n = 100)
  expect_true(known$gene_b[1] %in% all$partner[all$known])
  new <- musl_partners(atlas, anchor, n = 100, known = "drop")
  expect_false(any(new$known))
  expect_identical(new$partner, all$partner[!all$known])
  fewer <- musl_partners(atlas, anchor, n = 100, exclude = all$partner[1])
  expect_identical(fewer$partner, all$partner[-1])
  expect_input_error(musl_partners(atlas, anchor, candidates = anchor))
  # The model knows the first, the atlas does not.
  for (gene in c(fit@genes[41], "no such")) {
    expect_gene_error(musl_partners(atlas, gene))
  }
  expect_input_error(musl_partners(atlas, anchor, data = tiny_data()))
})

test_that("the best pairs are those of the whole matrix", {
  skip_without_hdf5()
  fit <- tiny_model()
  atlas <- tiny_atlas()
  scores <- score_matrix(atlas)
  upper <- sort(scores[upper.tri(scores)], decreasing = TRUE)
  expect_identical(musl_top_pairs(atlas, 3)$.score, upper[1:3])
  expect_input_error(musl_top_pairs(atlas, 1e6))
  all <- musl_top_pairs(atlas, 1000)
  expect_identical(all$.score, upper)
  expect_identical(all$rank, seq_along(upper))
  at <- cbind(all$gene_a, all$gene_b)
  expect_identical(unname(scores[at]), all$.score)
  expect_true(all(all$gene_a < all$gene_b))
  expected <- predict(fit, all[1:2])
  expect_equal(all$.pred_SL, expected$.pred_SL, tolerance = 1e-5)
  expect_identical(all$n_unseen, expected$n_unseen)
  new <- musl_top_pairs(atlas, 1000, known = "drop")
  expect_identical(new$.score, all$.score[!all$known])
})

test_that("an atlas tells what it is, and opens without its model", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  atlas <- tiny_atlas(dir)
  expect_identical(read_atlas(dir), atlas)
  facts <- summary(atlas)
  expect_identical(facts$n_pairs, 45)
  expect_identical(facts$n_scored, sum(is.finite(score_matrix(atlas))) / 2)
  expect_identical(
    facts$provenance$encoders, tiny_model()@architecture$encoders
  )
  expect_output(print(atlas), "all pairs of 10 genes.*45 pairs")
  # Nothing is left of the tiles.
  expect_setequal(list.files(dir), c("atlas.h5", "manifest.json"))
})

test_that("some encoders, and new data, are heard as by predict()", {
  skip_without_hdf5()
  fit <- tiny_model()
  genes <- fit@genes[1:6]
  quiet <- setdiff(fit@architecture$encoders, "partners")
  atlas <- tiny_atlas(genes = genes, scorers = quiet)
  expect_equal(
    score_matrix(atlas), predicted_matrix(fit, genes, scorers = quiet),
    tolerance = score_tolerance
  )
  data <- tiny_data(seed = 2)
  atlas <- suppressWarnings(tiny_atlas(genes = genes, data = data))
  expect_equal(
    score_matrix(atlas), predicted_matrix(fit, genes, data = data),
    tolerance = 1e-5
  )
})

test_that("an atlas of an ensemble averages its members", {
  skip_without_hdf5()
  fit <- tiny_fit(control = tiny_control(epochs = 1, ensemble = 2))
  genes <- fit@genes[1:5]
  atlas <- tiny_atlas(object = fit, genes = genes)
  expect_equal(
    score_matrix(atlas), predicted_matrix(fit, genes),
    tolerance = score_tolerance
  )
})
