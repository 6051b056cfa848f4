#' Read DepMap tables
#'
#' Reads files of the Cancer Dependency Map into one object: genes x cell
#' lines, one assay per file, with the genes and lines that all files share.
#'
#' The layout is recognised by the header, not by the release: cell lines in
#' rows or in columns; genes as `TP53 (7157)`, `TP53 (ENSG00000141510)`,
#' `TP53..7157.` or `TP53`; where the others have ids, a column without one is
#' left out. Recent releases have several profiles a model; its default entry is
#' kept. Files may be plain, gzip or zip.
#'
#' @param path One file or several, best named by assay: `c(expression =
#'   "OmicsExpression....csv", effect = "CRISPRGeneEffect.csv")`. Assays are
#'   `expression`, `effect` (CRISPR gene effect), `dependency` (probability),
#'   `copy_number`, `damaging` and `hotspot`; without names they are derived
#'   from the file names. A gene that the file of hotspots lacks has none. An
#'   element of a list may be a long tibble of the Bioconductor package
#'   `depmap`.
#' @param model `NULL`, or the file or data frame that describes the cell lines:
#'   `Model.csv`, `sample_info.csv`, or any table with the models in a column
#'   `ModelID`, `DepMap_ID` or `model`.
#' @param ... Must be empty.
#' @returns A
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment-class].
#'   Rows are genes in order of the first file, with `symbol`, `entrez`,
#'   `ensembl` and `label`, the name in the first file; columns are cell lines
#'   in order of the first file, named by model id, with `model_id`,
#'   `cell_line_name`, `lineage`, `primary_disease`, `subtype` and all columns
#'   of `model`. Missing values are `NA`. Row names are symbols; a gene without
#'   a unique one keeps its label. `metadata()` has `files` (assay, file, scale:
#'   linear for expression files whose name says counts, else log) and `report`.
#' @section What is repaired:
#'   One message (`musl_message_report`) and `metadata()$report` list entries
#'   that are not the default of their model, genes and lines that not all files
#'   have, genes without a unique symbol, names that a spreadsheet turned into
#'   dates, lines that `model` lacks.
#' @section Errors:
#'   `musl_error_format` with file and line for what can't be read, repeated
#'   models or genes, and ids of profiles instead of models. `musl_error_input`
#'   for invalid paths and for unclear assays.
#' @source File formats: DepMap portal, <https://depmap.org/portal>.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c(
#'   ",TP53 (7157),ARID1A (8289)", "ACH-000001,3.1,4.5", "ACH-000002,0,2.25"
#' ), path)
#' model <- data.frame(
#'   ModelID = c("ACH-000001", "ACH-000002"), OncotreeLineage = "Ovary"
#' )
#' se <- read_depmap(c(expression = path), model = model)
#' SummarizedExperiment::assay(se)
#' @export
read_depmap <- function(path, model = NULL, ...) {
  check_dots_empty()
  inputs <- depmap_inputs(path)
  parts <- lapply(set_names(names(inputs)), function(kind) {
    input <- inputs[[kind]]
    part <- if (is.data.frame(input)) {
      depmap_frame_part(input, kind)
    } else {
      depmap_file_part(input)
    }
    part$genes <- part$genes %||% parse_gene_labels(part$labels)
    part
  })
  joined <- join_depmap_parts(parts)
  lines <- line_table(joined$lines, model, parts)
  genes <- joined$genes
  by_label <- is.na(genes$symbol) | duplicated(genes$symbol)
  names <- make.unique(ifelse(by_label, genes$label, genes$symbol))
  joined$report$gene_names <- genes[by_label | names != genes$symbol, ]
  joined$report$excel_names <- genes[is_excel_name(genes$symbol), ]
  joined$report$unknown_lines <- lines$unknown
  tell_depmap(joined$report)

  # The matrices have no names, which would copy them; the container has them.
  SummarizedExperiment::SummarizedExperiment(
    assays = joined$values,
    rowData = data.frame(genes, row.names = names),
    colData = data.frame(
      lines$table,
      row.names = lines$table$model_id, check.names = FALSE
    ),
    metadata = list(files = depmap_files(inputs), report = joined$report)
  )
}

# A list of paths and data frames, named by assay.
depmap_inputs <- function(path) {
  if (is.data.frame(path)) path <- list(path)
  if (is.character(path)) path <- as.list(path)
  wanted <- "paths of files, or a list of paths and data frames"
  # An igraph is a list, too.
  if (!is.list(path) || inherits(path, "igraph") || length(path) == 0) {
    abort_argument("path", wanted, path)
  }
  ok <- vapply(path, function(x) is_string(x) || is.data.frame(x), TRUE)
  bad <- which(!ok)
  abort_if(length(bad) > 0, c(
    "{.arg path} must be {wanted}.",
    x = "Its element {bad[[1]]} is {.cls {class(path[[bad[[1]]]])}}.",
    i = "A matrix needs no reader: {.fn musl_data} accepts it."
  ), argument = "path")
  is_path <- vapply(path, is.character, TRUE)
  path[is_path] <- lapply(path[is_path], check_file, arg = "path")
  kinds <- names2(path)
  unnamed <- !nzchar(kinds)
  kinds[unnamed] <- vapply(path[unnamed], guess_depmap_kind, "")
  check_depmap_kinds(kinds)
  set_names(path, kinds)
}

depmap_kinds <- c(
  "expression", "effect", "dependency", "copy_number", "damaging", "hotspot"
)

# Squashed parts of file names; the first match decides.
depmap_file_names <- c(
  damaging = "damaging", hotspot = "hotspot",
  dependency = "dependencyprob|genedependency",
  effect = "geneeffect|achilles|chronos|ceres",
  copy_number = "copynumber|genecn|omicscn|wgscn",
  expression = "expression|tpm|rnaseq|readcount|expectedcount"
)

guess_depmap_kind <- function(x) {
  if (is.data.frame(x)) {
    return(c(names(long_values)[long_values %in% names(x)], "")[[1]])
  }
  name <- squash_name(basename(x))
  fits <- vapply(depmap_file_names, grepl, TRUE, x = name)
  c(names(depmap_file_names)[fits], "")[[1]]
}

check_depmap_kinds <- function(kinds) {
  unknown <- setdiff(kinds, depmap_kinds)
  abort_if(length(unknown) > 0, c(
    "Files in {.arg path} must be named by {.or {.val {depmap_kinds}}}.",
    x = if (all(nzchar(unknown))) {
      "Found {.val {few(unknown)}}."
    } else {
      "The names of some files do not tell their assay."
    },
    i = "Write {.code c(expression = file, effect = other_file)}."
  ), argument = "path")
  twice <- unique(kinds[duplicated(kinds)])
  abort_if(length(twice) > 0, c(
    "{.arg path} must have one file per assay.",
    x = "More than one is {.val {twice}}."
  ), argument = "path")
}

depmap_files <- function(inputs) {
  file <- vapply(inputs, function(x) {
    if (is.character(x)) basename(x) else NA_character_
  }, "", USE.NAMES = FALSE)
  is_linear <- names(inputs) == "expression" &
    grepl("count|reads", squash_name(file))
  tibble(
    assay = names(inputs), file = file,
    scale = ifelse(is_linear, "linear", "log")
  )
}

tell_depmap <- function(report) {
  n <- lapply(report, nrow)
  # A gene may be in several files, and lack in one.
  n$dropped_genes <- length(unique(report$dropped_genes$label))
  n$dropped_lines <- length(unique(report$dropped_lines$model_id))
  texts <- c(
    not_default = "{n$not_default} profile{?s} that {?is/are} not the default of
                   {?its/their} model left out.",
    without_default =
      "{n$without_default} model{?s} without a default profile left out.",
    dropped_genes =
      "{n$dropped_genes} gene{?s} left out: some file lacks {?it/them}.",
    dropped_lines =
      "{n$dropped_lines} cell line{?s} left out: some file lacks {?it/them}.",
    duplicated_genes =
      "{n$duplicated_genes} repeated gene{?s}: the first is kept.",
    gene_names = "{n$gene_names} gene{?s} without a unique symbol named by
                  label.",
    excel_names = "{n$excel_names} name{?s} that a spreadsheet changed:
                   {.val {few(report$excel_names$symbol)}}.",
    unknown_lines = "{n$unknown_lines} cell line{?s} not in {.arg model}.",
    ignored = "{n$ignored} column{?s} of no gene left out:
               {.field {few(report$ignored$label)}}."
  )
  tell_repairs(n, texts, report, "{.code metadata(x)$report} lists each case")
}
