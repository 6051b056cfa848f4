# The sentences of a model card, and its print method.

usual_intention <- function(object) {
  one_line(c(
    "Research: ranking gene pairs for experiments on synthetic lethality.",
    if (learned_screens(object)) {
      "Choosing queries and partners for double-knockout screens."
    },
    "Not for decisions on patients; a score does not prove an interaction."
  ))
}

usual_limits <- function(object, labels) {
  n <- length(object@genes)
  unseen <- sum(object@n_seen == 0)
  sampled <- !is.null(labels) &&
    (any(labels$kind == "sampled") || has_no_negatives(labels))
  one_line(c(
    if (unseen > 0) {
      sprintf(
        "%s of %s genes were in no training pair: scores of pairs with them
         (n_unseen 1 or 2) are less certain.", count_text(unseen), count_text(n)
      )
    },
    if (has_network(object)) {
      sprintf(
        "The network's probabilities assume that %s %% of pairs are SL; pass
         prior for another share.", format(100 * object@prior, digits = 3)
      )
    },
    if (has_network(object)) {
      "Validation figures are optimistic: that part also chose the epochs."
    },
    if (has_network(object)) popularity_text(object@known),
    if (sampled) {
      "Negatives were sampled from unlabelled pairs, some of which are SL."
    },
    if (learned_screens(object)) {
      "Probabilities of measured members assume a genome-scale screen with
       1.35 % of hits at an average anchor; real anchors had from a fifth to
       three times as many."
    },
    if (has_measured_members(object) && !learned_screens(object)) {
      "Probabilities refer to recorded pairs at the stated prior, 1.35 % by
       default; the model learned from no screen."
    },
    if (keeps_profiles(object)) {
      "The model keeps binned expression, which is individual-level data: save
       it with keep = \"none\" before you share it."
    },
    if (length(object@sources) > 0) {
      "Expression unlike the training data shifts scores; see musl_drift()."
    }
  ))
}

# Without non-SL pairs, which were drawn then, there is nothing to say.
popularity_text <- function(known) {
  if (!all(c("SL", "non_SL") %in% known$label)) {
    return(NULL)
  }
  auroc <- popularity_auroc(known)
  if (auroc >= popularity_limit) {
    sprintf(
      "Genes of non-SL pairs are less studied than those of SL pairs (AUROC
       %.2f by the number of SL pairs alone): the network's scores follow it;
       musl_partners() orders lists by pair evidence too.", auroc
    )
  }
}

has_no_negatives <- function(labels) {
  recorded <- labels[labels$kind == "recorded", ]
  sum(recorded$n_SL) > 0 && sum(recorded$n_non_SL) == 0
}

# Pairs that were held out besides the validation part.
calibrated_on <- function(split) {
  if (split$n_calibration > 0) {
    paste0(
      ", calibrated on ", count_text(split$n_calibration),
      " more of two seen genes"
    )
  }
}

keeps_profiles <- function(object) {
  if (length(object@sources) == 0) {
    return(FALSE)
  }
  keeps_member_profiles(object) || has_network(object) &&
    has_backend() && glance(object)$keeps_inputs
}

# Joins sentences that span several source lines.
one_line <- function(x) gsub("\\s+", " ", x)

#' @export
print.musl_card <- function(x, ...) {
  split <- x$split
  cat(
    "<musl_card>\nTrained on ", count_text(split$n_training), " pairs",
    if (!is.na(split$share_SL)) {
      paste0(" (", format(100 * split$share_SL, digits = 3), " % SL)")
    },
    ", validated on ", count_text(split$n_validation), calibrated_on(split),
    "; split: ",
    split$setting,
    if (!is.na(split$fold)) paste0(", fold ", split$fold), "; ",
    count_text(split$n_seen_genes), " of ", count_text(split$n_genes),
    " genes seen\n",
    sep = ""
  )
  card_table(x$data, "Inputs")
  card_table(x$labels, "Labels by source")
  card_table(x$validation, "Validation part")
  if (is.null(x$metrics)) {
    cat("Held-out metrics: none; add them with musl_describe().\n")
  }
  card_table(x$metrics, "Held-out metrics")
  card_table(x$ceiling, "Ceiling")
  cat("Intended use\n", paste0("  ", x$intended_use, "\n"), sep = "")
  cat("Limits\n", paste0("  ", x$limits, "\n"), sep = "")
  invisible(x)
}

card_table <- function(table, title) {
  if (NROW(table) > 0) {
    cat(title, "\n", sep = "")
    print(table)
  }
}
