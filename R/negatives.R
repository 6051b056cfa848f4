#' Draw non-SL pairs
#'
#' Adds sampled pairs, labelled `non_SL`, to data that have too few of them.
#'
#' The drawn pairs are unlabelled pairs: some may be SL, and scores and
#' probabilities are relative to them. Every policy draws from the genes of SL
#' pairs, no pair twice and no pair that is already in `data`. None is drawn for
#' [measured pairs][musl_data()].
#'
#' * `"random"` draws all possible pairs with equal probability: the number of
#'   known partners of the two genes then separates the labels.
#' * `"degree_matched"` draws both genes in proportion to their number of SL
#'   pairs, which removes most of this difference.
#' * `"expression"` chooses the lowest Pearson correlations over the samples of
#'   one cohort, `"dependency"` the largest absolute ones of `dependency` over
#'   its cell lines. They cover every gene with a varying profile first, and are
#'   circular for a model that reads the same data.
#'
#' To evaluate a model, draw within the parts of a split instead, with
#' `negatives` of [musl_split()].
#'
#' @param data A [MuslData][musl_data()] with SL pairs.
#' @param policy "random", "degree_matched", "expression" or "dependency".
#' @param ratio Number from 0 to 1000, drawn pairs per SL pair.
#' @param seed Whole number from 0 to 2^31 - 1; `NULL` draws one.
#' @param ... Must be empty.
#' @param cohort Name of the cohort for the policy "expression"; `NULL` is the
#'   first. Its first assay is used, on the log scale.
#' @param dependency For the policy "dependency": numeric matrix of genes x cell
#'   lines with gene names as row names, such as CRISPR gene effects, or the
#'   name of a cohort of `data` with them.
#' @returns `data` with the drawn pairs after the others. In its pairs the
#'   column `sampled` is `TRUE` for drawn ones, and `policy` names their policy
#'   (`NA` for the others); further columns are `NA` there.
#' @section Errors:
#'   `musl_error_input` if there are no SL pairs, the input of a policy is
#'   missing, that of another policy is given, or too few pairs are left.
#'   `musl_warning_circular` if `data` has cohorts of the kind that the policy
#'   uses.
#' @section Source:
#'   "expression" and "dependency" are Exp and Dep of Feng et al. (2024), Nat
#'   Commun 15:9058.
#' @examples
#' genes <- sprintf("G%02d", 1:20)
#' x <- matrix(log2(1 + 1:100), 20, dimnames = list(genes, NULL))
#' sl <- data.frame(gene_a = genes[1:9], gene_b = genes[11:19], label = "SL")
#' d <- musl_negatives(musl_data(x, pairs = sl, scale = "log"), seed = 1)
#' musl_pairs(d)
#' @export
musl_negatives <- function(data, policy = c(
                             "random", "degree_matched", "expression",
                             "dependency"
                           ),
                           ratio = 1, seed = NULL, ..., cohort = NULL,
                           dependency = NULL) {
  check_dots_empty()
  check_musl_data(data)
  policy <- check_choice(policy, split_policies)
  check_number(ratio, 0, 1000)
  check_policy_inputs(policy, cohort, dependency)
  seed <- draw_seed(seed)
  recorded <- data@pairs[!is_measured(data@pairs), ]
  sl <- recorded[which(recorded$label == "SL"), ]
  check_has_sl(recorded)

  drawn <- with_seed_kept(seed, draw_seen(
    new_policy(policy, data, cohort, dependency), sl, ratio, data
  ))
  data@pairs$sampled <- is_sampled(data@pairs)
  if (!"policy" %in% names(data@pairs)) {
    data@pairs$policy <- rep(NA_character_, nrow(data@pairs))
  }
  data@pairs <- bind_pairs(data@pairs, tibble(
    gene_a = drawn$gene_a,
    gene_b = drawn$gene_b,
    label = factor(rep("non_SL", nrow(drawn)), levels(data@pairs$label)),
    sampled = rep(TRUE, nrow(drawn)),
    policy = rep(policy, nrow(drawn))
  ))
  data
}

check_has_sl <- function(pairs) {
  abort_if(!any(pairs$label %in% "SL"), c(
    "{.arg data} must hold SL pairs to draw negatives for.",
    x = "It holds {nrow(pairs)} recorded pair{?s}, none of them SL.",
    i = "Measured pairs need none."
  ))
}

# The default if the user only gives SL pairs: of the policies that only need
# the pairs, it leaves the least difference in degree.
default_negatives <- "degree_matched"

has_sl_alone <- function(pairs) {
  pairs <- pairs[!is_measured(pairs), ]
  any(pairs$label %in% "SL") && !any(pairs$label %in% "non_SL")
}

tell_default_negatives <- function(pairs) {
  measured <- is_measured(pairs)
  n_sl <- sum(pairs$label[!measured] %in% "SL")
  recorded <- if (any(measured)) "recorded " else ""
  inform_musl(c(
    "{.arg data} has no {recorded}non-SL pairs: as many are drawn as the
     {count_text(n_sl)} {recorded}SL pair{cli::qty(n_sl)}{?s},
     {.val {default_negatives}}.",
    i = "{.fn musl_negatives} and {.arg negatives} of {.fn musl_split} offer
         other policies."
  ))
}

# Call it with a seed set.
draw_seen <- function(policy, sl, ratio, data) {
  genes <- data@genes
  index <- pair_index(sl, genes)
  kind <- rep(NA_character_, length(genes))
  kind[unlist(index)] <- "seen"
  drawn <- draw_by_kind(
    policy, index, kind, list(c("seen", "seen")), ratio,
    known_keys(data@pairs, genes), length(genes)
  )
  sampled_pairs(drawn, genes)
}

# The policies by which they are chosen ---------------------------------------

split_policies <- c("random", "degree_matched", "expression", "dependency")

# list(name) and, for policies by correlation, `order`, `profiles` (genes x
# samples) and `gene`, the position in `data` of each row.
new_policy <- function(name, data, cohort = NULL, dependency = NULL) {
  policy <- list(name = name)
  if (name == "expression") {
    abort_if(length(data@cohorts) == 0, c(
      "{.arg data} must hold expression for the policy {.val expression}.",
      x = "It has no cohort."
    ), argument = "policy")
    cohort <- cohort %||% names(data@cohorts)[[1]]
    check_choice(cohort, names(data@cohorts))
    policy$profiles <- cohort_profiles(data@cohorts[[cohort]])
    policy$order <- "lowest"
  } else if (name == "dependency") {
    policy$profiles <- dependency_profiles(data, dependency)
    policy$order <- "largest_absolute"
  }
  if (!is.null(policy$profiles)) {
    known <- rownames(policy$profiles) %in% data@genes
    policy$profiles <- policy$profiles[known, , drop = FALSE]
    policy$gene <- match(rownames(policy$profiles), data@genes)
  }
  warn_circular(name, data)
  policy
}

check_policy_inputs <- function(policy, cohort, dependency, arg = "policy") {
  needs <- c(cohort = "expression", dependency = "dependency")
  given <- !c(is.null(cohort), is.null(dependency))
  idle <- needs[given & needs != (policy %||% "")]
  if (length(idle) > 0) {
    wanted <- paste0(arg, " = \"", idle[[1]], "\"")
    abort_without_effect(names(idle)[[1]], wanted)
  }
}

# The policy of a split, with its `ratio`; `...` must be empty.
split_policy <- function(negatives, data, ..., ratio = 1, cohort = NULL,
                         dependency = NULL) {
  check_dots_empty()
  check_number(ratio, 1, 50)
  negatives <- check_choice(negatives, split_policies, allow_null = TRUE)
  check_policy_inputs(negatives, cohort, dependency, arg = "negatives")
  if (!is.null(negatives)) {
    c(new_policy(negatives, data, cohort, dependency), ratio = ratio)
  } else if (!missing(ratio)) {
    abort_without_effect("ratio", "negatives")
  }
}

# The first assay, on the log scale.
cohort_profiles <- function(cohort) {
  x <- cohort$assays[[1]]
  values <- dense_rows(x, seq_len(nrow(x)))
  rownames(values) <- rownames(x)
  if (cohort$scale == "linear") log2(values + 1) else values
}

dependency_profiles <- function(data, dependency) {
  if (is_string(dependency)) {
    check_choice(dependency, names(data@cohorts))
    return(cohort_profiles(data@cohorts[[dependency]]))
  }
  ok <- is.matrix(dependency) && is_plain_number(dependency) &&
    !is.null(rownames(dependency))
  abort_if(!ok, c(
    "{.arg dependency} must be a numeric matrix of genes x cell lines with
     gene names, or the name of a cohort, for the policy {.val dependency}.",
    x = "Found {describe_value(dependency)}."
  ), argument = "dependency")
  bad <- rowSums(!is.finite(dependency)) > 0
  if (any(bad)) {
    genes <- rownames(dependency)[bad]
    abort_musl(c(
      "{.arg dependency} must hold finite values.",
      x = "{length(genes)} gene{?s} with missing or infinite values:
           {.val {utils::head(genes, 3)}}.",
      i = "Leave these genes or cell lines out, or impute them."
    ), argument = "dependency", genes = genes)
  }
  check_gene_names(rownames(dependency), "the dependency matrix")
  storage.mode(dependency) <- "double"
  dependency
}

dependency_names <- "depend|effect|crispr|chronos|ceres|demeter"

# A model that reads the data by which its negatives were chosen learns the
# choice.
warn_circular <- function(name, data) {
  given <- lapply(data@cohorts, function(x) c(x$name, names(x$assays)))
  is_dependency <- vapply(given, function(names) {
    any(grepl(dependency_names, fold_case(names)))
  }, TRUE)
  seen <- names(data@cohorts)[switch(name,
    expression = !is_dependency,
    dependency = is_dependency,
    FALSE
  )]
  warn_if(length(seen) > 0, c(
    "Negatives of the policy {.val {name}} are circular for a model that reads
     {cli::qty(length(seen))}cohort{?s} {.val {seen}}.",
    x = "Their correlation there distinguishes them from SL pairs.",
    i = "Evaluate on {.val degree_matched} negatives, or drop that cohort."
  ), "circular", policy = name, cohorts = seen)
}
