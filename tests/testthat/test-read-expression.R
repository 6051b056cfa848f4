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
  ids <- withr::local_tempfile(lines = c(
    "id\tgene\ts1\ts2", "x\tTP53\t1.5\t2", "y\tARID1A\t0\t3.25",
    "z\tTP53\t9\t9"
  ))
  expect_message(found <- read_expression(ids, gene = "gene"), "repeated gene")
  expect_identical(found, expected_table())
})

test_that("a table without numbers is refused", {
  path <- withr::local_tempfile(lines = c("a\tb", "TP53\tx"))
  expect_error(read_expression(path), class = "musl_error_format")
  path <- withr::local_tempfile(lines = c("g;s1", "TP53;1,5", "A;x"))
  expect_error(read_expression(path), "x", class = "musl_error_format")
  expect_error(read_expression("/nowhere"), class = "musl_error_input")
})
