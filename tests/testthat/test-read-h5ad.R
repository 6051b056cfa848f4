test_that("a file of anndata is genes x cells with names, sparse", {
  path <- cells_fixture("cells-0.8.h5ad")
  x <- read_h5ad(path, assays = c(counts = "by_gene"))
  expect_s4_class(x, "SummarizedExperiment")
  if (requireNamespace("SingleCellExperiment", quietly = TRUE)) {
    expect_s4_class(x, "SingleCellExperiment")
  }
  expect_identical(plain_assay(x), fixture_values)
  genes <- SummarizedExperiment::rowData(x)
  expect_identical(genes$symbol, fixture_genes)
  expect_identical(genes$ensembl, fixture_ids)
})

test_that("rows, columns, dense and logged matrices of a file agree", {
  path <- cells_fixture("cells-0.8.h5ad")
  x <- read_h5ad(path, assays = c(logged = "X", "by_gene", counts = "dense"))
  expect_identical(
    SummarizedExperiment::assayNames(x), c("logged", "by_gene", "counts")
  )
  expect_equal(
    plain_assay(x, "logged"), log1p(fixture_values), tolerance = 1e-6
  )
  expect_identical(plain_assay(x, "by_gene"), fixture_values)
  expect_identical(plain_assay(x, "counts"), fixture_values)
})

test_that("a dense matrix is read some cells at a time, wide or long", {
  # Up to 1e7 values are read at once: 2,500 cells of 4,000 genes.
  for (n_cells in c(2L, 2501L)) {
    path <- write_h5ad(function(path) {
      put_items(path, list(
        "var/_index" = paste0("G", 1:4000),
        "obs/_index" = paste0("c", seq_len(n_cells)),
        "obs/type/codes" = rep(0L, n_cells)
      ))
      rhdf5::h5delete(path, "X")
      rhdf5::h5createDataset(path, "X", c(4000, n_cells),
        storage.mode = "integer", chunk = c(4000, min(n_cells, 100)), level = 1
      )
      # What is not written is 0.
      rhdf5::h5write(3L, path, "X", index = list(1, 1))
      rhdf5::h5write(7L, path, "X", index = list(4000, n_cells))
    })
    x <- SummarizedExperiment::assay(read_h5ad(path, scale = "linear"))
    expect_identical(dim(x), c(4000L, n_cells))
    expect_identical(sum(x), 10)
    expect_identical(x[1, 1], 3)
    expect_identical(x[4000, n_cells], 7)
  }
})

test_that("raw comes with genes of its own, or on the common ones", {
  path <- cells_fixture("cells-0.8.h5ad")
  raw <- read_h5ad(path, assays = c(counts = "raw"))
  expect_identical(rownames(raw), c(fixture_genes, "MDM2"))
  expect_identical(
    unname(plain_assay(raw)["MDM2", ]), unname(fixture_values["TP53", ] + 1)
  )
  expect_message(
    both <- read_h5ad(path, assays = c(counts = "raw", logcounts = "X")),
    "1 gene", class = "musl_message_report"
  )
  expect_identical(plain_assay(both, "counts"), fixture_values)
  expect_identical(
    S4Vectors::metadata(both)$report$dropped_genes$gene, "MDM2"
  )
  # Whoever asks for another matrix is told of it.
  expect_error(read_h5ad(path, assays = c(counts = "none")), "\"raw\"")
})

test_that("columns of cells keep categories, numbers, truth and gaps", {
  cells <- SummarizedExperiment::colData(
    read_h5ad(cells_fixture("cells-0.8.h5ad"))
  )
  expect_identical(
    cells$cell_type,
    factor(c("T", "B", "T", "NK", "B", "T", NA), c("T", "B", "NK"))
  )
  expect_equal(cells$depth, 0:6)
  expect_identical(cells$doublet, rep(c(TRUE, FALSE), length.out = 7))
  expect_equal(cells$batch, c(1, 2, NA, 1, 2, NA, 1))
  expect_identical(cells$note, letters[1:7])
})

test_that("files since anndata 0.6 say the same", {
  type <- factor(c("T", "B", "T", "NK", "B", "T", NA), c("B", "T", "NK"))
  for (name in c("cells-0.7.h5ad", "cells-0.6.h5ad")) {
    x <- read_h5ad(cells_fixture(name))
    expect_identical(plain_assay(x), fixture_values)
    expect_identical(SummarizedExperiment::colData(x)$cell_type, type)
  }
})

test_that("row names are what is asked for, and unique", {
  path <- cells_fixture("cells-0.8.h5ad")
  expect_identical(rownames(read_h5ad(path, id = "ensembl")), fixture_ids)
  path <- write_h5ad(function(path) {
    put_items(path, list(
      "var/_index" = c("ENSG00000141510.2", "ENSG00000117713.5"),
      "var/gene_symbols" = c("TP53", "TP53")
    ))
  })
  expect_message(x <- read_h5ad(path), class = "musl_message_report")
  expect_identical(rownames(x), c("TP53", "ENSG00000117713.5"))
  expect_identical(
    SummarizedExperiment::rowData(x)$ensembl,
    c("ENSG00000141510", "ENSG00000117713")
  )
})

test_that("a scale is stated, follows from names, or is asked for", {
  path <- cells_fixture("cells-0.8.h5ad")
  scale <- function(...) {
    tidy(musl_data(suppressMessages(read_h5ad(path, ...))), "sources")$scale
  }
  expect_identical(scale(assays = c(counts = "raw")), "linear")
  expect_identical(scale(assays = c(logcounts = "X")), "log")
  expect_identical(scale(scale = "log"), "log")
  expect_error(scale(), "scale", class = "musl_error_input")
})

test_that("cells of one name are numbered, unsorted indices sorted", {
  path <- write_h5ad(function(path) {
    put_items(path, list(
      "obs/_index" = c("c", "c", "d"), "X/indices" = c(0L, 1L, 0L)
    ))
  })
  expect_message(x <- read_h5ad(path), class = "musl_message_report")
  expect_identical(colnames(x), c("c", "c.1", "d"))
  expect_identical(unname(plain_assay(x)), rbind(c(1, 3, 0), c(0, 2, 0)))
})

test_that("no cell or no value is no error of the reader", {
  path <- write_h5ad(function(path) {
    put_items(path, list(
      "X/data" = numeric(1), "X/indices" = 0L, "X/indptr" = c(0L, 1L, 1L, 1L)
    ))
  })
  expect_identical(sum(plain_assay(read_h5ad(path))), 0)
})

test_that("files that are damaged or of another kind are refused", {
  cases <- list(
    "no X" = list("X/data" = NULL), "no index of genes" =
      list("var/_index" = NULL),
    "too few starts" = list("X/indptr" = c(0L, 3L)),
    "starts that fall" = list("X/indptr" = c(0L, 3L, 1L, 3L)),
    "starts beyond the values" = list("X/indptr" = c(0L, 1L, 3L, 9L)),
    "starts not from 0" = list("X/indptr" = c(1L, 1L, 3L, 3L)),
    "an index too large" = list("X/indices" = c(0L, 2L, 0L)),
    "a negative index" = list("X/indices" = c(0L, -1L, 0L)),
    "fewer indices than values" = list("X/indices" = c(0L, 1L)),
    "an entry twice" = list("X/indices" = c(0L, 1L, 1L)),
    "values of text" = list("X/data" = c("a", "b", "c")),
    "a gene twice" = list("var/_index" = c("TP53", "TP53")),
    "a gene too many" = list("var/_index" = c("TP53", "ARID1A", "MDM2")),
    "a gene without a name" = list("var/_index" = c("TP53", "")),
    "a category too few" = list("obs/type/categories" = "B"),
    "a code below -1" = list("obs/type/codes" = c(0L, -2L, 1L)),
    "a code too few" = list("obs/type/codes" = c(0L, 1L)),
    "a category twice" = list("obs/type/categories" = c("B", "B"))
  )
  for (case in names(cases)) {
    path <- write_h5ad(function(path) put_items(path, cases[[case]]))
    expect_refused(
      case, read_h5ad, readBin(path, "raw", file.size(path)),
      name = "x.h5ad"
    )
  }
  shapes <- list(
    "an unknown encoding" = list("encoding-type" = "coo_matrix"),
    "another shape" = list(shape = c(3L, 9L)),
    "a shape turned round" = list(shape = c(2L, 3L))
  )
  for (case in names(shapes)) {
    path <- write_h5ad(function(path) {
      do.call(put_attributes, c(list(path, "X"), shapes[[case]]))
    })
    expect_refused(
      case, read_h5ad, readBin(path, "raw", file.size(path)),
      name = "x.h5ad"
    )
  }
})

test_that("bytes that are no whole HDF5 are refused", {
  skip_if_not_installed("rhdf5")
  whole <- readBin(write_h5ad(), "raw", 1e6)
  cases <- list(
    "empty" = raw(), "text" = charToRaw("a,b\n1,2\n"),
    "a web page" = charToRaw("<!DOCTYPE html><html></html>"),
    "gzip of HDF5" = gzip_bytes(whole), "the start alone" =
      utils::head(whole, 8), "cut" = utils::head(whole, 1000)
  )
  for (case in names(cases)) {
    expect_refused(case, read_h5ad, cases[[case]], name = "x.h5ad")
  }
  for (lacking in c("obs", "var")) {
    path <- write_h5ad(function(path) rhdf5::h5delete(path, lacking))
    expect_error(
      read_h5ad(path), paste0("no .?", lacking, ".?, so it is not AnnData"),
      class = "musl_error_format"
    )
  }
  expect_error(read_h5ad("nowhere.h5ad"), class = "musl_error_input")
  expect_error(
    read_h5ad(cells_fixture("10x-v3.h5")), "read_10x",
    class = "musl_error_format"
  )
  expect_error(
    read_h5ad(write_h5ad(), assays = "nothing"), "X",
    class = "musl_error_input"
  )
  expect_error(
    read_h5ad(write_h5ad(), assays = c("X", "X")), class = "musl_error_input"
  )
})
