# From scores to outcomes, held against R's own means, medians and correlations
# on random rows.

random_rows <- function(n = 60, seed = 1) {
  withr::with_seed(seed, {
    pair <- sample.int(6, n, TRUE)
    tibble::tibble(
      gene_a = paste0("A", pair), gene_b = paste0("B", pair),
      study = sample(c("s", "t"), n, TRUE),
      line = sample(c("x", "y", "z"), n, TRUE), query = NA_character_,
      score = sample(c(stats::rnorm(n - 6), NA, NaN, Inf, -Inf, NA, 0)),
      effect = -score, fdr = sample(c(stats::runif(n - 9), rep(NA, 9))),
      call = factor(sample(c("SL", "non_SL", NA), n, TRUE), pair_labels),
      n_rows = sample.int(3, n, TRUE)
    )
  })
}

test_that("means and medians of groups are those of their values", {
  x <- c(2, NA, 5, Inf, -1, NaN, 8, -Inf, 4, 4, 1)
  id <- c(1, 1, 2, 2, 2, 3, 5, 4, 5, 5, 5)
  mean <- each_group(x, id, 6, base::mean)
  expect_identical(mean, c(2, 2, NA, NA, 4.25, NA))
  # No group is said to have a mean that is no number.
  expect_false(any(is.nan(mean)))
  finite <- ifelse(is.finite(x), x, NA)
  expect_identical(
    each_group(finite, id, 6, stats::median), c(2, 2, NA, NA, 4, NA)
  )
})

test_that("averages of rows are those of their definitions", {
  for (seed in 1:4) {
    rows <- random_rows(seed = seed)
    by <- c("study", "line")
    got <- average_rows(rows, by, conflict = TRUE)
    key <- function(x) paste(x$gene_a, x$study, x$line)
    expect_identical(key(got$rows), unique(key(rows)))
    parts <- split(rows, factor(key(rows), unique(key(rows))))
    of <- function(f) unname(vapply(parts, f, 1))
    expect_equal(of(function(p) sum(p$n_rows)), got$rows$n_rows)
    expect_equal(nan_to_na(of(function(p) mean(p$score[is.finite(p$score)]))),
      got$rows$score
    )
    expect_equal(got$rows$effect, -got$rows$score)
    calls <- vapply(parts, function(p) {
      found <- unique(as.character(p$call[!is.na(p$call)]))
      if (length(found) == 1) found else NA_character_
    }, "")
    expect_identical(as.character(got$rows$call), unname(calls))
    both <- vapply(parts, function(p) all(pair_labels %in% p$call), NA)
    expect_identical(key(got$conflicting), names(parts)[both])

    # Over lines, half of the calls make a hit.
    mean <- average_rows(rows, "study", conflict = FALSE)
    expect_identical(nrow(mean$conflicting), 0L)
    key <- paste(rows$gene_a, rows$study)
    parts <- split(rows, factor(key, unique(key)))
    calls <- vapply(parts, function(p) {
      share <- mean(p$call == "SL", na.rm = TRUE)
      if (is.nan(share)) NA_character_ else pair_labels[[2 - (share >= 0.5)]]
    }, "")
    expect_identical(as.character(mean$rows$call), unname(calls))
    lines <- vapply(parts, function(p) length(unique(p$line)), 1L)
    expect_identical(mean$rows$line == "mean", unname(lines > 1))
  }
  single <- random_rows()[!duplicated(random_rows()$gene_a), ]
  expect_identical(average_rows(single, "study", TRUE)$rows, single)
})

test_that("replicates and days leave a line's name, of days the last counts", {
  named <- function(line, ...) {
    strip_runs(tibble::tibble(study = "s", line = line, ...))
  }
  # A word says it; a letter may be part of a name.
  words <- c(
    "HELA.day 21", "K562-rep1", "PC9 Replicate_2", "JURKAT_day18_rep_b",
    "MEWO", "REP1", "U2OS_repd", "HuP-T3", "PC9-R1", "HuP_T3", NA
  )
  got <- named(words)
  expect_identical(got$rows$line, c(
    "HELA", "K562", "PC9", "JURKAT", words[5:11]
  ))
  expect_identical(got$report$given, words[1:4])
  expect_identical(got$report$day, c(21, NA, NA, 18))
  # A letter that all lines have, with two digits or the same numbers each.
  expect_identical(
    named(c("HAP1_T12", "HAP1_T18", "RPE1.D24"))$rows$line, c("HAP1", "RPE1")
  )
  got <- named(c("X_d7_r1", "X_d3_r1", "Y_d3_r1", "Y_d7_r1"), row = 1:4)
  expect_identical(got$rows$row, c(1L, 4L))
  expect_identical(got$rows$line, c("X", "Y"))
  for (lines in list(
    c("HuP_T3", "HuP_T4", "SUP_T1"), c("X_D14", "X"), "Y_R1"
  )) {
    expect_identical(named(lines)$rows$line, lines)
  }
})
