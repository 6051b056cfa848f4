partners <- function() {
  tibble::tibble(
    anchor = c("A", "A", "D"), partner = c("B", "C", "B"),
    .score = c(2, -1, 0), .pred_SL = c(0.9, 0.2, 0.5),
    label = factor(c("SL", NA, "non_SL"), pair_labels)
  )
}

test_that("a graph has a vertex a gene and an edge a row", {
  graph <- scored_graph(partners(), weight = ".pred_SL")
  expect_false(igraph::is_directed(graph))
  expect_identical(igraph::V(graph)$name, c("A", "D", "B", "C"))
  expect_identical(igraph::V(graph)$anchor, c(TRUE, TRUE, FALSE, FALSE))
  ends <- igraph::as_edgelist(graph)
  expect_identical(ends[, 2], c("B", "C", "B"))
  expect_identical(igraph::E(graph)$weight, c(0.9, 0.2, 0.5))
  expect_identical(igraph::E(graph)$.score, c(2, -1, 0))
  expect_identical(igraph::E(graph)$label, c("SL", NA, "non_SL"))
  expect_null(igraph::E(scored_graph(partners()))$weight)
})

test_that("pairs and partners become graphs, through igraph's generic too", {
  pairs <- data.frame(gene_a = "A", gene_b = c("B", "C"), .score = 1)
  graph <- scored_graph(pairs)
  expect_identical(igraph::V(graph)$name, c("A", "B", "C"))
  expect_null(igraph::V(graph)$anchor)
  ranked <- new_musl_partners(partners())
  expect_identical(
    igraph::as_data_frame(igraph::as.igraph(ranked)),
    igraph::as_data_frame(scored_graph(partners()))
  )
  empty <- scored_graph(pairs[0, ])
  expect_equal(igraph::vcount(empty), 0)
})

test_that("missing values of edges are missing in files of igraph", {
  pairs <- data.frame(
    gene_a = "A", gene_b = c("B", "C"), n_unseen = c(1L, NA),
    independent = c(FALSE, NA), whole = 1:2, sure = c(TRUE, FALSE)
  )
  graph <- scored_graph(pairs)
  expect_identical(igraph::E(graph)$whole, 1:2)
  expect_identical(igraph::E(graph)$sure, c(TRUE, FALSE))
  file <- withr::local_tempfile(fileext = ".graphml")
  igraph::write_graph(graph, file, format = "graphml")
  again <- igraph::edge_attr(igraph::read_graph(file, format = "graphml"))
  expect_equal(again$n_unseen, c(1, NaN))
  expect_equal(again$independent, c(0, NaN))
  expect_identical(again$sure, c(TRUE, FALSE))
})

test_that("Cytoscape's tables bear its names", {
  tables <- as_cytoscape(partners())
  expect_identical(class(tables$nodes), "data.frame")
  expect_identical(tables$nodes$id, c("A", "D", "B", "C"))
  expect_identical(class(tables$edges), "data.frame")
  expect_identical(
    names(tables$edges),
    c("source", "target", "interaction", ".score", ".pred_SL", "label")
  )
  expect_identical(
    tables$edges$interaction, c("known SL", "predicted", "known non_SL")
  )
})

test_that("labels in numbers tell the kind of an edge, too", {
  x <- data.frame(gene_a = "A", gene_b = c("B", "C", "D"), label = c(1, 0, NA))
  kinds <- c("known SL", "known non_SL", "predicted")
  expect_identical(as_cytoscape(x)$edges$interaction, kinds)
  text <- as.character(x$label)
  for (label in list(x$label == 1, text, factor(text), factor(x$label == 1))) {
    x$label <- label
    expect_identical(as_cytoscape(x)$edges$interaction, kinds)
  }
})

test_that("scores become an experiment of anchors x partners", {
  out <- as_score_experiment(partners())
  expect_identical(rownames(out), c("A", "D"))
  expect_identical(colnames(out), c("B", "C"))
  expect_identical(
    SummarizedExperiment::assayNames(out), c(".score", ".pred_SL")
  )
  expect_identical(
    SummarizedExperiment::assay(out, ".score"),
    matrix(c(2, 0, -1, NA), 2, dimnames = list(c("A", "D"), c("B", "C")))
  )
  one <- as_score_experiment(partners(), ".pred_SL")
  expect_identical(SummarizedExperiment::assayNames(one), ".pred_SL")
})

test_that("tables that are no predictions are refused", {
  x <- partners()
  expect_error(scored_graph(list()), class = "musl_error_input")
  expect_error(scored_graph(x["anchor"]), "partner", class = "musl_error_input")
  expect_error(scored_graph(x, weight = "label"), class = "musl_error_input")
  expect_error(
    igraph::as.igraph(new_musl_partners(x), weigth = ".score"),
    class = "musl_error_input"
  )
  expect_error(as_cytoscape(x[-1]), "gene_a", class = "musl_error_input")
  expect_error(as_score_experiment(x, "label"), class = "musl_error_input")
  expect_error(
    as_score_experiment(x[c("anchor", "partner", "label")]),
    "no numeric column", class = "musl_error_input"
  )
  expect_error(as_score_experiment(rbind(x, x[1, ])), "A - B",
    class = "musl_error_input"
  )
  twice <- data.frame(
    gene_a = "A", gene_b = "B", .score = 1, .score = 2, check.names = FALSE
  )
  for (export in list(scored_graph, as_cytoscape, as_score_experiment)) {
    cnd <- expect_error(export(twice), ".score", class = "musl_error_input")
    expect_identical(cnd$argument, "x")
  }
  cnd <- expect_error(
    musl_compare(twice, data.frame(gene = "B")), ".score",
    class = "musl_error_input"
  )
  expect_identical(cnd$argument, "predictions")
})

test_that("a CSV file comes back as it was written", {
  path <- withr::local_tempfile(fileext = ".csv")
  x <- data.frame(
    `a "name"` = c("plain", "comma, quote \" and\nline", "gr\u00fcn", NA),
    n = c(-1.5, 1e-300, NA, 123456789), flag = c(TRUE, FALSE, NA, TRUE),
    kind = factor(c("SL", "non_SL", NA, "SL")), check.names = FALSE
  )
  expect_identical(musl_write_csv(x, path), path)
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

test_that("whole numbers are written without an exponent, as ids are", {
  path <- withr::local_tempfile(fileext = ".csv")
  x <- data.frame(
    entrez = c(100000, 7157, NA), count = c(3e5, -1e5, Inf),
    score = c(1e5, 0.1, 1e-20), huge = c(1e20, 1, 2)
  )
  musl_write_csv(x, path)
  rows <- strsplit(readLines(path)[-1], ",", fixed = TRUE)
  expect_identical(rows[[1]], c("100000", "300000", "1e+05", "1e+20"))
  expect_identical(rows[[2]], c("7157", "-100000", "0.1", "1"))
  expect_identical(rows[[3]], c("", "Inf", "1e-20", "2"))
  expect_equal(utils::read.csv(path), x)
  # Times have a class, whose texts have units.
  waited <- data.frame(took = as.difftime(c(90, 5), units = "secs"))
  path <- withr::local_tempfile(fileext = ".csv")
  musl_write_csv(waited, path)
  expect_identical(readLines(path), c("\"took\"", "\"90\"", "\"5\""))
})

test_that("numbers have a decimal point where R prints a comma", {
  path <- withr::local_tempfile(fileext = ".csv")
  withr::with_options(
    list(OutDec = ","),
    musl_write_csv(data.frame(gene = "A", score = -1.5, p = 1e-20), path)
  )
  expect_identical(
    readLines(path), c("\"gene\",\"score\",\"p\"", "\"A\",-1.5,1e-20")
  )
})

test_that("formulas are escaped on request, numbers never", {
  path <- withr::local_tempfile(fileext = ".csv")
  x <- data.frame(
    cell = c("=1+1", "+A1", "-B", "@C", "\tD", "E=F", ""),
    n = c(-1, -2, -3, 4, 5, 6, 7)
  )
  musl_write_csv(x, path)
  expect_identical(utils::read.csv(path)$cell, x$cell)
  names(x)[[1]] <- "=cell"
  musl_write_csv(x, path, escape_formulas = TRUE, overwrite = TRUE)
  back <- utils::read.csv(path, check.names = FALSE)
  expect_identical(names(back), c("'=cell", "n"))
  expect_identical(
    back[[1]], c("'=1+1", "'+A1", "'-B", "'@C", "'\tD", "E=F", "")
  )
  expect_equal(back$n, x$n)
})

test_that("a table without rows is its header", {
  path <- withr::local_tempfile(fileext = ".csv")
  musl_write_csv(partners()[0, 1:2], path)
  expect_identical(readLines(path), "\"anchor\",\"partner\"")
})

test_that("files are kept, and what is no table is refused", {
  path <- withr::local_tempfile(fileext = ".csv")
  musl_write_csv(partners(), path)
  before <- readLines(path)
  expect_error(musl_write_csv(partners()[1, ], path), "exists",
    class = "musl_error_input"
  )
  expect_identical(readLines(path), before)
  nested <- tibble::tibble(a = list(1, 2))
  expect_error(musl_write_csv(nested, path, overwrite = TRUE), "\"?a\"?",
    class = "musl_error_input"
  )
  expect_error(musl_write_csv(1, path), class = "musl_error_input")
  nowhere <- file.path(path, "none.csv")
  expect_error(musl_write_csv(partners(), nowhere),
    class = "musl_error_format"
  )
  expect_identical(readLines(path), before)
})

test_that("tables are parted by tabs and packed where the name says so", {
  dir <- withr::local_tempdir()
  x <- data.frame(gene = c("A,1", "B\"2", NA), x = c(-1.5, NA, 1e-20))
  plain <- file.path(dir, "x.tsv")
  musl_write_csv(x, plain)
  expect_identical(readLines(plain), c(
    "gene\tx", "A,1\t-1.5", "\"B\"\"2\"\t", "\t1e-20"
  ))
  packed <- file.path(dir, "x.TSV.gz")
  musl_write_csv(x, packed)
  expect_identical(readBin(packed, "raw", 2), as.raw(c(0x1f, 0x8b)))
  expect_identical(readLines(packed), readLines(plain))
})

test_that("a pipe is refused and stays one", {
  skip_on_os("windows")
  path <- withr::local_tempfile()
  skip_if_not(system2("mkfifo", shQuote(path)) == 0)
  expect_error(
    musl_write_csv(data.frame(a = 1), path, overwrite = TRUE), "pipe",
    class = "musl_error_format"
  )
  expect_identical(system2("test", c("-p", shQuote(path))), 0L)
})

test_that("a file that is replaced keeps its permissions", {
  skip_on_os("windows")
  path <- withr::local_tempfile(lines = "a")
  Sys.chmod(path, "600")
  musl_write_csv(data.frame(a = 1), path, overwrite = TRUE)
  expect_identical(format(file.mode(path)), "600")
})
