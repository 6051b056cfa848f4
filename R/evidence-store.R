# Interface to the core's evidence: converts names to 0-based indices.

# A pointer to the evidence of `data` over the universe `genes`. Genes outside
# the universe get further indices, so sizes of sets count them. `wide` adds
# evidence on single genes.
evidence_store <- function(data, genes = data@genes, seed = 1L, threads = 0L,
                           wide = FALSE, call = caller_env()) {
  input <- dataset_input(data, genes)
  input["embeddings"] <- list(NULL)
  tables <- evidence_tables(data_evidence(data), genes)
  if (wide) {
    tables <- with_wide(tables, data_evidence(data)$annotations, genes)
  }
  with_core(
    cpp_evidence_store(input, tables, seed, as.integer(threads)),
    call = call
  )
}

# Objects saved by older versions lack this slot.
data_evidence <- function(data) {
  if (methods::.hasSlot(data, "evidence")) data@evidence
}

evidence_tables <- function(evidence, genes) {
  terms <- evidence$annotations$terms
  families <- evidence$annotations$families
  modules <- evidence$modules
  list(
    terms = set_input(terms$gene, terms$term, terms$branch, genes),
    wide = NULL, pathways = NULL,
    families = set_input(families$gene, families$family, "family", genes),
    modules = set_input(modules$gene, modules$module, "module", genes),
    layout = layout_input(evidence$layout, genes),
    sequences = sequence_input(evidence$proteins, genes),
    paralogs = paralog_input(evidence$paralogs, genes),
    genes = gene_column_input(evidence$genes, genes)
  )
}

set_input <- function(gene, set, branch, genes) {
  if (length(gene) == 0) {
    return(NULL)
  }
  sets <- unique_bytes(set)
  branches <- unique_bytes(branch)
  branch <- rep_len(branch, length(set))
  list(
    gene = match(gene, c(genes, setdiff(gene, genes))) - 1L,
    set = match(set, sets) - 1L,
    branch_of_set = match(branch[match(sets, set)], branches) - 1L,
    branches = branches
  )
}

# Adds the sets that describe single genes, and their number per gene.
with_wide <- function(tables, annotations, genes) {
  sets <- list(
    wide = annotations$wide$term, pathways = annotations$pathways$pathway
  )
  for (part in names(sets)[lengths(sets) > 0]) {
    gene <- annotations[[part]]$gene
    tables[[part]] <- set_input(gene, sets[[part]], part, genes)
    count <- tabulate(match(gene, genes), length(genes))
    column <- list(
      name = paste0("number_", part), role = "gene", value = log1p(count)
    )
    tables$genes <- c(tables$genes, list(column))
  }
  tables
}

layout_input <- function(layout, genes) {
  if (!is.null(layout)) {
    row <- match(genes, layout$gene)
    cbind(layout$x[row], layout$y[row])
  }
}

sequence_input <- function(proteins, genes) {
  if (!is.null(proteins)) {
    sequence <- proteins$sequence[match(genes, proteins$gene)]
    ifelse(is.na(sequence), "", sequence)
  }
}

paralog_input <- function(paralogs, genes) {
  if (is.null(paralogs)) {
    return(NULL)
  }
  searched <- attr(paralogs, "genes")
  known <- c(genes, setdiff(searched, genes))
  list(
    a = match(paralogs$gene_a, known) - 1L,
    b = match(paralogs$gene_b, known) - 1L,
    identity = paralogs$identity, coverage = paralogs$coverage,
    score = paralogs$bits, searched = as.raw(genes %in% searched)
  )
}

gene_column_input <- function(table, genes) {
  row <- match(genes, table$gene)
  roles <- attr(table, "roles")
  lapply(unname(names(roles)), function(column) {
    list(
      name = column, role = roles[[column]], value = table[[column]][row]
    )
  })
}
