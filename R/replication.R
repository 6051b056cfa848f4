#' How well studies replicate each other
#'
#' For each ordered pair of studies, measures how well the scores of one rank
#' the hits of the other, over the pairs that both measured, and derives a
#' weight for each study.
#'
#' A study's score of a pair is minus the mean of its effects over lines and
#' queries (or over the rows of a line called `mean`); a pair is a hit if half
#' of its rows are. A study's agreement is the random-effects mean AUROC of its
#' comparisons, in both directions, with at least `min_hits` hits and as many
#' others. Its weight is 1 where that is at least `threshold`, 0 where the upper
#' bound is below it, and linear between; if others can assess less than half of
#' its genes or of its queries, they take off as much less, so that none is left
#' out that brings more than they know. A study that no other can assess weighs
#' 1, with a message. [musl_fit()] weighs studies so.
#'
#' Where the data have expression of cell lines (`lines` or `genes` of
#' [musl_evidence()]), pairs with a gene that fewer than a tenth of the lines
#' express are a study's own negative controls: their rate of hits over that of
#' its other pairs is the share of its hits that are false.
#'
#' @param data A [MuslData][musl_data()] with measured pairs, or a table of them
#'   as from [read_gi_screen()] (several joined with [rbind()]).
#' @param ... Must be empty.
#' @param min_hits Whole number >= 2, hits and other pairs that a comparison
#'   needs to count for a weight.
#' @param threshold Number from 0 to 1, the agreement that a study should have.
#' @returns `musl_replication()`: a tibble of class `musl_replication`, one row
#'   per ordered pair of studies that share measured pairs: `study` (whose
#'   scores), `on` (whose hits), `n_pairs` (shared, with a score there and a
#'   label here), `n_hits`, `.estimate` (AUROC; `NA` with one label), `.lower`
#'   and `.upper` (DeLong's interval of 95 %, `NA` with fewer than two hits),
#'   `auprc` (average precision) and `counts` (whether it counts for a weight).
#'   `summary()`: a tibble, one row per study: `study`, `n_pairs`, `n_hits`,
#'   `n_partners` (comparisons that count), `.estimate` (its agreement, `NA` for
#'   none), `.lower`, `.upper` (interval of 95 %), `judged` (the lower of the
#'   shares of its genes and of its queries in pairs shared with those studies),
#'   `weight` (0 to 1), `n_controls`, `control_hits`, `false_hits` (share from 0
#'   to 1; `NA` without controls) and `control_genes` (those of the hits that
#'   hardly any line expresses, separated by ";").
#'
#'   `augment()`: `data`, or the table, with the weight of each measured pair
#'   multiplied by that of its study.
#' @section Errors:
#'   `musl_error_input` if there are no measured pairs, or they have no effects.
#' @section Source:
#'   Intervals of DeLong et al. (1988), Biometrics 44:837, and the mean of
#'   DerSimonian and Laird (1986), Controlled Clinical Trials 7:177.
#' @seealso [read_gi_screen()]
#' @examples
#' d <- musl_simulate("small", seed = 1, screens = TRUE)
#' agreement <- musl_replication(d, threshold = 0.99)
#' agreement
#' summary(agreement)
#' unique(musl_pairs(augment(agreement, d))[c("study", "weight")])
#' @order 1
#' @export
musl_replication <- function(data, ..., min_hits = 10L, threshold = 0.65) {
  check_dots_empty()
  check_whole(min_hits, 2)
  check_number(threshold, 0, 1)
  pairs <- measured_pairs(data)
  scores <- study_scores(pairs)
  table <- replication_table(scores, min_hits)
  studies <- study_weights(scores, table, threshold)
  controls <- lapply(scores, study_controls, silent_genes(data))
  studies <- tibble(studies, do.call(rbind, unname(controls)))
  tell_weights(studies, threshold)
  table$sd <- NULL
  attr(table, "studies") <- studies
  class(table) <- c("musl_replication", class(table))
  table
}

# One row per ordered pair of studies that share pairs.
replication_table <- function(studies, min_hits) {
  # Each with itself, too, so that a single study has columns.
  table <- bind_each(names(studies), function(one) {
    bind_each(names(studies), compare_studies, one, studies)
  })
  table <- table[table$study != table$on & table$n_pairs > 0, ]
  table$counts <- !is.na(table$.estimate) & table$n_hits >= min_hits &
    table$n_pairs - table$n_hits >= min_hits
  table
}

# The measured pairs of `data`, canonical.
measured_pairs <- function(data) {
  pairs <- if (methods::is(data, "MuslData")) {
    check_musl_data(data, "data")@pairs
  } else {
    # Tables of several studies may repeat a pair within a study.
    suppressWarnings(
      canonical_pairs(data, "data")$pairs, classes = "musl_warning_other"
    )
  }
  pairs <- pairs[is_measured(pairs), ]
  abort_if(nrow(pairs) == 0 || !any(!is.na(pairs[["effect"]])), c(
    "{.arg data} must have measured pairs with an {.field effect}.",
    x = "It has {nrow(pairs)} measured pair{?s}.",
    i = "{.fn read_gi_screen} reads such pairs."
  ), argument = "data")
  pairs
}

# Named list, one tibble per study: gene_a, gene_b, query, key, effect, hit (NA
# for unlabelled).
study_scores <- function(pairs) {
  line <- pairs[["line"]] %||% rep(NA, nrow(pairs))
  rows <- tibble(
    gene_a = pairs$gene_a, gene_b = pairs$gene_b, study = pairs$study,
    line = as.character(line), fdr = NA_real_,
    query = as.character(pairs[["query"]] %||% NA), score = pairs$effect,
    effect = pairs$effect, call = pairs$label, n_rows = 1L
  )
  is_mean <- rows$line %in% "mean"
  rows <- rows[is_mean | !rows$study %in% rows$study[is_mean], ]
  merged <- average_rows(rows, "study", conflict = FALSE)$rows
  merged$key <- pair_keys(merged)
  lapply(split(merged, factor(merged$study, unique(merged$study))),
    function(study) {
      tibble(
        study[c("gene_a", "gene_b", "query", "key", "effect")],
        hit = study$call == "SL"
      )
    }
  )
}

# One row: how the scores of study `one` rank the hits of the other.
compare_studies <- function(other, one, studies) {
  scores <- studies[[one]]
  hits <- studies[[other]]
  effect <- scores$effect[match(hits$key, scores$key)]
  shared <- !is.na(effect) & !is.na(hits$hit)
  score <- -effect[shared]
  hit <- as.double(hits$hit[shared])
  interval <- with_core(
    cpp_auroc_interval(score, hit, stats::qnorm(0.975))
  )
  tibble(
    study = one, on = other, n_pairs = length(hit),
    n_hits = as.integer(sum(hit)), .estimate = nan_to_na(interval$auroc),
    sd = nan_to_na(interval$sd),
    .lower = nan_to_na(interval$lower), .upper = nan_to_na(interval$upper),
    auprc = nan_to_na(with_core(cpp_auprc(score, hit)))
  )
}

study_weights <- function(studies, table, threshold) {
  names <- names(studies)
  found <- bind_each(names, study_weight, studies, table, threshold)
  tibble(
    study = names,
    n_pairs = vapply(studies, nrow, 1L, USE.NAMES = FALSE),
    n_hits = vapply(studies, function(study) {
      sum(study$hit, na.rm = TRUE)
    }, 1L, USE.NAMES = FALSE),
    found
  )
}

# One row: a study's agreement with the others, and its weight.
study_weight <- function(name, studies, table, threshold) {
  own <- table$counts & (table$study == name | table$on == name)
  rows <- table[own, ]
  partner <- ifelse(rows$study == name, rows$on, rows$study)
  judged <- judged_share(studies[[name]], studies[unique(partner)])
  found <- with_core(cpp_study_agreement(
    rows$.estimate, rows$sd, match(partner, unique(partner)), judged, threshold
  ))
  tibble(
    n_partners = nrow(rows), .estimate = nan_to_na(found$estimate),
    .lower = nan_to_na(found$lower), .upper = nan_to_na(found$upper),
    judged = judged, weight = found$weight
  )
}

# The share of a study's genes, or of its queries if that is lower, in pairs
# that the others measured too.
judged_share <- function(study, others) {
  keys <- unlist(lapply(others, `[[`, "key"), use.names = FALSE)
  shared <- study[study$key %in% keys, ]
  of <- function(rows) {
    c(
      genes = length(unique(c(rows$gene_a, rows$gene_b))),
      queries = length(setdiff(rows$query, NA))
    )
  }
  all <- of(study)
  min((of(shared) / all)[all > 0])
}

# One row: what a study's pairs with an unexpressed gene say of its hits.
# `silent`: such genes.
study_controls <- function(study, silent) {
  known <- study[!is.na(study$hit), ]
  control <- known$gene_a %in% silent | known$gene_b %in% silent
  counts <- list(
    sum(known$hit[control]), sum(control), sum(known$hit[!control]),
    sum(!control)
  )
  share <- with_core(do.call(cpp_false_hit_share, lapply(counts, as.double)))
  hits <- known[control & known$hit, ]
  tibble(
    n_controls = counts[[2]], control_hits = counts[[1]],
    false_hits = nan_to_na(share),
    control_genes = paste(
      intersect(unique_bytes(c(hits$gene_a, hits$gene_b)), silent),
      collapse = ";"
    )
  )
}

# Genes that hardly any cell line expresses, as far as the evidence tells.
silent_genes <- function(data) {
  if (!methods::is(data, "MuslData")) {
    return(character())
  }
  told <- c("genes", "lines")
  if (all(vapply(data@evidence[told], is.null, NA))) {
    return(character())
  }
  # Nothing else tells, and takes time.
  data@evidence[setdiff(names(data@evidence), told)] <- list(NULL)
  data@cohorts <- list()
  data@network <- NULL
  data@embeddings <- NULL
  facts <- with_core(cpp_gene_facts(evidence_store(data), NULL, -1L, NULL))
  kinds <- status_kinds()
  few <- kinds$cut[kinds$name == "not_expressed"]
  data@genes[which(facts$expressed < few)]
}

tell_weights <- function(studies, threshold) {
  false <- studies[studies$control_hits > 0, ]
  off <- studies$study[studies$weight == 0]
  less <- studies[studies$weight > 0 & studies$weight < 1, ]
  alone <- studies$study[is.na(studies$.estimate)]
  lines <- c(
    if (length(off) > 0) {
      "Weight 0, agreement below {threshold}: {.val {off}}."
    },
    if (nrow(less) > 0) {
      "Weight below 1: {paste(less$study, signif(less$weight, 2))}."
    },
    if (length(alone) > 0) {
      "Assessed by no other study, and kept: {.val {alone}}."
    },
    if (nrow(false) > 0) {
      "Share of hits that are false, by pairs with an unexpressed gene:
       {paste(false$study, signif(false$false_hits, 2))}
       ({few(unlist(strsplit(false$control_genes, ';')))})."
    }
  )
  inform_if(length(lines) > 0, c(
    "Weights of studies depend on how well they replicate.",
    set_names(lines, rep("*", length(lines))),
    i = "{.fn augment} sets them in the data."
  ), "replication", studies = studies)
}

#' @method augment musl_replication
#' @rdname musl_replication
#' @param x,object The result of `musl_replication()`.
#' @export
augment.musl_replication <- function(x, data, ...) {
  check_dots_empty()
  if (methods::is(data, "MuslData")) {
    check_musl_data(data, "data")
    data@pairs <- augment(x, data@pairs)
    return(data)
  }
  check_pair_table(data, "data")
  studies <- attr(x, "studies")
  weight <- pair_weight(data)
  measured <- is_measured(data)
  times <- studies$weight[match(data$study[measured], studies$study)]
  weight[measured] <- weight[measured] * replace(times, is.na(times), 1)
  data$weight <- weight
  data
}

#' @method summary musl_replication
#' @rdname musl_replication
#' @export
summary.musl_replication <- function(object, ...) {
  check_dots_empty()
  attr(object, "studies")
}
