# What studies of measured pairs are worth beside each other.

# One row per study: how others agree with it, and its weight; see
# musl_replication(). NULL if nothing can be compared or is asked for.
assessed_studies <- function(pairs, threshold) {
  if (threshold == 0 || length(unique(pairs$study)) < 2 ||
    all(is.na(pairs[["effect"]]))) {
    return(NULL)
  }
  studies <- study_scores(pairs)
  table <- replication_table(studies, min_hits = 10L)
  out <- study_weights(studies, table, threshold)
  # Somebody must be believed.
  left <- pairs$label[!pairs$study %in% out$study[out$weight == 0]]
  if (length(unique(left)) < 2) out$weight <- rep(1, nrow(out))
  out
}

# The pairs with their weights times those of their studies.
weigh_studies <- function(pairs, studies) {
  less <- studies[studies$weight < 1, ]
  if (NROW(less) == 0) {
    return(pairs)
  }
  told <- sprintf(
    "%s: weight %s, agreement %.2f (%.2f to %.2f)", less$study,
    signif(less$weight, 2), less$.estimate, less$.lower, less$.upper
  )
  inform_musl(c(
    "{nrow(less)} stud{?y/ies} count{?s/} less, as others agree little with
     {cli::qty(nrow(less))}{?it/them}.",
    set_names(told, rep("*", length(told))),
    i = "{.fn musl_replication} shows the comparisons; {.code replication = 0}
         in {.fn musl_control} learns from all alike."
  ), "replication", studies = less$study)
  times <- studies$weight[match(pairs$study, studies$study)]
  pairs$weight <- pair_weight(pairs) * times
  pairs
}

# The table of studies, or one of their names alone, with how well all other
# studies rank each by what they teach: by_others (AUROC), by_others_lower and
# by_others_upper. A warning names those at chance.
ranked_studies <- function(studies, store, pairs, task) {
  control <- task$control
  pairs <- pairs[pair_weight(pairs) > 0, ]
  if (control$replication == 0 || length(unique(pairs$study)) < 2) {
    return(studies)
  }
  found <- with_core(cpp_studies_left_out(
    store, measured_input(pairs, task$data@genes), control$seed, control$threads
  ))
  out <- studies %||% tibble(study = unique_bytes(as.character(pairs$study)))
  at <- match(out$study, found$study)
  out$by_others <- found$auroc[at]
  out$by_others_lower <- found$lower[at]
  out$by_others_upper <- found$upper[at]
  warn_disagreeing(out, control$replication)
  out
}

# Those whose interval holds one half, or lies below, and ends below what
# studies should reach: of few hits nothing can be said.
warn_disagreeing <- function(studies, threshold) {
  at_chance <- studies$by_others_lower <= 0.5 &
    studies$by_others_upper < threshold
  out <- studies[at_chance %in% TRUE, ]
  told <- sprintf(
    "%s: AUROC %.2f (%.2f to %.2f)", out$study, out$by_others,
    out$by_others_lower, out$by_others_upper
  )
  warn_if(nrow(out) > 0, c(
    "{nrow(out)} stud{?y/ies} of measured pairs disagree{?s/} with the others,
     which rank {cli::qty(nrow(out))}{?its/their} hits no better than chance.",
    set_names(told, rep("x", length(told))),
    i = "Check the sign of the effects, the genes' names, and the threshold for
         hits, or leave {cli::qty(nrow(out))}{?it/them} out."
  ), "replication", studies = out$study)
}
