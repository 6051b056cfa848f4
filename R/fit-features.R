# Scorers that read features of pairs: fitted to measured pairs, beside the
# network, which learns from recorded ones, or to recorded pairs.

# list(bytes, pairs, recorded, notes) of the fitted scorers, or NULL without
# measured pairs. `store`: the evidence of the data, if it is there already.
fit_measured_scorers <- function(task, store = NULL) {
  data <- task$data
  threads <- task$control$threads
  pairs <- labelled_training(task)
  pairs <- pairs[is_measured(pairs), ]
  if (nrow(pairs) == 0) {
    return(NULL)
  }
  studies <- assessed_studies(pairs, task$control$replication)
  pairs <- weigh_studies(pairs, studies)
  store <- store %||% evidence_store(data, threads = threads)
  doubts <- label_doubts(store, pairs, data@genes)
  pairs <- without_doubtful(pairs, doubts)
  check_measured_classes(pairs)
  recorded <- recorded_training(task, pairs)
  tell_evidence(data)
  tell_unknown_lines(data, pairs)
  studies <- ranked_studies(studies, store, pairs, task)
  start <- start_model(data)
  asked <- task$wanted$features
  pair_net <- (length(asked) == 0 || "pair_net" %in% asked) && has_pair_net()
  bytes <- with_core(
    cpp_features_fit(
      store, measured_input(pairs, data@genes),
      pair_input(recorded, data@genes), asked,
      if (pair_net) task$control$device else "",
      if (!is.null(start)) live_features(start),
      gene_index(data@genes, if (!is.null(start)) start@genes),
      task$control$seed, threads
    )
  )
  if (!is.null(start)) tell_start(data, bytes)
  list(
    bytes = bytes, pairs = pairs, recorded = recorded,
    notes = list(doubtful = attr(pairs, "doubtful"), studies = studies)
  )
}

# What scorers of the own labels earned beside the model they start from.
tell_start <- function(data, bytes) {
  info <- with_core(cpp_features_info(cpp_features_load(bytes)))
  inform_musl(c(
    "Scores are {signif(100 * (1 - info$start), 2)} % those of your labels and
     inputs, by what ranks best out of fold, and else those of
     {.val {names(data@evidence$models)}}.",
    i = "Lists of genes that none of your pairs has stay as they are there."
  ), "evidence")
}

# list(bytes, pairs) of scorers fitted to recorded pairs alone, or NULL without
# any.
fit_recorded_scorers <- function(task,
                                 store = wide_store(task$data, task$control)) {
  pairs <- recorded_training(task, task$data@pairs[0, ])
  if (nrow(pairs) == 0) {
    return(NULL)
  }
  inform_if(number_of_annotations(task$data) == 0, c(
    "The scorer {.val terms} is left out: no gene of {.arg data} is
     annotated.",
    i = "{.fn musl_annotations} as {.arg evidence} of {.fn musl_data} adds
         annotation."
  ), "evidence")
  bytes <- with_core(
    cpp_recorded_fit(
      store, pair_input(pairs, task$data@genes), task$wanted$features,
      task$control$threads
    )
  )
  list(bytes = bytes, pairs = pairs)
}

# The evidence of genes, including that of each gene alone.
wide_store <- function(data, control) {
  evidence_store(data, threads = control$threads, wide = TRUE)
}

number_of_annotations <- function(data) {
  parts <- data@evidence$annotations[c("terms", "wide", "pathways")]
  sum(vapply(parts, NROW, 1L))
}

# The network reads expression, the network of genes and embeddings alone.
tell_unread_annotations <- function(data) {
  inform_if(number_of_annotations(data) > 0, c(
    "The network's scores do not read the annotations in {.arg data}; its
     partner lists do.",
    i = "{.code scorers = \"features\"} fits scorers to recorded pairs that
         do."
  ), "evidence")
}

# Whether that scorer, a network, can be trained; a message if not.
has_pair_net <- function() {
  there <- has_backend()
  inform_if(!there, c(
    "The scorer {.val pair_net} is left out: LibTorch is not installed.",
    i = "{.fn musl_backend} tells how to install it."
  ), "backend")
  there
}

# Labelled pairs that may be learned from. Nothing is chosen on the validation
# part, so it counts as training.
labelled_training <- function(task) {
  split <- task$split
  pairs <- if (is.null(split)) {
    task$data@pairs
  } else {
    learning_parts(split, task$fold)
  }
  genes <- task$data@genes
  known <- pairs$gene_a %in% genes & pairs$gene_b %in% genes
  pairs[known & !is.na(pairs$label), ]
}

# Recorded pairs for the scorer of that name, none of them also measured; with
# degree-matched negatives if there are none.
recorded_training <- function(task, measured) {
  pairs <- labelled_training(task)
  # Measured pairs are there, so that none is drawn.
  if (has_sl_alone(pairs)) {
    task$data@pairs <- pairs
    pairs <- musl_negatives(
      task$data, default_negatives,
      seed = task$control$seed
    )@pairs
  }
  pairs <- pairs[
    !is_measured(pairs) & !pair_keys(pairs) %in% pair_keys(measured),
  ]
  if (!any(pairs$label == "SL")) {
    return(pairs[0, c("gene_a", "gene_b", "label")])
  }
  pairs$sampled <- is_sampled(pairs)
  pairs[c("gene_a", "gene_b", "label", "sampled")]
}

# Why labels of pairs say little ("" for all others): see label_doubts() of
# features/gene_facts.h.
label_doubts <- function(store, pairs, genes) {
  found <- with_core(cpp_label_doubts(
    store, pair_input(pairs[c("gene_a", "gene_b")], genes)
  ))
  c("", doubt_reasons)[found + 1L]
}

doubt_reasons <- c(
  "hardly any cell expresses either gene", "their proteins are nearly identical"
)

# The pairs that are learned from, unless no hits or no non-hits would be left.
without_doubtful <- function(pairs, doubts) {
  out <- which(doubts != "")
  left <- pairs$label[doubts == "" & pair_weight(pairs) > 0]
  if (length(out) == 0 || length(unique(left)) < 2) {
    return(pairs)
  }
  names <- unique(paste(pairs$gene_a[out], pairs$gene_b[out], sep = "-"))
  n <- lengths(lapply(set_names(doubt_reasons), function(why) {
    unique(pair_keys(pairs[doubts == why, ]))
  }))
  reasons <- sprintf("%d: %s", n, doubt_reasons)[n > 0]
  inform_musl(c(
    "{length(names)} measured pair{?s} {?is/are} not learned from:
     {few(names)}.",
    set_names(reasons, rep("*", length(reasons))),
    i = "Hits of genes that cells lack are false, and a guide against one of two
         like genes cuts both."
  ), "doubt", pairs = names)
  kept <- pairs[doubts == "", ]
  attr(kept, "doubtful") <- reasons
  kept
}

check_measured_classes <- function(pairs) {
  pairs <- pairs[pair_weight(pairs) > 0, ]
  n_hits <- sum(pairs$label == "SL")
  n_non <- nrow(pairs) - n_hits
  abort_if(n_hits == 0 || n_non == 0, c(
    "Measured pairs must hold hits and non-hits.",
    x = "Found {n_hits} hit{?s} and {n_non} non-hit{?s} to learn from.",
    i = "Check the threshold for hits and the sign of the scores: negative is
         synthetic lethal."
  ))
}

# Lines of measured pairs of which nothing else is known.
tell_unknown_lines <- function(data, pairs) {
  known <- colnames(data@evidence$lines)
  named <- setdiff(pairs[["line"]], c(NA, "mean"))
  lost <- named[is.na(match_lines(named, known))]
  inform_if(length(known) > 0 && length(lost) > 0, c(
    "{length(lost)} of {length(named)} line{?s} of measured pairs {?is/are} not
     among {.arg lines} of the evidence, such as {.val {few(known)}}:
     {.val {few(lost)}}.",
    i = "There the share of all lines counts that express a gene."
  ), "evidence", lines = lost)
}

tell_evidence <- function(data) {
  parts <- evidence_parts(data@evidence)
  inform_if(length(parts) == 0, c(
    "Scorers of measured pairs learn only from expression and the network.",
    i = "{.fn musl_evidence} adds other evidence on genes: annotation,
         families, fitness."
  ), "evidence")
}

# Pairs as the core reads them: numbers from 0 for studies, lines and genes, -1
# for none.
measured_input <- function(pairs, genes) {
  input <- pair_input(pairs[c("gene_a", "gene_b", "label")], genes)
  of <- function(column) {
    rep_len(as.character(pairs[[column]] %||% NA), nrow(pairs))
  }
  studies <- unique_bytes(of("study"))
  lines <- unique_bytes(setdiff(of("line"), NA))
  c(input, list(
    study = gene_index(of("study"), studies),
    line = gene_index(of("line"), lines),
    query = gene_index(of("query"), genes), weight = pair_weight(pairs),
    effect = rep_len(as.double(pairs[["effect"]] %||% NA_real_), nrow(pairs)),
    studies = studies, lines = lines
  ))
}

# The network, fitted to recorded pairs, beside scorers of features; these alone
# if there are no recorded pairs or no LibTorch.
fit_beside <- function(task, features) {
  recorded <- recorded_task(task)
  model <- if (can_fit_network(recorded)) {
    network_unless_absent(fit_network(recorded))
  }
  if (is.null(model)) {
    return(features_model(task, features))
  }
  model@archives <- c(
    model@archives, kept_archives(list(features = features$bytes), task)
  )
  measured <- features$pairs[is_measured(features$pairs), ]
  model@n_seen <- model@n_seen +
    count_ends(measured, pair_weight(measured) > 0, model@genes)
  model@inputs$elapsed <- proc.time()[["elapsed"]] - task$started
  model@inputs[names(features$notes)] <- features$notes
  model
}

# The task without measured pairs, in the split too, with negatives if it needs
# them, none of them measured.
recorded_task <- function(task) {
  if (is.null(task$split)) {
    task$data <- with_default_negatives(task$data, task$control$seed)
  } else {
    kept <- !is_measured(task$split$pairs)
    task$split$pairs <- task$split$pairs[kept, ]
    task$split$assignment <- lapply(task$split$assignment, `[`, kept)
  }
  task$data@pairs <- recorded_pairs(task$data)
  task
}

recorded_pairs <- function(data) data@pairs[!is_measured(data@pairs), ]

# Whether the pairs have both classes, or SL alone and no split, for which
# negatives are drawn.
can_fit_network <- function(task) {
  if (is.null(task$split)) {
    return(any(task$data@pairs$label %in% "SL"))
  }
  parts <- musl_parts(task$split, task$fold)
  all(vapply(parts[c("train", "validation")], has_both, TRUE))
}

# The network's fit, or NULL with a message without LibTorch.
network_unless_absent <- function(expr) {
  tryCatch(expr, musl_error_backend = function(cnd) {
    inform_musl(c(
      "The network on recorded pairs is left out: LibTorch is not installed.",
      i = "All other scorers are fitted; {.fn musl_backend} tells how to install
           it."
    ), "backend")
    NULL
  })
}

# A model of scorers of features alone, which has no encoders.
features_model <- function(task, features) {
  data <- task$data
  pairs <- features$pairs
  architecture <- task$architecture
  architecture$encoders <- character()
  fitted_model(task, data,
    archives = kept_archives(list(features = features$bytes), task),
    architecture = architecture,
    n_seen = count_features_seen(features, data@genes),
    known = known_pairs(labelled_pairs(recorded_pairs(data))),
    prior = screen_prior,
    split = describe_split(
      task, "none", nrow(pairs) + (nrow(features$recorded) %||% 0L), 0L, 0L,
      rlang::hash(as.list(pairs))
    ),
    history = empty_history(),
    calibration = empty_calibration(),
    device = "cpu",
    versions = r_versions(),
    inputs = features$notes %||% list()
  )
}

# Pairs of each gene that one of the scorers learned from: neither drawn
# negatives nor labels of weight 0.
count_features_seen <- function(features, genes) {
  of <- function(pairs) {
    count_ends(pairs, !is_sampled(pairs) & pair_weight(pairs) > 0, genes)
  }
  recorded <- features$recorded
  of(features$pairs) + if (is.null(recorded)) 0L else of(recorded)
}

empty_history <- function() {
  tibble(
    member = integer(), phase = character(), epoch = integer(),
    loss = numeric(), valid_loss = numeric(), valid_auroc = numeric(),
    valid_auprc = numeric(), learning_rate = numeric(), seconds = numeric(),
    best = logical()
  )
}

empty_calibration <- function() {
  none <- list(SL = numeric(), non_SL = numeric())
  list(
    slope = rep(1, 3), intercept = rep(0, 3), n_pairs = rep(0L, 3),
    training_prior = screen_prior, prior = rep(screen_prior, 3),
    scores = rep(list(none), 3)
  )
}
