#' Describe a model
#'
#' Adds facts to a model that only its author knows.
#' [musl_report()] and `summary()` show them, [musl_save()] saves them.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param ... Must be empty.
#' @param metrics The result of [musl_metrics()] on pairs that the model did not
#'   learn from, with baselines (of a split or of [musl_resample()]); or `NULL`
#'   to leave the model's metrics unchanged.
#' @param ceiling The best attainable performance, such as the result of
#'   [musl_replication()] for the studies that the labels come from; or a data
#'   frame; or `NULL`.
#' @param intended_use,limits Character, sentences that replace the default ones
#'   (`intended_use`) or are added to them (`limits`); or `NULL`.
#' @param name One string, the name and version of the model, or `NULL`.
#' @param sources A data frame of the files that it learned from, with licences
#'   and checksums, say; or `NULL`.
#' @returns The model.
#' @section Errors:
#'   `musl_error_input` if an argument is of another kind.
#' @examples
#' fit <- musl_describe(
#'   musl_example_model(),
#'   limits = "Simulated data: no statement on any gene."
#' )
#' musl_report(fit)
#' @export
musl_describe <- function(object, ..., metrics = NULL, ceiling = NULL,
                          intended_use = NULL, limits = NULL, name = NULL,
                          sources = NULL) {
  check_dots_empty()
  check_is(object, "MuslModel")
  check_is(metrics, "musl_metrics", allow_null = TRUE)
  check_is(ceiling, "data.frame", allow_null = TRUE)
  check_sentences(intended_use)
  check_sentences(limits)
  check_string(name, allow_null = TRUE)
  check_is(sources, "data.frame", allow_null = TRUE)
  given <- Filter(length, list(
    metrics = plain_columns(metrics), ceiling = plain_columns(ceiling),
    intended_use = intended_use, limits = limits, name = name,
    sources = plain_columns(sources)
  ))
  object@inputs$card[names(given)] <- given
  object
}

# What musl_report() returns of a model.
model_card <- function(object) {
  kept <- object@inputs$card
  structure(list(
    name = kept$name,
    data = kept$data,
    sources = kept$sources,
    labels = kept$labels,
    studies = object@inputs$studies,
    split = tibble(
      setting = object@split$setting, fold = object@split$fold,
      n_training = object@split$n_training,
      n_validation = object@split$n_validation,
      n_calibration = object@split$n_calibration %||% 0L,
      share_SL = if (has_epochs(object)) object@prior else NA_real_,
      n_genes = length(object@genes), n_seen_genes = sum(object@n_seen > 0)
    ),
    validation = card_validation(object),
    metrics = kept$metrics,
    ceiling = kept$ceiling,
    intended_use = kept$intended_use %||% one_line(c(
      "Research: ranking gene pairs for experiments on synthetic lethality.",
      if (learned_screens(object)) {
        "Choosing queries and partners for double-knockout screens."
      },
      "Not for decisions on patients; a score does not prove an interaction."
    )),
    limits = c(usual_limits(object, kept$labels), kept$limits)
  ), class = "musl_report")
}

check_sentences <- function(x, arg = caller_arg(x)) {
  if (!is.null(x) && (!is.character(x) || length(x) == 0 || anyNA(x))) {
    abort_argument(arg, "sentences or NULL", x)
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
  with_records(object, make_records(pairs, object@genes, object@known))
}

card_inputs <- function(data) {
  inside <- input_genes(data)
  evidence <- data@evidence
  further <- if (!is.null(evidence)) evidence_genes(evidence)
  further <- vapply(further, function(genes) sum(data@genes %in% genes), 1L)
  samples <- count_samples(data)
  names <- c(names(inside), names(further))
  tibble(
    input = as.character(names),
    n_genes = as.integer(c(vapply(inside, sum, 1L), further)),
    n_samples = unname(samples[names])
  )
}

card_labels <- function(pairs) {
  labelled <- labelled_pairs(pairs)
  kind <- ifelse(
    labelled$measured, "measured",
    ifelse(labelled$sampled, "sampled", "recorded")
  )
  of <- tibble(study = labelled$study, kind = kind)
  rows <- unique(of)
  rows <- rows[order(rows$kind, rows$study, method = "radix"), ]
  at <- utils::tail(row_numbers(rbind(rows, of)), nrow(of))
  rows$n_SL <- tabulate(at[labelled$label %in% "SL"], nrow(rows))
  rows$n_non_SL <- tabulate(at[labelled$label %in% "non_SL"], nrow(rows))
  rows
}

# The last phase at the epochs kept, mean over networks, and chance.
card_validation <- function(object) {
  last <- last_phase(object)
  table <- calibration_table(object@calibration)
  found <- tibble(
    .metric = c("auroc", "auprc", "auroc", "auprc"),
    scorer = rep(c("MuSL", "random order"), each = 2),
    .estimate = nan_to_na(c(
      mean(last$valid_auroc), mean(last$valid_auprc), 0.5,
      sum(table$n_SL) / sum(table$n_pairs)
    ))
  )
  found[rep(has_epochs(object), nrow(found)), ]
}

# Its sentences, and how it is printed -----------------------------------------

usual_limits <- function(object, labels) {
  n <- length(object@genes)
  unseen <- sum(object@n_seen == 0)
  recorded <- labels[labels$kind == "recorded", ]
  sampled <- !is.null(labels) &&
    (any(labels$kind == "sampled") || sum(recorded$n_SL) > 0 &&
      sum(recorded$n_non_SL) == 0)
  one_line(c(
    if (unseen > 0) {
      sprintf(
        "%s of %s genes were in no training pair: scores of pairs with them
         (n_unseen 1 or 2) are less certain.", count_text(unseen), count_text(n)
      )
    },
    if (has_epochs(object)) {
      c(
        sprintf(
          "The network's probabilities assume that %s %% of pairs are SL; pass
           prior for another share.", format(100 * object@prior, digits = 3)
        ),
        "Validation figures are optimistic: that part also chose the epochs.",
        popularity_text(object@known)
      )
    },
    if (sampled) {
      "Negatives were sampled from unlabelled pairs, some of which are SL."
    },
    if (learned_screens(object)) {
      "Probabilities of scorers of screens assume a genome-scale screen with
       1.35 % of hits at an average anchor; real anchors had from a fifth to
       three times as many."
    },
    if (length(object@inputs$doubtful) > 0) {
      paste0(
        "Pairs whose labels say little were not learned from (",
        paste(object@inputs$doubtful, collapse = "; "), ")."
      )
    },
    if (isFALSE(features_info(object)$screens)) {
      "Probabilities refer to recorded pairs at the stated prior, 1.35 % by
       default; the model learned from no screen."
    },
    # Whoever names the sources has looked at what may be shared.
    if (keeps_profiles(object) && is.null(object@inputs$card$sources)) {
      "The model keeps binned expression, which is individual-level data: save
       it with keep = \"none\" before you share it."
    },
    if (length(object@cohorts) > 0) {
      "Expression unlike the training data shifts scores; see musl_drift()."
    }
  ))
}

# Without non-SL pairs, which were drawn then, there is nothing to say.
popularity_text <- function(known) {
  auroc <- if (all(pair_labels %in% known$label)) popularity_auroc(known)
  if (isTRUE(auroc >= popularity_limit)) {
    sprintf(
      "Genes of non-SL pairs are less studied than those of SL pairs (AUROC
       %.2f by the number of SL pairs alone): the network's scores follow it;
       musl_partners() orders lists by the relation too.", auroc
    )
  }
}

keeps_profiles <- function(object) {
  of_network <- has_epochs(object) && isTRUE(network_facts(object)$keeps_inputs)
  length(object@cohorts) > 0 && (keeps_feature_profiles(object) || of_network)
}

# Joins sentences that span several source lines.
one_line <- function(x) gsub("\\s+", " ", x)

#' @export
print.musl_report <- function(x, ...) {
  cat(paste(c("<musl_report>", x$name), collapse = " "), "\n", sep = "")
  titles <- c(
    split = "Training", data = "Inputs", sources = "Sources",
    labels = "Labels by study", studies = "Agreement of studies",
    validation = "Validation part",
    metrics = "Held-out metrics", ceiling = "Ceiling"
  )
  for (part in names(titles)) {
    if (NROW(x[[part]]) > 0) {
      cat(titles[[part]], "\n", sep = "")
      print(x[[part]])
    }
  }
  if (is.null(x$metrics)) {
    cat("Held-out metrics: none; add them with musl_describe().\n")
  }
  cat("Intended use\n", paste0("  ", x$intended_use, "\n"), sep = "")
  cat("Limits\n", paste0("  ", x$limits, "\n"), sep = "")
  invisible(x)
}
