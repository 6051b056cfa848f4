#' How to train a MuSL network
#'
#' Collects everything that controls training but is not part of the network.
#'
#' @param strategy "joint" (all branches together), "branches" (each branch
#'   separately, then the fusion), "distill" (each branch separately, then all
#'   together from new weights, with the first branches as teachers) or "em"
#'   (branches that also teach each other on unlabelled pairs, see *Branches
#'   that teach each other*).
#' @section Balance:
#'   In joint training the branch that learns fastest may leave the others
#'   little to learn; [musl_balance()] measures how much each contributes.
#'   In "joint" the loss of single branches (`auxiliary` in
#'   [musl_architecture()], 0 for none) and `modality_dropout` counteract this;
#'   "branches", "distill" and "em" train the branches separately.
#'   `ogm` also counteracts it: if the logit of an encoder is `rho` > 1 times as
#'   sure of the labels as those of the others, its gradients are multiplied by
#'   `1 - tanh(ogm * rho)` after the batch.
#'   It was made for plain gradient descent; AdamW divides by the size of the
#'   gradients, which cancels a lasting factor.
#'   In three runs on `musl_simulate("imbalance")` 0.5 raised AUROC by .005,
#'   .022 and .005 and the contribution of expression, which lags behind, by
#'   .004 to .020.
#'   In "distill" each encoder of the second training is pulled towards the
#'   vectors that its teacher computes for the training pairs, by the mean
#'   squared distance of their elements times `distill_weight`; the branches'
#'   heads remain those of the teachers.
#'   With few labels, a fusion of separately trained branches learns little that
#'   generalises, because the branches have fitted the training pairs:
#'   `joined_by = "sum"`, which adds the logits of the branches, is then better.
#' @section Branches that teach each other:
#'   `strategy = "em"` first trains each branch separately.
#'   Then, `em_iterations` times, the branches that read a pair's expression
#'   learn from the labels and from the predictions of genes, network and known
#'   partners on unlabelled pairs, and these branches learn from theirs in turn.
#'   The fusion comes last, with the weights of the best iteration, which may be
#'   none.
#'   Predictions are turned into probabilities (a temperature learned on the
#'   validation part, then the prior `em_prior`); only confident pairs
#'   count, SL pairs up to the weight of the labelled SL pairs, non-SL pairs
#'   up to three times as much.
#'   A branch whose validation value falls by more than 0.03 below that of its
#'   first phase is reset, and pseudo-labels then weigh half as much for it.
#'   Unlabelled pairs are drawn among the genes of the training pairs, half at
#'   random, half with genes as frequent as in SL pairs; none is a training or
#'   validation pair.
#'   They may include pairs of a test part whose genes are in training pairs,
#'   without their labels.
#'   `em_preset = "muse"` is closer to the published method: hard labels for
#'   all unlabelled pairs by the plain logit, without confidence,
#'   prior or caps (`em_confidence` 0; `em_prior` is not read), with
#'   `em_weight` 0.2, and students that start from new weights.
#'   Unlike that method, both scales learn from each other, the branches are
#'   trained on the labels first, no unlabelled pair becomes an edge of the
#'   network, and no test pair is put among the unlabelled ones by design.
#'   If labels are few, most of the gain over "joint" comes from
#'   training the branches separately, as "branches" does; if they are many, on
#'   the fixed benchmark with 27,000, neither gain can be distinguished from
#'   chance.
#' @param device "auto" (a GPU if there is one, else the CPU), "cpu", "cuda"
#'   (the first GPU) or one GPU as "cuda:0", "cuda:1", ...
#' @param threads Whole number from 0 to 1024; 0 for all threads that this
#'   process may use. On the CPU the result does not depend on it.
#' @param seed Whole number from 0 to 2^31 - 1, or `NULL`: one is drawn from R's
#'   generator and recorded.
#' @param epochs Whole number from 1 to 100,000, largest number of passes over
#'   the training pairs in each phase.
#' @param patience Whole number from 1 to 100,000, epochs without a better
#'   validation value after which a phase stops.
#' @param batch_size Whole number from 1 to 2^20, pairs per optimiser step.
#' @param learning_rate Number > 0 up to 10, the largest rate of the schedule.
#' @param weight_decay Number from 0 to 10, AdamW decay of the weight matrices.
#' @param schedule "one_cycle" (the rate rises to `learning_rate` and falls to
#'   nearly zero over the epochs of a phase) or "plateau" (the rate is
#'   `learning_rate` and is halved when validation stops improving).
#' @param warmup Number from 0 to below 1, share of the steps before the peak;
#'   "one_cycle" only.
#' @param plateau Whole number from 1 to 100,000, epochs in a row without a
#'   better validation value after which the rate is halved and counting
#'   restarts; "plateau" only, and without effect if not below `patience`.
#' @param clip Number > 0, largest norm of a step's gradient.
#' @param members Whole number from 1 to 100, networks of an ensemble.
#'   With more than one, each is trained with a different seed on a different
#'   training part: it holds out different pairs or genes to choose its epoch.
#'   The ensemble's score is the mean, and time grows with the number.
#'   On real pairs with one and two unseen genes, three networks have an AUROC
#'   .017 and .007 above that of one; five are as good as three.
#' @param monitor "auprc" or "auroc": the validation value that chooses the
#'   epoch.
#' @param joined_by How to combine branches trained separately, in "branches"
#'   and "em": "gate" (the fusion learns the labels, with the encoders frozen)
#'   or "sum" (no fusion: the sum of the logits, each scaled to unit variance
#'   and weighted on the validation part; a branch whose AUROC there is not
#'   above one half with 95 % confidence is left out, unless all are; gates are
#'   then meaningless).
#' @param ogm Number from 0 to 100, the strength alpha of on-the-fly gradient
#'   modulation in "joint", see *Balance*; 0 for none.
#' @param distill_weight Number from 0 to 100, the weight of the teachers'
#'   vectors relative to the labels in "distill".
#' @param em_preset "default", or "muse", which sets `em_weight` to 0.2 and
#'   `em_confidence` to 0 unless these are given.
#' @param em_iterations Whole number from 0 to 8 of turns; 0 is "branches".
#' @param em_weight Number from 0 to below 1, the weight of pseudo-labels;
#'   labels have the rest.
#' @param em_confidence Number from 0 to below 1: |2 p - 1| from which a
#'   pseudo-label of probability p counts.
#' @param em_prior Number above 0 and below 1, the share of SL among unlabelled
#'   pairs, an assumption of the user.
#' @param em_unlabelled Number > 0 up to 1000, unlabelled pairs as a multiple of
#'   the training pairs, 200,000 at most.
#' @param preset "default", or "paper", which trains as the published MuSL was
#'   trained, see *Published* in [musl_architecture()]: `batch_size` 128,
#'   `learning_rate` 1e-4, `weight_decay` 1e-3, `schedule` "plateau", `patience`
#'   10 and one network (`members` 1); and, as nothing is published, `epochs`
#'   30 and `plateau` 3.
#'   Arguments that are given override the preset.
#' @param checkpoint Path of a checkpoint file that training resumes from, or
#'   `NULL` for none.
#' @returns A list of class `musl_control` with one element per argument.
#' @section Errors:
#'   `musl_error_input` names the argument, the value found and its range.
#' @section Source:
#'   Expectation maximisation over two scales: Rao et al. (2024), Nat Commun
#'   15:4476 (MUSE).
#'   Teachers of one modality: Du et al. (2023), ICML, arXiv 2305.01233; we
#'   imitate them on the labelled pairs alone.
#'   Halving on a plateau: PyTorch's `ReduceLROnPlateau` with `factor` 0.5 and a
#'   `patience` of `plateau - 1`, `threshold` 0.
#'   Gradient modulation: Peng et al. (2022), CVPR, arXiv 2203.15332, without
#'   its noise, for any number of encoders.
#' @seealso [musl_architecture()], [musl_fit()], [musl_backend()]
#' @examplesIf musl_backend()$available
#' musl_control(epochs = 10, seed = 1)
#' musl_control(preset = "paper", epochs = 5)
#' @importFrom rlang %||%
#' @export
musl_control <- function(strategy = c("joint", "branches", "distill", "em"),
                         device = "auto",
                         threads = 0L,
                         seed = NULL,
                         epochs = 10L,
                         patience = 4L,
                         batch_size = 512L,
                         learning_rate = 1e-3,
                         weight_decay = 1e-2,
                         schedule = c("one_cycle", "plateau"),
                         warmup = 0.15,
                         plateau = 2L,
                         clip = 1,
                         members = 3L,
                         monitor = c("auprc", "auroc"),
                         checkpoint = NULL,
                         joined_by = c("gate", "sum"),
                         ogm = 0,
                         distill_weight = 1,
                         em_preset = c("default", "muse"),
                         em_iterations = 3L,
                         em_weight = 0.5,
                         em_confidence = 0.5,
                         em_prior = 0.05,
                         em_unlabelled = 5,
                         preset = c("default", "paper")) {
  given <- names(match.call())[-1]
  preset <- check_choice(preset, c("default", "paper"))
  em_preset <- check_choice(em_preset, c("default", "muse"))
  if (em_preset == "muse") {
    if (missing(em_weight)) em_weight <- 0.2
    if (missing(em_confidence)) em_confidence <- 0
  }
  fields <- list(
    strategy = check_choice(strategy, known_strategies),
    device = check_string(device),
    threads = check_count(threads),
    seed = check_whole(seed, 0, .Machine$integer.max, allow_null = TRUE),
    epochs = check_count(epochs),
    patience = check_count(patience),
    batch_size = check_count(batch_size),
    learning_rate = check_number(learning_rate),
    weight_decay = check_number(weight_decay),
    schedule = check_choice(schedule, c("one_cycle", "plateau")),
    warmup = check_number(warmup),
    plateau = check_count(plateau),
    clip = check_number(clip),
    members = as.integer(check_whole(members, 1, 100)),
    monitor = check_choice(monitor, c("auprc", "auroc")),
    checkpoint = check_string(checkpoint, allow_null = TRUE),
    joined_by = check_choice(joined_by, c("gate", "sum")),
    ogm = check_number(ogm),
    distill_weight = check_number(distill_weight),
    em_preset = em_preset,
    em_iterations = check_count(em_iterations),
    em_weight = check_number(em_weight),
    em_confidence = check_number(em_confidence),
    em_prior = check_number(em_prior),
    em_unlabelled = check_number(em_unlabelled),
    preset = preset
  )
  fields <- take_preset(fields, control_preset(preset), given)
  with_core(cpp_check_control(core_control(fields, seed = 1L)))
  structure(fields, class = "musl_control")
}

# What a preset changes from the defaults in the signature.
control_preset <- function(preset) {
  switch(preset,
    default = list(),
    paper = list(
      epochs = 30L,
      patience = 10L,
      batch_size = 128L,
      learning_rate = 1e-4,
      weight_decay = 1e-3,
      schedule = "plateau",
      plateau = 3L,
      members = 1L
    )
  )
}

known_strategies <- c("joint", "branches", "distill", "em")

# The fields in the form the core reads: a drawn seed, no NULL.
core_control <- function(control, seed) {
  control <- unclass(control)
  control$members <- control$preset <- NULL
  control$seed <- control$seed %||% seed
  control$checkpoint <- control$checkpoint %||% ""
  control
}

#' @export
print.musl_control <- function(x, ...) {
  cat("<musl_control: ", x$strategy, ">\n", sep = "")
  print_fields(x[setdiff(names(x), "strategy")])
  invisible(x)
}
