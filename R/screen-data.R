# What musl_screen() reads of its SummarizedExperiment.

check_screen_data <- function(x, call = caller_env()) {
  if (!is(x, "SummarizedExperiment")) {
    abort_argument(
      "x", "a SummarizedExperiment of genes x cell lines", x, call
    )
  }
  load_class_package(x)
  check_extent(x, "the experiment", call)
  if (is.null(colnames(x))) {
    abort_musl(c(
      "{.arg x} must name its cell lines.",
      x = "Its column names are missing."
    ), argument = "x", call = call)
  }
}

# The names of the assays, NULL for those not used. `given` are the arguments
# that the user set.
screen_assays <- function(x, wanted, given, call = caller_env()) {
  known <- SummarizedExperiment::assayNames(x)
  out <- list()
  for (arg in names(wanted)) {
    name <- wanted[[arg]]
    check_string(name, arg = arg, call = call, allow_null = arg != "effect")
    if (is.null(name) || name %in% known) {
      out[[arg]] <- name
    } else if (arg == "effect" || arg %in% given) {
      abort_no_assay(name, arg, known, call)
    }
  }
  out
}

abort_no_assay <- function(name, arg, known, call, hint = NULL) {
  found <- if (length(known) == 0) "no named assays" else known
  abort_musl(c(
    "{.arg {arg}} must name an assay of {.arg x}.",
    x = "There is no assay {.val {name}}.",
    i = "{.arg x} has {.val {found}}.",
    i = hint
  ), argument = arg, call = call)
}

# One assay as a double matrix; rows and columns as in `x`.
screen_assay <- function(x, name, rows = NULL, call = caller_env()) {
  values <- SummarizedExperiment::assay(x, name, withDimnames = FALSE)
  if (!is.null(rows)) {
    values <- values[rows, , drop = FALSE]
  }
  values <- as.matrix(values)
  if (!is.numeric(values) && !is.logical(values)) {
    abort_musl(c(
      "Assay {.field {name}} of {.arg x} must hold numbers.",
      x = "Found {.cls {typeof(values)}}."
    ), argument = "x", call = call)
  }
  if (!is.double(values)) {
    storage.mode(values) <- "double"
  }
  values
}

# list(id: 0-based stratum of each line, -1 without one, integer() for no
# strata; lineage: the column)
screen_strata <- function(x, lineage, is_given, call = caller_env()) {
  none <- list(id = integer(), lineage = NULL)
  check_string(lineage, arg = "lineage", call = call, allow_null = TRUE)
  if (is.null(lineage)) {
    return(none)
  }
  columns <- SummarizedExperiment::colData(x)
  has_column <- lineage %in% names(columns)
  text <- if (has_column) blank_to_na(columns[[lineage]]) else character()
  # A table of lines need not tell lineages: read_depmap() keeps the column.
  if (all(is.na(text))) {
    if (is_given) abort_lineage(lineage, columns, has_column, call)
    return(none)
  }
  id <- match(text, unique_bytes(text[!is.na(text)])) - 1L
  id[is.na(id)] <- -1L
  list(id = id, lineage = text)
}

abort_lineage <- function(lineage, columns, has_column, call) {
  abort_musl(if (has_column) {
    c(
      "{.arg lineage} must name a column of {.code colData(x)} with values.",
      x = "{.val {lineage}} is missing in all {nrow(columns)} lines.",
      i = "{.code lineage = NULL} tests without lineages."
    )
  } else {
    c(
      "{.arg lineage} must name a column of {.code colData(x)}.",
      x = "There is no column {.val {lineage}}.",
      i = "Its columns are {.val {names(columns)}}."
    )
  }, argument = "lineage", call = call)
}
