# Metrics of each run, part and scorer from as_scored(), and their rows: of each
# run, over runs, and as differences of two scorers.

# list(groups, cell, metrics, plan, estimate, n_anchors, n_left_out, matrices of
# groups x metrics; replicates, one matrix of metrics x replicates a group)
measure_runs <- function(table, how) {
  measured <- lapply(table$rows, function(rows) {
    measure_group(table$pairs[rows, ], table$n_genes, how$metrics, how$plan)
  })
  stack <- function(name) {
    values <- lapply(measured, `[[`, name)
    matrix(unlist(values), ncol = length(how$metrics), byrow = TRUE)
  }
  groups <- table$groups
  for (count in c("n_pairs", "n_positive")) {
    groups[[count]] <- vapply(measured, `[[`, 1L, count, USE.NAMES = FALSE)
  }
  list(
    groups = groups, cell = table$cell, metrics = how$metrics, plan = how$plan,
    estimate = nan_to_na(stack("estimate")), n_anchors = stack("n_anchors"),
    n_left_out = stack("n_left_out"),
    replicates = lapply(measured, `[[`, "replicates")
  )
}

measure_group <- function(pairs, n_genes, metrics, plan) {
  labelled <- !is.na(pairs$label)
  probability <- group_probability(pairs, labelled)
  out <- with_core(
    cpp_measure(
      metrics, pairs[c("a", "b", "label")], pairs$score, probability,
      called_pairs(pairs, labelled, probability),
      replace(pairs$query, is.na(pairs$query), -1L), n_genes,
      plan$replicates, plan$seed, plan$threads
    )
  )
  out$n_pairs <- sum(labelled)
  out$n_positive <- sum(pairs$label[labelled] == 1)
  out
}

# 0 or 1 for each pair, by the threshold of its own if it has one, else by a
# probability of 0.5; empty if a labelled pair has neither.
called_pairs <- function(pairs, labelled, probability) {
  own <- !is.na(pairs$cut)
  if (length(probability) == 0 && !all(own[labelled])) {
    return(numeric())
  }
  by_probability <- if (length(probability) > 0) probability >= 0.5
  as.double(ifelse(own, pairs$score >= pairs$cut, by_probability %||% FALSE))
}

# Empty if the scorer has no probabilities.
group_probability <- function(pairs, labelled) {
  missing <- is.na(pairs$probability)
  if (all(missing[labelled])) {
    return(numeric())
  }
  abort_if(any(missing[labelled]), c(
    "Column {.field .pred_SL} of {.arg object} must be given for all pairs of
     a scorer, or for none.",
    x = "{sum(missing[labelled])} of {sum(labelled)} pairs lack it."
  ), argument = "object")
  # Candidates without a label are left out where a probability is needed.
  ifelse(missing, 0, pairs$probability)
}

# One warning for all metrics without a value because a label is missing.
warn_undefined <- function(runs) {
  groups <- runs$groups
  ranks <- !runs$metrics %in% falling_metrics
  one <- any(ranks) &
    (groups$n_positive == 0 | groups$n_positive == groups$n_pairs)
  none <- runs$n_anchors == 0 & !is.na(runs$n_anchors)
  # Queries that lack a label are counted as left out; without any the pairs
  # name none.
  per_query <- grepl("_per_query$", runs$metrics)
  unnamed <- none & runs$n_left_out == 0 & per_query[col(none)]
  no_query <- !one & rowSums(unnamed) > 0
  no_anchor <- !one & rowSums(none & !unnamed) > 0
  bad <- list(
    "One label only" = one, "No gene with both" = no_anchor,
    "No pair with a `query`" = no_query
  )
  bad <- bad[vapply(bad, any, NA)]
  if (length(bad) == 0) {
    return(invisible())
  }
  lines <- vapply(names(bad), function(reason) {
    cells <- unique(describe_cells(groups)[bad[[reason]]])
    more <- if (length(cells) > 3) ", ..." else ""
    paste0(reason, ": ", paste(utils::head(cells, 3), collapse = ", "), more)
  }, "", USE.NAMES = FALSE)
  warn_musl(c(
    "Metrics that need SL and non-SL pairs are {.val {NA}} where a label is
     missing.",
    rlang::set_names(lines, "x")
  ), groups = groups[Reduce(`|`, bad), ])
}

# "C3 (fold 2, seed 1)"
describe_cells <- function(groups) {
  columns <- intersect(run_columns, names(groups))
  if (length(columns) == 0) {
    return(groups$part)
  }
  runs <- lapply(columns, function(name) paste(name, groups[[name]]))
  paste0(groups$part, " (", do.call(paste, c(runs, sep = ", ")), ")")
}

# Rows -------------------------------------------------------------------------

check_against <- function(against, scorers) {
  abort_if(!against %in% scorers || length(scorers) < 2, c(
    "{.arg against} must be one of several scorers of {.arg object}.",
    x = "Found {.val {against}}.",
    i = "Scorers: {.val {scorers}}."
  ), argument = "against")
}

difference_rows <- function(runs, against) {
  groups <- runs$groups
  base <- which(groups$scorer == against)
  base <- base[match(runs$cell, runs$cell[base])]
  paired <- which(groups$scorer != against & !is.na(base))
  abort_if(length(paired) == 0, c(
    "{.arg against} must be scored in a run and part with another scorer.",
    x = "{.val {against}} is the only scorer of its runs and parts."
  ), argument = "against")
  base <- base[paired]
  runs$estimate <- runs$estimate[paired, , drop = FALSE] -
    runs$estimate[base, , drop = FALSE]
  runs$replicates <- Map(`-`, runs$replicates[paired], runs$replicates[base])
  runs$groups <- groups[paired, ]
  runs$groups$against <- rep(against, length(paired))
  bind_each(scorer_sets(runs$groups), function(rows) {
    tibble(
      runs$groups[rows[[1]], c("part", "scorer", "against")],
      .metric = runs$metrics, .estimator = "binary",
      over_runs(runs, rows, difference = TRUE)
    )
  })
}

# The rows of each part and scorer, parts first.
scorer_sets <- function(groups) {
  id <- lapply(groups[c("part", "scorer")], function(x) match(x, unique(x)))
  unname(split(
    seq_len(nrow(groups)), interaction(id, drop = TRUE, lex.order = TRUE)
  ))
}

# Mean, standard deviation and interval of each metric, or of differences of
# two scorers, over the runs in `rows`.
over_runs <- function(runs, rows, difference = FALSE) {
  estimate <- runs$estimate[rows, , drop = FALSE]
  counted <- !is.na(estimate)
  mean <- nan_to_na(colMeans(estimate, na.rm = TRUE))
  limits <- vapply(seq_along(runs$metrics), function(m) {
    used <- runs$replicates[rows[counted[, m]]]
    used <- lapply(used, function(x) x[m, ])
    # Matthews' correlation alone may be negative.
    range <- c(if (runs$metrics[[m]] == "mcc") -1 else 0, 1)
    range <- if (difference) range - rev(range) else range
    mean_interval(used, mean[[m]], runs$plan$level, range)
  }, numeric(2))
  tibble(
    .estimate = mean,
    sd = apply(estimate, 2, stats::sd, na.rm = TRUE),
    n = as.integer(colSums(counted)),
    .lower = limits[1, ],
    .upper = limits[2, ]
  )
}

# Percentiles of the mean over runs, corrected for the bias of the replicates'
# mean: repeated genes make rankings and calibration look better or worse.
# `replicates` is a list of one vector per run.
mean_interval <- function(replicates, estimate, level, range) {
  if (is.null(level) || length(replicates) == 0) {
    return(c(NA_real_, NA_real_))
  }
  means <- Reduce(`+`, replicates) / length(replicates)
  defined <- means[!is.na(means)]
  if (2 * length(defined) < length(means)) {
    return(c(NA_real_, NA_real_))
  }
  tail <- (1 - level) / 2
  limits <- unname(stats::quantile(defined, c(tail, 1 - tail)))
  pmin(pmax(limits - mean(defined) + estimate, range[[1]]), range[[2]])
}

# One row per run, part, scorer and metric.
run_rows <- function(runs) {
  columns <- intersect(c(run_columns, "part", "scorer"), names(runs$groups))
  sets <- seq_len(nrow(runs$groups))
  rows <- metric_rows(runs, sets, columns)
  counts <- c("n_pairs", "n_positive")
  rows[counts] <- lapply(rows[counts], as.integer)
  rows[!names(rows) %in% c("sd", "n")]
}

# One row per part, scorer and metric.
summary_rows <- function(runs) {
  rows <- metric_rows(runs, scorer_sets(runs$groups), c("part", "scorer"))
  tibble::new_tibble(rows, class = "musl_metrics")
}

# The rows of each of `sets`, numbers of groups; `columns` name what they share.
metric_rows <- function(runs, sets, columns) {
  groups <- runs$groups
  bind_each(sets, function(rows) {
    mean_count <- function(x) colMeans(x[rows, , drop = FALSE])
    tibble(
      groups[rows[[1]], columns],
      .metric = runs$metrics, .estimator = "binary", over_runs(runs, rows),
      n_pairs = mean(groups$n_pairs[rows]),
      n_positive = mean(groups$n_positive[rows]),
      n_anchors = mean_count(runs$n_anchors),
      n_left_out = mean_count(runs$n_left_out)
    )
  })
}

# Without the columns that have no value, such as intervals that were not asked
# for; a line names them.
#' @export
print.musl_metrics <- function(x, ...) {
  empty <- vapply(x, function(column) all(is.na(column)), TRUE) & nrow(x) > 0
  shown <- tibble::new_tibble(unclass(x)[!empty], nrow = nrow(x))
  print(shown, ...)
  if (any(empty)) {
    cat("# No values in: ", paste(names(x)[empty], collapse = ", "), "\n",
      sep = ""
    )
  }
  invisible(x)
}
