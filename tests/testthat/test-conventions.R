# What packages around us expect of classes, columns and arguments.

human_pairs <- function() {
  data.frame(gene_a = "STAG2", gene_b = c("STAG1", "SMARCA4", "PDS5A"))
}

test_that("methods are registered for our classes or our generics alone", {
  skip_without_sources()
  lines <- readLines(file.path(source_root(), "NAMESPACE"))
  registered <- grep("^S3method[(]", lines, value = TRUE)
  parts <- strsplit(gsub("S3method[(]|[)]| ", "", registered), ",")
  generic <- vapply(parts, `[[`, "", 1)
  class <- vapply(parts, `[[`, "", 2)
  foreign <- !grepl("^musl_", generic) & !grepl("^(musl_|Musl)", class)
  expect_identical(registered[foreign], character())
})

test_that("the package attaches in silence beside broom", {
  skip_if_not_installed("broom")
  libraries <- paste(.libPaths(), collapse = ":")
  out <- withr::with_envvar(c(R_LIBS = libraries), system2(
    file.path(R.home("bin"), "Rscript"),
    c("--vanilla", "-e", shQuote("library(broom); library(MuSL)")),
    stdout = TRUE, stderr = TRUE
  ))
  expect_identical(out, character())
})

test_that("predict() takes a list of partners, the anchor as gene_a", {
  model <- musl_human_model()
  list <- musl_partners(model, "STAG2", n = 5)
  out <- predict(model, list)
  pairs <- data.frame(gene_a = list$anchor, gene_b = list$partner)
  plain <- predict(model, pairs)
  expect_identical(out$gene_a, list$anchor)
  expect_identical(out$gene_b, list$partner)
  expect_identical(out$why, list$why)
  expect_identical(out$.score, plain$.score)
  expect_s3_class(out, "musl_predictions")
  expect_false(inherits(out, "musl_partners"))
})

test_that("predict() names its argument if another package's is given", {
  model <- musl_human_model()
  for (name in c("new_data", "newdata")) {
    given <- rlang::set_names(list(human_pairs()), name)
    expect_input_error(do.call(predict, c(list(model), given)), "new_pairs")
    expect_input_error(do.call(predict, c(list(model), given)), name)
  }
})

test_that("probabilities of both classes add up to one", {
  out <- predict(musl_human_model(), human_pairs())
  expect_equal(out$.pred_SL + out$.pred_non_SL, rep(1, 3))
})

test_that("a class is called at three times the rate, or one half", {
  model <- musl_human_model()
  partners <- musl_partners(model, "STAG2", n = 300, by = "score")
  for (prior in c(0.0135, 0.1, 0.4)) {
    out <- predict(model, partners, type = "class", prior = prior)
    expect_identical(
      out$.pred_class == "SL", out$.pred_SL >= min(0.5, 3 * prior)
    )
  }
})

# Of calibrated probabilities the best threshold of F1 is half of that F1.
test_that("the threshold at the rate of screens is near the best for F1", {
  genes <- c("ARID1A", "STAG2", "TP53", "SMARCA4", "KEAP1", "RB1")
  best <- vapply(genes, function(gene) {
    list <- musl_partners(
      musl_human_model(), gene, n = Inf, dependency = FALSE, by = "score"
    )
    p <- sort(list$.pred_SL, decreasing = TRUE)
    p[which.max(2 * cumsum(p) / (seq_along(p) + sum(p)))]
  }, 0)
  expect_gt(mean(best), 0.0405 / 1.6)
  expect_lt(mean(best), 0.0405 * 1.6)
})

test_that("dim() and dimnames() are those of genes and samples", {
  x <- matrix(1:12 / 2, 3, dimnames = list(c("B", "A", "C"), letters[1:4]))
  one <- musl_data(x, scale = "log")
  expect_identical(dim(one), c(3L, 4L))
  expect_identical(dimnames(one), list(c("A", "B", "C"), letters[1:4]))
  expect_identical(c(nrow(one), ncol(one)), c(3L, 4L))
  two <- musl_data(list(p = x, q = x[1:2, 2:4]), scale = "log")
  expect_identical(dim(two), c(3L, 7L))
  expect_identical(
    colnames(two), c(paste0("p:", letters[1:4]), paste0("q:", letters[2:4]))
  )
  bare <- musl_data(network = data.frame(from = "A", to = "B"))
  expect_identical(dim(bare), c(2L, 0L))
})

test_that("assay() has the expression of a cohort", {
  x <- matrix(1:12 / 2, 3, dimnames = list(c("A", "B", "C"), letters[1:4]))
  d <- musl_data(list(p = x, q = 2 * x), scale = "log")
  expect_identical(SummarizedExperiment::assay(d), x)
  expect_identical(SummarizedExperiment::assay(d, "q"), 2 * x)
  expect_identical(SummarizedExperiment::assay(d, 2), 2 * x)
  expect_input_error(SummarizedExperiment::assay(d, "r"), "cohort")
  expect_input_error(SummarizedExperiment::assay(d, 3), "cohort")
})

test_that("an ExpressionSet is a cohort with its samples' columns", {
  skip_if_not_installed("Biobase")
  x <- matrix(1:12 / 2, 3, dimnames = list(c("A", "B", "C"), letters[1:4]))
  samples <- data.frame(type = c("t", "t", "n", "n"), row.names = letters[1:4])
  set <- Biobase::ExpressionSet(x, Biobase::AnnotatedDataFrame(samples))
  d <- musl_data(set, scale = "log")
  expect_identical(SummarizedExperiment::assay(d), x)
  cohort <- as.list(d)$expression[[1]]
  expect_identical(as.character(cohort$type), samples$type)
  both <- musl_data(list(p = set, q = x), scale = "log")
  expect_identical(dim(both), c(3L, 8L))
})

test_that("an adjacency matrix is the network of its edges", {
  edges <- data.frame(
    from = c("A", "A", "C"), to = c("B", "C", "D"), weight = c(0.5, 0.25, 1)
  )
  from_edges <- musl_data(network = edges)
  genes <- c("D", "C", "B", "A")
  x <- matrix(0, 4, 4, dimnames = list(genes, genes))
  x[cbind(edges$from, edges$to)] <- edges$weight
  both <- pmax(x, t(x))
  skip_if_not_installed("Matrix")
  kinds <- list(
    x, both, as_sparse(x), as_sparse(both),
    Matrix::forceSymmetric(as_sparse(both))
  )
  for (kind in kinds) {
    expect_message(found <- musl_data(network = kind), NA)
    expect_identical(found@network, from_edges@network)
  }
  flags <- musl_data(network = both > 0)
  expect_identical(flags@network$weight, rep(1, 3))
  expect_input_error(musl_data(network = unname(x)), "row and column")
  expect_input_error(musl_data(network = x[, 4:1]), "row and column")
  expect_input_error(musl_data(network = -both), "positive")
})

test_that("verbs of dplyr keep a class whose columns stay, and no other", {
  skip_if_not_installed("dplyr")
  list <- musl_partners(musl_human_model(), "STAG2", n = 20)
  kept <- list(
    dplyr::filter(list, rank < 5), dplyr::arrange(list, .score),
    dplyr::mutate(list, x = 1), dplyr::slice(list, 1:3),
    dplyr::select(list, anchor, partner, rank, why)
  )
  for (x in kept) expect_s3_class(x, "musl_partners")
  dropped <- list(
    dplyr::count(list, status), dplyr::distinct(list, status),
    dplyr::select(list, partner, .score), dplyr::group_by(list, status),
    dplyr::summarise(list, n = dplyr::n()), list[c("partner", "why")],
    dplyr::count(predict(musl_human_model(), list), known)
  )
  for (x in dropped) {
    expect_false(any(startsWith(class(x), "musl_")))
    if (!dplyr::is_grouped_df(x)) expect_null(attr(x, "candidates"))
    expect_output(print(x), "tibble")
  }
  expect_identical(sum(dropped[[1]]$n), 20L)
  expect_type(list[["why"]], "character")
})

test_that("twenty rows do not carry all candidates", {
  list <- musl_partners(musl_human_model(), "STAG2", n = 20)
  expect_lt(length(serialize(list, NULL)), 2e5)
  candidates <- packed_genes(attr(list, "candidates"))
  all <- musl_partners(musl_human_model(), "STAG2", n = Inf)
  expect_setequal(candidates, musl_genes(musl_human_model()))
  expect_identical(attr(all, "candidates"), attr(list, "candidates"))
})

test_that("a model is `object` in every function that takes one", {
  skip_without_sources()
  takes <- c(
    "musl_partners", "musl_explain", "musl_atlas", "musl_design",
    "musl_explore", "musl_describe", "musl_report", "musl_save", "musl_drift",
    "musl_direction", "musl_metrics", "musl_cohort", "musl_calibration"
  )
  arguments <- lapply(takes, function(name) names(formals(get(name))))
  expect_true(all(vapply(arguments, is.element, NA, el = "object")))
  expect_false(any(c("fit", "model") %in% unlist(arguments)))
})

test_that("how pairs are scored are arguments, and no other is taken", {
  model <- musl_human_model()
  how <- c("data", "context", "scorers", "measured_in", "threads")
  for (name in c("musl_partners", "musl_atlas", "musl_design")) {
    expect_identical(setdiff(how, names(formals(get(name)))), character())
  }
  asks <- list(
    function(...) musl_partners(model, "STAG2", n = 2, ...),
    function(...) musl_explain(model, "STAG2", "STAG1", ...),
    function(...) musl_atlas(model, tempfile(), c("STAG2", "STAG1"), ...),
    function(...) musl_design(model, 1, "STAG2", library = "STAG1", ...)
  )
  for (ask in asks) {
    expect_input_error(ask(scorer = "linear"), "scorer")
    expect_input_error(ask(scorer = "linear"), "context")
  }
})

test_that("knitr prints a list as the console does, and as a table if asked", {
  skip_if_not_installed("knitr")
  list <- musl_partners(musl_human_model(), "STAG2", n = 3)
  printed <- utils::capture.output(knitr::knit_print(list))
  expect_identical(printed, utils::capture.output(print(list)))
  table <- knitr::kable(list[c("partner", "why")])
  expect_match(table, "STAG1", all = FALSE)
})
