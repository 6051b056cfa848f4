# Tables of genes x samples.

expected_table <- function() {
  matrix(c(1.5, 0, 2, 3.25), 2,
    dimnames = list(c("TP53", "ARID1A"), c("s1", "s2"))
  )
}

test_that("tables of any delimiter and decimal mark are the same matrix", {
  lines <- list(
    c("gene\ts1\ts2", "TP53\t1.5\t2", "ARID1A\t0\t3.25"),
    c("gene,s1,s2", "TP53,1.5,2", "ARID1A,0,3.25"),
    c("gene;s1;s2", "TP53;1,5;2", "ARID1A;0;3,25"),
    c("s1\ts2", "TP53\t1.5\t2", "ARID1A\t0\t3.25")
  )
  for (text in lines) {
    path <- withr::local_tempfile(lines = text)
    expect_identical(read_expression(path), expected_table())
  }
})

test_that("GCT and columns of text are read, what is left out is told", {
  gct <- withr::local_tempfile(lines = c(
    "#1.2", "2\t2", "Name\tDescription\ts1\ts2",
    "TP53\ttumour\t1.5\t2", "ARID1A\tremodelling\t0\t3.25"
  ))
  expect_message(
    found <- read_expression(gct), "Description", class = "musl_message_report"
  )
  expect_identical(found, expected_table())
  # Without a line break at its end.
  bytes <- readBin(gct, "raw", file.size(gct))
  writeBin(utils::head(bytes, -1), gct)
  expect_no_warning(again <- suppressMessages(read_expression(gct)))
  expect_identical(again, expected_table())
  ids <- withr::local_tempfile(lines = c(
    "id\tgene\ts1\ts2", "x\tTP53\t1.5\t2", "y\tARID1A\t0\t3.25",
    "z\tTP53\t9\t9"
  ))
  expect_message(found <- read_expression(ids, gene = "gene"), "repeated gene")
  expect_identical(found, expected_table())
})

test_that("a table without numbers is refused", {
  path <- withr::local_tempfile(lines = c("a\tb", "TP53\tx"))
  expect_format_error(read_expression(path))
  path <- withr::local_tempfile(lines = c("g;s1", "TP53;1,5", "A;x"))
  expect_format_error(read_expression(path), "x")
  expect_input_error(read_expression("/nowhere"))
})

test_that("a table without a header is refused, numbered samples are not", {
  path <- withr::local_tempfile(lines = c("TP53\t1.5\t2", "ARID1A\t0\t3.25"))
  expect_format_error(read_expression(path), "header")
  path <- withr::local_tempfile(lines = c("7157,3,1,2", "8289,4,0,3"))
  expect_format_error(read_expression(path), "7157")
  for (first in c("gene", "", "Gene ID")) {
    path <- withr::local_tempfile(
      lines = c(paste0(first, ",1,2"), "TP53,1.5,2", "ARID1A,0,3.25")
    )
    expect_silent(found <- read_expression(path))
    expect_identical(unname(found), unname(expected_table()))
    expect_identical(colnames(found), c("1", "2"))
  }
})

test_that("numbers that tell of genes are no samples, and told", {
  path <- withr::local_tempfile(lines = c(
    "symbol,entrez,s1,Gene.Length,s2", "TP53,7157,1.5,2512,2",
    "ARID1A,8289,0,6858,3.25"
  ))
  expect_message(
    found <- read_expression(path), "entrez.*Gene.Length",
    class = "musl_message_report"
  )
  expect_identical(found, expected_table())
  for (id in c("id", "")) {
    path <- withr::local_tempfile(lines = c(
      paste0(id, ",symbol,s1,s2"), "1,TP53,1.5,2", "2,ARID1A,0,3.25"
    ))
    expect_message(found <- read_expression(path, gene = "symbol"), "left out")
    expect_identical(found, expected_table())
  }
  path <- withr::local_tempfile(lines = c("gene,length", "TP53,2512"))
  expect_format_error(read_expression(path))
})

test_that("a delimiter at the end of lines is no sample", {
  path <- withr::local_tempfile(
    lines = c("gene\ts1\ts2\t", "TP53\t1.5\t2\t", "ARID1A\t0\t3.25\t")
  )
  expect_silent(found <- read_expression(path))
  expect_identical(found, expected_table())
})

test_that("a sample without values stays, as do values without a name", {
  path <- withr::local_tempfile(
    lines = c("gene\ts1\ts2\t\t", "TP53\t1.5\t\t7\t", "ARID1A\t0\tNA\t8\t")
  )
  expect_identical(read_expression(path), matrix(
    c(1.5, 0, NA, NA, 7, 8), 2,
    dimnames = list(c("TP53", "ARID1A"), c("s1", "s2", ""))
  ))
})

test_that("a file that is no text is refused without a warning", {
  path <- withr::local_tempfile(fileext = ".tsv")
  writeBin(as.raw(c(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)), path)
  expect_no_warning(cnd <- caught(read_expression(path)))
  expect_s3_class(cnd, "musl_error_format")
  expect_match(conditionMessage(cnd), "HDF5")
})
