# Files of single cells: what tests/fixtures/cells.py wrote, and small ones
# that tests damage.

cells_fixture <- function(name) {
  testthat::skip_if_not_installed("rhdf5")
  testthat::skip_if_not_installed("Matrix")
  path <- testthat::test_path("..", "fixtures", name)
  testthat::skip_if_not(file.exists(path), "the fixtures are not at hand")
  path
}

fixture_genes <- c("TP53", "ARID1A", "BRCA1", "PARP1", "EZH2")
fixture_ids <- sprintf("ENSG%011d", 1:5)

# The formula of cells.py, genes x cells.
fixture_values <- outer(0:4, 0:6, function(j, i) {
  pmax((3 * i + 5 * j) %% 7 - 3, 0)
})
dimnames(fixture_values) <- list(fixture_genes, paste0("cell_", 1:7))

plain_assay <- function(x, name = 1) {
  values <- SummarizedExperiment::assay(x, name)
  testthat::expect_s4_class(values, "dgCMatrix")
  as.matrix(values)
}

# A good AnnData file of 2 genes x 3 cells; `edit` gets the path and damages
# it.
write_h5ad <- function(edit = identity, env = parent.frame()) {
  testthat::skip_if_not_installed("rhdf5")
  testthat::skip_if_not_installed("Matrix")
  path <- withr::local_tempfile(fileext = ".h5ad", .local_envir = env)
  rhdf5::h5createFile(path)
  for (group in c("X", "obs", "var", "layers", "obs/type")) {
    rhdf5::h5createGroup(path, group)
  }
  put_items(path, list(
    "X/data" = c(1, 2, 3), "X/indices" = c(0L, 1L, 0L),
    "X/indptr" = c(0L, 1L, 3L, 3L), "obs/_index" = c("c1", "c2", "c3"),
    "obs/type/codes" = c(0L, 1L, -1L), "obs/type/categories" = c("B", "T"),
    "var/_index" = c("TP53", "ARID1A")
  ))
  put_attributes(path, "X", "encoding-type" = "csr_matrix", shape = c(3L, 2L))
  edit(path)
  path
}

put_items <- function(path, items) {
  for (name in names(items)) {
    if (name %in% sub("^/", "", item_names(path))) rhdf5::h5delete(path, name)
    if (!is.null(items[[name]])) rhdf5::h5write(items[[name]], path, name)
  }
}

item_names <- function(path) {
  content <- rhdf5::h5ls(path)
  sub("^/+", "", paste0(content$group, "/", content$name))
}

put_attributes <- function(path, at, ...) {
  file <- rhdf5::H5Fopen(path)
  on.exit(rhdf5::H5Fclose(file))
  group <- rhdf5::H5Gopen(file, at)
  on.exit(rhdf5::H5Gclose(group), add = TRUE, after = FALSE)
  values <- list(...)
  for (name in names(values)) {
    if (rhdf5::H5Aexists(group, name)) rhdf5::H5Adelete(group, name)
    rhdf5::h5writeAttribute(values[[name]], group, name)
  }
}

# A folder of 10x Genomics; elements of `files` replace lines, NULL leaves out.
write_10x <- function(files = list(), gzip = FALSE, env = parent.frame()) {
  good <- list(
    matrix.mtx = c(
      "%%MatrixMarket matrix coordinate integer general", "% a comment",
      "3 2 4", "1 1 4", "3 1 1", "1 2 2", "2 2 7"
    ),
    features.tsv = c(
      "ENSG00000141510\tTP53\tGene Expression",
      "ENSG00000117713\tARID1A\tGene Expression",
      "CD3\tCD3\tAntibody Capture"
    ),
    barcodes.tsv = c("AAAC-1", "AAAG-1")
  )
  dir <- withr::local_tempdir(.local_envir = env)
  for (name in union(names(good), names(files))) {
    lines <- if (name %in% names(files)) files[[name]] else good[[name]]
    if (is.null(lines)) next
    path <- file.path(dir, paste0(name, if (gzip) ".gz"))
    bytes <- if (is.raw(lines)) lines else text_bytes(lines)
    writeBin(if (gzip) gzip_bytes(bytes) else bytes, path)
  }
  dir
}
