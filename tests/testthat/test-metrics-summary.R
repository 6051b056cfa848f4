test_that("the summary is mean and standard deviation over runs", {
  table <- scored_runs()
  table$seed <- 1
  again <- table
  again$seed <- 2
  again$.score <- again$.score + sin(seq_len(nrow(again)))
  table <- rbind(table, again)
  runs <- musl_metrics(table, c("auroc", "map_3"), summarise = FALSE)
  expect_named(runs, c(
    "fold", "seed", "part", "scorer", ".metric", ".estimator", ".estimate",
    ".lower", ".upper", "n_pairs", "n_positive", "n_anchors", "n_left_out"
  ))
  expect_identical(nrow(runs), 2L * 2L * 2L * 3L * 2L)
  mean <- musl_metrics(table, c("auroc", "map_3"))
  expect_identical(mean$part, rep(c("C2", "C3"), each = 6))
  for (i in seq_len(nrow(mean))) {
    values <- one_metric(
      runs, mean$.metric[i],
      part = mean$part[i], scorer = mean$scorer[i]
    )
    expect_length(values, 4)
    expect_equal(mean$.estimate[i], mean(values))
    expect_equal(mean$sd[i], sd(values))
  }
  expect_identical(mean$n, rep(4L, 12))
})

test_that("intervals come from genes drawn once for all runs and scorers", {
  table <- scored_runs()
  rows <- musl_metrics(table, "auroc", interval = 0.9, bootstrap = 40, seed = 3)
  genes <- sort(unique(c(table$gene_a, table$gene_b)), method = "radix")
  # Means over the runs of each sample of genes.
  replicates_of <- function(scorer) {
    runs <- lapply(1:2, function(fold) {
      part <- table[table$part == "C2" & table$fold == fold &
        table$scorer == scorer, ]
      none <- numeric()
      cpp_measure(
        "auroc", pair_input(part, genes), part$.score, none, none, integer(),
        length(genes), 40, 3, 1L
      )$replicates[1, ]
    })
    (runs[[1]] + runs[[2]]) / 2
  }
  for (scorer in c("full", "SL degree")) {
    means <- replicates_of(scorer)
    found <- rows[rows$part == "C2" & rows$scorer == scorer, ]
    expected <- unname(quantile(means, c(0.05, 0.95))) - mean(means) +
      found$.estimate
    expect_equal(c(found$.lower, found$.upper), expected, tolerance = 1e-12)
  }

  difference <- musl_metrics(
    table, "auroc",
    against = "SL degree", interval = 0.9, bootstrap = 40, seed = 3
  )
  means <- replicates_of("full") - replicates_of("SL degree")
  found <- difference[difference$part == "C2" & difference$scorer == "full", ]
  expected <- unname(quantile(means, c(0.05, 0.95))) - mean(means) +
    found$.estimate
  expect_equal(c(found$.lower, found$.upper), expected, tolerance = 1e-12)
})

test_that("intervals depend on the seed alone and leave R's generator", {
  table <- scored_runs()
  measure <- function(seed, threads = 1) {
    musl_metrics(
      table,
      interval = 0.95, bootstrap = 20, seed = seed, threads = threads
    )
  }
  withr::local_seed(1)
  before <- .Random.seed
  one <- measure(5)
  expect_identical(.Random.seed, before)
  expect_identical(measure(5, threads = 3), one)
  expect_false(identical(measure(6)$.lower, one$.lower))
  expect_identical(measure(6)$.estimate, one$.estimate)
  withr::with_seed(2, first <- measure(NULL))
  withr::with_seed(2, expect_identical(measure(NULL), first))
})

test_that("the interval of a correlation below 0 holds it", {
  table <- scored_runs()
  table <- table[table$part == "C2" & table$scorer == "full", ]
  against <- table
  against$scorer <- "against"
  against$.pred_SL <- 1 - against$.pred_SL
  measure <- function(x, ...) {
    musl_metrics(x, "mcc", interval = 0.95, bootstrap = 100, seed = 1, ...)
  }
  for (summarise in c(TRUE, FALSE)) {
    one <- measure(table, summarise = summarise)
    other <- measure(against, summarise = summarise)
    # Calls that are all turned round turn the sign.
    expect_equal(other$.estimate, -one$.estimate)
    expect_equal(other$.lower, -one$.upper)
    expect_equal(other$.upper, -one$.lower)
    expect_true(all(other$.lower < other$.estimate & other$.upper < 0))
  }
  difference <- musl_metrics(
    rbind(table, against), "mcc",
    against = "against", bootstrap = 100, seed = 1
  )
  mean <- measure(table)
  expect_equal(difference$.estimate, 2 * mean$.estimate)
  # The correlation of both is the same but for the sign, and so the interval is
  # twice as wide; it passes 1.
  expect_equal(difference$.lower, 2 * mean$.lower)
  expect_equal(difference$.upper, 2 * mean$.upper)
  expect_gt(difference$.upper, 1)
})

test_that("there is no interval where most replicates measure nothing", {
  table <- data.frame(
    gene_a = c("a", "c"), gene_b = c("b", "d"), label = 1:0, .score = 1:2
  )
  rows <- musl_metrics(
    table, "auroc",
    interval = 0.95, bootstrap = 50, seed = 1
  )
  expect_identical(rows$.estimate, 0)
  expect_identical(rows$.lower, NA_real_)
  expect_identical(rows$.upper, NA_real_)
})

test_that("a run without a value is left out of mean and interval", {
  table <- scored_runs()
  table$label[table$part == "C3" & table$fold == 1] <- "SL"
  suppressWarnings(
    rows <- musl_metrics(
      table, "auroc",
      interval = 0.9, bootstrap = 30, seed = 1
    ),
    classes = "musl_warning_other"
  )
  alone <- musl_metrics(
    table[table$fold == 2, ], "auroc",
    interval = 0.9, bootstrap = 30, seed = 1
  )
  c3 <- rows$part == "C3"
  expect_identical(rows$n[c3], rep(1L, 3))
  expect_identical(rows$.estimate[c3], alone$.estimate[c3])
})

test_that("scorers are compared within runs", {
  table <- scored_runs()
  rows <- musl_metrics(
    table, c("auroc", "brier"),
    against = "biology", interval = FALSE
  )
  expect_named(rows, c(
    "part", "scorer", "against", ".metric", ".estimator", ".estimate", "sd",
    "n", ".lower", ".upper"
  ))
  expect_identical(unique(rows$scorer), c("full", "SL degree"))
  runs <- musl_metrics(table, c("auroc", "brier"), summarise = FALSE)
  for (part in c("C2", "C3")) {
    difference <- one_metric(runs, "auroc", part = part, scorer = "full") -
      one_metric(runs, "auroc", part = part, scorer = "biology")
    found <- rows[rows$part == part & rows$scorer == "full" &
      rows$.metric == "auroc", ]
    expect_equal(found$.estimate, mean(difference))
    expect_equal(found$sd, sd(difference))
    expect_identical(found$n, 2L)
  }
  no_probability <- rows$scorer == "SL degree" & rows$.metric == "brier"
  expect_identical(rows$.estimate[no_probability], c(NA_real_, NA_real_))
  expect_identical(rows$n[no_probability], c(0L, 0L))
})

test_that("only runs that both scorers have are compared", {
  table <- scored_runs()
  gone <- table$scorer == "SL degree" & (table$part == "C3" | table$fold == 2)
  rows <- musl_metrics(table[!gone, ], "auroc", against = "SL degree", seed = 1)
  expect_identical(rows$part, c("C2", "C2"))
  expect_identical(rows$n, c(1L, 1L))

  apart <- table
  apart$fold <- apart$fold + 10 * (apart$scorer == "biology")
  apart <- apart[apart$scorer != "SL degree", ]
  expect_input_error(
    musl_metrics(apart, "auroc", against = "biology"), "only scorer"
  )
  expect_input_error(musl_metrics(table, against = "noise"), "noise")
  expect_input_error(
    musl_metrics(table[table$scorer == "full", ], against = "full")
  )
})

test_that("printed metrics leave out columns without values", {
  rows <- musl_metrics(scored_runs(), "auroc")
  once <- rows
  once$sd <- NA_real_
  shown <- paste(utils::capture.output(print(once)), collapse = "\n")
  expect_match(shown, "# No values in: sd", fixed = TRUE)
  expect_false(grepl("\\bsd\\b.*No values", shown))
  expect_match(shown, ".estimate", fixed = TRUE)
  expect_identical(expect_invisible(print(once)), once)
  # Columns with a value are there, and so are all of an empty table.
  once$sd[[1]] <- 0.25
  expect_output(print(once, width = 200), "\\bsd\\b")
  expect_output(print(rows[0, ]), "0")
})
