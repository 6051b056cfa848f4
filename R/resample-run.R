# Jobs of musl_resample(): run one after the other or in workers, each saved to
# disk when it ends; methods for the result.

# What every job needs, as it is sent to workers.
resample_context <- function(data, split, settings, directory, workers) {
  if (!is.null(directory)) make_directory(directory, "directory")
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
      build_fingerprint(), fingerprints(data), tidy(data, "cohorts")$scale
    )
  )
}

# Another build of the same version may give other scores.
build_fingerprint <- function() {
  files <- c(
    list.files(system.file("R", package = "MuSL"), full.names = TRUE),
    list.files(system.file("libs", package = "MuSL"), full.names = TRUE)
  )
  c(as.character(utils::packageVersion("MuSL")), unname(tools::md5sum(files)))
}

job_key <- function(job, context) {
  split <- context$split
  rlang::hash(list(
    context$fingerprint, job, job_settings(job, context),
    as.list(split$pairs), split$assignment[[job$fold]],
    # How members of an ensemble hold out pairs.
    split$setting, split$negatives
  ))
}

# Threads and the checkpoint file do not change a model, and no setting of a
# model changes the baselines.
job_settings <- function(job, context) {
  settings <- context$settings
  if (job$name == "baselines") {
    return(settings["baselines"])
  }
  control <- unclass(context$control)
  control[c("threads", "checkpoint", "seed")] <- NULL
  list(unclass(settings$architecture), control, settings$scorers)
}

# A list with one result per job; NULL for those that an interrupt left undone.
run_jobs <- function(jobs, context, workers, progress) {
  results <- if (is.null(workers)) {
    run_in_turn(jobs, context, progress)
  } else {
    run_in_workers(
      jobs, run_job,
      context = context, workers = workers,
      kept = kept_jobs(context$directory)
    )
  }
  settle_jobs(jobs, results, context$directory)
}

kept_jobs <- function(directory) {
  if (!is.null(directory)) {
    "Finished jobs are kept; the same call resumes from there."
  }
}

# Errors are raised, and jobs that an interrupt ended are NULL.
settle_jobs <- function(jobs, results, directory = NULL) {
  failed <- vapply(results, inherits, TRUE, "condition")
  stopped <- failed & vapply(results, is_cancellation, TRUE)
  if (any(failed & !stopped)) {
    first <- which(failed & !stopped)[[1]]
    job <- jobs[[first]]
    cnd <- results[[first]]
    kind <- grep("musl_error_", class(cnd), value = TRUE)
    kind <- sub("musl_error_", "", kind)
    abort_musl(
      c(
        "Job {.val {job$name}} of fold {job$fold}, seed {job$seed}, failed.",
        i = kept_jobs(directory)
      ),
      if (length(kind) > 0) kind[[1]] else "internal",
      parent = cnd, job = job
    )
  }
  results[failed] <- list(NULL)
  tell_stopped(results)
  results
}

run_in_turn <- function(jobs, context, progress) {
  results <- vector("list", length(jobs))
  bar <- if (progress) {
    cli::cli_progress_bar("Resampling", total = length(jobs))
  }
  for (i in seq_along(jobs)) {
    result <- run_job(jobs[[i]], context)
    # Assigning NULL would remove the entry.
    results[i] <- list(result)
    if (inherits(result, "condition")) break
    if (progress) cli::cli_progress_update(id = bar)
  }
  results
}

# The result of a job, from disk if it is there; a condition if it failed,
# so that other jobs keep their results.
run_job <- function(job, context) {
  tryCatch(
    {
      file <- job_file(job, context)
      stored <- read_job(file)
      if (!is.null(stored)) {
        return(stored)
      }
      run <- if (job$name == "baselines") resample_baselines else resample_model
      result <- run(job, context)
      if (!is.null(file)) write_rds(result, file)
      result
    },
    error = identity,
    interrupt = identity
  )
}

resample_baselines <- function(job, context) {
  scores <- musl_baselines(
    context$data, context$split, job$fold,
    learned = context$settings$baselines == "all", seed = job$seed,
    threads = context$control$threads
  )
  # They learn from the validation part: nothing can be chosen on it.
  none <- rep(NA_real_, nrow(scores))
  scores[c(".p_SL", ".p_non_SL", ".threshold")] <- list(none, none, none)
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

tell_stopped <- function(results) {
  n_done <- sum(!vapply(results, is.null, TRUE))
  if (n_done == length(results)) {
    return(invisible())
  }
  abort_if(n_done == 0, "Interrupted before a job was finished.", "cancelled")
  inform_musl(
    "Interrupted: {n_done} of {length(results)} jobs {?is/are} finished and
     returned.",
    "cancelled"
  )
}

# Methods for the result -------------------------------------------------------

#' @export
tidy.musl_resample <- function(x, ...) {
  check_dots_empty()
  scorer_metrics(x$scores, summarise = FALSE)
}

#' @method summary musl_resample
#' @export
summary.musl_resample <- function(object, ...) {
  check_dots_empty()
  scorer_metrics(object$scores)
}

# Of each scorer on the pairs that it scores: without genes in training the
# known partners alone score none.
scorer_metrics <- function(scores, ...) {
  scores <- scores[!is.na(scores$.score), ]
  scorers <- split(scores, factor(scores$scorer, unique(scores$scorer)))
  suppressWarnings(
    bind_each(unname(scorers), musl_metrics, c("auroc", "auprc"), ...),
    classes = "musl_warning_other"
  )
}

#' @export
print.musl_resample <- function(x, ...) {
  n_folds <- length(x$settings$folds)
  n_seeds <- length(x$settings$seeds)
  interrupted <- if (x$complete) "" else ", interrupted"
  cat(cli::pluralize(
    "<musl_resample> {x$settings$setting}, {n_folds} fold{?s}, ",
    "{n_seeds} seed{?s}{interrupted}\n\n"
  ))
  values <- summary(x)
  values <- values[values$.metric == "auroc", ]
  cat("AUROC, mean (sd)\n")
  print(auroc_table(values), quote = FALSE, right = TRUE)
  invisible(x)
}

# Character matrix, scorers x parts.
auroc_table <- function(values) {
  text <- ifelse(
    is.na(values$sd), sprintf("%.3f", values$.estimate),
    sprintf("%.3f (%.3f)", values$.estimate, values$sd)
  )
  tapply(text, list(
    factor(values$scorer, unique(values$scorer)),
    factor(values$part, intersect(test_parts, values$part))
  ), c, default = "")
}
