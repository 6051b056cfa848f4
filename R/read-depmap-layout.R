# One table of DepMap -> values (genes x lines), gene labels and model ids.

model_pattern <- "^ACH-[0-9]{6}$"

depmap_file_part <- function(path) {
  start <- table_start(path)
  layout <- depmap_layout(start$names, path)
  if (layout$transposed) {
    table <- read_numbers(start, layout$values, 1L)
    labels <- table$text[[1]]
    check_depmap_genes(labels, path)
    values <- t(table$numbers)
    kept <- list(models = layout$models)
  } else {
    table <- read_numbers(start, layout$values, layout$index)
    index <- set_names(table$text, squash_name(start$names[layout$index]))
    line_of <- function(row) record_lines(start)$line[row]
    kept <- keep_default_entries(index, path, line_of)
    kept$genes <- layout$genes
    labels <- start$names[layout$values]
    values <- table$numbers
    if (length(kept$rows) < ncol(values)) {
      values <- values[, kept$rows, drop = FALSE]
    }
  }
  kept$rows <- NULL
  c(kept, list(values = values, labels = labels, ignored = layout$ignored))
}

# Which columns are index and which values, and whether genes are in rows.
depmap_layout <- function(names, path) {
  abort_file_if(length(names) < 2, path, 1, c(
    x = "It has one column: {.field {few(names)}}.",
    i = "The header must be the first line: remove comments above it."
  ))
  squashed <- squash_name(names)
  # make.names() may have damaged them: "ACH.000001".
  ids <- sub("^ACH[.]([0-9]{6})$", "ACH-\\1", trimws(names))
  is_model <- grepl(model_pattern, ids)
  if (mean(is_model[-1]) > 0.5) {
    other <- which(!is_model)[-1]
    abort_file_if(is_model[[1]] || length(other) > 0, path, 1, c(
      x = "Cell lines are in columns, but column{?s} {.val {few(names[c(if
           (is_model[[1]]) 1, other)])}} {?is/are} none.",
      i = "Only the first column must contain the genes."
    ))
    check_depmap_models(ids[-1], path, function(i) 1)
    return(list(
      transposed = TRUE, values = seq_along(names)[-1], models = ids[-1]
    ))
  }
  index <- squashed %in% unlist(depmap_layouts$matrix$columns)
  index[[1]] <- index[[1]] || squashed[[1]] %in% depmap_layouts$matrix$blank ||
    !any(index)
  check_depmap_genes(names[!index], path, line = 1)
  # Beside genes with ids, a name without one is another fact of the line.
  labels <- parse_gene_labels(names)
  bare <- !index & is.na(labels$entrez) & is.na(labels$ensembl)
  if (mean(bare[!index]) > 0.5) bare[] <- FALSE
  list(
    transposed = FALSE, index = which(index), values = which(!index & !bare),
    genes = labels[!index & !bare, ], ignored = names[bare]
  )
}

check_depmap_genes <- function(labels, path, line = NULL) {
  abort_file_if(length(labels) == 0, path, 1, c(
    x = "No column names a gene.",
    i = "Is the delimiter a comma or a tab, and is this the matrix itself?"
  ))
  check_named_once(trimws(labels), "gene", path, line,
    "Keep one column or row per gene.")
}

# `line_of` gives the line of the file for the i-th model.
check_depmap_models <- function(models, path, line_of) {
  bad <- which(!grepl(model_pattern, models))
  first <- models[bad[1]]
  abort_file_if(length(bad) > 0, path, line_of(bad[[1]]), c(
    x = "{.val {few(first)}} is no model id such as {.val {'ACH-000001'}}
         ({length(bad)} like it).",
    i = if (grepl("^(PR|CDS|MC)-", first)) {
      "These are profiles or conditions: download the file by model, or one
       that has the column {.field ModelID}."
    } else {
      "Rows or columns must be named by DepMap's model ids, which its table of
       models has beside CCLE's names; {.fn musl_data} accepts other cohorts as
       a matrix of genes x samples."
    }
  ))
  twice <- which(duplicated(models))
  abort_file_if(length(twice) > 0, path, line_of(twice[[1]]), c(
    x = "{length(twice)} model{?s} {?is/are} repeated:
         {.val {few(models[twice])}}.",
    i = "Keep one entry per model, or mark one in a column
         {.field IsDefaultEntryForModel}."
  ))
}

# The rows to read and their models, from the text of the index columns.
keep_default_entries <- function(index, path, line_of) {
  at <- match_layout(names(index), depmap_layouts$matrix)$at
  models <- trimws(index[[if (is.na(at[["model"]])) 1 else at[["model"]]]])
  rows <- seq_along(models)
  out <- list()
  if (!is.na(at[["default"]])) {
    flags <- index[[at[["default"]]]]
    text <- fold_case(trimws(flags))
    yes <- text %in% c("yes", "true", "t", "1", "1.0")
    no <- text %in% c("no", "false", "f", "0", "0.0", "", "na")
    bad <- which(!yes & !no)
    abort_file_if(length(bad) > 0, path, line_of(bad[[1]]), c(
      x = "Column {.field IsDefaultEntryForModel} holds
           {.val {few(flags[bad[[1]]])}}.",
      i = "It must say Yes or No, TRUE or FALSE, 1 or 0."
    ))
    out$not_default <- models[!yes]
    out$without_default <- setdiff(models, models[yes])
    rows <- rows[yes]
  }
  abort_file_if(length(rows) == 0, path, NULL, c(
    x = "No row is the default entry of its model.",
    i = "Column {.field IsDefaultEntryForModel} must say {.val {'Yes'}}
         somewhere."
  ))
  check_depmap_models(models[rows], path, function(i) line_of(rows[[i]]))
  facts <- match_layout(names(index), depmap_layouts$models)$at
  facts <- facts[c("cell_line_name", "lineage")]
  c(out, list(
    rows = rows, models = models[rows],
    # What the index columns tell of the lines, as tables of the portal do.
    lines = lapply(facts[!is.na(facts)], function(i) {
      missing_to_na(trimws(index[[i]][rows]))
    })
  ))
}

# The columns of values in the long tables of depmap_crispr() and its kin, 22Q2,
# whose `dependency` is the gene effect.
long_values <- c(
  expression = "rna_expression", effect = "dependency",
  copy_number = "log_copy_number"
)

depmap_frame_part <- function(x, kind) {
  value <- long_values[kind]
  abort_if(!all(c("depmap_id", "gene", value) %in% names(x)), c(
    "A data frame in {.arg path} must be a long table, with the columns
     {.field depmap_id}, {.field gene} and, of {names(long_values)},
     {.field {long_values}}.",
    x = "Its columns are {.field {few(names(x), 8)}}, the assay is
         {.val {kind}}.",
    i = "Of a table with a column per gene pass the file's path."
  ), argument = "path")
  genes <- unique(as.character(x$gene))
  lines <- unique(as.character(x$depmap_id))
  check_depmap_models(lines, "data frame", identity)
  cell <- match(x$gene, genes) +
    (match(x$depmap_id, lines) - 1) * length(genes)
  first <- anyDuplicated(cell)
  abort_if(first > 0, c(
    "A long table in {.arg path} must have one row per gene and cell line.",
    x = "{.val {few(x$gene[[first]])}} in {.val {x$depmap_id[[first]]}} is there
         twice."
  ), argument = "path")
  values <- matrix(NA_real_, length(genes), length(lines))
  values[cell] <- as.double(x[[value]])
  list(values = values, labels = genes, models = lines)
}
