#' Architecture of a MuSL network
#'
#' Collects what defines the network: its encoders, their sizes, the fusion and
#' the regularisation.
#' The architecture is saved with the model; [musl_control()] sets how to train.
#'
#' @param preset "default", or "paper", the network as far as it is published,
#'   see *Published*: three branches, GraphSAGE, supervised contrast (weight
#'   0.1), cross-attention and gates, no auxiliary losses. Arguments that are
#'   given override the preset.
#' @param encoders Character, the branches: any of "histogram" (joint expression
#'   histogram read by a convolutional network), "descriptors" (35 expression
#'   statistics), "genes" (each gene by itself: its embedding, position in the
#'   network and expression), "graph" (similarities of these and the network
#'   between both genes) and "partners" (how similar a gene is to the known SL
#'   and non-SL partners of the other in the training pairs, and paths between
#'   them). "auto" lets the data decide, see below.
#' @param width Whole number from 2 to 4096, length D of every branch's vector.
#'   A gene has 2 D hidden units, the fused vector D numbers, at most 64; with
#'   `fusion = "attention"` a multiple of 4.
#' @param bins Whole number from 8 to 64, bins K per gene in a histogram.
#'   `NULL` depends on the samples of the largest cohort: 8 below 64 samples, 32
#'   from 5,000 on, 16 between.
#' @param binning "value" (equal-width bins over the gene's own range) or "rank"
#'   (equal-frequency bins).
#' @param smooth Number from 0 to 8, standard deviation in bins of a Gaussian
#'   filter over the histograms; 0 for none.
#' @param transforms The values that histograms count, one channel each: "none"
#'   for one channel of logged values over the gene's own range, or some of "z"
#'   (z-scores of the values as they are given), "log" (their logarithms,
#'   `log1p(x)`; negative values are mirrored) and "z_log" (z-scores of these
#'   logarithms). z-scores range from -3 to 3; the outermost bins count values
#'   beyond. "value" binning only.
#' @param descriptors Which 35 statistics the descriptor encoder reads:
#'   "default" or "paper"; [musl_descriptors()] lists both.
#' @param graph_net "sign" (features propagated once, before training) or "sage"
#'   (two layers of GraphSAGE, the mean of all neighbours, weighted equally).
#' @param spectral Whole number from 0 to 1024, columns of the network's
#'   spectral embedding among the node features; 0 for none.
#' @param coexpression Whole number from 0 to 1024, columns of the co-expression
#'   embedding of each cohort (its leading left singular vectors) among the node
#'   features; the cohort's marginals are added to it; 0 for neither.
#' @param fusion "gate" (a weighted mean of the branches) or "attention"
#'   (cross-attention of four heads between the branches, then the gate).
#' @param alignment Number from 0 to 100, weight of the supervised contrastive
#'   loss, which pulls the vectors of all pairs of one label in any branches
#'   together.
#' @param auxiliary Number from 0 to 100, weight of the mean loss of the single
#'   branches. If it is 0, stacking on the validation pairs starts from the
#'   fused logit, else from its sum with those of the branches for a pair with
#'   an unseen gene.
#' @param dropout Share of units left out in a training step, from 0 to below 1.
#'   Unless it is 0, a training pair also lacks each branch with probability
#'   0.15; one branch is always kept.
#' @section What the data decide:
#'   With `encoders = "auto"` a fit uses descriptors, genes, graph and partners,
#'   as far as the data have inputs for them, and histograms if a cohort has
#'   10,000 samples or more; a message says which and why. Name histograms in
#'   `encoders` to look for relations that only the shape of the joint
#'   distribution shows.
#' @section Published:
#'   The presets "paper" of this function and of [musl_control()] follow the
#'   abstract of MuSL and a report by others who ran its code again
#'   (github.com/abiome-org/SLp, `notes/models/musl.md`). Sizes, the list of
#'   statistics, weight and temperature of the contrast, dropout rates and
#'   epochs are not published and are our choice. On purpose, scores do not
#'   depend on the order of a pair, features are projected to 256 columns
#'   instead of 1,024, the graph branch also reads similarities and hides genes
#'   of no training pair, and pairs without a modality are used.
#' @returns A list of class `musl_architecture` with one element per argument.
#' @section Errors:
#'   `musl_error_input` names the argument, the value found and its range.
#' @section Source:
#'   The histogram network follows CNNC (Yuan and Bar-Joseph 2019, PNAS
#'   116:27151), "sign" Frasca et al. (2020, arXiv 2004.11198), "sage" Hamilton
#'   et al. (2017, arXiv 1706.02216) with all neighbours in place of a sample,
#'   the contrast Khosla et al. (2020, arXiv 2004.11362, equation 2).
#'   The published network: doi 10.1109/JBHI.2026.3698476.
#' @seealso [musl_control()], [musl_fit()]
#' @examples
#' musl_architecture()
#' musl_architecture("paper", bins = 16)
#' @export
musl_architecture <- function(preset = c("default", "paper"), encoders = "auto",
                              width = 128L, bins = NULL,
                              binning = c("value", "rank"), smooth = 0,
                              transforms = "none",
                              descriptors = c("default", "paper"),
                              graph_net = c("sign", "sage"), spectral = 128L,
                              coexpression = 24L,
                              fusion = c("gate", "attention"), alignment = 0,
                              auxiliary = 0.5, dropout = 0.2) {
  given <- names(match.call())[-1]
  values <- mget(names(formals(musl_architecture)))
  fields <- checked_fields(musl_architecture, values, list(
    encoders = function(x, arg) {
      if (identical(x, "auto")) x else check_some(x, encoder_names(x), arg)
    },
    bins = function(x, arg) if (!is.null(x)) check_count(x, arg),
    transforms = check_transforms
  ))
  fields <- take_preset(fields, preset_fields(fields$preset), given)
  architecture <- structure(fields, class = "musl_architecture")
  # Values that the data decide are checked as if there were data.
  with_core(cpp_check_architecture(unclass(
    decided(architecture, n_samples = histogram_samples)
  )))
  architecture
}

# The arguments of a function of configuration, each checked by its default,
# which is the choices, a whole number or a number, or by the function in `own`.
checked_fields <- function(f, values, own) {
  Map(function(x, name) {
    usual <- eval(formals(f)[[name]])
    if (name %in% names(own)) {
      own[[name]](x, name)
    } else if (is.character(usual)) {
      check_choice(x, usual, name)
    } else if (is.integer(usual)) {
      check_count(x, name)
    } else {
      check_number(x, arg = name)
    }
  }, values, names(values))
}

# The fields, those not given replaced by the preset's.
take_preset <- function(fields, preset, given) {
  from_preset <- setdiff(names(preset), given)
  fields[from_preset] <- preset[from_preset]
  fields
}

# What a preset changes from the defaults in the signature.
preset_fields <- function(preset) {
  switch(preset,
    default = list(),
    paper = list(
      encoders = c("histogram", "descriptors", "graph"), bins = 32L,
      transforms = c("z", "log", "z_log"), descriptors = "paper",
      graph_net = "sage", coexpression = 0L, fusion = "attention",
      alignment = 0.1, auxiliary = 0
    )
  )
}

# Histograms are used by default from this number of samples in a cohort on,
# that of the published network.
histogram_samples <- 10000L

# The architecture of a fit to these data, with a message if they choose the
# encoders.
decide_architecture <- function(architecture, data, tell = TRUE) {
  n_samples <- count_samples(data)
  out <- decided(architecture, max(n_samples, 0L))
  if (tell && identical(architecture$encoders, "auto")) {
    largest <- which.max(n_samples)
    how <- if ("histogram" %in% out$encoders) "read, too" else "not read"
    inform_if(length(n_samples) > 0, c(
      "Histograms are {how}: the largest cohort,
       {.val {names(n_samples)[largest]}}, has {n_samples[[largest]]} samples,
       and they take {histogram_samples}.",
      i = "{.code encoders =} in {.fn musl_architecture} chooses."
    ), "encoders")
  }
  out
}

decided <- function(architecture, n_samples) {
  if (identical(architecture$encoders, "auto")) {
    with_histogram <- n_samples >= histogram_samples
    architecture$encoders <- known_encoders[
      known_encoders != "histogram" | with_histogram
    ]
  }
  if (is.null(architecture$bins)) {
    from <- c(0, 64, 5000)
    architecture$bins <- c(8L, 16L, 32L)[findInterval(n_samples, from)]
  }
  architecture
}

known_encoders <- c("histogram", "descriptors", "genes", "graph", "partners")

# Names that `encoders` may have; a backend may have been built with further
# ones, and is asked only for these.
encoder_names <- function(encoders) {
  own <- all(encoders %in% known_encoders)
  if (own || !has_backend()) {
    return(known_encoders)
  }
  union(known_encoders, names(with_backend(cpp_encoders())))
}

# A whole number; the core checks its range.
check_count <- function(x, arg = caller_arg(x)) {
  as.integer(check_whole(x, arg = arg))
}

#' @export
print.musl_architecture <- function(x, ...) {
  cat("<", class(x), ": ", x$preset, ">\n", sep = "")
  print_fields(x[setdiff(names(x), "preset")])
  invisible(x)
}

# "name=value" side by side, as many as fit a line.
print_fields <- function(fields) {
  value <- vapply(fields, function(x) {
    if (is.null(x)) "NULL" else paste(vapply(x, format, ""), collapse = "+")
  }, "")
  text <- paste(paste0(names(fields), "=", value), collapse = ", ")
  cat(strwrap(text, indent = 2, exdent = 2), sep = "\n")
}
