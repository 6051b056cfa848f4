#' What the test parts of a split share with training
#'
#' Lists leaks, and the network edges that a label-reading model could use.
#'
#' A split that [musl_split()] drew, or took with `leakage = "error"`, has no
#' leak.
#' A network edge that joins the genes of an SL test pair is no leak, since
#' proteins that work together are found by other means; it is listed because a
#' score from such an edge means less.
#' Edges known as genetic interactions hold labels, and [musl_data()] drops
#' them.
#'
#' @param split A [musl_split()].
#' @param fold Whole number, or `NULL` for all folds.
#' @param data A [MuslData][musl_data()] with a network to look for edges in, or
#'   `NULL`.
#' @returns A tibble, one row a finding, folds in order: `fold`, `part` (C1, C2,
#'   C3, or validation), `kind`, `gene_a`, `gene_b` (`NA` for "gene"), `other`
#'   (what it is shared with: train, validation, network) and `leak`.
#'   The kinds:
#'   * "pair": a pair that stands in two parts;
#'   * "gene": a gene of a C3 pair that `other` shows;
#'   * "seen": a C2 pair without a gene that is new to training;
#'   * "edge": an SL test pair joined by the network, no leak.
#' @section Errors:
#'   `musl_error_input` if `split` is no split or `fold` is none of its folds.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, folds = 3, seed = 1)
#' musl_leaks(split)
#' musl_leaks(split, fold = 1, data = d)
#' @export
musl_leaks <- function(split, fold = NULL, data = NULL) {
  check_is_split(split)
  check_is(data, "MuslData", allow_null = TRUE)
  if (!is.null(fold)) {
    check_fold(split, fold)
  }
  edges <- network_keys(data)
  found <- lapply(fold %||% seq_len(split$folds), function(fold) {
    parts <- musl_parts(split, fold)
    rbind(
      shared_pairs(split, fold), seen_genes(parts, fold),
      seen_pairs(parts, fold), joined_pairs(parts, fold, edges)
    )
  })
  do.call(rbind, found)
}

new_leaks <- function(fold, part, kind, gene_a, gene_b, other, leak = TRUE) {
  n <- length(gene_a)
  tibble(
    fold = rep(as.integer(fold), n),
    part = rep_len(as.character(part), n),
    kind = rep(kind, n), gene_a = as.character(gene_a),
    gene_b = rep_len(as.character(gene_b %||% NA), n),
    other = rep_len(as.character(other), n), leak = rep(leak, n)
  )
}

shared_pairs <- function(split, fold) {
  shared <- split$shared
  shared <- shared[shared$fold == fold, ]
  new_leaks(
    fold, shared$part, "pair", shared$gene_a, shared$gene_b, shared$other
  )
}

# No validation pair may show a gene of C3 either, because it chooses the epoch.
seen_genes <- function(parts, fold) {
  test <- part_ends(parts$C3)
  found <- lapply(c("train", "validation"), function(other) {
    genes <- intersect(test, part_ends(parts[[other]]))
    new_leaks(fold, "C3", "gene", genes, NULL, other)
  })
  do.call(rbind, found)
}

seen_pairs <- function(parts, fold) {
  seen <- part_ends(parts$train)
  pairs <- parts$C2
  pairs <- pairs[pairs$gene_a %in% seen & pairs$gene_b %in% seen, ]
  new_leaks(fold, "C2", "seen", pairs$gene_a, pairs$gene_b, "train")
}

joined_pairs <- function(parts, fold, edges) {
  found <- lapply(intersect(test_parts, names(parts)), function(name) {
    pairs <- parts[[name]]
    pairs <- pairs[pairs$label == "SL", ]
    pairs <- pairs[pair_keys(pairs) %in% edges, ]
    new_leaks(
      fold, name, "edge", pairs$gene_a, pairs$gene_b, "network",
      leak = FALSE
    )
  })
  do.call(rbind, found)
}

part_ends <- function(pairs) {
  unique(c(pairs$gene_a, pairs$gene_b))
}

network_keys <- function(data) {
  if (!is.null(data) && !is.null(data@network)) {
    pair_key(data@genes[data@network$from], data@genes[data@network$to])
  }
}

# A test gene is one that no training pair may show: both ends of a C3 pair, one
# end at least of a C2 pair.
check_leakage <- function(split, call = caller_env()) {
  leaks <- musl_leaks(split)
  if (nrow(leaks) == 0) {
    return(invisible())
  }
  if (split$leakage == "report") {
    n <- vapply(split(leaks, leaks$fold), nrow, 1L)
    warn_musl(c(
      "{.arg table} leaks, and is taken as it is.",
      x = "{length(n)} fold{?s} with {sum(n)} finding{?s}.",
      i = "{.fn musl_leaks} lists them.",
      i = if (any(leaks$kind == "seen")) {
        "Call test pairs {.val test} to have them sorted by their genes that
         training lacks."
      }
    ), "leakage", leaks = leaks)
    return(invisible())
  }
  leaks <- leaks[leaks$fold == leaks$fold[[1]], ]
  leaks <- leaks[leaks$kind == leaks$kind[[1]], ]
  switch(leaks$kind[[1]],
    gene = abort_seen_genes(leaks[leaks$other == leaks$other[[1]], ], call),
    abort_seen_pairs(leaks, call)
  )
}

abort_seen_genes <- function(leaks, call) {
  part <- c(train = "training", validation = "validation")[[leaks$other[[1]]]]
  genes <- leaks$gene_a
  fold <- leaks$fold[[1]]
  abort_musl(c(
    "No gene of a C3 pair may stand in a {part} pair.",
    x = "Fold {fold}: {length(genes)} gene{?s} of C3 {?does/do}:
         {.val {utils::head(genes, 3)}}."
  ), "leakage", genes = genes, fold = fold, call = call)
}

abort_seen_pairs <- function(leaks, call) {
  pairs <- leaks[c("gene_a", "gene_b")]
  shown <- show_pairs(pairs)
  fold <- leaks$fold[[1]]
  abort_musl(c(
    "A C2 pair must have a gene that no training pair shows.",
    x = "Fold {fold}: {nrow(pairs)} C2 pair{?s} without one: {shown}.",
    i = "Such pairs belong to C1; call them {.val test} to have them sorted."
  ), "leakage", pairs = pairs, fold = fold, call = call)
}
