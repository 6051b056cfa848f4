# Several rows of one pair become one.

# What a plain loop over the rows of each pair makes of a column.
joined_by <- function(text, pair, join) {
  parts <- split(text, factor(pair, unique(pair)))
  unname(vapply(parts, function(x) {
    x <- unique(x[!is.na(x) & nzchar(x)])
    if (length(x) == 0) NA_character_ else join(x)
  }, ""))
}

test_that("columns of repeated pairs are joined as by a plain loop", {
  withr::local_seed(4)
  pasted <- function(x) paste(x, collapse = ";")
  for (n_partners in c(2, 5, 20, 200)) {
    n <- 300
    given <- tibble::tibble(
      gene_a = "A", gene_b = paste0("B", sample(n_partners, n, TRUE)),
      label = "SL",
      source = sample(c("x", "y", "", "z", NA), n, TRUE),
      evidence = as.character(sample(50, n, TRUE)),
      score = sprintf("%.1f", sample(40, n, TRUE) / 10)
    )
    read <- suppressMessages(read_pairs(given))
    pair <- given$gene_b
    expect_identical(read$gene_b, unique(pair))
    expect_identical(read$n_rows, as.vector(table(factor(pair, unique(pair)))))
    expect_identical(read$source, joined_by(given$source, pair, pasted))
    expect_identical(read$evidence, joined_by(given$evidence, pair, pasted))
    expect_identical(read$score, as.numeric(
      joined_by(given$score, pair, function(x) x[[which.max(as.numeric(x))]])
    ))
  }
})

test_that("scores that are not all numbers are joined as words are", {
  given <- tibble::tibble(
    gene_a = "A", gene_b = c("B", "B", "C", "C", "D"), label = "SL",
    score = c("high", "2", "1", "3", "low")
  )
  read <- suppressMessages(read_pairs(given))
  expect_identical(read$score, c("high;2", "3", "low"))
})

test_that("measured pairs of a file go into musl_data() row by row", {
  pairs <- data.frame(
    gene_a = c("A", "A", "B"), gene_b = c("B", "B", "C"),
    label = c("SL", "non_SL", "SL"), study = "mine",
    line = c("X", "Y", NA), query = c(NA, "B", "C"),
    measured = c(TRUE, TRUE, FALSE), weight = c(1, 0.5, 1),
    effect = c(-2, 0.25, NA), score = c(1e5, 2, NA)
  )
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(pairs, path, row.names = FALSE)
  # What would have no effect.
  genes <- data.frame(symbol = "A", entrez = "1", ensembl = NA)
  cnd <- expect_input_error(
    read_pairs(path, merge = FALSE, annotation = genes), "musl_map_genes"
  )
  expect_identical(cnd$argument, "annotation")
  x <- read_pairs(path, merge = FALSE)
  for (column in names(pairs)[-3]) {
    expect_identical(x[[!!column]], pairs[[!!column]])
  }
  m <- matrix(1:12 + 0.5, 3, dimnames = list(c("A", "B", "C"), NULL))
  given <- function(pairs) {
    d <- suppressMessages(musl_data(m, pairs = pairs, scale = "log"))
    musl_pairs(d)[names(pairs)]
  }
  expect_identical(given(x[1:2, names(pairs)]), given(pairs[1:2, ]))
  # Text that is no number stays.
  writeLines(c("gene_a,gene_b,effect,measured", "A,B,low,perhaps"), path)
  x <- read_pairs(path, merge = FALSE)
  expect_identical(c(x$effect, x$measured), c("low", "perhaps"))
})
