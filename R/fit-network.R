# The network of recorded pairs, trained here or by workers.

# The network alone, with its calibration.
fit_network <- function(task) {
  data <- task$data
  split <- task$split
  control <- task$control
  here <- is.null(task$BPPARAM) || control$ensemble == 1
  device <- if (here) resolve_device(control$device)
  architecture <- drop_empty_encoders(task$architecture, data)
  if (is.null(split)) data <- with_default_negatives(data, control$seed)
  parts <- training_sets(
    data, split, task$fold, control$seed, control$ensemble, task$keep_genes
  )
  warn_small(parts, data, architecture)
  # ?musl_simulate documents it for simulated labels.
  if (is.null(data@truth)) tell_popularity(pooled_training(parts), split)
  job <- fit_job(data, parts, architecture, control)
  result <- if (here) {
    run_fit(job, task$progress)
  } else {
    fit_in_workers(job, task$BPPARAM)
  }
  report_fit(result)
  fitted_network(
    task, data, parts, result,
    archives = kept_archives(list(musl = result$bytes), task),
    architecture = architecture,
    device = paste(device %||% result$device, collapse = " + ")
  )
}

# The model of a result, and what it was fitted with.
fitted_network <- function(task, data, parts, result, ...) {
  training <- pooled_training(parts)
  fitted_model(task, data, ...,
    n_seen = count_seen(training, data@genes),
    known = known_pairs(rbind(
      labelled_pairs(data@pairs),
      do.call(rbind, unlist(unname(parts), recursive = FALSE))
    )),
    prior = mean(training$label == "SL"),
    split = describe_split(
      task, "mixed", nrow(training), nrow(pooled_part(parts, "validation")),
      nrow(pooled_part(parts, "calibration")),
      rlang::hash(lapply(parts, lapply, as.list))
    ),
    history = fit_history(result$history),
    calibration = calibrate_fit(result, parts),
    versions = fit_versions()
  )
}

# All that the core needs, in this and in other processes.
fit_job <- function(data, parts, architecture, control) {
  parts <- lapply(parts, lapply, pair_input, genes = data@genes)
  list(
    input = dataset_input(data),
    parts = unname(parts),
    architecture = unclass(architecture),
    control = core_control(control)
  )
}

# Adds negatives if there are none.
with_default_negatives <- function(data, seed) {
  if (!has_sl_alone(data@pairs)) {
    return(data)
  }
  tell_default_negatives(data@pairs)
  musl_negatives(data, default_negatives, seed = seed)
}

run_fit <- function(job, progress) {
  with_progress(progress, function(callback) {
    with_backend(cpp_fit(
      job$input, job$parts, job$architecture, job$control, callback
    ))
  })
}

# ---- The members of an ensemble, each trained by a worker of BiocParallel ----

# What run_fit() returns, to the bit, and the devices of the workers.
fit_in_workers <- function(job, workers) {
  kept <- if (nzchar(job$control$checkpoint)) kept_members
  members <- tryCatch(
    run_in_workers(
      seq_along(job$parts), fit_member,
      job = worker_job(job, workers), workers = workers, kept = kept
    ),
    interrupt = list
  )
  check_results(members, kept)
  result <- with_backend(join_members(job, members))
  result$device <- unique(vapply(members, `[[`, "", "device"))
  result
}

# With a worker's share of the threads and an absolute checkpoint path.
worker_job <- function(job, workers) {
  job$control$threads <- worker_threads(
    job$control$threads, workers, length(job$parts)
  )
  path <- job$control$checkpoint
  if (nzchar(path)) {
    directory <- normalizePath(dirname(path), mustWork = FALSE)
    job$control$checkpoint <- file.path(directory, basename(path))
  }
  job
}

# A trained member's bytes and device, or the condition that stopped it, so that
# one failure does not end the others.
fit_member <- function(member, job) {
  tryCatch(
    list(
      device = resolve_device(job$control$device),
      bytes = with_backend(cpp_fit_member(
        job$input, job$parts, job$architecture, job$control, member, NULL
      ))
    ),
    error = identity,
    interrupt = identity
  )
}

join_members <- function(job, members) {
  cpp_join_members(
    job$input, job$parts, job$architecture, job$control,
    lapply(members, `[[`, "bytes")
  )
}

kept_members <- paste(
  "Finished networks and epochs are kept in the files of `checkpoint`; the",
  "same call with the same `seed` resumes from there."
)

# ---- What a fit says when it ends ----

report_fit <- function(result) {
  history <- result$history
  if (result$cancelled) {
    epoch <- history$epoch[utils::tail(which(history$best), 1)]
    inform_musl(
      "Training was interrupted; this is the best model so far, of epoch
       {epoch}.",
      "cancelled"
    )
  } else if (!result$converged) {
    open <- still_rising(history)
    ends <- unique(paste("epoch", open$epoch, "of", open$phase))
    warn_if(NROW(open) > 0, c(
      "Training ended while the validation value was still rising.",
      x = "The best epoch was the last one allowed: {ends}.",
      i = "Raise {.code epochs} in {.fn musl_control}."
    ), "not_converged", epoch = open$epoch)
  }
}

# Below this gain a validation value counts as flat: the learning rate ends at
# zero, so the last epoch is often the best by a tiny margin.
least_gain <- 0.005

# The last epochs of phases, of each member of an ensemble, that ended with
# their best epoch by at least that gain.
still_rising <- function(history) {
  runs <- split(history, paste(history$member, history$phase))
  open <- Filter(function(run) {
    utils::tail(run$best, 1) && last_gain(run) >= least_gain
  }, runs)
  bind_each(open, utils::tail, 1)
}

# How far the last epoch of a run is above all earlier trained ones.
last_gain <- function(history) {
  value <- history[["valid_auprc"]][history$epoch > 0]
  n <- length(value)
  if (n < 2 || anyNA(value)) Inf else value[[n]] - max(value[-n])
}
