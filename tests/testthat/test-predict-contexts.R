typed_data <- function() {
  data <- tiny_data()
  samples <- colnames(data@sources$bulk$assays[[1]])
  data@sources$bulk$samples <- data.frame(
    row.names = samples, type = rep(c("T", "B", "NK"), c(30, 25, 5))
  )
  data
}

test_that("each context holds what predict() says of its samples", {
  data <- typed_data()
  fit <- tiny_model()
  pairs <- head(data@pairs, 25)
  expect_warning(
    x <- musl_contexts(fit, pairs, data, "type"), "NK",
    class = "musl_warning_other"
  )
  expect_s3_class(x, "musl_contexts")
  expect_identical(levels(x$context), c("all", "B", "T"))
  expect_identical(x$n_samples, rep(c(60L, 25L, 30L), each = 25))
  for (type in c("B", "T")) {
    one <- x[x$context == type, ]
    scored <- predict(fit, pairs, data = data, context = list(type = type))
    expect_identical(one$gene_a, pairs$gene_a)
    expect_identical(one$.score, scored$.score)
    expect_identical(one$.pred_SL, scored$.pred_SL)
    expect_identical(one$n_unseen, scored$n_unseen)
    falling <- order(-one$.score, na.last = NA)
    expect_identical(one$rank[falling], seq_along(falling))
  }
  all <- predict(fit, pairs, data = data)
  expect_identical(x$.score[x$context == "all"], all$.score)
})

test_that("contexts may be named lists, partners may be the pairs", {
  data <- typed_data()
  top <- musl_partners(tiny_model(), "G05", n = 6, data = data)
  x <- musl_contexts(
    tiny_model(), top, data,
    list(mine = list(bulk = list(type = "T")), half = rep(c(TRUE, FALSE), 30)),
    whole = FALSE
  )
  expect_identical(levels(x$context), c("mine", "half"))
  expect_identical(x$partner, rep(top$partner, 2))
  expect_identical(x$anchor, rep("G05", 12))
})

test_that("agreement is that of ranks and of the tops", {
  x <- tibble::new_tibble(list(
    context = factor(rep(c("a", "b", "c"), each = 5)),
    .score = c(5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 5, 4, NA, 1, 2)
  ), nrow = 15, class = "musl_contexts")
  out <- summary(x, top = 2)
  expect_identical(out$context_a, c("a", "a", "b"))
  expect_identical(out$context_b, c("b", "c", "c"))
  expect_identical(out$n_pairs, c(5L, 4L, 4L))
  # By hand: of the four pairs scored in both, the ranks differ by 1 in two.
  expect_equal(out$spearman, c(-1, 1 - 6 * 2 / (4 * 15), -(1 - 6 * 2 / 60)))
  expect_equal(out$overlap, c(0, 1, 0))
  expect_equal(out$chance, c(2 / 5, 2 / 4, 2 / 4))
  expect_identical(summary(x, top = 99)$overlap, c(1, 1, 1))
  # Half of 5 and of 4 pairs.
  expect_identical(summary(x)$top, c(2L, 2L, 2L))
  expect_identical(summary(x), out)
})

test_that("one context has no other to agree with, ties no correlation", {
  x <- tibble::new_tibble(list(
    context = factor(rep(c("a", "b"), each = 3)),
    .score = c(1, 1, 1, 3, 2, 1)
  ), nrow = 6, class = "musl_contexts")
  expect_identical(summary(x, top = 1)$spearman, NA_real_)
  one <- x[1:3, ]
  one$context <- droplevels(one$context)
  expect_identical(nrow(summary(one)), 0L)
  expect_named(summary(one), names(summary(x)))
})

test_that("the plot has a tile for each pair and context, best on top", {
  data <- typed_data()
  x <- musl_contexts(tiny_model(), head(data@pairs, 12), data,
    list(T = list(type = "T"))
  )
  built <- ggplot2::ggplot_build(autoplot(x, n = 5))
  expect_identical(nrow(built$data[[1]]), 10L)
  # Blue is below the pair's mean, orange above, as in explanations.
  ends <- built$plot$scales$get_scales("fill")$palette(c(0, 1))
  expect_lte(
    max(abs(grDevices::col2rgb(ends) - grDevices::col2rgb(musl_colours[1:2]))),
    2
  )
  first <- names(which.min(tapply(
    x$rank, paste(x$gene_a, x$gene_b, sep = " - "), mean
  )))
  labels <- built$layout$panel_params[[1]]$y$get_labels()
  expect_identical(utils::tail(labels, 1), first)
})

test_that("contexts without a name or a sample are refused", {
  data <- typed_data()
  refused <- function(contexts, ...) {
    expect_error(
      musl_contexts(tiny_model(), head(data@pairs), data, contexts, ...),
      class = "musl_error_input"
    )
  }
  refused("lineage")
  told <- function(data) {
    cnd_text(rlang::catch_cnd(column_contexts("lineage", data, current_env())))
  }
  expect_match(told(data), "Columns are type.", fixed = TRUE)
  # Columns are not told of where there is none.
  expect_no_match(told(tiny_data()), "Columns are")
  refused(list(list(type = "T")))
  refused(list())
  refused(list(a = list(type = "T"), a = list(type = "B")))
  refused(list(a = list(type = "monocyte")))
  refused(list(a = NULL))
  # The context at fault is named, and so is the sample.
  samples <- colnames(data@sources$bulk$assays[[1]])
  cnd <- rlang::catch_cnd(musl_contexts(
    tiny_model(), head(data@pairs), data,
    list(good = samples, bad = c(samples[1:20], "NOSAMPLE"))
  ), "musl_error_input")
  expect_match(cnd_text(cnd), "contexts$bad", fixed = TRUE)
  expect_match(cnd_text(cnd), "No such sample: \"NOSAMPLE\"", fixed = TRUE)
  expect_identical(cnd$argument, "contexts")
  suppressWarnings(refused("type", min_samples = 50), "musl_warning_other")
})

test_that("one warning tells of expression unlike training's", {
  data <- typed_data()
  far <- data
  far@sources$bulk$assays[[1]] <- data@sources$bulk$assays[[1]] + 9
  told <- capture_warnings(
    musl_contexts(tiny_model(), head(data@pairs), far, list(
      T = list(type = "T"), B = list(type = "B")
    ))
  )
  expect_length(grep("differs? from the training data", told), 1)
})
