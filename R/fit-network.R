# The network alone, with its calibration.
fit_network <- function(task, call = caller_env()) {
  data <- task$data
  split <- task$split
  control <- task$control
  here <- is.null(task$BPPARAM) || control$members == 1
  device <- if (here) resolve_device(control$device, call)
  architecture <- task$architecture
  if (is.null(task$init)) {
    architecture <- drop_empty_encoders(architecture, data, call)
  }
  if (is.null(split)) data <- with_default_negatives(data, control$seed)
  parts <- training_sets(
    data, split, task$fold, control$seed, control$members, task$keep_genes,
    call = call
  )
  warn_small(parts, data, architecture)
  described <- describe_split(split, task$fold, parts)
  warn_learned_before(task$init, described, parts)
  # ?musl_simulate documents it for simulated labels.
  if (is.null(data@truth)) tell_popularity(pooled_training(parts), split)
  keep <- decide_keep(task$keep, data, architecture)
  job <- fit_job(data, parts, architecture, control, task$init)
  result <- if (here) {
    run_fit(job, task$progress, call)
  } else {
    fit_in_workers(job, task$BPPARAM)
  }
  report_fit(result)
  with_learned_before(task$init, fitted_network(
    task, data, parts, result,
    bytes = kept_archive(result, keep),
    architecture = architecture,
    split = described,
    device = paste(device %||% result$device, collapse = " + ")
  ))
}

# The model of a result, and what it was fitted with.
fitted_network <- function(task, data, parts, result, ...) {
  training <- pooled_training(parts)
  new_musl_model(...,
    control = task$control,
    genes = data@genes,
    id_type = data@id_type,
    sources = lapply(data@sources, describe_source, task$control$threads),
    n_seen = count_seen(training, data@genes),
    known = known_pairs(data, parts),
    prior = mean(training$label == "SL"),
    history = fit_history(result$history),
    calibration = calibrate_fit(result, parts),
    seed = task$control$seed,
    versions = fit_versions(),
    inputs = list(
      fingerprints = fingerprints(data),
      gene_ids = data@report$gene_ids,
      elapsed = proc.time()[["elapsed"]] - task$started
    )
  )
}
