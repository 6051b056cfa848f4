test_that("a folder is genes x cells, of the kind asked for", {
  skip_if_not_installed("Matrix")
  expect_message(
    x <- read_10x(write_10x()), "1 gene", class = "musl_message_report"
  )
  expect_identical(plain_assay(x, "counts"), matrix(
    c(4, 0, 2, 7), 2,
    dimnames = list(c("TP53", "ARID1A"), c("AAAC-1", "AAAG-1"))
  ))
  genes <- SummarizedExperiment::rowData(x)
  expect_identical(genes$ensembl, c("ENSG00000141510", "ENSG00000117713"))
  all <- suppressMessages(read_10x(write_10x(gzip = TRUE), feature = NULL))
  expect_identical(unname(plain_assay(all)[3, ]), c(1, 0))
  expect_identical(SummarizedExperiment::rowData(all)$ensembl[3], NA_character_)
  expect_identical(tidy(musl_data(x), "sources")$scale, "linear")
})

test_that("folders before version 3 and with a prefix are read", {
  skip_if_not_installed("Matrix")
  dir <- write_10x(list(
    features.tsv = NULL,
    genes.tsv = c("ENSG00000000001\tA", "ENSG00000000002\tB",
      "ENSG00000000003\tA"
    )
  ))
  for (name in list.files(dir)) {
    file.rename(file.path(dir, name), file.path(dir, paste0("GSM1_", name)))
  }
  expect_message(x <- read_10x(dir), class = "musl_message_report")
  # The second gene of a symbol keeps its id.
  expect_identical(rownames(x), c("A", "B", "ENSG00000000003"))
  expect_identical(rownames(read_10x(dir, id = "ensembl")),
    sprintf("ENSG%011d", 1:3)
  )
})

test_that("HDF5 of both versions agrees", {
  old <- read_10x(cells_fixture("10x-v2.h5"))
  expect_identical(plain_assay(old), fixture_values)
  new <- suppressMessages(read_10x(cells_fixture("10x-v3.h5")))
  expect_identical(plain_assay(new), fixture_values[1:4, ])
  expect_identical(
    SummarizedExperiment::rowData(new)$genome, rep("GRCh38", 4)
  )
  proteins <- suppressMessages(
    read_10x(cells_fixture("10x-v3.h5"), feature = "Antibody Capture")
  )
  expect_identical(rownames(proteins), "EZH2")
})

test_that("a kind or genome that is not there is refused", {
  path <- cells_fixture("10x-v3.h5")
  expect_error(
    read_10x(path, feature = "CRISPR"), "Antibody", class = "musl_error_input"
  )
  expect_error(
    read_10x(cells_fixture("10x-v2.h5"), genome = "mm10"), "GRCh38",
    class = "musl_error_input"
  )
  expect_error(
    read_10x(path, genome = "mm10"), "GRCh38", class = "musl_error_input"
  )
  expect_identical(
    dim(read_10x(path, genome = "GRCh38")), dim(read_10x(path))
  )
  expect_error(
    read_10x(cells_fixture("cells-0.8.h5ad")), "read_h5ad",
    class = "musl_error_format"
  )
})

# Refused with a class; the message names a file of the folder.
expect_folder_refused <- function(case, files, name = "matrix.mtx",
                                  class = "musl_error_format") {
  dir <- write_10x(files)
  cnd <- caught(read_10x(dir))
  expect(
    inherits(cnd, class) && grepl(name, conditionMessage(cnd), fixed = TRUE),
    paste(case, "was read or refused otherwise:", conditionMessage(
      cnd %||% simpleCondition("read")
    ))
  )
}

test_that("damaged folders are refused with the file", {
  skip_if_not_installed("Matrix")
  head <- "%%MatrixMarket matrix coordinate integer general"
  matrices <- list(
    "empty" = raw(), "header alone" = head, "no sizes" = c(head, "1 1 4"),
    "a web page" = c("<!DOCTYPE html>", "<html></html>"),
    "an array" = c("%%MatrixMarket matrix array integer general", "3 2", 1:6),
    "complex numbers" = sub("integer", "complex", head),
    "a pattern" = c(sub("integer", "pattern", head), "3 2 1", "1 1"),
    "symmetric" = c(sub("general", "symmetric", head), "3 3 1", "1 1 1"),
    "sizes of text" = c(head, "3 two 1", "1 1 1"),
    "negative sizes" = c(head, "-3 2 1", "1 1 1"),
    "sizes beyond R" = c(head, "3000000000 2 1", "1 1 1"),
    "entries lacking" = c(head, "3 2 4", "1 1 1"),
    "entries too many" = c(head, "3 2 1", "1 1 1", "2 2 1"),
    "an entry cut off" = c(head, "3 2 2", "1 1 1", "2 2"),
    "text for a count" = c(head, "3 2 1", "1 1 x"),
    "a fraction of a row" = c(head, "3 2 1", "1.5 1 1"),
    "a negative count" = c(head, "3 2 1", "1 1 -1"),
    "an infinite count" = c(head, "3 2 1", "1 1 inf"),
    "a missing count" = c(head, "3 2 1", "1 1 NA"),
    "a row from 0" = c(head, "3 2 1", "0 1 1"),
    "a row too large" = c(head, "3 2 1", "4 1 1"),
    "a column too large" = c(head, "3 2 1", "1 3 1"),
    "an entry twice" = c(head, "3 2 2", "1 1 1", "1 1 1"),
    "more cells than names" = c(head, "3 5 1", "1 1 1"),
    "fewer genes than names" = c(head, "2 2 1", "1 1 1"),
    "bytes" = as.raw(c(0, 1, 2, 255))
  )
  for (case in names(matrices)) {
    expect_folder_refused(case, list(matrix.mtx = matrices[[case]]))
  }
  expect_folder_refused(
    "a gene twice", list(features.tsv = rep("ENSG00000000001\tA", 3)),
    "features.tsv"
  )
  expect_folder_refused(
    "no name of genes", list(features.tsv = raw()), "features.tsv"
  )
  expect_folder_refused(
    "a file lacking", list(barcodes.tsv = NULL), "barcodes",
    "musl_error_input"
  )
  expect_error(read_10x("nowhere"), class = "musl_error_input")
})

test_that("a matrix broken off inside gzip is refused", {
  skip_if_not_installed("Matrix")
  dir <- write_10x(gzip = TRUE)
  path <- file.path(dir, "matrix.mtx.gz")
  bytes <- gzip_bytes(text_bytes(c(
    "%%MatrixMarket matrix coordinate integer general", "3 2 4000",
    sprintf("%d %d %d", rep(1:3, 2000), rep(1:2, 3000), 1:6000)
  )))
  writeBin(utils::head(bytes, floor(length(bytes) / 2)), path)
  expect_s3_class(caught(read_10x(dir)), "musl_error_format")
})

test_that("damaged HDF5 counts are refused", {
  path <- cells_fixture("10x-v2.h5")
  cases <- list(
    "no shape" = list("GRCh38/shape" = NULL),
    "another shape" = list("GRCh38/shape" = c(5L, 8L)),
    "negative counts" = list("GRCh38/data" = c(-1L, rep(1L, 13))),
    "names lacking" = list("GRCh38/gene_names" = fixture_genes[1:4]),
    "an id twice" = list("GRCh38/genes" = rep("ENSG00000000001", 5))
  )
  for (case in names(cases)) {
    copy <- withr::local_tempfile(fileext = ".h5")
    file.copy(path, copy)
    Sys.chmod(copy, "644")
    put_items(copy, cases[[case]])
    expect_refused(
      case, read_10x, readBin(copy, "raw", file.size(copy)), name = "x.h5"
    )
  }
})

test_that("tables of genes and cells may have a header", {
  skip_if_not_installed("Matrix")
  dir <- write_10x(list(
    features.tsv = NULL, barcodes.tsv = NULL,
    genes.tsv = c("gene\tchromosome", "TP53\t17", "ARID1A\t1", "CD3\t11"),
    cells.tsv = c("cell\ttype\tdepth", "c1\tB cell\t12", "c1\t\t9.5")
  ))
  file.rename(file.path(dir, "matrix.mtx"), file.path(dir, "x_counts.mtx"))
  expect_message(x <- read_10x(dir), "1 cell", class = "musl_message_report")
  expect_identical(plain_assay(x), matrix(
    c(4, 0, 1, 2, 7, 0), 3,
    dimnames = list(c("TP53", "ARID1A", "CD3"), c("c1", "c1.1"))
  ))
  cells <- as.list(SummarizedExperiment::colData(x))
  expect_identical(cells, list(
    cell = c("c1", "c1"), type = c("B cell", NA), depth = c(12, 9.5)
  ))
  genes <- SummarizedExperiment::rowData(x)
  expect_identical(genes$symbol, c("TP53", "ARID1A", "CD3"))
  expect_identical(genes$chromosome, c("17", "1", "11"))
})

test_that("symbols are found beside ids under a header", {
  skip_if_not_installed("Matrix")
  dir <- write_10x(list(features.tsv = c(
    "gene_id\tgene_name", "ENSG00000141510\tTP53", "ENSG00000117713\tARID1A",
    "ENSG00000012048\tBRCA1"
  )))
  x <- read_10x(dir)
  expect_identical(rownames(x), c("TP53", "ARID1A", "BRCA1"))
  expect_identical(
    SummarizedExperiment::rowData(x)$ensembl,
    c("ENSG00000141510", "ENSG00000117713", "ENSG00000012048")
  )
})

test_that("a name of a gene or cell is never taken for a header", {
  skip_if_not_installed("Matrix")
  expect_error(
    read_10x(write_10x(list(barcodes.tsv = c("c0", "c1", "c2")))),
    class = "musl_error_format"
  )
  expect_error(
    read_10x(write_10x(list(barcodes.tsv = "cell"))),
    class = "musl_error_format"
  )
})

test_that("a matrix without its folder is refused", {
  dir <- write_10x()
  expect_error(
    read_10x(file.path(dir, "matrix.mtx")), basename(dir),
    class = "musl_error_input"
  )
})

test_that("the real cells are read as Matrix reads them", {
  skip_if_not_installed("Matrix")
  path <- data_file("singlecell", "celseq2_5cl_counts.mtx.gz")
  table <- function(name) {
    utils::read.delim(
      data_file("singlecell", name), na.strings = "", check.names = FALSE
    )
  }
  # The folder holds several sets.
  own <- withr::local_tempdir()
  files <- list.files(dirname(path), "^celseq2_5cl", full.names = TRUE)
  file.copy(files, own)
  expect_message(x <- read_10x(own), class = "musl_message_report")
  plain <- methods::as(Matrix::readMM(gzfile(path)), "CsparseMatrix")
  got <- SummarizedExperiment::assay(x)
  expect_identical(got@i, plain@i)
  expect_identical(got@p, plain@p)
  expect_identical(got@x, as.double(plain@x))
  expect_identical(rownames(x), table("celseq2_5cl_genes.tsv.gz")$gene)
  cells <- table("celseq2_5cl_cells.tsv.gz")
  expect_identical(colnames(x), make.unique(cells$cell))
  expect_equal(
    as.list(SummarizedExperiment::colData(x)), as.list(cells),
    ignore_attr = TRUE
  )
  d <- musl_data(x)
  expect_identical(tidy(d, "sources")$n_samples, nrow(cells))
})

test_that("errors about paths and genomes name the argument", {
  cnd <- expect_error(read_10x("absent"), class = "musl_error_input")
  expect_identical(cnd$argument, "path")
  folder <- withr::local_tempdir()
  cnd <- expect_error(
    read_10x(folder, genome = "GRCh38"), class = "musl_error_input"
  )
  expect_identical(cnd$argument, "genome")
})
