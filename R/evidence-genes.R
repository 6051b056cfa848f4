#' Numbers per gene as evidence
#'
#' Collects facts about single genes: the fitness effect of their loss, the
#' share of cell lines that depend on them, their expression.
#'
#' Each column has a role, set by an argument or derived from its name:
#' * expression: names with `tpm` or `expression`; a mean level on the log
#'   scale, for example in the screened cell line;
#' * dependent: names with `dependent`; the share of cell lines that depend on
#'   the gene;
#' * essential: names with `essential`; a flag;
#' * fitness: names with `fitness`, `chronos` or `effect`;
#' * other numbers and flags have no special role.
#'
#' Text columns and columns whose names end in `_sd` or start with `entrez` are
#' left out, except numbers that are given a role. Expression and dependence may
#' only raise the boosting member's score.
#'
#' @param x `NULL` or a data frame with the column `gene` and columns of
#'   numbers; missing values are allowed.
#'   Columns that are not of expression must not have the names of columns that
#'   [pair evidence][musl_pair_features()] has of genes, such as `degree`.
#' @param ... Must be empty.
#' @param expression,dependent,essential,fitness Names of columns of `x` with
#'   that role, or `NULL` to derive the role from names.
#' @param dependency `NULL` or a numeric matrix of genes x cell lines, such as
#'   DepMap's gene effect: adds the column `dependent`, the share of lines with
#'   a value below `cut`, `NA` for a gene without values, with a warning if it
#'   is 0 for all genes.
#' @param cut Number.
#' @returns A tibble of class `musl_gene_table`: `gene` and the columns, with
#'   attribute `roles`, a named character vector of their roles.
#' @section Errors:
#'   `musl_error_input` if there is no column, a role names an unknown column or
#'   text, `x` has a column `dependent` besides `dependency`, or a column has
#'   the name of another one of pair evidence; `musl_error_gene` if a gene has
#'   several rows, or `x` and `dependency` have no gene in common.
#' @seealso [musl_evidence()]
#' @examples
#' musl_gene_table(data.frame(
#'   gene = c("ARID1A", "ARID1B"), hap1_log2tpm = c(5.1, 4.2),
#'   fitness = c(-.2, .1), share_dependent = c(.12, .02)
#' ))
#' @export
musl_gene_table <- function(x = NULL, ..., expression = NULL, dependent = NULL,
                            essential = NULL, fitness = NULL,
                            dependency = NULL, cut = -0.5) {
  check_dots_empty()
  check_number(cut)
  shares <- dependent_shares(dependency, cut)
  if (is.null(x)) {
    x <- shares
  } else {
    check_evidence_table(x, "gene", "x")
    # Joining would keep the first row of a gene alone.
    check_gene_rows(x$gene)
    x <- join_shares(as_tibble(x), shares)
  }
  given <- list(
    expression = expression, dependent = dependent, essential = essential,
    fitness = fitness
  )
  roles <- column_roles(x, given)
  check_free_names(names(roles)[roles != "expression"])
  check_finite_columns(x, names(roles), "x")
  columns <- lapply(x[names(roles)], as.double)
  tibble::new_tibble(
    c(list(gene = id_text(x$gene)), columns),
    roles = roles, class = "musl_gene_table"
  )
}

# A table of genes in any form. One that was changed, for example by a verb of
# dplyr, is read anew with its roles.
evidence_gene_table <- function(genes) {
  if (is.null(genes)) {
    return(NULL)
  }
  check_evidence_table(genes, "gene", "genes")
  numbers <- names(genes)[vapply(genes, is.numeric, NA)]
  check_finite_columns(genes, numbers, "genes")
  roles <- attr(genes, "roles")
  roles <- roles[names(roles) %in% numbers]
  of_role <- function(role) names(roles)[roles == role]
  table <- musl_gene_table(genes,
    expression = of_role("expression"), dependent = of_role("dependent"),
    essential = of_role("essential"), fitness = of_role("fitness")
  )
  tell_contradictions(table)
  table
}

# Genes that most lines need by one column and hardly any by another.
tell_contradictions <- function(table) {
  of_role <- function(role) {
    columns <- table[names(which(attr(table, "roles") == role))]
    suppressWarnings(list(
      low = do.call(pmin, c(columns, Inf, na.rm = TRUE)),
      high = do.call(pmax, c(columns, -Inf, na.rm = TRUE))
    ))
  }
  share <- of_role("dependent")
  flag <- of_role("essential")
  needed <- share$high > status_cuts[["lethal_alone"]]
  spared <- share$low <= status_cuts[["often_lethal"]]
  found <- list(
    needed & spared, needed & flag$low <= 0.5, spared & flag$high > 0.5
  )
  genes <- table$gene[Reduce(`|`, found)]
  inform_if(length(genes) > 0, c(
    "Columns of {.arg genes} contradict each other on whether cells need
     {length(genes)} gene{?s}: {few(genes)}.",
    i = "The highest share of lines counts, and a flag where no share is known."
  ), "evidence", genes = genes)
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
column_roles <- function(x, given) {
  for (role in names(given)) {
    columns <- given[[role]]
    if (!is.null(columns) && (!is.character(columns) || anyNA(columns))) {
      abort_argument(role, "names of columns of `x`, or NULL", columns)
    }
  }
  unknown <- setdiff(unlist(given), names(x))
  abort_if(length(unknown) > 0, c(
    "Roles must name columns of {.arg x}.",
    x = "There is no {.field {unknown}}.",
    i = "The columns are {.field {utils::head(names(x), 12)}}."
  ))
  check_plain_columns(x, "x")
  numbers <- vapply(x, function(v) is.numeric(v) || is.logical(v), TRUE)
  left_out <- grepl("_sd$|^entrez|^gene$", fold_case(names(x)))
  check_role_numbers(setdiff(unlist(given), names(x)[numbers]))
  kept <- names(x)[numbers & (!left_out | names(x) %in% unlist(given))]
  abort_if(length(kept) == 0, c(
    "A table of genes must have a column of numbers.",
    x = "Its columns are {.field {names(x)}}."
  ))
  roles <- set_names(rep("gene", length(kept)), kept)
  for (role in rev(names(role_patterns))) {
    roles[grepl(role_patterns[[role]], fold_case(kept))] <- role
  }
  for (role in names(given)) {
    roles[intersect(given[[role]], kept)] <- role
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

check_role_numbers <- function(others) {
  abort_if(length(others) > 0, c(
    "Roles must name columns of numbers.",
    x = "{.field {others}} hold{?s/} none."
  ), columns = others)
}

# A matrix of genes x cell lines has no names of DepMap's lines as rows.
check_not_turned <- function(x, arg) {
  abort_if(all(grepl(model_pattern, rownames(x))), c(
    "{.arg {arg}} must have genes as rows and cell lines as columns.",
    x = "Its row names are cell lines: {.val {few(rownames(x))}}.",
    i = "{.fn t} turns it."
  ), argument = arg)
}

dependent_shares <- function(dependency, cut) {
  if (is.null(dependency)) {
    return(NULL)
  }
  if (!is.matrix(dependency) || !is_plain_number(dependency) ||
    is.null(rownames(dependency))) {
    abort_argument(
      "dependency", "a numeric matrix with genes as row names", dependency
    )
  }
  check_gene_names(rownames(dependency), "the matrix of dependency")
  check_not_turned(dependency, "dependency")
  share <- rowMeans(dependency < cut, na.rm = TRUE)
  share[is.nan(share)] <- NA
  warn_no_dependence(share, dependency, cut)
  tibble(gene = rownames(dependency), dependent = share)
}

# So do probabilities, which rise with dependence.
warn_no_dependence <- function(share, dependency, cut) {
  if (any(share > 0, na.rm = TRUE) || all(is.na(share))) {
    return(invisible())
  }
  lowest <- format(min(dependency, na.rm = TRUE), digits = 3)
  warn_musl(c(
    "No gene of {.arg dependency} has a value below {cut}.",
    x = "The lowest is {lowest}: {.field dependent} is 0 throughout.",
    i = "Gene effects are negative where a line depends on the gene; of
         probabilities pass the negative, with {.code cut = -0.5}."
  ))
}

join_shares <- function(x, shares) {
  if (is.null(shares)) {
    return(x)
  }
  abort_if("dependent" %in% names(x), c(
    "{.arg x} must have no column {.field dependent} if {.arg dependency} is
     given.",
    i = "Rename it, or leave {.arg dependency} out."
  ), argument = "x")
  known <- id_text(x$gene)
  abort_if(!any(known %in% shares$gene), c(
    "{.arg dependency} must share genes with {.arg x}.",
    x = "{.arg dependency} has names such as {.val {few(shares$gene)}},
         {.arg x} has {.val {few(known)}}.",
    i = "Map both to the same kind of identifier."
  ), "gene", argument = "dependency")
  genes <- union(known, shares$gene)
  out <- x[match(genes, known), ]
  out$gene <- genes
  out$dependent <- shares$dependent[match(genes, shares$gene)]
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

# Shares of cell lines; see musl_partners().
status_cuts <- c(often_lethal = 0.5, lethal_alone = 0.9, not_expressed = 0.1)
