# Maps proteins to genes: list(proteins, gene, isoforms), where `proteins` are
# those to compute and `gene` is the gene of each; NULL for one row per protein.

gene_plan <- function(proteins, genes, isoforms, call = caller_env(),
                      arg = "genes") {
  if (is.null(genes)) {
    return(list(proteins = proteins, gene = NULL, isoforms = isoforms))
  }
  gene <- genes_of(proteins, genes, call, arg)
  kept <- which(!is.na(gene) & nzchar(gene))
  if (length(kept) == 0) {
    abort_musl(c(
      "{.arg {arg}} must assign at least one protein to a gene.",
      x = "None of {length(gene)} protein{?s} has one."
    ), argument = arg, call = call)
  }
  if (length(kept) < length(gene)) {
    lost <- proteins$name[-kept]
    warn_musl(c(
      "{length(lost)} protein{?s} without a gene {?is/are} left out.",
      x = "{.val {utils::head(lost, 3)}}."
    ), "dropped_genes", proteins = lost)
  }
  if (isoforms == "longest") {
    kept <- longest_of(kept, gene, nchar(proteins$sequence))
  }
  list(
    proteins = lapply(proteins, `[`, kept),
    gene = gene[kept],
    isoforms = isoforms
  )
}

genes_of <- function(proteins, genes, call, arg = "genes") {
  if (identical(genes, "header")) {
    return(genes_in_headers(proteins$label))
  }
  if (!is.character(genes)) {
    abort_argument(arg, "a character vector or \"header\"", genes, call)
  }
  if (!is.null(names(genes))) {
    return(unname(genes[match(proteins$name, names(genes))]))
  }
  if (length(genes) != length(proteins$name)) {
    abort_musl(c(
      "{.arg {arg}} must have names, or one value per protein.",
      x = "{length(genes)} value{?s} for {length(proteins$name)} protein{?s}."
    ), "shape", argument = arg, call = call)
  }
  genes
}

# "... GN=TP53 PE=1" of UniProt, "... gene_symbol:TP53 ..." of Ensembl
genes_in_headers <- function(label) {
  pattern <- "^.*[[:space:]](GN=|gene_symbol:)([^[:space:]]+).*$"
  ifelse(grepl(pattern, label), sub(pattern, "\\2", label), NA_character_)
}

# The longest of each gene's proteins among `kept`, genes by first occurrence.
longest_of <- function(kept, gene, length) {
  by_length <- kept[order(-length[kept], kept, method = "radix")]
  best <- by_length[!duplicated(gene[by_length])]
  best[match(unique(gene[kept]), gene[best])]
}

# One row per protein, or the mean of each gene's rows.
collect_genes <- function(values, plan) {
  if (is.null(plan$gene)) {
    rownames(values) <- plan$proteins$name
    return(values)
  }
  if (plan$isoforms == "longest") {
    rownames(values) <- plan$gene
    return(values)
  }
  gene <- factor(plan$gene, levels = unique(plan$gene))
  sums <- rowsum(values, as.integer(gene), reorder = TRUE)
  means <- sums / tabulate(gene)
  rownames(means) <- levels(gene)
  means
}
