# Simulated files in the layout of MUSL_DATA for smoke runs, made of
# demo_inputs(): 300 genes, of which each cohort and the sequences lack some.

# What is read from now on in this session are these files.
use_demo_files <- function() {
  root <- tempfile("demo-")
  write_demo_files(root)
  Sys.setenv(MUSL_DATA = root)
}

write_demo_files <- function(root, inputs = demo_inputs()) {
  values <- do.call(cbind, inputs$expression)
  cohorts <- c("tcga_crc", "gse33072", "sdy420")
  for (i in seq_along(cohorts)) {
    lost <- 10 * i + 1:10
    one <- values[-lost, seq(i, ncol(values), by = length(cohorts))]
    write_demo(with_genes(one), root, "expression", cohorts[[i]])
  }
  edges <- igraph::as_data_frame(inputs$network)
  names(edges) <- c("gene_a", "gene_b", "score")
  write_demo(edges, root, "ppi", "string_v10")
  write_demo(
    with_genes(inputs$embeddings[-(1:20), ]), root, "sequence", "kmer_svd64"
  )
  write_demo(inputs$evidence, root, "sl", "sl_pairs")
  for (negatives in c("random", "degree_matched")) {
    write_demo(
      inputs$table(negatives), root, "splits", paste0("benchmark_", negatives)
    )
  }
  write_demo_lines(values, root)
  write_demo_cells(values, root)
}

# Cell lines with expression and gene effects; not all have both.
write_demo_lines <- function(values, root) {
  withr::local_seed(1)
  colnames(values) <- sprintf("ACH-%06d", seq_len(ncol(values)))
  effect <- values
  effect[] <- stats::rnorm(length(values))
  write_demo(with_genes(values[-(1:5), 1:9]), root, "expression", "depmap9")
  write_demo(
    with_genes(values[, -1]), root, "expression", "depmap14_promptsl"
  )
  write_demo(
    with_genes(effect[, -2]), root, "dependency", "crispr_gene_effect_promptsl"
  )
}

# Counts of 120 cells of three lines; some are doublets.
write_demo_cells <- function(values, root) {
  withr::local_seed(2)
  cells <- data.frame(
    cell = sprintf("p1_%03d", 1:120), cell_line_demuxlet = c("X1", "X2", "X3"),
    demuxlet_cls = rep(c("SNG", "DBL"), c(111, 9)), batch = "demo"
  )
  like <- values[, sample.int(ncol(values), nrow(cells), replace = TRUE)]
  counts <- matrix(stats::rpois(length(like), 2^(like - 6)), nrow(like))
  write_demo(
    data.frame(gene = rownames(values)), root, "singlecell", "celseq2_5cl_genes"
  )
  write_demo(cells, root, "singlecell", "celseq2_5cl_cells")
  plain <- tempfile()
  on.exit(unlink(plain))
  Matrix::writeMM(methods::as(counts, "CsparseMatrix"), plain)
  packed <- gzfile(file.path(root, "singlecell", "celseq2_5cl_counts.mtx.gz"))
  writeLines(readLines(plain), packed)
  close(packed)
}

with_genes <- function(x) {
  data.frame(gene = rownames(x), x, check.names = FALSE)
}

write_demo <- function(table, root, folder, name) {
  dir.create(file.path(root, folder), showWarnings = FALSE, recursive = TRUE)
  file <- gzfile(file.path(root, folder, paste0(name, ".tsv.gz")), "w")
  on.exit(close(file))
  utils::write.table(
    table, file,
    sep = "\t", quote = FALSE, row.names = FALSE, na = ""
  )
}
