toy_data <- function() {
  musl_data(
    list(one = toy_matrix(), two = toy_matrix(c("A1", "C1", "E1"), 3)),
    network = data.frame(from = c("A1", "B1"), to = c("B1", "C1")),
    embeddings = toy_matrix(c("D1", "A1"), 2), scale = "log",
    pairs = data.frame(
      gene_a = "A1", gene_b = c("B1", "C1", "D1"), label = c(1, 0, NA),
      note = 1:3
    )
  )
}

test_that("accessors give what went in", {
  d <- toy_data()
  expect_identical(musl_genes(d), c("A1", "B1", "C1", "D1", "E1"))
  expect_identical(musl_pairs(d), tidy(d))
  expect_identical(musl_pairs(d)$note, 1:3)
  expect_identical(as.list(d)$embeddings, toy_matrix(c("D1", "A1"), 2)[2:1, ])
  expect_null(as.list(d)$truth)
  two <- as.list(d)$expression[["two"]]
  given <- toy_matrix(c("A1", "C1", "E1"), 3)
  expect_s4_class(two, "SummarizedExperiment")
  expect_equal(unname(SummarizedExperiment::assay(two)), unname(given))
  expect_identical(rownames(two), rownames(given))
  expect_identical(as.list(d)$expression[[2]], two)
  cohorts <- tidy(d, "cohorts")
  expect_identical(cohorts$n_genes, c(4L, 3L))
  expect_identical(cohorts$n_samples, c(4L, 3L))
})

test_that("accessors give NULL or no row where nothing went in", {
  d <- musl_data(embeddings = toy_matrix())
  expect_null(as.list(d)$network)
  expect_identical(nrow(tidy(d, "cohorts")), 0L)
  expect_identical(nrow(musl_pairs(d)), 0L)
  expect_null(as.list(musl_data(toy_matrix(), scale = "log"))$embeddings)
})

test_that("an experiment comes back with its assays and samples", {
  given <- SummarizedExperiment::SummarizedExperiment(
    list(logcounts = toy_matrix(), other = 2 * toy_matrix()),
    colData = S4Vectors::DataFrame(tissue = c("a", "b", "a", "b"))
  )
  d <- musl_data(given, scale = "log", assays = c("logcounts", "other"))
  out <- as.list(d)$expression[[1]]
  expect_identical(
    SummarizedExperiment::assayNames(out), c("logcounts", "other")
  )
  expect_identical(out$tissue, c("a", "b", "a", "b"))
  expect_equal(
    unname(SummarizedExperiment::assay(out, "other")), unname(2 * toy_matrix())
  )
  again <- musl_data(out, scale = "log", assays = c("logcounts", "other"))
  expect_identical(again@cohorts[[1]]$assays, d@cohorts[[1]]$assays)
})

test_that("summary() tells how many genes and pairs each input covers", {
  by_input <- summary(toy_data())
  expect_identical(by_input$input, c("one", "two", "network", "embeddings"))
  expect_identical(by_input$n_genes, c(4L, 3L, 3L, 2L))
  expect_identical(by_input$n_pairs, c(3L, 1L, 2L, 1L))
  expect_equal(by_input$share_genes, c(4, 3, 3, 2) / 5)
})

test_that("a summary without pairs has no share that is not a number", {
  by_input <- summary(musl_data(toy_matrix(), scale = "log"))
  expect_identical(by_input$share_pairs, 0)
})

test_that("show() names each part in a few lines", {
  expect_snapshot(toy_data(), cran = TRUE)
  expect_snapshot(musl_data(embeddings = toy_matrix("A1")), cran = TRUE)
})

test_that("`[` keeps the genes in every part", {
  d <- toy_data()[c("D1", "A1", "B1")]
  expect_identical(musl_genes(d), c("A1", "B1", "D1"))
  expect_identical(
    d@cohorts$one$assays[[1]], toy_matrix()[c("A1", "B1", "D1"), ]
  )
  expect_identical(d@network, list(from = 1L, to = 2L, weight = 1))
  expect_identical(musl_pairs(d)$gene_b, c("B1", "D1"))
  expect_identical(rownames(as.list(d)$embeddings), c("A1", "D1"))
  expect_true(methods::validObject(d))
})

test_that("an input without a gene or an edge left goes", {
  d <- toy_data()[c("C1", "E1")]
  expect_null(as.list(d)$network)
  expect_null(as.list(d)$embeddings)
  expect_identical(names(toy_data()["E1"]@cohorts), "two")
})

test_that("genes are selected by name, index or logical alike", {
  d <- toy_data()
  by_name <- d[c("A1", "C1")]
  expect_identical(d[c(3, 1)], by_name)
  expect_identical(d[-c(2, 4, 5)], by_name)
  expect_identical(d[c(TRUE, FALSE, TRUE, FALSE, FALSE)], by_name)
  expect_identical(d[factor(c("C1", "A1"))], by_name)
  expect_identical(d[], d)
  expect_identical(musl_genes(d[character()]), character())
})

test_that("an index that does not fit is refused", {
  d <- toy_data()
  expect_gene_error(d["Q9"])
  for (i in list(
    9, NA, c(1, NA), c(-1, 1), TRUE, list(1), 1.5, c(TRUE, NA, TRUE, TRUE, TRUE)
  )) {
    expect_input_error(d[i])
  }
  expect_input_error(d[1, 2])
})

test_that("a sparse cohort from a file is read in a fresh process", {
  skip_if_not_installed("callr")
  d <- musl_data(as_sparse(toy_matrix()), scale = "log", pairs = toy_pairs())
  path <- withr::local_tempfile()
  saveRDS(list(data = d, cohort = as_sparse(toy_matrix())), path)
  fresh <- callr::r(function(path) {
    found <- readRDS(path)
    list(
      cohorts = MuSL::tidy(found$data, "cohorts"),
      subset = MuSL::musl_genes(found$data["B1"]),
      again = MuSL::tidy(
        MuSL::musl_data(found$cohort, scale = "log"), "cohorts"
      )
    )
  }, list(path))
  expect_identical(fresh$cohorts, tidy(d, "cohorts"))
  expect_identical(fresh$again, tidy(d, "cohorts"))
  expect_identical(fresh$subset, "B1")
})
