#' Leaks between the parts of a split
#'
#' Lists leaks: pairs, genes, families, queries and studies that are in two
#' parts, and features that contain the labels.
#'
#' A split that [musl_split()] drew, or accepted with `leakage = "error"`, has
#' no leak of pairs or genes. A network edge that joins the genes of an SL test
#' pair is a leak in two cases only, evaluated on all labelled pairs of the
#' fold: "genetic", if SL pairs are edges far more often than non-SL pairs, and
#' than expected from their numbers of neighbours; and "channel", if among pairs
#' that are edges, at least 20 of either label, weights rank SL above non-SL
#' with an AUROC whose 95 % interval lies above 0.7.
#'
#' @param split A [musl_split()].
#' @param fold Whole number, or `NULL` for all folds.
#' @param data A [MuslData][musl_data()] whose network is searched for edges, or
#'   `NULL`.
#' @param ... Must be empty.
#' @param families `NULL` for the groups that the split was made with, or a
#'   named vector or data frame of gene families as `groups` of [musl_split()];
#'   a gene may be in several. Leave domains out that half of the genome has.
#' @returns A tibble, one row per finding: `fold`,
#'   `part` (C1, C2, C3, test, or validation), `kind`, `gene_a`, `gene_b` (`NA`
#'   for single genes), `other` (what it is shared with) and `leak`. The kinds:
#'   * "pair": a pair in two parts, in either order of its genes;
#'   * "gene": a gene of a C3 pair that is in `other`;
#'   * "seen": a C2 pair without a gene that is new to training;
#'   * "family": a gene of a C3 pair, or the new one of a C2 pair, with a
#'     relative in training;
#'   * "query", "study": a test query or study that is in training, if the split
#'     holds these out;
#'   * "edge": an SL test pair joined by the network, no leak; "genetic" and
#'     "channel": the same, a leak, by the rules above.
#' @section Errors:
#'   `musl_error_input` if `split` is not a split, `fold` is not one of its
#'   folds, or `families` or `data` have none of its genes.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' split <- musl_split(d, folds = 3, seed = 1)
#' musl_leaks(split)
#' musl_leaks(split, fold = 1, data = d)
#' @export
musl_leaks <- function(split, fold = NULL, data = NULL, ...,
                       families = NULL) {
  check_dots_empty()
  check_is(split, "musl_split")
  check_is(data, "MuslData", allow_null = TRUE)
  if (!is.null(fold)) check_fold(split, fold)
  # With other identifiers nothing would be found, as if there were no leaks.
  if (!is.null(data)) {
    check_grouped(list(gene = data@genes), split_genes(split), "data")
  }
  families <- leak_families(families, split)
  keys <- pair_keys(split$pairs)
  edges <- network_keys(data)
  found <- lapply(fold %||% seq_len(split$folds), function(fold) {
    parts <- musl_parts(split, fold)
    rbind(
      shared_pairs(split, fold), crossed_pairs(split, fold, keys),
      seen_genes(parts, fold), seen_pairs(parts, fold),
      shared_families(parts, fold, families),
      shared_studies(split, parts, fold),
      joined_pairs(split, parts, fold, keys, edges)
    )
  })
  do.call(rbind, found)
}

new_leaks <- function(fold, part, kind, gene_a, gene_b, other, leak = TRUE) {
  tibble(
    fold = as.integer(fold), part = as.character(part), kind = kind,
    gene_a = as.character(gene_a), gene_b = as.character(gene_b %||% NA),
    other = as.character(other), leak = leak
  )
}

shared_pairs <- function(split, fold) {
  shared <- split$shared
  shared <- shared[shared$fold == fold, ]
  new_leaks(
    fold, shared$part, "pair", shared$gene_a, shared$gene_b, shared$other
  )
}

# No validation pair may have a gene of C3 either, because it chooses the epoch.
seen_genes <- function(parts, fold) {
  test <- part_ends(parts$C3)
  bind_each(c("train", "validation"), function(other) {
    genes <- intersect(test, part_ends(parts[[other]]))
    new_leaks(fold, "C3", "gene", genes, NULL, other)
  })
}

seen_pairs <- function(parts, fold) {
  seen <- part_ends(parts$train)
  pairs <- parts$C2
  pairs <- pairs[pairs$gene_a %in% seen & pairs$gene_b %in% seen, ]
  pairs <- pairs[!duplicated(pair_keys(pairs)), ]
  new_leaks(fold, "C2", "seen", pairs$gene_a, pairs$gene_b, "train")
}

# Pairs of a part that are also in an earlier one; those of a table are already
# listed by shared_pairs().
crossed_pairs <- function(split, fold, keys) {
  part <- as.character(split$assignment[[fold]])
  pairs <- split$pairs
  before <- list(validation = "train")
  before[test_parts] <- list(c("train", "validation"))
  bind_each(intersect(names(before), part), function(name) {
    rows <- which(part == name)
    bind_each(before[[name]], function(other) {
      there <- which(part == other)
      at <- there[match(keys[rows], keys[there])]
      shared <- which(!is.na(at) & !duplicated(keys[rows]))
      first <- rows[shared]
      new_leaks(
        fold, name, "pair", pairs$gene_a[first], pairs$gene_b[first], other
      )
    })
  })
}

# A test gene must be in no training pair: both ends of a C3 pair, at least one
# end of a C2 pair.
check_leakage <- function(split) {
  leaks <- musl_leaks(split)
  if (nrow(leaks) == 0) {
    return(invisible())
  }
  if (split$leakage == "report") {
    n <- vapply(split(leaks, leaks$fold), nrow, 1L)
    warn_musl(c(
      "{.arg table} leaks, and is used as it is.",
      x = "{length(n)} fold{?s} with {sum(n)} finding{?s}.",
      i = "{.fn musl_leaks} lists them.",
      i = if (any(leaks$kind == "seen")) {
        "Call test pairs {.val test} to sort them by the number of genes that
         training lacks."
      }
    ), "leakage", leaks = leaks)
    return(invisible())
  }
  leaks <- leaks[leaks$fold == leaks$fold[[1]], ]
  abort_leaks(leaks[leaks$kind == leaks$kind[[1]], ])
}

# Leaks of one fold and kind.
abort_leaks <- function(leaks) {
  what <- leaks$kind[[1]]
  other <- leaks$other[[1]]
  if (what == "gene") leaks <- leaks[leaks$other == other, ]
  shown <- unique(switch(what,
    gene = leaks$gene_a,
    query = , study = leaks$other,
    paste(leaks$gene_a, "-", leaks$gene_b)
  ))
  fold <- leaks$fold[[1]]
  abort_musl(c(
    switch(what,
      gene = "No gene of a C3 pair may be in a pair of part {.val {other}}.",
      seen = "A C2 pair must have a gene that is in no training pair.",
      "No {what} may be in two parts of a fold."
    ),
    x = "Fold {fold}: {length(shown)} {?is/are}:
         {.val {utils::head(shown, 3)}}.",
    i = if (what == "seen") {
      "Such pairs belong to C1; call them {.val test} to sort them."
    }
  ), "leakage", leaks = leaks, genes = leaks$gene_a, fold = fold)
}

# ---- Relatives, studies, and features that contain the labels ----

# Data frame gene, group, a gene in several groups with a row each; NULL for
# none.
leak_families <- function(families, split) {
  if (!is.null(families)) {
    given <- group_table(families, "families")
    check_grouped(given, split_genes(split), "families")
    return(given)
  }
  if (!is.null(split$families)) group_table(split$families)
}

# Genes with a relative in training: each of a C3 pair; in a C2 pair, if no
# gene is without relatives in training.
shared_families <- function(parts, fold, families) {
  if (is.null(families)) {
    return(NULL)
  }
  train <- part_ends(parts$train)
  shown <- unique(families$group[families$gene %in% train])
  bind_each(intersect(c("C2", "C3"), names(parts)), function(name) {
    pairs <- parts[[name]]
    related <- families$gene[families$group %in% shown]
    if (name == "C2") {
      is_new <- function(gene) !gene %in% train & !gene %in% related
      pairs <- pairs[!is_new(pairs$gene_a) & !is_new(pairs$gene_b), ]
    }
    genes <- setdiff(part_ends(pairs), train)
    rows <- families[families$gene %in% genes & families$group %in% shown, ]
    new_leaks(fold, name, "family", rows$gene, NULL, rows$group)
  })
}

shared_studies <- function(split, parts, fold) {
  column <- switch(split$setting, query = "query", study = "study")
  if (is.null(column) || !column %in% names(split$pairs)) {
    return(NULL)
  }
  of_train <- parts$train[is_measured(parts$train), ]
  both <- intersect(unique(parts$test[[column]]), unique(of_train[[column]]))
  new_leaks(fold, "test", split$setting, NA, NULL, both)
}

# Keys and weights of the network's edges, and the neighbours of each gene.
network_keys <- function(data) {
  if (is.null(data) || is.null(data@network)) {
    return(NULL)
  }
  network <- data@network
  list(
    key = pair_key(data@genes[network$from], data@genes[network$to]),
    weight = network$weight,
    degree = set_names(
      tabulate(c(network$from, network$to), length(data@genes)), data@genes
    )
  )
}

joined_pairs <- function(split, parts, fold, keys, edges) {
  if (is.null(edges)) {
    return(NULL)
  }
  used <- which(split$assignment[[fold]] != "unused")
  used <- used[!duplicated(keys[used])]
  facts <- edge_facts(split$pairs[used, ], match(keys[used], edges$key), edges)
  kind <- if (is_genetic_network(facts)) {
    "genetic"
  } else if (is_label_channel(facts)) {
    "channel"
  } else {
    "edge"
  }
  bind_each(intersect(test_parts, names(parts)), function(name) {
    pairs <- parts[[name]]
    pairs <- pairs[pairs$label == "SL", ]
    key <- pair_keys(pairs)
    # One finding, however many lines or studies measured the pair.
    pairs <- pairs[key %in% edges$key & !duplicated(key), ]
    new_leaks(
      fold, name, kind, pairs$gene_a, pairs$gene_b, "network",
      leak = kind != "edge"
    )
  })
}

# Of labelled pairs: `edge` is the position of each among the edges, or NA.
# `expected` is the number of SL pairs that are edges if edges are drawn with
# the genes' numbers of neighbours (Chung and Lu 2002).
edge_facts <- function(pairs, edge, edges) {
  is_sl <- pairs$label == "SL"
  ends <- lapply(pairs[is_sl, c("gene_a", "gene_b")], function(genes) {
    degree <- edges$degree[genes]
    ifelse(is.na(degree), 0, degree)
  })
  chance <- ends[[1]] * ends[[2]] / (2 * length(edges$key))
  list(
    joined_sl = mean(!is.na(edge[is_sl])),
    joined_non = mean(!is.na(edge[!is_sl])),
    n_joined = sum(!is.na(edge[is_sl])),
    n_edges = length(edges$key),
    expected = sum(pmin(chance, 1)),
    label = as.double(is_sl[!is.na(edge)]),
    weight = edges$weight[edge[!is.na(edge)]]
  )
}

genetic_ratio <- 5
genetic_excess <- 3
genetic_most <- 0.5
genetic_share <- 0.1
genetic_edges <- 0.02

is_genetic_network <- function(facts) {
  covers <- facts$joined_sl >= genetic_most ||
    (facts$joined_sl >= genetic_share &&
      facts$n_joined >= genetic_edges * facts$n_edges)
  isTRUE(covers) && facts$n_joined >= genetic_excess * facts$expected &&
    !isTRUE(facts$joined_sl < genetic_ratio * facts$joined_non)
}

channel_auroc <- 0.7
channel_pairs <- 20L

is_label_channel <- function(facts) {
  n_sl <- sum(facts$label)
  if (min(n_sl, length(facts$label) - n_sl) < channel_pairs) {
    return(FALSE)
  }
  interval <- with_core(cpp_auroc_interval(
    facts$weight, facts$label, stats::qnorm(0.975)
  ))
  interval$lower > channel_auroc
}
