# Expression of genes in cell lines.

toy_lines <- function() {
  matrix(
    c(0, 2, 1.5, 5, .5, NA, 3, 9, 4),
    3,
    dimnames = list(c("A1", "B1", "Z9"), c("A549", "HEK 293", "PC9"))
  )
}

test_that("lines are a part of evidence, of a matrix or a container", {
  made <- musl_evidence(lines = toy_lines())
  expect_identical(made$lines, toy_lines())
  expect_output(print(made), "lines: 3 genes")
  se <- SummarizedExperiment::SummarizedExperiment(
    list(effect = -toy_lines(), expression = toy_lines()),
    colData = S4Vectors::DataFrame(
      cell_line_name = c("A549", NA, "PC-9"), row.names = colnames(toy_lines())
    )
  )
  read <- musl_evidence(lines = se)$lines
  expect_identical(colnames(read), c("A549", "HEK 293", "PC-9"))
  expect_identical(unname(read), unname(toy_lines()))
})

test_that("what is no expression of lines is refused with its reason", {
  refused <- function(lines, text, class = "musl_error_input") {
    expect_error(musl_evidence(lines = lines), text, class = class)
  }
  x <- toy_lines()
  refused("A549", "numeric matrix of genes x cell lines")
  refused(unname(x), "gene names", "musl_error_gene")
  refused(x[c(1, 1, 2), ], "each gene once", "musl_error_gene")
  refused(x[, c(1, 1)], "name of its own.*\"A549\"")
  refused(x - 1, "log2.x . 1..*from -1 to 8")
  refused(2^x * 10, "log2.x . 1.")
  refused(x[, 0], "no known value")
  refused(x * NA, "no known value")
  rownames(x) <- sprintf("ACH-%06d", 1:3)
  refused(x, "genes as rows.*turns it")
  expect_gene_error(
    musl_data(toy_matrix(),
      scale = "log",
      evidence = musl_evidence(lines = toy_lines()["Z9", , drop = FALSE])
    ), "Part `?lines`? shares none"
  )
})

test_that("a line has one key however laboratories write it", {
  atlas <- c(
    "A-431", "A549", "AF22", "AN3-CA", "ASC diff", "ASC TERT1", "BEWO", "BJ",
    "BJ hTERT+", "BJ hTERT+ SV40 Large T+", "BJ hTERT+ SV40 Large T+ RasG12V",
    "CACO-2", "HAP1", "HBF TERT88", "HEK 293", "HEL", "HeLa", "Hep G2", "HL-60",
    "hTERT-HME1", "hTERT-RPE1", "JURKAT", "K-562", "MCF7", "NTERA-2", "PC-3",
    "SK-MEL-30", "T-47d", "U-2 OS", "U-266/70", "U-266/84", "U-937"
  )
  expect_identical(anyDuplicated(line_keys(atlas)), 0L)
  found <- function(names) atlas[match_lines(names, atlas)]
  expect_identical(
    found(c("HAP1", "A549_LUNG", "HELA", "HEK293T", "293T", "RPE1", "U2OS")),
    c("HAP1", "A549", "HeLa", "HEK 293", "HEK 293", "hTERT-RPE1", "U-2 OS")
  )
  expect_identical(
    found(c("K562", "HEPG2_LIVER", "T47D", "SKMEL30_SKIN", "Caco2", "Jurkat")),
    c("K-562", "Hep G2", "T-47d", "SK-MEL-30", "CACO-2", "JURKAT")
  )
  other <- c(
    "786O", "A375", "GI1", "HS936T", "HS944T", "HSC5", "HT29", "IPC298",
    "MEL202", "MELJUSO", "MEWO", "OVCAR8", "PATU8988S", "PC9", "PK1", "mean"
  )
  expect_identical(found(other), rep(NA_character_, length(other)))
  expect_identical(anyDuplicated(line_keys(other)), 0L)
})

test_that("a line that is named exactly comes before one of its key", {
  expect_identical(
    match_lines(c("KM-H2", "KMH2", "kmh-2"), c("KMH2", "KM-H2")), c(2L, 1L, 1L)
  )
})

test_that("levels of many lines are kept where pairs or a context name them", {
  n <- most_kept_lines + 1L
  many <- matrix(
    rep(c(0, 2), n), 2,
    dimnames = list(c("A1", "B1"), sprintf("L%03d", seq_len(n)))
  )
  kept <- function(x, named) {
    input <- line_input(x, c("B1", "C1"), named)
    input$names[input$kept == 1]
  }
  expect_identical(kept(many, c("l 007", "mean")), "L007")
  expect_identical(kept(many[, -1], "mean"), colnames(many)[-1])
  expect_identical(line_input(many, c("B1", "C1"), "")$gene_of_row, c(-1L, 0L))
})

test_that("lines alone are data that a model of pairs is asked in", {
  human <- musl_human_model()
  genes <- c("ARID1A", "ARID1B", "SMARCC1")
  lines <- matrix(c(5, 0, 5, 5, 5, 5), 3)
  dimnames(lines) <- list(genes, c("mine", "A549"))
  data <- musl_data(evidence = musl_evidence(lines = lines))
  expect_identical(musl_genes(data), sort(genes, method = "radix"))
  pairs <- data.frame(gene_a = "ARID1A", gene_b = genes[-1])
  scores <- function(...) {
    predict(human, pairs, data = data, ...)$.score
  }
  expect_lt(scores(context = "mine")[[1]], scores(context = "A549")[[1]])
  expect_equal(scores(context = "mine")[[2]], scores(context = "A549")[[2]])
  expect_error(
    musl_partners(human, "ARID1A", context = "A549"),
    "musl_evidence\\(lines = \\)", class = "musl_error_input"
  )
})
