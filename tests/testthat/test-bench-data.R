# What scripts of bench/ share: reading tables and judging scores.

write_rows <- function(root, folder, name, ...) {
  dir.create(file.path(root, folder), showWarnings = FALSE)
  writeLines(c(...), file.path(root, folder, name))
}

test_that("genes may be called NA, first rows count, and gaps drop a gene", {
  skip_without_bench()
  root <- withr::local_tempdir()
  write_rows(root, "splits", "none", "")
  write_rows(
    root, "expression", "x.tsv",
    "gene\ts-1\t2", "B\t1\t2.5", "NA\t3\t4", "B\t5\t6", "C\t\t7", "D'\t8\t9"
  )
  withr::local_envvar(MUSL_DATA = root)
  bench <- bench_functions("read-data")
  expect_identical(
    bench$read_table("expression", "x.tsv")$gene, c("B", "NA", "B", "C", "D'")
  )
  expect_identical(
    bench$read_matrix("expression", "x.tsv"),
    matrix(
      c(1, 3, 8, 2.5, 4, 9), 3,
      dimnames = list(c("B", "NA", "D'"), c("s-1", "2"))
    )
  )
})

test_that("the area under the curve is the rank sum test's statistic", {
  skip_without_bench()
  auroc <- bench_functions("bench-scores")$auroc
  withr::local_seed(1)
  score <- c(sample(8, 40, replace = TRUE), NA)
  label <- c(rep_len(c("SL", "non_SL", "non_SL"), 40), "SL")
  positive <- label == "SL"
  plain <- suppressWarnings(
    stats::wilcox.test(score[positive], score[!positive])$statistic
  )
  n <- table(positive[-41])
  expect_equal(auroc(score, label), unname(plain) / prod(n))
  expect_equal(auroc(score, as.integer(positive)), unname(plain) / prod(n))
})
