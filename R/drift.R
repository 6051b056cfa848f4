# Tests whether new expression comes from the training distribution; the core
# does the arithmetic.

#' Compare new expression with the training data
#'
#' Compares the distribution of each expression cohort of `data` with that of
#' the training cohort of the same name; if model and `data` have one cohort
#' each, of these.
#'
#' The first assay is compared, on the log scale, over the genes in both
#' cohorts. The shift of the genes' means, standard deviations and mean
#' correlations with the other genes is the population stability index over the
#' deciles of training: below 0.1 nothing changed, above 0.25 the change is
#' large. The shift of "location" is the median over the genes of the distance
#' of the means in training standard deviations. A shift is flagged if it is
#' above 0.25 (of "location" 0.5) and above chance for the numbers of genes and
#' samples.
#'
#' A statistic is compared only if there are enough samples, at least 10 in
#' training, and correlations only if `data` has 90 % of the genes.
#'
#' [predict()][predict.MuslModel] and all other functions with an argument
#' `data` warn about flagged cohorts. Probabilities, sets and intervals are not
#' calibrated for them.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param data A [MuslData][musl_data()] with expression of cohorts that the
#'   model was trained on.
#' @returns A tibble, five rows per cohort of `data`: `cohort`; `statistic`
#'   ("mean", "sd", "correlation", "location", "n_samples"); `model` and `data`,
#'   the median over the common genes (the number of samples for "n_samples");
#'   `shift`, 0 or more; `limit`, above which it is large; `flag`, `TRUE` if it
#'   is. What could not be compared is `NA`.
#' @section Errors:
#'   `musl_error_shape` if `data` has a cohort that the model was not trained
#'   on; `musl_error_gene` if it uses another kind of identifier.
#'   `musl_warning_unknown_gene` for a cohort without a gene of the model's.
#' @section Source:
#'   Siddiqi (2006), Credit Risk Scorecards; Yurdakul and Naranjo (2020),
#'   Journal of Risk Model Validation 14:89; Cohen (1988), Statistical Power
#'   Analysis.
#' @examplesIf musl_backend()$available
#' musl_drift(musl_example_model(), musl_simulate("small", seed = 2))
#' @export
musl_drift <- function(object, data) {
  check_is(object, "MuslModel")
  check_is(data, "MuslData")
  check_same_ids(object, data)
  data <- match_cohorts(object, data)
  # A table of NA would look as if nothing had changed.
  bare <- Filter(function(cohort) {
    known <- object@cohorts[[cohort$name]]$statistics$gene
    length(known) > 0 && !any(rownames(cohort$assays[[1]]) %in% known)
  }, data@cohorts)
  if (length(bare) > 0) {
    genes <- rownames(bare[[1]]$assays[[1]])
    known <- object@cohorts[[bare[[1]]$name]]$statistics$gene
    warn_musl(c(
      "{length(bare)} cohort{?s} of {.arg data} {?has/have} no gene of the model
       and can't be compared: {.val {names(bare)}}.",
      x = "Genes of {.arg data}: {.val {few(genes)}}; of the model:
           {.val {few(known)}}.",
      i = unknown_gene_hint(genes, known)
    ), "unknown_gene", genes = genes)
  }
  compare_cohorts(object, data)
}

# Ignores cohorts that are not in the model.
compare_cohorts <- function(object, data) {
  shared <- intersect(names(data@cohorts), names(object@cohorts))
  tables <- Map(compare_cohort, object@cohorts[shared], data@cohorts[shared])
  none <- tibble(cohort = character(), drift_row(character()))
  do.call(rbind, c(list(none), unname(tables)))
}

compare_cohort <- function(known, cohort) {
  before <- known$statistics
  genes <- intersect(rownames(cohort$assays[[1]]), before$gene)
  after <- gene_statistics(cohort, genes)
  at <- match(genes, before$gene)
  n_samples <- c(known$n_samples, ncol(cohort$assays[[1]]))
  rows <- rbind(
    compare_mean(before, after, at, n_samples),
    compare_sd(before, after, at, n_samples),
    compare_correlation(before$correlation, after$correlation, at),
    compare_location(before, after, at, n_samples),
    drift_row("n_samples", n_samples)
  )
  tibble(cohort = cohort$name, rows)
}

# Minimum samples of a training cohort and of a standard deviation; and the
# minimum share of the training genes for comparable mean correlations.
drift_samples <- 10
drift_genes <- 0.9
drift_limit <- 0.25
location_limit <- 0.5

drift_row <- function(statistic, values = c(NA, NA), shift = NA_real_,
                      limit = NA_real_) {
  tibble(
    statistic = statistic,
    model = as.double(values[[1]]),
    data = as.double(values[[2]]),
    shift = nan_to_na(shift),
    limit = as.double(limit),
    flag = shift > limit
  )
}

# NA if there are no values, or not `enough` samples or genes behind them.
compare_values <- function(statistic, before, after, noise = 0, enough = TRUE) {
  if (!enough || length(before) == 0 || length(after) == 0) {
    return(drift_row(statistic))
  }
  moved <- with_core(cpp_stability(before, after))
  medians <- c(
    stats::median(before, na.rm = TRUE), stats::median(after, na.rm = TRUE)
  )
  drift_row(
    statistic, medians * statistic_unit, moved$index,
    max(drift_limit, moved$noise, noise)
  )
}

# If means of genes differ no more than by sampling error, deciles are random:
# "location" shows whether all have moved.
compare_mean <- function(before, after, at, n_samples) {
  error <- stats::median(before$sd[at]) * sqrt(sum(1 / n_samples))
  alike <- isTRUE(stats::IQR(before$mean[at], na.rm = TRUE) <= error)
  compare_values("mean", before$mean[at], after$mean, enough = !alike)
}

compare_sd <- function(before, after, at, n_samples) {
  half <- n_samples[[1]] %/% 2
  # Fewer samples than the noise was measured on spread the observed deviations
  # of similar genes; the index grows with the square of that spread.
  spread <- diff(1 / n_samples) / (1 / half - 1 / n_samples[[1]])
  fewer <- max(1, spread^2)
  compare_values("sd", before$sd[at], after$sd, before$sd_noise * fewer,
    enough = min(n_samples) >= drift_samples
  )
}

# Uses the largest number of samples available in both.
compare_correlation <- function(before, after, at) {
  size <- utils::tail(intersect(names(before), names(after)), 1)
  if (length(size) == 0) {
    return(drift_row("correlation"))
  }
  before <- before[[size]]
  compare_values(
    "correlation", before$values[at], after[[size]]$values, before$noise,
    enough = length(at) >= drift_genes * length(before$values)
  )
}

compare_location <- function(before, after, at, n_samples) {
  if (length(at) == 0) {
    return(drift_row("location"))
  }
  shift <- with_core(
    cpp_location_shift(before$mean[at], before$sd[at], after$mean)
  )
  noise <- 2 * sqrt(sum(1 / n_samples))
  drift_row("location", c(0, shift), shift, max(location_limit, noise))
}

# Statistics of a cohort, stored in a model or compared with it: genes, and
# their statistics as whole multiples of `statistic_unit`, which take few bytes
# in a file.
# list(gene, mean, sd, correlation: by number of samples a list(values)).
gene_statistics <- function(cohort, genes = rownames(cohort$assays[[1]])) {
  x <- cohort$assays[[1]]
  linear <- cohort$scale == "linear"
  rows <- match(genes, rownames(x))
  moments <- lapply(row_blocks(x, rows), function(block) {
    with_core(cpp_gene_moments(dense_rows(x, block), linear))
  })
  sizes <- drift_sizes[drift_sizes <= ncol(x)]
  correlation <- by_size(sizes, function(size) {
    values <- with_core(
      cpp_mean_correlations(even_columns(x, rows, size), linear)
    )
    list(values = whole_units(values))
  })
  list(
    gene = genes,
    mean = whole_units(unlist(lapply(moments, `[[`, "mean"))),
    sd = whole_units(unlist(lapply(moments, `[[`, "sd"))),
    correlation = correlation
  )
}

# The same for a training cohort, with `sd_noise` and the `noise` of each
# correlation: indices between random sets of its samples. Empty for a cohort
# whose means would reveal too much about its samples.
training_statistics <- function(cohort, threads = 1L) {
  x <- cohort$assays[[1]]
  if (ncol(x) < drift_samples) {
    return(list())
  }
  out <- gene_statistics(cohort)
  pool <- even_columns(x, seq_len(nrow(x)), min(noise_samples, ncol(x)))
  noise <- function(size) {
    with_core(cpp_sampling_noise(
      pool, cohort$scale == "linear", size, noise_repeats, statistic_unit, size,
      as.integer(threads)
    ))
  }
  # An index between two halves does not cover sets of different sizes.
  halves <- noise(ncol(pool) %/% 2)
  out$sd_noise <- max(halves$sd, halves$sd_of_part)
  sizes <- drift_sizes[2 * drift_sizes <= ncol(x)]
  out$correlation <- by_size(sizes, function(size) {
    known <- out$correlation[[as.character(size)]]
    c(known, noise = noise(size)$correlation)
  })
  out
}

# Named by size; if empty, a plain list, as read from a file.
by_size <- function(sizes, f) {
  out <- lapply(sizes, f)
  if (length(out) > 0) set_names(out, sizes) else out
}

drift_sizes <- c(32L, 128L)
noise_samples <- 512L
noise_repeats <- 20L
statistic_unit <- 1e-4

whole_units <- function(x) {
  limit <- .Machine$integer.max
  as.integer(round(pmin(pmax(x / statistic_unit, -limit), limit)))
}

# Rows of `size` evenly spaced samples, dense.
even_columns <- function(x, rows, size) {
  chosen <- floor((seq_len(size) - 1) * ncol(x) / size) + 1
  dense_rows(x[, chosen, drop = FALSE], rows)
}

# Warns once for all cohorts of the data given to predict().
warn_drift <- function(object, data) {
  moved <- as_tibble(unclass(compare_cohorts(object, data)))
  moved <- moved[moved$flag %in% TRUE, ]
  if (nrow(moved) == 0) {
    return(invisible())
  }
  cohorts <- unique(moved$cohort)
  what <- vapply(cohorts, function(name) {
    rows <- moved[moved$cohort == name, ]
    paste0(
      rows$statistic, " (shift ", format_brief(rows$shift), ", limit ",
      format_brief(rows$limit), ")",
      collapse = ", "
    )
  }, "")
  bullets <- sprintf("{.field %s}: %s.", cohorts, what)
  warn_musl(c(
    "{length(cohorts)} expression cohort{?s} of {.arg data} {?differs/differ}
     from the training data.",
    set_names(bullets, rep("x", length(bullets))),
    i = "Their scores may be unreliable; see {.fn musl_drift}."
  ), "distribution", drift = moved)
}

format_brief <- function(x) vapply(x, format, "", digits = 3)
