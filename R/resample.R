#' Train and evaluate on every fold
#'
#' Trains a model on each fold of a split, scores the fold's test pairs, and
#' adds simple methods and controls on the same pairs. A model stops and is
#' calibrated on the fold's validation part.
#'
#' **Scorers.** "biology" is the model without the training SL graph, "full" the
#' model with it. A model with the encoder "partners" gives both; any other is
#' "biology". With `biology = "masked"` both are one model, whose encoder
#' "partners" is masked for prediction; with `"trained"` a second model is
#' trained without it.
#'
#' **Controls** are trained again on each fold, with the first seed: "control:
#' labels permuted" (within each part; a result better than chance is a leak),
#' "control: features shuffled" (each expression cohort and the embeddings are
#' reassigned to random genes), "control: network rewired" (each gene keeps its
#' number of neighbours), and "control: only ..." and "control: without ..."
#' (each encoder alone, and all others without it).
#'
#' **Blocks** are the scores of some of the pairs, with a column `block`:
#' "experimental" (non-SL pairs, and SL pairs whose `evidence`, a column of the
#' pairs of `data`, contains "experimental"), "experimental_trained" (the same
#' pairs, by models trained without other SL pairs) and "hubs_removed" (pairs
#' without one of the 1 % of genes with most SL pairs in the split).
#'
#' **Interrupted runs.** With `directory` each finished job is saved there, and
#' the same call finds it again; a change of package, data or arguments repeats
#' the job. Without `BPPARAM` Ctrl-C returns the finished results, with a
#' message.
#'
#' @param data A [MuslData][musl_data()].
#' @param split A [musl_split()] of its pairs.
#' @param architecture A [musl_architecture()].
#' @param control A [musl_control()]; its field `checkpoint` is not used.
#' @param ... Must be empty.
#' @param folds Whole numbers, the folds to run; `NULL` for all.
#' @param seeds Whole numbers, one training per fold and seed; `NULL` for the
#'   seed of `control`, or one that is drawn.
#' @param biology "masked" or "trained"; see _Scorers_ below.
#' @param baselines `TRUE` for the scores of [musl_baselines()], with the first
#'   seed.
#' @param learned `TRUE` for its learned methods too.
#' @param controls `FALSE` for none, `TRUE` for all, or some of "labels",
#'   "features", "network", "only" and "without".
#' @param blocks `NULL`, or some of "experimental", "experimental_trained" and
#'   "hubs_removed".
#' @param scorers As in [musl_fit()]: `"features"` for scorers without the
#'   network of recorded pairs, `NULL` for its default.
#' @param BPPARAM `NULL`, or a BiocParallel parameter object: jobs run in
#'   workers, each with its share of the threads, with the same scores. Workers
#'   on other machines need the package and a shared `directory`.
#' @param directory `NULL`, or the directory for finished jobs; created if
#'   missing.
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
#'   * `blocks`: `NULL`, or a tibble of the same columns and `block`;
#'   * `validation`: the columns up to `.p_non_SL` for the validation part
#'     (`part` is "validation") by "full" and "biology";
#'   * `fits`: tibble, one row per trained model: `fold`, `seed`, `model`
#'     ("model", "biology", "experimental_trained" or a control), `seconds`,
#'     `epoch` (the best one), `valid_auprc`, `valid_auroc` (on the validation
#'     part) and `converged` (`FALSE` if the best epoch was the last one);
#'   * `settings` (arguments, setting and seed of the split) and `versions`;
#'   * `complete`: `FALSE` after an interrupt.
#'
#'   `tidy()` returns AUROC and AUPRC of each fold, seed, part and scorer,
#'   `summary()` their mean and standard deviation over the `n` folds and seeds
#'   that have them.
#' @section Errors:
#'   `musl_error_input` if an argument is out of range, a part lacks a label or
#'   the pairs lack the column `evidence` for a block; `musl_error_format` if
#'   `directory` cannot be written; `musl_error_device` if a worker died;
#'   `musl_error_cancelled` if an interrupt left nothing finished; else those of
#'   [musl_fit()].
#' @seealso [musl_split()], [musl_baselines()], [musl_metrics()], [musl_atlas()]
#'   for workers on a cluster
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' res <- musl_resample(
#'   d, split,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(ensemble = 1, epochs = 2, seed = 1, threads = 1),
#'   folds = 1, learned = FALSE, progress = FALSE
#' )
#' res
#' summary(res)
#' @export
musl_resample <- function(data, split, architecture = musl_architecture(),
                          control = musl_control(), ..., folds = NULL,
                          seeds = NULL, biology = c("masked", "trained"),
                          baselines = TRUE, learned = TRUE, controls = FALSE,
                          blocks = NULL, scorers = NULL, BPPARAM = NULL,
                          directory = NULL, progress = interactive()) {
  check_dots_empty()
  check_musl_data(data)
  check_fold(split, 1L)
  check_fit_arguments(data, split, architecture, control)
  check_flag(baselines)
  check_flag(learned)
  wanted_scorers(scorers)
  scorers <- usual_scorers(scorers, split$pairs)
  check_flag(progress)
  check_string(directory, allow_null = TRUE)
  check_workers(BPPARAM)
  architecture <- decide_architecture(
    architecture, data,
    tell = wants_network(scorers)
  )
  folds <- folds %||% seq_len(split$folds)
  folds <- check_numbers(folds, 1, split$folds)
  seeds <- seeds %||% draw_seed(control$seed)
  seeds <- check_numbers(seeds, 0, .Machine$integer.max)
  settings <- list(
    architecture = drop_empty_encoders(architecture, data),
    control = control,
    folds = folds,
    seeds = seeds,
    biology = check_choice(biology, c("masked", "trained")),
    baselines = baselines,
    learned = learned,
    controls = check_controls(controls),
    blocks = check_blocks(blocks, data),
    scorers = scorers,
    setting = split$setting,
    split_seed = split$seed
  )
  context <- resample_context(data, split, settings, directory, BPPARAM)
  jobs <- resample_jobs(settings, data)
  results <- tell_once(run_jobs(jobs, context, BPPARAM, progress))
  new_resample(jobs, results, data, split, settings)
}

# The jobs in the order of their results: trainings and baselines.
resample_jobs <- function(settings, data) {
  models <- c(
    "model",
    # Only a model with the partners encoder and others has a separate biology.
    if (settings$biology == "trained" && wants_network(settings$scorers) &&
      has_partners(settings$architecture$encoders)) "biology",
    if ("experimental_trained" %in% settings$blocks) "experimental_trained"
  )
  controls <- control_names(settings, data)
  jobs <- lapply(settings$folds, function(fold) {
    first <- settings$seeds[[1]]
    c(
      unlist(lapply(settings$seeds, function(seed) {
        lapply(models, new_job, fold = fold, seed = seed)
      }), recursive = FALSE),
      if (settings$baselines) list(new_job("baselines", fold, first)),
      lapply(controls, new_job, fold = fold, seed = first)
    )
  })
  unlist(jobs, recursive = FALSE)
}

new_job <- function(name, fold, seed) {
  list(name = name, fold = fold, seed = seed)
}

has_partners <- function(encoders) {
  "partners" %in% encoders && length(encoders) > 1
}

new_resample <- function(jobs, results, data, split, settings) {
  done <- !vapply(results, is.null, TRUE)
  # Each seed has all baselines, so that scorers can be compared within a run.
  results <- Map(function(job, result) {
    if (job$name == "baselines") {
      copies <- lapply(settings$seeds, function(seed) {
        result$scores$seed <- rep(seed, nrow(result$scores))
        result$scores
      })
      result$scores <- do.call(rbind, copies)
    }
    result
  }, jobs[done], results[done])
  name <- vapply(jobs[done], `[[`, "", "name")
  bind <- function(what, of = rep(TRUE, length(name))) {
    do.call(rbind, lapply(results[of], `[[`, what))
  }
  for_block <- name == "experimental_trained"
  scores <- bind("scores", !for_block)
  structure(
    list(
      scores = scores,
      blocks = block_scores(
        scores, bind("scores", for_block), settings$blocks, data, split
      ),
      validation = bind("validation", name %in% c("model", "biology")),
      fits = bind("fit"),
      settings = settings,
      versions = fit_versions(),
      complete = all(done)
    ),
    class = "musl_resample"
  )
}
