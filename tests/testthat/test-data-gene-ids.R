# Identifiers beside the names of genes, from data to answers.

# Ten genes of tiny_data(); the last two have no Entrez id, one of them one that
# is another's symbol.
ids_of_tiny <- function(genes = sprintf("G%02d", 1:10)) {
  tibble(
    symbol = genes,
    entrez = c(as.character(7001:7008), NA, ""),
    ensembl = sprintf("ENSG%011d", seq_along(genes))
  )
}

named_data <- function(gene_ids = ids_of_tiny()) {
  d <- tiny_data()
  x <- d@cohorts$bulk$assays$expression
  p <- musl_pairs(d)[c("gene_a", "gene_b", "label")]
  p <- p[p$gene_a %in% rownames(x) & p$gene_b %in% rownames(x), ]
  musl_data(
    x,
    pairs = p, scale = "log", id_type = "symbol", gene_ids = gene_ids
  )
}

named_model <- function() {
  once("named", suppressWarnings(suppressMessages(
    tiny_fit(named_data(), tiny_architecture(encoders = "descriptors"))
  )))
}

test_that("a table tells ids by exact names, where it has them", {
  ids <- musl_report(named_data())$gene_ids
  expect_identical(names(ids), c("gene", "entrez", "ensembl"))
  expect_identical(ids$gene, musl_genes(named_data()))
  expect_identical(
    ids$entrez[match(c("G01", "G08", "G09", "G10", "G11"), ids$gene)],
    c("7001", "7008", NA, NA, NA)
  )
  # Another letter case is not sure enough to stand in a table.
  lower <- transform(ids_of_tiny(), symbol = tolower(symbol))
  expect_warning(d <- named_data(lower), class = "musl_warning_unknown_gene")
  expect_null(musl_report(d)$gene_ids)
})

test_that("a column `gene_id` counts by what it holds", {
  genes <- c("TP53", "BRCA1", "ARID1A", "ARID1B")
  ensembl <- c(
    "ENSG00000141510.18", "ENSG00000012048.24", "ENSG00000117713.20", NA
  )
  ids_with <- function(..., names = genes) {
    x <- matrix(1:16 / 8, 4, dimnames = list(names, NULL))
    se <- SummarizedExperiment::SummarizedExperiment(list(logcounts = x),
      rowData = data.frame(..., row.names = names)
    )
    musl_report(musl_data(se))$gene_ids
  }
  row <- order(genes)
  expect_identical(
    ids_with(gene_id = ensembl, gene_name = genes),
    tibble(gene = genes[row], ensembl = ensembl[row])
  )
  expect_null(ids_with(Geneid = genes))
  # Both, and numbers that R would write as 1e+05.
  both <- ids_with(gene_id = ensembl, entrez = c(1e5, 672, 8289, NA))
  expect_identical(both$entrez, c("100000", "672", "8289", NA)[row])
  ids <- ids_with(gene_id = ensembl)
  expect_match(other_id_hint("ENSG00000141510", ids), "\"TP53\"", fixed = TRUE)
  # And in a table of genes.
  table <- data.frame(gene_id = ensembl, gene_name = genes)
  found <- musl_map_genes(
    c("ENSG00000141510", "ENSG00000012048.2", "ARID1B"), annotation = table
  )
  expect_identical(found$symbol, c("TP53", "BRCA1", "ARID1B"))
  expect_identical(found$ensembl, c("ENSG00000141510", "ENSG00000012048", NA))
  expect_true(all(is.na(found$entrez)))
})

test_that("rowData of cohorts count, after what is given", {
  x <- matrix(1:40 / 8, 10, dimnames = list(sprintf("G%02d", 1:10), NULL))
  se <- SummarizedExperiment::SummarizedExperiment(
    list(logcounts = x),
    rowData = data.frame(
      entrez = 1:10, Ensembl_ID = NA, row.names = rownames(x)
    )
  )
  ids <- musl_report(musl_data(se, id_type = "symbol"))$gene_ids
  expect_identical(names(ids), c("gene", "entrez"))
  expect_identical(ids$entrez, as.character(1:10))
  both <- musl_data(se, id_type = "symbol", gene_ids = ids_of_tiny())
  expect_identical(
    musl_report(both)$gene_ids$entrez, c(as.character(7001:7008), "9", "10")
  )
  listed <- musl_data(list(one = x, two = se), scale = "log")
  expect_identical(musl_report(listed)$gene_ids$entrez, as.character(1:10))
})

test_that("data without other ids carry none", {
  expect_null(musl_report(named_data(NULL))$gene_ids)
  expect_false("entrez_a" %in% names(predict(
    tiny_model(), data.frame(gene_a = "G01", gene_b = "G02")
  )))
})

test_that("predictions tell the Entrez ids beside the symbols", {
  pairs <- data.frame(gene_a = c("G01", "G09"), gene_b = c("G30", "G02"))
  found <- predict(named_model(), pairs)
  expect_identical(found$entrez_a, c("7001", NA))
  expect_identical(found$entrez_b, c(NA, "7002"))
  expect_false("symbol_a" %in% names(found))
  # A column of the user's own stays.
  pairs$entrez_a <- c("mine", "too")
  expect_identical(predict(named_model(), pairs)$entrez_a, pairs$entrez_a)
})

test_that("partner lists tell Entrez ids, of a model from a file too", {
  file <- withr::local_tempfile()
  musl_save(named_model(), file)
  for (fit in list(named_model(), musl_load(file))) {
    list <- suppressWarnings(musl_partners(fit, "G20", n = Inf))
    expect_s3_class(list, "musl_partners")
    expect_identical(
      list$entrez[match(c("G03", "G40"), list$partner)], c("7003", NA)
    )
  }
})

test_that("genes called by Entrez ids are told by symbol", {
  x <- matrix(rnorm(40), 10, dimnames = list(c(7001:7008, 1, 2), NULL))
  d <- musl_data(x, scale = "log", gene_ids = ids_of_tiny())
  expect_identical(d@id_type, "entrez")
  ids <- musl_report(d)$gene_ids
  expect_identical(
    ids$symbol[match(c("7001", "7008", "1"), ids$gene)], c("G01", "G08", NA)
  )
})

test_that("all that asks for a gene tells the name of another id", {
  fit <- named_model()
  d <- named_data()
  pair <- data.frame(gene_a = "7005", gene_b = "G30")
  told <- function(code, class) {
    cnd <- rlang::catch_cnd(code, paste0("musl_", class))
    expect_match(cnd_text(cnd), "\"7005\" is \"G05\"", fixed = TRUE)
  }
  told(d["7005"], "error_gene")
  told(musl_histogram(d, "7005", "G30"), "error_gene")
  told(musl_descriptors(d, pair), "warning_unknown_gene")
  told(predict(fit, pair), "warning_unknown_gene")
  told(musl_partners(fit, "7005"), "error_gene")
  told(musl_explain(fit, "7005", "G01"), "error_gene")
  told(musl_fit(d, keep_genes = "7005"), "error_gene")
  told(
    musl_partners(fit, "G20", universe = c("7005", "G30")),
    "warning_unknown_gene"
  )
  told(musl_design(fit, 1, "7005"), "error_gene")
  told(musl_design(fit, 1, c("7005", "G20")), "warning_unknown_gene")
  told(musl_design(fit, 1, "G20", library = "7005"), "error_gene")
  told(musl_design(fit, 1, pair), "warning_unknown_gene")
  skip_if_not_installed("HDF5Array")
  for (how in list(list(genes = "7005"), list(anchors = "7005"))) {
    atlas <- function() {
      do.call(musl_atlas, c(list(fit, withr::local_tempfile()), how))
    }
    told(atlas(), "error_gene")
  }
})

test_that("a table without symbols is refused by name", {
  cnd <- expect_input_error(named_data(data.frame(entrez = "1")))
  expect_identical(cnd$argument, "gene_ids")
})
