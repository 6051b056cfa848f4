wide <- function() {
  data.frame(
    gene_a = c("g2", "g1", "g3"), gene_b = c("g1", "g3", "g4"),
    label = c(1, 0, 1),
    C1_1 = c("r", "d", "t"), C1_2 = c("", "t", NA), C2_1 = c("t", "r", "r"),
    C10_1 = "r"
  )
}

test_that("a column a fold becomes a row a fold", {
  table <- musl_fold_table(wide(), "C1")
  expect_identical(as.list(table), list(
    gene_a = c("g2", "g1", "g3", "g1"), gene_b = c("g1", "g3", "g4", "g3"),
    label = c(1, 0, 1, 0),
    part = c("train", "validation", "C1", "C1"),
    fold = c(1L, 1L, 1L, 2L)
  ))
  expect_identical(
    musl_fold_table(wide(), "C2", test = "test")$part,
    c("test", "train", "train")
  )
  long <- transform(wide(), C1_1 = c("train", "dev", "test"))
  expect_identical(musl_fold_table(long, "C1"), table)
})

test_that("musl_split() reads what musl_fold_table() makes", {
  drawn <- musl_split(pairs_data(), "random", folds = 3, seed = 1)
  x <- drawn$pairs
  letter <- c(train = "r", validation = "d", C1 = "t")
  for (fold in 1:3) {
    x[[paste0("C1_", fold)]] <- unname(
      letter[as.character(drawn$assignment[[fold]])]
    )
  }
  split <- musl_split(
    pairs_data(), table = musl_fold_table(x, "C1"), seed = 1
  )
  for (fold in 1:3) {
    expect_identical(musl_parts(split, fold), musl_parts(drawn, fold))
  }
})

test_that("tables without such columns are refused", {
  refuse <- function(x, scheme, message, ...) {
    expect_error(
      musl_fold_table(x, scheme, ...), message, class = "musl_error_input"
    )
  }
  refuse(wide(), "C3", "C3_1")
  refuse(wide()[-3], "C1", "label")
  refuse(wide()[-1], "C1", "gene_a")
  refuse(transform(wide(), C1_2 = "x"), "C1", "C1_2")
  refuse(wide(), "C10", "one of", test = "C10")
})
