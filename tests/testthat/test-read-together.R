# From the files as they are downloaded to aligned data, without renaming.

test_that("files of DepMap, STRING, SynLethDB and embeddings make data", {
  withr::local_seed(2)
  genes <- c(sprintf("GENE%d", 1:12), "TP53")
  lines <- sprintf("ACH-%06d", 1:30)
  values <- matrix(round(stats::rexp(13 * 30), 4), 30)
  expression <- write_text(
    paste(c("", paste0(genes, " (", seq_along(genes), ")")), collapse = ","),
    paste(lines, apply(values, 1, paste, collapse = ","), sep = ","),
    name = "OmicsExpressionProteinCodingGenesTPMLogp1.csv"
  )
  model <- write_text(
    "ModelID,CellLineName,OncotreeLineage", paste0(lines, ",name,Lung")
  )
  protein <- sprintf("9606.ENSP%02d", seq_along(genes))
  links <- gzip_file(write_text(
    "protein1 protein2 combined_score",
    paste(protein[-13], protein[-1], c(700:711))
  ))
  aliases <- gzip_file(write_text(
    "#string_protein_id\talias\tsource",
    paste(protein, genes, "Ensembl_HGNC_symbol", sep = "\t")
  ))
  vectors <- write_raw(safetensors_bytes(stats::setNames(
    lapply(seq_along(genes), function(i) tensor_f32(c(i, -i, 1))), genes
  )))
  labels <- write_text(
    "n1.name,n1.identifier,n2.name,n2.identifier,r.source",
    paste("TP53,7157", genes[1:6], 1:6, "RNAi", sep = ","),
    name = "Human_SL.csv"
  )

  se <- read_depmap(expression, model = model)
  ppi <- read_network(links, info = aliases, min_score = 0.7)
  esm <- read_embeddings(vectors)
  sl <- read_pairs(labels, "synlethdb")
  d <- musl_data(se, network = ppi, embeddings = esm, pairs = sl)

  expect_setequal(musl_genes(d), genes)
  expect_identical(nrow(musl_pairs(d)), 6L)
  expect_identical(igraph::ecount(as.list(d)$network), 12)
  expect_identical(tidy(d, "cohorts")$n_samples, 30L)
  expect_identical(
    unname(d@cohorts[[1]]$assays[[1]]["GENE3", ]), values[, 3]
  )
  expect_identical(unname(as.list(d)$embeddings["TP53", ]), c(13, -13, 1))
})
