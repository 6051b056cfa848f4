# Expression inputs -> cohorts. A cohort is a list of `name`, `assays` (named
# matrices of genes x samples with the same dimnames), `scale` and `samples`.

linear_assays <- c(
  "counts", "normcounts", "cpm", "tpm", "fpkm", "rpkm", "abundance"
)
log_assays <- c("vst", "rlog")

align_cohorts <- function(expression, assays, scale) {
  if (is.null(expression)) {
    return(list())
  }
  inputs <- name_cohorts(expression)
  assays <- spread_over_cohorts(assays, names(inputs), "assays")
  scale <- spread_scale(scale, names(inputs))
  has_assays <- vapply(inputs, inherits, TRUE, "SummarizedExperiment")
  abort_if(length(assays) > 0 && !any(has_assays), c(
    "{.arg assays} selects assays of a {.cls SummarizedExperiment}.",
    x = "No cohort is of this class."
  ), argument = "assays")
  cohorts <- lapply(names(inputs), function(name) {
    align_cohort(name, inputs[[name]], assays[[name]], scale[[name]])
  })
  set_names(cohorts, names(inputs))
}

name_cohorts <- function(expression) {
  expression <- from_multi_assay(expression)
  is_list <- is.list(expression) && !is.data.frame(expression)
  if (!is_list) {
    return(list(expression = from_expression_set(expression)))
  }
  names <- names2(expression)
  if (length(expression) == 0 || !all(nzchar(names)) || anyDuplicated(names)) {
    abort_musl(c(
      "If {.arg expression} is a list of cohorts, each needs a unique name.",
      x = "Found {length(expression)} cohort{?s} named {.val {names}}.",
      i = "Write {.code list(cohort_a = x, cohort_b = y)}."
    ), argument = "expression")
  }
  # Otherwise, tables of all inputs would have duplicate names.
  reserved <- intersect(names, c("network", "embeddings", "pairs"))
  abort_if(length(reserved) > 0, c(
    "A cohort can't be called {.val network}, {.val embeddings} or
     {.val pairs}.",
    x = "Found {.val {reserved}}."
  ), argument = "expression")
  lapply(as.list(expression), from_expression_set)
}

# One value for all cohorts, or a list or vector with one entry for each name.
spread_over_cohorts <- function(x, names, arg) {
  if (is.null(x)) {
    return(list())
  }
  if (!is.list(x)) {
    return(set_names(rep(list(x), length(names)), names))
  }
  unknown <- setdiff(names2(x), names)
  abort_if(length(unknown) > 0, c(
    "{.arg {arg}} must be named by cohorts.",
    x = "No cohort is called {.val {unknown}}.",
    i = "The cohorts are {.val {names}}."
  ), argument = arg)
  x
}

spread_scale <- function(scale, names) {
  if (is.null(scale)) {
    return(list())
  }
  values <- if (is.character(scale) || is.list(scale)) unlist(scale)
  if (length(values) == 0 || !all(values %in% c("log", "linear"))) {
    abort_argument("scale", "\"log\" or \"linear\"", values %||% scale)
  }
  if (length(values) > 1 && is.null(names(values))) {
    abort_if(length(values) != length(names), c(
      "{.arg scale} must have one entry, or one for each cohort.",
      x = "{length(values)} entries for {length(names)} cohort{?s}."
    ), "shape", argument = "scale")
    names(values) <- names
  }
  if (!is.null(names(values))) values <- as.list(values)
  spread_over_cohorts(values, names, "scale")
}

align_cohort <- function(name, x, assays, scale) {
  label <- paste0("cohort \"", name, "\"")
  load_class_package(x)
  values <- if (inherits(x, "SummarizedExperiment")) {
    take_assays(x, assays, label)
  } else {
    list(expression = x)
  }
  values <- lapply(values, as_value_matrix, label = label)
  scale <- scale %||% stated_scale(x, names(values)) %||%
    scale_of_assays(names(values), label)
  values <- lapply(values, function(x) {
    if (is.null(colnames(x))) {
      colnames(x) <- sprintf("sample_%d", seq_len(ncol(x)))
    }
    x
  })
  check_extent(values[[1]], label)
  list(
    name = name,
    assays = values,
    scale = scale,
    samples = sample_table(x, colnames(values[[1]]))
  )
}

take_assays <- function(x, assays, label) {
  known <- SummarizedExperiment::assayNames(x)
  if (is.null(assays)) {
    if (length(SummarizedExperiment::assays(x)) == 0) {
      abort_musl(c("{capital(label)} must have an assay.", x = "It has none."),
        argument = "expression")
    }
    first <- if (is_string(known[1]) && nzchar(known[1])) known[1] else "assay"
    return(set_names(list(SummarizedExperiment::assay(x, 1)), first))
  }
  assays <- unique(assays)
  of <- paste("assays of", without_markup(label))
  check_known_names(assays, known, "assays", of)
  twice <- intersect(assays, known[duplicated(known)])
  abort_if(length(twice) > 0, c(
    "{.arg assays} must name one assay of {label} each.",
    x = "It has several assays called {.val {twice}}.",
    i = "Name each differently with {.code assayNames(x) <- }."
  ), argument = "assays")
  set_names(
    lapply(assays, function(a) SummarizedExperiment::assay(x, a)), assays
  )
}

# A numeric base matrix, a dgCMatrix or a DelayedMatrix.
as_value_matrix <- function(x, label) {
  if (is.data.frame(x)) {
    return(frame_matrix(x, label))
  }
  if (inherits(x, "Matrix") && !inherits(x, "dgCMatrix")) {
    x <- if (inherits(x, "sparseMatrix") && !inherits(x, "nsparseMatrix")) {
      as(as(as(x, "dMatrix"), "generalMatrix"), "CsparseMatrix")
    } else {
      as.matrix(x)
    }
  }
  delayed <- inherits(x, "DelayedMatrix")
  held <- if (delayed) DelayedArray::type(x) else if (is.matrix(x)) typeof(x)
  is_numbers <- inherits(x, "dgCMatrix") ||
    delayed && held %in% c("double", "integer", "logical") ||
    is.matrix(x) && is_plain_number(x)
  abort_if(!is_numbers, c(
    "{capital(label)} must be a {.cls SummarizedExperiment}, a
     {.cls SingleCellExperiment}, a data frame or a numeric matrix of genes x
     samples, dense, sparse or delayed.",
    x = "Found {.cls {paste(c(held, class(x)[[1]]), collapse = ' ')}}.",
    i = if (inherits(x, "Seurat")) {
      "{.code Seurat::as.SingleCellExperiment(x)} converts it."
    } else {
      "{.fn read_expression} reads a table of genes x samples."
    }
  ), argument = "expression")
  x
}

# The scale that read_depmap() recorded for all these assays, or NULL.
stated_scale <- function(x, names) {
  if (inherits(x, "SummarizedExperiment")) {
    files <- methods::slot(x, "metadata")[["files"]]
    stated <- if (is.data.frame(files)) {
      unique(files[["scale"]][match(names, files[["assay"]])])
    }
    if (length(stated) == 1 && stated %in% c("log", "linear")) stated
  }
}

scale_of_assays <- function(names, label) {
  lower <- fold_case(names)
  scale <- ifelse(
    lower %in% linear_assays, "linear",
    ifelse(startsWith(lower, "log") | lower %in% log_assays, "log", NA)
  )
  abort_if(anyNA(scale), c(
    "{.arg scale} must say whether values are {.val log} or {.val linear}.",
    x = "For {label}, this is not clear from {.val {names[is.na(scale)]}}.",
    i = "Pass {.code scale = \"log\"} for values such as log2(TPM + 1)."
  ), argument = "scale")
  if (length(unique(scale)) > 1) {
    found <- paste0(names, " (", scale, ")")
    abort_musl(c(
      "{.arg assays} must select assays of one scale.",
      x = "For {label}: {found}."
    ), argument = "assays")
  }
  scale[[1]]
}

sample_table <- function(x, samples) {
  if (!inherits(x, "SummarizedExperiment")) {
    return(data.frame(row.names = samples))
  }
  table <- as.data.frame(SummarizedExperiment::colData(x), optional = TRUE)
  rownames(table) <- samples
  table
}

# Checks the values of each assay; returns the table of constant genes.
check_cohort_values <- function(cohorts) {
  none <- tibble(cohort = character(), assay = character(), gene = character())
  tables <- lapply(cohorts, function(cohort) {
    facts <- lapply(set_names(names(cohort$assays)), function(assay) {
      label <- paste0("assay \"", assay, "\" of cohort \"", cohort$name, "\"")
      check_assay_values(cohort$assays[[assay]], cohort$scale, label)
    })
    warn_scale(cohort, facts)
    lapply(names(facts), function(assay) {
      genes <- rownames(cohort$assays[[assay]])[facts[[assay]]$constant]
      tibble(cohort = cohort$name, assay = assay, gene = genes)
    })
  })
  do.call(rbind, c(list(none), unlist(unname(tables), recursive = FALSE)))
}
