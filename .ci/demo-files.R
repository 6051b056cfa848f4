# Writes simulated data as files in the formats of tools/quickstart.
suppressPackageStartupMessages(library(MuSL))

out <- commandArgs(trailingOnly = TRUE)[1L]
dir.create(out, recursive = TRUE)
data <- musl_simulate("small", seed = 3)

write_table <- function(x, name, sep = "\t") {
  file <- file.path(out, name)
  if (endsWith(name, ".gz")) file <- gzfile(file)
  utils::write.table(x, file, sep = sep, quote = FALSE, row.names = FALSE)
}
with_genes <- function(x) data.frame(gene = rownames(x), x, check.names = FALSE)

edges <- igraph::as_data_frame(as.list(data)$network)
names(edges)[1:2] <- c("gene_a", "gene_b")
pairs <- as.data.frame(musl_pairs(data))
write_table(
  with_genes(data@cohorts[[1L]]$assays[[1L]]), "expression.tsv.gz"
)
write_table(edges, "network.csv", sep = ",")
write_table(with_genes(as.list(data)$embeddings), "embeddings.tsv")
write_table(pairs[c("gene_a", "gene_b", "label")], "pairs.csv", sep = ",")
writeLines(pairs$gene_a[1L], file.path(out, "anchor"))
