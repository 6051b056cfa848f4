test_that("no id is read where nothing stands between separators", {
  genes <- data.frame(
    symbol = c("A", "B", "C"), entrez = c(";7157", " ; 1", "2;;3"),
    ensembl = c("|ENSG00000000001", "ENSG00000000002||", ""),
    uniprot = c(", P1", "P2,,P3", NA), alias = c("A1||A2", "|B1| ", NA)
  )
  ids <- given_gene_ids(genes)
  expect_identical(
    ids$entrez, tibble::tibble(id = c("7157", "1", "2", "3"),
      gene = c(1L, 2L, 3L, 3L))
  )
  expect_identical(ids$ensembl$id, c("ENSG00000000001", "ENSG00000000002"))
  expect_identical(ids$uniprot$id, c("P1", "P2", "P3"))
  expect_identical(ids$alias$id, c("A1", "A2", "B1"))
  got <- musl_map_genes(c("A", "P3", "B1", ""), annotation = genes)
  expect_identical(got$symbol, c("A", "B", "B", NA))
  expect_identical(got$entrez, c("7157", "1", "1", NA))
  expect_identical(got$uniprot, c("P1", "P2", "P2", NA))
  expect_identical(
    as.character(got$status), c("exact", "exact", "alias", "unknown")
  )
})

test_that("the human genes are those of the package's tables", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("AnnotationDbi")
  skip_if_not_installed("RSQLite")
  table_of <- function(name) {
    AnnotationDbi::toTable(getExportedValue("org.Hs.eg.db", name))
  }
  symbol <- table_of("org.Hs.egSYMBOL")
  alias <- table_of("org.Hs.egALIAS2EG")
  ids <- human_gene_ids()
  expect_identical(ids$genes$symbol, symbol$symbol)
  expect_identical(ids$entrez$id, symbol$gene_id)
  expect_identical(ids$entrez$gene, seq_len(nrow(symbol)))
  # An official symbol is no alias of its gene.
  both <- merge(alias, symbol, "gene_id")
  both <- both[both$alias_symbol != both$symbol, ]
  told <- paste(ids$alias$id, ids$entrez$id[ids$alias$gene])
  expect_setequal(told, paste(both$alias_symbol, both$gene_id))
})

test_that("a hint on names does not load the package of human genes", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("RSQLite")
  skip_if_not_installed("callr")
  loaded <- callr::r(function() {
    hint <- MuSL:::unknown_gene_hint("BAF250A", "ARID1A")
    list(hint = hint, packages = loadedNamespaces())
  })
  expect_match(loaded$hint, "\"BAF250A\" is \"ARID1A\"", fixed = TRUE)
  expect_false("org.Hs.eg.db" %in% loaded$packages)
})
