#' Read drugs of genes
#'
#' Reads a table of drugs and the genes that they act on, such as Open Targets'
#' known drugs, ChEMBL's mechanisms with a gene symbol, or your own, for
#' [musl_gene_facts()], [musl_cohort()] and reports.
#'
#' Columns are found by their names, in any letter case: `gene` (or `symbol`,
#' `approvedSymbol`, `targetSymbol`, `target`), `drug` (`drugName`, `prefName`,
#' `molecule_name`, `molecule_chembl_id`), `phase` (`max_phase`, `maxPhase`,
#' `clinicalPhase`) and `direction` (`actionType`, `action_type`,
#' `mechanismOfAction`, `interaction_type`). Words such as inhibitor,
#' antagonist, blocker, degrader or antisense make an "inhibitor"; agonist,
#' activator or opener an "activator"; all else is "other". Only an inhibitor is
#' a drug for a synthetic lethal partner.
#'
#' @param path One file: plain, gzip or zip.
#' @param ... Must be empty.
#' @param columns `NULL`, or a named character vector that says which columns
#'   hold `gene`, `drug`, `phase` and `direction`.
#' @returns A tibble, one row per gene, drug and direction, the highest phase:
#'   `gene`, `drug`, `phase` (0 to 4, 4 is approved; `NA` if unknown),
#'   `direction`.
#' @section Errors:
#'   `musl_error_format` for what can't be read, a table without genes or drugs,
#'   or a phase that is not a number from -1 to 4, "approved" or "phase 2".
#' @examples
#' path <- tempfile(fileext = ".tsv")
#' writeLines(c(
#'   "approvedSymbol\tdrugName\tphase\tactionType",
#'   "PARP1\tOLAPARIB\t4\tINHIBITOR", "PRMT5\tGSK-3326595\t2\tINHIBITOR"
#' ), path)
#' drugs <- read_tractability(path)
#' musl_gene_facts("PARP1", drugs = drugs)$drug
#' @export
read_tractability <- function(path, ..., columns = NULL) {
  check_dots_empty()
  path <- check_file(path, "path")
  if (!is.null(columns)) check_drug_columns(columns)
  start <- table_start(path)
  found <- drug_places(start$names, columns, path)
  table <- read_columns(start, found)
  phase <- table[["phase"]]
  drugs <- tibble(
    gene = trim_or_na(table$gene), drug = trim_or_na(table$drug),
    phase = if (is.null(phase)) NA_real_ else drug_phase(phase, path),
    direction = drug_direction(table[["direction"]] %||% rep("", nrow(table)))
  )
  drugs <- drugs[!is.na(drugs$gene) & !is.na(drugs$drug), ]
  drugs <- drugs[order(drugs$gene, -drugs$phase, drugs$drug, drugs$direction), ]
  drugs[!duplicated(drugs[c("gene", "drug", "direction")]), ]
}

# Squashed names of columns, in order of preference.
drug_names <- list(
  gene = c(
    "gene", "symbol", "approvedsymbol", "targetapprovedsymbol", "targetsymbol",
    "genesymbol", "genename", "hgncsymbol", "target", "genes"
  ),
  drug = c(
    "drug", "drugname", "prefname", "drugprefname", "moleculename",
    "parentmoleculename", "drugclaimname", "compound", "drugid",
    "moleculechemblid", "parentmoleculechemblid", "chemblid"
  ),
  phase = c(
    "phase", "maxphase", "maximumclinicaltrialphase", "clinicalphase",
    "maxclinicaltrialphase", "drugmaximumclinicaltrialphase"
  ),
  direction = c(
    "direction", "actiontype", "action", "interactiontype", "interactiontypes",
    "mechanismofaction", "mechanism"
  )
)

check_drug_columns <- function(columns) {
  ok <- is.character(columns) && all(names2(columns) %in% names(drug_names)) &&
    all(c("gene", "drug") %in% names2(columns))
  if (!ok) {
    abort_argument(
      "columns", "names of columns, named gene, drug, phase and direction",
      columns
    )
  }
}

drug_places <- function(names, columns, path) {
  found <- if (is.null(columns)) {
    vapply(drug_names, function(known) find_column(names, known), 1L)
  } else {
    set_names(match(columns, names), names(columns))
  }
  needed <- union(c("gene", "drug"), names(columns))
  lacks <- names(which(is.na(found[needed])))
  abort_file_if(length(lacks) > 0, path, 1, c(
    x = "It has no column for {.field {lacks}}; its columns are
         {.field {few(names, 12)}}.",
    i = "Name them: {.code columns = c(gene = \"...\", drug = \"...\")}."
  ))
  found[!is.na(found)]
}

# "4", "4.0", "Phase 2", "Phase II", "Approved"; -1 and preclinical are 0.
drug_phase <- function(text, path) {
  each_once(text, function(text) {
    word <- sub("^(early )?phase ?", "", fold_case(trimws(text)))
    roman <- match(word, c("i", "ii", "iii", "iv"))
    word[!is.na(roman)] <- roman[!is.na(roman)]
    word[word %in% c("approved", "approval", "launched")] <- "4"
    word[word %in% c("preclinical", "-1", "-1.0")] <- "0"
    # A trial of two phases counts as the first.
    word <- sub("^([i1-4]+)/.*$", "\\1", word)
    missing <- is_missing_text(word) | word %in% c("unknown", "withdrawn")
    phase <- suppressWarnings(as.numeric(word))
    bad <- !missing & (is.na(phase) | phase < 0 | phase > 4)
    abort_file_if(any(bad), path, NULL, c(
      x = "{.val {few(text[bad])}} is not a phase of a drug.",
      i = "Write a number from 0 to 4, 4 for approved, or nothing."
    ))
    replace(phase, missing, NA_real_)
  })
}

drug_direction <- function(text) {
  word <- fold_case(text)
  inhibits <- grepl(
    paste0(
      "inhibit|antagonist|block|degrad|antisense|inverse agonist|suppress|",
      "negative|disrupt|rnai|cleav|sequester|down ?regul"
    ), word
  )
  activates <- grepl("activat|agonist|opener|positive|stimul|induc", word)
  ifelse(inhibits, "inhibitor", ifelse(activates, "activator", "other"))
}
