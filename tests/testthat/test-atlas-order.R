# Lists of partners from an atlas are those of the model.

partners_of <- function(object, gene, ...) {
  suppressMessages(suppressWarnings(musl_partners(object, gene, n = Inf, ...)))
}

expect_same_lists <- function(atlas, fit, genes, by) {
  for (gene in genes) {
    from_model <- partners_of(fit, gene, by = by)
    for (asked in unique(c("auto", by))) {
      stored <- partners_of(atlas, gene, by = asked)
      expect_identical(stored$partner, from_model$partner)
      expect_equal(
        stored$.score, from_model$.score,
        tolerance = score_tolerance
      )
    }
  }
}

order_atlas <- function(fit, ...) {
  local_one_process()
  suppressMessages(musl_atlas(
    fit, withr::local_tempdir(.local_envir = parent.frame()),
    progress = FALSE, tile = 50L, ...
  ))
}

test_that("an atlas of a network lists partners as the network does", {
  skip_without_hdf5()
  skip_without_backend()
  fit <- module_fit()
  genes <- fit@genes[c(20, 1, 60)]
  atlas <- order_atlas(fit)
  expect_identical(summary(atlas)$by, "combined")
  expect_output(show(atlas), "ordered by the score and relation")
  expect_same_lists(atlas, fit, genes, "combined")
  # The order is another than the score's, which is there, too.
  by_score <- partners_of(atlas, "G20", by = "score")
  expect_false(is.unsorted(-by_score$.score))
  expect_false(identical(by_score$partner, partners_of(atlas, "G20")$partner))
  expect_output(print(by_score), "# order by score: 1 = average gene")
  expect_output(
    print(partners_of(atlas, "G20")), "# order: 1 = average gene"
  )
  expect_same_lists(order_atlas(fit, anchors = genes), fit, genes, "combined")
})

test_that("the score orders lists where evidence does not tell, or if asked", {
  skip_without_hdf5()
  skip_without_backend()
  untold <- module_fit(sl_within = FALSE)
  fit <- module_fit()
  for (atlas in list(
    order_atlas(untold), order_atlas(fit, scorers = "graph")
  )) {
    expect_identical(summary(atlas)$by, "score")
    expect_false("order" %in% rhdf5::h5ls(atlas@path)$name)
    top <- partners_of(atlas, "G20")
    expect_false(is.unsorted(-top$.score))
    expect_input_error(musl_partners(atlas, "G20", by = "combined"))
  }
  expect_input_error(
    musl_partners(atlas, "G20", by = "relation"), "for this atlas"
  )
  expect_input_error(
    musl_partners(atlas, "G20", scorers = "graph", measured_in = "HAP1"),
    "scorers.*measured_in.*with an atlas"
  )
})

test_that("members list partners from an atlas as from the model", {
  skip_without_hdf5()
  fit <- measured_fit(scorers = "features")
  genes <- fit@genes[c(2, 30)]
  expect_same_lists(order_atlas(fit), fit, genes, "combined")
  one <- order_atlas(fit, scorers = "linear")
  expect_identical(summary(one)$by, "score")
})

test_that("annotation of the model and of new data is part of the order", {
  skip_without_hdf5()
  skip_without_backend()
  data <- annotated_modules()
  fit <- module_fit(data = data)
  expect_same_lists(order_atlas(fit), fit, c("G20", "G60"), "combined")
  plain <- module_fit()
  atlas <- order_atlas(plain, data = data)
  from_model <- partners_of(plain, "G20", data = data, by = "combined")
  expect_identical(partners_of(atlas, "G20")$partner, from_model$partner)
})

test_that("an order in 16 bits is that of the score's precision", {
  skip_without_hdf5()
  skip_without_backend()
  fit <- module_fit()
  exact <- order_atlas(fit)
  atlas <- order_atlas(fit, storage = "uint16")
  expect_equal(
    partner_scores(atlas, "G20")$.order, partner_scores(exact, "G20")$.order,
    tolerance = 1e-4
  )
})
