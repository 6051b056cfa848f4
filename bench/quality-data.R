# Inputs and folds: the fixed benchmark, or demo data in its shape.
#
# Inputs are a list of
#   expression  named list of matrices or SummarizedExperiments, genes x
#               samples, log scale
#   network     what musl_data() takes
#   embeddings  matrix, genes x dimensions
#   table       function(negatives) that gives the benchmark's table: scheme,
#               fold, part, gene_a, gene_b, label
#   evidence    data frame gene_a, gene_b, evidence

# The bulk cohorts among the cohorts of the benchmark.
bulk_cohorts <- c("crc", "nsclc", "pbmc")

benchmark_inputs <- function() {
  list(
    expression = c(
      lapply(
        c(
          crc = "tcga_crc", nsclc = "gse33072", pbmc = "sdy420",
          depmap = "depmap9"
        ),
        function(name) read_matrix("expression", paste0(name, ".tsv.gz"))
      ),
      list(lung = read_lung_cells())
    ),
    network = read_table("ppi", "string_v10.tsv.gz"),
    embeddings = read_matrix("sequence", "kmer_svd64.tsv.gz"),
    table = read_folds,
    evidence = read_table("sl", "sl_pairs.tsv.gz")
  )
}

demo_folds <- 3L

demo_inputs <- function(seed = 1) {
  demo <- musl_simulate(
    n_genes = 300, n_samples = 60, n_pairs = 1500, embedding_dim = 8,
    seed = seed
  )
  values <- demo@cohorts[[1L]]$assays[[1L]]
  pairs <- as.data.frame(musl_pairs(demo))
  pairs$evidence <- rep_len(c("experimental", "text mining"), nrow(pairs))
  list(
    expression = list(a = values[, 1:30], b = values[, 31:60]),
    network = as.list(demo)$network,
    embeddings = as.list(demo)$embeddings,
    table = function(negatives) demo_table(demo, negatives, seed),
    evidence = pairs
  )
}

# As in the benchmark validation pairs are still in the training part.
demo_table <- function(demo, negatives, seed) {
  rows <- lapply(c(pair = "random", gene = "inductive"), function(setting) {
    split <- musl_split(
      demo, setting, demo_folds,
      negatives = negatives, seed = seed
    )
    rows <- generics::tidy(split)
    rows[rows$part != "unused", ]
  })
  table <- do.call(rbind, Map(
    function(rows, scheme) cbind(scheme = scheme, rows), rows, names(rows)
  ))
  table$part <- as.character(table$part)
  table$part[table$part == "validation"] <- "train"
  columns <- c("scheme", "fold", "part", "gene_a", "gene_b", "label")
  as.data.frame(table)[columns]
}

# `pairs` may be any table of pairs; `cohorts` are names of expression cohorts.
aligned_data <- function(inputs, pairs, cohorts = names(inputs$expression)) {
  pairs <- unique(pairs[c("gene_a", "gene_b", "label")])
  known <- inputs$evidence[inputs$evidence$label %in% c(1, "SL"), ]
  row <- match(
    paste(pairs$gene_a, pairs$gene_b), paste(known$gene_a, known$gene_b)
  )
  pairs$evidence <- known$evidence[row]
  suppressMessages(suppressWarnings(musl_data(
    inputs$expression[cohorts],
    network = inputs$network, embeddings = inputs$embeddings,
    pairs = pairs, scale = "log"
  )))
}

# list(negatives, scheme, data, split): one table of folds. Validation parts,
# which the benchmark leaves to us, get negatives by the benchmark's policy.
benchmark_cell <- function(inputs, negatives, scheme) {
  table <- inputs$table(negatives)
  table <- table[table$scheme == scheme, ]
  data <- aligned_data(inputs, table)
  split <- musl_split(data, table = table, negatives = negatives, seed = 1)
  list(negatives = negatives, scheme = scheme, data = data, split = split)
}
