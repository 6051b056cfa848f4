# One gene with 80 SL pairs or so, twelve with 30, the others with few, none
# without a pair.
hub_data <- function(seed = 1, n_genes = 300) {
  genes <- sprintf("G%03d", seq_len(n_genes))
  weight <- c(80, rep(30, 12), rep(2, n_genes - 13))
  ends <- withr::with_seed(seed, {
    a <- c(seq_len(n_genes), sample.int(n_genes, 4000, TRUE, prob = weight))
    b <- c(2:n_genes, 1, sample.int(n_genes, 4000, TRUE))
    ends <- unique(data.frame(a = pmin(a, b), b = pmax(a, b))[a != b, ])
    ends[sample.int(1200), ]
  })
  new_musl_data(genes = genes, pairs = tibble::tibble(
    gene_a = genes[ends$a], gene_b = genes[ends$b],
    label = factor(rep(pair_labels, each = 600), pair_labels)
  ))
}

sl_degree <- function(data) {
  sl <- data@pairs[data@pairs$label == "SL", ]
  table(factor(c(sl$gene_a, sl$gene_b), data@genes))
}

fold_degrees <- function(split, data) {
  degree <- sl_degree(data)[names(split$gene_fold)]
  as.vector(tapply(degree, split$gene_fold, sum))
}

test_that("hubs are spread evenly over the folds", {
  d <- hub_data()
  degree <- sl_degree(d)
  by_chance <- withr::with_seed(1, replicate(10, {
    diff(range(tapply(degree, sample(rep_len(1:3, length(degree))), sum)))
  }))
  spread <- vapply(1:10, function(seed) {
    split <- musl_split(d, folds = 3, seed = seed)
    expect_identical(as.vector(table(split$gene_fold)), rep(100L, 3))
    diff(range(fold_degrees(split, d)))
  }, 1)
  expect_lt(mean(spread), mean(by_chance) / 2)
  # Genes of one block of three go to three folds.
  split <- musl_split(d, folds = 3, seed = 1)
  order <- sort(degree[names(split$gene_fold)], decreasing = TRUE)
  strict <- names(order)[1:3]
  if (order[[3]] > order[[4]]) {
    expect_setequal(split$gene_fold[strict], 1:3)
  }
})

test_that("validation genes are spread along the hubs as well", {
  d <- hub_data()
  degree <- sl_degree(d)
  held <- lapply(1:12, function(seed) {
    split <- musl_split(d, folds = 3, validation = 0.2, seed = seed)
    parts <- musl_parts(split, 1)
    open <- names(which(split$gene_fold != 1))
    list(open = open, held = setdiff(open, part_genes(parts$train)))
  })
  of_held <- vapply(held, function(x) sum(degree[x$held]), 1)
  by_chance <- withr::with_seed(1, vapply(held, function(x) {
    sum(degree[sample(x$open, length(x$held))])
  }, 1))
  expect_lt(sd(of_held), sd(by_chance))
})

test_that("a group of genes stays in one fold and is held out together", {
  d <- hub_data()
  family <- withr::with_seed(1, sample(rep(1:60, each = 5)))
  groups <- stats::setNames(paste("family", family), d@genes)
  alone <- c("G001", "G002")
  by <- replace(groups, alone, alone)
  groups[alone] <- NA
  check <- function(groups) {
    split <- musl_split(d, folds = 4, groups = groups, seed = 1)
    fold <- split$gene_fold
    of_group <- tapply(fold, by[names(fold)], function(x) length(unique(x)))
    expect_true(all(of_group == 1))
    expect_lte(diff(range(table(fold))), 10)
    parts <- musl_parts(split, 1)
    # A held-out pair has a gene that no relative in training gives away.
    seen <- by[part_genes(parts$train)]
    held <- parts$validation
    expect_false(any(by[held$gene_a] %in% seen & by[held$gene_b] %in% seen))
    split
  }
  split <- check(groups)
  table <- data.frame(gene = names(groups), group = factor(groups))
  expect_identical(check(table)$gene_fold, split$gene_fold)
})

test_that("groups and folds that do not fit are refused by name", {
  d <- hub_data()
  large <- stats::setNames(rep("HOX", 90), d@genes[1:90])
  expect_input_error(
    musl_split(d, folds = 5, groups = large), "HOX.*90 genes.*G001"
  )
  few <- pairs_data(n_genes = 8, n_pairs = 28)
  expect_input_error(musl_split(few, folds = 9), "9 folds of 8 genes")
  expect_input_error(musl_split(d, groups = data.frame(gene = "a")), "group")
  expect_input_error(musl_split(d, groups = 1:3))
  expect_input_error(musl_split(d, "random", groups = large), "family")
  expect_input_error(musl_split(d, groups = "embedding"))
})

test_that("groups that name no gene of the pairs are refused", {
  d <- hub_data()
  ensembl <- stats::setNames(rep(c("F1", "F2"), 50), sprintf("ENSG%03d", 1:100))
  for (setting in c("inductive", "family")) {
    expect_input_error(
      musl_split(d, setting, groups = ensembl, seed = 1), "ENSG001.*G001"
    )
  }
  split <- musl_split(d, folds = 3, seed = 1)
  error <- expect_input_error(
    musl_leaks(split, families = ensembl), "families.*ENSG001"
  )
  expect_identical(error$argument, "families")
  expect_input_error(musl_leaks(split, families = "F1"), "families")
  # One gene of the pairs is enough: other families may be elsewhere.
  one <- c(ensembl, G001 = "F1")
  expect_silent(musl_split(d, folds = 3, groups = one, seed = 1))
})

test_that("genes whose group is a blank are alone, not relatives", {
  d <- hub_data()
  blank <- data.frame(gene = d@genes, group = rep(c("", " "), each = 150))
  blank$group[1:60] <- rep(sprintf("F%02d", 1:20), 3)
  told <- blank[1:60, ]
  expect_identical(blank$gene, d@genes)
  for (setting in c("inductive", "family")) {
    expect_identical(
      musl_split(d, setting, folds = 3, groups = blank, seed = 1),
      musl_split(d, setting, folds = 3, groups = told, seed = 1)
    )
  }
  split <- musl_split(d, folds = 3, seed = 1)
  expect_identical(
    musl_leaks(split, families = blank), musl_leaks(split, families = told)
  )
})

test_that("a ratio without negatives and leakage without a table are refused", {
  d <- hub_data()
  cnd <- caught(musl_split(d, folds = 2, ratio = 3))
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "ratio")
  cnd <- caught(musl_split(d, folds = 2, leakage = "report"))
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "leakage")
  split <- musl_split(d, folds = 2, negatives = "random", ratio = 1, seed = 1)
  expect_identical(split$ratio, 1)
})
