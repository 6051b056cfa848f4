toy_annotation <- function() {
  data.frame(
    symbol = c("TP53", "SEPTIN2", "MARCHF1", "MTARC1", "AGO2", "OLD1", "X1"),
    entrez = c("7157", "4735", "55016", "64757", "27161", "1", "9"),
    ensembl = c("ENSG00000141510", "ENSG00000168385", "", NA, "A|B", "", "B"),
    uniprot = c("P04637", "Q15019", "", "", "", "", "P1"),
    alias = c("P53|LFS1", "SEPT2, DIFF6", "MARCH1", "MARC1", "X1", "", "DIFF6"),
    status = c("", "", "", "", "", "Entry Withdrawn", "")
  )
}

test_that("each name gets the gene it stands for and how it was found", {
  x <- c(
    "TP53", "LFS1", "7157", "ENSG00000141510.17", "P04637-2", "SEPT2",
    "DIFF6", "B", "X1", "OLD1", "nobody", "1-Mar", "2-Sep", "2.31E+13", "", NA,
    "TP53"
  )
  got <- musl_map_genes(x, annotation = toy_annotation())
  expect_identical(got$input, x)
  expect_identical(as.character(got$status), c(
    "exact", "alias", "exact", "exact", "exact", "alias", "ambiguous",
    "ambiguous", "exact", "withdrawn", "unknown", "excel", "excel", "excel",
    "unknown", "unknown", "exact"
  ))
  expect_identical(got$symbol, c(
    "TP53", "TP53", "TP53", "TP53", "TP53", "SEPTIN2", NA, NA, "X1", NA, NA,
    NA, NA, NA, NA, NA, "TP53"
  ))
  expect_identical(got$entrez[c(1, 6, 9)], c("7157", "4735", "9"))
  expect_identical(got$candidates[c(7, 8)], c("SEPTIN2|X1", "AGO2|X1"))
  expect_identical(got$candidates[12:14], c("MARCHF1|MTARC1", "SEPTIN2", NA))
})

test_that("a name in another letter case is found and marked so", {
  x <- c("tp53", "lfs1", "Tp53", "ensg00000141510.3", "p04637", "diff6", "old1")
  got <- musl_map_genes(x, annotation = toy_annotation())
  expect_identical(as.character(got$status), c(
    "case", "case", "case", "case", "case", "ambiguous", "unknown"
  ))
  expect_identical(got$symbol, c(rep("TP53", 5), NA, NA))
  expect_identical(got$candidates[[6]], "SEPTIN2|X1")
})

test_that("Entrez ids that are numbers are found as text", {
  genes <- data.frame(symbol = c("A", "B", "C"), entrez = c(1e5, 7157, NA))
  x <- musl_map_genes(c("100000", "7157", "C"), annotation = genes)
  expect_identical(x$symbol, c("A", "B", "C"))
  expect_identical(x$entrez, c("100000", "7157", NA))
})

test_that("a column `gene_id` counts by what it holds", {
  table <- data.frame(
    gene_id = c("ENSG00000141510.18", "ENSG00000012048.24", NA),
    gene_name = c("TP53", "BRCA1", "ARID1B")
  )
  found <- musl_map_genes(
    c("ENSG00000141510", "ENSG00000012048.2", "ARID1B"), annotation = table
  )
  expect_identical(found$symbol, c("TP53", "BRCA1", "ARID1B"))
  expect_identical(found$ensembl, c("ENSG00000141510", "ENSG00000012048", NA))
  expect_true(all(is.na(found$entrez)))
})

test_that("a file with HGNC's column names serves as annotation", {
  path <- write_text(
    "hgnc_id\tsymbol\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id",
    "HGNC:1\tSEPTIN2\t\"DIFF6|Pnutl3\"\tSEPT2\t4735\tENSG00000168385"
  )
  got <- musl_map_genes(c("SEPT2", "Pnutl3"), annotation = path)
  expect_identical(got$symbol, c("SEPTIN2", "SEPTIN2"))
  expect_identical(got$entrez, c("4735", "4735"))
})

test_that("wrong arguments are named", {
  expect_input_error(musl_map_genes(7157, annotation = toy_annotation()))
  expect_input_error(musl_map_genes("A", annotation = data.frame(a = 1)))
  expect_input_error(musl_map_genes("A", annotation = 1))
  expect_input_error(
    musl_map_genes("A", "mouse", annotation = toy_annotation())
  )
})

test_that("spreadsheet names are recognised and others are not", {
  expect_identical(is_excel_name(c(
    "1-Mar", "2-Sep", "01/Dec", "Sep-2", "2006-09-02", "2.31E+13", "7-Sep-06",
    "Mar-01",
    "MAR1", "SEPT2", "ARID1A", "1433B", "ENSG00000141510", NA
  )), c(TRUE, TRUE, TRUE, FALSE, TRUE, TRUE, TRUE, TRUE, rep(FALSE, 6)))
})

test_that("dates as serial numbers are known among other names", {
  # As LibreOffice and Excel save 1 March 2020, 9 September 2021.
  serials <- c("43891", "44448")
  expect_identical(
    as.integer(as.Date(c("2020-03-01", "2021-09-09")) - as.Date("1899-12-30")),
    as.integer(serials)
  )
  expect_identical(
    is_excel_name(c("TP53", "BRCA1", "KRAS", serials)),
    c(FALSE, FALSE, FALSE, TRUE, TRUE)
  )
  # Ids of human genes, no month of a family, no such year, ids of another
  # species.
  expect_false(any(is_excel_name(c(
    "TP53", "BRCA1", "KRAS", "MYC", "EGFR", "55016", "4735", "43831", "33000"
  ))))
  expect_false(any(is_excel_name(c("TP53", serials))))
  got <- musl_map_genes(
    c("43891", "44448", "43831"), annotation = toy_annotation()
  )
  expect_identical(as.character(got$status), c("excel", "excel", "unknown"))
  expect_identical(got$candidates[[1]], "MARCHF1|MTARC1")
})

test_that("genes that share a symbol are told apart by Entrez id", {
  genes <- data.frame(
    symbol = c("TEC", "TEC", "A1", "B1"),
    entrez = c("7006", "100124696", "1", NA),
    alias = c("", "", "X", "X")
  )
  got <- musl_map_genes(c("TEC", "X"), annotation = genes)
  expect_identical(as.character(got$status), c("ambiguous", "ambiguous"))
  expect_identical(got$candidates, c("TEC (100124696)|TEC (7006)", "A1|B1"))
})

test_that("the real table of genes maps its own ids", {
  path <- data_file("sl", "sl_genes.tsv.gz")
  plain <- utils::read.delim(path, na.strings = "", colClasses = "character")
  once <- function(x) !is.na(x) & !x %in% x[duplicated(x)] & !grepl("[;|,]", x)
  for (kind in c("symbol", "entrez", "ensembl", "uniprot")) {
    rows <- plain[once(plain[[kind]]), ]
    got <- musl_map_genes(rows[[kind]], annotation = path)
    expect_identical(got$symbol, rows$symbol)
    expect_identical(got$entrez, rows$entrez)
  }
})
