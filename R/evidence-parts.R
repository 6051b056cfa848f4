# Parts of musl_evidence(): models that a fit starts from, tables of pairs, and
# the expression of genes in cell lines with the names of lines.

# ---- Models ----

check_start_models <- function(models) {
  if (is.null(models)) {
    return(NULL)
  }
  ok <- rlang::is_bare_list(models) && length(models) == 1 &&
    !is.null(names(models)) && all(nzchar(names(models))) &&
    is(models[[1]], "MuslModel") && length(models[[1]]@archives$features) > 0
  if (!ok) {
    abort_argument(
      "models", "a named list of one MuslModel of measured pairs", models
    )
  }
  abort_if(!with_core(cpp_features_info(live_features(models[[1]])))$screens, c(
    "{.arg models} must have a model that learned from measured pairs.",
    x = "{.field {names(models)}} learned only from recorded pairs."
  ), argument = "models")
  models
}

# The model that a fit to these data starts from, or NULL.
start_model <- function(data) data@evidence$models[[1]]

# The core's scorers of features of a model, kept with it.
live_features <- function(model) {
  pointer_in(session_store(model@cache), "features", function() {
    with_core(cpp_features_load(model@archives$features))
  })
}

# The genes that evidence adds, as rows of named_inputs(): those of its model,
# and, where it comes `alone`, those of its cell lines.
evidence_inputs <- function(evidence, alone) {
  if (!inherits(evidence, "musl_evidence")) evidence <- NULL
  models <- evidence$models
  lines <- if (alone) rownames(evidence$lines)
  tibble(
    name = c(names(models), if (!is.null(lines)) "lines"),
    label = c(
      sprintf("model \"%s\"", names(models)),
      if (!is.null(lines)) "the cell lines of `evidence`"
    ),
    genes = unname(c(
      lapply(models, function(model) model@genes),
      if (!is.null(lines)) list(lines)
    ))
  )
}

# ---- Tables of numbers of pairs ----

pair_tables <- function(tables) {
  if (is.null(tables)) {
    return(NULL)
  }
  named <- rlang::is_bare_list(tables) && length(tables) > 0 &&
    rlang::is_dictionaryish(tables) && !any(grepl(":", names(tables)))
  if (!named) {
    abort_argument(
      "tables", "a list of data frames, each with a name without a colon",
      tables
    )
  }
  Map(function(table, name) {
    pair_table(table, paste0("tables$", name))
  }, tables, names(tables))
}

pair_table <- function(table, arg) {
  ends <- c("gene_a", "gene_b")
  check_evidence_table(table, ends, arg)
  check_read_once(repeated_names(table), arg)
  check_plain_columns(table, arg)
  numbers <- vapply(table, function(x) is.numeric(x) || is.logical(x), NA)
  numbers <- setdiff(names(table)[numbers], ends)
  abort_if(length(numbers) == 0, c(
    "{.arg {arg}} must have a column of numbers.",
    x = "Its columns are {.field {few(names(table))}}."
  ), argument = arg)
  check_finite_columns(table, numbers, arg)
  pairs <- order_pair(id_text(table$gene_a), id_text(table$gene_b))
  check_distinct_pairs(pairs$a, pairs$b, arg)
  as_tibble(c(
    list(gene_a = pairs$a, gene_b = pairs$b),
    lapply(as.list(table)[numbers], as.double)
  ))
}

check_no_self <- function(a, b, arg) {
  self <- which(a == b)
  abort_if(length(self) > 0, c(
    "{.arg {arg}} must pair a gene with another one.",
    x = "{length(self)} row{?s} {?pairs/pair} a gene with itself:
         {.val {few(a[self])}}."
  ), argument = arg, rows = self)
}

check_distinct_pairs <- function(a, b, arg) {
  check_no_self(a, b, arg)
  keys <- pair_key(a, b)
  twice <- which(duplicated(keys))
  abort_if(length(twice) > 0, c(
    "{.arg {arg}} must have one row per pair, in either order.",
    x = "{length(twice)} row{?s} repeat{?s/} a pair:
         {.val {few(paste(a[twice], b[twice], sep = '-'))}}.",
    i = "Average or choose among the rows of a pair."
  ), argument = arg, rows = twice)
}

# The pairs among `genes` as the core reads them.
pair_table_input <- function(tables, genes) {
  unname(Map(function(table, name) {
    ends <- c("gene_a", "gene_b")
    known <- table$gene_a %in% genes & table$gene_b %in% genes
    columns <- setdiff(names(table), ends)
    c(
      pair_input(table[known, ends], genes),
      list(
        name = name, columns = columns,
        value = data.matrix(table[known, columns])
      )
    )
  }, tables, names(tables)))
}

# ---- Cell lines ----

# The `lines` of musl_evidence(): list(expression, effect), matrices of genes x
# lines or NULL.
line_matrices <- function(lines) {
  assays <- lapply(line_assays(lines), function(x) {
    if (!is.null(x)) check_line_matrix(x)
  })
  if (!is.null(assays$expression)) check_line_levels(assays$expression)
  assays
}

check_line_matrix <- function(x, arg = "lines") {
  if (!is.matrix(x) || !is_plain_number(x)) {
    abort_argument(
      arg, "a numeric matrix of genes x cell lines, or a
      SummarizedExperiment such as that of read_depmap()", x
    )
  }
  check_gene_names(rownames(x), "the matrix of lines")
  names <- colnames(x) %||% rep("", ncol(x))
  bad <- unique(names[is.na(names) | !nzchar(names) | duplicated(names)])
  abort_if(length(bad) > 0, c(
    "Each cell line of {.arg {arg}} must have a name of its own.",
    x = "Missing, or given to several columns: {.val {few(bad)}}."
  ), argument = arg)
  abort_if(all(grepl(model_pattern, rownames(x))), c(
    "{.arg {arg}} must have genes as rows and cell lines as columns.",
    x = "Its row names are cell lines: {.val {few(rownames(x))}}.",
    i = "{.fn t} turns it."
  ), argument = arg)
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

check_line_levels <- function(lines, arg = "lines") {
  range <- suppressWarnings(range(lines, na.rm = TRUE))
  if (all(is.finite(range)) && range[[1]] >= 0 && range[[2]] <= largest_level) {
    return(invisible())
  }
  found <- paste("values from", format(range[[1]]), "to", format(range[[2]]))
  abort_musl(c(
    "{.arg {arg}} must hold log2(x + 1) of TPM or the like.",
    x = "Found {if (all(is.na(lines))) 'no known value' else found}.",
    i = "Take the logarithm of linear values; do not centre or scale genes."
  ), argument = arg)
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
