# A panel of cell lines: rounded effects, so that there are ties, with gaps; G01
# is lost in the first quarter of lines, where knocking out G02 harms.
dependency_panel <- function(n_genes = 12, n_lines = 60, seed = 1,
                             gaps = 0.05) {
  genes <- sprintf("G%02d", seq_len(n_genes))
  lines <- sprintf("line%03d", seq_len(n_lines))
  is_lost <- seq_len(n_lines) <= n_lines / 4
  with_seed_kept(seed, {
    effect <- matrix(round(stats::rnorm(n_genes * n_lines), 1), n_genes)
    effect[stats::runif(length(effect)) < gaps] <- NA
    expression <- matrix(stats::runif(n_genes * n_lines, 1, 8), n_genes)
    lineage <- sample(c("lung", "skin", "blood", NA), n_lines, TRUE)
  })
  effect[2, is_lost] <- effect[2, is_lost] - 2
  expression[1, is_lost] <- 0
  dimnames(effect) <- dimnames(expression) <- list(genes, lines)
  SummarizedExperiment::SummarizedExperiment(
    list(expression = expression, effect = effect),
    colData = data.frame(lineage = lineage, row.names = lines)
  )
}

# Loss of G01 in a panel.
quarter <- c(expression = 0.25)

panel_effect <- function(x) {
  SummarizedExperiment::assay(x, "effect")
}

panel_lost <- function(x) {
  SummarizedExperiment::assay(x, "expression")["G01", ] == 0
}

# Groups of each anchor, as a table.
anchor_groups <- function(x, ...) {
  lost <- list(...)
  data.frame(
    line = rep(colnames(x), length(lost)),
    lost = unlist(lost, use.names = FALSE),
    anchor = rep(names(lost), each = ncol(x))
  )
}

# `x` with one more assay, of the value `value` but for the cells of `rows` in
# `lines`.
with_assay <- function(x, name, value, rows = NULL, lines = NULL, other = NA) {
  cells <- matrix(value, nrow(x), ncol(x), dimnames = dimnames(x))
  cells[rows, lines] <- other
  SummarizedExperiment::assay(x, name) <- cells
  x
}
