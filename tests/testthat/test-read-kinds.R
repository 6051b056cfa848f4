# More kinds of public tables that readers met wrongly, in made-up values under
# the headers that their tools write.

quietly <- function(x) suppressWarnings(suppressMessages(x))
refused <- function(read, pattern) {
  cnd <- expect_format_error(quietly(read))
  expect_match(conditionMessage(cnd), pattern)
}
ends <- function(x) unname(sort(c(x$gene_a, x$gene_b)))
told <- function(read, pattern) {
  said <- testthat::capture_messages(x <- suppressWarnings(read))
  expect_match(paste(said, collapse = ""), pattern)
  invisible(x)
}

test_that("R's option `encoding` decodes no file a second time", {
  samples <- c("K\u00f6ln_1", "Z\u00fcrich_2")
  utf8 <- write_text(
    paste(c("gene", samples), collapse = "\t"), "TP53\t1.5\t2.5", "A\t3\t4"
  )
  gct <- write_text(
    "#1.2", "2\t2", paste(c("Name", "Description", samples), collapse = "\t"),
    "TP53\tp53\t1\t2", "A\tb\t3\t4", name = "x.gct"
  )
  quoted <- write_text(
    "gene_a,gene_b,label,\u00e4", "\"A\",\"B\",1,\u00f6", "C,\"D\nE\",0,x",
    name = "q.csv"
  )
  for (encoding in c("latin1", "UTF-8", "UTF-16")) {
    withr::local_options(encoding = encoding)
    expect_identical(colnames(read_expression(utf8)), samples)
    expect_identical(colnames(quietly(read_expression(gct))), samples)
    expect_true("\u00e4" %in% names(quietly(read_pairs(quoted))))
    expect_gt(nrow(musl_resources()), 10)
  }
})

test_that("R's temporary folder is made anew", {
  path <- write_text("gene\ts1", "TP53\t1.5", name = "expr.tsv")
  packed <- paste0(path, ".gz")
  con <- gzfile(packed, "wb")
  writeLines(readLines(path), con)
  close(con)
  quoted <- write_text("\"gene\"\ts1", "\"TP53\"\t1.5", name = "quoted.tsv")
  out <- withr::local_tempfile(fileext = ".tsv", tmpdir = getwd())
  code <- function(path, packed, quoted, out) {
    unlink(tempdir(), recursive = TRUE)
    a <- MuSL::read_expression(packed)
    unlink(tempdir(), recursive = TRUE)
    b <- MuSL::read_expression(quoted)
    unlink(tempdir(), recursive = TRUE)
    MuSL:::write_table(data.frame(x = 1), out)
    c(a, b)
  }
  keep <- withr::local_tempdir(tmpdir = getwd())
  at <- file.path(keep, basename(c(packed, quoted)))
  file.copy(c(packed, quoted), keep)
  expect_identical(
    callr::r(code, list(path, at[[1]], at[[2]], out)), c(1.5, 1.5)
  )
  expect_identical(readLines(out), c("x", "1"))
})

test_that("pictures of a report need no display", {
  skip_if_not(capabilities("cairo"), "R has no cairo")
  withr::local_envvar(DISPLAY = NA)
  withr::local_options(bitmapType = "Xlib")
  plot <- ggplot2::ggplot()
  expect_match(html_picture(plot, "empty"), "data:image/png;base64,iVBOR")
})
