# What may explain a difference between the groups of musl_dependency(), and
# what a difference says of a partner.

# lines x covariates with the intercept, those of lineages last; NULL for none.
dependency_covariates <- function(x, covariates, strata) {
  if (is.null(covariates)) {
    return(NULL)
  }
  facts <- SummarizedExperiment::colData(x)
  check_some(covariates, names(facts))
  columns <- lapply(covariates, function(name) {
    covariate_columns(facts[[name]], name)
  })
  groups <- if (any(strata >= 0)) {
    covariate_columns(as.character(strata), "lineage")
  }
  do.call(cbind, c(list(rep(1, ncol(x))), columns, list(groups)))
}

# Numbers, and a flag where they are missing; or a column for each value of text
# but the first.
covariate_columns <- function(values, name) {
  if (is.numeric(values) || is.logical(values)) {
    values <- as.double(values)
    known <- is.finite(values)
    abort_if(!any(known), c(
      "Columns that {.arg covariates} names must have values.",
      x = "All of {.field {name}} are missing."
    ), argument = "covariates")
    values[!known] <- mean(values[known])
    return(cbind(values, if (!all(known)) as.double(!known)))
  }
  values <- blank_to_na(values)
  levels <- unique_bytes(ifelse(is.na(values), "", values))
  vapply(levels[-1], function(level) {
    as.double(values %in% level)
  }, double(length(values)))
}

# `adjusted`, `p_two_sided_adjusted` and `p_less_adjusted` of all rows, or NULL.
adjusted_columns <- function(values, lost, adjust, settings) {
  if (is.null(adjust)) {
    return(NULL)
  }
  each <- lapply(seq_len(ncol(lost)), function(a) {
    with_core(cpp_adjusted_differences(
      values, lost[, a], adjust, settings$spread, settings$threads
    ))
  })
  of <- function(name) unlist(lapply(each, `[[`, name))
  t <- of("value") / of("error")
  list(
    adjusted = nan_to_na(of("value")),
    p_two_sided_adjusted = nan_to_na(2 * stats::pt(-abs(t), of("df"))),
    p_less_adjusted = nan_to_na(stats::pt(t, of("df")))
  )
}

# How different a lineage must be to explain a difference.
marker_size <- 0.8

# Whether the lineage of most lost lines explains each difference: its other
# lines differ from the rest in the same direction.
lineage_markers <- function(rows, x, lost, lineage, settings) {
  lineage <- blank_to_na(
    SummarizedExperiment::colData(x)[[lineage %||% "lineage"]] %||%
      rep(NA, ncol(x))
  )
  own <- vapply(seq_len(ncol(lost)), function(a) {
    counts <- sort(table(lineage[which(lost[, a])]), decreasing = TRUE)
    if (length(counts) > 0 && counts[[1]] >= sum(lost[, a], na.rm = TRUE) / 2) {
      names(counts)[1]
    } else {
      NA_character_
    }
  }, "")
  kept <- matrix(NA, nrow(lost), ncol(lost))
  for (a in which(!is.na(own))) {
    rest <- which(!lost[, a])
    kept[rest, a] <- lineage[rest] %in% own[a]
  }
  found <- with_core(cpp_group_means(
    dependency_assay(x, "effect"), kept, dependent_effect, settings$spread,
    settings$threads
  ))
  enough <- rep(
    colSums(kept, na.rm = TRUE) >= settings$min_lines, each = nrow(x)
  )
  enough & (abs(found$hedges_g) >= marker_size) %in% TRUE &
    (sign(found$hedges_g) == sign(rows$hedges_g)) %in% TRUE
}

# A table that was written to a file.
as_dependency <- function(x) {
  check_columns(x, c("anchor", "partner", "difference", "fdr"), "dependency")
  tibble::new_tibble(as_tibble(x), class = "musl_dependency")
}

direction_levels <- c("needed_more", "needed_less", "not_needed")

# Pairs of this FDR or a lower one have a differential dependency.
differential_fdr <- 0.1

# Adds `direction` after the rates.
add_directions <- function(rows) {
  depleted <- is_depleted(rows)
  fdr <- ifelse(depleted, rows$fdr, two_sided_rates(rows))
  found <- tibble(
    row = seq_len(nrow(rows)), n_lines = rows$n_loss,
    z = tested_scores(rows, depleted), effect_size = rows$hedges_g,
    altered = rows$mean_loss, other = rows$mean_rest,
    share_altered = rows$share_loss,
    significant = (fdr <= differential_fdr) %in% TRUE
  )
  calls <- with_core(
    cpp_call_directions(as.list(found), FALSE, found$significant)
  )
  tibble::add_column(
    rows,
    direction = called_direction(calls), .after = "fdr_all"
  )
}

called_direction <- function(call) {
  factor(direction_levels[replace(call, call == 0, NA)], direction_levels)
}

# Standard scores of the tests' p-values, below 0 for partners needed more.
tested_scores <- function(x, depleted) {
  p <- if (has_tests(x)) {
    ifelse(depleted, x$p_value, chosen_p_values(x, "p_two_sided") / 2)
  } else {
    p <- x[["p_value"]] %||% x$fdr
    pmin(p, 1 - p)
  }
  score <- pmin(abs(stats::qnorm(pmax(pmin(p, 0.5), 1e-300))), 37)
  ifelse(depleted, -score, score)
}
