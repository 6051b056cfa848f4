#' Joint expression histogram of a gene pair
#'
#' Counts samples in a grid of `bins` x `bins` cells over the expression of two
#' genes: the input of the model's histogram encoder.
#'
#' @param x A numeric vector, one value per sample, or a
#'   [MuslData][musl_data()].
#' @param y Numeric vector as long as `x`. Samples with a missing value in
#'   either are left out.
#' @param gene_a,gene_b Names of two genes.
#' @param cohort Name of a cohort of `x`; `NULL` for the first that has both
#'   genes.
#' @param ... For a [MuslData][musl_data()] the arguments from `bins` on; for
#'   vectors it must be empty.
#' @param scale "log" or "linear": linear values are logged first,
#'   `log10(x + 0.01)`.
#' @param bins Whole number from 2 to 64, the bins per gene.
#' @param binning "value": bins of equal width over the range of the gene;
#'   "rank": bins of equal frequency, in which tied values share a bin.
#' @param smooth Number >= 0: standard deviation, in bins, of a Gaussian filter
#'   for the counts; 0 for none.
#' @param transforms "none", or some of "z", "log" and "z_log": one map for each
#'   transform, in their order, as in [musl_architecture()].
#' @param scaled `FALSE`: counts; `TRUE`: the network's input, log shares of the
#'   samples counted, scaled from 0 (no sample) to 1.
#' @returns An object of class `musl_histogram`: a `bins` x `bins` matrix or,
#'   with several assays or transforms, a `bins` x `bins` x channels array with
#'   named channels. Rows follow the first, columns the second gene, both
#'   ascending. `autoplot()` plots it, one panel per channel, in the units of
#'   the values if bins have equal width.
#' @section Errors:
#'   `musl_error_shape` if `x` and `y` differ in length; `musl_error_gene` if no
#'   cohort has both genes; `musl_error_input` for an argument out of range, an
#'   infinite value or if no sample is complete. `musl_warning_other` if there
#'   are fewer than 8 samples per bin and `smooth` is 0.
#' @section Source:
#'   Yuan and Bar-Joseph (2019), PNAS 116:27151, and its published code.
#' @examples
#' autoplot(musl_histogram(sin(1:200), cos(1:200), bins = 8))
#' d <- musl_simulate("small", seed = 1)
#' pair <- musl_pairs(d)[1, ]
#' musl_histogram(d, pair$gene_a, pair$gene_b, bins = 8)
#' @export
musl_histogram <- function(x, ...) UseMethod("musl_histogram")

#' @rdname musl_histogram
#' @export
musl_histogram.default <- function(x, y, ..., scale = c("log", "linear"),
                                   bins = 32L, binning = c("value", "rank"),
                                   smooth = 0, transforms = "none",
                                   scaled = FALSE) {
  check_dots_empty()
  how <- check_histogram(bins, binning, smooth, transforms, scaled)
  scale <- check_choice(scale, c("log", "linear"))
  if (!is_plain_number(x)) abort_argument("x", "a numeric vector", x)
  if (!is_plain_number(y)) abort_argument("y", "a numeric vector", y)
  abort_if(length(x) != length(y), c(
    "{.arg x} and {.arg y} must have one value each for the same samples.",
    x = "{length(x)} and {length(y)} values found."
  ), "shape")
  complete <- !is.na(x) & !is.na(y)
  abort_if(!any(complete), c(
    "{.arg x} and {.arg y} must have a sample with both values.",
    x = "None of {length(x)} sample{?s} is complete."
  ))
  values <- rbind(as.double(x), as.double(y))[, complete, drop = FALSE]
  new_histogram(list(expression = values), scale == "linear", c("x", "y"), how)
}

#' @rdname musl_histogram
#' @export
musl_histogram.MuslData <- function(x, gene_a, gene_b, cohort = NULL, ...) {
  check_musl_data(x)
  how <- check_histogram(...)
  genes <- c(check_string(gene_a), check_string(gene_b))
  from <- cohort_with_genes(x, genes, cohort)
  rows <- match(genes, rownames(from$assays[[1]]))
  values <- lapply(from$assays, function(x) {
    dense_rows(x[rows, , drop = FALSE], seq_along(rows))
  })
  new_histogram(values, from$scale == "linear", genes, how)
}

# The defaults are those of vectors; `...` must be empty.
check_histogram <- function(bins = 32L, binning = "value", smooth = 0,
                            transforms = "none", scaled = FALSE, ...) {
  check_dots_empty()
  list(
    bins = as.integer(check_whole(bins, 2, 64)),
    binning = check_choice(binning, c("value", "rank")),
    smooth = check_number(smooth, 0, 64),
    transforms = check_transforms(transforms),
    scaled = check_flag(scaled)
  )
}

# The given cohort, or the first that has all genes.
cohort_with_genes <- function(data, genes, cohort) {
  cohorts <- data@cohorts
  if (!is.null(cohort)) {
    check_choice(cohort, names(cohorts))
    cohorts <- cohorts[cohort]
  }
  has_genes <- function(one) all(genes %in% rownames(one$assays[[1]]))
  found <- Find(has_genes, cohorts)
  if (!is.null(found)) {
    return(found)
  }
  known <- unlist(lapply(cohorts, function(one) rownames(one$assays[[1]])))
  missing <- setdiff(genes, known)
  abort_musl(c(
    "A cohort must have both genes.",
    x = "None of {.val {names(cohorts)}} has {.val {genes}} together.",
    x = if (length(missing) > 0) "In no cohort: {.val {missing}}.",
    i = unknown_gene_hint(missing, known)
  ), "gene", genes = missing)
}

# `assays` is a named list of matrices with a row for either gene.
new_histogram <- function(assays, linear, genes, how) {
  n_samples <- ncol(assays[[1]])
  warn_few_samples(n_samples, how)
  values <- with_core(cpp_histogram(unname(assays), linear, how))
  structure(
    shape_maps(values, how$bins, channel_names(names(assays), how)),
    class = "musl_histogram", genes = genes, n_samples = n_samples,
    scaled = how$scaled,
    limits = value_limits(assays, linear, how)
  )
}

warn_few_samples <- function(n_samples, how) {
  warn_if(n_samples < 8 * how$bins && how$smooth == 0, c(
    "A histogram of {how$bins} bins per gene needs 8 samples per bin.",
    x = "There {cli::qty(n_samples)}{?is/are} {n_samples} sample{?s}.",
    i = "Use fewer {.arg bins}, or {.arg smooth} the counts."
  ))
}

# The core's values, the bin of the second gene changing fastest, as a matrix
# or, with several channels, an array.
shape_maps <- function(values, bins, channels) {
  maps <- aperm(array(values, c(bins, bins, length(channels))), c(2, 1, 3))
  if (length(channels) > 1) {
    dimnames(maps) <- list(NULL, NULL, channels)
  } else {
    dim(maps) <- dim(maps)[1:2]
  }
  maps
}

# In the core's order: the second gene's assay changes fastest, then the
# transform.
channel_names <- function(assays, how) {
  n <- length(assays)
  names <- paste(rep(assays, each = n), rep(assays, n), sep = " x ")
  if (identical(how$transforms, "none")) {
    return(names)
  }
  as.vector(outer(names, how$transforms, function(name, transform) {
    paste0(transform, ": ", name)
  }))
}

#' @export
print.musl_histogram <- function(x, ...) {
  genes <- attr(x, "genes")
  what <- if (attr(x, "scaled")) "scaled shares" else "counts"
  cat(sprintf(
    "<musl_histogram> %s x %s: %s of %d samples in %d x %d cells\n",
    genes[[1]], genes[[2]], what, attr(x, "n_samples"), nrow(x), ncol(x)
  ))
  if (length(dim(x)) > 2) {
    cat("channels:", paste(dimnames(x)[[3]], collapse = "; "), "\n")
  }
  invisible(x)
}

# Rows x 2: smallest and largest binned value of either gene, NULL if bins are
# not equal shares of a range common to all channels.
value_limits <- function(assays, linear, how) {
  if (how$binning != "value" || length(assays) > 1 ||
    !identical(how$transforms, "none")) {
    return(NULL)
  }
  values <- assays[[1]]
  if (linear) values <- log10(values + 0.01)
  limits <- t(apply(values, 1, range))
  if (all(limits[, 1] < limits[, 2])) limits
}

check_transforms <- function(x, arg = caller_arg(x)) {
  if (identical(x, "none")) {
    return(x)
  }
  check_some(x, known_transforms, arg, "\"none\" or some of")
}

known_transforms <- c("z", "log", "z_log")
