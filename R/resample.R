#' Train and evaluate on every fold
#'
#' Trains a model on each fold of a split, scores the fold's test pairs, and
#' adds simple methods and controls on the same pairs. A model stops and is
#' calibrated on the fold's validation part.
#'
#' **Scorers.** "biology" is the model without the training SL graph, "full" the
#' model with it. A model with the encoder "partners" gives both; any other is
#' "biology". Both are one model, whose encoder "partners" is masked for
#' "biology".
#'
#' **Controls** are trained again on each fold, with the first seed: "control:
#' labels permuted" (within each part; a result better than chance is a leak),
#' "control: features shuffled" (each expression cohort and the embeddings are
#' reassigned to random genes), "control: network rewired" (each gene keeps its
#' number of neighbours), and "control: only ..." and "control: without ..."
#' (only one encoder, and all others without it).
#'
#' **Interrupted runs.** With `directory` each finished job is saved there, and
#' the same call finds it again; a change of package, data or arguments repeats
#' the job. Without `BPPARAM` Ctrl-C returns the finished results, with a
#' message.
#'
#' @param data A [MuslData][musl_data()].
#' @param split A [musl_split()] of its pairs.
#' @param ... What [musl_fit()] gets: `architecture`, `control` (without its
#'   `checkpoint`) and `scorers`, in this order or by name; its defaults.
#' @param folds Whole numbers, the folds to run; `NULL` for all.
#' @param seeds Whole numbers, one training per fold and seed; `NULL` for the
#'   seed of `control`, or one that is drawn.
#' @param baselines "all" for the scores of [musl_baselines()], with the first
#'   seed; "simple" for those without its learned methods; or "none".
#' @param controls `FALSE` for none, `TRUE` for all, or some of "labels",
#'   "features", "network", "only" and "without".
#' @param directory `NULL`, or the directory for finished jobs; created if
#'   missing.
#' @param BPPARAM `NULL`, or a BiocParallel parameter object: jobs run in
#'   workers, each with its share of the threads, with the same scores. Workers
#'   on other machines need the package and a shared `directory`.
#' @param progress `TRUE` for a progress bar over jobs.
#' @returns A `musl_resample`: list of
#'   * `scores`: tibble, one row for each scorer and test pair of a fold and
#'     seed: `fold`, `seed`, `part` (C1, C2, C3, test), `gene_a`, `gene_b`,
#'     `label` (with `study`, `line` and `query` of measured pairs, and
#'     `clean` if a study is held out), `n_unseen` (genes without a training
#'     pair, 0 to 2), `scorer`, `.score` (larger for SL; `NA` if there is none),
#'     `.pred_SL` (probability), `.p_SL` and `.p_non_SL` (conformal p-values of
#'     the labels, see [predict()][predict.MuslModel()]) and `.threshold` (the
#'     score from which on F1 is best on the validation part); `NA` for scorers
#'     without one;
#'   * `validation`: the columns up to `.p_non_SL` for the validation part
#'     (`part` is "validation") by "full" and "biology";
#'   * `fits`: tibble, one row per trained model: `fold`, `seed`, `model`
#'     ("model" or a control), `seconds`, `epoch` (the best one),
#'     `valid_auprc`, `valid_auroc` (on the validation part) and `converged`
#'     (`FALSE` if the best epoch was the last one);
#'   * `settings` (arguments, setting and seed of the split) and `versions`;
#'   * `complete`: `FALSE` after an interrupt.
#'
#'   `tidy()` returns AUROC and AUPRC of each fold, seed, part and scorer,
#'   `summary()` their means, as [musl_metrics()] does, but of each scorer on
#'   all pairs that it scores.
#' @section Models to start from:
#'   `models` of [musl_evidence()] are not fitted again, so test pairs that
#'   they learned from make metrics too good. Resample without them, or take
#'   such pairs out of `scores` before [musl_metrics()]: `predict(human,
#'   pairs)$.status` is "new" for the others.
#' @section Errors:
#'   `musl_error_input` if an argument is out of range or a part lacks a label;
#'   `musl_error_format` if `directory` cannot be written; `musl_error_device`
#'   if a worker died; `musl_error_cancelled` if an interrupt left nothing
#'   finished; else those of [musl_fit()].
#'   Needs LibTorch only for the network (`scorers = "features"` does not).
#' @seealso [musl_split()], [musl_baselines()], [musl_metrics()], [musl_atlas()]
#'   for workers on a cluster
#' @examples
#' d <- musl_simulate("small", screens = TRUE, seed = 1)
#' res <- musl_resample(
#'   d, musl_split(d, folds = 3, seed = 1),
#'   scorers = "features", folds = 1, baselines = "simple"
#' )
#' res
#' summary(res)
#' @export
musl_resample <- function(data, split, ..., folds = NULL, seeds = NULL,
                          baselines = c("all", "simple", "none"),
                          controls = FALSE, directory = NULL, BPPARAM = NULL,
                          progress = interactive()) {
  check_musl_data(data)
  check_fold(split, 1L)
  baselines <- check_choice(baselines, c("all", "simple", "none"))
  controls <- check_controls(controls)
  check_flag(progress)
  check_string(directory, allow_null = TRUE)
  check_workers(BPPARAM)
  folds <- folds %||% seq_len(split$folds)
  folds <- check_numbers(folds, 1, split$folds)
  fit <- resampled_fit(data, split, ...)
  seeds <- seeds %||% draw_seed(fit$control$seed)
  seeds <- check_numbers(seeds, 0, .Machine$integer.max)
  settings <- c(fit, list(
    folds = folds, seeds = seeds, baselines = baselines, controls = controls,
    setting = split$setting, split_seed = split$seed
  ))
  context <- resample_context(data, split, settings, directory, BPPARAM)
  jobs <- resample_jobs(settings, data)
  results <- tell_once(run_jobs(jobs, context, BPPARAM, progress))
  new_resample(jobs, results, settings)
}

# What musl_fit() gets in all jobs; `...` must be empty.
resampled_fit <- function(data, split, architecture = musl_architecture(),
                          control = musl_control(), scorers = NULL, ...) {
  check_dots_empty()
  check_fit_arguments(data, split, architecture, control)
  wanted_scorers(scorers)
  scorers <- usual_scorers(scorers, split$pairs)
  has_network <- wants_network(scorers)
  architecture <- decide_architecture(architecture, data, tell = has_network)
  # What encoders read only LibTorch knows.
  if (has_network) architecture <- drop_empty_encoders(architecture, data)
  list(architecture = architecture, control = control, scorers = scorers)
}

# The jobs in the order of their results: trainings and baselines.
resample_jobs <- function(settings, data) {
  controls <- control_names(settings, data)
  jobs <- lapply(settings$folds, function(fold) {
    first <- settings$seeds[[1]]
    c(
      lapply(settings$seeds, new_job, name = "model", fold = fold),
      if (settings$baselines != "none") {
        list(new_job("baselines", fold, first))
      },
      lapply(controls, new_job, fold = fold, seed = first)
    )
  })
  unlist(jobs, recursive = FALSE)
}

new_job <- function(name, fold, seed) {
  list(name = name, fold = fold, seed = seed)
}

new_resample <- function(jobs, results, settings) {
  done <- !vapply(results, is.null, TRUE)
  # Each seed has all baselines, so that scorers can be compared within a run.
  results <- Map(function(job, result) {
    if (job$name == "baselines") {
      result$scores <- bind_each(settings$seeds, function(seed) {
        result$scores$seed <- seed
        result$scores
      })
    }
    result
  }, jobs[done], results[done])
  name <- vapply(jobs[done], `[[`, "", "name")
  bind <- function(what, of = TRUE) bind_each(results[of], `[[`, what)
  structure(
    list(
      scores = bind("scores"),
      validation = bind("validation", name == "model"),
      fits = bind("fit"),
      settings = settings,
      versions = if (has_backend()) fit_versions() else r_versions(),
      complete = all(done)
    ),
    class = "musl_resample"
  )
}
