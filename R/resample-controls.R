# Control trainings of musl_resample(), which show what a score depends on, and
# the blocks for which its rows are repeated.

control_kinds <- c("labels", "features", "network", "only", "without")

check_controls <- function(x) {
  if (rlang::is_bool(x)) {
    return(if (x) control_kinds else character())
  }
  check_some(x, control_kinds, "controls", "TRUE, FALSE or some of")
}

block_kinds <- c("experimental", "experimental_trained", "hubs_removed")

check_blocks <- function(x, data) {
  if (is.null(x)) {
    return(NULL)
  }
  check_some(x, block_kinds, "blocks", "NULL or some of")
  needs_evidence <- any(startsWith(x, "experimental"))
  abort_if(needs_evidence && !"evidence" %in% names(data@pairs), c(
    "Experimental blocks need a column {.field evidence} of the pairs of
     {.arg data}.",
    x = "Its columns are {.field {names(data@pairs)}}.",
    i = "Give {.fn musl_data} pairs with it."
  ), argument = "blocks")
  x
}

# Scorers of the controls that the data and the architecture allow.
control_names <- function(settings, data) {
  encoders <- if (wants_network(settings$scorers)) {
    settings$architecture$encoders
  }
  kinds <- settings$controls
  each <- function(kind) {
    if (kind %in% kinds && length(encoders) > 1) {
      paste0("control: ", kind, " ", encoders)
    }
  }
  has_features <- length(data@cohorts) > 0 || !is.null(data@embeddings)
  c(
    if ("labels" %in% kinds) "control: labels permuted",
    if ("features" %in% kinds && has_features) "control: features shuffled",
    if ("network" %in% kinds && !is.null(data@network)) {
      "control: network rewired"
    },
    each("only"),
    each("without")
  )
}

# The inputs of a control in place of the model's.
control_inputs <- function(inputs, job) {
  name <- sub("^control: ", "", job$name)
  encoder <- sub("^(only|without) ", "", name)
  all <- inputs$architecture$encoders
  if (startsWith(name, "only ")) {
    return(leave_out(inputs, setdiff(all, encoder)))
  }
  if (startsWith(name, "without ")) {
    return(leave_out(inputs, encoder))
  }
  with_seed_kept(job$seed, switch(name,
    "labels permuted" = permute_labels(inputs, job$fold),
    "features shuffled" = shuffle_features(inputs),
    "network rewired" = rewire_network(inputs)
  ))
}

permute_labels <- function(inputs, fold) {
  split <- inputs$split
  parts <- split(seq_len(nrow(split$pairs)), split$assignment[[fold]])
  for (rows in parts) {
    split$pairs$label[rows] <- split$pairs$label[sample_some(rows)]
  }
  inputs$split <- split
  inputs
}

# All assays of a cohort alike: a gene gets another's values, with their ties
# between assays. A cohort keeps its genes.
shuffle_features <- function(inputs) {
  data <- inputs$data
  data@cohorts <- lapply(data@cohorts, function(cohort) {
    order <- sample_some(seq_len(nrow(cohort$assays[[1]])))
    cohort$assays <- lapply(cohort$assays, shuffle_rows, order)
    cohort
  })
  if (!is.null(data@embeddings)) {
    order <- sample_some(seq_len(nrow(data@embeddings)))
    data@embeddings <- shuffle_rows(data@embeddings, order)
  }
  inputs$data <- data
  inputs
}

shuffle_rows <- function(x, order) {
  genes <- rownames(x)
  x <- x[order, , drop = FALSE]
  rownames(x) <- genes
  x
}

# Swaps edges: after ten tries each, hardly one is where it was.
swaps_per_edge <- 10

rewire_network <- function(inputs) {
  data <- inputs$data
  network <- data@network
  graph <- igraph::make_graph(
    rbind(network$from, network$to),
    n = length(data@genes), directed = FALSE
  )
  n_swaps <- swaps_per_edge * length(network$from)
  graph <- igraph::rewire(graph, igraph::keeping_degseq(niter = n_swaps))
  ends <- igraph::as_edgelist(graph, names = FALSE)
  data@network <- list(
    from = as.integer(pmin(ends[, 1], ends[, 2])),
    to = as.integer(pmax(ends[, 1], ends[, 2])),
    weight = sample_some(network$weight)
  )
  inputs$data <- data
  inputs
}

# Training without SL pairs of other evidence.
experimental_inputs <- function(inputs, fold) {
  split <- inputs$split
  data <- inputs$data
  kept <- is_experimental(split$pairs, data, split)
  part <- split$assignment[[fold]]
  part[!kept & part %in% c("train", "validation")] <- "unused"
  split$assignment[[fold]] <- part
  inputs$split <- split
  inputs$keep <- function(pairs) pairs[is_experimental(pairs, data, split), ]
  inputs
}

# All non-SL pairs, and SL pairs with experimental evidence. By the label of
# the split: that of a control may differ. A pair that is also measured has
# rows without evidence.
is_experimental <- function(pairs, data, split) {
  keys <- pair_keys(pairs)
  label <- split$pairs$label[match(keys, pair_keys(split$pairs))]
  shown <- grepl("experimental", fold_case(data@pairs$evidence))
  label != "SL" | keys %in% pair_keys(data@pairs[shown, ])
}

# The scores of each block, with the column `block`; NULL without one. `trained`
# are the scores of models trained for a block.
block_scores <- function(scores, trained, blocks, data, split) {
  bind_each(blocks, function(block) {
    in_block <- switch(block,
      experimental = scores[is_experimental(scores, data, split), ],
      experimental_trained = trained,
      hubs_removed = without_hubs(scores, split$pairs)
    )
    # An interrupted run may lack the models of a block.
    if (!is.null(in_block)) in_block$block <- rep(block, nrow(in_block))
    in_block
  })
}

hub_share <- 0.01

# Scores of pairs of which none has one of the genes with most SL `pairs`.
without_hubs <- function(scores, pairs) {
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  degree <- count_ends(pairs, pairs$label == "SL", genes)
  hubs <- genes[order(-degree)[seq_len(ceiling(hub_share * length(genes)))]]
  scores[!scores$gene_a %in% hubs & !scores$gene_b %in% hubs, ]
}
