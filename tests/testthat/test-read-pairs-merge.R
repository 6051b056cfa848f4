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
