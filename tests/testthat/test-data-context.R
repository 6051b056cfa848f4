# tiny_data() with columns of its samples.
tiny_cells <- function(...) {
  data <- tiny_data(...)
  n <- ncol(data@cohorts$bulk$assays[[1]])
  data@cohorts$bulk$samples <- data.frame(
    row.names = colnames(data@cohorts$bulk$assays[[1]]),
    type = rep(c("T", "B", "NK"), length.out = n),
    donor = factor(rep(c("d1", "d2"), each = n / 2))
  )
  data
}

test_that("values by column choose the samples that have them all", {
  data <- tiny_cells()
  table <- data@cohorts$bulk$samples
  pairs <- head(data@pairs, 30)
  wanted <- list(type = c("T", "NK"), donor = "d2")
  by_name <- rownames(table)[table$type != "B" & table$donor == "d2"]
  expected <- predict(tiny_model(), pairs, data = data, context = by_name)
  for (context in list(wanted, list(bulk = wanted))) {
    expect_identical(
      predict(tiny_model(), pairs, data = data, context = context), expected
    )
  }
})

test_that("a cohort that is called as a column is the cohort", {
  data <- tiny_cells()
  data@cohorts$bulk$samples$bulk <- "x"
  expect_identical(
    select_samples(data, list(bulk = c("s01", "s02")))
    @cohorts$bulk$samples$type, c("T", "B")
  )
})

test_that("a context may be one sample", {
  data <- tiny_cells()
  assay <- data@cohorts$bulk$assays[[1]]
  one <- select_samples(data, list(bulk = "s03"))@cohorts$bulk
  expect_identical(one$assays[[1]], assay[, "s03", drop = FALSE])
})

test_that("values and columns that are not there are refused", {
  data <- tiny_cells()
  refused <- function(context, regexp) {
    expect_input_error(
      predict(tiny_model(), data@pairs[1, ], data = data, context = context),
      regexp
    )
  }
  refused(list(type = "monocyte"), "monocyte")
  refused(list(type = character()), "type")
  refused(list(lineage = "T"), "lineage")
  refused(list(bulk = list(lineage = "T")), "lineage")
  refused(list(), "context")
  samples <- colnames(data@cohorts$bulk$assays[[1]])
  refused(list(bulk = c(samples[1:3], "none")), "each\\s+once")
  refused(list(bulk = samples[c(1:3, 3)]), "each\\s+once")
  refused(list(bulk = logical(length(samples))), "each\\s+once")
  refused(list(bulk = TRUE), "each\\s+once")
  data@cohorts$bulk$samples$donor <- rep(c("d1", "d2", NA), length.out = 60)
  refused(list(type = "T", donor = "d2"), "No sample")
})

test_that("musl_partners() ranks in the context", {
  data <- tiny_cells()
  fit <- tiny_model()
  context <- list(type = "T")
  top <- musl_partners(fit, "G05", n = 9, data = data, context = context)
  scored <- predict(
    fit, data.frame(gene_a = "G05", gene_b = top$partner),
    data = data, context = context
  )
  expect_equal(top$.score, scored$.score, tolerance = 1e-6)
  whole <- musl_partners(fit, "G05", n = 9, data = data)
  expect_false(identical(top$.score, whole$.score))
  expect_input_error(musl_partners(fit, "G05", context = context), "data")
})
