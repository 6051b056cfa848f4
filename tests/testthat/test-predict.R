genes_of <- function(a, b) tibble::tibble(gene_a = a, gene_b = b)

test_that("one row a pair comes back, in order, after the columns given", {
  fit <- tiny_model()
  pairs <- tiny_data()@pairs[c(5, 1, 5, 30), ]
  pairs$note <- letters[1:4]
  out <- predict(fit, pairs)
  expect_named(out, c(
    "gene_a", "gene_b", "label", "note", ".score", ".pred_SL", ".pred_non_SL",
    "n_unseen", ".status"
  ))
  expect_identical(class(out), c("musl_predictions", class(tibble::tibble())))
  expect_identical(out$note, letters[1:4])
  expect_identical(out$.score[1], out$.score[3])
  single <- vapply(1:4, function(i) predict(fit, pairs[i, ])$.score, 1)
  expect_equal(out$.score, single, tolerance = 1e-6)
})

test_that("the order of the two genes changes no bit", {
  fit <- tiny_model()
  pairs <- tiny_data()@pairs
  swapped <- genes_of(pairs$gene_b, pairs$gene_a)
  types <- list("prob", "parts", "embedding")
  for (type in types) {
    there <- predict(fit, pairs[c("gene_a", "gene_b")], type = type)
    back <- predict(fit, swapped, type = type)
    expect_identical(back[-(1:2)], there[-(1:2)])
  }
})

test_that("probabilities follow Platt's line and shift with the prior", {
  fit <- tiny_model()
  fit@calibration$slope <- c(0.5, 1, 2)
  fit@calibration$intercept <- c(0.1, 0, -0.3)
  fit@calibration$prior <- c(0.4, 0.5, 0.7)
  fit@calibration$training_prior <- 0.3
  out <- predict(fit, tiny_data()@pairs)
  line <- 1 + out$n_unseen
  logit <- fit@calibration$slope[line] * out$.score +
    fit@calibration$intercept[line] - qlogis(fit@calibration$prior[line])
  expect_equal(out$.pred_SL, plogis(logit + qlogis(0.3)), tolerance = 1e-12)
  rare <- predict(fit, tiny_data()@pairs, prior = 0.01)
  expect_identical(rare$.score, out$.score)
  expect_equal(rare$.pred_SL, plogis(logit + qlogis(0.01)), tolerance = 1e-12)
  classes <- predict(fit, tiny_data()@pairs, type = "class", prior = 0.01)
  expect_identical(classes$.pred_class == "SL", rare$.pred_SL >= 0.03)
  for (bad in list(0, 1, -1, NA, "a", c(0.1, 0.2))) {
    expect_input_error(predict(fit, tiny_data()@pairs, prior = bad))
  }
})

test_that("no pairs give no rows and the right columns", {
  fit <- tiny_model()
  none <- genes_of(character(), character())
  expect_identical(dim(predict(fit, none)), c(0L, 7L))
  classes <- predict(fit, none, type = "class")
  expect_identical(levels(classes$.pred_class), c("SL", "non_SL"))
  for (type in c("parts", "embedding")) {
    full <- predict(fit, genes_of("G01", "G02"), type = type)
    empty <- predict(fit, none, type = type)
    expect_identical(empty, full[0, ])
  }
})

test_that("classes change at a probability of one half", {
  out <- predict(tiny_model(), tiny_data()@pairs, type = "class")
  expect_identical(out$.pred_class == "SL", out$.pred_SL >= 0.5)
  expect_identical(levels(out$.pred_class), pair_labels)
})

test_that("gates sum to one and are zero where a modality is missing", {
  # G71 to G80 are not expressed.
  out <- predict(
    tiny_model(), genes_of(c("G01", "G01"), c("G02", "G75")),
    type = "parts"
  )
  gates <- as.matrix(out[startsWith(names(out), ".gate_")])
  expect_equal(rowSums(gates, na.rm = TRUE), c(1, 1), tolerance = 1e-6)
  # What "genes" says is stacked and not gated: the core has 0, which would be
  # read as not heard.
  expect_identical(colnames(gates)[is.na(gates[1, ])], ".gate_genes")
  expect_true(all(out$.branch_genes != 0))
  expect_false(any(gates[1, ] %in% 0))
  expect_identical(out$.gate_histogram[2], 0)
  expect_identical(out$.gate_descriptors[2], 0)
  expect_gt(out$.gate_graph[2], 0)
  expect_true(all(c(
    ".branch_histogram", ".branch_descriptors", ".branch_graph",
    ".branch_partners"
  ) %in% names(out)))
})

test_that("the embedding has the width of the fusion", {
  out <- predict(tiny_model(), genes_of("G01", "G02"), type = "embedding")
  expect_identical(
    grep("^[.]embedding_", names(out), value = TRUE),
    paste0(".embedding_", 1:8)
  )
})

test_that("a pair alone gets what it gets among others", {
  pairs <- musl_pairs(tiny_data())[1:5, ]
  numbers <- function(x) unlist(x[vapply(x, is.numeric, TRUE)])
  for (type in c("parts", "embedding")) {
    among <- numbers(predict(tiny_model(), pairs, type = type)[1, ])
    alone <- numbers(predict(tiny_model(), pairs[1, ], type = type))
    expect_identical(is.na(alone), is.na(among))
    expect_lt(max(abs(alone - among), na.rm = TRUE), 1e-5)
  }
  expect_false(anyNA(alone[startsWith(names(alone), ".embedding_")]))
})

test_that("a gene unknown everywhere gives NA and one classed warning", {
  pairs <- genes_of(c("G01", "nobody", "G03"), c("G02", "G02", "nothing"))
  expect_warning(
    out <- predict(tiny_model(), pairs, type = "parts"),
    "nobody",
    class = "musl_warning_unknown_gene"
  )
  expect_identical(is.na(out$.score), c(FALSE, TRUE, TRUE))
  expect_identical(is.na(out$.pred_SL), c(FALSE, TRUE, TRUE))
  expect_identical(is.na(out$.gate_graph), c(FALSE, TRUE, TRUE))
  expect_identical(is.na(out$n_unseen), c(FALSE, TRUE, TRUE))
  expect_identical(
    as.character(out$.status[-1]), c("unknown_gene", "unknown_gene")
  )
})

test_that("the status says whether a pair was known, or why it has no score", {
  fit <- tiny_model()
  known <- fit@known[1, c("gene_a", "gene_b")]
  expect_identical(as.character(predict(fit, known)$.status), "known")
  self <- suppressWarnings(predict(fit, genes_of("G01", "G01")))
  expect_identical(as.character(self$.status), "self")
})

test_that("what is missing or called otherwise is named", {
  fit <- tiny_model()
  expect_input_error(predict(fit), "new_pairs")
  pairs <- genes_of("G01", "G02")
  expect_input_error(predict(fit, newdata = pairs), "new_pairs")
  expect_input_error(predict(fit, new_data = pairs), "new_pairs")
  expect_warning(
    predict(fit, genes_of("g01", "G02")), "\"g01\" is \"G01\"",
    class = "musl_warning_unknown_gene"
  )
  expect_gene_error(musl_partners(fit, "G99"), "G99")
})

test_that("the number of threads changes no bit", {
  fit <- tiny_model()
  pairs <- genes_of(c("G01", "G03"), c("G02", "G04"))
  expect_identical(predict(fit, pairs, threads = 2), predict(fit, pairs))
  # 0 is all of them.
  expect_identical(predict(fit, pairs, threads = 0), predict(fit, pairs))
  expect_input_error(predict(fit, pairs, threads = -1))
})

test_that("a pair of a gene with itself gives NA and a classed warning", {
  expect_warning(
    out <- predict(tiny_model(), genes_of(c("G01", "G02"), c("G01", "G03"))),
    "itself",
    class = "musl_warning"
  )
  expect_identical(is.na(out$.score), c(TRUE, FALSE))
})

test_that("factor genes count by label, numeric ones are refused", {
  fit <- tiny_model()
  pairs <- genes_of(c("G03", "G01"), c("G02", "G05"))
  as_factors <- data.frame(
    gene_a = factor(pairs$gene_a, c("G03", "G01")),
    gene_b = factor(pairs$gene_b, c("G05", "G02"))
  )
  expect_identical(predict(fit, as_factors)$.score, predict(fit, pairs)$.score)
  expect_input_error(predict(fit, data.frame(gene_a = 1, gene_b = 2)))
  expect_input_error(predict(fit, data.frame(a = "G01", b = "G02")), "gene_a")
  expect_input_error(predict(fit, "G01"))
  expect_input_error(predict(fit, pairs, tpye = "class"))
})

test_that("earlier predictions are replaced, not repeated", {
  fit <- tiny_model()
  once <- predict(fit, genes_of("G01", "G02"))
  expect_identical(predict(fit, once), once)
})

test_that("new genes of `data` are scored beside the model's", {
  fit <- tiny_model()
  x <- withr::with_seed(4, matrix(rnorm(120, 5), 2))
  dimnames(x) <- list(c("G01", "N01"), sprintf("s%02d", 1:60))
  data <- new_musl_data(
    genes = c("G01", "N01"), cohorts = list(bulk = tiny_cohort("bulk", x))
  )
  pairs <- genes_of(c("G01", "G01", "G03"), c("N01", "G02", "G04"))
  out <- predict(fit, pairs, data = data, type = "parts")
  expect_false(anyNA(out$.score))
  expect_identical(out$n_unseen[1], 1L + (fit@n_seen[[1]] == 0))
  # N01 has expression in the new data and nothing in the network.
  expect_gt(out$.gate_histogram[1], 0)
  # Neither G03 nor G04 is expressed in the new data; the graph is carried over.
  expect_identical(out$.gate_histogram[3], 0)
  expect_identical(out$.gate_descriptors[3], 0)
  expect_gt(out$.gate_graph[3], 0)
})

test_that("a context is the data with these samples alone", {
  fit <- tiny_model()
  data <- tiny_data()
  chosen <- sprintf("s%02d", 11:40)
  part <- data
  part@cohorts$bulk$assays$expression <-
    data@cohorts$bulk$assays$expression[, chosen]
  by_hand <- predict(fit, data@pairs, data = part)
  for (context in list(
    chosen, list(bulk = chosen), colnames(
      data@cohorts$bulk$assays$expression
    ) %in% chosen
  )) {
    expect_identical(
      predict(fit, data@pairs, data = data, context = context), by_hand
    )
  }
  expect_false(identical(
    predict(fit, data@pairs, data = data)$.score, by_hand$.score
  ))
})

test_that("what is made of data is kept until other data are asked about", {
  fit <- tiny_model()
  data <- tiny_data()
  kept <- function(fit) kept_in_session(fit, "asked")$musl
  other <- data
  other@cohorts$bulk$assays$expression <-
    other@cohorts$bulk$assays$expression[, 20:1]
  part <- sprintf("s%02d", 11:40)
  pairs <- data@pairs[1:20, ]
  ask <- function(fit, ...) {
    suppressWarnings(predict(fit, pairs, ...))$.score
  }
  fresh <- function(...) ask(musl_load(saved), ...)
  saved <- withr::local_tempfile()
  musl_save(fit, saved)
  first <- ask(fit, data = data)
  pointer <- kept(fit)
  expect_identical(ask(fit, data = data), first)
  expect_identical(kept(fit), pointer)
  expect_identical(first, fresh(data = data))
  # Other samples, and some of them, are other data.
  of_others <- ask(fit, data = other)
  expect_false(identical(kept(fit), pointer))
  expect_identical(of_others, fresh(data = other))
  one <- ask(fit, data = data, context = part)
  expect_identical(one, fresh(data = data, context = part))
  expect_false(identical(one, first))
  # What is read from disk may change there.
  skip_if_not_installed("DelayedArray")
  expect_identical(ask(fit, data = data), first)
  pointer <- kept(fit)
  other@cohorts[[1]]$assays[[1]] <- DelayedArray::DelayedArray(
    other@cohorts[[1]]$assays[[1]]
  )
  expect_identical(ask(fit, data = other), of_others)
  expect_identical(kept(fit), pointer)
})

test_that("cohorts that the model does not know are named with its own", {
  data <- tiny_data()
  data@cohorts$other <- data@cohorts$bulk
  data@cohorts$other$name <- "other"
  expect_error(
    predict(tiny_model(), data@pairs, data = data), "other.*bulk",
    class = "musl_error_shape"
  )
})

test_that("the only cohort is the model's only one, whatever its name", {
  data <- tiny_data()
  expected <- predict(tiny_model(), data@pairs, data = data)
  names(data@cohorts) <- "other"
  data@cohorts$other$name <- "other"
  expect_message(
    found <- predict(tiny_model(), data@pairs, data = data), "bulk"
  )
  expect_identical(found, expected)
})

test_that("data of another width are refused without names of C++", {
  data <- tiny_data()
  data@embeddings <- data@embeddings[, 1:2]
  cnd <- expect_error(
    predict(tiny_model(), data@pairs, data = data),
    class = "musl_error_shape"
  )
  expect_false(grepl("make_dataset", conditionMessage(cnd)))
})

test_that("other identifiers than the model's are refused", {
  data <- tiny_data()
  data@id_type <- "entrez"
  expect_gene_error(predict(tiny_model(), data@pairs, data = data))
})

test_that("data that lack embeddings, or a network, use those of the model", {
  skip_without_backend()
  fit <- tiny_model()
  whole <- tiny_data()
  genes <- rownames(whole@embeddings)
  pairs <- data.frame(gene_a = genes[1:30], gene_b = genes[31:60])
  expected <- predict(fit, pairs)$.score
  without <- function(...) {
    data <- whole
    for (part in c(...)) methods::slot(data, part) <- NULL
    predict(fit, pairs, data = data)$.score
  }
  # Genes without an embedding take that of their neighbours anew, and lend it
  # to these.
  expect_lt(max(abs(without("embeddings") - expected)), 1e-3)
  expect_equal(without("network"), expected, tolerance = score_tolerance)
  expect_equal(
    without("embeddings", "network"), expected, tolerance = score_tolerance
  )
})

test_that("data of another class are refused as such", {
  model <- musl_example_model()
  pairs <- data.frame(gene_a = "SIM001", gene_b = "SIM002")
  experiment <- SummarizedExperiment::SummarizedExperiment()
  for (wrong in list(experiment, toy_matrix(), "data", list(), model)) {
    cnd <- caught(predict(model, pairs, data = wrong))
    expect_s3_class(cnd, "musl_error_input")
    expect_identical(cnd$argument, "data")
  }
  twice <- cbind(pairs, gene_a = "SIM003")
  expect_identical(caught(predict(model, twice))$argument, "new_pairs")
})
