# The readers that test-read-file-malformed.R leaves out, each with every damage
# of a file as a whole, and those with a header with damaged rows too.

# A file of links for the names of proteins to go with.
links_file <- function(env = parent.frame()) {
  write_text("protein1 protein2 combined_score", "9606.P1 9606.P2 900",
    name = "links.txt", env = env
  )
}

read_synlethdb <- function(path) read_pairs(path, "synlethdb")
read_hippie <- function(path) read_network(path, "hippie")

headed <- list(
  synlethdb = list(read_synlethdb, c(
    "n1.name,n1.identifier,n2.name,n2.identifier,r.cell_line,r.source",
    "BRCA1,672,PARP1,142,NA,CRISPR", "ARID1A,8289,ARID1B,57492,HCT116,RNAi"
  )),
  slkb = list(
    function(path) read_pairs(path, "slkb"),
    c("gene_pair,SL_or_not", "A|B,SL", "C|D,non_SL")
  ),
  gi_screen = list(read_gi_screen, c(
    "gene_a,gene_b,score,fdr", "TP53,MDM2,-4,0.01", "ARID1A,ARID1B,0.1,0.9"
  )),
  info = list(
    function(path) read_network(links_file(), info = path),
    c("#string_protein_id\tpreferred_name", "9606.P1\tTP53", "9606.P2\tMDM2")
  ),
  aliases = list(
    function(path) read_network(links_file(), info = path),
    c(
      "#string_protein_id\talias\tsource", "9606.P1\tTP53\tEnsembl_HGNC_symbol",
      "9606.P2\tMDM2\tEnsembl_HGNC_symbol"
    )
  ),
  annotation = list(
    function(path) musl_map_genes("TP53", annotation = path),
    c("symbol,entrez,alias", "TP53,7157,P53", "MDM2,4193,HDM2")
  ),
  mitab = list(read_hippie, c(
    "Gene Name Interactor A\tGene Name Interactor B\tConfidence Value",
    "TP53\tMDM2\t0.9", "ATM\tATR\t0.5"
  ))
)

plain <- list(
  hippie = list(read_hippie, c(
    "ALDH1A1\t216\tALDH1A1\t217\t0.76\texperiments", "A\t1\tB\t2\t0.9\tx"
  )),
  fasta = list(musl_embed_kmers, c(">a", "MKVLLA", ">b", "ACDEFG"))
)

test_that("the good files are read", {
  for (kind in c(headed, plain)) {
    expect_null(caught(kind[[1]](write_raw(text_bytes(kind[[2]])))))
  }
})

for (kind in names(headed)) {
  test_that(paste("each damage to a file is refused by the reader of", kind), {
    for (case in names(usual_damages)) {
      expect_refused(
        paste(kind, case, sep = ", "), headed[[kind]][[1]],
        usual_damages[[case]](headed[[kind]][[2]])
      )
    }
  })
}

for (kind in names(plain)) {
  test_that(paste("a file that is no text is refused by the reader of", kind), {
    for (case in names(file_damages)) {
      expect_refused(
        paste(kind, case, sep = ", "), plain[[kind]][[1]],
        file_damages[[case]](plain[[kind]][[2]])
      )
    }
  })
}

test_that("scores outside their documented range are refused", {
  for (score in c("1.01", "-0.1", "900", "inf", "1e400")) {
    lines <- headed$mitab[[2]]
    lines[[2]] <- paste("TP53", "MDM2", score, sep = "\t")
    expect_refused(paste("MITAB", score), read_hippie, text_bytes(lines))
    lines <- paste("A", 1, "B", 2, score, "x", sep = "\t")
    expect_refused(paste("HIPPIE", score), read_hippie, text_bytes(lines))
  }
  for (score in c("1.5", "-1", "100", "inf")) {
    lines <- c(
      "gene_a.name,gene_b.name,r.statistic_score", paste0("A,B,", score)
    )
    expect_refused(paste("SynLethDB", score), read_synlethdb, text_bytes(lines))
  }
})

test_that("labels are words or 0 and 1, and lose no sign", {
  labels <- c(
    "11", "-1", "+1", "1.", "#1", "1|1", "2", "10", "01", "0.5", "1e0", "1 1",
    "1%", "-0", "0x1", "SL1", "SL?no", "\u0661", "unknown"
  )
  for (label in labels) {
    lines <- c("gene_a,gene_b,label", "A,B,1", paste0("C,D,", label))
    expect_refused(paste("label", label), read_pairs, text_bytes(lines))
  }
})

test_that("names that differ by blanks alone count as one", {
  cases <- list(
    list("a column of genes", function(path) read_depmap(c(effect = path)),
      c(",TP53 (7157),TP53 (7157) ", "ACH-000001,1,2", "ACH-000002,3,4")
    ),
    list("a row of genes", function(path) read_depmap(c(effect = path)),
      c("gene,ACH-000001,ACH-000002", "TP53,1,2", "TP53 ,3,4")
    ),
    list("a model", function(path) read_depmap(c(effect = path)),
      c(",A (1),B (2)", "ACH-000001,1,2", "ACH-000001 ,3,4")
    ),
    list("an id", read_embeddings, c("gene,d1,d2", "A,1,2", "A ,3,4")),
    list("a column", read_pairs, c("gene_a,gene_b,x,x ", "A,B,1,2"))
  )
  for (case in cases) {
    expect_refused(case[[1]], case[[2]], text_bytes(case[[3]]))
  }
})

test_that("comments above a header are skipped, quoted ones refused", {
  depmap <- function(path) read_depmap(c(effect = path))
  plain <- depmap(write_raw(text_bytes(depmap_lines)))
  for (comment in c("# DepMap 23Q4", "# a, b", "#")) {
    path <- write_raw(text_bytes(c(comment, depmap_lines)))
    expect_identical(
      SummarizedExperiment::assay(depmap(path)),
      SummarizedExperiment::assay(plain)
    )
  }
  expect_refused("DepMap under a quoted line", depmap,
    text_bytes(c("\"# quoted\"", depmap_lines))
  )
  one <- data.frame("ModelID" = "ACH-000001")
  expect_no_object("one column", read_depmap(list(effect = one)), "input")
})
