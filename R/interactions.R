#' Learn interactions of proteins and drugs
#'
#' Trains a network that predicts whether two nodes interact, in which ways, or
#' how strongly, from features of the nodes and the network of their
#' interactions.
#'
#' Two scales learn the same labels.
#' The *structure* scale reads the two nodes alone: a perceptron computes a
#' vector of each, and a head compares them.
#' The *network* scale passes messages along a graph, with separate weights for
#' each kind of label, and reads the neighbours that both nodes share.
#' For nodes of one type the order of a pair makes no difference.
#'
#' # Strategies
#' * `"branches"` trains each scale separately.
#' * `"em"` then lets them teach each other on unlabelled pairs, in turns, for
#'   `em$iterations`; the weights of the best iteration on the validation part
#'   are kept, which may be none.
#'   With `em = list(iterations = 0)` it is `"branches"`.
#' * `"joint"` trains both scales and a perceptron over them together.
#'
#' The scores of the scales, and of kernels if there are any, are then added
#' with non-negative weights learned on the validation part, one set for each
#' number of unseen nodes. For labels the sum also has the log-odds of the mean
#' label of other pairs of both nodes, and a profile: what nodes alike with the
#' other node (by the cosine of their rows of a label) differ from both nodes'
#' means. All labels share these weights and one threshold, that with the
#' largest micro-F1 on the validation part (`threshold` of `glance()`). With
#' fewer than 20 validation pairs of a number of unseen nodes, all scales weigh
#' the same there.
#'
#' # Kernels
#' Affinities of two types and `"binary"` labels are also learned by a third
#' scale: ridge regression with the product of two kernels, one over the nodes
#' of each end. A kernel adds the features of nodes (numbers as they are; shares
#' of the amino acids and triads of sequences; the surroundings of the atoms of
#' molecules) and the nodes' rows of affinities or labels, whose unknown values
#' are filled with predictions, in up to five rounds. The ridge (.03, .1 or .3
#' for values with sd 1) and the number of rounds minimise the squared error on
#' the validation part; then the kernels are refitted to the training and
#' validation parts together: `predict()` and `musl_metrics()` are optimistic on
#' validation pairs, so compare fits on the test part. Types of more than 5,000
#' nodes have no kernels. A step costs n m (n + m) products for n and m nodes
#' with known values, and several hundred steps are needed.
#'
#' # Unlabelled pairs
#' `"em"` draws `em$unlabelled` times as many pairs as there are training pairs,
#' among their nodes; none of them is in `pairs`. Confident ones count
#' (`em$confidence`), positives up to the number of labelled positives,
#' negatives up to three times as much; for a `"binary"` task the prior is
#' shifted to `em$prior`. For affinities the share 1 - `em$confidence` on which
#' both scales agree most counts.
#'
#' # Leakage
#' Pairs of the validation and test parts are never edges, whatever `network`
#' says.
#' The edges of all pairs of a batch are hidden in training, from
#' messages, degrees and shared neighbours; `predict()` hides a pair's own
#' edge.
#' Features of nodes are standardised by the nodes of the training pairs.
#'
#' # Sites
#' `task = "site"` labels residues instead of pairs, such as those of an
#' interface: convolutions read a sequence alone; with coordinates, attention
#' reads the residues around each residue, their relative orientation, how
#' crowded each residue is and how far from the centre it lies.
#' Both scales are then one network: `strategy`, `node_input`, `layers`,
#' `hidden_nodes`, `crop` and `common_neighbours` are ignored, and `network`
#' and `unlabelled` must be `NULL`.
#' A batch holds chains with about `batch_size` of `control` residues, at least
#' four chains.
#' Rotating or moving a chain changes scores only by rounding; a mirror image
#' is read as another chain.
#'
#' # Cost
#' Sequences, chains and molecules cost most: one processor learns from some
#' 8,000 residues of sequences or 300 molecules a second; numbers
#' ([musl_embed_kmers()], [musl_embed_proteins()]) are faster. For nodes of two
#' types a batch holds all training pairs of a few proteins, so that an epoch
#' reads each protein once.
#' @param pairs A data frame, one row per pair: `from` and `to` (names of
#'   nodes), labels, and optionally `split`: "train", "validation" or "test".
#'   Test pairs are only used to keep them out of the graph and of the
#'   unlabelled pairs.
#'   The label is a column `label` (0/1, logical or a factor of two levels;
#'   numbers for `"affinity"`); for `"multilabel"` it is all further columns, 0
#'   or 1 each.
#'   Or a matrix with dimnames, `NA` for unknown values: rows are `from`,
#'   columns `to`; a matrix with the same names on both sides is of one type
#'   unless there are two: a pair's value may be on either side of the diagonal,
#'   and values on both sides must be the same.
#'   For "site": a data frame, one row per residue, with `protein` (names of
#'   nodes), `residue` (its position in the sequence, from 1), `label` and
#'   optionally `split`, the same for all residues of a protein; residues
#'   without a row, or with a missing label, are read but not learned from.
#' @param nodes Data on nodes: a numeric matrix with row names or a
#'   SummarizedExperiment (its first assay), nodes x features; an `AAStringSet`;
#'   SMILES as a named character vector; or [musl_nodes()], which also takes
#'   coordinates.
#'   A list of two of these for two types of nodes: `from` is of the first, `to`
#'   of the second.
#' @param network An igraph whose vertices are named as the nodes, or `NULL`:
#'   the training pairs with a positive label, or with any affinity.
#'   Weights and directions of edges are not read.
#' @param task "binary", "multilabel" (several labels a pair, each 0 or 1),
#'   "affinity" (numbers) or "site" (a label 0 or 1 of each residue).
#' @param strategy "branches" (the default), "em" or "joint"; that of `control`
#'   is ignored.
#' @param control A [musl_control()]; without `checkpoint` and on one device.
#'   With `members` above 1 the networks differ by their seeds; all share one
#'   validation part.
#' @param validation Number above 0 and below 1: the share of the training pairs
#'   (for "site": proteins) drawn as validation part if `split` names none;
#'   for "binary" with pairs of both classes, where training keeps both.
#' @param em For `"em"` only: a list with some of `iterations` (of turns, whole
#'   number from 0 to 8), `weight` (of pseudo-labels, from 0 to below 1; labels
#'   have the rest), `confidence` (from 0 to below 1: |2 p - 1| from which a
#'   pseudo-label of probability p counts), `prior` (above 0 and below 1: the
#'   share of positives among unlabelled pairs, an assumption of the user) and
#'   `unlabelled` (above 0, up to 1000: unlabelled pairs as a multiple of the
#'   training pairs).
#' @param unlabelled For `"em"` only: a data frame with `from` and `to`, or
#'   `NULL`: drawn.
#' @param node_input What the network scale reads of a node: "structure" (its
#'   vector in the structure scale, as it was when the network scale's
#'   turn began; with `"joint"`, the current one) or "features" (its own
#'   numbers, if all nodes are numeric).
#' @param width Whole number from 2 to 4096, length of a node's vectors.
#' @param layers Whole number from 1 to 8 of message passing.
#' @param dropout Number from 0 to below 1.
#' @param hidden_nodes Number from 0 to below 1: share of the nodes of a batch
#'   whose edges are all hidden, so that the network learns to score unseen
#'   nodes.
#' @param crop Whole number >= 0, the most residues read of a sequence
#'   without coordinates, 0 for all: in training a random window, drawn anew
#'   each time, else the middle.
#' @param common_neighbours `TRUE` to read the neighbours that two nodes share;
#'   never for nodes of two types.
#' @param kernels `TRUE` to learn affinities of two types, and `"binary"`
#'   labels, by kernels too; ignored otherwise.
#' @param progress As in [musl_fit()].
#' @returns An object of class `musl_interactions`; see
#'   [predict()][predict.musl_interactions], [musl_metrics()], [musl_save()].
#'   For "site" it is also a `musl_sites`, which scores any proteins: see
#'   [predict()][predict.musl_sites].
#' @section Errors:
#'   `musl_error_input` names the problem: unknown nodes, a pair of
#'   a node with itself or a repeated pair, positions outside a protein, labels
#'   outside the task, missing, or, in training, of one class only, labels whose
#'   scores would be named as those of a scale, features that are not
#'   finite; `musl_error_diverged` and `musl_error_cancelled` as in
#'   [musl_fit()].
#'   `musl_warning_other` if the validation part has fewer than 20 pairs.
#'   `musl_warning_calibration` if it has "binary" labels of one class only:
#'   the level of probabilities is then the share of the training pairs.
#' @section Source:
#'   Rao et al. (2024), Nat Commun 15:4476 (MUSE).
#'   We differ: both scales teach each other, with confident and calibrated
#'   pseudo-labels, never on test pairs; there is always a validation part; both
#'   scales are used; edges carry labels; sites are learned from C-alpha atoms
#'   and the user's columns only.
#'
#'   Kernels: Pahikkala et al. (2015), Brief Bioinform 16:325,
#'   doi 10.1093/bib/bbu010 (KronRLS); van Laarhoven et al. (2011),
#'   Bioinformatics 27:3036 (kernels over rows).
#'   We differ: unknown pairs are left out of the regression, solved by
#'   conjugate gradients, and rows are filled with predictions, in rounds.
#'
#'   Profiles of labels: Resnick et al. (1994), Proc CSCW: 175,
#'   doi 10.1145/192844.192905 (collaborative filtering).
#'   We differ: nodes alike are compared with the means of both nodes of a pair.
#' @seealso [musl_nodes()], [musl_split_interactions()], [musl_metrics()],
#'   [musl_save()]
#' @examplesIf musl_backend()$available
#' d <- musl_simulate_interactions(n_nodes = 60, n_pairs = 200, seed = 1)
#' fit <- musl_interactions(
#'   d$pairs, d$nodes,
#'   strategy = "branches",
#'   control = musl_control(members = 1, epochs = 3, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' fit
#' predict(fit, d$pairs[1:3, ])
#' @export
musl_interactions <- function(pairs, nodes, network = NULL,
                              task = c(
                                "binary", "multilabel", "affinity", "site"
                              ),
                              strategy = c("branches", "em", "joint"),
                              control = musl_control(
                                members = 1, epochs = 60, patience = 10,
                                batch_size = 256
                              ),
                              validation = 0.1,
                              em = list(
                                iterations = 3, weight = 0.5, confidence = 0.5,
                                prior = 0.5, unlabelled = 5
                              ),
                              unlabelled = NULL,
                              node_input = c("structure", "features"),
                              width = 128, layers = 2, dropout = 0.2,
                              hidden_nodes = 0.1, crop = 1024,
                              common_neighbours = TRUE, kernels = TRUE,
                              progress = TRUE) {
  started <- proc.time()[["elapsed"]]
  on.exit(cpp_return_memory())
  check_is(control, "musl_control")
  check_flag(progress)
  task <- check_choice(task, c("binary", "multilabel", "affinity", "site"))
  config <- list(
    task = task,
    node_input = check_choice(node_input, c("structure", "features")),
    width = as.integer(check_whole(width, 2, 4096)),
    layers = as.integer(check_whole(layers, 1, 8)),
    dropout = check_number(dropout, 0, 1),
    hidden_nodes = check_number(hidden_nodes, 0, 1),
    crop = as.integer(check_whole(crop, 0, .Machine$integer.max)),
    common_neighbours = check_flag(common_neighbours),
    kernels = check_flag(kernels),
    strategy = check_choice(strategy, c("branches", "em", "joint")),
    em = em_settings(em)
  )
  check_interaction_control(control)
  control$seed <- draw_seed(control$seed)
  if (task == "site") {
    check_no_pairs(
      list(network = network, unlabelled = unlabelled), current_env()
    )
    return(fit_sites(pairs, nodes, config, control, validation, progress))
  }
  check_unlabelled_use(unlabelled, config$strategy)
  input <- interaction_input(
    pairs, nodes, network, unlabelled, config$task, validation, control$seed
  )
  result <- with_progress(progress, function(callback) {
    with_backend(cpp_interactions_fit(
      input$core, config, core_control(control, control$seed),
      control$members, callback
    ))
  })
  report_interactions(result)
  new_interactions(result, input, config, control, started)
}

# `em` with the defaults of what it lacks.
em_settings <- function(em, call = caller_env()) {
  defaults <- eval(formals(musl_interactions)$em)
  if (!is.list(em) || !all(names2(em) %in% names(defaults))) {
    what <- paste("a list with some of", toString(names(defaults)))
    abort_argument("em", what, em, call)
  }
  settings <- utils::modifyList(defaults, em)
  for (name in names(defaults)) {
    check_number(settings[[name]], arg = paste0("em$", name), call = call)
  }
  check_whole(settings$iterations, 0, 8, arg = "em$iterations", call = call)
  settings
}

check_interaction_control <- function(control, call = caller_env()) {
  if (!is.null(control$checkpoint)) {
    abort_musl(c(
      "{.arg control} must name no checkpoint.",
      x = "Networks of interactions write no checkpoints."
    ), argument = "control", call = call)
  }
}

check_unlabelled_use <- function(unlabelled, strategy, call = caller_env()) {
  if (!is.null(unlabelled) && strategy != "em") {
    abort_musl(c(
      "{.arg unlabelled} can't be given with
       {.code strategy = \"{strategy}\"}.",
      x = "Only {.val em} learns from unlabelled pairs.",
      i = "Leave {.arg unlabelled} out, or choose
           {.code strategy = \"em\"}."
    ), argument = "unlabelled", call = call)
  }
}

report_interactions <- function(result) {
  if (result$cancelled) {
    inform_musl(
      "Training was interrupted; this is the best model so far.", "cancelled"
    )
  }
}

new_interactions <- function(result, input, config, control, started) {
  em <- tibble::as_tibble(result$em)
  if (config$task == "affinity") {
    em$share_positive <- rep(NA_real_, nrow(em))
  }
  structure(
    list(
      bytes = result$bytes, task = config$task, labels = input$labels,
      classes = input$classes, types = input$types, config = config,
      control = control,
      pairs = input$pairs, history = tibble::as_tibble(result$history),
      em = em, cancelled = result$cancelled,
      elapsed = proc.time()[["elapsed"]] - started,
      versions = list(MuSL = as.character(utils::packageVersion("MuSL"))),
      cache = new.env(parent = emptyenv())
    ),
    class = "musl_interactions"
  )
}

# The core's model of the bytes, rebuilt in a new process.
live_interactions <- function(object, call = caller_env()) {
  pointer <- object$cache$pointer
  if (is.null(pointer) || !cpp_model_is_live(pointer)) {
    pointer <- with_backend(
      if (object$task == "site") {
        cpp_sites_load(object$bytes)
      } else {
        cpp_interactions_load(object$bytes)
      },
      call = call
    )
    assign("pointer", pointer, envir = object$cache)
  }
  pointer
}
