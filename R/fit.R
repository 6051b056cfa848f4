#' Train a model
#'
#' Learns to score gene pairs from the labelled pairs of `data`: by a network or
#' scorers of features if a database recorded them, by scorers of features if a
#' screen measured them. Scores of recorded pairs are calibrated on a validation
#' part; those of measured pairs are log-odds as they are.
#'
#' Without a `split` the validation part is mixed: 10 % of the labelled pairs
#' and all pairs of 15 % of their genes, sampled with the seed, and separately
#' for each network of an ensemble. The model treats these genes as unseen;
#' `keep_genes` exempts genes. With a `split` the training and validation parts
#' of the fold are used; its test part is not read. If the split holds genes
#' out, 5 % of the training pairs (200 to 500; none if that is more than a
#' fifth) are used for calibration instead of training.
#'
#' A gene is *seen* if it is in a training pair that is SL or that the user
#' labelled non-SL. An encoder without any input in the data is left out, with a
#' message. Ctrl-C ends training and returns the best model so far, with a
#' message. On the CPU, the same seed gives the same model for any number of
#' threads and, up to 8,192 samples a cohort, any order of the samples and of
#' the rows.
#'
#' # Measured pairs
#' Pairs measured in screens (`measured` in [musl_data()]) train scorers on the
#' columns of [musl_pair_features()]: `linear` (logistic regression), `boosting`
#' (trees, monotone in expression, dependence, network and annotation),
#' `pair_net` (a network, if LibTorch is installed), `relation` (logistic
#' regression on the evidence columns) and `recorded` (trees on the
#' recorded pairs that no screen measured, against their negatives).
#'
#' Each pair of a study is one row, the mean over its lines. Pairs measured
#' without a `query` are joined by 5,000 to 15,000 random pairs of the same
#' genes, which count as hits at the rate 0.0135. Recorded pairs train
#' `recorded` only; `scorers = c("musl", "features")` adds the network, without
#' a part in the score. [predict()][predict.MuslModel] describes how scorers
#' are combined.
#'
#' # Recorded pairs
#' With `scorers = "features"` and no measured pairs, and without LibTorch, the
#' score is the mean of two scorers: `recorded` (trees) and `terms`, if `data`
#' have [musl_annotations()] as `evidence` (logistic regression on the
#' annotation of both genes). They suit unseen genes with random negatives; the
#' network suits negatives that match the degrees of positives.
#'
#' # Ensembles in parallel
#' With `ensemble` above 1 in [musl_control()] and `BPPARAM` each worker trains
#' one network, with the same result to the bit. Ctrl-C ends such a run with an
#' error. With `checkpoint` each network writes a separate file, which workers
#' on other machines must share, and the same call with the same `seed` resumes.
#'
#' @param data A [MuslData][musl_data()] with SL and non-SL pairs.
#'   If it has only SL pairs and `split` is `NULL`, [musl_negatives()] draws as
#'   many non-SL pairs, `"degree_matched"`, with a message; call it first for
#'   other ones.
#' @param split A [musl_split()], or `NULL` for the mixed validation part.
#' @param fold Whole number, the fold of `split` to train on.
#' @param architecture A [musl_architecture()].
#' @param control A [musl_control()].
#' @param keep "codes": the model stores binned expression, node features and
#'   the network, and predicts without data; "none": it needs `data` to predict.
#' @param keep_genes Character, genes that the validation part must not hold
#'   out, such as the intended anchors; or `NULL`. Single pairs of them may
#'   still be held out. Not with a `split`.
#' @param progress `TRUE` for a progress bar or, in a session that is not
#'   interactive, a line a minute.
#' @param scorers Character, what to fit: `"musl"`, the network on recorded
#'   pairs; `"features"`, all scorers that read features of pairs, of which only
#'   `pair_net` needs LibTorch, or names of some of them. `NULL`, told in a
#'   message: `"features"` if there are measured pairs, which the network does
#'   not learn from; of recorded pairs with [musl_annotations()] the one with
#'   the better AUPRC on the validation part; else, and with `BPPARAM`,
#'   `"musl"`.
#' @param BPPARAM `NULL`, or a BiocParallel parameter object whose workers
#'   train the networks of an ensemble; a single network is trained here.
#' @returns A `MuslModel`; see [predict()][predict.MuslModel],
#'   [musl_partners()], [musl_save()].
#' @section Errors:
#'   `musl_error_input` if a part is empty or of one class or an argument is out
#'   of range; `musl_error_device` if a device is absent or out of memory, or a
#'   worker died; `musl_error_diverged` if the loss is not finite;
#'   `musl_error_cancelled` if training was interrupted before its first epoch
#'   ended, or with `BPPARAM`; `musl_error_format` if a checkpoint cannot be
#'   read or written.
#'   `musl_warning_not_converged` if the last epoch was clearly the best;
#'   `musl_warning_replication` if the other studies of measured pairs rank the
#'   hits of one no better than chance (95 %).
#' @section Source:
#'   Probabilities by Platt scaling (Platt 1999), one line for each number of
#'   unseen genes with at least 200 validation pairs, else one pooled line.
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("small", seed = 1)
#' fit <- musl_fit(
#'   d,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(ensemble = 1, epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' fit
#' @export
musl_fit <- function(data, split = NULL, fold = 1L,
                     architecture = musl_architecture(),
                     control = musl_control(), keep = c("codes", "none"),
                     progress = TRUE, BPPARAM = NULL,
                     scorers = NULL, keep_genes = NULL) {
  started <- proc.time()[["elapsed"]]
  on.exit(cpp_return_memory())
  check_fit_arguments(data, split, architecture, control)
  keep <- check_choice(keep, c("codes", "none"))
  check_flag(progress)
  given <- scorers
  pairs <- if (is.null(split)) data@pairs else split$pairs
  if (is.null(BPPARAM)) scorers <- usual_scorers(scorers, pairs)
  wanted <- wanted_scorers(scorers)
  architecture <- decide_architecture(
    architecture, data, tell = !isFALSE(wanted$network)
  )
  keep_genes <- kept_genes(keep_genes, data, split)
  check_workers(BPPARAM)

  control$seed <- draw_seed(control$seed)
  task <- list(
    data = data, split = split, fold = fold, architecture = architecture,
    control = control, keep = keep, progress = progress,
    BPPARAM = BPPARAM, started = started, keep_genes = keep_genes,
    wanted = wanted
  )
  object <- fit_scorers(task)
  inform_if(is.null(given),
    "The model scores with {.val {scorer_table(object)$scorer}}.", "scorers"
  )
  with_card(with_held(object, task), data, split)
}

# Scores of measured pairs have no part of a network on recorded ones.
usual_scorers <- function(scorers, pairs) {
  measured <- is_measured(pairs) & !is.na(pairs$label)
  scorers %||% if (any(measured)) "features"
}

# list(network: is `musl` wanted? NULL: if the data can train it; features:
# names of the others, none for all; any: is one of them wanted?)
wanted_scorers <- function(scorers) {
  if (is.null(scorers)) {
    return(list(features = character(), any = TRUE))
  }
  check_some(scorers, c(known_scorers(), "features"))
  others <- setdiff(scorers, "musl")
  list(
    network = "musl" %in% scorers,
    features = if ("features" %in% others) character() else others,
    any = length(others) > 0
  )
}

wants_network <- function(scorers) is.null(scorers) || "musl" %in% scorers

fit_scorers <- function(task) {
  wanted <- task$wanted
  features <- if (wanted$any) fit_measured_scorers(task)
  if (is.null(features) && wanted$any && !is.null(wanted$network)) {
    features <- fit_recorded_scorers(task)
  }
  if (is.null(features)) {
    abort_if(isFALSE(wanted$network), c(
      "{.arg scorers} need labelled pairs to learn from.",
      x = "No pair of {.arg data} to train on is labelled SL.",
      i = "{.fn read_pairs} reads recorded pairs, {.fn read_gi_screen} screens."
    ), argument = "scorers")
    fit_recorded(task)
  } else if (isFALSE(wanted$network)) {
    features_model(task, features)
  } else {
    fit_beside(task, features)
  }
}

# Recorded pairs alone: the network, or scorers of features. The network reads
# no annotations; if there are some, the validation part decides. Without
# LibTorch the scorers of features are used.
fit_recorded <- function(task) {
  wants_network <- isTRUE(task$wanted$network) || !is.null(task$BPPARAM)
  if (wants_network || number_of_annotations(task$data) == 0) {
    tell_unread_annotations(task$data)
    return(keep_annotation(fit_network(task), task))
  }
  if (is.null(task$split)) {
    task$data <- with_default_negatives(task$data, task$control$seed)
  }
  store <- wide_store(task$data, task$control)
  network <- network_unless_absent(fit_network(task))
  if (is.null(network) || features_are_better(network, task, store)) {
    features_model(task, fit_recorded_scorers(task, store))
  } else {
    keep_annotation(network, task, store)
  }
}

# The network's model with what its partner lists read of the annotation.
keep_annotation <- function(model, task, store = NULL) {
  if (has_list_annotation(task$data)) {
    store <- store %||%
      evidence_store(task$data, threads = task$control$threads)
    model@archives$annotation <- with_core(cpp_annotation_pack(store, NULL))
  }
  model
}

# Whether scorers of features have a higher AUPRC than the first network at its
# best epoch, told in a message.
features_are_better <- function(network, task, store) {
  kept <- network@history[network@history$member == 1 & network@history$best, ]
  of_network <- utils::tail(kept$valid_auprc, 1)
  of_features <- features_auprc(task, store)
  better <- isTRUE(of_features > of_network)
  shown <- formatC(c(of_features, of_network), format = "f", digits = 3)
  kept <- if (better) "the scorers of features" else "the network"
  other <- if (better) "musl" else "features"
  inform_musl(c(
    "The model has {kept}: on the validation part scorers that read the
     annotations in {.arg data} have an AUPRC of {shown[[1]]}, the network of
     {shown[[2]]}.",
    i = "{.code scorers = \"{other}\"} keeps the other."
  ), "choice")
  better
}

# AUPRC of scorers that learned from the first network's training part, on its
# validation part. A pair with a gene without any data comes last.
features_auprc <- function(task, store) {
  data <- task$data
  sets <- training_sets(
    data, task$split, task$fold, task$control$seed, task$control$ensemble,
    task$keep_genes
  )[[1]]
  input <- lapply(sets, function(pairs) {
    pair_input(pairs[c("gene_a", "gene_b", "label")], data@genes)
  })
  threads <- task$control$threads
  score <- with_core(
    {
      bytes <- cpp_recorded_fit(store, input$training, character(), threads)
      scorer <- cpp_feature_scorer(cpp_features_load(bytes), NULL, integer())
      asked <- list(
        backend = FALSE, encoders = character(), scorers = character()
      )
      options <- scoring_options(NULL, asked, list(), threads)
      cpp_score_pairs(scorer, input$validation, options, NULL)$score
    }
  )
  score[is.na(score)] <- -Inf
  with_core(cpp_auprc(score, input$validation$label))
}
