#' Splits in one column per fold
#'
#' Turns a table of pairs with a column for each fold, as published for the
#' PiLSL splits, into the table that [musl_split()] reads.
#'
#' The columns are named by the scheme and the fold, `C1_1`, `C1_2`, ..., and
#' contain the part of each pair: `r` or `train`, `d` or `dev`, `t` or `test`.
#' Pairs without an entry are not used in that fold.
#' As published, the test pairs of a scheme are not all of the kind it names.
#' With `test = "test"` they are sorted by the number of genes that training
#' lacks; otherwise use `leakage = "report"` if [musl_split()] refuses them.
#'
#' @param x Data frame with the columns `gene_a`, `gene_b`, `label` and those of
#'   the folds.
#' @param scheme Beginning of the names of these columns, such as "C2".
#' @param test Part of the test pairs: "C1", "C2", "C3" or "test".
#' @returns A tibble, one row per pair and fold that uses it: `gene_a`,
#'   `gene_b`, `label`, `part`, `fold` (whole number, as in the column's name).
#' @section Errors:
#'   `musl_error_input` if a column is missing or has another entry.
#' @section Source:
#'   The layout collects the split files of Liu et al. (2022), Bioinformatics
#'   38:ii106 (PiLSL).
#' @examples
#' x <- data.frame(
#'   gene_a = c("A", "A", "B"), gene_b = c("B", "C", "C"), label = c(1, 0, 1),
#'   C1_1 = c("r", "d", "t"), C1_2 = c("t", "r", "")
#' )
#' musl_fold_table(x, "C1")
#' @export
musl_fold_table <- function(x, scheme, test = scheme) {
  check_pair_table(x, "x", caller_env())
  check_string(scheme)
  if (!"label" %in% names(x)) {
    abort_musl(c(
      "{.arg x} must have the column {.field label}.",
      x = "Its columns are {.field {names(x)}}."
    ), argument = "x")
  }
  columns <- names(x)[startsWith(names(x), paste0(scheme, "_"))]
  fold <- substring(columns, nchar(scheme) + 2)
  if (length(columns) == 0 || !all(grepl("^[0-9]+$", fold))) {
    abort_musl(c(
      "{.arg x} must have the columns {.field {scheme}_1},
       {.field {scheme}_2}, ...",
      x = "Its columns are {.field {names(x)}}.",
      i = "{.arg scheme} is the beginning of their names."
    ), argument = "scheme")
  }
  test <- check_choice(test, test_parts)
  rows <- lapply(seq_along(columns), function(i) {
    part <- wide_part(x[[columns[[i]]]], columns[[i]], test)
    there <- which(!is.na(part))
    tibble(
      gene_a = x$gene_a[there], gene_b = x$gene_b[there],
      label = x$label[there], part = part[there],
      fold = rep(as.integer(fold[[i]]), length(there))
    )
  })
  do.call(rbind, rows)
}

wide_part <- function(entry, column, test, call = caller_env()) {
  parts <- c(
    r = "train", train = "train", d = "validation", dev = "validation",
    validation = "validation", t = test, test = test
  )
  entry <- as.character(entry)
  entry[!nzchar(entry)] <- NA
  bad <- setdiff(entry[!is.na(entry)], names(parts))
  if (length(bad) > 0) {
    abort_musl(c(
      "Column {.field {column}} of {.arg x} must hold
       {.or {.val {c('r', 'd', 't')}}}.",
      x = "Found {.val {utils::head(bad, 3)}}."
    ), argument = "x", call = call)
  }
  unname(parts[entry])
}
