# Numbers of single genes: the gene table of musl_evidence().

# Tibble: gene and the columns of numbers, with attribute `roles`, named by the
# columns; or NULL. `effect` is a matrix of genes x lines, or NULL.
evidence_gene_table <- function(genes, effect) {
  if (!is.null(genes)) {
    check_evidence_table(genes, "gene", "genes")
    # Joining would keep the first row of a gene alone.
    check_gene_rows(genes$gene)
  }
  genes <- join_shares(genes, dependent_shares(effect))
  if (is.null(genes)) {
    return(NULL)
  }
  roles <- column_roles(genes)
  check_free_names(names(roles)[roles != "expression"])
  check_finite_columns(genes, names(roles), "genes")
  columns <- lapply(genes[names(roles)], as.double)
  tibble::new_tibble(c(list(gene = id_text(genes$gene)), columns),
    roles = roles
  )
}

# Columns of pair evidence that describe single genes.
gene_column_names <- c(
  "degree", "strength", "terms", "family_size", "family_twins", "paralogs",
  "other_expressed_paralogs", "modules", "percentile_mean", "percentile_lowest",
  "number_wide", "number_pathways"
)

check_free_names <- function(columns) {
  taken <- intersect(columns, gene_column_names)
  abort_if(length(taken) > 0, c(
    "A table of genes can't have a column of the name of another one of pair
     evidence.",
    x = "Pair evidence has {.field {taken}}.",
    i = "Rename {cli::qty(length(taken))}{?it/them}."
  ), columns = taken)
}

role_patterns <- c(
  expression = "tpm|expression", dependent = "dependent",
  essential = "essential", fitness = "fitness|chronos|effect"
)

# Roles, named by the columns to keep.
column_roles <- function(x) {
  check_plain_columns(x, "genes")
  numbers <- vapply(x, function(v) is.numeric(v) || is.logical(v), TRUE)
  left_out <- grepl("_sd$|^entrez|^gene$", fold_case(names(x)))
  kept <- names(x)[numbers & !left_out]
  abort_if(length(kept) == 0, c(
    "{.arg genes} must have a column of numbers.",
    x = "Its columns are {.field {names(x)}}."
  ), argument = "genes")
  roles <- set_names(rep("gene", length(kept)), kept)
  for (role in rev(names(role_patterns))) {
    roles[grepl(role_patterns[[role]], fold_case(kept))] <- role
  }
  roles
}

check_plain_columns <- function(x, arg) {
  bad <- names(x)[vapply(x, inherits, NA, "integer64")]
  abort_if(length(bad) > 0, c(
    "Columns of {.arg {arg}} must be plain numbers.",
    x = "{.field {few(bad)}} {?is/are} of class {.cls integer64}.",
    i = "Convert {cli::qty(length(bad))}{?it/them} by {.fn as.numeric}."
  ), argument = arg, columns = bad)
}

# A line depends on a gene whose effect there is lower.
dependent_effect <- -0.5

# The share of lines that depend on each gene, NA without values.
dependent_shares <- function(effect) {
  if (is.null(effect)) {
    return(NULL)
  }
  share <- nan_to_na(with_core(
    cpp_shares_beyond(effect, dependent_effect, above = FALSE)
  ))
  warn_no_dependence(share, effect)
  tibble(gene = rownames(effect), dependent = share)
}

# So do probabilities, which rise with dependence.
warn_no_dependence <- function(share, effect) {
  lowest <- format(suppressWarnings(min(effect, na.rm = TRUE)), digits = 3)
  warn_if(all(share %in% c(0, NA)) && any(share %in% 0), c(
    "No gene has an {.field effect} below {dependent_effect} in {.arg lines}.",
    x = "The lowest is {lowest}: {.field dependent} is 0 throughout.",
    i = "Effects are negative where a line depends on the gene; of
         probabilities pass the negative."
  ))
}

join_shares <- function(genes, shares) {
  if (is.null(shares) || is.null(genes)) {
    return(genes %||% shares)
  }
  abort_if("dependent" %in% names(genes), c(
    "{.arg genes} must have no column {.field dependent} if {.arg lines} has
     effects.",
    i = "Rename it, or leave the assay {.field effect} out."
  ), argument = "genes")
  known <- id_text(genes$gene)
  abort_if(!any(known %in% shares$gene), c(
    "{.arg lines} must share genes with {.arg genes}.",
    x = "{.arg lines} has names such as {.val {few(shares$gene)}}, {.arg genes}
         has {.val {few(known)}}.",
    i = "Map both to the same kind of identifier."
  ), "gene", argument = "lines")
  all <- union(known, shares$gene)
  out <- as_tibble(genes)[match(all, known), ]
  out$gene <- all
  out$dependent <- shares$dependent[match(all, shares$gene)]
  out
}

# Numbers may be missing, but not infinite.
check_finite_columns <- function(x, columns, arg) {
  for (column in columns) {
    bad <- which(is.infinite(x[[column]]))
    abort_if(length(bad) > 0, c(
      "Column {.field {column}} of {.arg {arg}} must hold finite numbers.",
      x = "{length(bad)} row{?s} {?is/are} infinite:
           {utils::head(bad, 3)}."
    ), argument = arg, rows = bad)
  }
}

check_gene_rows <- function(gene) {
  twice <- unique(gene[duplicated(gene)])
  abort_if(length(twice) > 0, c(
    "A table of genes must have one row per gene.",
    x = "{length(twice)} gene{?s} with more: {.val {utils::head(twice, 3)}}."
  ), "gene", genes = twice)
}

# list(name, cut: a share of cell lines) of all statuses, by the core.
status_kinds <- function() {
  if (is.null(core_tables$status)) {
    core_tables$status <- with_core(cpp_status_kinds())
  }
  core_tables$status
}

# What the core always answers alike.
core_tables <- new.env(parent = emptyenv())
