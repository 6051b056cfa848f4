# Leaks other than the pairs themselves: relatives, studies, and features that
# contain the labels.

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
  new_leaks(
    fold, "test", split$setting, rep(NA_character_, length(both)), NULL, both
  )
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
