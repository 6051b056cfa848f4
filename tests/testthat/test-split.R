test_that("a random split deals every pair into one test part, labels evenly", {
  d <- pairs_data()
  split <- musl_split(d, "random", folds = 5, seed = 1)
  expect_s3_class(split, "musl_split")
  tested <- lapply(1:5, function(f) musl_parts(split, f)$C1)
  expect_setequal(pair_key_of(do.call(rbind, tested)), pair_key_of(d@pairs))
  expect_identical(sum(vapply(tested, nrow, 1L)), nrow(d@pairs))
  expect_identical(
    vapply(tested, function(p) sum(p$label == "SL"), 1L), rep(40L, 5)
  )
  parts <- musl_parts(split, 1)
  expect_named(parts, c("train", "validation", "C1"))
  # 480 pairs outside the test part, 10 % of each label held out.
  expect_identical(nrow(parts$validation), 48L)
  expect_identical(sum(parts$validation$label == "SL"), 16L)
  expect_identical(nrow(parts$train), 432L)
})

test_that("a gene split sorts pairs by their test and validation genes", {
  d <- pairs_data()
  split <- musl_split(d, "inductive", folds = 3, validation = 0.2, seed = 2)
  expect_setequal(names(split$gene_fold), part_genes(d@pairs))
  expect_setequal(as.integer(table(split$gene_fold)), 20L)
  for (fold in 1:3) {
    parts <- musl_parts(split, fold)
    test <- names(split$gene_fold)[split$gene_fold == fold]
    seen <- part_genes(parts$train)
    expect_length(intersect(seen, test), 0)
    expect_true(all(part_genes(parts$C3) %in% test))
    expect_identical(
      (parts$C2$gene_a %in% test) + (parts$C2$gene_b %in% test),
      rep(1L, nrow(parts$C2))
    )
    held <- setdiff(part_genes(parts$validation), seen)
    expect_length(intersect(part_genes(parts$validation), test), 0)
    expect_length(intersect(part_genes(parts$C2), held), 0)
    expect_true(all(
      parts$validation$gene_a %in% held | parts$validation$gene_b %in% held
    ))
    expect_lte(length(held), 8) # 20 % of 40
    unused <- split$pairs[split$assignment[[fold]] == "unused", ]
    expect_identical(
      (unused$gene_a %in% test) + (unused$gene_b %in% test),
      rep(1L, nrow(unused))
    )
    expect_true(all(unused$gene_a %in% held | unused$gene_b %in% held))
  }
})

test_that("a transductive split is the same folding and may lack C3", {
  d <- pairs_data()
  a <- musl_split(d, "inductive", folds = 3, seed = 3)
  b <- musl_split(d, "transductive", folds = 3, seed = 3)
  expect_identical(a$assignment, b$assignment)
  expect_identical(b$setting, "transductive")

  # Six test genes and two pairs a gene: hardly any pair has two test genes.
  sparse <- pairs_data(n_genes = 60, n_pairs = 120)
  expect_input_error(
    musl_split(sparse, "inductive", folds = 10, validation = 0.3, seed = 1),
    "Part C3.*transductive"
  )
  split <- musl_split(
    sparse, "transductive",
    folds = 10, validation = 0.3, seed = 1
  )
  expect_false("C3" %in% required_parts(split, 1))
})

test_that("the seed decides, and R's generator is left as it was", {
  d <- pairs_data()
  withr::local_seed(5)
  before <- .Random.seed
  a <- musl_split(d, folds = 3, seed = 1)
  expect_identical(.Random.seed, before)
  expect_identical(musl_split(d, folds = 3, seed = 1), a)
  expect_false(identical(
    musl_split(d, folds = 3, seed = 2)$assignment, a$assignment
  ))
  drawn <- musl_split(d, folds = 3)
  expect_identical(musl_split(d, folds = 3, seed = drawn$seed), drawn)
})

test_that("pairs without a label take no part and `sampled` is kept", {
  d <- pairs_data()
  d@pairs$label[1:10] <- NA
  d@pairs$sampled <- d@pairs$label %in% "non_SL"
  d@pairs$note <- "x"
  split <- musl_split(d, "random", folds = 3, seed = 1)
  expect_identical(nrow(split$pairs), 590L)
  expect_named(split$pairs, c("gene_a", "gene_b", "label", "sampled"))
})

test_that("parts that would be empty or of one label are named with a remedy", {
  expect_error(
    musl_split(pairs_data(), validation = 0.01, seed = 1), # 1 % of 48 genes
    "Part validation of fold 1.*Raise", class = "musl_error_input"
  )
  expect_input_error(
    musl_split(pairs_data(n_pairs = 30), "random", folds = 30, seed = 1),
    "fold 1"
  )
  only_non <- pairs_data()
  only_non@pairs$label[] <- "non_SL"
  expect_input_error(musl_split(only_non), "both labels")
  none <- pairs_data()
  none@pairs <- none@pairs[0, ]
  expect_input_error(musl_split(none), "musl_data")
})

test_that("arguments out of range are refused", {
  d <- pairs_data()
  expect_input_error(musl_split(1))
  expect_input_error(musl_split(d, "cv1"))
  expect_input_error(musl_split(d, folds = 1))
  expect_input_error(musl_split(d, validation = 0.9))
  expect_input_error(musl_split(d, seed = -1))
  expect_input_error(musl_split(d, seeds = 3))
  split <- musl_split(d, "random", folds = 3, seed = 1)
  expect_input_error(musl_parts(split, 4))
  expect_input_error(musl_parts(d, 1))
})

test_that("summary(), tidy() and print() count what musl_parts() holds", {
  split <- musl_split(pairs_data(), "inductive", folds = 3, seed = 1)
  counts <- summary(split)
  parts <- musl_parts(split, 2)
  row <- counts[counts$fold == 2 & counts$part == "C2", ]
  expect_identical(row$n_pairs, nrow(parts$C2))
  expect_identical(row$n_positive, sum(parts$C2$label == "SL"))
  expect_identical(row$n_genes, length(part_genes(parts$C2)))
  expect_identical(sum(counts$n_pairs), 3L * nrow(split$pairs))

  long <- tidy(split)
  expect_identical(nrow(long), 3L * nrow(split$pairs))
  expect_identical(
    pair_key_of(long[long$fold == 2 & long$part == "C2", ]),
    pair_key_of(parts$C2)
  )
  shown <- paste(capture.output(out <- print(split)), collapse = "\n")
  expect_identical(out, split)
  expect_match(shown, "inductive, 3 folds, seed 1")
  expect_match(shown, as.character(nrow(parts$C2)))
})

test_that("a table's parts are taken as they are", {
  split <- musl_split(table_data(), table = gene_table(), seed = 1)
  expect_identical(split$source, "table")
  expect_identical(split$setting, "inductive")
  expect_identical(split$folds, 1L)
  parts <- musl_parts(split)
  expect_identical(
    vapply(parts, nrow, 1L), c(train = 3L, validation = 2L, C2 = 3L, C3 = 2L)
  )
  expect_identical(parts$C3$gene_b, c("g8", "g9"))
  expect_identical(as.character(parts$C2$label), c("SL", "non_SL", "SL"))
})

test_that("folds of a table share pairs and are numbered in order", {
  one <- gene_table()
  two <- one
  two$part[two$part == "C2"] <- "C3"
  two <- two[two$gene_a == "g7" | two$part != "C3", ]
  table <- rbind(cbind(one, fold = 7), cbind(two, fold = 2))
  split <- musl_split(table_data(), table = table, seed = 1)
  expect_identical(split$folds, 2L)
  expect_identical(nrow(split$pairs), 10L)
  expect_named(musl_parts(split, 1), c("train", "validation", "C3"))
  expect_named(musl_parts(split, 2), c("train", "validation", "C2", "C3"))
  expect_identical(sum(split$assignment[[1]] == "unused"), 3L)
})

test_that("pairs called test are sorted by their genes that training lacks", {
  table <- gene_table()
  table$part[table$part %in% c("C2", "C3")] <- "test"
  known <- data.frame(
    gene_a = c("g2", "g3"), gene_b = "g4", label = 0:1, part = "test"
  )
  split <- musl_split(table_data(), table = rbind(table, known), seed = 1)
  parts <- musl_parts(split)
  expect_identical(parts$C1$gene_a, c("g2", "g3"))
  expect_identical(parts$C2$gene_b, c("g7", "g8", "g7"))
  expect_identical(nrow(parts$C3), 2L)
})

test_that("a table without validation gets one of the kind of its test parts", {
  d <- pairs_data()
  table <- d@pairs
  table$part <- ifelse(seq_len(600) <= 100, "C1", "train")
  parts <- musl_parts(musl_split(d, table = table, seed = 1))
  expect_identical(nrow(parts$C1), 100L)
  expect_equal(nrow(parts$validation), 50, tolerance = 0.03)

  drawn <- musl_split(d, "inductive", folds = 3, validation = 0.05, seed = 1)
  part <- as.character(drawn$assignment[[1]])
  part[part == "validation"] <- "train"
  table <- drawn$pairs[part != "unused", ]
  table$part <- part[part != "unused"]
  parts <- musl_parts(musl_split(d, table = table, validation = 0.2, seed = 1))
  held <- setdiff(part_genes(parts$validation), part_genes(parts$train))
  expect_length(held, 8)
  expect_true(all(
    parts$validation$gene_a %in% held | parts$validation$gene_b %in% held
  ))
})

test_that("a leak in a table is refused by name", {
  d <- table_data()
  leak <- function(gene_a, gene_b, part, label = 1) {
    table <- gene_table()
    rbind(table, data.frame(
      gene_a = gene_a, gene_b = gene_b, label = label, part = part
    ))
  }
  # The same pair twice, in the other order.
  expect_leakage_error(
    musl_split(d, table = leak("g7", "g1", "train")), "g1 - g7"
  )
  # A gene of C3 in training, and in validation.
  expect_leakage_error(musl_split(d, table = leak("g4", "g9", "train")), "g9")
  expect_leakage_error(
    musl_split(d, table = leak("g5", "g9", "validation")), "g9"
  )
  # A C2 pair without an unseen gene.
  expect_leakage_error(musl_split(d, table = leak("g2", "g4", "C2")), "g2 - g4")
  # The same pair twice in one part is merged.
  merged <- musl_split(d, table = leak("g2", "g1", "train"), seed = 1)
  expect_identical(nrow(musl_parts(merged)$train), 3L)
})

test_that("tables that can't be read are refused", {
  d <- table_data()
  refuse <- function(table, message) {
    expect_input_error(musl_split(d, table = table), message)
  }
  table <- gene_table()
  refuse(1, "data frame")
  refuse(table[c("gene_a", "label", "part")], "gene_b")
  refuse(table[c("gene_a", "gene_b", "part")], "label")
  refuse(table[c("gene_a", "gene_b", "label")], "part")
  refuse(table[0, ], "no rows")
  refuse(transform(table, part = "C4"), "C4")
  refuse(transform(table, fold = c(NA, rep(1, 9))), "fold")
  refuse(transform(table, label = c(NA, label[-1])), "without a label")
  refuse(table[!table$part %in% c("C2", "C3"), ], "test part")
  refuse(table[table$part != "train", ], "train")
})

test_that("a table's pairs of unknown genes are left out with a warning", {
  table <- rbind(gene_table(), data.frame(
    gene_a = "g1", gene_b = "new", label = 1, part = "train"
  ))
  expect_warning(
    split <- musl_split(table_data(), table = table, seed = 1),
    "new", class = "musl_warning_dropped_genes"
  )
  expect_identical(nrow(split$pairs), 10L)
})

test_that("a split goes through a table of its rows", {
  d <- pairs_data()
  split <- musl_split(d, folds = 3, seed = 1)
  rows <- tidy(split)
  cnd <- expect_input_error(musl_split(d, table = rows))
  expect_match(cnd_text(cnd), "Leave out rows of \"unused\"", fixed = TRUE)
  again <- musl_split(d, table = rows[rows$part != "unused", ], seed = 1)
  key <- function(x) paste(x$gene_a, x$gene_b)
  at <- match(key(split$pairs), key(again$pairs))
  for (fold in 1:3) {
    expect_identical(again$assignment[[fold]][at], split$assignment[[fold]])
  }
})
