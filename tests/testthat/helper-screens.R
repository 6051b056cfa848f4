# The measured screens of the folder that MUSL_DATA names.
screens_file <- function(name) {
  file <- file.path(Sys.getenv("MUSL_DATA"), "screens", name)
  skip_if_not(
    nzchar(Sys.getenv("MUSL_DATA")) && file.exists(file),
    "MUSL_DATA names no folder with screens"
  )
  file
}

# Measured pairs of `n_studies` studies over `n_genes` genes: half of the pairs
# of each are those of the others, a tenth of the pairs are hits.
measured_table <- function(n_studies = 3, n_genes = 40, n_pairs = 200,
                           seed = 1) {
  genes <- sprintf("G%03d", seq_len(n_genes))
  ends <- utils::combn(n_genes, 2)
  withr::with_seed(seed, {
    truth <- stats::rnorm(ncol(ends))
    tables <- lapply(seq_len(n_studies), function(study) {
      rows <- sample.int(ncol(ends), n_pairs)
      effect <- truth[rows] + stats::rnorm(n_pairs, sd = study / 2)
      tibble::tibble(
        gene_a = genes[ends[1, rows]], gene_b = genes[ends[2, rows]],
        label = ifelse(effect < -1.2, "SL", "non_SL"),
        study = paste0("study", study), line = "A549", measured = TRUE,
        weight = 1, effect = effect
      )
    })
    do.call(rbind, tables)
  })
}

# One directed screen of `n_queries` queries and a library that holds them.
query_table <- function(n_queries = 12, n_library = 60, seed = 1) {
  genes <- sprintf("G%03d", seq_len(n_library))
  rows <- expand.grid(query = genes[seq_len(n_queries)], gene = genes)
  rows <- rows[as.character(rows$query) != as.character(rows$gene), ]
  withr::with_seed(seed, {
    hit <- stats::runif(nrow(rows)) < 0.15
    tibble::tibble(
      gene_a = as.character(rows$query), gene_b = as.character(rows$gene),
      label = ifelse(hit, "SL", "non_SL"), study = "HAP1", line = "rich",
      query = as.character(rows$query), measured = TRUE, weight = 1,
      effect = ifelse(hit, -1, 0)
    )
  })
}

# Of a table of pairs, with expression of noise for all its genes.
screen_data <- function(pairs, network = NULL) {
  genes <- sort(unique(c(pairs$gene_a, pairs$gene_b)), method = "radix")
  x <- withr::with_seed(1, matrix(
    stats::rnorm(length(genes) * 12, 5), length(genes),
    dimnames = list(genes, NULL)
  ))
  suppressMessages(
    musl_data(x, network = network, pairs = pairs, scale = "log")
  )
}
