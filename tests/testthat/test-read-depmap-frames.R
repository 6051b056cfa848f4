test_that("tables in memory give the same as their files", {
  path <- write_text(depmap_lines)
  wide <- utils::read.csv(path)
  expect_identical(names(wide)[2], "TP53..7157.")
  se <- read_depmap(list(expression = wide))
  expect_identical(unname(values_of(se)), unname(depmap_values))
  expect_identical(row_table(se)$entrez, c("7157", "8289", "3105"))

  grid <- expand.grid(
    gene = c("TP53 (7157)", "ARID1A (8289)", "HLA-A (3105)"),
    depmap_id = colnames(depmap_values), stringsAsFactors = FALSE
  )
  long <- tibble::tibble(
    grid, rna_expression = as.vector(depmap_values), entrez_id = 1,
    gene_name = "x", cell_line = "y"
  )
  withr::local_seed(1)
  expect_identical(values_of(read_depmap(long)), depmap_values)
  mixed <- read_depmap(long[sample(nrow(long)), ])
  expect_identical(
    values_of(mixed)[rownames(depmap_values), colnames(depmap_values)],
    depmap_values
  )
  names(long)[3] <- "dependency"
  expect_identical(
    SummarizedExperiment::assayNames(read_depmap(long)), "effect"
  )
  expect_input_error(read_depmap(rbind(long, long[1, ])))
})

test_that("a long table has the values of the assay, or of the only column", {
  values <- depmap_values[c(1, 2), ]
  long <- tibble::tibble(
    gene = rep(c("TP53 (7157)", "ARID1A (8289)"), 3),
    depmap_id = rep(colnames(values), each = 2), entrez_id = 1,
    rna_expression = as.vector(values), dependency = -as.vector(values)
  )
  both <- read_depmap(list(effect = long, expression = long))
  assay <- function(name) SummarizedExperiment::assay(both, name)
  expect_identical(unname(assay("expression")), unname(values))
  expect_identical(unname(assay("effect")), -unname(values))
  one <- long[setdiff(names(long), "rna_expression")]
  expect_identical(values_of(read_depmap(list(dependency = one))), -values)
  none <- long[c("gene", "depmap_id", "entrez_id")]
  for (unclear in list(
    list(copy_number = long), list(expression = none), list(effect = none)
  )) {
    cnd <- expect_input_error(
      read_depmap(unclear), "must have the column of its values"
    )
    expect_identical(cnd$argument, "path")
    text <- gsub("\\s+", " ", cnd_text(cnd))
    asked <- paste0("the assay is \"", names(unclear), "\".")
    expect_match(text, asked, fixed = TRUE)
  }
})

test_that("columns of text among the values are named", {
  wide <- utils::read.csv(write_text(depmap_lines))
  long <- tibble::tibble(
    ModelID = rep(colnames(depmap_values), each = 3),
    symbol = rep(c("TP53", "ARID1A", "HLA-A"), 3),
    gene_effect = as.vector(depmap_values)
  )
  turned <- data.frame(gene = c("TP53", "ARID1A", "HLA-A"), depmap_values,
    chromosome = factor(c(17, 1, 6)), check.names = FALSE
  )
  cnd <- expect_input_error(read_depmap(list(effect = long)), "symbol")
  expect_identical(cnd$argument, "path")
  expect_match(cnd_text(cnd), "depmap_id")
  # Beside genes with ids they are facts of the lines, numbers, too.
  for (fact in list("F", 60)) {
    expect_message(
      se <- read_depmap(list(effect = cbind(wide, age = fact))), "age"
    )
    expect_identical(values_of(se), depmap_values)
  }
  # Lines in columns: a text beside them is no line.
  expect_error(read_depmap(list(effect = turned)), "chromosome")
})

test_that("a data frame may have its index as row names", {
  path <- write_text(depmap_lines)
  for (check in c(TRUE, FALSE)) {
    x <- utils::read.csv(path, row.names = 1, check.names = check)
    expect_identical(
      values_of(read_depmap(list(expression = x))), depmap_values
    )
    turned <- as.data.frame(t(as.matrix(x)))
    expect_identical(
      values_of(read_depmap(list(expression = turned))), depmap_values
    )
    turned <- data.frame(t(as.matrix(x)), check.names = check)
    se <- read_depmap(list(expression = cbind(gene = rownames(turned), turned)))
    expect_identical(values_of(se), depmap_values)
  }
  for (empty in list(data.frame(), x[0], x[0, ])) {
    expect_format_error(read_depmap(list(expression = empty)))
  }
  # As the portal's tables with names and lineages of lines.
  portal <- cbind(
    cell_line_display_name = paste0("LINE", seq_len(nrow(x))),
    lineage_1 = "Lung", x
  )
  se <- read_depmap(list(expression = portal))
  expect_identical(values_of(se), depmap_values)
  expect_identical(se$cell_line_name, portal$cell_line_display_name)
  expect_identical(se$lineage, portal$lineage_1)
  # Row names beside a column of models are no index.
  named <- cbind(ModelID = rev(rownames(x)), x)
  expect_identical(
    colnames(read_depmap(list(expression = named))), rev(rownames(x))
  )
  expect_input_error(read_depmap(list(effect = as.matrix(x))), "as.data.frame")
})

test_that("names and lineages in the portal's tables are kept", {
  portal <- write_text(
    "depmap_id,cell_line_display_name,lineage_1,lineage_2,lineage_3,A1,B1",
    "ACH-000001,OVCAR3,Ovary,OVT,,-1,0.5", "ACH-000002,HL60,Myeloid,,,-2,",
    "ACH-000003,X,,,,1,2"
  )
  plain <- write_text(",A1,B1", "ACH-000003,1,2", "ACH-000001,3,4")
  se <- read_depmap(c(effect = portal))
  expect_identical(se$cell_line_name, c("OVCAR3", "HL60", "X"))
  expect_identical(se$lineage, c("Ovary", "Myeloid", NA))
  se <- suppressMessages(read_depmap(c(expression = plain, effect = portal)))
  expect_identical(se$model_id, c("ACH-000003", "ACH-000001"))
  expect_identical(se$lineage, c(NA, "Ovary"))
  model <- data.frame(ModelID = c("ACH-000001", "ACH-000002"), lineage = "m")
  se <- suppressMessages(read_depmap(c(effect = portal), model = model))
  expect_identical(se$lineage, c("m", "m", NA))
})

test_that("graphs, and models with a column twice, are refused", {
  cnd <- caught(read_depmap(igraph::make_ring(3)))
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "path")
  model <- data.frame(ModelID = "ACH-000001", sex = "f", sex = "m",
    check.names = FALSE
  )
  path <- c(effect = write_text(depmap_lines))
  cnd <- caught(read_depmap(path, model = model))
  expect_s3_class(cnd, "musl_error_format")
  expect_match(conditionMessage(cnd), "sex")
})
