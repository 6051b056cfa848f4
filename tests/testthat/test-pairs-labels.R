dependency_rows <- function(...) {
  tibble::tibble(
    gene_a = c("A", "B", "A", "C"), gene_b = c("B", "A", "B", "D"),
    label = c(1, 0, 1, 0), study = c("one", "two", "db", "one"),
    measured = c(TRUE, TRUE, FALSE, TRUE), effect = c(-2, 0.5, NA, 0), ...
  )
}

test_that("measured rows of a pair are kept apart by study, and told", {
  d <- screen_data(dependency_rows())
  pairs <- musl_pairs(d)
  expect_identical(nrow(pairs), 4L)
  expect_identical(pairs$gene_a, c("A", "A", "A", "C"))
  expect_identical(pairs$weight, rep(1, 4))
  opposite <- musl_report(d)$opposite_pairs
  expect_identical(opposite$gene_a, "A")
  expect_identical(opposite$n_SL, 2L)
  expect_identical(opposite$n_non_SL, 1L)
  expect_output(print(d), "measured(3): 2 studies, 1 SL", fixed = TRUE)
  expect_identical(nrow(musl_pairs(d[c("A", "B")])), 3L)
})

test_that("rows of one pair, study, line and query are merged", {
  rows <- dependency_rows(line = c("x", "y", "x", "x"))
  again <- rbind(rows, rows[c(1, 3), ])
  again$gene_a[5] <- "B"
  again$gene_b[5] <- "A"
  d <- screen_data(again)
  expect_identical(nrow(musl_pairs(d)), 4L)
  expect_identical(musl_report(d)$duplicated_pairs$n_rows, c(2L, 2L))
  # Of a recorded pair the study does not keep rows apart.
  recorded <- rows[c(3, 3), ]
  recorded$study <- c("one", "two")
  expect_identical(nrow(musl_pairs(screen_data(recorded))), 1L)
  # Both labels in one study and line.
  both <- rows[c(1, 1), ]
  both$label <- c(1, 0)
  expect_warning(
    musl_data(
      matrix(1:8 + 0, 2, dimnames = list(c("A", "B"), NULL)),
      pairs = both, scale = "log"
    ),
    "both labels"
  )
})

test_that("tables without these columns hold recorded pairs of weight 1", {
  pairs <- musl_pairs(tiny_data())
  expect_false(any(is_measured(pairs)))
  expect_identical(pair_weight(pairs), rep(1, nrow(pairs)))
  labelled <- labelled_pairs(pairs)
  expect_false(any(labelled$measured))
  expect_true(all(labelled$weight == 1))
  expect_true(all(is.na(labelled$effect)))
})

test_that("weights, effects, measured, studies and queries are checked", {
  refuse <- function(column, value, class = "musl_error_input") {
    rows <- dependency_rows()
    rows[[column]] <- value
    expect_error(canonical_pairs(rows), column, class = class)
  }
  refuse("weight", c(1, 1, 1, 1.01))
  refuse("weight", c(1, -0.01, 1, 1))
  refuse("weight", c(1, NA, 1, 1))
  refuse("weight", "1")
  refuse("effect", c(1, Inf, 0, 0))
  refuse("effect", "strong")
  refuse("measured", c(TRUE, NA, TRUE, TRUE))
  refuse("measured", 1)
  refuse("study", c("one", NA, "db", "one"))
  refuse("study", c("one", "", "db", "one"))
  refuse("query", c("A", "A", "A", "E"))
  expect_input_error(canonical_pairs(dependency_rows()[-4]), "study")
  rows <- dependency_rows(weight = c(0, 1, 0.5, 1))
  rows$study[3] <- NA
  rows$effect[4] <- NaN
  kept <- suppressMessages(canonical_pairs(rows))$pairs
  expect_identical(kept$weight, c(0, 1, 0.5, 1))
  expect_identical(kept$effect, c(-2, 0.5, NA, NA))
})

test_that("a list of tables is one table of recorded and measured pairs", {
  recorded <- data.frame(
    gene_a = sprintf("G%03d", 1:10), gene_b = sprintf("G%03d", 11:20),
    label = rep(1:0, each = 5), study = "db", score = letters[1:10]
  )
  measured <- measured_table(2)
  measured$score <- 1
  values <- withr::with_seed(1, matrix(
    stats::rnorm(400), 40,
    dimnames = list(sprintf("G%03d", 1:40), NULL)
  ))
  of <- function(pairs) {
    suppressMessages(musl_data(values, pairs = pairs, scale = "log"))
  }
  pairs <- musl_pairs(of(list(recorded, measured)))
  n <- nrow(measured)
  expect_identical(nrow(pairs), 10L + n)
  expect_identical(pairs$measured, rep(c(FALSE, TRUE), c(10, n)))
  expect_identical(
    as.character(pairs$label), c(
      rep(c("SL", "non_SL"), each = 5), as.character(measured$label)
    )
  )
  expect_identical(pairs$effect, c(rep(NA, 10), measured$effect))
  expect_identical(pairs$weight[1:10], rep(1, 10))
  # What differs in type becomes text.
  expect_identical(pairs$score, c(letters[1:10], rep("1", n)))

  expect_identical(of(list(measured))@pairs, of(measured)@pairs)
  expect_input_error(of(list(recorded, measured$gene_a)), "pairs\\[\\[2\\]\\]")
  recorded$label <- 2
  expect_input_error(of(list(measured, recorded)), "pairs\\[\\[2\\]\\].*SL")
})

test_that("all rows of a pair go to one part, whatever the split", {
  d <- screen_data(measured_table(3))
  keys <- pair_keys(musl_pairs(d))
  expect_gt(anyDuplicated(keys), 0)
  for (setting in c("random", "inductive")) {
    split <- musl_split(d, setting, folds = 3, seed = 1)
    for (part in split$assignment) {
      parts <- tapply(as.character(part), keys, function(x) length(unique(x)))
      expect_true(all(parts == 1))
    }
    expect_identical(nrow(musl_leaks(split)), 0L)
    expect_true(all(label_columns[c(1, 2, 4, 5, 6)] %in% names(split$pairs)))
  }
  held <- hold_out(labelled_pairs(d@pairs), "pairs", 0.2, NULL, 1, d@genes)
  expect_false(any(pair_keys(held$training) %in% pair_keys(held$validation)))
  expect_identical(nrow(held$training) + nrow(held$validation), nrow(d@pairs))
})

test_that("a model learns from, keeps and predicts pairs of several studies", {
  skip_without_backend()
  d <- screen_data(measured_table(3))
  fit <- suppressWarnings(musl_fit(
    d,
    architecture = musl_architecture(encoders = "descriptors"),
    control = musl_control(ensemble = 1, epochs = 1, seed = 1, threads = 1),
    progress = FALSE
  ))
  keys <- pair_keys(fit@known)
  expect_identical(anyDuplicated(keys), 0L)
  # Measured pairs are marked apart from those that somebody recorded.
  recorded <- d@pairs[!d@pairs$measured & d@pairs$label %in% "SL", ]
  expect_setequal(keys[fit@known$label == "SL"], unique(pair_keys(recorded)))
  file <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, file)
  partners <- musl_partners(musl_load(file), "G001")
  expect_identical(anyDuplicated(partners$partner), 0L)
})

test_that("a table's folds keep studies apart, and name a pair in two parts", {
  genes <- sprintf("g%d", 1:9)
  table <- tibble::tibble(
    gene_a = c("g1", "g2", "g3", "g4", "g5", "g5", "g1", "g7"),
    gene_b = c("g2", "g1", "g4", "g5", "g6", "g6", "g3", "g8"),
    label = c(1, 0, 1, 0, 1, 0, 0, 1), measured = TRUE,
    study = c("one", "two", "one", "one", "one", "two", "two", "one"),
    part = c("train", "train", "train", "train", "C1", "C1", "dev", "dev")
  )
  split <- musl_split(new_musl_data(genes = genes), table = table, seed = 1)
  parts <- musl_parts(split, 1)
  # Two studies disagree on g1 - g2 and on g5 - g6.
  expect_identical(nrow(parts$train), 4L)
  expect_identical(parts$C1$study, c("one", "two"))
  expect_identical(as.character(parts$C1$label), c("SL", "non_SL"))
  table$part[2] <- "C1"
  expect_leakage_error(
    musl_split(new_musl_data(genes = genes), table = table, seed = 1), "g1"
  )
})

test_that("blank lines and queries are missing", {
  rows <- dependency_rows(
    line = c("x", "", " ", NA), query = c("A", "", NA, " ")
  )
  d <- screen_data(rows)
  expect_identical(musl_pairs(d)$line, c("x", NA, NA, NA))
  expect_identical(musl_pairs(d)$query, c("A", NA, NA, NA))
  expect_output(
    print(d), "measured(3): 2 studies, 1 line, 1 query, 1 SL", fixed = TRUE
  )
})
