report_of_pairs <- function(x) attr(x, "report")
quietly <- suppressMessages

test_that("one row an unordered pair is left, and the rest told", {
  path <- write_text(
    "Gene1,Gene2,SL,score,cell line,note",
    "ARID1B,ARID1A,1,0.5,HCT116,x",
    "ARID1A,ARID1B,1,0.9,RKO,x",
    "TP53,TP53,1,1,RKO,",
    "BRCA1,PARP1,1,,,y",
    "PARP1,BRCA1,0,,,y",
    "MYC,,1,,,",
    "1-Mar,ACTB,0,0.1,,"
  )
  expect_message(x <- read_pairs(path), class = "musl_message_report")
  expect_identical(x$gene_a, c("ARID1A", "1-Mar"))
  expect_identical(x$gene_b, c("ARID1B", "ACTB"))
  expect_identical(as.character(x$label), c("SL", "non_SL"))
  expect_identical(x$n_rows, c(2L, 1L))
  expect_identical(x$score, c(0.9, 0.1))
  expect_identical(x$cell_line, c("HCT116;RKO", NA))
  expect_identical(x$note[[1]], "x")
  report <- report_of_pairs(x)
  expect_identical(report$self$gene_a, "TP53")
  expect_identical(report$duplicated$gene_a, c("ARID1A", "BRCA1"))
  expect_identical(report$conflicting$gene_b, "PARP1")
  expect_identical(nrow(report$unnamed), 1L)
  expect_identical(report$excel_names$name, "1-Mar")
})

test_that("a date saved as a number is told, and is no Entrez id", {
  path <- write_text(
    "gene_a,gene_b,label", "43891,TP53,1", "BRCA1,PARP1,1", "7157,KRAS,1"
  )
  expect_message(x <- read_pairs(path), "43891", class = "musl_message_report")
  expect_identical(report_of_pairs(x)$excel_names$name, "43891")
})

test_that("columns are known by many names, delimiters and labels", {
  headers <- c(
    "gene_a\tgene_b\tlabel", "Gene A;Gene B;class", "geneA,geneB,is_sl",
    "gene_a.name gene_b.name SL", "n1.name,n2.name,SL_or_not",
    "symbol1|symbol2|y", "from,to,label"
  )
  rows <- list(
    c("SL", "non_SL"), c("1", "0"), c("TRUE", "FALSE"), c("yes", "no"),
    c("SL", "Not SL"), c("1.0", "0.0"), c("positive", "negative")
  )
  for (i in seq_along(headers)) {
    mark <- gsub("[A-Za-z0-9_. ]", "", headers[[i]])
    mark <- if (nzchar(mark)) substr(mark, 1, 1) else " "
    quote <- if (mark == " ") "\"" else ""
    line <- function(a, b, y) paste(a, b, paste0(quote, y, quote), sep = mark)
    x <- read_pairs(write_text(
      headers[[i]], line("B1", "A1", rows[[i]][[1]]),
      line("C1", "D1", rows[[i]][[2]])
    ))
    expect_identical(x$gene_a, c("A1", "C1"))
    expect_identical(as.character(x$label), c("SL", "non_SL"))
  }
})

test_that("columns may be given by name or position, with or without header", {
  path <- write_text("x,left,right", "1,A,B", "2,C,D")
  expect_format_error(read_pairs(path))
  x <- read_pairs(path, columns = list(gene_a = "left", gene_b = 3),
    label = "SL"
  )
  expect_identical(x$gene_b, c("B", "D"))
  expect_identical(as.character(x$label), c("SL", "SL"))
  bare <- write_text("A\tB", "C\tD")
  x <- read_pairs(bare, columns = 1:2, header = FALSE)
  expect_identical(x$gene_a, c("A", "C"))
  expect_true(all(is.na(x$label)))
  expect_input_error(read_pairs(path, columns = c(gene_a = "z", gene_b = "x")))
  expect_input_error(read_pairs(path, columns = c(gene = "left")), "roles")
  expect_input_error(read_pairs(path, columns = 1:4), "roles")
})

test_that("pairs in one column are split", {
  x <- read_pairs(write_text("gene_pair,SL", "HLA-A|TP53,1", "B|C,0"))
  expect_identical(x$gene_b, c("TP53", "C"))
  expect_format_error(read_pairs(write_text("gene_pair,SL", "HLA-A-TP53,1")))
})

test_that("labels that are not understood are refused with their row", {
  path <- write_text("gene_a,gene_b,label", "A,B,1", "C,D,maybe")
  expect_format_error(read_pairs(path), "maybe.*row")
})

test_that("SynLethDB is read in each of its layouts", {
  v2 <- write_text(
    paste0(
      "n1.name,n1.identifier,n2.name,n2.identifier,r.cell_line,",
      "r.pubmed_id,r.source,r.statistic_score"
    ),
    "TP53,7157,CHEK1,1111,NA,1;2,CRISPR/CRISPRi,0.75",
    "CHEK1,1111,TP53,7157,A549,3,Text Mining,0.5",
    name = "Human_SL.csv"
  )
  x <- quietly(read_pairs(v2, "synlethdb"))
  expect_identical(x$gene_a, "CHEK1")
  expect_identical(x$n1.identifier, "1111")
  expect_identical(x$n2.identifier, "7157")
  expect_identical(as.character(x$label), "SL")
  expect_identical(x$pubmed, "1;2;3")
  expect_identical(x$score, 0.75)
  expect_identical(x$source, "CRISPR/CRISPRi;Text Mining")

  spaced <- write_text(
    "gene_a.name gene_a.identifier gene_b.name gene_b.identifier SL.source",
    "TP53 7157 CHEK1 1111 \"Text Mining\""
  )
  x <- read_pairs(spaced, "synlethdb")
  expect_identical(x$source, "Text Mining")
  expect_identical(x$gene_b.identifier, "7157")

  v3 <- write_text(
    paste(
      "x:START_ID", "x_name", "y:END_ID", "y_name", "rel_source", "cell_line",
      "pubmed_id", "cancer", sep = "\t"
    ),
    "200\tWEE1\t100\tTP53\tCRISPR\tHeLa\t111\tCervix",
    name = "Human.non.SL.detailed.tsv"
  )
  expect_message(
    x <- read_pairs(v3, "synlethdb"), class = "musl_message_report"
  )
  expect_identical(as.character(x$label), "non_SL")
  expect_identical(x$cancer, "Cervix")
  # Ids go with their gene under any names.
  expect_identical(c(x$`x:START_ID`, x$`y:END_ID`), c("100", "200"))
  both <- quietly(read_pairs(c(v2, v3), "synlethdb"))
  expect_identical(as.character(both$label), c("SL", "non_SL"))
  expect_identical(
    as.character(quietly(read_pairs(v3, "synlethdb", label = "SL"))$label), "SL"
  )
})

test_that("the name of SynLethDB's files tells their label, and nothing else", {
  read <- function(name, columns = "n1.name,n2.name", format = "synlethdb") {
    read_pairs(write_text(columns, "A,B", name = name), format)
  }
  for (name in c(
    "Human_nonSL.csv", "Human.non.SL.detailed.tsv", "HumanNonSL.csv",
    "non-sl.csv", "NON_SL.csv"
  )) {
    expect_message(x <- read(name), "are read as")
    expect_identical(as.character(x$label), "non_SL")
  }
  for (name in c("canon_SL.csv", "Human_SL.csv", "xenon.csv", "pairs.csv")) {
    expect_identical(as.character(quietly(read(name))$label), "SL")
  }
  # Rescue and dosage are other interactions; other tables list what they list.
  for (name in c("Human_SR.csv", "Human_SDL.csv")) {
    expect_format_error(read(name), "label")
  }
  for (format in c("synlethdb", "slkb")) {
    expect_format_error(read("Human_SL.csv", "gene_a,gene_b", format), "label")
  }
})

test_that("scores with a decimal comma are numbers", {
  path <- write_text("gene_a;gene_b;score", "A;B;0,5", "B;A;0,9", "A;C;1")
  x <- quietly(read_pairs(path))
  expect_identical(x$score, c(0.9, 1))
  odd <- write_text("gene_a;gene_b;score", "A;B;0,5", "A;C;high")
  expect_identical(read_pairs(odd)$score, c("0,5", "high"))
})

test_that("SLKB is read by its label column and pair column", {
  path <- write_text(
    paste0(
      "gene_pair,study_origin,cell_line_origin,SL_or_not,SL_score,",
      "statistical_score"
    ),
    "TP53|CHEK1,123,A549,SL,-2.5,0.01", "CHEK1|TP53,123,K562,Not SL,0.1,0.9",
    "A|B,123,K562,Not SL,0.3,0.8", "B|A,123,A549,Not SL,0.3,0.8"
  )
  x <- quietly(read_pairs(path, "slkb"))
  expect_identical(x$gene_a, "A")
  expect_identical(x$cell_line, "K562;A549")
})

test_that("old names become today's where a table of genes is given", {
  genes <- data.frame(
    symbol = c("SEPTIN2", "TP53"), entrez = c("4735", "7157"),
    alias = c("SEPT2", "P53")
  )
  path <- write_text("gene_a,gene_b", "SEPT2,P53", "SEPTIN2,TP53", "ZZ1,TP53")
  x <- quietly(read_pairs(path, annotation = genes))
  expect_identical(x$gene_a, c("SEPTIN2", "TP53"))
  expect_identical(x$n_rows, c(2L, 1L))
  expect_identical(report_of_pairs(x)$unmapped$input, "ZZ1")
})

test_that("labels and columns of the real pairs are those of base R", {
  path <- data_file("sl", "sl_pairs.tsv.gz")
  plain <- utils::read.delim(path, na.strings = "", colClasses = "character")
  for (format in c("table", "synlethdb", "slkb")) {
    x <- read_pairs(path, format)
    expect_identical(x$gene_a, plain$gene_a)
    expect_identical(x$gene_b, plain$gene_b)
    expect_identical(as.integer(x$label == "SL"), as.integer(plain$label))
    for (column in c("source", "evidence", "cell_line", "pubmed")) {
      expect_identical(x[[column]], plain[[column]])
    }
    expect_identical(x$score, as.numeric(plain$score))
  }
})

test_that("a table in memory may have missing labels, as its file", {
  lines <- c("gene_a,gene_b,label", "A,B,1", "C,D,NA", "E,F,0")
  of_file <- read_pairs(write_text(lines))
  table <- utils::read.csv(text = lines)
  expect_true(is.na(table$label[[2]]))
  expect_identical(read_pairs(table), of_file)
  table$label <- as.logical(table$label)
  expect_identical(read_pairs(table)$label, of_file$label)
  table$label <- factor(table$label)
  expect_identical(read_pairs(table)$label, of_file$label)
})

test_that("numbers in memory are the Entrez ids that they are in a file", {
  lines <- c(
    "gene_a,gene_b,entrez_a,entrez_b,score", "A,B,100000,1,0.25",
    "C,D,2,400000,100000"
  )
  of_file <- read_pairs(write_text(lines))
  x <- read_pairs(utils::read.csv(text = lines))
  expect_identical(x, of_file)
  expect_identical(x$entrez_a, c("100000", "2"))
  expect_identical(x$score, c(0.25, 100000))
  x <- read_pairs(data.frame(gene_a = c(100000, 2), gene_b = c(3, 400000)))
  expect_identical(x$gene_a, c("100000", "2"))
  expect_identical(x$gene_b, c("3", "400000"))
  expect_format_error(
    read_pairs(data.frame(
      gene_a = "A", gene_b = "B", gene_b = "C", check.names = FALSE
    )), "repeats column"
  )
  expect_format_error(
    read_pairs(data.frame(gene_a = "A", gene_b = "B", x = I(matrix(1:2, 1)))),
    "no vector"
  )
})

test_that("columns of lists are refused: their text is no gene", {
  pairs <- tibble::tibble(
    gene_a = list(c("A", "B")), gene_b = "C", label = 1, score = -1
  )
  for (read in list(read_pairs, read_gi_screen)) {
    cnd <- caught(read(pairs))
    expect_s3_class(cnd, "musl_error_format")
    expect_match(conditionMessage(cnd), "gene_a.*no vector")
  }
})
