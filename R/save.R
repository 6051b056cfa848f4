# Models and models of interactions as files.

#' Save and load a model
#'
#' `musl_save()` writes a model into one safetensors file, whole or not at all;
#' `musl_load()` reads it back to the same bits.
#'
#' The file contains tensors and JSON, no R code, and other programs can read
#' its tensors. Binned expression is individual-level data. A model saved with
#' `keep = "none"` has none of it, and needs `data` to predict. Scorers of
#' features then treat correlations as missing, unless `data` has the
#' samples and genes of training.
#'
#' @param object A [MuslModel][musl_fit()] or a [musl_interactions()].
#' @param path Path of the file.
#' @param keep "codes": the per-gene inputs in the model are saved too; "none":
#'   they are left out. A [musl_interactions()] is saved whole, including nodes'
#'   features and the labels of the training pairs.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns `musl_save()` returns `path`, invisibly; `musl_load()` a `MuslModel`
#'   or a `musl_interactions`.
#' @section Errors:
#'   `musl_error_input` if the file exists already, or does not exist;
#'   `musl_error_format` if it cannot be written, is damaged, is not a MuSL
#'   model or was written by a newer version.
#' @examplesIf musl_backend()$available
#' fit <- musl_example_model()
#' file <- tempfile(fileext = ".safetensors")
#' musl_save(fit, file, keep = "none")
#' musl_load(file)
#' @export
musl_save <- function(object, path, keep = c("codes", "none"),
                      overwrite = FALSE) {
  of_nodes <- inherits(object, "musl_interactions")
  if (!of_nodes) check_is(object, "MuslModel")
  check_path(path)
  keep <- check_choice(keep, c("codes", "none"))
  check_flag(overwrite)
  check_new_file(path, overwrite)
  if (of_nodes) {
    return(save_interactions(object, path))
  }
  parts <- object@archives
  # Without expression.
  if (keep == "none") parts <- stripped(parts[names(parts) != "annotation"])
  slots <- lapply(set_names(saved_slots), slot, object = object)
  write_model_file(path, unname(parts), list(model = slots))
}

#' @rdname musl_save
#' @export
musl_load <- function(path) {
  check_path(path)
  path <- path.expand(path)
  abort_if(!file.exists(path), c(
    "{.arg path} must be a file.", x = "No file {.file {path}}."
  ), argument = "path")
  if (!with_core(cpp_is_regular_file(path))) {
    abort_not_model(path, "It is a folder, a pipe or a device.")
  }
  # An archive begins with the length of its header and a brace; other
  # beginnings mean another kind of file, not a damaged model.
  head <- readBin(path, "raw", 9)
  is_archive <- length(head) == 9 && head[[9]] == charToRaw("{") &&
    all(head[6:8] == as.raw(0))
  if (!is_archive) abort_not_model(path, "It is a file of another kind.")
  file <- read_model_file(path)
  load <- if (names(file$record) == "model") load_model else load_interactions
  load(file$record[[1]], file$parts, path)
}

#' A model of human genes
#'
#' Loads the trained model of 19,198 human protein-coding genes that comes
#' with MuSL: partners of a real gene at once, without data, training or
#' LibTorch.
#'
#' It learned from the double-knockout screens and recorded pairs whose licences
#' allow it: 111 queries of a genome-scale screen in HAP1, three paralog
#' libraries (Ito, Parrish, CHyMErA) and 12,200 pairs that BioGRID records.
#' It knows of each gene expression (RNAseqDB: TCGA and GTEx; DepMap), fitness
#' and share of DepMap lines that need it, co-essential modules, proteins that
#' interact (STRING), terms (GO without genetic interactions) and families
#' (Pfam). `musl_report(musl_human_model())` is its card: sources with licences
#' and checksums, figures on pairs that it did not learn from, limits.
#' `system.file("LICENCES", package = "MuSL")` has the terms of each source.
#'
#' Genes are named by HGNC symbols; `vignette("questions")` says where other
#' names are understood.
#' `musl_genes(model, "ARID1A")` shows what is known of a gene.
#'
#' For 26 genes that many cell lines lost and 21 that many have activated it
#' knows what these lines need ([musl_direction()] names them: DepMap 26Q1 and
#' 22Q1, DEMETER2). For others, lethal and rescuing pairs look alike to it
#' unless [musl_dependency()] tells them apart.
#'
#' It cannot know the tumour: it has no drugs and, except for the nine lines
#' that `context` accepts (LC-1/sq-SF, NCI-H1395, Colo 794, NZM11, RT4, SNU-283,
#' KKU-213, CCLF_PEDS_0026_T and ACH-001289, by name or DepMap id), no single
#' lines. Do not base decisions on patients on it.
#'
#' # Versions
#' A release ships one model. When the next one comes, this one moves unchanged
#' to ExperimentHub, in a data package of models; `musl_human_model(version)`
#' will fetch it from there and check its sum. Until then, an older model is in
#' the release that shipped it, and [musl_load()] reads its file
#' `extdata/human.musl` in any later release.
#'
#' @param version One string, the version of the model, or `NULL` for the
#'   newest. A script that names it stops rather than give other scores after an
#'   update.
#' @returns A [MuslModel][musl_fit()], kept for the session.
#' @section How good is it:
#' Fitted again without one library, or without a fifth of the queries of HAP1:
#'
# nolint start: line_length_linter. Rows of a table stand on one line.
# figures: human
#' | left out | hits | score | list order | expression | score there | other lab |
#' |---|---|---|---|---|---|---|
#' | Ito | 165 (3.55 %) | .743 / .233 | .691 / .151 | .723 / .163 | .849 / .340 | .798 / .467 |
#' | Parrish | 40 (4.20 %) | .884 / .456 | .866 / .372 | .854 / .221 | .941 / .502 | .909 / .344 |
#' | CHyMErA | 28 (4.07 %) | .817 / .203 | .786 / .155 | .780 / .186 | .799 / .221 | .815 / .378 |
#' | HAP1 per query | 5,542 (1.32 %) | .692 / .051 | .695 / .051 | .635 / .021 |  |  |
#'
#' AUROC / average precision (AP). *List order*: that of `musl_partners()`;
#' *expression*: the lower one of both genes (shared neighbours rank hits about
#' as well). *Other lab*: the screen that ranks these hits best by AUROC
#' (Parrish, Ito and Parrish), *score there*: the score on the pairs that both
#' tested (336, 336 and 259 with 18, 13 and 18 hits). The score is below
#' expression nowhere, below the other lab on Ito by AP and on CHyMErA by both;
#' the list order is below expression on Ito by both and on CHyMErA by AP. 95 %
#' intervals of the score: Ito .61 to .85 / .15 to .42, Parrish .70 to .96 /
#' .18 to .73, CHyMErA .66 to .91 / .07 to .48 and HAP1 per query .67 to .72 /
#' .05 to .07. The recipe was chosen on these screens: expect less on your own.
# figures end
# nolint end
#' @section With your own data:
#'   `musl_evidence(models = list(human = musl_human_model()))` adds its genes
#'   and evidence to your data; [musl_fit()] averages its score with that of
#'   your own labels. `musl_compare(musl_partners(model, "ARID1A", n = Inf),
#'   screen)` compares its list with your screen.
#' @section Errors:
#'   `musl_error_input` for a version that this release does not have.
#' @seealso [musl_partners()], [musl_explain()], [musl_explore()], which opens
#'   with it; [musl_example_model()], which has a network too.
#' @examples
#' model <- musl_human_model()
#' model
#' musl_partners(model, "ARID1A", n = 10)
#' @export
musl_human_model <- function(version = NULL) {
  check_string(version, allow_null = TRUE)
  abort_if(!is.null(version) && !version %in% human_version, c(
    "{.arg version} must be one that this release of MuSL has:
     {.val {human_version}}.",
    x = "Found {.val {version}}.",
    i = "Install the release that had it, or leave {.arg version} out."
  ), argument = "version")
  if (is.null(loaded_models$human)) {
    loaded_models$human <- musl_load(package_file("human.musl"))
  }
  loaded_models$human
}

human_version <- "2026.1"

# Models of the package, read once a session.
loaded_models <- new.env(parent = emptyenv())

#' A small model of simulated genes
#'
#' Loads a model that comes with MuSL, to try out model functions without
#' training.
#'
#' It learned from `musl_simulate("small", screens = TRUE, seed = 1)`: 200
#' simulated genes, 120 samples, a network, embeddings, 800 recorded pairs and
#' three simulated screens. It has one small network of all five encoders, which
#' `scorers = "musl"` uses, and the scorers of measured pairs, which work
#' without LibTorch. Its [musl_report()] has the performance of an identical
#' model on held-out pairs.
#'
#' @returns A [MuslModel][musl_fit()].
#' @seealso [musl_human_model()] for real genes; [musl_fit()] for a model of
#'   your data; [musl_load()]
#' @examples
#' fit <- musl_example_model()
#' fit
#' musl_partners(fit, "SIM001", n = 5)
#' @export
musl_example_model <- function() {
  musl_load(package_file("example-model.musl"))
}
