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
#'   class `musl_model_summary` with `glance`, `calibration` (tibble, one row
#'   per number of unseen genes: `n_unseen`, the line's `slope` and `intercept`,
#'   the calibration pairs, `n_pairs`, and `n_SL` of them, and `own`, `TRUE` if
#'   these are enough for sets and intervals), `architecture`, `control`,
#'   `members` (tibble `member`, `weight` in the score), `sources` (tibble),
#'   `versions` and `card`, the [report][musl_report()]. `tidy()` returns one
#'   row per network and training phase: `member`, `phase`, `n_epochs`,
#'   `best_epoch`, and at the best epoch `loss`, `valid_loss`, `valid_auroc`,
#'   `valid_auprc`; and for models of measured pairs one row per member that
#'   learned from them, with its name as `phase` and its `weight` in `.score`.
#'   `tidy(what = "history")` returns one row per epoch of a phase: `member`,
#'   `phase`, `epoch` (0 is the untrained network), `loss` (mean over the
#'   training pairs; `NA` at epoch 0), `valid_loss`, `valid_auroc`,
#'   `valid_auprc`, `learning_rate`, `seconds` and `best` (`TRUE` for the epoch
#'   whose weights were kept). `glance()` returns one row: `n_genes`,
#'   `n_seen_genes`, `n_parameters`, `encoders` (separated by "+"),
#'   `n_training`, `n_validation` (for an ensemble: pairs that at least one
#'   network learned from, or held out), `prior` (the share of SL among the
#'   network's training pairs; without a network the one that probabilities
#'   assume), `setting`, `fold`, `epochs` (of all phases and networks),
#'   `valid_auroc`, `valid_auprc` (best epoch of the last phase),
#'   `keeps_inputs`, `device`, `seed`, `elapsed` (seconds). Without a network,
#'   `calibration`, `architecture` and `control` of `summary()` are `NULL`;
#'   without a backend `n_parameters` and `keeps_inputs` of a network are `NA`.
#'   `augment()` returns `data` (the labelled pairs, recorded and measured, that
#'   were known when the model was fitted) with the columns of `predict()`.
#' @examples
#' fit <- musl_example_model()
#' fit
#' summary(fit)
#' tidy(fit)
#' glance(fit)
#' augment(fit, musl_pairs(musl_simulate("small", seed = 1))[1:3, ])
#' @name MuslModel-methods
NULL

#' @rdname MuslModel-methods
#' @export
setMethod("show", "MuslModel", function(object) {
  if (!has_network(object)) {
    return(show_measured(object))
  }
  facts <- glance(object)
  size <- if (!is.na(facts$n_parameters)) {
    paste(count_text(facts$n_parameters), "parameters")
  } else {
    "not loaded without LibTorch"
  }
  cat(
    "<MuslModel> ", facts$encoders, ", ", size, "\n",
    "  genes:      ", count_text(facts$n_genes), " (", object@id_type, "), ",
    count_text(facts$n_seen_genes), " seen in training\n",
    "  training:   ", count_text(facts$n_training), " pairs, ",
    format(100 * facts$prior, digits = 3), " % SL; ", facts$setting,
    if (!is.na(facts$fold)) paste(", fold", facts$fold), "\n",
    "  validation: ", count_text(facts$n_validation), " pairs, AUROC ",
    format(facts$valid_auroc, digits = 3), ", AUPRC ",
    format(facts$valid_auprc, digits = 3), apart_text(object), "\n",
    "  calibrated: ", calibration_text(object), "\n",
    "  inputs:     ", inputs_text(facts$keeps_inputs), "\n",
    if (has_measured_members(object)) {
      c("  measured:   ", members_text(object), "\n")
    },
    "  made by:    MuSL ", object@versions$MuSL, " on ", facts$device,
    ", seed ", facts$seed, ", ", format(facts$elapsed, digits = 2), " s\n",
    sep = ""
  )
})

# Each network of an ensemble is evaluated alone, on its validation part: the
# mean says nothing about the ensemble.
apart_text <- function(object) {
  n <- n_networks(object)
  if (n < 2) {
    return("")
  }
  sprintf(
    paste0(
      "\n              (mean of %d networks, each alone on the pairs it held",
      " out;\n              the others trained on some of these)"
    ), n
  )
}

show_measured <- function(object) {
  facts <- glance(object)
  name <- object@inputs$card$name
  cat(
    "<MuslModel> of ",
    if (learned_screens(object)) "measured" else "recorded", " pairs",
    if (!is.null(name)) paste0(": ", name),
    "\n  genes:      ", count_text(facts$n_genes), " (", object@id_type, "), ",
    count_text(facts$n_seen_genes), " seen in training\n",
    "  training:   ", count_text(facts$n_training), " pairs\n",
    "  members:    ", members_text(object), "\n",
    if (!facts$keeps_inputs) {
      "  inputs:     without expression profiles: predict with `data`\n"
    },
    "  made by:    MuSL ", object@versions$MuSL, ", seed ", facts$seed, ", ",
    format(facts$elapsed, digits = 2), " s\n",
    sep = ""
  )
}

# "0.33 linear + 0.67 boosting + 0.3 evidence"
members_text <- function(object) {
  table <- member_table(object)
  table <- table[table$member != "network", ]
  paste(signif(table$weight, 2), table$member, collapse = " + ")
}

inputs_text <- function(kept) {
  if (is.na(kept)) {
    return("unknown without LibTorch")
  }
  if (kept) "kept" else "not kept: predict with `data`"
}

calibration_text <- function(object) {
  n_pairs <- count_text(object@calibration$n_pairs)
  paste0(
    "on ", paste(n_pairs, collapse = " / "),
    " pairs with 0 / 1 / 2 unseen genes",
    if (n_networks(object) > 1) ", counted once per network"
  )
}

n_networks <- function(object) length(unique(object@history$member))

#' @rdname MuslModel-methods
#' @method summary MuslModel
#' @export
summary.MuslModel <- function(object, ...) {
  check_dots_empty()
  network <- has_network(object)
  structure(
    list(
      glance = glance(object),
      calibration = if (network) calibration_table(object@calibration),
      architecture = if (network) object@architecture,
      control = if (network) object@control,
      members = member_table(object),
      sources = source_table(object@sources),
      versions = object@versions,
      card = model_card(object)
    ),
    class = "musl_model_summary"
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

source_table <- function(sources) {
  sources <- unname(sources)
  tibble(
    source = vapply(sources, function(source) source$name, ""),
    n_genes = vapply(sources, function(source) source$n_genes, 1L),
    n_samples = vapply(sources, function(source) source$n_samples, 1L),
    assays = lapply(sources, function(source) source$assays),
    scale = vapply(sources, function(source) source$scale, "")
  )
}

#' @export
print.musl_model_summary <- function(x, ...) {
  facts <- x$glance
  cat(
    "MuSL model: ", count_text(facts$n_genes), " genes, ",
    count_text(facts$n_training), " training and ",
    count_text(facts$n_validation), " validation pairs\n",
    sep = ""
  )
  cat("Members\n")
  print(x$members)
  if (!is.null(x$architecture)) {
    print(x$architecture)
    print(x$control)
  }
  cat("Expression sources\n")
  print(x$sources)
  if (!is.null(x$calibration)) {
    cat("Calibration by number of unseen genes\n")
    print(x$calibration)
  }
  print(x$card)
  cat("Versions:", paste(names(x$versions), x$versions, collapse = ", "), "\n")
  invisible(x)
}

#' @rdname MuslModel-methods
#' @export
tidy.MuslModel <- function(x, what = c("phases", "history"), ...) {
  check_dots_empty()
  what <- check_choice(what, c("phases", "history"))
  if (what == "history") {
    return(x@history)
  }
  history <- x@history
  run <- paste(history$member, history$phase)
  runs <- unique(run)
  best <- history[history$best, ]
  best <- best[match(runs, run[history$best]), ]
  n_epochs <- vapply(runs, function(one) {
    max(history$epoch[run == one])
  }, 1L, USE.NAMES = FALSE)
  first <- match(runs, run)
  phases <- tibble(
    member = history$member[first],
    phase = history$phase[first],
    n_epochs = n_epochs,
    best_epoch = best$epoch,
    loss = best$loss,
    valid_loss = best$valid_loss,
    valid_auroc = best$valid_auroc,
    valid_auprc = best$valid_auprc
  )
  if (has_measured_members(x)) phases <- add_members(phases, x)
  phases
}

# Members for measured pairs have no phases; one row each.
add_members <- function(phases, x) {
  table <- member_table(x)
  table <- table[table$member != "network", ]
  n <- nrow(table)
  phases$weight <- rep(0, nrow(phases))
  rbind(phases, tibble(
    member = rep(NA_integer_, n), phase = table$member,
    n_epochs = rep(NA_integer_, n), best_epoch = rep(NA_integer_, n),
    loss = rep(NA_real_, n), valid_loss = rep(NA_real_, n),
    valid_auroc = rep(NA_real_, n), valid_auprc = rep(NA_real_, n),
    weight = table$weight
  ))
}

#' @rdname MuslModel-methods
#' @export
glance.MuslModel <- function(x, ...) {
  check_dots_empty()
  info <- network_info(x)
  phases <- tidy(x)
  phases <- phases[!is.na(phases$n_epochs), ]
  last <- phases[phases$phase == utils::tail(phases$phase, 1), ]
  tibble(
    n_genes = length(x@genes),
    n_seen_genes = sum(x@n_seen > 0),
    n_parameters = info$n_parameters,
    encoders = if (has_network(x)) {
      paste(x@architecture$encoders, collapse = "+")
    } else {
      ""
    },
    n_training = x@split$n_training,
    n_validation = x@split$n_validation,
    prior = x@prior,
    setting = x@split$setting,
    fold = x@split$fold,
    epochs = sum(phases$n_epochs),
    valid_auroc = nan_to_na(mean(last$valid_auroc)),
    valid_auprc = nan_to_na(mean(last$valid_auprc)),
    keeps_inputs = info$keeps_inputs,
    device = x@device,
    seed = x@seed,
    elapsed = x@inputs$elapsed
  )
}

# Facts of a network that need the backend are NA without it.
network_info <- function(object) {
  if (!has_network(object)) {
    list(n_parameters = 0, keeps_inputs = !lacks_member_profiles(object))
  } else if (has_backend()) {
    with_core(cpp_model_info(live_model(object)))
  } else {
    list(n_parameters = NA_real_, keeps_inputs = NA)
  }
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
  predict(x, if (is.null(data)) model_labels(x) else data, ...)
}

# The pairs whose recorded or measured label the model knows; with `genes`,
# measured pairs that are neither SL nor recorded nor of these genes may lack.
model_labels <- function(object, genes = NULL) {
  if (!has_measured_members(object)) {
    return(object@known)
  }
  known <- as_tibble(as.list(object@known)[c("gene_a", "gene_b", "label")])
  measured <- measured_record(object, object@genes)
  if (!is.null(genes)) {
    at <- match(genes, object@genes)
    kept <- measured$hit | measured$a %in% at | measured$b %in% at |
      pair_numbers(measured$a, measured$b, object) %in%
        known_numbers(object, known)
    measured <- lapply(measured, `[`, kept)
  }
  with_measured(known, measured, object@genes)
}
