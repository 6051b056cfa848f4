# Metrics of each run, part and scorer from as_scored().

# list(groups, cell, metrics, plan, estimate, n_anchors, n_left_out, matrices of
# groups x metrics; replicates, one matrix of metrics x replicates a group)
measure_runs <- function(table, metrics, threshold,
                         plan = bootstrap_plan(), call = caller_env()) {
  measured <- lapply(table$rows, function(rows) {
    measure_group(
      table$pairs[rows, ], table$n_genes, metrics, threshold, plan, call
    )
  })
  stack <- function(name) {
    values <- lapply(measured, `[[`, name)
    matrix(unlist(values), ncol = length(metrics), byrow = TRUE)
  }
  groups <- table$groups
  groups$n_pairs <- vapply(measured, `[[`, 1L, "n_pairs", USE.NAMES = FALSE)
  groups$n_positive <- vapply(
    measured, `[[`, 1L, "n_positive",
    USE.NAMES = FALSE
  )
  list(
    groups = groups, cell = table$cell, metrics = metrics, plan = plan,
    estimate = nan_to_na(stack("estimate")), n_anchors = stack("n_anchors"),
    n_left_out = stack("n_left_out"),
    replicates = lapply(measured, `[[`, "replicates")
  )
}

measure_group <- function(pairs, n_genes, metrics, threshold, plan, call) {
  labelled <- !is.na(pairs$label)
  probability <- group_probability(pairs, labelled, call)
  out <- with_core(
    cpp_measure(
      metrics, pairs[c("a", "b", "label")], pairs$score, probability,
      called_pairs(pairs, labelled, probability, threshold),
      unknown_to(pairs$query, -1L),
      n_genes, plan$replicates, plan$seed, plan$threads
    ),
    call = call
  )
  out$n_pairs <- sum(labelled)
  out$n_positive <- sum(pairs$label[labelled] == 1)
  out
}

# 0 or 1 for each pair, by the threshold of its own if it has one; empty if a
# labelled pair has neither that nor a probability.
called_pairs <- function(pairs, labelled, probability, threshold) {
  own <- !is.na(pairs$cut)
  if (length(probability) == 0 && !all(own[labelled])) {
    return(numeric())
  }
  by_probability <- if (length(probability) > 0) probability >= threshold
  as.double(ifelse(own, pairs$score >= pairs$cut, by_probability %||% FALSE))
}

unknown_to <- function(x, value) {
  x[is.na(x)] <- value
  x
}

# Empty if the scorer has no probabilities.
group_probability <- function(pairs, labelled, call) {
  missing <- is.na(pairs$probability)
  if (all(missing[labelled])) {
    return(numeric())
  }
  if (any(missing[labelled])) {
    abort_musl(c(
      "Column {.field .pred_SL} of {.arg object} must be given for all pairs of
       a scorer, or for none.",
      x = "{sum(missing[labelled])} of {sum(labelled)} pairs lack it."
    ), argument = "object", call = call)
  }
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
