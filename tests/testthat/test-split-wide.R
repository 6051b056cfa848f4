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

test_that("the published splits are read as base R counts them", {
  path <- data_file("splits", "pilsl_splits.tsv.gz")
  x <- utils::read.delim(path, na.strings = "", colClasses = "character")
  for (scheme in c("C1", "C2", "C3")) {
    table <- musl_fold_table(x, scheme)
    for (fold in 1:5) {
      column <- x[[paste0(scheme, "_", fold)]]
      rows <- table[table$fold == fold, ]
      expect_identical(rows$gene_a, x$gene_a[!is.na(column)])
      letters <- c(train = "r", validation = "d")
      letters[[scheme]] <- "t"
      expect_identical(unname(letters[rows$part]), column[!is.na(column)])
    }
  }
  # A blank is no part, whichever way the table was read.
  y <- suppressMessages(read_pairs(path))
  kept <- x$gene_a != x$gene_b
  expect_identical(
    musl_fold_table(y, "C2")$part, musl_fold_table(x[kept, ], "C2")$part
  )
})

test_that("the fixed benchmark makes splits, one scheme at a time", {
  path <- data_file("splits", "benchmark_random.tsv.gz")
  x <- utils::read.delim(path, na.strings = "")
  genes <- unique(c(x$gene_a, x$gene_b))
  d <- musl_data(embeddings = matrix(
    seq_along(genes), dimnames = list(genes, NULL)
  ))
  one <- x[x$scheme == "gene" & x$fold == 2, ]
  split <- musl_split(d, table = one, seed = 1)
  parts <- musl_parts(split, 1)
  for (part in c("C2", "C3")) {
    rows <- one[one$part == part, ]
    expect_identical(parts[[part]]$gene_a, rows$gene_a)
    expect_identical(as.integer(parts[[part]]$label == "SL"), rows$label)
  }
  expect_error(
    musl_split(d, table = x), "several splits", class = "musl_error_leakage"
  )
})
