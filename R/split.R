#' Split labelled pairs into training, validation and test parts
#'
#' Makes the folds for training and evaluating models, and checks that none of
#' them leaks.
#'
#' The parts are named by what a test pair shares with training: both genes
#' (`C1`), one gene (`C2`), none (`C3`).
#'
#' * `"random"`: pairs are dealt into `folds`; a fold's pairs are its test part
#'   C1.
#' * `"inductive"` and `"transductive"`: genes are dealt into `folds`, hubs
#'   first; a fold's genes are its test genes, a share `validation` of the
#'   others its validation genes. Training pairs have neither; C3 pairs have two
#'   test genes, C2 pairs one and a training gene; validation pairs have
#'   validation genes and no test gene. C2 and C3 must have both labels if
#'   `"inductive"`, only C2 if `"transductive"`.
#' * `"family"`: as `"inductive"`, with `groups` of genes; C3 must have both
#'   labels.
#' * `"query"`: the queries of directed screens (the column `query` of
#'   [measured pairs][musl_data()]) are dealt; the pairs of a fold's queries are
#'   its part `test`.
#' * `"study"`: one fold for each `study` of measured pairs that has both
#'   labels; its pairs are the part `test`.
#'
#' All rows of a pair go to one part. Pairs that fit no part are `unused`. Pairs
#' without a label are left out.
#'
#' @section Negatives:
#'   `negatives = NULL` uses the non-SL pairs of `data`; if it has only SL
#'   pairs, `"degree_matched"` is used, with a message. With a policy of
#'   [musl_negatives()], each part of each fold gets `ratio` drawn pairs for
#'   each of its SL pairs instead, with genes of the same kinds. No drawn pair
#'   is a pair of `data` or of another part of the fold.
#'
#' @param data A [MuslData][musl_data()] with labelled pairs.
#' @param setting "inductive", "transductive", "random", "family", "query" or
#'   "study".
#' @param folds Whole number from 2 to 100; "study" makes one per study.
#' @param validation Share of the genes (of the pairs, if `setting` is "random")
#'   outside the test part that make the validation part, from 0.01 to 0.5.
#' @param ... Further arguments of the policy: `ratio`, a number from 1 to 50
#'   (default 1), drawn pairs per SL pair.
#' @param groups Genes that stay together, for a split by genes: a vector of
#'   groups with genes as names, or a data frame with the columns `gene` and
#'   `group`. Groups that share a gene form one family; other genes, and those
#'   whose group is `NA` or blank, form families of one.
#' @param negatives `NULL`, or the policy for drawing negatives: "random" or
#'   "degree_matched", see [musl_negatives()].
#' @param table `NULL`, or a data frame with your splits, which replace the
#'   pairs of `data`: columns `gene_a`, `gene_b`, `label`, `part` and, with
#'   several folds, `fold`. `part` is one of `train`,
#'   `validation` (or `dev`), `C1`, `C2`, `C3` and `test`; pairs in `test` are
#'   sorted into C1, C2 and C3. A fold without a validation part gets one from
#'   its training part, by `validation`. `setting`, `folds`, `groups` and
#'   `ratio` are ignored.
#' @param leakage What to do with a `table` whose folds leak: "error" refuses
#'   it; "report" warns and uses it as it is, for [musl_leaks()] to list.
#' @param seed Whole number from 0 to 2^31 - 1; `NULL` draws one.
#' @returns A `musl_split`: list of `pairs` (tibble `gene_a`, `gene_b`, `label`,
#'   one row per pair; `sampled` if negatives were drawn; further columns of
#'   measured pairs), `assignment` (one factor per fold, as long as `pairs`,
#'   with the levels `train`, `validation`, `C1`, `C2`, `C3`, `test` and
#'   `unused`), `gene_fold` (integer with genes as names, the fold that tests
#'   each gene, or `NULL`), `setting`, `folds`, `negatives` and `ratio` (`NULL`
#'   if none were drawn), `seed`, `source` ("drawn" or "table"),
#'   `leakage` and `shared` (pairs in two parts, or `NULL`); for "study", `held`
#'   (the study of each fold); for splits by groups, `families` (of each gene).
#'   `summary()` counts pairs, SL pairs and genes; `tidy()` returns one row for
#'   each pair and fold (`fold`, the columns of `pairs`, `part`).
#' @section Errors:
#'   `musl_error_input` if a part would be empty or of one label, there are
#'   fewer genes or groups than folds, a group is larger than a fold, negatives
#'   can't be drawn, an argument has no effect beside the others, or the table
#'   lacks a column or has an unknown part; `musl_error_leakage` if the table
#'   has a pair in two parts of a fold, or a test gene in training.
#'   `musl_warning_dropped_genes` if the table has genes that `data` lacks,
#'   `musl_warning_leakage` if it leaks and is used.
#' @section Source:
#'   "random", "transductive" and "inductive" are CV1, CV2 and CV3 of Feng et
#'   al. (2024), Nat Commun 15:9058.
#' @seealso [musl_split.data.frame()] for pairs of [musl_interactions()],
#'   [musl_parts()], [musl_leaks()], [musl_negatives()], [musl_metrics()]
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, "transductive", folds = 3, seed = 1)
#' split
#' vapply(musl_parts(split, fold = 1), nrow, 1L)
#' @export
musl_split <- function(data, ...) UseMethod("musl_split")

#' @export
musl_split.default <- function(data, ...) check_musl_data(data)

#' @rdname musl_split
#' @method musl_split MuslData
#' @export
musl_split.MuslData <- function(data, setting = c(
                                  "inductive", "transductive", "random",
                                  "family", "query", "study"
                                ),
                                folds = 5L, validation = 0.1, ...,
                                groups = NULL, negatives = NULL, table = NULL,
                                leakage = c("error", "report"), seed = NULL) {
  check_musl_data(data)
  check_number(validation, 0.01, 0.5)
  if (!missing(leakage) && is.null(table)) {
    abort_without_effect("leakage", "table")
  }
  leakage <- check_choice(leakage, c("error", "report"))
  if (is.null(table) && is.null(negatives) && has_sl_alone(data@pairs)) {
    tell_default_negatives(data@pairs)
    negatives <- default_negatives
  }
  policy <- split_policy(negatives, ...)
  seed <- draw_seed(seed)
  if (!is.null(table)) {
    return(split_from_table(table, data, validation, policy, leakage, seed))
  }
  plan <- list(
    setting = check_choice(setting, split_settings),
    folds = check_whole(folds, 2, 100),
    validation = validation
  )
  pairs <- pairs_to_split(data@pairs, policy)
  units <- split_units(pairs, plan, groups)
  split <- with_seed_kept(seed, draw_split(pairs, plan, units, policy, data))
  split$seed <- seed
  check_parts(split)
  check_leakage(split)
  split
}

split_settings <- c(
  "inductive", "transductive", "random", "family", "query", "study"
)

# The labelled pairs; only measured and SL pairs if negatives are drawn.
# `sampled` and `policy` stay: they tell drawn negatives from the user's.
pairs_to_split <- function(pairs, policy) {
  columns <- c("gene_a", "gene_b", "label", "sampled", "policy", label_columns)
  if (!any(is_measured(pairs))) columns <- setdiff(columns, "study")
  pairs <- pairs[!is.na(pairs$label), intersect(columns, names(pairs))]
  if (is.null(policy)) {
    check_both_labels(
      pairs$label, "{.arg data}", "Pass SL pairs to {.fn musl_data}."
    )
    return(pairs)
  }
  measured <- is_measured(pairs)
  check_has_sl(pairs[!measured, ])
  pairs[pairs$label == "SL" | measured, setdiff(names(pairs), "policy")]
}

# Call it with a seed set.
draw_split <- function(pairs, plan, units, policy, data) {
  drawn <- switch(plan$setting,
    random = random_folds(pairs, plan),
    query = query_folds(pairs, plan),
    study = study_folds(pairs, plan),
    gene_folds(pairs, plan, units)
  )
  drawn$pairs <- pairs
  if (!is.null(policy)) {
    drawn <- add_negatives(drawn, units, policy, data)
  }
  new_musl_split(
    pairs = drawn$pairs, assignment = drawn$assignment, setting = plan$setting,
    source = "drawn", leakage = "error", gene_fold = drawn$gene_fold,
    negatives = policy$name, ratio = policy$ratio,
    held = drawn$held, families = units$families
  )
}

#' Parts of a split
#'
#' Extracts the pairs of each part of one fold of a split.
#'
#' @param split A [musl_split()].
#' @param fold Whole number from 1 to the number of folds.
#' @returns Named list of tibbles with the columns of `split$pairs`, in their
#'   order: `train`, `validation` and those of `C1`, `C2`, `C3` and `test` that
#'   have pairs. With the setting "study", `test` has a column `clean`: no other
#'   study and no database has the pair.
#' @section Errors:
#'   `musl_error_input` if `split` is not a split or `fold` is not one of its
#'   folds.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' parts <- musl_parts(musl_split(d, folds = 3, seed = 1), fold = 2)
#' parts$C3
#' @export
musl_parts <- function(split, fold = 1L) {
  check_fold(split, fold)
  part <- split$assignment[[fold]]
  there <- test_parts[test_parts %in% part]
  parts <- lapply(
    set_names(c("train", "validation", there)),
    function(name) split$pairs[which(part == name), ]
  )
  if (split$setting == "study") {
    others <- pair_keys(split$pairs[which(part != "test"), ])
    parts$test$clean <- !pair_keys(parts$test) %in% others
  }
  parts
}
