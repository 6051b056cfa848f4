# Tables that the shell and the explorer write.

test_that("a table comes back as it was written", {
  path <- withr::local_tempfile(fileext = ".csv")
  x <- data.frame(
    `a "name"` = c("plain", "comma, quote \" and\nline", "gr\u00fcn", NA),
    n = c(-1.5, 1e-300, NA, 123456789), flag = c(TRUE, FALSE, NA, TRUE),
    kind = factor(c("SL", "non_SL", NA, "SL")), check.names = FALSE
  )
  expect_identical(write_table(x, path), path)
  back <- utils::read.csv(
    path,
    check.names = FALSE, na.strings = "", encoding = "UTF-8"
  )
  expect_identical(names(back), names(x))
  expect_identical(enc2utf8(back[[1]]), x[[1]])
  expect_identical(back$n, x$n)
  expect_identical(back$flag, x$flag)
  expect_identical(back$kind, as.character(x$kind))
})

test_that("ids are written without an exponent, numbers with a point", {
  path <- withr::local_tempfile(fileext = ".csv")
  x <- data.frame(
    entrez = c(100000, 7157, NA), count = c(3e5, -1e5, Inf),
    score = c(1e5, 0.1, 1e-20)
  )
  withr::with_options(list(OutDec = ","), write_table(x, path))
  rows <- strsplit(readLines(path)[-1], ",", fixed = TRUE)
  expect_identical(rows[[1]], c("100000", "300000", "1e+05"))
  expect_identical(rows[[2]], c("7157", "-100000", "0.1"))
  expect_identical(rows[[3]], c("", "Inf", "1e-20"))
})

test_that("a table without rows is its header", {
  path <- withr::local_tempfile(fileext = ".csv")
  write_table(data.frame(anchor = character(), partner = character()), path)
  expect_identical(readLines(path), "anchor,partner")
})

test_that("the name says whether tabs separate columns and gzip packs them", {
  dir <- withr::local_tempdir()
  x <- data.frame(gene = c("A,1", "B\"2", NA), x = c(-1.5, NA, 1e-20))
  plain <- file.path(dir, "x.tsv")
  write_table(x, plain)
  expect_identical(readLines(plain), c(
    "gene\tx", "A,1\t-1.5", "\"B\"\"2\"\t", "\t1e-20"
  ))
  packed <- file.path(dir, "x.TSV.gz")
  write_table(x, packed)
  expect_identical(readBin(packed, "raw", 2), as.raw(c(0x1f, 0x8b)))
  expect_identical(readLines(packed), readLines(plain))
})

test_that("a file in the way is refused, replaced or kept as what it is", {
  skip_on_os("windows")
  x <- data.frame(a = 1)
  path <- withr::local_tempfile(lines = "a")
  expect_format_error(write_table(x, file.path(path, "none.csv")))
  Sys.chmod(path, "600")
  write_table(x, path)
  expect_identical(format(file.mode(path)), "600")
  pipe <- withr::local_tempfile()
  skip_if_not(system2("mkfifo", shQuote(pipe)) == 0)
  expect_format_error(write_table(x, pipe), "pipe")
  expect_identical(system2("test", c("-p", shQuote(pipe))), 0L)
})
