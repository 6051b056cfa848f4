# Checks the names and values of a gene matrix. `label` names the input in
# messages: `cohort "x"`, `the network`.

check_gene_names <- function(names, label, where = "row") {
  abort_if(is.null(names), c(
    "{capital(label)} must have gene names.",
    x = "Its {where} names are missing.",
    i = if (where == "vertex") {
      "Set them with {.code igraph::V(x)$name <- genes}."
    } else {
      "Set them with {.code rownames(x) <- genes}."
    }
  ), "gene", input = label)
  abort_if(!is.character(names), c(
    "{capital(label)} must name its genes with character strings.",
    x = "Found {.cls {class(names)}}.",
    i = "Give Entrez ids as character."
  ), "gene", input = label)
  check_encoding(names, paste("Gene names of", label), label)
  check_all_named(is.na(names) | !nzchar(names), "gene", where, label, "gene")
  # Blanks around a name do not make another gene.
  twice <- unique(names[duplicated(trimws(names))])
  abort_if(length(twice) > 0, c(
    "{capital(label)} must name each gene once.",
    x = "{length(twice)} name{?s} occur{?s/} more than once:
         {.val {few(twice)}}.",
    i = "Keep one {where} for each gene."
  ), "gene", input = label, genes = twice)
  invisible(names)
}

check_all_named <- function(unnamed, what, where, label, kind) {
  unnamed <- which(unnamed)
  abort_if(length(unnamed) > 0, c(
    "{capital(label)} must name each {what}.",
    x = "{length(unnamed)} without a name: {where}
         {.val {utils::head(unnamed, 3)}}.",
    i = "Name or remove {cli::qty(length(unnamed))}{?it/them}."
  ), kind, input = label, rows = unnamed)
}

capital <- function(x) {
  paste0(raise_case(substr(x, 1, 1)), substr(x, 2, nchar(x)))
}

# Checks dimensions and names of the assays of a cohort.
check_extent <- function(x, label) {
  abort_if(nrow(x) == 0 || ncol(x) == 0, c(
    "{capital(label)} must not be empty.",
    x = "It has {nrow(x)} gene{?s} and {ncol(x)} sample{?s}."
  ), input = label)
  abort_if(ncol(x) == 1, c(
    "{capital(label)} must have at least two samples.",
    x = "It has 1 sample; a joint histogram of one sample is meaningless.",
    i = "Leave the cohort out, or give more samples."
  ), input = label)
  check_gene_names(rownames(x), label)
  abort_if(mean(grepl(sample_id_pattern, rownames(x))) > 0.5, c(
    "{capital(label)} must have a row per gene.",
    x = "{.val {few(rownames(x))}} name samples.",
    i = "Transpose it by {.code t(x)}."
  ), "gene", input = label)
  samples <- colnames(x)
  check_all_named(is.na(samples), "sample", "column", label, "input")
  twice <- unique(samples[duplicated(samples)])
  abort_if(length(twice) > 0, c(
    "{capital(label)} must name each sample once.",
    x = "{length(twice)} name{?s} occur{?s/} more than once:
         {.val {utils::head(twice, 3)}}.",
    i = "Make them unique, for example with {.fn make.unique}."
  ), input = label)
}

# Checks that the values of an assay are finite and, on the linear scale, not
# negative. Returns the result of assay_facts(), with `constant` (does the gene
# have the same value in all samples?) and the `largest` value.
check_assay_values <- function(x, scale, label) {
  facts <- assay_facts(x, check_sign = scale == "linear")
  name_cells <- function(cells) {
    cells <- utils::head(cells, 3)
    paste(rownames(x)[cells[, 1]], "in", colnames(x)[cells[, 2]],
      collapse = ", "
    )
  }
  abort_if(nrow(facts$bad) > 0, c(
    "{capital(label)} must hold finite values.",
    x = "{nrow(facts$bad)} value{?s} {?is/are} missing or infinite:
         {name_cells(facts$bad)}.",
    i = "Impute them, or remove the genes or samples they are in."
  ), input = label)
  abort_if(nrow(facts$negative) > 0, c(
    "{capital(label)} must not be negative on the linear scale.",
    x = "{nrow(facts$negative)} value{?s} {?is/are} negative:
         {name_cells(facts$negative)}.",
    i = "If the values are logged, pass {.code scale = \"log\"}."
  ), input = label)
  facts
}

# list(bad, negative = cells of such values, row and column; constant = of each
# row; largest). Sparse and delayed matrices are never made dense as a whole.
assay_facts <- function(x, check_sign) {
  if (inherits(x, "dgCMatrix")) {
    return(sparse_facts(x, check_sign))
  }
  n_rows <- if (is.matrix(x)) nrow(x) else max(1, floor(1e7 / ncol(x)))
  facts <- lapply(seq(1, nrow(x), by = n_rows), function(start) {
    rows <- start:min(start + n_rows - 1, nrow(x))
    block <- if (is.matrix(x)) x else as.matrix(x[rows, , drop = FALSE])
    dense_facts(block, check_sign, start - 1)
  })
  join <- c(bad = rbind, negative = rbind, constant = c, largest = max)
  Map(function(name, f) do.call(f, lapply(facts, `[[`, name)),
    names(join), join
  )
}

dense_facts <- function(x, check_sign, offset) {
  # The usual case needs one pass without a copy.
  limits <- as.double(range(x))
  cells_where <- function(is) {
    cells <- which(is, arr.ind = TRUE, useNames = FALSE)
    cells + rep(c(offset, 0), each = nrow(cells))
  }
  bad <- if (is.finite(sum(limits))) no_cells() else cells_where(!is.finite(x))
  clean <- nrow(bad) == 0
  list(
    bad = bad,
    negative = if (clean && check_sign && limits[[1]] < 0) {
      cells_where(x < 0)
    } else {
      no_cells()
    },
    constant = unname(clean & rowSums(x != x[, 1]) == 0),
    largest = limits[[2]]
  )
}

# An entry that is not stored is zero: finite and not negative.
sparse_facts <- function(x, check_sign) {
  row <- x@i + 1L
  cells_where <- function(is) cbind(row[is], findInterval(is - 1, x@p))
  first <- x@x[match(seq_len(nrow(x)), row)]
  differs <- tabulate(row[which(x@x != first[row])], nrow(x)) > 0
  stored <- tabulate(row, nrow(x))
  full_or_zero <- stored == ncol(x) | stored == 0 | first %in% 0
  list(
    bad = cells_where(which(!is.finite(x@x))),
    negative = if (check_sign) cells_where(which(x@x < 0)) else no_cells(),
    constant = !differs & full_or_zero, largest = max(x@x, 0)
  )
}

no_cells <- function() matrix(integer(), 0, 2)

# Checks whether values can be on the stated scale.

# log2 of 10^9 is below 30; counts, TPM and intensities are below 10^9.
log_limit <- 30
# For this many genes or more, linear values, normalised or counts, go far
# beyond logs; for few genes they may be small.
linear_genes <- 50L

# One warning if the first assay of a cohort seems to be on the other scale.
warn_scale <- function(cohort, facts) {
  largest <- vapply(facts, function(f) f$largest, 1)
  x <- cohort$assays[[1]]
  warn_if(cohort$scale == "log" && largest[[1]] > log_limit, c(
    "Values of cohort {.val {cohort$name}} are too large for logs.",
    x = "The largest is {format(largest[[1]], digits = 4)}; logs of counts or
         TPM stay below {log_limit}.",
    i = "For counts, TPM and similar values, pass {.code scale = \"linear\"}."
  ), cohort = cohort$name)
  warn_if(cohort$scale == "linear" && nrow(x) >= linear_genes &&
    largest[[1]] < log_limit &&
    !looks_counted(x, cohort$samples[["n_cells"]]), c(
    "Values of cohort {.val {cohort$name}} look like logs.",
    x = "The largest of {nrow(x)} genes is
         {format(largest[[1]], digits = 4)}, and they are not counts.",
    i = "For values such as log2(TPM + 1), pass {.code scale = \"log\"}."
  ), cohort = cohort$name)
}

# Are values whole numbers, or means of such over `n_cells` each, as those of
# musl_pseudobulk()? Checks some of the rows.
looks_counted <- function(x, n_cells = NULL) {
  rows <- seq_len(min(nrow(x), 100L))
  some <- dense_rows(x, rows)
  if (all(some == trunc(some))) {
    return(TRUE)
  }
  if (!is.numeric(n_cells) || anyNA(n_cells)) {
    return(FALSE)
  }
  sums <- sweep(some, 2, n_cells, "*")
  all(abs(sums - round(sums)) <= 1e-6 * pmax(1, abs(sums)))
}
