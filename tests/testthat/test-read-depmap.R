read_expression <- function(...) {
  read_depmap(c(expression = write_text(..., env = parent.frame())))
}

test_that("genes are rows, cell lines columns, missing values NA", {
  se <- read_expression(depmap_lines)
  expect_s4_class(se, "SummarizedExperiment")
  expect_identical(SummarizedExperiment::assayNames(se), "expression")
  expect_identical(values_of(se), depmap_values)
  expect_identical(row_table(se)$entrez, c("7157", "8289", "3105"))
  expect_identical(row_table(se)$symbol, rownames(depmap_values))
  expect_identical(line_table_of(se)$model_id, colnames(depmap_values))
})

test_that("every name of the index column gives the same", {
  for (index in c("\"\"", "X", "V1", "...1", "DepMap_ID", "ModelID",
    "Unnamed: 0", "depmap_id")) {
    lines <- depmap_lines
    lines[[1]] <- paste0(index, lines[[1]])
    expect_identical(values_of(read_expression(lines)), depmap_values)
  }
})

test_that("packing, line ends and encoding change nothing", {
  plain <- write_text(depmap_lines)
  marked <- write_raw(c(as.raw(c(0xef, 0xbb, 0xbf)), read_bytes(plain)))
  wide <- iconv(rawToChar(read_bytes(plain)), "UTF-8", "UTF-16LE", toRaw = TRUE)
  utf16 <- write_raw(c(as.raw(c(0xff, 0xfe)), wide[[1]]))
  returns <- write_text(depmap_lines, eol = "\r\n")
  tabs <- write_text(gsub(",", "\t", depmap_lines))
  bare <- write_raw(utils::head(read_bytes(plain), -1))
  for (path in c(gzip_file(plain), marked, utf16, returns, tabs, bare)) {
    se <- read_depmap(c(expression = path))
    expect_identical(values_of(se), depmap_values)
  }
})

test_that("the default entry of each model is kept, in any order of columns", {
  lines <- c(
    paste0(
      ",SequencingID,TP53 (7157),ModelID,IsDefaultEntryForModel,",
      "ModelConditionID,IsDefaultEntryForMC,ARID1A (8289)"
    ),
    "0,CDS-a,1,ACH-000002,No,MC-1,Yes,2",
    "1,CDS-b,3,ACH-000001,Yes,MC-2,Yes,4",
    "2,CDS-c,5,ACH-000002,Yes,MC-3,No,6",
    "3,CDS-d,7,ACH-000009,No,MC-4,No,8"
  )
  expect_message(se <- read_expression(lines), class = "musl_message_report")
  expect_identical(
    values_of(se),
    matrix(c(3, 4, 5, 6), 2, dimnames = list(
      c("TP53", "ARID1A"), c("ACH-000001", "ACH-000002")
    ))
  )
  report <- report_of(se)
  expect_identical(report$not_default$model_id, c("ACH-000002", "ACH-000009"))
  expect_identical(report$without_default$model_id, "ACH-000009")
  for (flags in list(c("TRUE", "FALSE"), c("1", "0"), c("True", "False"))) {
    other <- gsub("No", flags[[2]], gsub("Yes", flags[[1]], lines))
    other[[1]] <- lines[[1]]
    expect_identical(
      values_of(suppressMessages(read_expression(other))), values_of(se)
    )
  }
})

test_that("gene labels of every release are understood", {
  labels <- c(
    "TP53 (7157)", "ARID1A (ENSG00000117713.21)", "NKX2-1..7080.",
    "BRCA1", "ENSG00000012048", "672", "Unknown (123)", "nan (4)"
  )
  got <- parse_gene_labels(labels)
  expect_identical(
    got$symbol,
    c("TP53", "ARID1A", "NKX2-1", "BRCA1", NA, NA, NA, NA)
  )
  expect_identical(got$entrez, c("7157", NA, "7080", NA, NA, "672", "123", "4"))
  expect_identical(
    got$ensembl,
    c(NA, "ENSG00000117713", NA, NA, "ENSG00000012048", NA, NA, NA)
  )
})

test_that("genes without a symbol of their own are named by label", {
  lines <- c(
    ",A (1),A (2),nan (3),1-Mar (55016)", "ACH-000001,1,2,3,4",
    "ACH-000002,5,6,7,8"
  )
  expect_message(
    se <- read_expression(lines), "2 genes without a unique symbol",
    class = "musl_message_report"
  )
  expect_identical(rownames(se), c("A", "A (2)", "nan (3)", "1-Mar"))
  expect_identical(report_of(se)$gene_names$label, c("A (2)", "nan (3)"))
  expect_identical(report_of(se)$excel_names$symbol, "1-Mar")
})

test_that("a table with genes in rows gives the same", {
  lines <- c(
    paste(c("gene", colnames(depmap_values)), collapse = "\t"),
    paste(c("TP53", "ARID1A", "HLA-A"),
      apply(depmap_values, 1, paste, collapse = "\t"), sep = "\t"
    )
  )
  expect_identical(values_of(read_expression(lines)), depmap_values)
})

test_that("several files stand on their common genes and lines", {
  effect <- write_text(
    "ModelID,ARID1A (8289),NEW (5),P53 (7157)",
    "ACH-000003,-1,-2,-3", "ACH-000007,-4,-5,-6", "ACH-000001,-7,,-9",
    name = "CRISPRGeneEffect.csv"
  )
  expression <- write_text(
    depmap_lines,
    name = "OmicsExpressionProteinCodingGenesTPMLogp1.csv"
  )
  expect_message(
    se <- read_depmap(c(expression, effect)), class = "musl_message_report"
  )
  expect_identical(
    SummarizedExperiment::assayNames(se), c("expression", "effect")
  )
  expect_identical(
    values_of(se, "expression"),
    depmap_values[c("TP53", "ARID1A"), c("ACH-000001", "ACH-000003")]
  )
  expect_equal(unname(values_of(se, "effect")), matrix(c(-9, -7, -3, -1), 2))
  report <- report_of(se)
  expect_identical(report$dropped_genes$label, c("HLA-A (3105)", "NEW (5)"))
  expect_identical(report$dropped_lines$model_id, c("ACH-000002", "ACH-000007"))
})

test_that("assays follow from the names of the files", {
  kinds <- vapply(c(
    "OmicsExpressionProteinCodingGenesTPMLogp1.csv", "CCLE_expression.csv",
    "CRISPRGeneEffect.csv", "CRISPR_gene_effect.csv",
    "CRISPRGeneDependency.csv", "CRISPR_gene_dependency.csv",
    "OmicsCNGene.csv", "CCLE_gene_cn.csv", "OmicsCNGeneWGS.csv.gz",
    "OmicsSomaticMutationsMatrixDamaging.csv", "something.csv"
  ), guess_depmap_kind, "", USE.NAMES = FALSE)
  expect_identical(kinds, c(
    "expression", "expression", "effect", "effect", "dependency", "dependency",
    "copy_number", "copy_number", "copy_number", "damaging", ""
  ))
})

test_that("cell lines are described by Model.csv, its columns kept", {
  model <- write_text(
    paste0(
      "ModelID,CellLineName,OncotreeLineage,OncotreePrimaryDisease,",
      "OncotreeSubtype,Notes"
    ),
    "ACH-000003,KASUMI-1,Myeloid,AML,M2,\"two\nlines, a comma\"",
    "ACH-000001,OVCAR-3,Ovary,Cancer,,"
  )
  path <- c(expression = write_text(depmap_lines))
  expect_message(
    se <- read_depmap(path, model = model), class = "musl_message_report"
  )
  lines <- line_table_of(se)
  expect_identical(lines$model_id, colnames(depmap_values))
  expect_identical(lines$cell_line_name, c("OVCAR-3", NA, "KASUMI-1"))
  expect_identical(lines$lineage, c("Ovary", NA, "Myeloid"))
  expect_identical(lines$subtype, c(NA, NA, "M2"))
  expect_identical(lines$Notes[[3]], "two\nlines, a comma")
  expect_identical(lines$ModelID, c("ACH-000001", NA, "ACH-000003"))
  expect_identical(report_of(se)$unknown_lines$model_id, "ACH-000002")

  old <- write_text(
    "DepMap_ID,cell_line_name,lineage,primary_disease,lineage_subtype",
    paste0(colnames(depmap_values), ",n,l,d,s")
  )
  lines <- line_table_of(read_depmap(path, model = old))
  expect_identical(unique(lines$lineage), "l")
  expect_identical(unique(lines$subtype), "s")

  short <- tibble::tibble(
    model = colnames(depmap_values), line = "n", lineage = "l", disease = "d"
  )
  lines <- line_table_of(read_depmap(path, model = short))
  expect_identical(lines$model_id, colnames(depmap_values))
  expect_identical(unique(lines$cell_line_name), "n")
  expect_identical(unique(lines$primary_disease), "d")
})

test_that("the scale of expression is told, not guessed", {
  scale_of <- function(...) S4Vectors::metadata(read_depmap(...))$files$scale
  counts <- write_text(depmap_lines, name = "OmicsExpressionExpectedCount.csv")
  logs <- write_text(depmap_lines, name = "CCLE_expression.csv")
  expect_identical(scale_of(counts), "linear")
  expect_identical(scale_of(logs), "log")
  d <- musl_data(read_depmap(logs)[c("TP53", "ARID1A"), ])
  expect_identical(tidy(d, "cohorts")$scale, "log")
  expect_input_error(musl_data(read_depmap(logs)[1:2, ], assays = "effect"))
})

test_that("errors of arguments name them", {
  path <- write_text(depmap_lines)
  expect_input_error(read_depmap(path))
  expect_input_error(read_depmap("/nowhere.csv"))
  expect_input_error(read_depmap(tempdir()))
  expect_input_error(read_depmap(1))
  expect_input_error(read_depmap(c(growth = path)))
  expect_input_error(read_depmap(c(effect = path, effect = path)))
  expect_format_error(
    read_depmap(c(effect = path), model = write_text("a,b", "1,2"))
  )
})

test_that("files without a common gene or line are refused", {
  other <- write_text(",ZZZ (1)", "ACH-000001,1")
  cnd <- expect_gene_error(
    read_depmap(c(expression = write_text(depmap_lines), effect = other))
  )
  expect_identical(conditionCall(cnd)[[1]], quote(read_depmap))
})

test_that("real DepMap tables are read as base R reads them", {
  for (file in c("depmap9.tsv.gz", "depmap14_promptsl.tsv.gz")) {
    path <- data_file("expression", file)
    se <- read_depmap(c(expression = path))
    plain <- as.matrix(utils::read.delim(
      path, row.names = 1, check.names = FALSE, na.strings = ""
    ))
    expect_identical(unname(values_of(se)), unname(plain))
    expect_identical(colnames(se), colnames(plain))
    expect_identical(row_table(se)$label, rownames(plain))
  }
  effect <- data_file("dependency", "crispr_gene_effect_promptsl.tsv.gz")
  se <- suppressMessages(read_depmap(c(
    effect, data_file("dependency", "crispr_dependency_prob_promptsl.tsv.gz")
  )))
  expect_identical(
    SummarizedExperiment::assayNames(se), c("effect", "dependency")
  )
  expect_identical(dim(se), c(3456L, 13L))
  for (assay in c("effect", "dependency")) {
    path <- S4Vectors::metadata(se)$files$file
    path <- path[S4Vectors::metadata(se)$files$assay == assay]
    plain <- as.matrix(utils::read.delim(
      data_file("dependency", path), row.names = 1, check.names = FALSE,
      na.strings = ""
    ))
    expect_identical(
      unname(values_of(se, assay)), unname(plain[rownames(se), colnames(se)])
    )
  }
})

test_that("tables of other cohorts are sent elsewhere", {
  expect_format_error(
    read_expression("gene,TCGA-1,TCGA-2", "TP53,1,2", "ARID1A,3,4"), "musl_data"
  )
})

test_that("a gene that two files lack in a third counts once", {
  wide <- function(genes) {
    write_text(
      paste(c("ModelID", genes), collapse = ","),
      paste(c("ACH-000001", seq_along(genes)), collapse = ","),
      env = parent.frame()
    )
  }
  expect_message(
    read_depmap(list(
      expression = wide(c("A1", "B1", "C1")), effect = wide("A1"),
      dependency = wide(c("A1", "B1"))
    )),
    "2 genes left out",
    class = "musl_message_report"
  )
})
