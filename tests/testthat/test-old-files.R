# What version 0.99.1 left on disk is read to the same numbers. The fixtures
# were made by tests/fixtures/0.99.1/make.R; another processor's BLAS may round
# otherwise, so bits are not asked for here.

old_file <- function(..., of = "0.99.1") {
  path <- test_path("..", "fixtures", of, ...)
  skip_if_not(file.exists(path), "the fixtures are not at hand")
  path
}

old_scores <- function(name) {
  skip_without_backend()
  scores <- utils::read.csv(old_file(name))
  scores$score <- as.numeric(scores$score)
  scores
}

rounding <- 1e-6

test_that("a model file of 0.99.1 predicts what it did", {
  fit <- musl_load(old_file("model.musl"))
  expected <- old_scores("model.csv")
  found <- predict(fit, expected[c("gene_a", "gene_b")])
  expect_equal(found$.score, expected$score, tolerance = rounding)
  again <- withr::local_tempfile()
  musl_save(fit, again)
  expect_identical(
    predict(musl_load(again), expected[c("gene_a", "gene_b")])$.score,
    found$.score
  )
})

test_that("settings that 0.99.1 lacked are there, at what it did", {
  fit <- musl_load(old_file("model.musl"))
  expect_named(fit@architecture, names(musl_architecture()))
  expect_named(fit@control, names(musl_control()))
  expect_identical(fit@architecture$transforms, "none")
  expect_identical(fit@architecture$alignment_kind, "info_nce")
  expect_identical(fit@control$schedule, "one_cycle")
  # What it was fitted with stands.
  expect_identical(fit@architecture$width, 8L)
})

test_that("a model of format version 1 predicts what it did", {
  skip_without_backend()
  fit <- musl_load(old_file("model.musl", of = "format-1"))
  expected <- utils::read.csv(old_file("model.csv", of = "format-1"))
  pairs <- expected[c("gene_a", "gene_b")]
  # Of new samples, too, it reads no levels and no rounded node features.
  data <- musl_simulate(
    "small",
    n_genes = 80, n_samples = 20, n_pairs = 40, embedding_dim = 8L, seed = 8
  )
  again <- withr::local_tempfile()
  musl_save(fit, again)
  for (model in list(fit, musl_load(again))) {
    found <- suppressWarnings(predict(model, pairs))
    expect_equal(
      found$.score, as.numeric(expected$score),
      tolerance = rounding
    )
    found <- suppressWarnings(predict(model, pairs, data = data))
    expect_equal(
      found$.score, as.numeric(expected$with_data),
      tolerance = rounding
    )
  }
})

expect_old_scores <- function(of) {
  fit <- musl_load(old_file("model.musl", of = of))
  expected <- utils::read.csv(old_file("model.csv", of = of))
  pairs <- expected[c("gene_a", "gene_b")]
  data <- musl_simulate(
    "small",
    n_genes = 80, n_samples = 20, n_pairs = 40, embedding_dim = 8L, seed = 8
  )
  again <- withr::local_tempfile()
  musl_save(fit, again)
  for (model in list(fit, musl_load(again))) {
    agrees <- function(column, ..., tolerance = rounding) {
      found <- suppressWarnings(predict(model, pairs, ...))$.score
      expected <- as.numeric(expected[[column]])
      expect_equal(found, expected, tolerance = tolerance)
    }
    agrees("score")
    # The data are made anew: on trixie two of 20 pairs differ by 1e-5.
    agrees("with_data", data = data, tolerance = 1e-4)
    skip_without_backend()
    agrees("network", data = data, members = "network")
  }
}

test_that("a model of format version 2 predicts what it did", {
  expect_old_scores("format-2")
})

test_that("a model of format version 3 predicts what it did", {
  expect_old_scores("format-3")
})

test_that("a model that 0.99.1 saved by saveRDS() predicts what it did", {
  fit <- readRDS(old_file("model.rds"))
  expected <- old_scores("rds.csv")
  found <- predict(fit, expected[c("gene_a", "gene_b")])
  expect_equal(found$.score, expected$score, tolerance = rounding)
  expect_output(show(fit), "MuslModel")
  suppressWarnings(
    expect_s3_class(musl_partners(fit, expected$gene_a[1], n = 3), "tbl_df"),
    classes = "musl_warning_other"
  )
})

test_that("training goes on from a checkpoint of 0.99.1", {
  skip_without_backend()
  checkpoint <- withr::local_tempfile()
  file.copy(old_file("checkpoint.musl"), checkpoint)
  data <- musl_simulate(
    "small",
    n_genes = 90, n_samples = 24, n_pairs = 60, embedding_dim = 8L, seed = 7
  )
  shape <- musl_architecture(
    encoders = c("descriptors", "genes", "graph"), width = 8L, bins = 8L,
    graph_hidden = 8L, spectral = 4L, coexpression = 2L, fusion_width = 8L
  )
  how <- musl_control(
    members = 1L, seed = 5, threads = 1L, device = "cpu", batch_size = 64L,
    epochs = 30L,
    patience = 30L, checkpoint = checkpoint
  )
  # A checkpoint of other arguments would be refused.
  resumed <- suppressWarnings(
    musl_fit(data, architecture = shape, control = how, progress = FALSE)
  )
  expected <- old_scores("checkpoint.csv")
  found <- predict(resumed, expected[c("gene_a", "gene_b")])
  # Thirty epochs enlarge a difference in rounding, and LibTorch 2 computes
  # with other kernels.
  expect_gt(stats::cor(found$.score, expected$score), 0.99)
  skip_if_not(startsWith(musl_backend()$libtorch, "1."), "other kernels")
  expect_equal(found$.score, expected$score, tolerance = 1e-3)
})

test_that("an atlas of 0.99.1 opens, and one cut short goes on", {
  skip_without_backend()
  skip_if_not_installed("HDF5Array")
  whole <- read_atlas(old_file("atlas"))
  scores <- as.matrix(musl_scores(whole))
  fit <- musl_load(old_file("model.musl"))
  pairs <- data.frame(gene_a = rownames(scores)[1], gene_b = rownames(scores))
  pairs <- pairs[!is.na(scores[1, ]), ]
  expect_gt(nrow(pairs), 0)
  expect_equal(
    predict(fit, pairs)$.score, unname(scores[1, pairs$gene_b]),
    tolerance = 1e-5
  )
  cut <- withr::local_tempdir()
  parts <- list.files(old_file("atlas-cut"), full.names = TRUE)
  file.copy(parts, cut, recursive = TRUE)
  atlas <- suppressWarnings(musl_atlas(
    fit, cut,
    tile = 4L, shortlist_top = 0.3, shortlist_pairs = 1000,
    shortlist_test = 1000, progress = FALSE, seed = 1
  ))
  # Another processor's rounding moves a pair at the shortlist's border, and
  # LibTorch 2's kernels, which train the student otherwise, some more.
  found <- as.matrix(musl_scores(atlas))
  both <- !is.na(found) & !is.na(scores)
  same <- if (startsWith(musl_backend()$libtorch, "1.")) 0.995 else 0.9
  expect_gt(sum(both), same * max(sum(!is.na(found)), sum(!is.na(scores))))
  expect_equal(found[both], scores[both], tolerance = rounding)
})

test_that("models of interactions of 2026-11-25 predict what they did", {
  skip_without_backend()
  for (task in c("binary", "multilabel", "affinity")) {
    fit <- musl_load(old_file(paste0(task, ".musl"), of = "interactions"))
    expected <- utils::read.csv(
      old_file(paste0(task, ".csv"), of = "interactions"),
      colClasses = "character"
    )
    found <- predict(fit, expected[1:2])
    columns <- names(expected)[-(1:2)]
    expect_equal(
      as.matrix(found[columns]), apply(expected[columns], 2, as.numeric),
      tolerance = rounding
    )
    again <- withr::local_tempfile()
    musl_save(fit, again)
    expect_identical(predict(musl_load(again), expected[1:2]), found)
  }
})

test_that("a model of sites of 2026-11-26 predicts what it did", {
  skip_without_backend()
  path <- withr::local_tempfile()
  packed <- xzfile(old_file("site.musl.xz", of = "sites"), "rb")
  writeBin(readBin(packed, "raw", 1e7), path)
  close(packed)
  fit <- musl_load(path)
  expected <- utils::read.csv(old_file("site.csv", of = "sites"),
    colClasses = "character"
  )
  number <- function(column) as.numeric(expected[[column]])
  of <- factor(expected$protein, unique(expected$protein))
  xyz <- split.data.frame(cbind(number("x"), number("y"), number("z")), of)
  text <- vapply(split(expected$amino_acid, of), paste, "", collapse = "")
  nodes <- musl_nodes(Biostrings::AAStringSet(text), coordinates = xyz)
  found <- predict(fit, nodes)
  expect_gt(stats::sd(found$.pred), 0.01)
  expect_equal(found$.pred, number(".pred"), tolerance = rounding)
  again <- withr::local_tempfile()
  musl_save(fit, again)
  expect_identical(predict(musl_load(again), nodes), found)
})
