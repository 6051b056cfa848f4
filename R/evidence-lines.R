# Expression of genes in cell lines, and how lines are named.

# The `lines` of musl_evidence(): list(expression, effect), matrices of genes x
# lines or NULL.
line_matrices <- function(lines) {
  assays <- lapply(line_assays(lines), function(x) {
    if (!is.null(x)) check_line_matrix(x)
  })
  if (!is.null(assays$expression)) check_line_levels(assays$expression)
  assays
}

check_line_matrix <- function(x) {
  if (!is.matrix(x) || !is_plain_number(x)) {
    abort_argument(
      "lines", "a numeric matrix of genes x cell lines, or a
      SummarizedExperiment such as that of read_depmap()", x
    )
  }
  check_gene_names(rownames(x), "the matrix of lines")
  names <- colnames(x) %||% rep("", ncol(x))
  bad <- unique(names[is.na(names) | !nzchar(names) | duplicated(names)])
  abort_if(length(bad) > 0, c(
    "Each cell line of {.arg lines} must have a name of its own.",
    x = "Missing, or given to several columns: {.val {few(bad)}}."
  ), argument = "lines")
  check_not_turned(x, "lines")
  storage.mode(x) <- "double"
  x
}

# The matrices in a container; its lines by their names, if it has these.
line_assays <- function(x) {
  load_class_package(x)
  if (!inherits(x, "SummarizedExperiment")) {
    return(list(expression = x))
  }
  known <- x[["cell_line_name"]] %||% rep(NA, ncol(x))
  names <- ifelse(is.na(known), colnames(x), known)
  assays <- SummarizedExperiment::assayNames(x) %||% "expression"
  others <- setdiff(assays, "effect")
  levels <- c(intersect("expression", others), others)
  names_of <- list(
    expression = utils::head(levels, 1), effect = intersect("effect", assays)
  )
  lapply(names_of, function(name) {
    if (length(name) > 0) {
      values <- as.matrix(
        SummarizedExperiment::assay(x, match(name, assays))
      )
      dimnames(values) <- list(rownames(x), names)
      values
    }
  })
}

# Above this, 2^x is more transcripts than there are.
largest_level <- 25

check_line_levels <- function(lines) {
  range <- suppressWarnings(range(lines, na.rm = TRUE))
  if (all(is.finite(range)) && range[[1]] >= 0 && range[[2]] <= largest_level) {
    return(invisible())
  }
  found <- paste("values from", format(range[[1]]), "to", format(range[[2]]))
  abort_musl(c(
    "{.arg lines} must hold log2(x + 1) of TPM or the like.",
    x = "Found {if (all(is.na(lines))) 'no known value' else found}.",
    i = "Take the logarithm of linear values; do not centre or scale genes."
  ), argument = "lines")
}

# Lines of more data are many: levels are kept of those that are asked for.
most_kept_lines <- 200L

# Lines as the core reads them. Of many lines levels are kept of those that
# `named` names.
line_input <- function(lines, genes, named) {
  if (is.null(lines)) {
    return(NULL)
  }
  names <- colnames(lines)
  kept <- length(names) <= most_kept_lines |
    line_keys(names) %in% line_keys(named)
  list(
    value = lines, gene_of_row = gene_index(rownames(lines), genes),
    names = names, kept = as.raw(kept)
  )
}

# Tissues that CCLE appends to names.
ccle_tissues <- c(
  "AUTONOMIC_GANGLIA", "BILIARY_TRACT", "BONE", "BREAST",
  "CENTRAL_NERVOUS_SYSTEM", "CERVIX", "ENDOMETRIUM",
  "HAEMATOPOIETIC_AND_LYMPHOID_TISSUE", "KIDNEY", "LARGE_INTESTINE", "LIVER",
  "LUNG", "OESOPHAGUS", "OVARY", "PANCREAS", "PLEURA", "PROSTATE",
  "SALIVARY_GLAND", "SKIN", "SMALL_INTESTINE", "SOFT_TISSUE", "STOMACH",
  "THYROID", "UPPER_AERODIGESTIVE_TRACT", "URINARY_TRACT"
)

# Derivatives and other names of lines whose expression stands for them.
line_aliases <- c(
  `293` = "HEK293", `293T` = "HEK293", HEK293T = "HEK293", `293FT` = "HEK293",
  HEK293FT = "HEK293", HEK293A = "HEK293", HTERTRPE1 = "RPE1", RPE = "RPE1",
  RPE1HTERT = "RPE1", RPE1TERT = "RPE1", HELAS3 = "HELA", HAP = "HAP1",
  JURKATE61 = "JURKAT", JURKATCLONEE61 = "JURKAT", NTERA2CLD1 = "NTERA2",
  NIHOVCAR3 = "OVCAR3", NIHOVCAR8 = "OVCAR8", MDAMB435S = "MDAMB435",
  `7860` = "786O", SKNBE2C = "SKNBE2", HCT = "HCT116", K562CML = "K562"
)

# One form for all ways to write a line: letters and digits in upper case,
# without the tissue that CCLE adds, "HEK293" for "293T".
line_keys <- function(names) {
  names <- raise_case(names)
  tissue <- paste0("_(", paste(ccle_tissues, collapse = "|"), ")$")
  keys <- gsub("[^A-Z0-9]", "", sub(tissue, "", names))
  alias <- line_aliases[keys]
  unname(ifelse(is.na(alias), keys, alias))
}

# The three known names that a name is nearest to.
near_lines <- function(name, known) {
  distance <- utils::adist(line_keys(name), line_keys(known), partial = TRUE)
  unique(known[order(distance, utils::adist(name, known))])[
    seq_len(min(3, length(unique(known))))
  ]
}

# Places of lines among known ones, by name, else by key; NA for none. Of those
# with one key the first counts.
match_lines <- function(names, known) {
  exact <- match(names, known)
  by_key <- match(line_keys(names), line_keys(known))
  ifelse(is.na(exact), by_key, exact)
}
