# The columns of a table of predictions, and warnings about pairs without score.

# The input table with these columns, which replace those of the same names.
bind_predictions <- function(new_pairs, columns) {
  kept <- setdiff(names(new_pairs), names(columns))
  out <- as_tibble(c(as.list(new_pairs)[kept], columns))
  tibble::new_tibble(out, nrow = nrow(out), class = "musl_predictions")
}

warn_unscored <- function(pairs, scored, ids) {
  self <- pairs$gene_a == pairs$gene_b
  warn_if(any(self), c(
    "{sum(self)} pair{?s} of a gene with itself {?has/have} no score.",
    x = "{.val {utils::head(unique(pairs$gene_a[self]), 3)}}."
  ), rows = which(self))
  unknown <- scored$unknown
  bare <- is.na(scored$score) & !self & !pairs$gene_a %in% unknown &
    !pairs$gene_b %in% unknown
  if (length(unknown) == 0 && !any(bare)) {
    return(invisible())
  }
  lost <- sum(is.na(scored$score) & !self)
  shown <- paste(pairs$gene_a[bare], "-", pairs$gene_b[bare])
  hint <- unknown_gene_hint(unknown, scored$genes, ids)
  warn_musl(c(
    "{lost} pair{?s} {?has/have} no score.",
    x = if (length(unknown) > 0) {
      "{length(unknown)} gene{?s} unknown: {.val {utils::head(unknown, 3)}}."
    },
    x = if (any(bare)) {
      "{sum(bare)} pair{?s} without a modality that has both genes:
       {utils::head(shown, 3)}."
    },
    i = hint
  ), "unknown_gene", genes = unknown, rows = which(bare))
}

prediction_columns <- function(object, scored, prior) {
  list(
    .score = scored$score,
    .pred_SL = calibrate_scores(
      object@calibration, scored$score, scored$n_unseen, prior
    ),
    # A gene without any data is not one that training left unseen.
    n_unseen = replace(scored$n_unseen, scored$is_unknown, NA_integer_)
  )
}

pair_status <- c("new", "known", "unknown_gene", "no_input", "self")

# Why a pair has no score, or whether its label was known to the model.
status_column <- function(object, pairs, scored) {
  known <- pair_keys(pairs) %in% pair_keys(object@known)
  measured <- if (is.null(scored$measured)) {
    were_measured(object, pairs)
  } else {
    scored$measured %in% c(0, 1)
  }
  known <- known | measured
  status <- ifelse(known, "known", "new")
  status[is.na(scored$score)] <- "no_input"
  status[scored$is_unknown] <- "unknown_gene"
  status[pairs$gene_a == pairs$gene_b] <- "self"
  list(.status = factor(status, pair_status))
}

predicted_class <- function(probability, threshold) {
  factor(ifelse(probability >= threshold, "SL", "non_SL"), levels = pair_labels)
}

part_columns <- function(object, scored) {
  c(
    matrix_columns(gates_of(object, scored), ".gate_", scored$encoders),
    matrix_columns(scored$branch_scores, ".branch_", scored$encoders)
  )
}

# Gates of a fit, NA if none weighs the encoder: 0 would mean that it is not
# used.
gates_of <- function(object, scored) {
  gates <- scored$gates
  gates[, !is_gated(object, scored$encoders)] <- NA_real_
  gates
}

# "genes" has a separate branch, unless it is alone; branches that are summed
# have no gates.
is_gated <- function(object, encoders) {
  added_up <- identical(object@control$joined_by, "sum") &&
    object@control$strategy == "branches"
  !added_up & (encoders != "genes" | length(encoders) == 1)
}

matrix_columns <- function(x, prefix, names = seq_len(ncol(x))) {
  columns <- lapply(seq_len(ncol(x)), function(i) x[, i])
  rlang::set_names(columns, paste0(prefix, names))
}

# What models made of the data that they were asked with, kept for their next
# call.

# Values of first assays, over all data that are kept. The core stores 14 bytes
# for each, and vectors of genes beside them.
most_kept_values <- 5e7

# Those of `data`, and the model's own of sources that these lack, of which the
# core makes a copy.
count_values <- function(object, data) {
  given <- vapply(data@sources, function(source) {
    prod(as.double(dim(source$assays[[1]])))
  }, 0)
  is_lacking <- !names(object@sources) %in% names(data@sources)
  # A single source stands for a single one of another name.
  if (length(given) == 1 && length(is_lacking) == 1) is_lacking <- FALSE
  carried <- vapply(object@sources[is_lacking], function(source) {
    as.double(source$n_genes) * source$n_samples
  }, 0)
  sum(given, carried)
}

# Data read from disk may change there and are read again.
all_in_memory <- function(data) {
  assays <- unlist(lapply(data@sources, `[[`, "assays"), recursive = FALSE)
  all(vapply(assays, function(x) {
    is.matrix(x) || methods::is(x, "sparseMatrix")
  }, TRUE))
}

# What `make` computes in the core from the data that a model is asked with,
# kept until it is asked with other data: the next list of partners takes no
# longer than from the model's own inputs.
last_asked <- function(object, data, context, name, make) {
  if (!all_in_memory(data)) {
    return(make())
  }
  asked <- list(data = data, context = context)
  place <- place_of(object, asked)
  if (is.null(place)) {
    place <- new_place(object, asked)
    on.exit(cpp_return_memory())
  }
  pointer_in(place, name, make)
}

# Places, the newest first: weak references from a model's cache to what it
# made.
asked_of_models <- new.env(parent = emptyenv())

# Where the model keeps what it made of these data, or NULL.
place_of <- function(object, asked) {
  for (reference in asked_of_models$places) {
    place <- rlang::wref_value(reference)
    if (identical(rlang::wref_key(reference), object@cache) &&
      identical(place$asked, asked)) {
      return(place)
    }
  }
}

# A model keeps one, and all models together `most` values, the newest place at
# least.
new_place <- function(object, asked, most = most_kept_values) {
  places <- Filter(function(reference) {
    !is.null(rlang::wref_value(reference)$asked)
  }, asked_of_models$places)
  is_own <- vapply(places, function(reference) {
    identical(rlang::wref_key(reference), object@cache)
  }, NA)
  values <- vapply(places, function(reference) {
    rlang::wref_value(reference)$values
  }, 0)
  values[is_own] <- 0
  own <- count_values(object, asked$data)
  stays <- !is_own & cumsum(values) + own <= most
  clear_places(places[!stays])
  place <- new.env(parent = emptyenv())
  place$asked <- asked
  place$values <- own
  asked_of_models$places <- c(
    list(rlang::new_weakref(object@cache, place)), places[stays]
  )
  place
}

# R keeps the value of a weak reference as long as its key lives, and collects
# what the core holds much later, since that does not count for R.
clear_places <- function(references) {
  for (reference in references) {
    place <- rlang::wref_value(reference)
    rm(list = ls(place), envir = place)
  }
  if (length(references) > 0) gc()
}
