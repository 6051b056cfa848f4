# Random labelled pairs over `n_genes` genes, without any feature.
pairs_data <- function(n_genes = 60, n_pairs = 600, seed = 1) {
  genes <- sort(sprintf("G%03d", seq_len(n_genes)), method = "radix")
  ends <- utils::combn(n_genes, 2)
  label <- rep_len(c("SL", "non_SL", "non_SL"), n_pairs)
  pairs <- withr::with_seed(seed, {
    ends <- ends[, sample.int(ncol(ends), n_pairs)]
    tibble::tibble(
      gene_a = genes[ends[1, ]], gene_b = genes[ends[2, ]],
      label = factor(sample(label), pair_labels)
    )
  })
  new_musl_data(genes = genes, pairs = pairs)
}

# A table of one gene fold: g1-g4 train, g5-g6 validation, g7-g8 test.
gene_table <- function() {
  table <- data.frame(
    gene_a = c("g1", "g2", "g1", "g5", "g1", "g1", "g2", "g3", "g7"),
    gene_b = c("g2", "g3", "g4", "g6", "g5", "g7", "g8", "g7", "g8"),
    label = c(1, 0, 1, 1, 0, 1, 0, 1, 1),
    part = rep(c("train", "dev", "C2", "C3"), c(3, 2, 3, 1))
  )
  other <- data.frame(gene_a = "g7", gene_b = "g9", label = 0, part = "C3")
  rbind(table, other)
}

table_data <- function() {
  new_musl_data(genes = sprintf("g%d", 1:9))
}

part_genes <- function(pairs) {
  unique(c(pairs$gene_a, pairs$gene_b))
}

pair_key_of <- function(pairs) {
  paste(pairs$gene_a, pairs$gene_b)
}
