# Two parts of musl_evidence(): models that a fit starts from, and tables of
# pairs.

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
    x = "{.field {names(models)}} learned from recorded pairs alone."
  ), argument = "models")
  models
}

# The model that a fit to these data starts from, or NULL.
start_model <- function(data) data@evidence$models[[1]]

# The core's scorers of features of a model, kept with it.
live_features <- function(model) {
  pointer_in(model@cache, "features", function() {
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

check_distinct_pairs <- function(a, b, arg) {
  self <- which(a == b)
  abort_if(length(self) > 0, c(
    "{.arg {arg}} must pair a gene with another one.",
    x = "{length(self)} row{?s} {?pairs/pair} a gene with itself:
         {.val {few(a[self])}}."
  ), argument = arg, rows = self)
  keys <- pair_key(a, b)
  twice <- which(duplicated(keys))
  abort_if(length(twice) > 0, c(
    "{.arg {arg}} must have one row per pair, in either order.",
    x = "{length(twice)} row{?s} repeat{?s/} a pair:
         {.val {few(paste(a[twice], b[twice], sep = '-'))}}.",
    i = "Average or choose among the rows of a pair."
  ), argument = arg, rows = twice)
}

# The genes of each table.
table_genes <- function(tables) {
  names <- if (length(tables) > 0) paste("table", names(tables))
  set_names(unname(lapply(tables, function(table) {
    c(table$gene_a, table$gene_b)
  })), names)
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
