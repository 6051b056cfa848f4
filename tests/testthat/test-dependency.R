screened <- function(x, ...) {
  musl_dependency("G01", x, loss = quarter, ...)
}

test_that("Wilcoxon's p-values are those of wilcox.test()", {
  x <- dependency_panel()
  effect <- panel_effect(x)
  lost <- panel_lost(x)
  out <- screened(x)
  for (i in seq_len(nrow(out))) {
    values <- effect[out$partner[i], ]
    test <- function(alternative) {
      stats::wilcox.test(
        values[lost], values[!lost], alternative,
        exact = FALSE
      )$p.value
    }
    expect_equal(out$p_two_sided[i], test("two.sided"), tolerance = 1e-10)
    expect_equal(out$p_less[i], test("less"), tolerance = 1e-10)
  }
})

test_that("counts, medians and Cliff's delta are those of plain R", {
  x <- dependency_panel()
  effect <- panel_effect(x)
  lost <- panel_lost(x)
  out <- screened(x)
  expect_identical(out$partner, setdiff(rownames(x), "G01"))
  for (i in seq_len(nrow(out))) {
    loss <- stats::na.omit(effect[out$partner[i], lost])
    rest <- stats::na.omit(effect[out$partner[i], !lost])
    expect_identical(out$n_loss[i], length(loss))
    expect_identical(out$n_rest[i], length(rest))
    expect_equal(out$median_loss[i], stats::median(loss))
    expect_equal(out$median_rest[i], stats::median(rest))
    expect_equal(out$difference[i], stats::median(loss) - stats::median(rest))
    won <- mean(sign(outer(loss, rest, `-`)))
    expect_equal(out$cliffs_delta[i], won, tolerance = 1e-12)
  }
  expect_identical(out$partner[which.min(out$p_value)], "G02")
})

test_that("lines with a blank lineage have none", {
  x <- dependency_panel()
  lineage <- SummarizedExperiment::colData(x)$lineage
  with_lineage <- function(given) {
    SummarizedExperiment::colData(x)$lineage <- given
    screened(x)
  }
  lineage[c(1, 2, 9, 10)] <- NA
  for (blank in c("", " ", "\t ")) {
    given <- replace(lineage, is.na(lineage), blank)
    expect_identical(with_lineage(given), with_lineage(lineage))
    expect_identical(with_lineage(factor(given)), with_lineage(lineage))
  }
})

# Dependency as categories: 0, or -1 in a few lines.
few_dependent <- function(n_lines = 400, n_lost = 40) {
  lost <- rep(c(TRUE, FALSE), c(n_lost, n_lines - n_lost))
  low <- list(one = 1, four = c(1:3, 100), ten = c(1:8, 100, 101))
  effect <- t(vapply(low, function(x) -(seq_len(n_lines) %in% x) + 0, lost + 0))
  colnames(effect) <- sprintf("line%03d", seq_len(n_lines))
  list(
    effect = effect, lost = lost, n = lengths(low),
    hits = vapply(low, function(x) sum(lost[x]), 0L)
  )
}

test_that("p-values of a few lines beside one common value are nearly exact", {
  given <- few_dependent()
  x <- SummarizedExperiment::SummarizedExperiment(list(effect = given$effect))
  out <- musl_dependency("anchor", x, groups = given$lost)
  exact <- stats::phyper(given$hits - 1, sum(given$lost), sum(!given$lost),
    given$n,
    lower.tail = FALSE
  )
  # The normal approximation is off by 1e2, 1e7 and 1e9.
  expect_true(all(abs(log10(out$p_less / exact)) < 1.7))
  expect_true(all(out$p_two_sided >= out$p_less))
})

test_that("one dependent line of a small lineage is no partner", {
  given <- few_dependent()
  # The first line is the only one of its lineage that lost the anchor.
  lineage <- ifelse(seq_along(given$lost) %in% c(1, 300:350), "few", "many")
  x <- SummarizedExperiment::SummarizedExperiment(
    list(effect = given$effect),
    colData = data.frame(lineage = lineage, row.names = colnames(given$effect))
  )
  out <- musl_dependency("anchor", x, groups = given$lost)
  expect_identical(unique(out$test), "van_elteren")
  # One of 52 lines at random.
  expect_gt(out$p_value[out$partner == "one"], 1 / 52 / 10)
})

test_that("van Elteren's p-values are those of coin", {
  skip_if_not_installed("coin")
  x <- dependency_panel(n_genes = 4)
  out <- screened(x)
  for (i in seq_len(nrow(out))) {
    data <- data.frame(
      y = panel_effect(x)[out$partner[i], ],
      lost = factor(panel_lost(x)),
      lineage = factor(SummarizedExperiment::colData(x)$lineage)
    )
    data <- stats::na.omit(data)
    size <- table(data$lineage)[data$lineage]
    data$ridit <- stats::ave(data$y, data$lineage, FUN = rank) / (size + 1)
    test <- coin::independence_test(
      ridit ~ lost | lineage, data,
      teststat = "scalar"
    )
    expect_equal(
      out$p_two_sided_stratified[i], as.double(coin::pvalue(test)),
      tolerance = 1e-10
    )
  }
})

test_that("false discovery rates are those of p.adjust()", {
  x <- dependency_panel()
  lost <- panel_lost(x)
  out <- musl_dependency(
    c("first", "second"), x,
    groups = anchor_groups(x, first = lost, second = rev(lost)), lineage = NULL
  )
  expect_identical(out$p_value, out$p_less)
  first <- out$anchor == "first"
  expect_equal(out$fdr[first], stats::p.adjust(out$p_value[first], "BH"))
  expect_equal(out$fdr[!first], stats::p.adjust(out$p_value[!first], "BH"))
  expect_equal(out$fdr_all, stats::p.adjust(out$p_value, "BH"))
})

test_that("several anchors give what each gives alone, on any threads", {
  x <- dependency_panel(n_genes = 40)
  together <- musl_dependency(c("G03", "G01"), x, loss = quarter, threads = 1)
  expect_identical(unique(together$anchor), c("G03", "G01"))
  alone <- musl_dependency("G01", x, loss = quarter, threads = 2)
  shared <- setdiff(names(together), "fdr_all")
  expect_identical(
    lapply(together[together$anchor == "G01", shared], identity),
    lapply(alone[shared], identity)
  )
  expect_identical(
    together, musl_dependency(c("G03", "G01"), x, loss = quarter, threads = 3)
  )
})

test_that("the order of lines and genes does not matter", {
  x <- dependency_panel()
  out <- screened(x)
  turned <- screened(x[rev(seq_len(nrow(x))), rev(seq_len(ncol(x)))])
  turned <- turned[match(out$partner, turned$partner), ]
  expect_equal(as.list(out), as.list(turned), ignore_attr = TRUE)
})

test_that("the test is stratified where lineages hold enough of both groups", {
  x <- dependency_panel()
  expect_identical(unique(screened(x)$test), "van_elteren")
  expect_identical(unique(screened(x, lineage = NULL)$test), "wilcoxon")
  # Lineages that tell the groups apart say nothing about loss.
  SummarizedExperiment::colData(x)$lineage <- ifelse(panel_lost(x), "a", "b")
  out <- screened(x)
  expect_identical(unique(out$test), "wilcoxon")
  expect_identical(unique(out$n_strata), 0L)
  expect_true(all(is.na(out$p_less_stratified)))
})

test_that("a gene without values or with too few has a row and no test", {
  x <- dependency_panel(gaps = 0)
  effect <- panel_effect(x)
  effect["G05", ] <- NA
  effect["G06", which(panel_lost(x))[-(1:4)]] <- NA
  effect["G07", ] <- 1
  SummarizedExperiment::assay(x, "effect") <- effect
  expect_musl_warning(out <- screened(x), "G05")
  bad <- out$partner %in% c("G05", "G06", "G07")
  expect_identical(is.na(out$p_value), bad)
  expect_identical(is.na(out$fdr), bad)
  expect_identical(out$n_loss[out$partner == "G05"], 0L)
  expect_identical(out$n_loss[out$partner == "G06"], 4L)
  expect_identical(out$cliffs_delta[out$partner == "G07"], 0)
  expect_equal(out$fdr[!bad], stats::p.adjust(out$p_value[!bad], "BH"))
})

test_that("infinite effects are ranked like others", {
  x <- dependency_panel(gaps = 0)
  effect <- panel_effect(x)
  effect["G04", 1:3] <- c(-Inf, Inf, -Inf)
  SummarizedExperiment::assay(x, "effect") <- effect
  out <- screened(x)
  finite <- effect["G04", ]
  finite[1:3] <- c(-99, 99, -99)
  expected <- stats::wilcox.test(
    finite[panel_lost(x)], finite[!panel_lost(x)],
    exact = FALSE
  )$p.value
  expect_equal(out$p_two_sided[out$partner == "G04"], expected)
})

test_that("assays may bear any names and be sparse or integer", {
  x <- dependency_panel(gaps = 0)
  out <- screened(x)
  plain <- SummarizedExperiment::assays(x)
  renamed <- SummarizedExperiment::SummarizedExperiment(
    list(effect = plain$effect, expression = as_sparse(plain$expression)),
    colData = data.frame(
      tissue = SummarizedExperiment::colData(x)$lineage,
      row.names = colnames(x)
    )
  )
  other <- screened(renamed, lineage = "tissue")
  expect_equal(as.list(out), as.list(other), ignore_attr = TRUE)
  SummarizedExperiment::assay(x, "effect") <- matrix(
    -seq_len(length(x) * ncol(x)), nrow(x),
    dimnames = dimnames(x)
  )
  expect_type(screened(x)$median_loss, "double")
})

test_that("data that are no screen are refused by name", {
  x <- dependency_panel()
  expect_input_error(musl_dependency("G01", panel_effect(x)))
  nameless <- x
  SummarizedExperiment::assayNames(nameless) <- c("expression", "chronos")
  expect_input_error(screened(nameless), "chronos")
  expect_input_error(screened(x, lineage = "tissue"), "tissue")
  expect_input_error(musl_dependency("G01", x, "damaging"), "damaging")
  doubled <- x
  rownames(doubled)[2] <- "G01"
  expect_gene_error(screened(doubled), "G01")
  unnamed <- x
  colnames(unnamed) <- NULL
  expect_input_error(screened(unnamed), "name")
  text <- with_assay(x, "effect", "a")
  expect_input_error(screened(text), "numbers")
  expect_input_error(screened(x, min_lines = 1))
})

test_that("an effect that rises with harm gives a warning", {
  x <- dependency_panel()
  groups <- panel_lost(x)
  risen <- x
  SummarizedExperiment::assay(risen, "effect") <- stats::pnorm(-panel_effect(x))
  expect_musl_warning(
    musl_dependency("G01", risen, groups = groups),
    "negative where a knock-out harms"
  )
  expect_warning(musl_dependency("G01", x, groups = groups), NA)
})

test_that("a column without a lineage is none", {
  x <- dependency_panel(gaps = 0)
  SummarizedExperiment::colData(x)$lineage <- NULL
  none <- x
  for (missing in c(NA_character_, "")) {
    SummarizedExperiment::colData(x)$lineage <- missing
    expect_silent(out <- screened(x))
    expect_identical(out, screened(none))
    expect_false(anyNA(out$p_value))
  }
  expect_input_error(
    screened(x, lineage = "lineage"), "missing in all 60 lines"
  )
})

test_that("a partner that few lines need is found though medians tie", {
  # 8 of 20 lines with loss respond; all other effects are 0.
  lost <- rep(c(TRUE, FALSE), c(20, 60))
  effect <- rbind(
    A = rep(0, 80), B = rep(c(-1, 0), c(8, 72)), C = -rep(c(0, 1), c(72, 8)),
    D = rep(c(0, -1), 40)
  )
  colnames(effect) <- sprintf("line%02d", 1:80)
  x <- SummarizedExperiment::SummarizedExperiment(list(effect = effect))
  expect_warning(
    out <- musl_dependency("X", x, groups = lost), "1: all values the same"
  )
  expect_identical(out$difference, c(0, 0, 0, 0))
  # All 8 dependent lines are among the 20 of 80.
  exact <- choose(20, 8) / choose(80, 8)
  expect_gt(out$p_value[[2]], exact)
  expect_lt(out$p_value[[2]], 10 * exact)
  expect_lt(out$fdr[[2]], 0.001)
  expect_match(utils::capture.output(print(out))[[2]], ": 1 of 4 partners")
  status <- ggplot2::autoplot(out)$data
  expect_identical(status$partner[status$status == "sensitised by loss"], "B")
  predictions <- data.frame(anchor = "X", partner = LETTERS[1:4], .score = 4:1)
  compared <- musl_compare(predictions, out, k = 2, bootstrap = 20, seed = 1)
  expect_identical(augment(compared)$gene[augment(compared)$hit], "B")
  # Without p-values of the rank test, by Cliff's delta.
  table <- as.data.frame(out)[
    c("anchor", "partner", "cliffs_delta", "difference", "fdr")
  ]
  again <- musl_compare(predictions, table, k = 2, bootstrap = 20, seed = 1)
  expect_identical(augment(again), augment(compared))
})

test_that("what lineages can't adjust for is told", {
  x <- dependency_panel(gaps = 0)
  lineage <- x$lineage
  lung <- (lineage == "lung") %in% TRUE
  expect_message(
    out <- musl_dependency("X", x, groups = lung), "without regard to lineage",
    class = "musl_message"
  )
  expect_identical(unique(out$test), "wilcoxon")
  expect_message(musl_dependency("X", x, groups = lung, lineage = NULL), NA)
  # A gene with values in one lineage of each group.
  lost <- panel_lost(x)
  empty <- ifelse(lost, lineage != "lung", lineage == "lung") %in% c(TRUE, NA)
  SummarizedExperiment::assay(x, "effect")["G05", empty] <- NA
  expect_warning(
    musl_dependency("X", x, groups = lost, min_lines = 2),
    "no lineage has lines of both groups"
  )
})
