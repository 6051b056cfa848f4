inputs_of <- function(data = resample_data(), split = resample_split(data)) {
  list(data = data, split = split, architecture = tiny_architecture())
}

control_of <- function(inputs, name, seed = 1L) {
  control_inputs(inputs, new_job(paste("control:", name), 1L, seed))
}

test_that("labels are permuted within each part, and no label is lost", {
  inputs <- inputs_of()
  permuted <- control_of(inputs, "labels permuted")
  before <- musl_parts(inputs$split)
  after <- musl_parts(permuted$split)
  for (part in names(before)) {
    expect_identical(table(after[[part]]$label), table(before[[part]]$label))
    expect_identical(pair_key_of(after[[part]]), pair_key_of(before[[part]]))
    agree <- mean(after[[part]]$label == before[[part]]$label)
    expect_lt(agree, 0.85)
  }
  expect_identical(permuted$data, inputs$data)
})

test_that("shuffled features go to other genes as a whole", {
  inputs <- inputs_of()
  inputs$data@cohorts$bulk$assays$twice <-
    2 * inputs$data@cohorts$bulk$assays[[1]]
  after <- control_of(inputs, "features shuffled")$data
  before <- inputs$data
  x <- before@cohorts$bulk$assays[[1]]
  y <- after@cohorts$bulk$assays[[1]]
  expect_identical(dimnames(y), dimnames(x))
  expect_identical(after@cohorts$bulk$assays$twice, 2 * y)
  moved <- match(y[, 1], x[, 1])
  expect_identical(sort(moved), seq_len(nrow(x)))
  expect_identical(unname(x[moved, ]), unname(y))
  expect_lt(mean(moved == seq_len(nrow(x))), 0.2)
  expect_identical(
    sort(after@embeddings[, 2], method = "radix")[[5]],
    sort(before@embeddings[, 2], method = "radix")[[5]]
  )
  expect_false(identical(after@embeddings, before@embeddings))
  expect_identical(after@network, before@network)
  expect_true(validObject(after))
})

test_that("a rewired network keeps each gene's number of neighbours", {
  inputs <- inputs_of()
  before <- inputs$data@network
  after <- control_of(inputs, "network rewired")$data
  degree <- function(network) tabulate(c(network$from, network$to), 80)
  expect_identical(degree(after@network), degree(before))
  expect_true(all(after@network$from < after@network$to))
  edges <- function(network) paste(network$from, network$to)
  expect_identical(anyDuplicated(edges(after@network)), 0L)
  expect_lt(mean(edges(after@network) %in% edges(before)), 0.3)
  expect_identical(sort(after@network$weight), sort(before$weight))
  expect_true(validObject(after))
})

test_that("a control's draw follows its seed and leaves R's generator", {
  inputs <- inputs_of()
  withr::local_seed(5)
  before <- .Random.seed
  for (name in c("labels permuted", "features shuffled", "network rewired")) {
    one <- control_of(inputs, name)
    expect_identical(control_of(inputs, name), one)
    expect_false(identical(control_of(inputs, name, seed = 2L), one))
  }
  expect_identical(.Random.seed, before)
})

test_that("controls without an input or another encoder are left out", {
  settings <- list(
    architecture = list(encoders = c("histogram", "graph")),
    controls = control_kinds
  )
  d <- resample_data()
  expect_identical(control_names(settings, d), paste("control:", c(
    "labels permuted", "features shuffled", "network rewired",
    "only histogram", "only graph", "without histogram", "without graph"
  )))
  settings$architecture$encoders <- "graph"
  bare <- without_inputs(d, network = FALSE)
  expect_identical(
    control_names(settings, bare),
    paste("control:", c("labels permuted", "network rewired"))
  )
})

test_that("controls stand among the scores, judged by their own labels", {
  d <- resample_data()
  res <- tiny_resample(
    d,
    folds = 1, baselines = "none", controls = c("labels", "only"),
    encoders = c("descriptors", "graph")
  )
  expect_identical(
    unique(res$scores$scorer),
    c("biology", paste("control:", c(
      "labels permuted", "only descriptors", "only graph"
    )))
  )
  model <- scores_of(res$scores, "biology")
  control <- scores_of(res$scores, "control: labels permuted")
  expect_identical(pair_key_of(control), pair_key_of(model))
  expect_false(identical(control$label, model$label))
  expect_identical(res$fits$model[[2]], "control: labels permuted")
  expect_identical(unique(res$validation$scorer), "biology")
})
