# Whether labels of training pairs follow how well genes are studied, and
# negatives in place of those given.

# AUROC of the genes' numbers of SL pairs from which on a fit says so.
popularity_limit <- 0.8

tell_popularity <- function(training, split) {
  auroc <- popularity_auroc(training)
  if (is.na(auroc) || auroc < popularity_limit) {
    return(invisible())
  }
  where <- if (is.null(split)) "musl_fit" else "musl_split"
  inform_musl(c(
    "Genes of non-SL pairs are less studied than those of SL pairs: the number
     of SL pairs of their genes separates the two with an AUROC of
     {round(auroc, 2)}.",
    i = "Scores will follow it; {.fn musl_partners} orders lists by pair
         evidence too.
         {.code negatives = \"degree_matched\"} in {.fn {where}} draws non-SL
         pairs of equally studied genes."
  ), "popularity", auroc = auroc)
}

# The pair itself is not counted.
popularity_auroc <- function(pairs) {
  is_sl <- pairs$label == "SL"
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  degree <- tabulate(c(a[is_sl], b[is_sl]), length(genes))
  known <- log1p(degree[a] - is_sl) + log1p(degree[b] - is_sl)
  with_core(cpp_auroc(known, as.integer(is_sl)))
}

# A policy replaces recorded non-SL pairs; measured ones are kept.
replace_negatives <- function(data, policy, split, seed, call = caller_env()) {
  # "dependency" needs an extra matrix.
  policies <- setdiff(split_policies, "dependency")
  policy <- check_choice(policy, policies, "negatives", call, allow_null = TRUE)
  if (is.null(policy)) {
    return(data)
  }
  if (!is.null(split)) {
    abort_musl(c(
      "{.arg negatives} must be {.code NULL} with a {.arg split}.",
      x = "The parts of a split draw their own.",
      i = "Pass {.arg negatives} to {.fn musl_split}."
    ), argument = "negatives", call = call)
  }
  pairs <- data@pairs
  data@pairs <- pairs[!pairs$label %in% "non_SL" | is_measured(pairs), ]
  musl_negatives(data, policy, seed = seed)
}
