test_that("the ends of a pair are in byte order, whatever the locale", {
  ends <- order_pair(c("b", "a", "A", "a10"), c("B", "b", "A", "a1"))
  expect_identical(ends$a, c("B", "a", "A", "a1"))
  expect_identical(ends$b, c("b", "b", "A", "a10"))
})

test_that("order_pair() agrees with a comparison byte by byte", {
  withr::local_seed(1)
  letters <- c("a", "A", "1", "-", "_", "z", "Z", "\u00e9")
  word <- function() paste(sample(letters, 3, TRUE), collapse = "")
  a <- vapply(1:200, function(i) word(), "")
  b <- vapply(1:200, function(i) word(), "")
  first <- ifelse(mapply(precedes, a, b), a, b)
  expect_identical(order_pair(a, b)$a, unname(first))
})

test_that("order_pair() takes factors by label and keeps missing ends", {
  expect_identical(order_pair(factor("b", c("b", "a")), "a")$a, "a")
  expect_identical(order_pair("b", NA), list(a = "b", b = NA_character_))
  expect_identical(order_pair(character(), character())$a, character())
})

test_that("both orders of a pair have one key", {
  expect_identical(pair_key("b", "B"), pair_key("B", "b"))
  expect_false(pair_key("AB", "C") == pair_key("A", "BC"))
})

test_that("labels are understood in all their forms", {
  labels <- factor(c("SL", "non_SL", NA), levels = c("SL", "non_SL"))
  for (given in list(
    c(1, 0, NA), c(1L, 0L, NA), c(TRUE, FALSE, NA), c("SL", "non_SL", NA),
    c("1", "0", NA), factor(c("SL", "non_SL", NA), c("non_SL", "SL"))
  )) {
    x <- data.frame(gene_a = "A", gene_b = c("B", "C", "D"), label = given)
    expect_identical(canonical_pairs(x)$pairs$label, labels)
  }
})

test_that("a table without labels is unlabelled, unless they are needed", {
  x <- data.frame(gene_a = "A", gene_b = "B")
  expect_identical(
    canonical_pairs(x)$pairs$label, factor(NA, levels = c("SL", "non_SL"))
  )
  expect_input_error(canonical_pairs(x, need_label = TRUE))
})

test_that("an empty table gives an empty table with the right columns", {
  x <- data.frame(gene_a = character(), gene_b = character(), score = double())
  pairs <- canonical_pairs(x)$pairs
  expect_identical(names(pairs), c("gene_a", "gene_b", "label", "score"))
  expect_identical(nrow(pairs), 0L)
})

test_that("further columns stay with their row", {
  x <- tibble::tibble(
    cell_line = c("x", "y", "z"), gene_b = c("A", "C", "A"),
    gene_a = c("B", "A", "B"), label = c(NA, 1, 1)
  )
  pairs <- canonical_pairs(x)$pairs
  expect_identical(names(pairs), c("gene_a", "gene_b", "label", "cell_line"))
  # The labelled row of a pair goes before the unlabelled one.
  expect_identical(pairs$cell_line, c("z", "y"))
})

test_that("duplicates, self pairs and conflicts agree with a plain loop", {
  withr::local_seed(2)
  x <- tibble::tibble(
    gene_a = sample(c("A", "b", "C", "d"), 60, TRUE),
    gene_b = sample(c("A", "b", "C", "d", "E"), 60, TRUE),
    label = sample(c("SL", "non_SL", NA), 60, TRUE, c(.8, .1, .1))
  )
  found <- list()
  n_self <- 0
  for (i in seq_len(nrow(x))) {
    if (x$gene_a[i] == x$gene_b[i]) {
      n_self <- n_self + 1
      next
    }
    swap <- !precedes(x$gene_a[i], x$gene_b[i])
    ends <- c(x$gene_a[i], x$gene_b[i])
    key <- paste(if (swap) rev(ends) else ends, collapse = "-")
    found[[key]] <- c(found[[key]], x$label[i])
  }
  labels <- lapply(found, function(l) unique(l[!is.na(l)]))
  conflicts <- names(found)[lengths(labels) == 2]
  merged <- names(found)[lengths(found) > 1 & lengths(labels) < 2]
  keys <- function(p) paste(p$gene_a, p$gene_b, sep = "-")

  expect_warning(got <- canonical_pairs(x), class = "musl_warning_other")
  expect_identical(keys(got$pairs), setdiff(names(found), conflicts))
  expect_identical(
    as.character(got$pairs$label),
    unname(vapply(labels[keys(got$pairs)], function(l) c(l, NA)[1], ""))
  )
  expect_identical(nrow(got$report$self), as.integer(n_self))
  expect_setequal(keys(got$report$conflicting), conflicts)
  expect_setequal(keys(got$report$duplicated), merged)
  expect_identical(
    got$report$duplicated$n_rows,
    unname(lengths(found[keys(got$report$duplicated)]))
  )
})

test_that("factor columns count by their labels", {
  x <- data.frame(
    gene_a = factor("A", c("Z", "A")), gene_b = factor("B", c("Z", "Y", "B"))
  )
  expect_identical(canonical_pairs(x)$pairs$gene_a, "A")
  expect_identical(canonical_pairs(x)$pairs$gene_b, "B")
})

test_that("errors of a table of pairs say what was found", {
  bad <- function(...) canonical_pairs(data.frame(...))
  expect_snapshot(canonical_pairs(list(1)), error = TRUE, cran = TRUE)
  expect_snapshot(bad(gene1 = "A", gene2 = "B"), error = TRUE, cran = TRUE)
  expect_snapshot(bad(gene_a = 8289, gene_b = "B"), error = TRUE, cran = TRUE)
  expect_snapshot(
    bad(gene_a = c("A", NA, ""), gene_b = "B"),
    error = TRUE, cran = TRUE
  )
  expect_snapshot(
    bad(gene_a = "A", gene_b = "B", label = c("SL", "yes")),
    error = TRUE, cran = TRUE
  )
})

test_that("a conflict is told with its pairs", {
  x <- data.frame(gene_a = c("A", "B"), gene_b = c("B", "A"), label = 1:0)
  expect_snapshot(invisible(canonical_pairs(x)), cran = TRUE)
})
