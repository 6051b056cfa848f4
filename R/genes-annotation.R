# Tables of genes: what a symbol, alias or id stands for.

annotation_columns <- list(
  symbol = c("symbol", "hgncsymbol", "approvedsymbol", "genesymbol", "genename"),
  entrez = c("entrez", "entrezid", "ncbigeneid", "entrezgeneid", "geneid"),
  ensembl = c("ensembl", "ensemblid", "ensemblgeneid"),
  uniprot = c("uniprot", "uniprotid", "uniprotids", "uniprotkb"),
  alias = c("alias", "aliases", "aliassymbol", "synonyms", "aliassymbols"),
  previous = c("previous", "prevsymbol", "previoussymbols", "prevsymbols"),
  status = c("status")
)

# Fills what labels do not tell; without a table nothing changes.
complete_genes <- function(genes, annotation) {
  lacks <- function(column) mean(is.na(genes[[column]])) > 0.5
  if (is.null(annotation)) {
    return(genes)
  }
  if (!lacks("symbol") && !lacks("entrez") && !lacks("ensembl")) {
    return(genes)
  }
  known <- ifelse(is.na(genes$entrez),
    ifelse(is.na(genes$ensembl), genes$symbol, genes$ensembl), genes$entrez
  )
  mapped <- musl_map_genes(known, annotation = annotation)
  for (column in c("symbol", "entrez", "ensembl")) {
    genes[[column]] <- ifelse(
      is.na(genes[[column]]), mapped[[column]], genes[[column]]
    )
  }
  genes
}
