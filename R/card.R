#' Model card
#'
#' `musl_card()` reports a model's training data, evaluation, intended use and
#' limits; `musl_describe()` adds facts that only its author knows.
#' The card is part of the model: [summary()][MuslModel-methods] prints it,
#' [musl_save()] saves it, and [musl_write_report()] includes it.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param metrics The result of [musl_metrics()] on pairs that the model did not
#'   learn from, with baselines (of a split or of [musl_resample()]); or `NULL`
#'   to leave the card's metrics unchanged.
#' @param ceiling The best attainable performance, such as the result of
#'   [musl_replication()] for the studies that the labels come from: how well
#'   one laboratory's scores rank another's hits; or a data frame; or `NULL`.
#' @param intended_use,limits Character, sentences that replace the default ones
#'   (`intended_use`) or are added to them (`limits`); or `NULL`.
#' @param ... Must be empty.
#' @returns `musl_describe()`: the model.
#'   `musl_card()`: a list of class `musl_card`:
#'   * `data`: tibble, one row per input: `input`, `n_genes`, `n_samples` (`NA`
#'     if it has none);
#'   * `labels`: tibble, one row per source of labels, those of a split's test
#'     parts included: `source` (`NA` if unnamed), `kind` (recorded, measured,
#'     sampled), `n_SL`, `n_non_SL`;
#'   * `split`: tibble of one row: `setting`, `fold`, `n_training`,
#'     `n_validation`, `n_calibration` (see [musl_fit()]), `share_SL` (of the
#'     pairs that the network learned from), `n_genes`, `n_seen_genes`;
#'   * `validation`: tibble `.metric`, `scorer`, `.estimate`: the network at the
#'     epochs kept and a random order, on the pairs that chose these epochs and
#'     calibrated the network; no rows without a network;
#'   * `metrics`, `ceiling`: tibbles as given, or `NULL`;
#'   * `intended_use`, `limits`: character.
#'   For models from versions without cards, the card shows what can be derived
#'   from the model; their labels have no source.
#' @section Source:
#'   Mitchell et al. (2019), Model cards for model reporting, FAT*.
#' @seealso [musl_write_report()]
#' @examples
#' d <- musl_simulate("small", seed = 1, screens = TRUE)
#' fit <- musl_fit(d,
#'   control = musl_control(seed = 1, threads = 1),
#'   network = FALSE, progress = FALSE
#' )
#' fit <- musl_describe(fit,
#'   ceiling = musl_replication(musl_pairs(d), min_hits = 3),
#'   limits = "Simulated data: no statement on any gene."
#' )
#' musl_card(fit)
#' @export
musl_card <- function(object) {
  check_is(object, "MuslModel")
  kept <- object@inputs$card
  structure(list(
    data = kept$data %||% source_inputs(object),
    labels = kept$labels %||% known_labels(object),
    split = card_split(object),
    validation = card_validation(object),
    metrics = kept$metrics,
    ceiling = kept$ceiling,
    intended_use = kept$intended_use %||% usual_intention(object),
    limits = c(usual_limits(object, kept$labels), kept$limits)
  ), class = "musl_card")
}

#' @rdname musl_card
#' @export
musl_describe <- function(object, ..., metrics = NULL, ceiling = NULL,
                          intended_use = NULL, limits = NULL) {
  check_dots_empty()
  check_is(object, "MuslModel")
  check_is(metrics, "musl_metrics", allow_null = TRUE)
  check_is(ceiling, "data.frame", allow_null = TRUE)
  check_sentences(intended_use)
  check_sentences(limits)
  given <- list(
    metrics = plain_columns(metrics), ceiling = plain_columns(ceiling),
    intended_use = intended_use, limits = limits
  )
  for (name in names(given)[!vapply(given, is.null, TRUE)]) {
    object@inputs$card[[name]] <- given[[name]]
  }
  object
}

check_sentences <- function(x, arg = caller_arg(x), call = caller_env()) {
  if (!is.null(x) && (!is.character(x) || length(x) == 0 || anyNA(x))) {
    abort_argument(arg, "sentences or NULL", x, call)
  }
}

# The parts of a table that a file can store: no extra class, no lists, no
# matrices.
plain_columns <- function(x) {
  if (is.null(x)) {
    return(NULL)
  }
  columns <- unclass(x)[names(x)]
  flat <- vapply(columns, function(column) {
    is.atomic(column) && is.null(dim(column))
  }, TRUE)
  tibble::as_tibble(lapply(columns[flat], function(column) {
    # The numbers of a date would not tell it.
    as_text <- inherits(column, c("factor", "Date", "POSIXt"))
    if (as_text) as.character(column) else as.vector(column)
  }))
}

# Adds the description of its data to a fitted model.
with_card <- function(object, data, split = NULL) {
  pairs <- if (is.null(split)) data@pairs else split$pairs
  object@inputs$card <- list(
    data = card_inputs(data), labels = card_labels(pairs)
  )
  object
}

card_inputs <- function(data) {
  inside <- input_genes(data)
  evidence <- data_evidence(data)
  further <- if (!is.null(evidence)) evidence_genes(evidence)
  further <- vapply(further, function(genes) sum(data@genes %in% genes), 1L)
  samples <- vapply(data@sources, function(s) ncol(s$assays[[1]]), 1L)
  names <- c(names(inside), names(further))
  tibble(
    input = as.character(names),
    n_genes = as.integer(c(vapply(inside, sum, 1L), further)),
    n_samples = unname(samples[names])
  )
}

# For a model without a card.
source_inputs <- function(object) {
  table <- source_table(object@sources)
  tibble(
    input = table$source, n_genes = table$n_genes, n_samples = table$n_samples
  )
}

card_labels <- function(pairs) {
  labelled <- labelled_pairs(pairs)
  kind <- ifelse(
    labelled$measured, "measured",
    ifelse(labelled$sampled, "sampled", "recorded")
  )
  count_labels(labelled$source, kind, labelled$label)
}

known_labels <- function(object) {
  known <- object@known
  count_labels(
    rep(NA_character_, nrow(known)), rep("recorded", nrow(known)), known$label
  )
}

count_labels <- function(source, kind, label) {
  rows <- unique(tibble(source = source, kind = kind))
  rows <- rows[order(rows$kind, rows$source, method = "radix"), ]
  at <- match(
    paste(source, kind, sep = "\r"), paste(rows$source, rows$kind, sep = "\r")
  )
  rows$n_SL <- tabulate(at[label %in% "SL"], nrow(rows))
  rows$n_non_SL <- tabulate(at[label %in% "non_SL"], nrow(rows))
  rows
}

card_split <- function(object) {
  tibble(
    setting = object@split$setting, fold = object@split$fold,
    n_training = object@split$n_training,
    n_validation = object@split$n_validation,
    n_calibration = object@split$n_calibration %||% 0L,
    share_SL = if (has_network(object)) object@prior else NA_real_,
    n_genes = length(object@genes), n_seen_genes = sum(object@n_seen > 0)
  )
}

# The last phase at the epochs kept, mean over networks, and chance.
card_validation <- function(object) {
  none <- tibble(
    .metric = character(), scorer = character(), .estimate = numeric()
  )
  if (!has_network(object)) {
    return(none)
  }
  phases <- tidy(object)
  phases <- phases[!is.na(phases$n_epochs), ]
  last <- phases[phases$phase == utils::tail(phases$phase, 1), ]
  tibble(
    .metric = c("auroc", "auprc", "auroc", "auprc"),
    scorer = rep(c("MuSL", "random order"), each = 2),
    .estimate = c(
      nan_to_na(mean(last$valid_auroc)), nan_to_na(mean(last$valid_auprc)),
      0.5, validation_share(object@calibration)
    )
  )
}

validation_share <- function(calibration) {
  scores <- complete_calibration(calibration)$scores
  count <- function(label) {
    sum(vapply(scores, function(one) length(one[[label]]), 1L))
  }
  nan_to_na(count("SL") / (count("SL") + count("non_SL")))
}
