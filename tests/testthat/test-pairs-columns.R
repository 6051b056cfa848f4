# Tables whose columns have other names than ours.

test_that("labels under another name are an error, not unlabelled pairs", {
  for (name in c("class", "SL", "Label", "is_sl")) {
    pairs <- data.frame(gene_a = "A1", gene_b = c("B1", "C1"))
    pairs[[name]] <- c(1, 0)
    expect_input_error(
      musl_data(toy_matrix(), pairs = pairs, scale = "log"), name
    )
    expect_identical(as.character(read_pairs(pairs)$label), c("SL", "non_SL"))
  }
  pairs <- data.frame(gene_a = "A1", gene_b = c("B1", "C1"), .score = 2:1)
  pairs$SL <- c(TRUE, FALSE)
  expect_input_error(musl_metrics(pairs), "SL")
})

test_that("a further column that holds no labels is kept without a word", {
  pairs <- data.frame(
    gene_a = "A1", gene_b = c("B1", "C1"), class = c("kinase", "1"), y = 1.5
  )
  expect_silent(d <- musl_data(toy_matrix(), pairs = pairs, scale = "log"))
  expect_identical(musl_pairs(d)$class, c("kinase", "1"))
  expect_true(all(is.na(musl_pairs(d)$label)))
})

test_that("labelled pairs are no network", {
  expect_input_error(
    musl_data(toy_matrix(), toy_pairs(), scale = "log"), "pairs"
  )
  coded <- data.frame(from = "A1", to = c("B1", "C1"), SL = 1:0)
  expect_input_error(musl_data(toy_matrix(), coded, scale = "log"), "SL")
  edges <- data.frame(from = "A1", to = "B1", label = "binds")
  d <- musl_data(toy_matrix(), edges, scale = "log")
  expect_identical(igraph::ecount(as.list(d)$network), 1)
})

test_that("the reader that knows the names is named", {
  pairs <- data.frame(Gene1 = "A1", Gene2 = "B1", SL = 1)
  expect_input_error(
    musl_data(toy_matrix(), pairs = pairs, scale = "log"), "read_pairs"
  )
  links <- data.frame(protein1 = "A1", protein2 = "B1", combined_score = 900)
  expect_input_error(
    musl_data(toy_matrix(), links, scale = "log"), "read_network"
  )
  expect_input_error(musl_data(toy_matrix(), pairs, scale = "log"), "labels")
  edges <- data.frame(Gene1 = "A1", Gene2 = "B1")
  expect_input_error(
    musl_data(toy_matrix(), edges, scale = "log"), "read_network"
  )
})
