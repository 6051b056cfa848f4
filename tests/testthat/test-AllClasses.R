# Slots as a careless script leaves them.
damaged <- function(object, slot, value) {
  methods::slot(object, slot, check = FALSE) <- value
  object
}

expect_named <- function(object, use, fault) {
  error <- expect_input_error(use(object))
  expect_match(conditionMessage(error), "must be a valid", fixed = TRUE)
  expect_match(error$faults, fault, all = FALSE)
}

test_that("whole objects are valid", {
  expect_true(methods::validObject(tiny_model()))
  expect_true(methods::validObject(tiny_ensemble()))
  expect_true(methods::validObject(tiny_data()))
})

test_that("what is damaged in a model is named", {
  fit <- tiny_model()
  score <- function(object) predict(object, tiny_data()@pairs)
  expect_named(damaged(fit, "archives", list()), score, "archives")
  expect_named(damaged(fit, "genes", rev(fit@genes)[-1]), score, "n_seen")
  expect_named(damaged(fit, "genes", rep("A", 3)), score, "genes")
  expect_named(damaged(fit, "n_seen", fit@n_seen - 100L), score, "n_seen")
  expect_named(damaged(fit, "n_seen", fit@n_seen * NA), score, "n_seen")
  expect_named(damaged(fit, "prior", c(.1, .2)), score, "prior")
  expect_named(damaged(fit, "prior", 2), score, "prior")
  expect_named(damaged(fit, "seed", numeric()), score, "seed")
  expect_named(damaged(fit, "id_type", "name"), score, "id_type")
  expect_named(damaged(fit, "known", fit@known["label"]), score, "known")
  expect_named(damaged(fit, "history", fit@known), score, "history")
  expect_named(damaged(fit, "calibration", list()), score, "calibration")
  lines <- fit@calibration
  lines$slope <- lines$slope[1:2]
  expect_named(damaged(fit, "calibration", lines), score, "calibration")
  expect_named(damaged(fit, "architecture", list()), score, "architecture")
  expect_named(damaged(fit, "control", 3), score, "control")
})

test_that("several faults are named together", {
  fit <- damaged(damaged(tiny_model(), "prior", 2), "id_type", "name")
  error <- expect_input_error(musl_genes(fit))
  expect_length(error$faults, 2)
})

test_that("what is damaged in data is named", {
  d <- tiny_data()
  expect_named(damaged(d, "genes", rev(d@genes)), musl_pairs, "byte order")
  expect_named(damaged(d, "genes", d@genes[-1]), musl_pairs, "universe")
  expect_named(damaged(d, "pairs", NULL), musl_pairs, "pairs")
  expect_named(damaged(d, "id_type", "name"), musl_pairs, "id_type")
  expect_named(
    damaged(d, "id_type", c("symbol", "entrez")), musl_pairs, "id_type"
  )
  values <- matrix(1, 2, 2)
  for (cohort in list(
    1, list(values), list(assays = values), list(assays = list())
  )) {
    expect_named(damaged(d, "cohorts", list(cohort)), musl_pairs, "assays")
  }
  expect_named(damaged(d, "embeddings", values), musl_pairs, "embeddings")
  rownames(values) <- d@genes[1:2]
  expect_named(damaged(d, "embeddings", values == 1), musl_pairs, "embeddings")
  edges <- list(from = 1L, to = 2L, weight = 1)
  network <- function(...) {
    damaged(d, "network", utils::modifyList(edges, list(...)))
  }
  expect_named(network(weight = NULL), musl_pairs, "from, to and weight")
  expect_named(network(from = 2L), musl_pairs, "from < to")
  expect_named(network(to = 1000L), musl_pairs, "index genes")
})

test_that("what is damaged in an atlas is named", {
  skip_without_hdf5()
  atlas <- tiny_atlas()
  expect_true(methods::validObject(atlas))
  use <- function(object) as.list(object)
  expect_named(damaged(atlas, "rows", 99L), use, "rows and cols")
  expect_named(damaged(atlas, "kind", "some"), use, "kind")
  expect_named(damaged(atlas, "counts", 3), use, "counts")
  expect_named(damaged(atlas, "codes", list()), use, "codes")
  expect_named(damaged(atlas, "path", character()), use, "path")
})
