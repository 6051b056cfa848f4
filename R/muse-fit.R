#' Learn interactions of proteins and drugs
#'
#' Trains a network that predicts whether two nodes interact, in which ways, or
#' how strongly, from features of the nodes and the network of their
#' interactions.
#'
#' Two scales learn the same labels. The *structure* scale reads only the two
#' nodes; the *network* scale passes messages along a graph and reads the
#' neighbours that both nodes share. For nodes of one type the order of a pair
#' makes no difference. Pairs of the validation and test parts are not edges in
#' training, and a pair's own edge is hidden while it is learned or predicted;
#' with `known_edges = TRUE` all of them are edges, only labels are hidden, and
#' a kernel learns several labels from edges between nodes with the same links.
#' Once all is chosen, several labels of the validation part count as those of
#' the training part.
#'
#' # Strategies
#' * `"branches"` trains each scale separately.
#' * `"em"` then lets them teach each other on unlabelled pairs, in turns, for
#'   `em$iterations`. It helps where most nodes asked for have many training
#'   pairs and one scale learns faster than the other, not with new nodes, and
#'   takes some four to eleven times as long.
#' * `"joint"` trains both scales and a perceptron over them together.
#'
#' Affinities of two types and `"binary"` labels are also learned by kernels. Of
#' a sequence without coordinates 1,024 residues are read: in training a random
#' window, drawn anew each time, else the middle.
#'
#' # How scales are put together
#' The log-odds of a label are those of its share among labelled pairs, plus
#' what labels of other pairs tell (the label profile, or the node mean in large
#' networks), plus .4 of the mean of what structure, network and kernels say
#' (with `"joint"` the perceptron for the first two): a line through their
#' scores on the validation pairs (Platt scaling), less the label's log-odds
#' there. As far as validation pairs have known nodes, weights and levels are
#' instead those of a non-negative regression on these pairs, with a ridge
#' towards the former; pairs with new nodes may lie in a region unlike the rest,
#' and choose none. Affinities are added up by the same regression, with a ridge
#' towards the scales' mean. With known edges and several labels the kernel of
#' edges is the score.
#'
#' Several labels are called from one threshold: as far as validation pairs have
#' known nodes, the mean of the best one there and half the micro-F1 reached
#' with it, else half the micro-F1 of calling the most frequent labels.
#'
#' # Sites
#' `task = "site"` labels residues instead of pairs, such as those of an
#' interface. `strategy` is ignored, and `network` must be `NULL`. A batch holds
#' chains with about `batch_size` of `control` residues, at least four chains.
#'
#' @param pairs A data frame, one row per pair: `from` and `to` (names of
#'   nodes), labels, and optionally `split`: "train", "validation" or "test".
#'   If it names no validation part, a tenth of the training pairs (for "site":
#'   proteins) is drawn, with pairs of both classes for "binary".
#'   The label is a column `label` (0/1, logical or a factor of two levels;
#'   numbers for `"affinity"`); for `"multilabel"` it is all further columns, 0
#'   or 1 each.
#'   For "site": one row per residue, with `protein` (names of nodes), `residue`
#'   (its position in the sequence, from 1), `label` and optionally `split`, the
#'   same for all residues of a protein; other residues are read but not learned
#'   from.
#' @param nodes Data on nodes: a numeric matrix with row names or a
#'   SummarizedExperiment (its first assay), nodes x features; an `AAStringSet`;
#'   SMILES as a named character vector; or [musl_nodes()], which also takes
#'   coordinates. A list of two of these for two types of nodes: `from` is of
#'   the first, `to` of the second.
#' @param network An igraph whose vertices are named as the nodes, or `NULL`:
#'   the training pairs with a positive label, or with any affinity.
#'   Weights and directions of edges are not read.
#' @param task "binary", "multilabel" (several labels a pair, each 0 or 1),
#'   "affinity" (numbers) or "site" (a label 0 or 1 of each residue).
#' @param strategy "branches" (the default), "em" or "joint".
#' @param control A [musl_control()]; without `checkpoint` and on one device.
#'   With `ensemble` above 1 the networks differ by their seeds; all share one
#'   validation part.
#' @param em For `"em"` only: a list with some of `iterations` (whole number
#'   from 0 to 8, 3 by default), `prior` (above 0 and below 1, .5 by default:
#'   the share of positives among unlabelled pairs) and `unlabelled` (a data
#'   frame with `from` and `to`; by default five times the training pairs, drawn
#'   among their nodes). A pseudo-label of probability p counts if |2 p - 1| is
#'   at least .5; of affinities, the half on which both scales agree most.
#' @param shape Numbers: `width`, the length of a node's vectors (whole, from 2
#'   to 4096; 128 by default), and `dropout` (from 0 to below 1; .2).
#' @param known_edges `TRUE` if all pairs, those of the test part and those
#'   asked for later too, are known to interact: they are edges, without labels.
#'   Not for "binary", whose label is the edge, "site" and `strategy = "em"`.
#' @param progress As in [musl_fit()].
#' @returns An object of class `musl_interactions`; see
#'   [predict()][predict.musl_interactions], [musl_metrics()], [musl_save()].
#'   For "site" it is also a `musl_sites`, which scores any proteins: see
#'   [predict()][predict.musl_sites].
#' @section Errors:
#'   `musl_error_input` for unknown nodes, a pair of a node with itself or a
#'   repeated pair, positions outside a protein, labels outside the task,
#'   missing, or, in training, of one class only, labels named as those of a
#'   scale, and features that are not finite; `musl_error_diverged` and
#'   `musl_error_cancelled` as in [musl_fit()]. `musl_warning_other` if the
#'   validation part has fewer than 20 pairs; `musl_warning_calibration` if it
#'   has "binary" labels of one class only.
#' @section Source:
#'   Rao et al. (2024), Nat Commun 15:4476 (MUSE); ours has calibrated
#'   pseudo-labels and learns sites from C-alpha atoms and the user's columns
#'   only. Kernels: Pahikkala et al. (2015), Brief Bioinform 16:325, doi
#'   10.1093/bib/bbu010 (KronRLS); van Laarhoven et al. (2011), Bioinformatics
#'   27:3036; of pairs of nodes: Ben-Hur and Noble (2005), Bioinformatics
#'   21:i38, doi 10.1093/bioinformatics/bti1016. Profiles of labels: Resnick et
#'   al. (1994), Proc CSCW: 175, doi 10.1145/192844.192905.
#' @seealso [musl_nodes()], [musl_split.data.frame()], [musl_metrics()],
#'   [musl_save()]
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("interactions", n_nodes = 60, n_pairs = 200, seed = 1)
#' fit <- musl_interactions(
#'   d$pairs, d$nodes,
#'   strategy = "branches",
#'   control = musl_control(ensemble = 1, epochs = 3, seed = 1, threads = 1),
#'   progress = FALSE
#' )
#' fit
#' predict(fit, d$pairs[1:3, c("from", "to")], type = "class")
#' tidy(fit)
#' autoplot(fit)
#' @export
musl_interactions <- function(pairs, nodes, network = NULL,
                              task = c(
                                "binary", "multilabel", "affinity", "site"
                              ),
                              strategy = c("branches", "em", "joint"),
                              control = musl_control(
                                ensemble = 1, epochs = 60, patience = 10,
                                batch_size = 256
                              ),
                              em = list(), shape = c(width = 128),
                              known_edges = FALSE, progress = TRUE) {
  started <- proc.time()[["elapsed"]]
  on.exit(cpp_return_memory())
  check_is(control, "musl_control")
  check_flag(progress)
  task <- check_choice(task, c("binary", "multilabel", "affinity", "site"))
  shape <- fill_numbers(shape, c(width = 128, dropout = 0.2))
  em <- em_settings(em)
  config <- list(
    task = task,
    width = as.integer(check_whole(shape[["width"]], 2, 4096, "shape")),
    dropout = check_number(shape[["dropout"]], 0, 1, "shape"),
    known_edges = check_flag(known_edges),
    strategy = check_choice(strategy, c("branches", "em", "joint")),
    em = em[c("iterations", "prior")]
  )
  abort_if(!is.null(control$checkpoint), c(
    "{.arg control} must name no checkpoint.",
    x = "Networks of interactions write no checkpoints."
  ), argument = "control")
  check_known_edges(config)
  control$seed <- draw_seed(control$seed)
  if (task == "site") {
    abort_if(!is.null(network), c(
      "{.arg network} can't be given with {.code task = \"site\"}.",
      x = "Sites are of single proteins: there are no pairs and no network."
    ), argument = "network")
    input <- site_input(pairs, nodes, control$seed)
    fit <- cpp_sites_fit
  } else {
    if (!is.null(em$unlabelled) && config$strategy != "em") {
      abort_without_effect("em", "strategy = \"em\"")
    }
    input <- interaction_input(
      pairs, nodes, network, em$unlabelled, task, control$seed
    )
    fit <- cpp_interactions_fit
  }
  result <- with_progress(progress, function(callback) {
    with_backend(fit(
      input$core, config, core_control(control, control$seed),
      control$ensemble, callback
    ))
  })
  inform_if(
    result$cancelled,
    "Training was interrupted; this is the best model so far.", "cancelled"
  )
  new_interactions(result, input, config, control, started)
}

# `em` with the defaults of what it lacks.
em_settings <- function(em) {
  known <- c("iterations", "prior", "unlabelled")
  if (!is.list(em) || !all(names2(em) %in% known)) {
    abort_argument("em", paste("a list with some of", toString(known)), em)
  }
  settings <- utils::modifyList(list(iterations = 3, prior = 0.5), em)
  check_share(settings$prior, arg = "em$prior")
  check_whole(settings$iterations, 0, 8, arg = "em$iterations")
  settings
}

check_known_edges <- function(config) {
  why <- c(
    binary = "The label of a pair is whether it is an edge.",
    site = "Labels are of residues, and there are no edges.",
    em = "Its unlabelled pairs are not known to interact."
  )
  why <- why[intersect(c(config$task, config$strategy), names(why))]
  abort_if(config$known_edges && length(why) > 0, c(
    "{.arg known_edges} must be {.code FALSE} with {.val {names(why)[[1]]}}.",
    x = why[[1]]
  ), argument = "known_edges")
}

new_interactions <- function(result, input, config, control, started) {
  em <- if (!is.null(result$em)) tibble::as_tibble(result$em)
  if (config$task == "affinity") em$share_positive <- rep(NA_real_, nrow(em))
  structure(
    c(list(
      bytes = result$bytes, task = config$task, config = config,
      control = control, history = tibble::as_tibble(result$history),
      em = em, cancelled = result$cancelled,
      elapsed = proc.time()[["elapsed"]] - started,
      versions = list(MuSL = as.character(utils::packageVersion("MuSL"))),
      cache = new.env(parent = emptyenv())
    ), input[names(input) != "core"]),
    class = interaction_class(config$task)
  )
}

interaction_class <- function(task) {
  c(if (identical(task, "site")) "musl_sites", "musl_interactions")
}

# The core's model of the bytes, rebuilt in a new process.
live_interactions <- function(object) {
  load <- if (is_of_sites(object)) cpp_sites_load else cpp_interactions_load
  pointer_in(session_store(object$cache), "pointer", function() {
    with_backend(load(object$bytes))
  })
}

is_of_sites <- function(object) object$task == "site"
