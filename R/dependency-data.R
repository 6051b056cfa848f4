# What musl_dependency() reads of its SummarizedExperiment, what else may
# explain a difference between the groups.

check_dependency_data <- function(x) {
  load_class_package(x)
  if (!is(x, "SummarizedExperiment")) {
    abort_argument("x", "a SummarizedExperiment of genes x cell lines", x)
  }
  check_extent(x, "the experiment")
  abort_if(is.null(colnames(x)), c(
    "{.arg x} must name its cell lines.",
    x = "Its column names are missing."
  ), argument = "x")
}

# Those of the assays that musl_dependency() reads which `x` has.
dependency_assays <- function(x) {
  known <- SummarizedExperiment::assayNames(x)
  if (!"effect" %in% known) abort_no_assay("effect", known)
  intersect(c("effect", "dependency", unique(unname(loss_assays))), known)
}

abort_no_assay <- function(name, known, hint = NULL) {
  found <- if (length(known) == 0) "no named assays" else known
  abort_musl(c(
    "{.arg x} must have an assay {.val {name}}.",
    x = "It has {.val {found}}.",
    i = hint %||% "Rename one: {.code SummarizedExperiment::assayNames(x)}."
  ), argument = "x")
}

# One assay as a double matrix; rows and columns as in `x`.
dependency_assay <- function(x, name, rows = NULL) {
  values <- SummarizedExperiment::assay(x, name, withDimnames = FALSE)
  if (!is.null(rows)) values <- values[rows, , drop = FALSE]
  values <- as.matrix(values)
  abort_if(!is.numeric(values) && !is.logical(values), c(
    "Assay {.field {name}} of {.arg x} must hold numbers.",
    x = "Found {.cls {typeof(values)}}."
  ), argument = "x")
  if (!is.double(values)) storage.mode(values) <- "double"
  values
}

# 0-based stratum of each line, -1 without one; integer() for no strata.
dependency_strata <- function(x, lineage, is_given) {
  check_string(lineage, arg = "lineage", allow_null = TRUE)
  if (is.null(lineage)) {
    return(integer())
  }
  columns <- SummarizedExperiment::colData(x)
  has_column <- lineage %in% names(columns)
  text <- if (has_column) blank_to_na(columns[[lineage]]) else character()
  # A table of lines need not tell lineages: read_depmap() keeps the column.
  if (all(is.na(text))) {
    abort_if(is_given, c(
      "{.arg lineage} must name a column of {.code colData(x)} with values.",
      x = "{.val {lineage}} is missing in all {nrow(columns)} lines.",
      i = "The columns are {.val {names(columns)}}; {.code lineage = NULL} tests
           without lineages."
    ), argument = "lineage")
    return(integer())
  }
  id <- match(text, unique_bytes(text[!is.na(text)])) - 1L
  id[is.na(id)] <- -1L
  id
}

# Other explanations -----------------------------------------------------------

# From here on a difference of copy number is called medium: Romano et al.
# (2006), after Cohen's d of 0.5.
medium_delta <- 0.33

# A gene is common essential from this share of dependent lines on.
essential_share <- 0.9
dependent_probability <- 0.5

add_flags <- function(rows, x, assays, lost, settings) {
  n_anchors <- ncol(lost)
  by_effect <- !"dependency" %in% assays
  values <- dependency_assay(x, if (by_effect) "effect" else "dependency")
  limit <- if (by_effect) dependent_effect else dependent_probability
  share <- nan_to_na(with_core(cpp_shares_beyond(values, limit, !by_effect)))
  rows$share_dependent <- rep(share, n_anchors)
  rows$common_essential <- rep(share >= essential_share, n_anchors)
  rows$copy_number_delta <- copy_number_deltas(x, assays, lost, settings)
  rows$copy_number_flag <- abs(rows$copy_number_delta) >= medium_delta
  rows
}

# Cliff's delta of each partner's own copy number, NA without the assay.
copy_number_deltas <- function(x, assays, lost, settings) {
  if (!"copy_number" %in% assays) {
    return(rep(NA_real_, nrow(x) * ncol(lost)))
  }
  out <- with_core(cpp_dependency(
    dependency_assay(x, "copy_number"), lost, integer(),
    settings$min_lines, settings$threads
  ))
  nan_to_na(out$cliffs_delta)
}
