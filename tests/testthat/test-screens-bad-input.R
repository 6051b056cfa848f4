# What a user may hand over as a screen or as evidence of genes, and what
# becomes of it: the class of the first condition, or the section of the report.

screen_table <- function() {
  data.frame(
    gene1 = paste0("A", 1:6), gene2 = paste0("B", 1:6),
    score = c(-3, -2, 0, 0.1, 0.2, 0.3), fdr = c(0.01, 0.02, 0.5, 0.6, 0.7, 0.8)
  )
}

read_table_screen <- function(table) {
  read_gi_screen(table,
    gene_a = "gene1", gene_b = "gene2", score = "score", significance = "fdr",
    source = "s", hit = -1, fdr = 0.1
  )
}

called <- function(x, ...) {
  x$call <- x$score < -1
  x$score <- -x$score
  read_gi_screen(x,
    gene_a = "gene1", gene_b = "gene2", score = "score", label = "call",
    source = "s", ...
  )
}

test_that("odd screens are warned of or reported by section", {
  t <- screen_table()
  more <- function(a, b) {
    rbind(t, data.frame(gene1 = a, gene2 = b, score = 0, fdr = 1))
  }
  warned <- list(
    "no hits" = quote(read_table_screen(transform(t, fdr = 1))),
    "all hits" = quote(read_table_screen(transform(t, score = -3, fdr = 0))),
    "wrong sign" = quote(called(t, lethal = "negative"))
  )
  for (name in names(warned)) {
    expect_warning(
      eval(warned[[name]]),
      class = "musl_warning_other", info = name
    )
  }
  reported <- list(
    self = more("A1", "A1"), control = more("A1", "AAVS1"),
    excel_names = more("A1", "1-Sep"), excel_names = more("A1", "Sep-02"),
    excel_names = more("A1", "43891"),
    several_rows = rbind(t, t)
  )
  for (i in seq_along(reported)) {
    section <- names(reported)[[i]]
    expect_message(
      x <- read_table_screen(reported[[i]]),
      class = "musl_message_report"
    )
    expect_gt(nrow(attr(x, "report")[[section]]), 0)
  }
  expect_message(turned <- called(t), class = "musl_message_report")
  expect_identical(turned$effect[turned$label == "SL"], c(-3, -2))
})

test_that("opposite outcomes of two studies are kept apart", {
  p <- read_table_screen(screen_table())
  other <- p
  other$source <- "t"
  other$label <- factor(
    ifelse(p$label == "SL", "non_SL", "SL"), levels(p$label)
  )
  genes <- unique(c(p$gene_a, p$gene_b))
  x <- matrix(seq_len(24) / 7, 12, dimnames = list(genes, NULL))
  d <- suppressMessages(musl_data(x, pairs = rbind(p, other), scale = "log"))
  expect_identical(nrow(musl_pairs(d)), 12L)
  expect_identical(nrow(musl_report(d)$opposite_pairs), 6L)
})

test_that("weights out of range, and screens of one outcome, are refused", {
  p <- read_table_screen(screen_table())
  genes <- unique(c(p$gene_a, p$gene_b))
  x <- matrix(seq_len(24) / 7, 12, dimnames = list(genes, NULL))
  data <- function(column, value) {
    p[[column]] <- value
    suppressMessages(musl_data(x, pairs = p, scale = "log"))
  }
  for (weight in c(-0.1, 1.1, NA)) {
    expect_error(data("weight", weight), class = "musl_error_input")
  }
  one <- data("label", factor("non_SL", c("SL", "non_SL")))
  expect_error(
    suppressMessages(musl_fit(one, network = FALSE, progress = FALSE)),
    class = "musl_error_input"
  )
})

test_that("of isoforms the longest counts", {
  fasta <- withr::local_tempfile(fileext = ".fasta", lines = c(
    ">sp|P1|X GN=A1", "MAAQVAPAAASSLG", ">sp|P1-2|X GN=A1", "MAAQVAPA",
    ">sp|P2|X GN=A2", "MKKKLLLL"
  ))
  expect_message(
    made <- musl_evidence(proteins = fasta, isoform_genes = "header"),
    "1 shorter isoform",
    class = "musl_message_report"
  )
  found <- made$proteins
  expect_setequal(found$gene, c("A1", "A2"))
  expect_identical(found$sequence[found$gene == "A1"], "MAAQVAPAAASSLG")
})

test_that("annotations that may tell the labels, or nothing, are named", {
  terms <- data.frame(
    gene = c("A1", "B1", "C1"), term = "T", evidence = c("IDA", NA, "IEA")
  )
  classes <- list(
    musl_warning_leakage = terms,
    musl_warning_leakage = terms[c("gene", "term")],
    musl_warning_leakage = transform(terms, evidence = ""),
    musl_warning_other = transform(terms, evidence = "IGI"),
    musl_error_input = terms[0, ],
    musl_error_input = terms["gene"]
  )
  for (i in seq_along(classes)) {
    cnd <- tryCatch(musl_annotations(classes[[i]]), condition = identity)
    expect_s3_class(cnd, names(classes)[[i]])
  }
  expect_no_warning(musl_annotations(transform(terms, evidence = "IDA")))
})

test_that("the argument that names genes of isoforms is the one told of", {
  proteins <- c(P1 = "MAAQ", P2 = "MKKL")
  expect_error(
    musl_evidence(proteins = proteins, isoform_genes = "A1"),
    "isoform_genes",
    class = "musl_error_shape"
  )
})
