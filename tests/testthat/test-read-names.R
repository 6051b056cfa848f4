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

test_that("whole numbers that became floats are ids", {
  genes <- c("142", "57492", "672", "7157", "8289", "8289")
  path <- write_text(
    "entrez_a,entrez_b,label", "7157.0,8289.0,1", "57492.0,8289.00,0",
    "672.0,142.0,1", name = "pairs.csv"
  )
  expect_identical(ends(told(read_pairs(path), "decimal.*7157")), genes)
  one <- write_text("gene\tS1\tS2", "7157.0\t1\t2", "8289.0\t3\t4")
  expect_identical(rownames(quietly(read_expression(one))), c("7157", "8289"))
  annotation <- data.frame(
    symbol = c("TP53", "MDM2", "NEW"), entrez = c("7157.0", "4193.0", NA)
  )
  found <- musl_map_genes(c("7157", "4193.0"), annotation = annotation)
  expect_identical(found$symbol, c("TP53", "MDM2"))
  # Numbers of rows do not become ids.
  index <- write_text("gene_a,gene_b,label", paste0(0:5, ".0,", 6:1, ".0,1"))
  refused(read_pairs(index), "running numbers")
  # Names of genes stay, also with a point.
  names <- c("RP11-1.0", "7157.5")
  expect_identical(clean_names(names), names)
})

test_that("tuples, sets and lists of Python and R are names", {
  pairs <- c(
    "('ARID1A', 'ARID1B')", "[\"TP53\", \"MDM2\"]", "{'KRAS', 'BRAF'}",
    "frozenset({'ATM', 'ATR'})", "c(\"A1\", \"B1\")", "['C1' 'D1']"
  )
  x <- quietly(read_pairs(data.frame(gene_pair = pairs, label = 1)))
  expect_identical(ends(x), sort(c(
    "ARID1A", "ARID1B", "TP53", "MDM2", "KRAS", "BRAF", "ATM", "ATR", "A1",
    "B1", "C1", "D1"
  )))
  expect_identical(
    clean_names(c("('TP53',)", "['TP53']", "{7157}", "(null)", "A(B)")),
    c("TP53", "TP53", "7157", NA, "A(B)")
  )
})

test_that("pairs are split at other marks, or shown", {
  pairs <- c("CBL%CNN1", "TP53%MDM2", "HLA-A%BRAF")
  genes <- sort(c("CBL", "CNN1", "TP53", "MDM2", "HLA-A", "BRAF"))
  for (mark in c("__", "+", "&", "::", " + ", "||", ";", " ", "--", "..")) {
    screen <- data.frame(
      pair = gsub("%", mark, pairs, fixed = TRUE), score = c(-1, 0, 1),
      fdr = c(.01, .5, .9)
    )
    expect_identical(ends(quietly(read_gi_screen(screen))), genes)
  }
  screen$pair <- gsub("%", " versus ", pairs)
  refused(read_gi_screen(screen), "CBL versus CNN1")
})

test_that("controls of real libraries are no genes", {
  # GeCKO, Brunello, TKO, Yusa, Horlbeck, Bassik, Humagne.
  controls <- c(
    "NonTargetingControlGuideForHuman_0352", "no-guide", "NO_CURRENT",
    "NO_SITE_12", "ONE_INTERGENIC_SITE_7", "chr10Promiscuous", "CTRL0001",
    "non-targeting_00001", "negative_control", "0SAFE-SAFE-ACOC_1", "sgNT",
    "sgCtrl-2", "LacZ", "AAVS1_sg1", "Empty vector", "non_targeting_human_01"
  )
  genes <- c(
    "CTRL", "CTRB1", "NTN1", "NT5E", "SAFB", "LUC7L", "NONO", "NEGR1", "MOK",
    "SAFB2", "GFPT1", "CONT1", "NTRK1", "SINHCAF"
  )
  expect_identical(controls[!is_control(controls)], character())
  expect_identical(genes[is_control(genes)], character())
  screen <- data.frame(
    gene_a = c("ARID1A", controls[1:2], "TP53"),
    gene_b = c("ARID1B", "BRAF", "KRAS", "MDM2"), score = c(-2, -1, -3, 1),
    fdr = c(.001, .01, .01, .9), label = c(1, 1, 1, 0)
  )
  genes <- c("ARID1A", "ARID1B", "MDM2", "TP53")
  expect_identical(ends(told(read_gi_screen(screen), "NonTargeting")), genes)
  expect_identical(ends(told(read_pairs(screen), "NonTargeting")), genes)
})

test_that("names of several genes are left out by name", {
  rows <- c("DDR1 /// MIR4640", "TP53", "HLA-A;HLA-B", "ARID1A", "NKX2-1")
  path <- write_text("ID_REF\tGSM1\tGSM2", paste0(rows, "\t1\t2"))
  x <- told(read_expression(path), "several genes.*DDR1.*HLA-A")
  expect_identical(rownames(x), c("TP53", "ARID1A", "NKX2-1"))
  refused(
    read_expression(write_text("gene\tS1", "A;B\t1", "C;D\t2")), "A;B.*gene"
  )
  table <- data.frame(gene_a = rows[1:3], gene_b = "MYC", label = 1)
  x <- told(read_pairs(table), "several genes in one name.*DDR1")
  expect_identical(ends(x), c("MYC", "TP53"))
  edges <- write_text("gene_a\tgene_b", paste0(rows[1:3], "\tMYC"))
  x <- told(read_network(edges), "several genes in one name.*HLA-A;HLA-B")
  expect_identical(sort(igraph::V(x)$name), c("MYC", "TP53"))
  expect_equal(igraph::graph_attr(x, "report")$n_unmapped, 0)
})

test_that("a column that the user placed has no second role", {
  table <- data.frame(
    "Gene 1" = "AKT1", "Gene 2" = c("AKT2", "BCL2", "AKT2", "BCL2"),
    Source = c("A375", "A375", "HT29", "HT29"), Z = c(-4, .1, -1, -5),
    q = c(.01, .9, .6, .001), check.names = FALSE
  )
  roles <- c(gene_a = "Gene 1", gene_b = "Gene 2", score = "Z",
    significance = "q", line = "Source")
  x <- quietly(read_gi_screen(table, columns = roles))
  expect_identical(unique(x$study), "screen")
  expect_setequal(x$line, c("A375", "HT29"))
  # Another column may be the study then.
  table$Dataset <- "Najm"
  x <- quietly(read_gi_screen(table, columns = roles))
  expect_identical(unique(x$study), "Najm")
  # Ends of a pair are no study, either.
  ends <- data.frame(
    source = c("A", "B"), target = c("C", "D"), score = c(-1, 1), fdr = c(0, 1)
  )
  x <- quietly(read_gi_screen(ends))
  expect_identical(unique(x$study), "screen")
  pairs <- data.frame(a = c("A", "B"), b = c("C", "D"), source = c(1, 0))
  x <- quietly(read_pairs(pairs, columns = c(label = "source")))
  expect_null(x[["source"]])
})

test_that("names tell which side of a table of expression has the genes", {
  # UCSC Xena calls the column of the genes `sample`.
  xena <- write_text(
    "sample\tTCGA-AA-0001-01\tTCGA-AA-0002-01", "ARHGEF10L\t9.98\t10.1",
    "TP53\t10.2\t8.8", name = "HiSeqV2.tsv"
  )
  x <- quietly(read_expression(xena))
  expect_identical(rownames(x), c("ARHGEF10L", "TP53"))
  expect_identical(x[["TP53", 2]], 8.8)
  bare <- write_text("sample\tS1\tS2", "X1\t1\t2", "X2\t3\t4")
  refused(read_expression(bare), "transpose.*gene")
  expect_identical(
    rownames(quietly(read_expression(bare, gene = "sample"))), c("X1", "X2")
  )
  # Perturbed genes may name columns.
  knocked <- write_text("gene\tTP53\tKRAS", "Actb\t1\t2", "Gapdh\t3\t4")
  knocked <- quietly(read_expression(knocked))
  expect_identical(colnames(knocked), c("TP53", "KRAS"))
  # DepMap, cells, TCGA, CCLE, GTEx in rows.
  rows <- list(
    c(",TP53 (7157),ARID1A (8289)", "ACH-000001", "ACH-000002"),
    c(",TP53,ACTB", "AAACCTGAGAAACCAT-1", "AAACCTGAGAAACCTA-1"),
    c("bcr,f1,f2", "TCGA-AA-0001-01", "TCGA-AA-0002-01"),
    c("Name,x,y", "A549_LUNG", "HT29_LARGE_INTESTINE"),
    c("id,ENSG00000141510.18,ENSG00000117713", "p1", "p2"),
    c("sample_id,f1,f2", "GTEX-1117F-0226", "GTEX-1117F-0426")
  )
  for (table in rows) {
    path <- write_text(table[[1]], paste0(table[-1], ",1.5,2.5"))
    refused(read_expression(path), "samples: transpose.*read_depmap")
    refused(read_expression(path, gene = 1), "transpose")
  }
  ids <- c("ACH-000001", "ACH-000002")
  lines <- matrix(1:4 / 2, 2, dimnames = list(ids, 1:2))
  expect_match(conditionMessage(expect_error(
    musl_data(lines, scale = "log"), class = "musl_error_gene"
  )), "ACH-000001.*t\\(x\\)")
})

test_that("facts of proteins are no samples, and summaries no genes", {
  ccle <- write_text(
    paste0("Protein_Id,Gene_Symbol,Description,Group_ID,Uniprot,Uniprot_Acc,",
      "A549_LUNG_TenPx01,HT29_LARGE_INTESTINE_TenPx20,TenPx01_Peptides"),
    "sp|P04637|P53_HUMAN,TP53,\"p53, tumor\",1,P53_HUMAN,P04637,1.2,-0.4,4",
    "sp|O14497|ARI1A_HUMAN,ARID1A,AT-rich,2,ARI1A_HUMAN,O14497,0.2,0.9,11",
    name = "ccle.csv"
  )
  x <- told(read_expression(ccle, gene = "Gene_Symbol"), "TenPx01_Peptides")
  expect_identical(
    colnames(x), c("A549_LUNG_TenPx01", "HT29_LARGE_INTESTINE_TenPx20")
  )
  expect_identical(
    rownames(quietly(read_expression(ccle))), c("P04637", "O14497")
  )
  cptac <- write_text(
    "Gene\tA1 Log Ratio\tA1 Unshared Log Ratio\tNCBIGeneID", "Mean\t0\t0\t",
    "Median\t0\t0\t", "StdDev\t1\t1\t", "TP53\t.5\t.4\t7157"
  )
  x <- told(read_expression(cptac), "3 rows of summaries")
  expect_identical(dimnames(x), list("TP53", "A1 Log Ratio"))
  maxquant <- function(..., env = parent.frame()) {
    quantities <- paste(c(...), rep(c("a", "b"), each = ...length()))
    write_text(
      paste(c("Gene names", quantities, "Peptides a",
        "Razor + unique peptides a", "Sequence coverage a [%]",
        "Mol. weight [kDa]", "Sequence length", "MS/MS count a"
      ), collapse = "\t"),
      paste(c("TP53", rep(1.5, length(quantities) + 6)), collapse = "\t"),
      env = env
    )
  }
  x <- quietly(read_expression(maxquant("LFQ intensity")))
  expect_identical(colnames(x), c("LFQ intensity a", "LFQ intensity b"))
  refused(
    read_expression(maxquant("Intensity", "iBAQ", "LFQ intensity")),
    "several quantities.*Intensity a.*iBAQ a"
  )
})

test_that("approved symbols of a table of genes go before others", {
  # The columns of HGNChelper's table.
  table <- data.frame(
    Symbol = c("P53", "TP53", "MLL2", "MLL2", "KMT2D", "KMT2B", "OLD"),
    Approved.Symbol = c("TP53", "TP53", "KMT2D", "KMT2B", "KMT2D", "KMT2B", NA),
    chromosome = "1"
  )
  x <- musl_map_genes(c("P53", "MLL2", "TP53", "OLD"), annotation = table)
  expect_identical(x$symbol, c("TP53", NA, "TP53", NA))
  expect_identical(
    as.character(x$status), c("alias", "ambiguous", "exact", "unknown")
  )
  expect_identical(x$candidates[[2]], "KMT2B|KMT2D")
})

test_that("ids are found under the headers of HGNC and old BioMart", {
  hgnc <- data.frame(
    "Approved symbol" = "TP53", "Alias symbols" = "p53, LFS1",
    "NCBI Gene ID(supplied by NCBI)" = "7157",
    "Ensembl ID(supplied by Ensembl)" = "ENSG00000141510",
    "UniProt ID(supplied by UniProt)" = "P04637", check.names = FALSE
  )
  ids <- c("7157", "ENSG00000141510", "P04637", "LFS1")
  found <- musl_map_genes(ids, annotation = hgnc)
  expect_identical(found$symbol, rep("TP53", 4))
  biomart <- data.frame(
    hgnc_symbol = "TP53", entrezgene = 7157, ensembl_gene_id = ids[[2]],
    uniprot_swissprot_accession = "P04637"
  )
  expect_identical(
    musl_map_genes(ids[1:3], annotation = biomart)$symbol, rep("TP53", 3)
  )
  told(
    musl_map_genes(ids[1:2], annotation = data.frame(symbol = "TP53")),
    "no column of Ensembl ids and Entrez ids.*ENSG|no column of.*7157"
  )
})

# The bits of whole numbers as bit64 stores them, without its package.
as_integer64 <- function(high, low) {
  bytes <- writeBin(as.integer(rbind(low, high)), raw(), endian = "little")
  structure(
    readBin(bytes, "double", length(low), endian = "little"),
    class = "integer64"
  )
}

test_that("columns of other classes are read by value, or refused by class", {
  expect_identical(
    plain_numbers(as_integer64(c(0, 1, -1, NA), c(7157, 5, -1, 0))),
    c(7157, 2^32 + 5, -1, NA)
  )
  ids <- as_integer64(c(0, 0), c(7157, 57492))
  pairs <- tibble::new_tibble(list(
    entrez_a = ids, entrez_b = as_integer64(c(0, 0), c(8289, 672)), label = 1:0
  ), nrow = 2)
  expect_identical(
    ends(quietly(read_pairs(pairs))), c("57492", "672", "7157", "8289")
  )
  genes <- tibble::new_tibble(list(symbol = c("TP53", "B"), entrez = ids),
    nrow = 2)
  expect_identical(musl_map_genes("7157", annotation = genes)$symbol, "TP53")
  labelled <- structure(
    c(1, 2), labels = c(SL = 1, non_SL = 2),
    class = c("haven_labelled", "vctrs_vctr", "double")
  )
  pairs <- list(gene_a = c("A", "B"), gene_b = c("C", "D"), label = labelled)
  pairs <- structure(pairs, class = "data.frame", row.names = 1:2)
  for (read in list(
    function() read_pairs(pairs),
    function() canonical_pairs(pairs),
    function() read_gi_screen(pairs)
  )) {
    expect_match(conditionMessage(expect_input_error(read())), "haven_labelled")
  }
})

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

test_that("keys of HDF5 are ids, or are shown", {
  expect_identical(
    clean_names(c(
      "ENSG00000141510_18", "ENSG00000141510|TP53", "ENSG00000141510_TP53",
      "ENSMUSG00000059552.14", "ENSG00000002586_PAR_Y"
    )),
    c(rep("ENSG00000141510", 3), "ENSMUSG00000059552", "ENSG00000002586_PAR_Y")
  )
  path <- write_text("id,d1,d2", "key_1,.1,.2", "key_2,.3,.4", name = "e.csv")
  genes <- data.frame(symbol = "TP53")
  refused(read_embeddings(path, annotation = genes), "none of its ids.*key_1")
})

test_that("symbols beside STRING's proteins name the nodes", {
  path <- write_text(
    "protein1,protein2,combined_score,gene1,gene2",
    "9606.ENSP1,9606.ENSP2,999,TP53,MDM2", "9606.ENSP3,9606.ENSP1,998,ATM,TP53",
    name = "links.csv"
  )
  x <- told(read_network(path), "gene1.*gene2")
  expect_identical(sort(igraph::V(x)$name), c("ATM", "MDM2", "TP53"))
  expect_equal(igraph::ecount(x), 2)
})

test_that("a comparison says why screened genes lack a prediction", {
  listed <- data.frame(
    anchor = "A", partner = c("COQ8A", "ARID1B", "PBRM1", "BRD7"), .score = 4:1
  )
  screen <- data.frame(
    GENE = c("ADCK3", "ARID1B", "PBRM1", "BRD7"), normZ = c(-4, -3, 0, 1),
    fdr_synth = c(.01, .02, .8, .9)
  )
  compare <- function(predictions) {
    cnd <- testthat::capture_warnings(
      musl_compare(predictions, screen, k = 2, bootstrap = 10, seed = 1)
    )
    paste(cnd, collapse = "\n")
  }
  said <- compare(listed)
  expect_match(said, "n = Inf")
  # A list of all candidates was not cut.
  attr(listed, "candidates") <- pack_genes(listed$partner)
  said <- compare(listed)
  expect_match(said, "ADCK3.*musl_map_genes")
  expect_no_match(said, "n = Inf")
  # One that was cut knows the screened gene.
  attr(listed, "candidates") <- pack_genes(c(listed$partner, "ADCK3"))
  said <- compare(listed)
  expect_match(said, "n = Inf")
  expect_no_match(said, "musl_map_genes")
})

test_that("pictures of a report need no display", {
  skip_if_not(capabilities("cairo"), "R has no cairo")
  withr::local_envvar(DISPLAY = NA)
  withr::local_options(bitmapType = "Xlib")
  plot <- ggplot2::ggplot()
  expect_match(html_picture(plot, "empty"), "data:image/png;base64,iVBOR")
})
