test_that("scorers stand in order of the first metric, ours in colour", {
  rows <- musl_metrics(
    scored_runs(), c("auroc", "auprc", "brier"),
    interval = 0.95, bootstrap = 20, seed = 1
  )
  plot <- ggplot2::autoplot(rows)
  data <- plot$data
  expect_identical(levels(data$scorer), c("SL degree", "biology", "full"))
  expect_identical(levels(data$shown_as), c("full", "biology", "others"))
  expect_identical(levels(data$metric), c("auroc", "auprc"))
  expect_equal(data$from, rows$.lower[rows$.metric != "brier"])
  auroc <- data$.metric == "auroc"
  expect_identical(unique(data$chance[auroc]), 0.5)
  expect_equal(unique(data$chance[!auroc]), 1 / 3)
  built <- ggplot2::ggplot_build(plot)
  colours <- built$data[[3]]$colour
  is_other <- data$shown_as == "others"
  expect_true(all(colours[is_other] == "grey45"))
  expect_false(any(colours[!is_other] == "grey45"))
})

test_that("metrics that are not there or undefined do not break the plot", {
  rows <- musl_metrics(scored_runs(), c("brier", "auprc"))
  expect_identical(levels(ggplot2::autoplot(rows)$data$metric), "auprc")
  expect_input_error(
    ggplot2::autoplot(rows, metric = c("brier", "auroc")), "auroc"
  )
  expect_input_error(ggplot2::autoplot(rows, 1))
  expect_input_error(ggplot2::autoplot(rows, "brier", highlight = 1))
  expect_silent(ggplot2::ggplot_build(ggplot2::autoplot(rows, "brier")))
})

test_that("the best scorer is on top, also where the lowest value is best", {
  truth <- rep(1:0, 20)
  pairs <- data.frame(gene_a = "A", gene_b = sprintf("B%02d", 1:40))
  told <- function(scorer, p) {
    data.frame(pairs, label = truth, scorer = scorer, .score = p, .pred_SL = p)
  }
  # Mean squared errors .01, .25 and .81.
  table <- rbind(
    told("half", 0.5), told("good", abs(truth - 0.1)),
    told("bad", abs(truth - 0.9))
  )
  rows <- musl_metrics(table, "brier")
  expect_equal(rows$.estimate, c(0.25, 0.01, 0.81))
  plot <- ggplot2::autoplot(rows)
  expect_identical(levels(plot$data$scorer), c("bad", "half", "good"))
  expect_null(plot$labels$caption)
  # Below all others, a scorer without a value.
  rows$.estimate[[2]] <- NaN
  rows$.metric <- "auroc"
  levels <- levels(metric_points(rows, "auroc", character())$scorer)
  expect_identical(levels, c("good", "half", "bad"))
})

test_that("of many scorers the first metric alone is drawn by default", {
  runs <- scored_runs()
  many <- do.call(rbind, lapply(1:14, function(i) {
    runs$scorer <- paste(runs$scorer, i)
    runs
  }))
  rows <- musl_metrics(many, c("auroc", "auprc"))
  expect_identical(levels(ggplot2::autoplot(rows)$data$metric), "auroc")
  both <- ggplot2::autoplot(rows, c("auroc", "auprc"))
  expect_identical(levels(both$data$metric), c("auroc", "auprc"))
})
