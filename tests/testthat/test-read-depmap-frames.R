test_that("long tables of the package depmap give the same as files", {
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

test_that("a long table has the values of the assay", {
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
  none <- long[c("gene", "depmap_id", "entrez_id")]
  for (unclear in list(
    list(copy_number = long), list(expression = none), list(dependency = long)
  )) {
    cnd <- expect_input_error(
      read_depmap(unclear), "must be a long table"
    )
    expect_identical(cnd$argument, "path")
    text <- gsub("\\s+", " ", cnd_text(cnd))
    asked <- paste0("the assay is \"", names(unclear), "\".")
    expect_match(text, asked, fixed = TRUE)
  }
})

test_that("other data frames and matrices are refused", {
  wide <- utils::read.csv(write_text(depmap_lines))
  cnd <- expect_input_error(read_depmap(list(effect = wide)), "depmap_id")
  expect_identical(cnd$argument, "path")
  expect_input_error(read_depmap(list(effect = as.matrix(wide))), "musl_data")
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
