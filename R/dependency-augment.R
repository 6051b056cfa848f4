#' Add differential dependencies to predictions
#'
#' Joins the results of [musl_dependency()] to a table of predictions and
#' reports whether they are independent of the label that a pair was trained
#' with.
#'
#' # Direction
#' A pair of `gene_a` and `gene_b` has no direction: the evidence is that of the
#' direction with the smaller p-value. If both genes were anchors, p-value and
#' false discovery rate are doubled (at most 1).
#'
#' # Independence
#' `independent` is `FALSE` for a pair whose label has a source that matches one
#' of `dependent`, or whose label is known without a source; it is `TRUE` for
#' pairs without a label, and for those whose sources match none. If the model
#' itself reads the effect assay, no evidence is independent.
#'
#' @param x,data The result of [musl_partners()] or of
#'   [predict()][predict.MuslModel]; or, after the dependency, any data frame of
#'   pairs with the columns `gene_a` and `gene_b` or `anchor` and `partner`:
#'   `augment(dependency, data)`.
#' @param dependency The result of [musl_dependency()], or of
#'   [musl_gene_facts()]: then a list of partners gets `partner_druggable`,
#'   `partner_inhibitor`, `partner_drug` (if there are `drugs`), `anchor_role`,
#'   `anchor_lost_in` and, with a `cohort`, `anchor_loss_rate`.
#' @param labels The labelled pairs that the model was fitted with, a data frame
#'   with the columns `gene_a`, `gene_b` and `source` (of a label, separated by
#'   ";" if there are several), such as [musl_pairs()]; `NULL` for the columns
#'   of `x` (`label` or `known`, and `source`).
#' @param dependent Character, regular expressions for the sources that used the
#'   same kind of data as `dependency`; letter case is ignored. The default
#'   covers the names in SynLethDB.
#' @param ... Must be empty; for `musl_predictions` and `musl_dependency`,
#'   `labels` and `dependent`.
#' @returns A tibble, `x` with the further columns `dependency_anchor` (the gene
#'   whose loss was studied), `dependency_n_loss`, `dependency_difference`,
#'   `dependency_cliffs_delta`, `dependency_p_value`, `dependency_fdr`,
#'   `dependency_common_essential`, `dependency_copy_number_flag` (each `NA` for
#'   pairs that were not tested), `label_source` and `independent` (`NA` without
#'   evidence, and if neither `labels` nor `x` tells which pairs had a label).
#' @section Errors:
#'   `musl_error_input` if `x` has no genes, `dependency` is of another class or
#'   `labels` lacks a column; `musl_error_gene` if no pair of `x` was tested.
#'   `musl_warning_other` if `labels` shares no gene with `x`.
#' @section Source:
#'   Wang et al. (2022), SynLethDB, Database baac030, for the names of the
#'   sources.
#' @seealso [musl_dependency()], [musl_compare()]
#' @examples
#' effect <- rbind(A = sin(1:40), B = cos(1:40), C = cos(2:41))
#' effect["B", 1:10] <- effect["B", 1:10] - 1
#' colnames(effect) <- sprintf("line%02d", 1:40)
#' x <- SummarizedExperiment::SummarizedExperiment(list(effect = effect))
#' lost <- rep(c(TRUE, FALSE), c(10, 30))
#' dependency <- musl_dependency("A", x, groups = lost)
#' predictions <- tibble::tibble(
#'   gene_a = "A", gene_b = c("B", "C"), .score = c(2, -1),
#'   label = c("SL", NA), source = c("CRISPR/CRISPRi;Text Mining", NA)
#' )
#' found <- augment(dependency, predictions)
#' found[c("gene_b", "dependency_fdr", "independent")]
#' @rdname augment.musl_partners
#' @export
augment.musl_partners <- function(x, dependency, labels = NULL,
                                  dependent = c(
                                    "crispr", "rnai", "shrna",
                                    "computational", "decipher", "daisy",
                                    "depmap", "achilles"
                                  ), ...) {
  check_dots_empty()
  abort_if(missing(dependency), c(
    "{.arg dependency} must be given.",
    i = "Make it with {.fn musl_dependency}."
  ), argument = "dependency")
  if (inherits(dependency, "musl_gene_facts")) {
    return(join_gene_facts(x, dependency))
  }
  check_is(dependency, "musl_dependency")
  check_patterns(dependent)
  pairs <- prediction_pairs(x)
  found <- dependency_rows_of(pairs, dependency)
  evidence <- dependency_evidence(dependency, found)
  if (nrow(x) > 0 && all(is.na(evidence$dependency_anchor))) {
    abort_no_evidence(pairs, dependency)
  }
  known <- label_sources(x, pairs, labels)
  evidence$label_source <- known$source
  evidence$independent <- ifelse(
    is.na(evidence$dependency_anchor), NA,
    !known$labelled |
      (!known$unsourced & !(length(dependent) > 0 & grepl(
        fold_case(paste(dependent, collapse = "|")), fold_case(known$source)
      )))
  )
  x[names(evidence)] <- as.list(evidence)
  x
}

#' @rdname augment.musl_partners
#' @export
augment.musl_predictions <- function(x, dependency, ...) {
  augment.musl_partners(x, dependency, ...)
}

#' @rdname augment.musl_partners
#' @export
augment.musl_dependency <- function(x, data, ...) {
  abort_if(missing(data), c(
    "{.arg data} must be given: a data frame of pairs."
  ), argument = "data")
  if (!is.data.frame(data)) abort_argument("data", "a data frame", data)
  if (!tibble::is_tibble(data)) {
    data <- as_tibble(data, .name_repair = "minimal")
  }
  augment.musl_partners(data, x, ...)
}

check_patterns <- function(dependent) {
  valid <- is.character(dependent) && !anyNA(dependent) &&
    is.null(reason_of(grepl(paste(dependent, collapse = "|"), "")))
  if (!valid) abort_argument("dependent", "regular expressions", dependent)
}

evidence_columns <- c(
  "anchor", "n_loss", "difference", "cliffs_delta", "p_value", "fdr",
  "common_essential", "copy_number_flag"
)

# list(row, n_tests) for each pair: its row of `dependency`, NA for none, and in
# how many directions it was tested.
dependency_rows_of <- function(pairs, dependency) {
  screened <- paste(dependency$anchor, dependency$partner, sep = "\t")
  forth <- match(paste(pairs$gene_a, pairs$gene_b, sep = "\t"), screened)
  back <- rep(NA_integer_, length(forth))
  if (!pairs$directed) {
    back <- match(paste(pairs$gene_b, pairs$gene_a, sep = "\t"), screened)
  }
  p_forth <- dependency$p_value[forth]
  p_back <- dependency$p_value[back]
  # A comparison with NA is NA, which %in% treats as FALSE.
  back_is_better <- (p_back < p_forth) %in% TRUE |
    (is.na(p_forth) & !is.na(p_back))
  turned <- is.na(forth) | back_is_better
  row <- forth
  row[turned] <- back[turned]
  list(row = row, n_tests = 1 + (!is.na(p_forth) & !is.na(p_back)))
}

dependency_evidence <- function(dependency, found) {
  evidence <- as_tibble(unclass(dependency)[evidence_columns])[found$row, ]
  evidence$p_value <- pmin(1, evidence$p_value * found$n_tests)
  evidence$fdr <- pmin(1, evidence$fdr * found$n_tests)
  rlang::set_names(evidence, paste0("dependency_", evidence_columns))
}

abort_no_evidence <- function(pairs, dependency) {
  shown <- show_pairs(as.data.frame(pairs[c("gene_a", "gene_b")]))
  abort_musl(c(
    "{.arg x} and {.arg dependency} must share pairs.",
    x = "None of {shown} was screened.",
    i = "Anchors of {.arg dependency}:
         {.val {utils::head(unique(dependency$anchor), 3)}};
         partners look like {.val {utils::head(dependency$partner, 3)}}."
  ), "gene")
}

# list(labelled, source, unsourced: has the label no source?), one per row of
# the predictions.
label_sources <- function(x, pairs, labels) {
  if (!is.null(labels)) {
    check_pair_table(labels, "labels")
    check_columns(labels, "source", "labels")
    warn_other_labels(pairs, labels)
    return(sources_of_pairs(pairs, labels))
  }
  labelled <- if ("label" %in% names(x)) {
    !is.na(x[["label"]])
  } else {
    x[["known"]] %in% TRUE
  }
  text <- as.character(x[["source"]] %||% rep(NA, nrow(x)))
  list(
    labelled = rep_len(labelled, nrow(x)), source = text,
    unsourced = is_unnamed(text)
  )
}

# Labels of other identifiers would make all evidence independent.
warn_other_labels <- function(pairs, labels) {
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  labelled <- unique(as.character(c(labels$gene_a, labels$gene_b)))
  warn_if(length(genes) > 0 && !any(genes %in% labelled), c(
    "{.arg labels} and {.arg x} share no gene: all evidence counts as
     independent.",
    x = "{.arg labels} has {.val {few(labelled)}}, {.arg x}
         {.val {few(genes)}}.",
    i = "Map both to the same kind of identifier."
  ), argument = "labels")
}

# Joins the sources of all labelled rows of a pair.
sources_of_pairs <- function(pairs, labels) {
  key <- pair_key(pairs$gene_a, pairs$gene_b)
  known <- unique(key)
  group <- match(pair_key(labels$gene_a, labels$gene_b), known)
  used <- !is.na(group)
  if ("label" %in% names(labels)) used <- used & !is.na(labels$label)
  group <- group[used]
  text <- as.character(labels$source)[used]
  at <- match(key, known)
  list(
    labelled = at %in% group,
    source = join_groups(text, group, length(known))[at],
    unsourced = at %in% group[is_unnamed(text)]
  )
}
