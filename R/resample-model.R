# The jobs of musl_resample() that train a model.

# Trains the job's model and scores the test and validation parts.
resample_model <- function(job, context) {
  what <- list(
    data = context$data, split = context$split,
    architecture = context$settings$architecture
  )
  if (job$name != "model") what <- control_inputs(what, job)
  control <- context$control
  control$seed <- job$seed
  trained <- fit_quietly(
    what$data, what$split,
    fold = job$fold, architecture = what$architecture, control = control,
    keep = "codes", progress = FALSE, scorers = context$settings$scorers
  )
  of_encoders <- grepl("^control: (only|without) ", job$name)
  if (of_encoders && !has_epochs(trained$fit)) {
    # It equals the model, as no encoder is read.
    return(list(fit = describe_fit(trained, job)))
  }
  encoders <- job_scorers(job$name, trained$fit@architecture$encoders)
  parts <- musl_parts(what$split, job$fold)
  test <- test_pairs(parts)
  validation <- test_pairs(parts, "validation")
  held <- model_scores(trained$fit, validation, encoders, job)
  list(
    scores = add_threshold(
      model_scores(trained$fit, test, encoders, job), held
    ),
    validation = held,
    fit = describe_fit(trained, job)
  )
}

# The threshold of each scorer has the best F1 on the validation part.
add_threshold <- function(scores, held) {
  held <- held[!is.na(held$.score), ]
  scorers <- unique(scores$scorer)
  threshold <- vapply(scorers, function(scorer) {
    rows <- held[held$scorer == scorer, ]
    nan_to_na(with_core(
      cpp_best_f1_threshold(rows$.score, as.double(rows$label == "SL"))
    ))
  }, 1)
  scores$.threshold <- unname(threshold[match(scores$scorer, scorers)])
  scores
}

# Named list: the encoders that each scorer of a job uses, NULL for all.
job_scorers <- function(name, encoders) {
  if (startsWith(name, "control")) {
    return(set_names(list(NULL), name))
  }
  if (!"partners" %in% encoders) {
    return(list(biology = NULL))
  }
  others <- setdiff(encoders, "partners")
  c(list(full = NULL), if (length(others) > 0) list(biology = others))
}

model_scores <- function(fit, pairs, scorers, job) {
  bind_each(names(scorers), function(scorer) {
    # Test genes that the data lack have missing scores, and too few calibration
    # pairs give missing p-values.
    encoders <- scorers[[scorer]]
    # Scorers of features have no sets, hence no p-values.
    asked <- asked_scorers(fit, list(scorers = encoders))
    has_sets <- "set" %in% asked$types
    predicted <- suppressWarnings(
      predict(
        fit, pairs[c("gene_a", "gene_b")],
        type = if (has_sets) "set" else "prob", scorers = encoders
      ),
      classes = c("musl_warning_unknown_gene", "musl_warning_calibration")
    )
    tibble(
      fold = job$fold,
      seed = job$seed,
      pairs,
      n_unseen = predicted$n_unseen,
      scorer = scorer,
      .score = predicted$.score,
      .pred_SL = predicted$.pred_SL,
      .p_SL = predicted[[".p_SL"]] %||% NA_real_,
      .p_non_SL = predicted[[".p_non_SL"]] %||% NA_real_
    )
  })
}

# list(fit, converged). An interrupted training is no result of the fold; the
# baselines of each fold replace the message on labels.
fit_quietly <- function(...) {
  state <- new.env(parent = emptyenv())
  fit <- tryCatch(withCallingHandlers(
    without_foreign_warning(musl_fit(...)),
    musl_warning_not_converged = function(cnd) {
      state$last_was_best <- TRUE
      rlang::cnd_muffle(cnd)
    },
    musl_message_popularity = rlang::cnd_muffle,
    musl_message_scorers = rlang::cnd_muffle
  ), musl_message_cancelled = function(cnd) {
    abort_musl("Training was interrupted.", "cancelled")
  })
  list(fit = fit, converged = is.null(state$last_was_best))
}

describe_fit <- function(trained, job) {
  history <- tidy(trained$fit, "history")
  # A row of NA for a model without a network.
  best <- history[utils::tail(which(history$best), 1), ][1, ]
  tibble(
    fold = job$fold,
    seed = job$seed,
    model = job$name,
    seconds = trained$fit@inputs$elapsed,
    epoch = best$epoch,
    valid_auprc = best$valid_auprc,
    valid_auroc = best$valid_auroc,
    converged = trained$converged
  )
}

# Control trainings of musl_resample(), which show what a score depends on.

control_kinds <- c("labels", "features", "network", "only", "without")

check_controls <- function(x) {
  if (rlang::is_bool(x)) {
    return(if (x) control_kinds else character())
  }
  check_some(x, control_kinds, "controls", "TRUE, FALSE or some of")
}

# Scorers of the controls that the data and the architecture allow.
control_names <- function(settings, data) {
  encoders <- if (wants_network(settings$scorers)) {
    settings$architecture$encoders
  }
  kinds <- settings$controls
  each <- function(kind) {
    if (kind %in% kinds && length(encoders) > 1) {
      paste0("control: ", kind, " ", encoders)
    }
  }
  has_features <- length(data@cohorts) > 0 || !is.null(data@embeddings)
  c(
    if ("labels" %in% kinds) "control: labels permuted",
    if ("features" %in% kinds && has_features) "control: features shuffled",
    if ("network" %in% kinds && !is.null(data@network)) {
      "control: network rewired"
    },
    each("only"),
    each("without")
  )
}

# The inputs of a control in place of the model's.
control_inputs <- function(inputs, job) {
  name <- sub("^control: ", "", job$name)
  encoder <- sub("^(only|without) ", "", name)
  if (encoder != name) {
    inputs$architecture$encoders <- if (startsWith(name, "only ")) {
      encoder
    } else {
      setdiff(inputs$architecture$encoders, encoder)
    }
    return(inputs)
  }
  with_seed_kept(job$seed, switch(name,
    "labels permuted" = permute_labels(inputs, job$fold),
    "features shuffled" = shuffle_features(inputs),
    "network rewired" = rewire_network(inputs)
  ))
}

permute_labels <- function(inputs, fold) {
  split <- inputs$split
  parts <- split(seq_len(nrow(split$pairs)), split$assignment[[fold]])
  for (rows in parts) {
    split$pairs$label[rows] <- split$pairs$label[sample_some(rows)]
  }
  inputs$split <- split
  inputs
}

# All assays of a cohort alike: a gene gets another's values, with their ties
# between assays. A cohort keeps its genes.
shuffle_features <- function(inputs) {
  data <- inputs$data
  data@cohorts <- lapply(data@cohorts, function(cohort) {
    order <- sample_some(seq_len(nrow(cohort$assays[[1]])))
    cohort$assays <- lapply(cohort$assays, shuffle_rows, order)
    cohort
  })
  if (!is.null(data@embeddings)) {
    order <- sample_some(seq_len(nrow(data@embeddings)))
    data@embeddings <- shuffle_rows(data@embeddings, order)
  }
  inputs$data <- data
  inputs
}

shuffle_rows <- function(x, order) {
  genes <- rownames(x)
  x <- x[order, , drop = FALSE]
  rownames(x) <- genes
  x
}

# Swaps edges: after ten tries each, hardly one is where it was.
swaps_per_edge <- 10

rewire_network <- function(inputs) {
  data <- inputs$data
  network <- data@network
  graph <- igraph::make_graph(
    rbind(network$from, network$to),
    n = length(data@genes), directed = FALSE
  )
  n_swaps <- swaps_per_edge * length(network$from)
  graph <- igraph::rewire(graph, igraph::keeping_degseq(niter = n_swaps))
  ends <- igraph::as_edgelist(graph, names = FALSE)
  data@network <- list(
    from = as.integer(pmin(ends[, 1], ends[, 2])),
    to = as.integer(pmax(ends[, 1], ends[, 2])),
    weight = sample_some(network$weight)
  )
  inputs$data <- data
  inputs
}
