#' Synthetic lethal gene pairs from expression, network and embeddings
#'
#' MuSL ranks the synthetic lethal partners of a gene and scores any pair of
#' genes, including genes of no training pair. [musl_human_model()] is a trained
#' model of human genes, which answers without data. Models of your own learn
#' from double-knockout screens (scorers of features: expression, network,
#' families, annotation, dependency of cell lines) or from recorded pairs (the
#' network of the MuSL paper: joint expression histograms, 35 statistics of the
#' two profiles, and a protein interaction network with protein embeddings).
#'
#' A typical workflow: [musl_data()] aligns the inputs, [musl_split()] holds out
#' genes or pairs, [musl_fit()] trains, `predict()` scores pairs and
#' [musl_partners()] ranks the partners of one gene; [musl_explain()] explains a
#' score, [musl_design()] proposes what to screen next, [musl_report()]
#' summarises a model on one page.
#' [musl_simulate()] simulates data with a known truth to try all of this on.
#'
#' Networks need LibTorch; all else, the human model and models of screens
#' included, works without it ([musl_backend()]).
#'
#' @section Conditions:
#' Every error has the class `musl_error` and one of `musl_error_input`,
#' `_gene`, `_shape`, `_leakage`, `_device`, `_backend`, `_diverged`,
#' `_cancelled`, `_format`, `_internal`. Every warning has the class
#' `musl_warning` and one of `musl_warning_dropped_genes`, `_unknown_gene`,
#' `_cpu_fallback`, `_not_converged`, `_circular`, `_leakage`, `_calibration`,
#' `_distribution`, `_other`. Every message has the class `musl_message` and one
#' that starts so.
#'
#' @keywords internal
#' @import methods
#' @importFrom Rcpp evalCpp
#' @importFrom rlang %||% .data caller_arg caller_env is_string
#' @importFrom rlang names2 set_names
#' @importFrom stats predict
#' @useDynLib MuSL, .registration = TRUE
"_PACKAGE"

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

# .onLoad() binds this to ggplot2's generic, so ggplot2 is loaded only for
# plots. An import would load ggplot2 at installation, and the S4 method tables
# stored then would load its imports with MuSL every time.
#' @rawNamespace export(autoplot)
autoplot <- function(object, ...) UseMethod("autoplot")

# ggplot2 and tibble take a quarter of a second to load. They are loaded on
# first use, not by library(MuSL).

# `autoplot` is ggplot2's own function, so that attaching ggplot2 masks nothing.
.onLoad <- function(libname, pkgname) {
  delayedAssign("autoplot", ggplot2::autoplot, assign.env = topenv())
  # By its name, for all files use this one.
  offer <- function(...) get("offer_assay", topenv())()
  if (isNamespaceLoaded("SummarizedExperiment")) offer()
  setHook(packageEvent("SummarizedExperiment", "onLoad"), offer)
}

tibble <- function(...) tibble::tibble(...)

as_tibble <- function(x, ...) tibble::as_tibble(x, ...)

.onUnload <- function(libpath) library.dynam.unload("MuSL", libpath)
