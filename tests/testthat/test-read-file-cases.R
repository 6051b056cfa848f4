# Files of public tools that readers met wrongly: each kind from a layout
# written here, then the collected files, where they are at hand.

quietly <- function(x) suppressWarnings(suppressMessages(x))
labels <- function(x) as.character(x$label)
refused <- function(read, pattern) {
  cnd <- expect_format_error(quietly(read))
  expect_match(conditionMessage(cnd), pattern)
}
table_of <- function(header, ..., name = "table.csv", env = parent.frame()) {
  write_text(header, ..., name = name, env = env)
}

test_that("letters are those of ASCII in each locale", {
  pairs <- table_of("Gene1,Gene2,IS_SL", "ARID1A,ARID1B,1", "TP53,ACTB,0")
  edges <- table_of(
    "gene_a,gene_b,weight,Interaction_Type", "TP53,MDM2,.9,physical",
    "BRCA1,PARP1,.8,GENETIC INTERACTION"
  )
  counts <- table_of(
    "HUGO_SYMBOL\tENTREZ_GENE_ID\tS1", "TP53\t7157\t9.1", "IL6\t3569\t2"
  )
  screen <- table_of(
    "GENE_1,GENE_2,CELL_LINE,GI_SCORE,FDR", "ARID1A,ARID1B,A549,-2,.01",
    "NON_TARGETING,TP53,A549,-2,.01", "TP53,IL6,A549,1,.9"
  )
  all <- function() {
    x <- quietly(read_gi_screen(screen))
    list(
      labels(quietly(read_pairs(pairs))), x$gene_a, x$line,
      igraph::ecount(quietly(read_network(edges))),
      colnames(quietly(read_expression(counts))),
      musl_map_genes("il6", annotation = data.frame(symbol = "IL6"))$symbol
    )
  }
  expected <- list(
    c("SL", "non_SL"), c("ARID1A", "IL6"), c("A549", "A549"), 1, "S1", "IL6"
  )
  expect_identical(all(), expected)
  withr::with_locale(c(LC_CTYPE = "C"), expect_identical(all(), expected))
  # A Turkish one of Unicode and one of 8 bits, made for this test.
  skip_if_not(
    nzchar(Sys.which("localedef")) &&
      file.exists("/usr/share/i18n/locales/tr_TR"),
    "the system has no sources of locales (package locales)"
  )
  dir <- withr::local_tempdir()
  withr::local_envvar(LOCPATH = dir)
  for (set in c("UTF-8", "ISO-8859-9")) {
    locale <- paste0("tr_TR.", set)
    made <- system2("localedef", c(
      "-i", "tr_TR", "-f", set, file.path(dir, locale)
    ), stdout = FALSE, stderr = FALSE)
    skip_if(made > 1, paste("localedef made no", locale))
    withr::with_locale(c(LC_CTYPE = locale), {
      expect_identical(all(), expected)
      if (set == "UTF-8") expect_identical(tolower("I"), "\u0131")
    })
  }
})

test_that("names lose blanks, hyphens and quotes that are not theirs", {
  expect_identical(
    clean_names(c(
      "HLA\u2011A", "BRCA1\u00a0", "\u200bARID1A", "NKX2\u20131", "\"TP53\"",
      "'MYC'", " A B ", "na", "None", "-", "#N/A", "", NA, "NAT1"
    )),
    c("HLA-A", "BRCA1", "ARID1A", "NKX2-1", "TP53", "MYC", "A B",
      rep(NA, 6), "NAT1")
  )
  x <- quietly(read_pairs(data.frame(
    gene_a = c("ARID1A", "ARID1A"), gene_b = c("ARID1B\u00a0", "ARID1B"),
    label = 0:1
  )))
  expect_identical(nrow(x), 0L)
  expect_identical(
    clean_names(c(
      "\uff34\uff30\uff15\uff13", "ENSG00000141510.18", "unknown", "(null)",
      "ENSG00000002586.20_PAR_Y", "\\N"
    )),
    c("TP53", "ENSG00000141510", NA, NA, "ENSG00000002586_PAR_Y", NA)
  )
  dates <- c("1-mars", "2. Sep", "1-Mrz", "1-M\u00e4r", "3-d\u00e9c.", "4-ott",
    "5-set", "1/abr", "12-mrt", "6-Okt-21", "2-wrz", "1-pa\u017a", "2-eyl",
    "1-\u043c\u0430\u0440", "9\u67082\u65e5", "01/03/2023", "1.3.23"
  )
  expect_true(all(is_excel_name(dates)))
  expect_false(any(is_excel_name(c("SET", "MAG1", "OTT-1", "1-Foo", "H3-2"))))
  expect_identical(
    unlist(excel_candidates(c("2. Sep", "3-d\u00e9c.", "9\u67082\u65e5"))),
    c("SEPTIN2", "DELEC3", "SEPTIN2")
  )
})

test_that("a comma that may part thousands is refused", {
  counts <- table_of("gene\tS1\tS2", "TP53\t1,234\t2,000", "A\t999\t1,000")
  refused(read_expression(counts), "S1.*thousands")
  refused(
    read_pairs(table_of("a\tb\tscore", "A\tB\t1,234", "C\tD\t12")), "score"
  )
  # Leading zeros and other lengths are decimals.
  counts <- table_of("gene\tS1\tS2", "TP53\t1,234\t0,250", "A\t2,5\t1")
  expect_identical(read_expression(counts)[, "S1"], c(TP53 = 1.234, A = 2.5))
})

test_that("an FDR of another unit is refused with the unit", {
  read <- function(column, values) {
    read_gi_screen(table_of(
      paste0("gene_1,gene_2,cell_line,gi_score,", column),
      paste0("A", 1:3, ",B", 1:3, ",A549,", c(-2, -1, 1), ",", values)
    ))
  }
  refused(read("FDR (%)", c(.1, .2, .9)), "FDR \\(%\\).*per cent")
  refused(read("fdr", c(1.2, 4.8, 90)), "fdr.*1.2.*per cent")
  expect_input_error(read("minus_log10_qvalue", c(.1, 2, 3)), "hit")
  refused(read("qvalue", c(6.1, .05, 3.2)), "qvalue.*-log10")
  refused(read("fdr", c(-1, .05, .2)), "missing values")
  expect_identical(labels(quietly(read("fdr", c(.01, .5, .01)))),
    c("SL", "non_SL", "non_SL")
  )
})

test_that("columns of statistics are no lines", {
  rows <- c("ARID1A_ARID1B,-5.2,-1", "TP53_ACTB,-.9,-1", "RB1_MYC,1,2")
  for (header in c(",LFC_obs,LFC_exp", ",A549,A549_SE", ",A549,nGuides",
    ",PC9,PC9_FDR", "pair,strong,recovery", ",A549,sgRNAs", ",A549,A549.z"
  )) {
    read <- function(...) read_gi_screen(table_of(header, rows), ...)
    column <- sub("^.*,", "", header)
    refused(read(), column)
    x <- quietly(read(columns = list(score = 2), hit = -3))
    expect_identical(labels(x)[x$effect < -3], "SL")
    # Several named columns are lines.
    x <- quietly(read(columns = list(score = 2:3), hit = -3))
    expect_identical(unique(x$line), strsplit(header, ",")[[1]][2:3])
  }
  # Short words are parts of lines, and whole numbers are counts.
  lines <- c("HuP-T3", "SK-N-AS", "GI-1", "Z-138", "SD-1", "A")
  x <- quietly(read_gi_screen(table_of(
    paste(c("", lines), collapse = ","), "A_B,-5,-4.5,-1,-1,-1,2",
    "C_D,1,0,.5,-4,1,1"
  )))
  expect_setequal(x$line, lines)
  refused(read_gi_screen(data.frame(
    pair = paste0("A", 1:20, ";B"), A549 = 1:20 / 7, plate = 1:20
  )), "plate")
  # Another score than zdLFC, in its layout.
  n <- 60
  other <- data.frame(
    pair = paste0("A", seq_len(n), "_B", seq_len(n)), A549 = seq_len(n) / 1e4
  )
  refused(read_gi_screen(other), "A549.*zdLFC")
})

test_that("several methods, and several columns of a role, are asked for", {
  header <- paste0(
    "gene_pair,study_origin,cell_line_origin,HORLBECK_SCORE_SL_score,",
    "MEDIAN_B_SCORE_SL_score"
  )
  path <- table_of(
    header, "A|B,1,A549,-4,0", "A|B,1,HELA,0,-4", "A|C,2,A549,1,1"
  )
  refused(read_gi_screen(path), "HORLBECK_SCORE_SL_score.*score")
  x <- quietly(
    read_gi_screen(path,
      columns = c(score = "HORLBECK_SCORE_SL_score"), hit = -3
    )
  )
  expect_identical(x$study, c("1", "1", "2"))
  expect_identical(x$line, c("A549", "HELA", "A549"))
  expect_identical(labels(x), c("SL", "non_SL", "non_SL"))
  refused(read_pairs(path, "slkb"), "no column of labels")
  refused(
    read_gi_screen(table_of("gene_a,gene_b,zscore,dlfc", "A,B,-1,-2")),
    "score: zscore and dlfc"
  )
})

test_that("a study's calls win under each tool's name for them", {
  x <- quietly(read_gi_screen(table_of(
    "paralog_pair,PC9_GI_flag,PC9_GI_score_rank,PC9_GI_score,PC9_GI_fdr",
    "A|B,SL_in_PC9,1,-2,.01", "C|D,neither_in_PC9,2,-2,.01",
    "E|F,buffering_in_PC9,3,1,.01"
  )))
  expect_identical(labels(x), c("SL", "non_SL", "non_SL"))
  expect_identical(x$effect, c(-2, -2, 1))
  expect_identical(unique(x$line), "PC9")
  for (name in c("GI_standard", "GI type_standard")) {
    x <- quietly(read_gi_screen(table_of(
      paste0("Library_gene,Query_gene,qGI_score,qGI_FDR,", name),
      "A,Q,-.6,.2,negative", "B,Q,.5,.02,positive"
    )))
    expect_identical(labels(x), c("SL", "non_SL"))
    expect_identical(x$query, c("Q", "Q"))
  }
  # A name of one letter occurs in those of the columns before it.
  x <- quietly(read_gi_screen(table_of(
    paste0(
      "gene1,gene2,differential_combn_vs_single_A,fdr1_combn_vs_single_A"
    ), "B1,A1,-1,.01", "D1,C1,-1,.5"
  )))
  expect_identical(x$line, c("A", "A"))
  expect_identical(labels(x), c("SL", "non_SL"))
})

test_that("labels under another name, and a gene's column twice, are asked", {
  for (value in c("SL", "Synthetic Lethality", "Not SL")) {
    path <- table_of("gene1,gene2,type", paste0("A,B,", value), "C,D,SR")
    refused(read_pairs(path), "type.*label")
    expect_silent(x <- read_pairs(data.frame(
      gene_a = "A", gene_b = "B", type = value
    ), label = "SL"))
  }
  refused(
    read_pairs(table_of("gene1,gene2,SL", "A,B,0"), label = "SL"), "column SL"
  )
  path <- table_of("Gene1,gene1,Gene2,label", "A,B,C,1")
  refused(read_pairs(path), "Gene1 and gene1")
})

test_that("a table of genetic interactions is no network", {
  for (column in c("SL_score", "GI score", "is_SL", "label")) {
    path <- table_of(paste0("gene1,gene2,", column), "A,B,1", "C,D,0.5")
    refused(read_network(path), column)
    expect_identical(
      igraph::ecount(quietly(read_network(path, columns = 1:3))), 2
    )
  }
  for (column in c("relation", "interaction", "detection_method")) {
    path <- table_of(
      paste0("from,to,", column), "A,B,Synthetic Growth Defect", "C,D,binds"
    )
    expect_identical(igraph::V(quietly(read_network(path)))$name, c("C", "D"))
  }
})

test_that("numbers of rows or nodes are no Entrez ids", {
  header <- "gene_a,gene_b,name_a,name_b,label"
  path <- table_of(header, "2,9,ARID1A,ARID1B,1", "10,12,TP53,TEC,0")
  x <- quietly(read_pairs(path))
  expect_identical(x$gene_a, c("ARID1A", "TEC"))
  path <- table_of("gene_a,gene_b,label", "0,1,1", "2,3,0", "4,5,1")
  refused(read_pairs(path), "running numbers")
  refused(read_network(path, columns = 1:2), "running numbers")
  refused(read_expression(table_of(",gene,S1", "0,TP53,1", "1,MDM2,2")), "gene")
  # Nodes of a graph in no order: of so many genes some have longer ids.
  nodes <- data.frame(a = 3 + 61 * 1:700, b = 5 + 61 * 1:700)
  refused(read_pairs(nodes), "running numbers")
  nodes$b[[700]] <- 100130426
  expect_identical(nrow(read_pairs(nodes)), 700L)
  path <- table_of("entrez_a,entrez_b,label", "1,2,1", "2,3,0")
  expect_identical(quietly(read_pairs(path))$gene_a, c("1", "2"))
})

test_that("columns of one end go with their gene", {
  x <- quietly(read_pairs(table_of(
    paste0(
      "n1.name,n2.name,label,lfc_1,lfc_2,n1.mut,n2.mut,geneA_chr,geneB_chr,",
      "rep_1,rep_2"
    ),
    "TP53,ARID1A,1,-1,-2,m1,m2,17,1,.1,.2",
    "ARID1B,SMARCA4,0,-5,-6,m,n,6,19,3,4"
  )))
  expect_identical(x$lfc_1, c("-2", "-5"))
  expect_identical(x$n1.mut, c("m2", "m"))
  expect_identical(x$geneB_chr, c("17", "19"))
  # Replicates are of the pair.
  expect_identical(x$rep_1, c(".1", "3"))
  names <- c("lfc_first", "lfc_second", "left.p", "right.p", "from_id", "to_id",
    "query_lfc", "library_lfc"
  )
  ends <- cbind(data.frame(gene_a = "B", gene_b = "A"), as.list(1:8))
  x <- quietly(read_pairs(rlang::set_names(ends, c("gene_a", "gene_b", names))))
  expect_identical(
    unlist(x[names], use.names = FALSE), as.character(c(2, 1, 4, 3, 6, 5, 8, 7))
  )
})

test_that("quantities of one sample and results are no samples", {
  for (header in c(
    "gene_id,length,expected_count,TPM,FPKM", "Name,Length,TPM,NumReads,count",
    ",baseMean,log2FoldChange,lfcSE,padj", "gene,logFC,t,P.Value,adj.P.Val",
    "target_id,length,eff_length,est_counts,tpm", "id,num,neg|score,neg|fdr",
    "GENE,sumZ,numObs,fdr_synth", "GENE,BF,STD,NumObs", "id,Rank,RSA.p-value",
    ",p_val,avg_log2FC,pct.1,cluster", "id,HCT-116.Z-score"
  )) {
    refused(
      read_expression(table_of(header, vapply(c("TP53", "MDM2"), function(x) {
        paste(c(x, seq_along(gregexpr(",", header)[[1]])), collapse = ",")
      }, ""))),
      paste0(sub("^.*[,|]", "", header), ".*sample")
    )
  }
  for (case in list(
    list("sgRNA,Gene,S1", "guides"), list("sample,Gene,S1", "samples"),
    list("N_unmapped,1,2", "STAR"), list("gene,S1,S1", "repeats column \"S1\""),
    list("Z-score,Symbol,S1", "no genes")
  )) {
    path <- table_of(case[[1]], "0.5,1,2", "-1,2,3")
    refused(read_expression(path), case[[2]])
  }
  # A first row without values tells nothing; TCGA's names hold an id.
  x <- quietly(read_expression(table_of(
    "gene_id\ttype\tS1", "?|100130426\t\t1", "TP53|7157\tcoding\t2",
    "ENSG00000141510.18\tcoding\t3"
  )))
  expect_identical(
    x, matrix(c(2, 3), 2, dimnames = list(c("TP53", "ENSG00000141510"), "S1"))
  )
  x <- quietly(read_expression(table_of(
    "# made by a tool", "#", "gene,T_1,padj,t", "TP53,1,0,5",
    "__no_feature,9,0,5", "N_unmapped,9,0,5"
  )))
  expect_identical(x, matrix(1, 1, dimnames = list("TP53", "T_1")))
})

test_that("GCT says which columns are samples", {
  gct <- function(...) {
    quietly(read_expression(write_text(..., name = "x.gct")))
  }
  two <- matrix(c(8.1, 8.3), 1, dimnames = list("TP53", c("S1", "S2")))
  expect_identical(gct(
    "#1.2", "1\t2", "Name\tDescription\tS1\tS2", "TP53\t7157\t8.1\t8.3"
  ), two)
  expect_identical(gct(
    "#1.3", "1\t2\t1\t1", "id\tpr_gene_id\tS1\tS2", "batch\t-666\t1\t2",
    "TP53\t7157\t8.1\t8.3"
  ), two)
  refused(
    gct("#1.2", "2\t2", "Name\tDescription\tS1\tS2", "TP53\tx\t1\t2"),
    "announces 2 rows"
  )
})

test_that("fields that R quoted are read without quotes", {
  header <- paste0("\"", c(
    "#BioGRID Interaction ID", "Entrez Gene Interactor A",
    "Entrez Gene Interactor B", "Official Symbol Interactor A",
    "Official Symbol Interactor B", "Experimental System Type",
    "Organism ID Interactor A", "Organism ID Interactor B"
  ), "\"", collapse = "\t")
  x <- quietly(read_network(write_text(header,
    "1\t7157\t4193\t\"TP53\"\t\"MDM2\"\t\"physical\"\t9606\t9606",
    "2\t672\t142\t\"BRCA1\"\t\"PARP1\"\t\"GENETIC\"\t9606\t9606"
  )))
  expect_identical(igraph::V(x)$name, c("TP53", "MDM2"))
  expect_identical(igraph::graph_attr(x, "report")$n_genetic, 1L)
  # HIPPIE's table of eight columns, and its prefix in MITAB.
  x <- read_network(write_text(
    paste(c("uniprot_accession_A", "uniprot_name_A", "entrez_A",
      "uniprot_accession_B", "uniprot_name_B", "entrez_B", "score", "info"
    ), collapse = "\t"),
    "P04637\tP53_HUMAN\t7157\tQ00987\tMDM2_HUMAN\t4193\t0.99\tx"
  ))
  expect_identical(igraph::V(x)$name, c("7157", "4193"))
  expect_identical(igraph::E(x)$weight, 0.99)
})

test_that("an annotation may have several rows a gene", {
  map <- function(header, ...) {
    path <- write_text(header, ..., name = "genes.tsv")
    musl_map_genes(c("TP53", "P53", "7157"), annotation = path)
  }
  mart <- map(
    paste(c(
      "Gene stable ID", "Gene name", "NCBI gene (formerly Entrezgene) ID",
      "Gene Synonym"
    ), collapse = "\t"),
    "ENSG00000141510\tTP53\t7157\tLFS1", "ENSG00000141510\tTP53\t7157\tP53"
  )
  expect_identical(mart$symbol, rep("TP53", 3))
  ncbi <- map(
    "#tax_id\tGeneID\tSymbol\tSynonyms\tdbXrefs",
    "9606\t7157\tTP53\tBCC7|P53\tMIM:1|Ensembl:ENSG00000141510",
    "10090\t22059\tTrp53\tP53\t-"
  )
  expect_identical(ncbi$symbol, rep("TP53", 3))
  expect_identical(ncbi$ensembl[[1]], "ENSG00000141510")
  # Two genes of one symbol stay two.
  two <- map("symbol\tentrez", "TP53\t7157", "TP53\t99")
  expect_identical(as.character(two$status[[1]]), "ambiguous")
})

test_that("facts beside genes and vectors are no genes, no dimensions", {
  effect <- c(effect = table_of(
    ",TP53 (7157),age,ARID1A (8289)", "ACH-000001,1,60,2", "ACH-000002,3,50,4"
  ))
  expect_message(x <- read_depmap(effect), "age")
  expect_identical(rownames(x), c("TP53", "ARID1A"))
  path <- table_of("gene,d1,d2,label", "A,1,2,1", "B,3,4,0")
  expect_message(x <- read_embeddings(path), "label")
  expect_identical(as.vector(x), c(1, 3, 2, 4))
})

test_that("a table wider than any study is refused at once", {
  wide <- table_of(
    paste(c("gene", seq_len(1e5)), collapse = ","),
    paste(c("TP53", seq_len(1e5)), collapse = ",")
  )
  for (read in list(read_expression, read_pairs, read_network, read_gi_screen,
    read_embeddings, function(x) read_depmap(c(effect = x))
  )) {
    refused(read(wide), "100001 columns")
  }
})

test_that("Enrichr's weights are no part of a gene", {
  path <- write_text("A\t\tBRCA1,1.0\tBARD1,0.5", "B\tx\tTP53")
  expect_identical(read_gmt(path)$gene, c("BRCA1", "BARD1", "TP53"))
})

test_that("vectors by number have the names of their attributes", {
  skip_if_not_installed("rhdf5")
  path <- withr::local_tempfile(fileext = ".h5")
  rhdf5::h5createFile(path)
  for (i in 0:1) rhdf5::h5write(c(1, i), path, as.character(i))
  refused(read_embeddings(path), "running numbers")
  file <- rhdf5::H5Fopen(path)
  for (i in 0:1) {
    set <- rhdf5::H5Dopen(file, as.character(i))
    id <- c("sp|P04637|P53_HUMAN", "O14497")[[i + 1]]
    rhdf5::h5writeAttribute(id, set, "original_id")
    rhdf5::H5Dclose(set)
  }
  rhdf5::H5Fclose(file)
  expect_identical(
    rownames(suppressMessages(read_embeddings(path))), c("O14497", "P04637")
  )
  cells <- withr::local_tempfile(fileext = ".h5ad")
  rhdf5::h5createFile(cells)
  rhdf5::h5createGroup(cells, "obs")
  rhdf5::h5createGroup(cells, "var")
  refused(read_embeddings(cells), "AnnData")
})

# Each collected file is read rightly, or stops with its column and a remedy.
case_file <- function(...) {
  path <- file.path(dirname(data_file()), "cases", ...)
  skip_if_not(file.exists(path), "the collected files are not at hand")
  path
}

count <- function(read, ...) {
  function(path) {
    x <- quietly(read(path, ...))
    if (inherits(x, "igraph")) {
      return(sort(igraph::V(x)$name))
    }
    if (is.matrix(x)) {
      return(dim(x))
    }
    if ("label" %in% names(x)) as.integer(table(x$label)) else x[[1]]
  }
}
human_genes <- function(path) {
  found <- musl_map_genes(c("TP53", "ARID1A"), annotation = path)
  paste(found$symbol, found$status)
}
genes_there <- c("TP53 exact", "ARID1A exact")

# What each file comes out as: numbers of SL and non_SL, extents, names; or what
# the error says.
collected <- list(
  list("c01/biogrid.tab3.txt", count(read_network), c("MDM2", "TP53")),
  list("c01/data_mrna_seq_v2_rsem.txt", count(read_expression), c(3L, 3L)),
  list("c01/edges.csv", count(read_network), c("MDM2", "TP53")),
  list("c01/gi.csv", count(read_gi_screen), c(2L, 1L)),
  list("c01/pairs.csv", count(read_pairs), c(1L, 1L)),
  list("c02/var_only.h5ad", count(read_embeddings), "AnnData.*readH5AD"),
  list("c03/desc_entrez.gct", count(read_expression), c(3L, 4L)),
  list("c03/levels3_numericmeta.gct", count(read_expression), c(3L, 4L)),
  list("c04/enrichr.gmt", count(read_gmt),
    c("BRCA1", "BARD1", "PALB2", "ARID1A", "ARID1B", "SMARCA4")),
  list("c06/screen.csv", count(read_gi_screen), c(4L, 5L)),
  list("c07/fdr_percent.csv", count(read_gi_screen), "FDR \\(%\\).*per cent"),
  list("c07/neglog.csv", count(read_gi_screen), "qvalue.*-log10"),
  list("c08/deseq2_results.csv", count(read_expression), "baseMean.*samples"),
  list("c08/ReadsPerGene.out.tab", count(read_expression), "STAR: join one"),
  list("c08/rsem.genes.results", count(read_expression), "TPM.*samples"),
  list("c09/comments.csv", count(read_expression), c(2L, 3L)),
  list("c09/featurecounts.txt", count(read_expression), c(3L, 3L)),
  list("c11/pairs_unicode.csv", count(read_pairs), c(3L, 0L)),
  list("c12/reduced_embeddings_file.h5", function(path) {
    rownames(quietly(read_embeddings(path)))
  }, c("O14497", "P04637", "P38398")),
  list("c18/gemini_types.csv", count(read_gi_screen), "strong.*`columns`"),
  list("c18/lfc.csv", count(read_gi_screen), "LFC_obs.*`columns`"),
  list("c19/pairs_na.csv", count(read_pairs), c(1L, 0L)),
  list("c23/thousands_int.tsv", count(read_expression), "S1.*thousands"),
  list("c27/test_data_mapping_final_1.csv", count(read_pairs), c(3L, 2L)),
  list("c28/all_scores.csv", count(read_gi_screen), "GEMINI.*`columns`"),
  list("c28/all_scores.csv", count(read_pairs, "slkb"), "`label = "),
  list("c28/perend.csv", function(path) quietly(read_pairs(path))$lfc_1,
    c("-2.2", "-0.5")),
  list("c29/orthrus_600.tsv", count(read_gi_screen), c(30L, 570L)),
  list("c30/one_quoted/features.tsv", count(read_expression), "TP53"),
  list("c31/xnull.h5ad", count(read_embeddings), "AnnData.*readH5AD"),
  list("c33/harle_tableS4.tsv", count(read_gi_screen), c(1L, 3L)),
  list("c36/pairs_thousands.tsv", count(read_pairs), "score.*thousands"),
  list("c37/biogrid.tsv", count(read_network), c("MDM2", "TP53")),
  list("c40/gene_info.tsv", human_genes, genes_there),
  list("c40/mart_export.txt", human_genes, genes_there),
  list("c40/t2g.tsv", human_genes, genes_there)
)

test_that("each collected file is read rightly, or stops with its column", {
  for (case in collected) {
    path <- case_file(case[[1]])
    if (grepl("h5", path)) skip_if_not_installed("rhdf5")
    found <- tryCatch(case[[2]](path), musl_error_format = conditionMessage)
    if (is.character(case[[3]]) && length(case[[3]]) == 1) {
      expect_match(found, case[[3]], info = case[[1]])
    } else {
      expect_identical(found, case[[3]], info = case[[1]])
    }
  }
})

test_that("what was read as what is told before the fit", {
  path <- write_text(
    "target1,target2,cell_line,gi,q_value,note", "A,B,X,-2,.01,", "C,D,X,1,.5,"
  )
  said <- conditionMessage(expect_message(read_gi_screen(path)))
  for (part in c(
    "gene_a = target1", "line = cell_line", "score = gi",
    "significance = q_value", "left out.*note", "1 hit and 1 other",
    "FDR < 0.1"
  )) {
    expect_match(said, part)
  }
  expect_lte(length(strsplit(said, "\n")[[1]]), 5)
})

test_that("the core reads plain rows as data.table does", {
  withr::local_seed(1)
  numbers <- c(
    "NA", "", "-1", "3.25", "1e-5", "12345678901234567890", ".5", "7.",
    "-0.1234567890123456789", "1E3", " 2 ", "005", "-0"
  )
  texts <- c("", "NA", "a b", " TP53", "1.5", "x-y", "MARCH1")
  for (i in 1:60) {
    mark <- sample(c(",", "\t", ";", "|"), 1)
    is_number <- c(FALSE, sample(c(TRUE, FALSE), 3, TRUE))
    columns <- lapply(is_number, function(x) {
      sample(if (x) numbers else texts, 6, TRUE)
    })
    rows <- do.call(paste, c("g", columns, sep = mark))
    start <- table_start(write_raw(text_bytes(
      c(paste(c("h", 1:4), collapse = mark), rows)
    )))
    at <- which(c(FALSE, is_number))
    expect_type(plain_rows(start, at, setdiff(2:5, at)), "list")
    found <- read_fields(start, 2:5, at)
    start$has_quotes <- TRUE
    expected <- read_fields(start, 2:5, at)
    expected[is_number] <- lapply(expected[is_number], as.double)
    expect_equal(found, expected, tolerance = 1e-14)
  }
})
