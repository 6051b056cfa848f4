# Sixty genes of which only the user's table tells which pairs are hits.
table_genes_of <- function() sprintf("T%02d", 1:60)

told_pairs <- function() {
  genes <- table_genes_of()
  pairs <- as.data.frame(t(utils::combn(genes, 2)))
  names(pairs) <- c("gene_a", "gene_b")
  n <- nrow(pairs)
  withr::with_seed(3, {
    pairs$value <- stats::rnorm(n)
    pairs$noise <- stats::rnorm(n)
    pairs$part <- sample(c("train", "test"), n, replace = TRUE)
  })
  pairs$label <- ifelse(pairs$value > 1.2, "SL", "non_SL")
  pairs
}

told_data <- function(tables, pairs = told_pairs(), ...) {
  expression <- withr::with_seed(4, matrix(
    stats::rnorm(60 * 12, 6), 60, 12,
    dimnames = list(table_genes_of(), paste0("s", 1:12))
  ))
  pairs <- pairs[pairs$part == "train", ]
  musl_data(
    expression,
    scale = "log",
    pairs = data.frame(
      pairs[c("gene_a", "gene_b", "label")],
      measured = TRUE, study = "told"
    ),
    evidence = musl_evidence(tables = tables, ...)
  )
}

told_fit <- function(data) {
  suppressMessages(suppressWarnings(musl_fit(
    data,
    scorers = "features", progress = FALSE,
    control = musl_control(seed = 1, threads = 1)
  )))
}

told_auroc <- function(score, label) {
  x <- score[label == "SL"]
  y <- score[label == "non_SL"]
  mean(outer(x, y, ">") + outer(x, y, "==") / 2)
}

test_that("a table of pairs is a column of each number, in either order", {
  table <- data.frame(
    gene_a = c("T02", "T03"), gene_b = c("T01", "T09"), value = c(2, NA),
    certain = c(TRUE, FALSE), source = "me"
  )
  d <- told_data(list(mine = table, other = table[1, c(1:3)]))
  x <- musl_pair_features(d, data.frame(
    gene_a = c("T01", "T02", "T09", "T01"),
    gene_b = c("T02", "T01", "T03", "T03")
  ))
  expect_identical(x[["table:mine:value"]], c(2, 2, NA, NA))
  expect_identical(x[["table:mine:certain"]], c(1, 1, 0, NA))
  expect_identical(x[["table:other:value"]], c(2, 2, NA, NA))
  expect_false("table:mine:source" %in% names(x))
  columns <- feature_columns(evidence_store(d))
  of_mine <- columns[columns$column == "table:mine:value", ]
  expect_identical(of_mine$description, "value in the table mine")
  expect_identical(of_mine$group, "tables")
  expect_true(of_mine$of_pair)
  expect_output(print(d@evidence), "table mine: 4 genes")
})

test_that("scorers learn from a table, and a file keeps it", {
  pairs <- told_pairs()
  test <- pairs[pairs$part == "test", ]
  with <- told_fit(told_data(list(
    mine = pairs[c("gene_a", "gene_b", "value", "noise")]
  )))
  without <- told_fit(told_data(NULL))
  expect_lt(told_auroc(predict(without, test)$.score, test$label), .65)
  score <- predict(with, test)$.score
  expect_gt(told_auroc(score, test$label), .95)
  for (scorer in c("linear", "boosting")) {
    of_one <- predict(with, test, scorers = scorer)$.score
    expect_gt(told_auroc(of_one, test$label), .9)
  }
  # The pair network learns less from so few pairs.
  for (scorer in intersect("pair_net", scorer_table(with)$scorer)) {
    why <- musl_explain(with, "T01", "T02", scorers = scorer)
    expect_true("table:mine:value" %in% why$term[why$contribution != 0])
  }

  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(with, file)
  loaded <- musl_load(file)
  expect_identical(predict(loaded, test)$.score, score)
  # Data without tables are completed by those of the model.
  expect_identical(predict(loaded, test, data = told_data(NULL))$.score, score)

  hit <- test[which.max(test$value), ]
  why <- tibble::as_tibble(as.list(
    musl_explain(loaded, hit$gene_a, hit$gene_b)
  ))
  row <- why[why$term == "table:mine:value", ]
  expect_identical(row$component, "tables")
  expect_match(row$description, "^value in the table mine")
  expect_equal(row$value, hit$value, tolerance = 1e-6)
  expect_identical(which.max(why$contribution), match(row$term, why$term))
})

test_that("what is no table of pairs is refused at the door", {
  good <- data.frame(gene_a = "A", gene_b = "B", value = 1)
  refused <- function(tables, message) {
    expect_input_error(musl_evidence(tables = tables), message)
  }
  refused(good, "`tables` must be a list of data frames")
  refused(list(good), "with a name")
  refused(list(a = good, a = good), "with a name")
  refused(list("a:b" = good), "without a colon")
  refused(list(), "`tables` must be a list")
  refused(list(mine = 1:3), "`tables\\$mine` must be a data frame")
  refused(list(mine = good[c("gene_a", "value")]), "It lacks `?gene_b")
  refused(list(mine = good[0, ]), "at least one row")
  refused(list(mine = good[c("gene_a", "gene_b")]), "column of numbers")
  refused(list(mine = transform(good, value = Inf)), "finite numbers")
  refused(list(mine = transform(good, gene_b = NA)), "must not be empty")
  refused(list(mine = transform(good, gene_b = "A")), "with itself.*\"A\"")
  turned <- data.frame(gene_a = "B", gene_b = "A", value = 2)
  refused(list(mine = rbind(good, turned)), "1 row repeats a pair.*\"A-B\"")
  expect_gene_error(
    told_data(list(mine = good)), "Part `?table mine`? shares none"
  )
})

test_that("embeddings become features where they are asked for", {
  d <- musl_simulate("small", seed = 1)
  pairs <- utils::head(musl_pairs(d)[c("gene_a", "gene_b")], 30)
  d@evidence <- NULL
  expect_false(any(grepl("embedding", names(musl_pair_features(d, pairs)))))
  d@evidence <- musl_evidence(embeddings = TRUE)
  x <- musl_pair_features(d, pairs)
  vectors <- d@embeddings
  unit <- vectors / sqrt(rowSums(vectors^2))
  cosine <- rowSums(
    unit[match(pairs$gene_a, rownames(unit)), ] *
      unit[match(pairs$gene_b, rownames(unit)), ]
  )
  expect_equal(x$embedding_cosine, unname(cosine), tolerance = 0.02)
  numbered <- paste0(c("embedding_product_", "embedding_difference_"), 1:2)
  expect_true(all(numbered %in% names(x)))
})
