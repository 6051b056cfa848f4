# Metrics of tables of scored pairs: checks arguments and table.

run_columns <- c("fold", "repeat", "seed")
pair_metrics <- c(
  "auroc", "auprc", "auprc_trapezoid", "f1_max", "f1", "mcc", "brier", "ece",
  "auroc_per_anchor"
)
# The smaller, the better.
falling_metrics <- c("brier", "ece")
rank_metrics <- c("ndcg", "precision", "recall", "map")
query_metrics <- c(
  "auroc_per_query", "auprc_per_query", "recall_1pct_per_query"
)

#' @rdname musl_metrics
#' @order 3
#' @export
musl_metrics.data.frame <- function(object, metrics = NULL,
                                    k = c(10L, 20L, 50L), summarise = TRUE,
                                    against = NULL, interval = NULL,
                                    bootstrap = 200L, seed = NULL, ...,
                                    threads = 0L) {
  check_dots_empty()
  interval <- interval %||% if (is.null(against)) FALSE else 0.95
  metrics <- metrics %||% c(
    pair_metrics, if ("query" %in% names(object)) query_metrics, rank_metrics
  )
  how <- metric_options(metrics, k, interval, bootstrap, seed, threads)
  check_flag(summarise)
  check_string(against, allow_null = TRUE)
  table <- read_scored(object)
  if (!is.null(against)) check_against(against, unique(table$groups$scorer))
  runs <- measure_runs(table, how)
  warn_undefined(runs)
  if (!is.null(against)) {
    return(difference_rows(runs, against))
  }
  if (summarise) summary_rows(runs) else run_rows(runs)
}

#' @rdname musl_metrics
#' @order 4
#' @export
musl_metrics.musl_resample <- function(object, ...) {
  musl_metrics(object$scores, ...)
}

# list(metrics, plan); `...` must be empty.
metric_options <- function(metrics, k = c(10L, 20L, 50L), interval = FALSE,
                           bootstrap = 200L, seed = NULL, threads = 0L, ...) {
  check_dots_empty()
  list(
    metrics = expand_metrics(metrics, k),
    plan = bootstrap_plan(interval, bootstrap, seed, threads)
  )
}

# Full names of the metrics: "ndcg" stands for "ndcg_10", "ndcg_20" ...
expand_metrics <- function(metrics, k) {
  k <- check_numbers(k, 1, 999999, once = FALSE)
  metrics <- metrics %||% c(pair_metrics, rank_metrics)
  if (!is.character(metrics) || length(metrics) == 0) {
    abort_argument("metrics", "names of metrics or NULL", metrics)
  }
  known <- metrics %in% c(pair_metrics, query_metrics) |
    sub("_[1-9][0-9]{0,5}$", "", metrics) %in% rank_metrics
  choices <- c(pair_metrics, query_metrics, rank_metrics, "ndcg_10")
  abort_if(!all(known), c(
    "{.arg metrics} must hold names of metrics.",
    x = "Unknown: {.val {metrics[!known]}}.",
    i = "Metrics are {.val {choices}} and similar."
  ), argument = "metrics")
  depths <- format(unique(k), trim = TRUE, scientific = FALSE)
  unique(unlist(lapply(metrics, function(name) {
    if (name %in% rank_metrics) paste0(name, "_", depths) else name
  })))
}

# list(level, replicates, seed, threads); level NULL without a bootstrap.
bootstrap_plan <- function(interval, bootstrap, seed, threads) {
  check_whole(bootstrap, 2, 1e6)
  check_whole(threads, 0)
  check_whole(seed, 0, allow_null = TRUE)
  if (isFALSE(interval)) {
    return(list(level = NULL, replicates = 0L, seed = 0L, threads = 1L))
  }
  check_share(interval)
  list(
    level = interval, replicates = as.integer(bootstrap),
    seed = draw_seed(seed), threads = as.integer(threads)
  )
}

# A user's table in the form as_scored() needs; absent columns are filled in.
read_scored <- function(x) {
  check_pair_table(x, "object")
  abort_if(nrow(x) == 0, c(
    "{.arg object} must hold scored pairs.",
    x = "It has no rows."
  ), argument = "object")
  runs <- as.list(x)[intersect(run_columns, names(x))]
  table <- tibble::new_tibble(runs, nrow = nrow(x))
  table$part <- as.character(x[["part"]] %||% status_parts(x))
  table$scorer <- as.character(x[["scorer"]] %||% rep("score", nrow(x)))
  table[c("gene_a", "gene_b")] <- pair_ends(x, "object")
  table$label <- pair_label(x, "object", need_label = TRUE)
  table$.score <- score_column(x, ".score")
  bad <- which(is.nan(table$.score))
  abort_if(length(bad) > 0, c(
    "Column {.field .score} of {.arg object} must not hold {.val NaN}.",
    x = "{length(bad)} row{?s}: {.val {utils::head(bad, 3)}}.",
    i = "Infinite scores are ranked; {.val {NA}} leaves a pair out."
  ), argument = "object", rows = bad)
  for (column in intersect(origin_columns, names(x))) {
    table[[column]] <- as.character(x[[column]])
  }
  if ("query" %in% names(table)) check_query(table, "object")
  for (column in c(".pred_SL", ".threshold")) {
    if (column %in% names(x)) table[[column]] <- score_column(x, column)
  }
  check_probabilities(table[[".pred_SL"]])
  as_scored(table)
}

# Predictions of pairs whose label the model knew are evaluated separately.
status_parts <- function(x) {
  known <- (x[[".status"]] %||% rep("new", nrow(x))) %in% "known"
  tell_known(
    known, nrow(x), "{.code musl_metrics(fit, pairs)} adds the baseline."
  )
  ifelse(known, "known", "all")
}

score_column <- function(x, column) {
  value <- x[[column]]
  # A column of NA alone is logical.
  if (is.logical(value) && all(is.na(value)) && column != ".score") {
    value <- as.double(value)
  }
  abort_if(!is_plain_number(value), c(
    "{.arg object} must have the numeric column {.field {column}}.",
    x = "Found {describe_value(value)}."
  ), argument = "object")
  as.double(value)
}

check_probabilities <- function(p) {
  bad <- which(p < 0 | p > 1)
  abort_if(length(bad) > 0, c(
    "Column {.field .pred_SL} of {.arg object} must hold probabilities.",
    x = "{length(bad)} row{?s} {?is/are} not from 0 to 1:
         {.val {utils::head(p[bad], 3)}}."
  ), argument = "object", rows = bad)
  p
}

# list(groups, cell, rows, pairs, n_genes): `groups` has one row per run, part
# and scorer, given ones first, and `cell` numbers its runs and parts; `rows`
# holds the rows of each group in `pairs`, whose genes are 0-based indices. All
# scorers of a run and part have the same pairs.
as_scored <- function(table, groups = NULL) {
  by <- intersect(c(run_columns, "part", "scorer"), names(table))
  keys <- rbind(groups, table[by])
  group <- row_numbers(keys)
  groups <- keys[!duplicated(group), ]
  group <- utils::tail(group, nrow(table))
  genes <- unique_bytes(c(table$gene_a, table$gene_b))
  empty <- rep(NA_real_, nrow(table))
  pairs <- tibble(
    a = match(enc2utf8(table$gene_a), genes) - 1L,
    b = match(enc2utf8(table$gene_b), genes) - 1L,
    label = as.double(table$label == "SL"),
    score = table$.score,
    probability = table[[".pred_SL"]] %||% empty,
    cut = table[[".threshold"]] %||% empty,
    query = match(table[["query"]] %||% rep(NA, nrow(table)), genes) - 1L
  )
  rows <- split(seq_len(nrow(pairs)), factor(group, seq_len(nrow(groups))))
  key <- pmin(pairs$a, pairs$b) * length(genes) + pmax(pairs$a, pairs$b)
  # A measured pair has one row for each study, line and query.
  origin <- row_numbers(table[intersect(origin_columns, names(table))])
  key <- key + (origin - 1) * length(genes)^2
  check_distinct(table, pairs, rows, key)
  cell <- row_numbers(groups[setdiff(by, "scorer")])
  list(
    groups = groups, cell = cell, rows = common_rows(rows, cell, key, pairs),
    pairs = pairs, n_genes = length(genes)
  )
}

check_distinct <- function(table, pairs, rows, key) {
  self <- which(pairs$a == pairs$b)
  doubled <- unlist(lapply(rows, function(i) i[duplicated(key[i])]))
  bad <- c(self, doubled)
  shown <- show_pairs(table[bad, c("gene_a", "gene_b")])
  what <- if (length(self) > 0) "pairs of two genes" else "each pair once"
  abort_if(length(bad) > 0, c(
    "{.arg object} must hold {what} in a run, part and scorer.",
    x = "Found {shown}.",
    i = "The columns {.field {run_columns}} distinguish runs."
  ), argument = "object", rows = unname(bad))
}

# The rows of each group without pairs that some scorer of the same run and part
# has not scored, so that all scorers are evaluated on the same pairs.
common_rows <- function(rows, cell, key, pairs) {
  scored <- lapply(rows, function(i) i[!is.na(pairs$score[i])])
  lost <- 0
  for (groups in split(seq_along(rows), cell)) {
    keys <- lapply(scored[groups], function(i) key[i])
    all_keys <- unique(key[unlist(rows[groups])])
    shared <- Reduce(intersect, keys)
    if (length(shared) < length(all_keys)) {
      lost <- lost + length(all_keys) - length(shared)
      scored[groups] <- lapply(scored[groups], function(i) {
        i[key[i] %in% shared]
      })
    }
  }
  warn_if(lost > 0, c(
    "{lost} pair{?s} {?is/are} left out for all scorers of the same run and
     part.",
    x = "Some scorer has no score for {cli::qty(lost)}{?it/them}."
  ), n_lost = lost)
  scored
}
