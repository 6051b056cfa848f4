#' Look into a model
#'
#' Methods that summarise a [MuslModel][musl_fit()].
#'
#' @param object,x A `MuslModel`.
#' @param data Pairs to predict, or `NULL` for the labelled pairs that were
#'   known when the model was fitted.
#' @param what "phases" or "history".
#' @param ... For `augment()`, further arguments of
#'   [predict()][predict.MuslModel] but its `data`; else must be empty.
#' @returns `show()` prints a short description. `summary()` returns a list of
#'   `glance`, `calibration` (tibble, one row per number of unseen genes:
#'   `n_unseen`, the line's `slope` and `intercept`, the calibration pairs,
#'   `n_pairs`, and `n_SL` of them, and `own`, `TRUE` if these are enough for
#'   sets and intervals), `architecture`, `control`, `scorers` (tibble `scorer`,
#'   `weight` in the score), `cohorts` (tibble), `versions` and `card`, the
#'   [report][musl_report()]. `tidy()` returns one
#'   row per network and training phase: `member`, `phase`, `n_epochs`,
#'   `best_epoch`, and at the best epoch `loss`, `valid_loss`, `valid_auroc`,
#'   `valid_auprc`; and one row per scorer that reads features of pairs, with
#'   its name as `phase` and its `weight` in `.score`. `tidy(what = "history")`
#'   returns one row per epoch of a phase: `member`, `phase`, `epoch` (0 is the
#'   untrained network), `loss` (mean over the training pairs; `NA` at epoch 0),
#'   `valid_loss`, `valid_auroc`, `valid_auprc`, `learning_rate`, `seconds` and
#'   `best` (`TRUE` for the epoch whose weights were kept). `glance()` returns
#'   one row: `n_genes`, `n_seen_genes`, `n_parameters`, `encoders` (separated
#'   by "+"), `n_training`, `n_validation` (for an ensemble: pairs that at least
#'   one network learned from, or held out), `prior` (the share of SL among the
#'   network's training pairs; without a network the one that probabilities
#'   assume), `setting`, `fold`, `epochs` (of all phases and networks),
#'   `valid_auroc`, `valid_auprc` (best epoch of the last phase),
#'   `keeps_inputs`, `device`, `seed`, `elapsed` (seconds). Without a network,
#'   `calibration`, `architecture` and `control` of `summary()` are `NULL`;
#'   without a backend `n_parameters` and `keeps_inputs` of a network are `NA`.
#'   `augment()` returns `data` (the labelled pairs, recorded and measured, that
#'   were known when the model was fitted) with the columns of `predict()`.
#'   `autoplot()` plots loss and validation metrics by epoch; a ring marks the
#'   epoch whose weights were kept, thin lines are networks of an ensemble.
#' @section Errors:
#'   `musl_error_input` from `autoplot()` if the model has no network.
#' @examples
#' fit <- musl_example_model()
#' fit
#' summary(fit)
#' tidy(fit)
#' glance(fit)
#' autoplot(fit)
#' augment(fit, musl_pairs(musl_simulate("small", seed = 1))[1:3, ])
#' @name MuslModel-methods
NULL

#' @rdname MuslModel-methods
#' @export
setMethod("show", "MuslModel", function(object) {
  facts <- glance(object)
  trained <- has_epochs(object)
  name <- object@inputs$card$name
  cat(
    "<MuslModel> ", if (trained) {
      paste0(facts$encoders, ", ", if (is.na(facts$n_parameters)) {
        "not loaded without LibTorch"
      } else {
        paste(count_text(facts$n_parameters), "parameters")
      })
    } else {
      # What scorers of features learned from.
      kind <- if (learned_screens(object)) "measured" else "recorded"
      paste("of", kind, "pairs")
    }, if (!is.null(name)) paste0(": ", name), "\n",
    "  genes:      ", count_text(facts$n_genes), " (", object@id_type, "), ",
    count_text(facts$n_seen_genes), " seen in training\n",
    "  training:   ", count_text(facts$n_training), " pairs",
    if (trained) training_text(object, facts), "\n",
    "  scorers:    ", scorers_text(object), "\n",
    if (!isTRUE(facts$keeps_inputs)) {
      c("  inputs:     ", inputs_text(facts$keeps_inputs, trained), "\n")
    },
    "  made by:    MuSL ", object@versions$MuSL, " on ", facts$device,
    ", seed ", facts$seed,
    if (!is.na(facts$elapsed)) {
      c(", ", format(facts$elapsed, digits = 2), " s")
    },
    "\n",
    sep = ""
  )
})

has_epochs <- function(object) nrow(object@history) > 0

training_text <- function(object, facts) {
  n <- length(unique(object@history$member))
  c(
    ", ", format(100 * facts$prior, digits = 3), " % SL; ", facts$setting,
    if (!is.na(facts$fold)) paste(", fold", facts$fold), "\n",
    "  validation: ", count_text(facts$n_validation), " pairs, AUROC ",
    format(facts$valid_auroc, digits = 3), ", AUPRC ",
    format(facts$valid_auprc, digits = 3),
    # Each network of an ensemble is evaluated alone, on its validation part:
    # the mean says nothing about the ensemble.
    if (n > 1) sprintf("\n              (mean of %d networks, each alone)", n)
  )
}

# "0.33 linear + 0.67 boosting; in lists also relation"
scorers_text <- function(object) {
  table <- scorer_table(object)
  scores <- table$weight > 0
  text <- paste(
    signif(table$weight[scores], 2), table$scorer[scores],
    collapse = " + "
  )
  others <- setdiff(table$scorer[!scores], "musl")
  paste(c(text, if (length(others) > 0) {
    paste("in lists also", toString(others))
  }), collapse = "; ")
}

inputs_text <- function(kept, of_network) {
  if (is.na(kept)) {
    return("unknown without LibTorch")
  }
  paste0(
    if (of_network) "not kept" else "without expression profiles",
    ": predict with `data`"
  )
}

#' @rdname MuslModel-methods
#' @method summary MuslModel
#' @export
summary.MuslModel <- function(object, ...) {
  check_dots_empty()
  network <- has_epochs(object)
  list(
    glance = glance(object),
    calibration = if (network) calibration_table(object@calibration),
    architecture = if (network) object@architecture,
    control = if (network) object@control,
    scorers = scorer_table(object),
    cohorts = cohort_table(object@cohorts),
    versions = object@versions,
    card = model_card(object)
  )
}

calibration_table <- function(calibration) {
  tibble(
    n_unseen = 0:2,
    slope = calibration$slope,
    intercept = calibration$intercept,
    n_pairs = calibration$n_pairs,
    n_SL = vapply(calibration$scores, function(x) length(x$SL), 1L),
    own = calibration$n_pairs >= min_calibration
  )
}

cohort_table <- function(cohorts) {
  of <- function(field, type) unname(vapply(cohorts, `[[`, type, field))
  tibble(
    cohort = of("name", ""), n_genes = of("n_genes", 1L),
    n_samples = of("n_samples", 1L),
    assays = unname(lapply(cohorts, `[[`, "assays")), scale = of("scale", "")
  )
}

#' @rdname MuslModel-methods
#' @export
tidy.MuslModel <- function(x, what = c("phases", "history"), ...) {
  check_dots_empty()
  what <- check_choice(what, c("phases", "history"))
  if (what == "history") {
    return(x@history)
  }
  phases <- phase_rows(x@history)
  # Scorers of features have no phases; one row each.
  scorers <- scorer_table(x)
  scorers <- scorers[scorers$scorer != "musl", ]
  if (nrow(scorers) == 0) {
    return(phases)
  }
  rows <- phases[rep(NA_integer_, nrow(scorers)), ]
  rows$phase <- scorers$scorer
  rows$weight <- scorers$weight
  phases$weight <- rep(0, nrow(phases))
  rbind(phases, rows)
}

# One row per network and phase, at its best epoch.
phase_rows <- function(history) {
  run <- paste(history$member, history$phase)
  best <- history[history$best, ]
  last <- tapply(history$epoch, run, max)
  tibble(
    member = best$member, phase = best$phase,
    n_epochs = as.integer(last[run[history$best]]),
    best_epoch = best$epoch, loss = best$loss, valid_loss = best$valid_loss,
    valid_auroc = best$valid_auroc, valid_auprc = best$valid_auprc
  )
}

# That of each network, which it is judged by.
last_phase <- function(object) {
  phases <- phase_rows(object@history)
  phases[phases$phase == utils::tail(phases$phase, 1), ]
}

#' @rdname MuslModel-methods
#' @export
glance.MuslModel <- function(x, ...) {
  check_dots_empty()
  info <- network_facts(x)
  last <- last_phase(x)
  tibble(
    n_genes = length(x@genes),
    n_seen_genes = sum(x@n_seen > 0),
    n_parameters = info$n_parameters,
    encoders = paste(x@architecture$encoders, collapse = "+"),
    n_training = x@split$n_training,
    n_validation = x@split$n_validation,
    prior = x@prior,
    setting = x@split$setting,
    fold = x@split$fold,
    epochs = sum(phase_rows(x@history)$n_epochs),
    valid_auroc = nan_to_na(mean(last$valid_auroc)),
    valid_auprc = nan_to_na(mean(last$valid_auprc)),
    keeps_inputs = info$keeps_inputs,
    device = x@device,
    seed = x@seed,
    elapsed = x@inputs$elapsed
  )
}

#' @rdname MuslModel-methods
#' @export
augment.MuslModel <- function(x, data = NULL, ...) {
  # `data` is broom's name for the table; predict() has another `data`.
  abort_if(is(data, "MuslData"), c(
    "{.arg data} must be the pairs to predict.",
    x = "It is a {.cls MuslData}.",
    i = "To predict from other data, call
         {.code predict(x, new_pairs, data = data)}."
  ), argument = "data")
  labels <- c("gene_a", "gene_b", "label")
  predict(x, if (is.null(data)) model_labels(x)[labels] else data, ...)
}
