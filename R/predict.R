#' Score gene pairs
#'
#' Predicts synthetic lethality of pairs of genes, whether or not they were in
#' training.
#'
#' Rank by `.score`, a logit on one scale for pairs with 0, 1 and 2 genes unseen
#' in training. `.pred_SL` is calibrated on the validation part, at the share of
#' SL among the training pairs or at `prior`. If sampled pairs served as non-SL,
#' it is the probability of a known SL pair versus unlabelled ones. `(a, b)` and
#' `(b, a)` get the same values.
#'
#' With `data` the genes, samples and networks of `data` are used, binned and
#' scaled as in training; if `data` lack a modality altogether, the inputs in
#' the model are used for the genes that it knows.
#'
#' # Measured pairs
#' A model fitted to pairs of screens (`measured` in [musl_data()]) scores with
#' the scorers that learned from them: `.score` is the sum of 0.25 linear, 0.5
#' boosting and 0.25 pair_net, each a log-odds, and `.pred_SL` its probability
#' of a hit at `prior`, for an average anchor. Without `pair_net` the weights of
#' the other two become 1 / 3 and 2 / 3. Only the order of lists reads
#' `recorded` and `relation` ([musl_partners()]). Sets, intervals and embeddings
#' belong to the network on recorded pairs: `scorers = "musl"`. For a model of
#' recorded pairs without the network `.score` is the mean of `recorded` and
#' `terms`.
#'
#' # Classes
#' A pair is called SL if `.pred_SL` is at least three times `prior`, or .5 if
#' that is less. At the rate of screens, 1.35 %, that is .0405, near which F1
#' over all partners of a gene is expected to be largest. So few pairs are SL
#' that most calls are wrong: to choose pairs to test, rank them.
#'
#' # Sets and intervals
#' Both are relative to the pairs of the validation part with as many unseen
#' genes, `NA` if these are fewer than 200, and valid for pairs drawn like
#' those. A label is in the conformal set if its p-value is above .1, so that 90
#' % of the sets have the pair's label; a set may have both labels or none.
#' Intervals are inductive Venn-Abers; they need not contain `.pred_SL`.
#' @param object A [MuslModel][musl_fit()].
#' @param new_pairs Data frame with the columns `gene_a` and `gene_b` (character
#'   or factor), one row per pair; further columns are kept. Or the result of
#'   [musl_partners()], whose anchors are `gene_a`; or a list of data frames.
#' @param data A [MuslData][musl_data()] with new genes or samples, or `NULL`
#'   for the inputs in the model.
#' @param context `NULL`, or the samples of `data` to use; see *Contexts*. Or
#'   the name of a cell line, such as `"A549"`, of `lines` in the
#'   [evidence][musl_evidence()] of `data` or of the model: scores of models of
#'   measured pairs then fall where the line itself does not express a gene.
#' @param type "prob"; "class": also `.pred_class`, see *Classes*; "set": also
#'   which labels are plausible; "interval": also an interval of the
#'   probability; "parts": also the contribution of each encoder or the score of
#'   each scorer, and for models of screens `.list_order`, by which
#'   [musl_partners()] orders lists; "embedding": also the fused vector of each
#'   pair.
#' @param prior Share of SL, above 0 and below 1, among the pairs that
#'   probabilities, classes and intervals are for; `NULL` for the share
#'   among the training pairs, or 0.0135 if the model scores without its
#'   network (see Measured pairs).
#' @param scorers Character, the scorers of the model to use, or `NULL` for all
#'   that learned from measured pairs; `summary(object)` lists them. Do
#'   not combine `"musl"` and `"recorded"`, which predict recorded pairs, with
#'   others. Or encoders of the network, which then scores with these, the
#'   others missing: those of `summary(object)` but "partners" score without
#'   known pairs. Calibration is that of the whole network.
#' @param measured_in `NULL`, or, for screens of queries, names of studies or
#'   cell lines of the measured training pairs: `.score` also counts how often
#'   each gene was a hit as partner there; `.pred_SL` does not change.
#' @param threads Whole number >= 0 of threads, 0 for all that this process may
#'   use, or `NULL` for the number of the fit.
#' @param ... Must be empty.
#' @returns A tibble of class `musl_predictions`, one row for each row of
#'   `new_pairs`, in order: its columns, then `.score` (logit), `.pred_SL` and
#'   `.pred_non_SL` (probabilities at `prior`), `n_unseen` (0, 1 or 2 genes not
#'   seen in training; `NA` with a gene that neither model nor `data` have),
#'   `.status` (factor: "new"; "known", the label was known when the model was
#'   fitted; and without a score "unknown_gene", "no_input", "self") and by
#'   `type`: `.pred_class` (factor "SL", "non_SL"); `.set_SL`, `.set_non_SL`
#'   (`TRUE` if the set has the label) and `.p_SL`, `.p_non_SL` (p-values, above
#'   0 up to 1); `.pred_lower`, `.pred_upper` (0 to 1, at `prior`);
#'   `.gate_<encoder>` (weights of the fused branch that sum to 1; 0 if the pair
#'   lacks the modality, `NA` if no gate weighs the encoder) and
#'   `.branch_<encoder>` (the branch's logit), for scorers of features
#'   `relation` and `single_gene`, which add up to `.score`, `.list_order` and
#'   `.scorer_<name>` (log-odds); `.embedding_1`, `.embedding_2`, ... A pair
#'   with an unknown gene, without any modality, or of a gene with itself is
#'   `NA`.
#' @section Contexts:
#'   A context is a named list with an element for each cohort to restrict;
#'   other cohorts are used whole; if `data` has one cohort, its element may be
#'   given without the list. An element is one of: sample names; one `TRUE` or
#'   `FALSE` per sample (`NA` counts as `FALSE`); a named list of values by
#'   column of the samples (`colData`), such as `list(cell_type = c("T cell",
#'   "NK cell"), donor = "d1")`, which selects samples that have one of the
#'   values in each of the columns. Network, embeddings and known pairs are the
#'   same in every context. Pool single cells by [musl_pseudobulk()] first.
#' @section Errors:
#'   `musl_error_input` if the gene columns are missing or numeric, or the model
#'   has no inputs and `data` is not given; `musl_error_shape` if `data` has a
#'   cohort that the model was not trained on; `musl_error_cancelled` after
#'   Ctrl-C. `musl_warning_unknown_gene`; for pairs of a gene with itself
#'   `musl_warning_other`; `musl_warning_calibration` if there are too few
#'   calibration pairs for a set or an interval; `musl_warning_distribution` for
#'   expression unlike that of training.
#' @section Source:
#'   Prior shift: Saerens et al. (2002), Neural Computation 14:21.
#'   Conformal sets: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in
#'   a Random World, section 4.5.
#'   Venn-Abers: Vovk, Petej and Fedorova (2015), NeurIPS 28:892.
#' @seealso [musl_partners()], [musl_calibration()]
#' @examples
#' fit <- musl_human_model()
#' pairs <- data.frame(gene_a = "STAG2", gene_b = c("STAG1", "SMARCA4"))
#' predict(fit, pairs, type = "class")
#' predict(fit, pairs, type = "parts")
#' @export
predict.MuslModel <- function(object, new_pairs, data = NULL, context = NULL,
                              type = c(
                                "prob", "class", "set", "interval", "parts",
                                "embedding"
                              ),
                              prior = NULL, scorers = NULL, measured_in = NULL,
                              ..., threads = NULL) {
  check_other_names(names(list(...)))
  abort_if(missing(new_pairs), c(
    "{.arg new_pairs} must be given: a data frame with the columns
     {.field gene_a} and {.field gene_b}.",
    i = "{.fn augment} scores the pairs that the model knows."
  ), argument = "new_pairs")
  new_pairs <- as_pairs(one_pair_table(new_pairs, "new_pairs"))
  check_dots_empty()
  check_intact(object)
  type <- check_choice(type, prediction_types)
  how <- scoring_arguments(
    data = data, context = context, scorers = scorers,
    measured_in = measured_in, prior = prior, threads = threads
  )
  check_type(type, check_asked(object, how))
  check_pair_table(new_pairs, "new_pairs")
  pairs <- pair_ends(new_pairs, "new_pairs")
  scored <- score_pairs(
    object, pairs, how,
    parts = type == "parts", embedding = type == "embedding"
  )
  warn_unscored(pairs, scored)
  columns <- prediction_columns(object, scored, prior)
  further <- switch(type,
    prob = list(),
    class = class_column(columns, used_prior(object, scored, prior)),
    set = set_columns(object@calibration, scored),
    interval = interval_columns(object@calibration, scored, prior),
    parts = part_columns(object, scored),
    embedding = matrix_columns(scored$embedding, ".embedding_")
  )
  status <- status_column(object, pairs, scored)
  bind_predictions(new_pairs, c(columns, status, further))
}

# The names that other packages have for the table.
check_other_names <- function(given) {
  other <- intersect(given, c("new_data", "newdata"))
  abort_if(length(other) > 0, c(
    "The pairs must be given as {.arg new_pairs}.",
    x = "Found {.arg {other}}.",
    i = "{.arg data} takes new samples: a {.cls MuslData}."
  ), argument = "new_pairs")
}

# A list of partners as pairs: the anchor is gene_a.
as_pairs <- function(x) {
  is_list <- is.data.frame(x) && all(c("anchor", "partner") %in% names(x)) &&
    !any(c("gene_a", "gene_b") %in% names(x))
  if (!is_list) {
    return(x)
  }
  x <- as_tibble(unclass(x)[names(x)], .name_repair = "minimal")
  ends <- match(c("anchor", "partner"), names(x))
  names(x)[ends] <- c("gene_a", "gene_b")
  x
}

prediction_types <- c("prob", "class", "set", "interval", "parts", "embedding")

check_type <- function(type, asked) {
  abort_if(!type %in% asked$types, c(
    "{.code type = {.val {type}}} needs the scorer {.val musl}.",
    x = "The others do not provide it.",
    i = "Pass {.code scorers = \"musl\"}, if the model has it."
  ), argument = "type")
}
