# What is too small to learn from, and genes that are to be kept in.

test_that("too few pairs and samples are warned of with a sensible size", {
  data <- tiny_data(n_pairs = 40, samples = 6)
  expect_warning(
    tiny_fit(data), "use at least 30", class = "musl_warning_other"
  )
  expect_warning(
    tiny_fit(data), "bulk (6)", fixed = TRUE, class = "musl_warning_other"
  )
  expect_warning(tiny_fit(tiny_data()), NA)
})

test_that("genes to keep are never held out, others are", {
  pairs <- labelled_pairs(tiny_data(n_pairs = 300)@pairs)
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  held <- function(seed, keep = NULL) {
    sets <- mixed_sets(pairs, seed, keep)
    setdiff(genes, c(sets$training$gene_a, sets$training$gene_b))
  }
  keep <- genes[seq(2, 60, 2)]
  for (seed in 1:5) {
    expect_length(intersect(held(seed, keep), keep), 0)
    expect_gt(length(held(seed, keep)), 0)
    expect_identical(held(seed, character()), held(seed))
  }
})

test_that("a held-out anchor is warned of, a kept one is not", {
  fit <- tiny_model()
  known <- table(c(fit@known$gene_a, fit@known$gene_b))
  held <- intersect(names(known), fit@genes[fit@n_seen == 0])
  seen <- intersect(names(known), fit@genes[fit@n_seen > 0])
  expect_gt(length(held), 0)
  expect_warning(
    musl_partners(fit, held[[1]], n = 3), "keep_genes",
    class = "musl_warning_other"
  )
  expect_warning(musl_partners(fit, seen[[1]], n = 3), NA)
  kept <- tiny_fit(keep_genes = held[[1]])
  expect_gt(kept@n_seen[match(held[[1]], kept@genes)], 0)
  expect_warning(musl_partners(kept, held[[1]], n = 3), NA)
})

test_that("advice on a held-out anchor is what its fit allows", {
  fit <- tiny_model()
  fit@split$setting <- "inductive"
  fit@split$fold <- 1L
  held <- intersect(
    c(fit@known$gene_a, fit@known$gene_b), fit@genes[fit@n_seen == 0]
  )
  # A split refuses `keep_genes`.
  cnd <- expect_warning(
    musl_partners(fit, held[[1]], n = 3), class = "musl_warning_other"
  )
  expect_match(cnd_text(cnd), "without\\s+`split`")
  expect_no_match(cnd_text(cnd), "keep_genes")
})

test_that("genes to keep may be a factor", {
  genes <- unique(musl_pairs(tiny_data())$gene_a)[3:1]
  expect_identical(kept_genes(factor(genes), tiny_data(), NULL), genes)
})

test_that("genes to keep must be of labelled pairs, without a split", {
  data <- tiny_data()
  split <- musl_split(data, "random", folds = 2, seed = 1)
  expect_error(
    musl_fit(data, split, keep_genes = "G01"), "keep_genes",
    class = "musl_error_input"
  )
  expect_error(
    musl_fit(data, keep_genes = "g01"), "\"g01\" is \"G01\"",
    class = "musl_error_gene"
  )
  expect_error(musl_fit(data, keep_genes = 1), class = "musl_error_input")
})

test_that("the epoch warned of is the one that was the last", {
  history <- tibble::tibble(
    member = 1, phase = rep(c("branch:graph", "joint"), each = 3),
    epoch = c(0:2, 0:2), best = c(FALSE, FALSE, TRUE, FALSE, TRUE, FALSE)
  )
  expect_identical(still_rising(history)$text, "epoch 2 of branch:graph")
  both <- rbind(history, transform(history, member = 2))
  both$best <- both$epoch == ifelse(both$phase == "joint", 1, both$member)
  expect_identical(
    still_rising(both)$text, "epoch 2 of branch:graph in 1 of 2 networks"
  )
})

test_that("a last epoch that gains next to nothing is not warned of", {
  history <- tibble::tibble(
    member = 1, phase = "joint", epoch = 0:3,
    best = c(FALSE, FALSE, FALSE, TRUE), valid_auprc = c(0.5, 0.7, 0.74, 0.744)
  )
  result <- list(history = history, cancelled = FALSE, converged = FALSE)
  expect_silent(report_fit(result))
  result$history$valid_auprc[[4]] <- 0.75
  expect_warning(report_fit(result), class = "musl_warning_not_converged")
})

test_that("whether inputs fit into the model is said before training", {
  data <- tiny_data()
  data@sources$bulk$assays <- list(
    expression = Matrix::sparseMatrix(
      i = 1, j = 1, x = 1, dims = c(20000, 20000)
    )
  )
  said <- function(expr) {
    tryCatch(expr, musl_message_keep = function(cnd) conditionMessage(cnd))
  }
  expect_match(said(decide_keep(NULL, data, tiny_architecture())), "400 MB")
  expect_identical(decide_keep("codes", data, tiny_architecture()), "codes")
  expect_identical(decide_keep(NULL, tiny_data(), tiny_architecture()), "codes")
  expect_message(decide_keep("none", data, tiny_architecture()), NA)
})

test_that("the size said is that of the tensors, unfolded", {
  fit <- tiny_model()
  info <- cpp_model_info(live_model(fit))
  expect_equal(
    input_bytes(tiny_data(), tiny_architecture()), info$kept_bytes,
    tolerance = 0.3
  )
})

test_that("bytes of inputs are counted by what is kept of each", {
  data <- tiny_data(samples = 50)
  architecture <- tiny_architecture(transforms = c("z", "log"))
  architecture$coexpression <- 3L
  # Expression and two views of it; for each of the genes four embeddings,
  # seven marginals, three axes, four of the network and one; 200 edges.
  expect_identical(
    input_bytes(data, architecture),
    3 * 70 * 50 + (4 + 7 + 3 + 4 + 1) * 80 + 16 * 200
  )
  alone <- without_inputs(data, sources = FALSE)
  expect_identical(
    input_bytes(alone, tiny_architecture()),
    70 * 50 + (7 + tiny_architecture()$coexpression) * 80
  )
})

test_that("measured pairs to learn from hold hits and non-hits, of weight", {
  pairs <- function(n_hits, n_non, weight = 1) {
    tibble::tibble(
      label = factor(rep(pair_labels, c(n_hits, n_non)), pair_labels),
      weight = weight, measured = TRUE
    )
  }
  expect_null(check_measured_classes(pairs(1, 1), NULL))
  expect_null(check_measured_classes(pairs(3, 1, c(0, 0, 0.1, 1)), NULL))
  refused <- function(pairs, found) {
    cnd <- expect_error(
      check_measured_classes(pairs, NULL), class = "musl_error_input"
    )
    expect_match(cnd_text(cnd), found)
  }
  refused(pairs(3, 0), "Found 3 hits and 0 non-hits")
  refused(pairs(0, 1), "Found 0 hits and 1 non-hit to")
  refused(pairs(2, 2, c(0, 0, 1, 1)), "Found 0 hits and 2 non-hits")
})
