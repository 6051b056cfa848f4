# Expression centred within groups of samples.

# `by`: a column of the cohorts' samples, or NULL. Cohorts without it are kept
# as they are.
centre_cohorts <- function(cohorts, by) {
  if (is.null(by)) {
    return(cohorts)
  }
  columns <- lapply(cohorts, function(cohort) names(cohort$samples))
  has <- vapply(columns, function(names) by %in% names, TRUE)
  abort_if(!any(has), c(
    "{.arg centre_by} must be a column of the samples of a cohort.",
    x = "No cohort has {.field {by}}.",
    i = "Available columns: {.field {utils::head(unique(unlist(columns)), 8)}}."
  ), argument = "centre_by")
  check_centred_scale(cohorts[has])
  check_installed("Matrix", "to centre expression")
  tell_centred(cohorts[has], by)
  cohorts[has] <- lapply(cohorts[has], centre_cohort, by = by)
  cohorts
}

check_centred_scale <- function(cohorts) {
  linear <- vapply(cohorts, function(cohort) cohort$scale == "linear", TRUE)
  abort_if(any(linear), c(
    "Expression to be centred must be on the log scale.",
    x = "On the linear scale: {.field {names(cohorts)[linear]}}.",
    i = "Log it first, or leave {.arg centre_by} out."
  ), argument = "centre_by")
}

tell_centred <- function(cohorts, by) {
  alone <- vapply(cohorts, function(cohort) {
    sum(table(sample_groups(cohort, by)) == 1)
  }, 1L)
  n_groups <- vapply(cohorts, function(cohort) {
    length(unique(sample_groups(cohort, by)))
  }, 1L)
  shown <- paste0(names(cohorts), " (", n_groups, " groups)")
  inform_musl(c(
    "Expression is centred within groups of {.field {by}}: {shown}.",
    "!" = if (any(alone > 0)) {
      "{sum(alone)} group{?s} of one sample {?keeps/keep} only the gene's mean."
    }
  ), "report")
}

# Samples without a group form a separate one.
sample_groups <- function(cohort, by) {
  group <- as.character(cohort$samples[[by]])
  group[is.na(group)] <- ""
  group
}

# Subtracts a gene's mean in the sample's group and adds its overall mean: this
# keeps the gene's level and removes differences between groups.
centre_cohort <- function(cohort, by) {
  group <- sample_groups(cohort, by)
  of <- match(group, unique(group))
  sizes <- tabulate(of)
  cohort$assays <- lapply(cohort$assays, function(x) {
    values <- as.matrix(x)
    # Genes x groups. Sums of multiples of one number are exact, and so are sums
    # of what is left: they do not depend on the order of samples.
    coarse <- on_grid(values, 2^-30)
    sums <- t(rowsum(t(coarse), of) + rowsum(t(values - coarse), of))
    means <- sweep(sums, 2, sizes, "/")[, of, drop = FALSE]
    overall <- rowSums(sums) / length(of)
    # Equal values of two groups stay equal, whatever their means round to.
    differences <- values - means
    # Rounding errors of the means: a gene with one value in each group then has
    # one value in all samples.
    differences[abs(differences) < 1e-10 * abs(means)] <- 0
    out <- on_grid(differences + overall, 2^-40)
    dimnames(out) <- dimnames(x)
    out
  })
  cohort
}

on_grid <- function(x, step) round(x / step) * step
