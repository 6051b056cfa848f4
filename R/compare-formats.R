# Reads tables of screens, recognised by their columns: list(format, genes:
# tibble gene, strength, hit).

# Fold changes and z-scores are lower for stronger hits: their order would be
# compared the wrong way round. By more than two standard errors of an AUROC.
warn_weak_hits <- function(genes, columns) {
  n_hits <- sum(genes$hit)
  n_rest <- nrow(genes) - n_hits
  below <- mean(rank(genes$strength)[genes$hit]) - (nrow(genes) + 1) / 2
  limit <- -2 * sqrt((nrow(genes) + 1) * n_rest / 12 / n_hits)
  if (n_hits > 0 && n_rest > 0 && below < limit) {
    column <- columns[["strength"]]
    middle <- signif(tapply(genes$strength, genes$hit, stats::median), 3)
    warn_musl(c(
      "Hits have a lower strength than other genes.",
      x = "The median of {.field {column}} is {middle[['TRUE']]} for hits,
           {middle[['FALSE']]} for others.",
      i = "The larger the strength, the stronger the loss of fitness: for a fold
           change or z-score pass a column with minus its values."
    ))
  }
}

recognised_columns <- function(screen, limits) {
  if (is_musl_dependency(screen)) {
    return(from_musl_dependency(screen, limits))
  }
  table <- rlang::set_names(as.list(screen), plain_names(names(screen)))
  has <- function(columns) all(columns %in% names(table))
  for (format in names(rate_columns)) {
    if (has(rate_columns[[format]])) {
      return(by_rate(table, format, limits))
    }
  }
  if (has("gene") && any(grepl("._beta$", names(table)))) {
    return(from_mageck_mle(table, limits))
  }
  if (has("gene") && any(c("bf", "boostedbf") %in% names(table))) {
    return(from_bagel(table))
  }
  abort_musl(c(
    "{.arg screen} must be a table of MAGeCK, DrugZ or BAGEL.",
    x = "Its columns are {.field {utils::head(names(screen), 8)}}.",
    i = "Name its columns, such as {.code columns = c(gene = \"symbol\",
         strength = \"score\", hit = \"significant\")}."
  ), argument = "screen")
}

# The object, or a table written from it.
is_musl_dependency <- function(screen) {
  told <- c("anchor", "partner", "cliffs_delta", "difference", "fdr")
  inherits(screen, "musl_dependency") || all(told %in% names(screen))
}

# "neg|p-value" and what R makes of it, "neg.p.value", -> "neg_p_value".
plain_names <- function(x) gsub("[^a-z0-9]+", "_", fold_case(x))

# Of tools whose scores are lower for stronger hits: the gene, the score and the
# false discovery rate.
rate_columns <- list(
  mageck_rra = c("id", "neg_score", "neg_fdr"),
  drugz = c("gene", "normz", "fdr_synth")
)

by_rate <- function(table, format, limits) {
  columns <- rate_columns[[format]]
  screened_genes(
    format, table[[columns[[1]]]], -screen_number(table, columns[[2]]),
    screen_number(table, columns[[3]]) <= limits$fdr
  )
}

# The Bayes factor from which BAGEL's authors call a gene essential.
bagel_hit <- 6

# Columns are <condition>|beta, |z, |p-value, |fdr and more.
from_mageck_mle <- function(table, limits) {
  conditions <- sub("_beta$", "", grep("._beta$", names(table), value = TRUE))
  wanted <- limits$condition
  if (is.null(wanted) && length(conditions) == 1) wanted <- conditions
  abort_if(is.null(wanted) || !plain_names(wanted) %in% conditions, c(
    "{.arg condition} must name a condition of the MAGeCK table.",
    x = "Found {describe_value(limits$condition)}.",
    i = "The table has {.val {conditions}}."
  ), argument = "condition")
  column <- function(name) {
    screen_number(table, paste0(plain_names(wanted), "_", name))
  }
  screened_genes(
    "mageck_mle", table$gene, -column("z"),
    column("beta") < 0 & column("fdr") <= limits$fdr
  )
}

from_bagel <- function(table) {
  column <- if ("bf" %in% names(table)) "bf" else "boostedbf"
  factor <- screen_number(table, column)
  screened_genes("bagel", table$gene, factor, factor >= bagel_hit)
}

from_musl_dependency <- function(screen, limits) {
  anchors <- unique(screen$anchor)
  if (length(anchors) > 1) {
    abort_if(!limits$anchor %in% anchors, c(
      "{.arg screen} must hold the anchor {.val {limits$anchor}}.",
      x = "It holds {.val {utils::head(anchors, 3)}}."
    ), argument = "screen")
    screen <- screen[screen$anchor == limits$anchor, ]
  }
  screened_genes(
    "musl_dependency", screen$partner, -screen$cliffs_delta,
    is_sensitised(screen, limits$fdr)
  )
}

own_columns <- function(screen, columns) {
  needed <- c("gene", "strength", "hit")
  abort_if(!is.character(columns) || !setequal(names2(columns), needed), c(
    "{.arg columns} must name the columns of {.field {needed}}.",
    x = "Found {describe_value(columns)}."
  ), argument = "columns")
  check_columns(screen, columns, "screen")
  screened_genes(
    "table", screen[[columns[["gene"]]]],
    screen_number(screen, columns[["strength"]]),
    flag_column(screen, columns[["hit"]], "screen")
  )
}

screen_number <- function(table, column) {
  value <- table[[column]]
  if (is_plain_number(value)) {
    return(as.double(value))
  }
  found <- if (is.null(value)) "none" else describe_value(value)
  abort_musl(c(
    "{.arg screen} must have numbers in its column {.field {column}}.",
    x = "Found {found}.",
    i = "Was the table read with a decimal comma, or its header as a row?"
  ), argument = "screen")
}

screened_genes <- function(format, gene, strength, hit) {
  genes <- tibble(gene = id_text(gene), strength = strength, hit = hit)
  list(format = format, genes = genes)
}

# One row per gene, each with a strength and a hit call.
check_screened <- function(genes) {
  complete <- !is.na(genes$gene) & !is.na(genes$strength) & !is.na(genes$hit)
  n_bad <- sum(!complete)
  inform_if(n_bad > 0, c(
    "{n_bad} row{?s} of {.arg screen} with a missing value left out.",
    x = "{.val {utils::head(genes$gene[!complete], 3)}}."
  ))
  genes <- genes[complete, ]
  check_once(
    genes$gene, "screen", "gene", "Pass the table of genes, not of guides."
  )
  genes
}

check_once <- function(genes, arg, what, hint) {
  twice <- unique(genes[duplicated(genes)])
  abort_if(length(twice) > 0, c(
    "{.arg {arg}} must hold each {what} once.",
    x = "{length(twice)} {?is/are} there more than once:
         {.val {utils::head(twice, 3)}}.",
    i = hint
  ), "gene", genes = twice)
}
