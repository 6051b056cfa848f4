# Whether how well genes are known tells the labels of training apart, and
# negatives in place of those given.

# AUROC of the genes' numbers of SL pairs from which a fit says so.
popularity_limit <- 0.8

tell_popularity <- function(training, split) {
  auroc <- popularity_auroc(training)
  if (is.na(auroc) || auroc < popularity_limit) {
    return(invisible())
  }
  where <- if (is.null(split)) "musl_fit" else "musl_split"
  inform_musl(c(
    "Non-SL pairs are of less known genes than SL pairs: how many SL pairs their
     genes have tells the two apart with an AUROC of {round(auroc, 2)}.",
    i = "Scores will follow it, and partner lists of all genes resemble one
         another; {.code negatives = \"degree_matched\"} in {.fn {where}} draws
         non-SL pairs of genes as well known."
  ), "popularity", auroc = auroc)
}

# A pair's own record does not count.
popularity_auroc <- function(pairs) {
  is_sl <- pairs$label == "SL"
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  degree <- tabulate(c(a[is_sl], b[is_sl]), length(genes))
  known <- log1p(degree[a] - is_sl) + log1p(degree[b] - is_sl)
  with_core(cpp_auroc(known, as.integer(is_sl)))
}

# Recorded non-SL pairs give way to those of a policy; measured ones stay.
replace_negatives <- function(data, policy, split, seed, call = caller_env()) {
  # "dependency" wants a matrix beside it.
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
