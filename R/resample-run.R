# Jobs of musl_resample(): run one after the other or in workers, each kept on
# disk as it ends.

# What every job needs, as it is sent to workers.
resample_context <- function(data, split, settings, directory, workers) {
  if (!is.null(directory)) {
    dir.create(directory, showWarnings = FALSE, recursive = TRUE)
  }
  control <- settings$control
  control["checkpoint"] <- list(NULL)
  control$threads <- worker_threads(control$threads, workers)
  list(
    data = data,
    split = split,
    settings = settings,
    control = control,
    directory = if (!is.null(directory)) normalizePath(directory),
    fingerprint = list(
      build_fingerprint(), fingerprints(data), musl_sources(data)$scale
    )
  )
}

# Workers share the threads: none waits for another's.
worker_threads <- function(threads, workers) {
  if (is.null(workers) || threads > 0) {
    return(threads)
  }
  n_workers <- BiocParallel::bpnworkers(workers)
  max(1L, as.integer(cpp_available_threads() %/% n_workers))
}

# Another build of the same version may score otherwise.
build_fingerprint <- function() {
  files <- c(
    list.files(system.file("R", package = "MuSL"), full.names = TRUE),
    list.files(system.file("libs", package = "MuSL"), full.names = TRUE)
  )
  c(
    as.character(utils::packageVersion("MuSL")), unname(tools::md5sum(files))
  )
}

job_key <- function(job, context) {
  rlang::hash(list(
    context$fingerprint, job, job_settings(job, context),
    as.list(context$split$pairs), context$split$assignment[[job$fold]]
  ))
}

# Threads and the file of a checkpoint do not change a model, and nothing of a
# model changes the baselines.
job_settings <- function(job, context) {
  settings <- context$settings
  if (job$name == "baselines") {
    return(settings["learned"])
  }
  control <- unclass(context$control)
  control[c("threads", "checkpoint", "seed")] <- NULL
  list(unclass(settings$architecture), control, settings$biology)
}

# A list with one result a job; NULL for those that an interrupt left undone.
run_jobs <- function(jobs, context, workers, progress, call = caller_env()) {
  results <- if (is.null(workers)) {
    run_in_turn(jobs, context, progress)
  } else {
    withr::with_preserve_seed(BiocParallel::bplapply(
      jobs, run_job,
      context = context, BPPARAM = workers
    ))
  }
  settle_jobs(jobs, results, call)
}

# Errors are raised, and jobs that an interrupt ended are NULL.
settle_jobs <- function(jobs, results, call = caller_env()) {
  failed <- vapply(results, inherits, TRUE, "condition")
  stopped <- failed & vapply(results, is_cancellation, TRUE)
  if (any(failed & !stopped)) {
    abort_job(jobs, results, which(failed & !stopped)[[1]], call)
  }
  results[failed] <- list(NULL)
  tell_stopped(results, call)
  results
}

run_in_turn <- function(jobs, context, progress) {
  results <- vector("list", length(jobs))
  bar <- if (progress) {
    cli::cli_progress_bar("Resampling", total = length(jobs))
  }
  for (i in seq_along(jobs)) {
    result <- run_job(jobs[[i]], context)
    # Assigning NULL would drop the entry.
    results[i] <- list(result)
    if (inherits(result, "condition")) break
    if (progress) cli::cli_progress_update(id = bar)
  }
  results
}

is_cancellation <- function(x) {
  inherits(x, c("interrupt", "musl_error_cancelled"))
}

# The result of a job, from disk where it is there; a condition where it failed,
# so that one job takes no other's result with it.
run_job <- function(job, context) {
  tryCatch(
    {
      file <- job_file(job, context)
      stored <- read_job(file)
      if (!is.null(stored)) {
        return(stored)
      }
      result <- do_job(job, context)
      write_job(result, file)
      result
    },
    error = identity,
    interrupt = identity
  )
}

do_job <- function(job, context) {
  switch(job$name,
    baselines = resample_baselines(job, context),
    resample_model(job, context)
  )
}

resample_baselines <- function(job, context) {
  scores <- musl_baselines(
    context$data, context$split, job$fold,
    learned = context$settings$learned, seed = job$seed,
    threads = context$control$threads
  )
  scores$block <- rep("all", nrow(scores))
  list(scores = scores)
}

job_file <- function(job, context) {
  if (is.null(context$directory)) {
    return(NULL)
  }
  file.path(context$directory, paste0("job-", job_key(job, context), ".rds"))
}

# NULL when there is none, or one that can't be read.
read_job <- function(file) {
  if (is.null(file) || !file.exists(file)) {
    return(NULL)
  }
  tryCatch(readRDS(file), error = function(cnd) {
    inform_musl(c(
      "A damaged file of a finished job is replaced.",
      x = "{.file {file}}: {conditionMessage(cnd)}"
    ))
    NULL
  })
}

# Under another name first: a killed run leaves no half file under the job's.
write_job <- function(result, file) {
  if (is.null(file)) {
    return(invisible())
  }
  temporary <- tempfile("writing-", dirname(file))
  on.exit(unlink(temporary))
  saveRDS(result, temporary)
  if (!file.rename(temporary, file)) {
    abort_musl(c(
      "The result of a job can't be kept.",
      x = "{.file {file}} can't be written."
    ))
  }
}

abort_job <- function(jobs, results, i, call) {
  job <- jobs[[i]]
  cnd <- results[[i]]
  kind <- sub("musl_error_", "", grep("musl_error_", class(cnd), value = TRUE))
  abort_musl(
    "Job {.val {job$name}} of fold {job$fold}, seed {job$seed}, failed.",
    if (length(kind) > 0) kind[[1]] else "internal",
    parent = cnd, job = job, call = call
  )
}

tell_stopped <- function(results, call) {
  n_done <- sum(!vapply(results, is.null, TRUE))
  if (n_done == length(results)) {
    return(invisible())
  }
  if (n_done == 0) {
    abort_musl("Interrupted before a job was finished.", "cancelled",
      call = call
    )
  }
  inform_musl(
    "Interrupted: {n_done} of {length(results)} jobs {?is/are} finished and
     returned.",
    "cancelled"
  )
}

# Trains the job's model and scores the test and validation parts.
resample_model <- function(job, context) {
  what <- job_inputs(job, context)
  control <- context$control
  control$seed <- job$seed
  trained <- fit_quietly(
    what$data, what$split,
    fold = job$fold, architecture = what$architecture, control = control,
    keep = "codes", progress = FALSE
  )
  encoders <- job_scorers(
    job$name, trained$fit@architecture$encoders, context$settings$biology
  )
  parts <- musl_parts(what$split, job$fold)
  test <- what$keep(test_pairs(parts))
  validation <- parts$validation
  validation <- tibble(
    part = rep("validation", nrow(validation)),
    validation[c("gene_a", "gene_b", "label")]
  )
  is_control <- startsWith(job$name, "control")
  list(
    scores = model_scores(trained$fit, test, encoders, job),
    validation = if (!is_control) {
      model_scores(trained$fit, validation, encoders, job)
    },
    fit = describe_fit(trained, job)
  )
}

# Data, split and architecture that a job trains on; `keep` takes those test
# pairs that it is judged on.
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

# Named list: the encoders each scorer of a job uses, NULL for all.
job_scorers <- function(name, encoders, biology) {
  if (startsWith(name, "control")) {
    return(set_names(list(NULL), name))
  }
  if (name == "biology" || !has_partners(encoders)) {
    return(list(biology = NULL))
  }
  if (biology == "trained" && name == "model") {
    return(list(full = NULL))
  }
  list(full = NULL, biology = setdiff(encoders, "partners"))
}

model_scores <- function(fit, pairs, scorers, job) {
  rows <- lapply(names(scorers), function(scorer) {
    predicted <- predict_quietly(fit, pairs, scorers[[scorer]])
    tibble(
      fold = rep(job$fold, nrow(pairs)),
      seed = job$seed,
      pairs,
      n_unseen = predicted$n_unseen,
      scorer = scorer,
      .score = predicted$.score,
      .pred_SL = predicted$.pred_SL,
      block = if (job$name == "experimental_trained") job$name else "all"
    )
  })
  do.call(rbind, rows)
}

# Test genes that the data lack show as missing scores.
predict_quietly <- function(fit, pairs, encoders) {
  pairs <- pairs[c("gene_a", "gene_b")]
  suppressWarnings(
    if (is.null(encoders)) {
      predict(fit, pairs)
    } else {
      predict(fit, pairs, encoders = encoders)
    },
    classes = "musl_warning_unknown_gene"
  )
}

# list(fit, converged). An interrupted training is no result of the fold.
fit_quietly <- function(...) {
  state <- new.env(parent = emptyenv())
  fit <- cancel_to_error(withCallingHandlers(
    without_foreign_warning(musl_fit(...)),
    musl_warning_not_converged = function(cnd) {
      state$last_was_best <- TRUE
      rlang::cnd_muffle(cnd)
    }
  ))
  list(fit = fit, converged = is.null(state$last_was_best))
}

cancel_to_error <- function(expr) {
  tryCatch(expr, musl_message_cancelled = function(cnd) {
    abort_musl("Training was interrupted.", "cancelled")
  })
}

describe_fit <- function(trained, job) {
  history <- musl_history(trained$fit)
  best <- history[utils::tail(which(history$best), 1), ]
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
