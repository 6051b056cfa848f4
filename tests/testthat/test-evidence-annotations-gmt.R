test_that("sets of genes are read as a table", {
  path <- withr::local_tempfile(fileext = ".gmt")
  writeLines(c(
    "complex\thttp://a.b\tARID1A\tARID1B\t\tSMARCA4", "",
    "repair\t\tPARP1 \tXRCC1\tPARP1\r", "complex\tagain\tARID1A\tARID2"
  ), path)
  sets <- read_gmt(path)
  expect_identical(as.list(sets), list(
    gene = c("ARID1A", "ARID1B", "SMARCA4", "PARP1", "XRCC1", "ARID2"),
    pathway = rep(c("complex", "repair", "complex"), c(3, 2, 1))
  ))
  packed <- withr::local_tempfile(fileext = ".gmt.gz")
  con <- gzfile(packed, "w")
  writeLines(readLines(path), con)
  close(con)
  expect_identical(read_gmt(packed), sets)
  terms <- read_gmt(path, "term")
  annotations <- suppressWarnings(musl_annotations(terms, pathways = sets))
  expect_identical(annotations$pathways, sets)
  expect_setequal(annotations$terms$term, c("complex", "repair"))
})

test_that("files of another kind are refused by line", {
  path <- withr::local_tempfile(fileext = ".gmt")
  writeLines(c("a\tb\tG1", "gene\tpathway", "a\tb\t\t"), path)
  cnd <- expect_format_error(read_gmt(path))
  expect_identical(cnd$rows, 2:3)
  expect_identical(cnd$argument, "path")
  writeLines("", path)
  expect_format_error(read_gmt(path), "empty")
  writeBin(as.raw(c(1:31, 0, 200:255)), path)
  expect_format_error(read_gmt(path))
  expect_input_error(read_gmt("nowhere.gmt"))
  expect_input_error(read_gmt(path, 1))
})

test_that("genes and sets are two columns", {
  path <- withr::local_tempfile(fileext = ".gmt")
  writeLines("a\tb\tG1", path)
  cnd <- expect_input_error(read_gmt(path, "gene"))
  expect_identical(cnd$argument, "column")
})
