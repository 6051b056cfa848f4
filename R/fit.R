#' Train a MuSL network
#'
#' Learns to score gene pairs from the labelled pairs of `data`, and calibrates
#' the scores on a validation part.
#'
#' Without a `split` the validation part is mixed: 10 % of the labelled pairs
#' and all pairs of 15 % of their genes, sampled with the seed.
#' The model treats these genes as unseen although they have labels, and
#' [musl_partners()] warns if an anchor is one of them; genes in `keep_genes`
#' are never held out in this way.
#' If `members` in [musl_control()] is above 1, each network holds out a
#' different sample.
#' With a `split` the training and validation parts of the fold are used; its
#' test part is not read. If the split holds genes out, its validation part has
#' few or no pairs of two seen genes. Then 5 % of the training pairs (200 to
#' 500; none if that is more than a fifth) are used for calibration and not for
#' training.
#' A gene is *seen* if it is in a training pair that is SL or that the user
#' labelled non-SL; pairs sampled by [musl_negatives()] do not make a gene seen.
#'
#' An encoder without any input in the data is left out, with a message.
#' Ctrl-C ends training and returns the best model so far, with a message.
#' On the CPU, the same seed gives the same model for any number of threads and,
#' up to 8,192 samples a source, any order of the samples and of the rows.
#'
#' # Measured pairs
#' Pairs measured in screens (`measured` in [musl_data()]), where both outcomes
#' were possible, have separate members, which learn from the columns of
#' [musl_pair_evidence()]:
#' * `linear`: logistic regression on normal scores of the columns and on
#'   evidence columns, penalty 0.1 on the mean loss;
#' * `boosting`: 100 trees of 6 leaves on the columns, monotone in expression,
#'   dependence, network and annotation;
#' * `neural`, if LibTorch is installed: a network with a linear path over the
#'   columns that `linear` reads and a parallel head, initialised to zero, that
#'   reads each gene separately (coordinates on the leading axes of annotation,
#'   families, network and co-expression; expression, fitness and similar);
#'   cross-entropy, plus a logistic loss of each hit against the non-hits of its
#'   query or study; six epochs of AdamW, no choice by validation;
#' * `evidence`: logistic regression on the evidence columns alone;
#' * `recorded`: 150 trees of 16 leaves on the recorded pairs that no screen
#'   measured, against their negatives.
#'
#' Each pair of a study is one row, the mean over its lines.
#' Non-hits are weighted by the rate at which they were measured (a study with
#' more than 15,000, or 60,000 for `neural`, is represented by a sample), hits
#' by the size of their `effect`; all hits together weigh as much as all
#' non-hits.
#' Classes are not balanced within a study, because the choice of a library is
#' part of what is learned.
#'
#' A library of chosen pairs, such as paralogs, cannot show what its pairs have
#' in common: of all genes, partners would be those whose loss slows growth
#' anywhere.
#' Pairs measured without a `query` are therefore joined by random pairs of the
#' same genes, as many as weigh the same together, at least 5,000 and at most
#' 15,000, none of them measured.
#' Each counts as a hit at a rate of 0.0135, the share of hits in genome-scale
#' screening, so that the higher rate of the library tells what its pairs have
#' in common.
#' Pairs of queries reduce their weight, since nobody chose those pairs; a
#' genome-scale screen leaves no room for random pairs, and a screen that
#' crossed all of its genes leaves none to draw.
#'
#' Recorded pairs train the network and `recorded`, separately from these
#' members: mixing the two kinds of label makes both worse.
#' [predict()][predict.MuslModel] describes how members are combined.
#' With a `split` these members learn from its training and validation parts,
#' because nothing is chosen on the latter.
#' Without LibTorch all members but `neural` are fitted, and a message names
#' what is left out; a model that has `neural` predicts without LibTorch too.
#'
#' # Recorded pairs: network or members
#' With `network = FALSE` and no measured pairs, two members learn from the
#' recorded pairs, in seconds and without LibTorch:
#' * `recorded`: 100 trees of 6 leaves on the columns of [musl_pair_evidence()],
#'   without those of what cells need around a pair;
#' * `terms`, if `data` have [musl_annotations()] as `evidence`: logistic
#'   regression on the annotation of both genes: the sum of their coordinates on
#'   128 axes of terms, 128 axes of terms of 20 to 5,000 genes and 32 axes of
#'   pathways; penalty 0.2 on the mean loss.
#'
#' Few genes have been studied widely. To keep the members from learning these
#' genes, a recorded SL pair is weighted by the inverse square root of the
#' number of SL pairs of its gene with more of them.
#' The score is the mean of both.
#' If negatives were drawn at random and genes are unseen, as in published
#' gene-disjoint folds, these members are far better than the network; if
#' negatives match the degrees of positives, the network is better. By default,
#' `network = NULL`, the AUPRC on the validation part decides: between the
#' network at its best epoch and members that learned from the same training
#' part. Members that are chosen are refitted to all pairs. Without LibTorch
#' the members are used.
#'
#' # Ensembles in parallel
#' With `members` in [musl_control()] and `BPPARAM` each worker trains one
#' network with its share of the threads: the result is bit-identical to
#' training them here one after the other.
#' Each worker gets `data` and `init` and repeats the preprocessing; it returns
#' its network and the scores of its validation part.
#'
#' With `checkpoint` each network writes a separate file (from the second on,
#' its number is added to the name), so workers on other machines need a shared
#' file system.
#' If a run ends for any reason, the same call with the same `seed` resumes it:
#' finished networks are not trained again.
#' Ctrl-C ends such a run with an error, without a model.
#'
#' Each worker looks for the `device` of [musl_control()]; the workers of a
#' machine share its GPU.
#' The jobs of a cluster (`BatchtoolsParam`) use as many threads as their
#' resource `ncpus` requests; [musl_atlas()] shows how to set it for Slurm.
#'
#' # Memory
#' A batch goes through the network in chunks of 64 pairs, or of 128 if no
#' histogram is read and `batch_size` is 512 or more; on a GPU it is one chunk.
#' If a chunk does not fit into the memory of the GPU or of this machine, it is
#' halved, down to a single pair, and the size that fits is kept for the rest of
#' the training.
#' The gradients of the parts add up to that of the chunk except for two things:
#' dropout is sampled anew for each part, and the `alignment` of
#' [musl_architecture()] compares pairs within a part only.
#' If a single pair does not fit, inputs cached on the device are released
#' before training ends in an error.
#'
#' @param data A [MuslData][musl_data()] with SL and non-SL pairs.
#'   If it has SL pairs alone and `split` is `NULL`, [musl_negatives()] draws as
#'   many non-SL pairs, `"degree_matched"`, with a message.
#' @param split A [musl_split()], or `NULL` for the mixed validation part.
#' @param fold Whole number, the fold of `split` to train on.
#' @param architecture A [musl_architecture()]; by default that of `init`, if
#'   there is one.
#' @param control A [musl_control()].
#' @param init A [MuslModel][musl_fit()] of the same architecture to continue
#'   from, or `NULL`. What it learned from counts as seen and known, and test
#'   parts that hold it out are refused as leaks. With other parts than those of
#'   its own fit a warning (`musl_warning_leakage`) tells validation pairs that
#'   it knows.
#' @param keep "codes": the model stores binned expression, node features and
#'   the network, once for all its networks, and predicts without data; "none":
#'   it stores none of these and needs `data` to predict (members without a
#'   network, see *Measured pairs* in [predict()][predict.MuslModel], predict
#'   without, but treat correlations as missing); `NULL`: "codes" up to
#'   200 MB (a byte for each expression value and node feature, some 20,000
#'   genes in 9,000 samples), else "none", with a message before training.
#' @param keep_genes Character, genes that the mixed validation part must not
#'   hold out, such as the anchors that the model is meant for; or `NULL`.
#'   Single pairs of them may still be held out.
#'   Not with a `split`.
#' @param negatives `NULL` uses the non-SL pairs of `data`;
#'   `"degree_matched"`, `"random"`, `"gene_balanced"` or `"expression"`,
#'   policies of [musl_negatives()], drop those that no screen measured
#'   and draw as many as there are SL pairs. A message recommends it if SL pairs
#'   differ from the rest by how well their genes are studied. Not with a
#'   `split`, whose parts draw their own.
#' @param progress `TRUE` for a progress bar or, in a session that is not
#'   interactive, a line a minute: phase, epoch, training loss, AUPRC on the
#'   validation part, longest time left (without `BPPARAM`, whose own bar counts
#'   networks: `progressbar = TRUE`).
#' @param network `TRUE` to train the network on recorded pairs, if there are
#'   any; `FALSE` for members of measured pairs alone, of which only `neural`
#'   needs LibTorch, or, without measured pairs, `recorded` and `terms`. `NULL`
#'   is `TRUE`, except for recorded pairs alone with [musl_annotations()] and
#'   without `init` and `BPPARAM`: both are fitted and the model has the better,
#'   as a message says.
#' @param replication Number from 0 to 1: studies of measured pairs whose value
#'   by [musl_replication()] is lower are not learned from, with a message;
#'   0 to learn from all. Studies that no other can assess are learned from.
#' @param BPPARAM `NULL`, or a BiocParallel parameter object whose workers
#'   train the `members` of an ensemble; a single network is trained here.
#' @returns A `MuslModel`; see [predict()][predict.MuslModel],
#'   [musl_partners()], [musl_save()].
#' @section Errors:
#'   `musl_error_input` if a part is empty or of one class, an argument is out
#'   of range,
#'   `musl_error_device` if a device is absent or out of memory, or if a
#'   worker died,
#'   `musl_error_diverged` if the loss is not finite, `musl_error_cancelled` if
#'   training was interrupted before its first epoch ended, or with `BPPARAM`,
#'   `musl_error_shape` if `init` does not fit, `musl_error_format` if a
#'   checkpoint or the input of other processes cannot be written (a full
#'   disk).
#'   `musl_warning_not_converged` if the last epoch was the best, by .005 of
#'   AUPRC or more on the validation part.
#' @section Source:
#'   Probabilities by Platt scaling (Platt 1999), one line for each number of
#'   unseen genes with at least 200 validation pairs, else one pooled line.
#' @seealso [musl_split()], [musl_architecture()], [musl_control()]
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("small", seed = 1)
#' fit <- musl_fit(
#'   d,
#'   architecture = musl_architecture(encoders = "descriptors"),
#'   control = musl_control(members = 1, epochs = 2, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' fit
#' @export
musl_fit <- function(data, split = NULL, fold = 1L,
                     architecture = musl_architecture(),
                     control = musl_control(), init = NULL, keep = NULL,
                     progress = TRUE, BPPARAM = NULL,
                     network = NULL, keep_genes = NULL, negatives = NULL,
                     replication = 0.65) {
  started <- proc.time()[["elapsed"]]
  on.exit(cpp_return_memory())
  check_is(init, "MuslModel", allow_null = TRUE)
  if (missing(architecture) && !is.null(init)) {
    architecture <- complete_architecture(init@architecture)
  }
  check_fit_arguments(data, split, architecture, control)
  keep <- check_choice(keep, c("codes", "none"), allow_null = TRUE)
  check_flag(progress)
  check_flag(network, allow_null = TRUE)
  check_number(replication, 0, 1)
  architecture <- decide_architecture(
    architecture, data, tell = !isFALSE(network)
  )
  check_init(init, architecture)
  keep_genes <- kept_genes(keep_genes, data, split)
  check_workers(BPPARAM)

  control$seed <- draw_seed(control$seed)
  data <- replace_negatives(data, negatives, split, control$seed)
  members <- fit_measured_members(data, split, fold, control, replication)
  if (is.null(members) && isFALSE(network)) {
    members <- fit_recorded_members(data, split, fold, control)
  }
  task <- list(
    data = data, split = split, fold = fold, architecture = architecture,
    control = control, init = init, keep = keep, progress = progress,
    BPPARAM = BPPARAM, started = started, keep_genes = keep_genes,
    network = network
  )
  object <- if (is.null(members)) {
    check_network_wanted(!isFALSE(network))
    fit_recorded(task)
  } else if (isFALSE(network)) {
    measured_only_model(task, members)
  } else {
    fit_beside(task, members)
  }
  with_card(with_held(object, task), data, split)
}

# All that the core needs, in this and in other processes.
fit_job <- function(data, parts, architecture, control, init) {
  parts <- lapply(parts, lapply, pair_input, genes = data@genes)
  list(
    input = dataset_input(data),
    parts = unname(parts),
    architecture = architecture,
    control = control,
    start = if (!is.null(init)) {
      list(object = init, gene_of = gene_index(data@genes, init@genes))
    }
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

run_fit <- function(job, progress, call = caller_env()) {
  with_progress(progress, function(callback) {
    with_backend(do_fit(job, callback), call = call)
  })
}

do_fit <- function(job, callback = NULL) {
  cpp_fit(
    job$input, job$parts, unclass(job$architecture),
    core_control(job$control), start_of(job), callback
  )
}

# The start of the core: a model that lives in this process, or NULL.
start_of <- function(job) {
  if (!is.null(job$start)) {
    list(model = live_model(job$start$object), gene_of = job$start$gene_of)
  }
}

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
    if (length(open$epoch) == 0) {
      return(invisible())
    }
    warn_musl(c(
      "Training ended while the validation value was still rising.",
      x = "The best epoch was the last one allowed: {open$text}.",
      i = "Raise {.code epochs} in {.fn musl_control}."
    ), "not_converged", epoch = open$epoch)
  }
}

# Below this gain a validation value counts as flat: the learning rate ends at
# zero, so the last epoch is often the best by a tiny margin.
least_gain <- 0.005

# Phases, of each member of an ensemble, that ended with their best epoch by at
# least that gain: list(epoch, text), such as "epoch 10 of joint in 2 of 5
# networks".
still_rising <- function(history) {
  run <- paste(history$member, history$phase)
  last <- !duplicated(run, fromLast = TRUE)
  open <- which(last & history$best)
  gain <- vapply(open, function(i) last_gain(history[run == run[[i]], ]), 1)
  open <- open[gain >= least_gain]
  label <- paste("epoch", history$epoch[open], "of", history$phase[open])
  n_members <- length(unique(history$member))
  text <- vapply(unique(label), function(one) {
    if (n_members == 1) {
      return(one)
    }
    paste(one, "in", sum(label == one), "of", n_members, "networks")
  }, "")
  list(epoch = history$epoch[open], text = paste(text, collapse = ", "))
}

# How far the last epoch of a run is above all earlier trained ones.
last_gain <- function(history) {
  value <- history[["valid_auprc"]][history$epoch > 0]
  n <- length(value)
  if (n < 2 || anyNA(value)) Inf else value[[n]] - max(value[-n])
}
