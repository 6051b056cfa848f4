# Expression centred within groups of samples.

# `by`: a column of the sources' samples, or NULL. Sources without it are kept
# as they are.
centre_sources <- function(sources, by, call) {
  if (is.null(by)) {
    return(sources)
  }
  columns <- lapply(sources, function(source) names(source$samples))
  has <- vapply(columns, function(names) by %in% names, TRUE)
  abort_if(!any(has), c(
    "{.arg centre_by} must be a column of the samples of a source.",
    x = "No source has {.field {by}}.",
    i = "Available columns: {.field {utils::head(unique(unlist(columns)), 8)}}."
  ), argument = "centre_by", call = call)
  check_centred_scale(sources[has], call)
  check_installed("Matrix", "to centre expression", call)
  tell_centred(sources[has], by)
  sources[has] <- lapply(sources[has], centre_source, by = by)
  sources
}

check_centred_scale <- function(sources, call) {
  linear <- vapply(sources, function(source) source$scale == "linear", TRUE)
  abort_if(any(linear), c(
    "Expression to be centred must be on the log scale.",
    x = "On the linear scale: {.field {names(sources)[linear]}}.",
    i = "Log it first, or leave {.arg centre_by} out."
  ), argument = "centre_by", call = call)
}

tell_centred <- function(sources, by) {
  alone <- vapply(sources, function(source) {
    sum(table(sample_groups(source, by)) == 1)
  }, 1L)
  n_groups <- vapply(sources, function(source) {
    length(unique(sample_groups(source, by)))
  }, 1L)
  shown <- paste0(names(sources), " (", n_groups, " groups)")
  inform_musl(c(
    "Expression is centred within groups of {.field {by}}: {shown}.",
    "!" = if (any(alone > 0)) {
      "{sum(alone)} group{?s} of one sample {?keeps/keep} only the gene's mean."
    }
  ), "report")
}

# Samples without a group form a separate one.
sample_groups <- function(source, by) {
  group <- as.character(source$samples[[by]])
  group[is.na(group)] <- ""
  group
}

# Subtracts a gene's mean in the sample's group and adds its overall mean: this
# keeps the gene's level and removes differences between groups.
centre_source <- function(source, by) {
  group <- sample_groups(source, by)
  of <- match(group, unique(group))
  sizes <- tabulate(of)
  source$assays <- lapply(source$assays, function(x) {
    values <- as.matrix(x)
    sums <- exact_sums(values, of)
    means <- sweep(sums, 2, sizes, "/")[, of, drop = FALSE]
    overall <- rowSums(sums) / length(of)
    # Equal values of two groups stay equal, whatever their means round to.
    out <- on_grid(without_rounding(values - means, means) + overall, 2^-40)
    dimnames(out) <- dimnames(x)
    out
  })
  source
}

# Genes x groups. Sums of multiples of one number are exact, and so are those of
# what is left: they do not depend on the order of samples.
exact_sums <- function(x, of) {
  coarse <- on_grid(x, 2^-30)
  t(rowsum(t(coarse), of) + rowsum(t(x - coarse), of))
}

on_grid <- function(x, step) round(x / step) * step

# Differences from `means`, 0 where they are rounding errors of these: a gene
# with one value in each group then has one value in all samples.
without_rounding <- function(differences, means) {
  differences[abs(differences) < 1e-10 * abs(means)] <- 0
  differences
}
