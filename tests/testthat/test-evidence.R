test_that("musl_data() keeps evidence, through subsets and printing", {
  d <- toy_data_with_evidence()
  expect_identical(musl_genes(d), c("A1", "B1", "C1", "D1"))
  expect_output(print(d), "evidence: terms, families, genes, modules")
  few <- d[c("A1", "C1")]
  expect_identical(few@evidence, d@evidence)
  expect_output(print(toy_evidence()), "terms: 4 genes")
})

test_that("musl_pair_features() counts genes outside the data for sizes", {
  d <- toy_data_with_evidence()
  x <- musl_pair_features(d, data.frame(gene_a = "B1", gene_b = "A1"))
  expect_identical(x$gene_a, "B1")
  expect_equal(x$family_smallest, 3)
  expect_equal(x[["term_sum:BP"]], -log(4 / 4) - log(2 / 4), tolerance = 1e-6)
  expect_equal(x$module_sum, 1 / 3, tolerance = 1e-6)
  expect_equal(x$layout_distance, 5)
  expect_equal(x$word_containment, 1)
  expect_equal(x$fitness_min, -1)
  expect_equal(x$share_dependent_max, .5)
  expect_equal(x[["mean:x_log2tpm_min"]], 1)
})

test_that("missing facts are NA, unknown genes too", {
  d <- toy_data_with_evidence()
  expect_warning(
    x <- musl_pair_features(
      d, data.frame(gene_a = c("A1", "A1"), gene_b = c("C1", "nobody"))
    ),
    "1 gene of `pairs` is unknown.*\"nobody\"",
    class = "musl_warning_unknown_gene"
  )
  expect_true(is.na(x$fitness_min[[1]]))
  expect_true(is.na(x$layout_distance[[1]]))
  expect_true(all(is.na(x[2, -(1:2)])))
})

test_that("pearson and percentiles are those of base R", {
  d <- musl_simulate("small", seed = 1)
  pairs <- head(musl_pairs(d)[c("gene_a", "gene_b")], 40)
  x <- musl_pair_features(d, pairs)
  values <- as.matrix(d@cohorts[[1]]$assays[[1]])
  name <- names(d@cohorts)[[1]]
  r <- vapply(seq_len(nrow(pairs)), function(i) {
    stats::cor(values[pairs$gene_a[i], ], values[pairs$gene_b[i], ])
  }, 0)
  # Rows are rounded to a byte a sample.
  expect_equal(x[[paste0("pearson:", name)]], r, tolerance = 0.02)
  level <- rowMeans(values)
  place <- (rank(level) - .5) / length(level)
  expect_equal(
    x[[paste0("percentile:mean:", name, "_min")]],
    unname(pmin(place[pairs$gene_a], place[pairs$gene_b])),
    tolerance = 1e-5
  )
})

test_that("genes with one value in all samples have no correlation", {
  values <- rbind(
    A = rep(.1, 10), B = rep(log2(.1), 10), C = sin(1:10), D = cos(1:10)
  )
  d <- suppressMessages(musl_data(values, scale = "log"))
  pairs <- data.frame(gene_a = c("A", "A", "C"), gene_b = c("B", "C", "D"))
  x <- musl_pair_features(d, pairs)
  expect_identical(is.na(x[["pearson:expression"]]), c(TRUE, TRUE, FALSE))
  expect_identical(x[["sd:expression_max"]][[1]], 0)
  # Equal spread, equal percentile.
  expect_equal(x[["percentile:sd:expression_min"]][1:2], c(.25, .25))
})

test_that("neighbours of unknown dependency are left out of means", {
  genes <- c("A", "B", "N1", "N2", "X")
  edges <- data.frame(
    from = c("A", "B", "A", "B", "N1"), to = c("N1", "N1", "N2", "N2", "X")
  )
  table <- data.frame(gene = genes, dependent = c(.2, .4, .9, NA, .1))
  d <- musl_data(network = edges, evidence = musl_evidence(genes = table))
  x <- musl_pair_features(d, data.frame(gene_a = "A", gene_b = "B"))
  weight <- 1 / log(3)
  expect_equal(x[["dependent:shared_neighbours"]], .9 * weight,
    tolerance = 1e-6
  )
  expect_equal(x[["dependent:shared_neighbours_mean"]],
    (.9 * weight + mean(table$dependent, na.rm = TRUE)) / (weight + 1),
    tolerance = 1e-6
  )
})

test_that("network columns are those of igraph", {
  d <- musl_simulate("small", seed = 1)
  graph <- as.list(d)$network
  pairs <- head(musl_pairs(d)[c("gene_a", "gene_b")], 30)
  known <- pairs$gene_a %in% igraph::V(graph)$name &
    pairs$gene_b %in% igraph::V(graph)$name
  pairs <- pairs[known, ]
  x <- musl_pair_features(d, pairs)
  weights <- igraph::similarity(graph, method = "invlogweighted")
  dimnames(weights) <- list(igraph::V(graph)$name, igraph::V(graph)$name)
  expect_equal(
    x$adamic_adar, unname(weights[cbind(pairs$gene_a, pairs$gene_b)]),
    tolerance = 1e-5
  )
})

test_that("columns are described one by one", {
  d <- toy_data_with_evidence()
  columns <- feature_columns(evidence_store(d))
  x <- musl_pair_features(d, toy_pairs())
  expect_identical(names(x)[-(1:2)], columns$column)
  expect_identical(anyDuplicated(columns$column), 0L)
  expect_true(all(columns$of_pair[columns$evidence]))
  expect_identical(
    columns$monotone[match(
      c("share_dependent_min", "family_smallest", "mean:x_log2tpm_max"),
      columns$column
    )], c(1L, -1L, 0L)
  )
})

test_that("each column is told in words", {
  columns <- feature_columns(evidence_store(toy_data_with_evidence()))
  expect_false(any(grepl("_", sub("x_log2tpm", "", columns$description))))
})

test_that("evidence of other identifiers is refused", {
  terms <- data.frame(gene = c("a1", "b1"), term = "T", evidence = "IDA")
  expect_gene_error(
    musl_data(toy_matrix(),
      scale = "log",
      evidence = musl_evidence(annotations = musl_annotations(terms))
    )
  )
  expect_input_error(musl_data(toy_matrix(), scale = "log", evidence = 3))
})

test_that("of several proteins named by one gene the longest counts", {
  proteins <- c(A = "MA", B = "MC", A = "MAAA", A = "MCCC", header = "MD")
  expect_message(
    kept <- musl_evidence(proteins = proteins)$proteins, "2 shorter",
    class = "musl_message_report"
  )
  expect_identical(
    kept, tibble(gene = c("A", "B", "header"), sequence = c("MAAA", "MC", "MD"))
  )
  expect_identical(
    musl_evidence(proteins = c(header = "MD"))$proteins,
    tibble(gene = "header", sequence = "MD")
  )
})

test_that("parts of the wrong form are refused by name", {
  expect_input_error(musl_evidence(modules = data.frame(gene = "A1")), "module")
  expect_input_error(
    musl_evidence(layout = data.frame(gene = "A1", x = "a", y = 1))
  )
  expect_input_error(musl_evidence(proteins = 3))
})

test_that("pathways of other identifiers are refused, those read are told", {
  genes <- paste0("G", 1:6)
  x <- matrix(seq_len(24) / 7, 6, dimnames = list(genes, letters[1:4]))
  terms <- data.frame(gene = genes, term = "T", evidence = "IDA")
  annotated <- function(gene) {
    musl_annotations(terms,
      pathways = data.frame(gene = gene, pathway = c("P", "P", "Q"))
    )
  }
  cnd <- expect_gene_error(
    musl_data(x, scale = "log", evidence = annotated(c("10", "20", "30"))),
    "pathways"
  )
  expect_match(cnd_text(cnd), "\"10\"", fixed = TRUE)
  # Few genes may be in no pathway.
  expect_silent(
    musl_data(x, scale = "log", evidence = annotated(c("H1", "H2", "H3")))
  )
  own <- annotated(c("G1", "G2", "G1"))
  d <- musl_data(x, scale = "log", evidence = own)
  expect_output(print(d), "evidence: terms, pathways")
  expect_output(print(musl_evidence(own)), "pathways: 2 genes")
  expect_output(print(own), "; 2 pathways of 2 genes", fixed = TRUE)
  bare <- capture.output(print(musl_annotations(terms)))
  expect_no_match(bare, "pathways")
})
