# The jobs of musl_resample() that train a model.

# Trains the job's model and scores the test and validation parts.
resample_model <- function(job, context) {
  what <- job_inputs(job, context)
  control <- context$control
  control$seed <- job$seed
  trained <- fit_quietly(
    what$data, what$split,
    fold = job$fold, architecture = what$architecture, control = control,
    keep = "codes", progress = FALSE, scorers = context$settings$scorers
  )
  of_encoders <- grepl("^biology$|^control: (only|without) ", job$name)
  if (of_encoders && !has_epochs(trained$fit)) {
    # It equals the model, as no encoder is read.
    return(list(fit = describe_fit(trained, job)))
  }
  encoders <- job_scorers(
    job$name, trained$fit@architecture$encoders, context$settings$biology
  )
  parts <- musl_parts(what$split, job$fold)
  test <- what$keep(test_pairs(parts))
  validation <- parts$validation
  validation <- tibble(
    part = rep("validation", nrow(validation)),
    validation[judged_columns(validation)]
  )
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

# Data, split and architecture of a job; `keep` selects the test pairs to
# evaluate.
job_inputs <- function(job, context) {
  inputs <- list(
    data = context$data, split = context$split,
    architecture = context$settings$architecture, keep = identity
  )
  if (startsWith(job$name, "control")) {
    return(control_inputs(inputs, job))
  }
  switch(job$name,
    model = inputs,
    biology = leave_out(inputs, "partners"),
    experimental_trained = experimental_inputs(inputs, job$fold)
  )
}

leave_out <- function(inputs, encoders) {
  inputs$architecture$encoders <-
    setdiff(inputs$architecture$encoders, encoders)
  inputs
}

# Named list: the encoders that each scorer of a job uses, NULL for all.
job_scorers <- function(name, encoders, biology) {
  if (startsWith(name, "control")) {
    return(set_names(list(NULL), name))
  }
  if (!"partners" %in% encoders) {
    return(list(biology = NULL))
  }
  is_full <- biology == "trained" && name == "model"
  if (is_full || !has_partners(encoders)) {
    return(list(full = NULL))
  }
  list(full = NULL, biology = setdiff(encoders, "partners"))
}

model_scores <- function(fit, pairs, scorers, job) {
  bind_each(names(scorers), function(scorer) {
    # Test genes that the data lack have missing scores, and too few calibration
    # pairs give missing p-values.
    encoders <- scorers[[scorer]]
    # Scorers of features have no sets, hence no p-values.
    asked <- asked_scorers(fit, list(encoders = encoders))
    has_sets <- "set" %in% asked$types
    predicted <- suppressWarnings(
      predict(
        fit, pairs[c("gene_a", "gene_b")],
        type = if (has_sets) "set" else "prob", encoders = encoders
      ),
      classes = c("musl_warning_unknown_gene", "musl_warning_calibration")
    )
    if (!has_sets) {
      predicted$.p_SL <- predicted$.p_non_SL <- rep(NA_real_, nrow(predicted))
    }
    tibble(
      fold = rep(job$fold, nrow(pairs)),
      seed = job$seed,
      pairs,
      n_unseen = predicted$n_unseen,
      scorer = scorer,
      .score = predicted$.score,
      .pred_SL = predicted$.pred_SL,
      .p_SL = predicted$.p_SL,
      .p_non_SL = predicted$.p_non_SL
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
