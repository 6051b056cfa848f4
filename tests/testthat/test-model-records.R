# Which screens and databases say something of a pair, and in which words.

recorded_table <- function() {
  row <- function(a, b, study, line, label, effect) {
    data.frame(
      gene_a = a, gene_b = b, study = study, line = line, label = label,
      effect = effect, measured = TRUE
    )
  }
  pairs <- rbind(
    row("A", "B", "one", "L1", "SL", -3), row("A", "B", "one", "L2", "SL", -2),
    row("A", "B", "two", NA, "non_SL", 0), row("A", "C", "one", "L1", "SL", -1),
    row("A", "C", "one", "L2", "non_SL", 1),
    row("A", "D", "one", "L1", "non_SL", 2),
    row("A", "E", "two", NA, "non_SL", -1),
    row("B", "C", "two", NA, "non_SL", 1),
    row("B", "D", "two", NA, "non_SL", 2), row("B", "E", "two", NA, "SL", -2)
  )
  pairs$source <- pairs$pubmed <- NA
  db <- data.frame(
    gene_a = c("C", "D"), gene_b = c("D", "E"), study = NA, line = NA,
    label = "SL", effect = NA, measured = FALSE, pubmed = c(NA, "123"),
    source = "a database"
  )
  rbind(pairs, db[names(pairs)])
}

told_of <- function(anchor, partner, label, measured) {
  known <- data.frame(gene_a = c("C", "D"), gene_b = c("D", "E"), label = "SL")
  object <- with_records(
    musl_example_model(), make_records(recorded_table(), LETTERS[1:5], known)
  )
  object@genes <- LETTERS[1:5]
  object@known <- tibble::as_tibble(known)
  label_reasons(tibble::tibble(
    anchor = anchor, partner = partner, known = !is.na(label),
    label = factor(label, list_labels), measured = measured
  ), object)
}

test_that("screens, lines of hits and databases are named", {
  expect_identical(
    told_of(
      c("B", "A", "A", "C", "D", "A"), c("A", "C", "E", "D", "E", "B"),
      c("SL", "SL", "no_hit", "SL", "SL", NA),
      c(TRUE, TRUE, TRUE, FALSE, FALSE, FALSE)
    ), c(
      "hit in 1 of 2 screens: one (L1, L2)", "hit in one (L1)",
      # Two of five pairs of the study are at least as strong.
      "measured in two: no hit", "recorded as SL in a database",
      "recorded as SL in a database (PMID 123)", NA
    )
  )
})

test_that("a pair that was nearly a hit says how strong it was", {
  # -1 is the lowest of 20.
  effect <- data.frame(
    gene_a = "A", gene_b = paste0("G", 1:20), study = "one", line = NA,
    label = rep(c("non_SL", "SL"), c(19, 1)), effect = c(-1, 1:19),
    measured = TRUE
  )
  genes <- c("A", effect$gene_b)
  records <- make_records(effect, genes, effect[0, c("gene_a", "gene_b")])
  object <- with_records(musl_example_model(), records)
  object@genes <- genes
  at <- pair_records(object, effect[c(1, 10), c("gene_a", "gene_b")])
  expect_identical(at$share, c(0.05, 0.5))
  expect_identical(
    vapply(split(at, at$row), measured_words, "", USE.NAMES = FALSE),
    paste0("measured in one: no hit", c(" (strongest 5 % in one)", ""))
  )
})

test_that("a label below a cut-off is no label of a database", {
  x <- data.frame(
    known = c(TRUE, TRUE, TRUE, TRUE, FALSE),
    label = c("SL", "SL", "no_hit", "non_SL", NA),
    measured = c(TRUE, FALSE, TRUE, FALSE, FALSE)
  )
  expect_identical(as.character(label_kind(x)), c(
    "hit in a screen", "recorded as SL", "no hit in a screen",
    "recorded as not SL", "new"
  ))
  label <- listed_label(c("SL", "non_SL", "non_SL"), c(TRUE, TRUE, FALSE))
  expect_identical(as.character(label), c("SL", "no_hit", "non_SL"))
})

test_that("a fit keeps where its labels are from, in its file too", {
  fit <- measured_fit(measured_data(recorded = TRUE), scorers = "features")
  pairs <- musl_pairs(measured_data(recorded = TRUE))
  hit <- pairs[pairs$measured & pairs$label == "SL", ][1, ]
  list <- musl_partners(fit, hit$gene_a, candidates = hit$gene_b)
  expect_match(list$why, paste0("^hit in .*", hit$study))
  file <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, file)
  again <- musl_partners(musl_load(file), hit$gene_a, candidates = hit$gene_b)
  expect_identical(again$why, list$why)
})
