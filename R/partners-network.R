# Partner lists of networks: ranked by the score, or by a sum of the relation,
# expression and score; probabilities within each anchor's list.

# What orders a table of predictions, the highest first: its score, or the ranks
# of partner lists in another order, which a list read from a file has too.
ranking_values <- function(x) {
  score <- as.double(x[[".score"]])
  rank <- x[["rank"]]
  is_list <- all(c("anchor", "partner") %in% names(x))
  if (!is_list || !is.numeric(rank) || anyNA(rank)) {
    return(score)
  }
  row <- order(x$anchor, rank)
  rises <- diff(score[row]) > 0 & duplicated(x$anchor[row])[-1]
  if (any(rises, na.rm = TRUE)) -as.double(rank) else score
}

# Genes that stand for the genome in probabilities, the same for all lists.
reference_list <- 500L

# As the core's SumEvidence.
sum_evidence <- c(score = 0L, auto = 1L, combined = 2L, relation = 2L)

# Adds .score, .pred_SL and n_unseen to the pairs of musl_partners(), whose
# gene_a is the anchor, and relation where lists are ranked by it.
# list(pairs, order: ranks each list, highest first; by: what that is)
score_by_network <- function(object, pairs, by, how, call = caller_env()) {
  seen <- trained_genes(object)
  reference <- reference_genes(object@genes, seen, reference_list)
  lists <- score_lists(object, pairs, reference, by, how, call)
  pairs$.score <- lists$score
  pairs$n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  anchors <- unique(pairs$gene_a)
  compared <- tibble(
    gene_a = rep(anchors, each = length(reference)),
    gene_b = rep(reference, length(anchors)),
    .score = lists$reference
  )
  compared$n_unseen <- count_unseen(compared, object@genes, object@n_seen)
  pairs$.pred_SL <- list_probabilities(
    object@calibration, pairs, compared, how$prior
  )
  if (!is.null(lists$evidence)) pairs$relation <- lists$evidence
  if (by == "auto") by <- if (is.null(lists$evidence)) "score" else "combined"
  list(pairs = pairs, order = lists$rank_by, by = by)
}

# Probabilities with which a share `prior` of the genome are partners of each
# anchor: those of `compared`, pairs of the anchors with genes that stand for
# it, have that mean.
list_probabilities <- function(calibration, pairs, compared, prior) {
  of_pairs <- function(x) {
    calibrate_scores(calibration, x$.score, x$n_unseen)
  }
  p <- of_pairs(pairs)
  reference <- split(
    of_pairs(compared), factor(compared$gene_a, unique(pairs$gene_a))
  )
  for (anchor in names(reference)) {
    rows <- which(pairs$gene_a == anchor & !is.na(p))
    known <- reference[[anchor]]
    p[rows] <- with_core(cpp_shift_to_mean(
      p[rows], known[!is.na(known)], prior %||% screen_prior
    ))
  }
  p
}

# list(score, evidence: NULL where lists are ranked by the score, rank_by,
# reference: scores of each anchor with the reference genes)
score_lists <- function(object, pairs, reference, by, how, call) {
  # Whoever asks single encoders asks for their scores.
  if (by == "auto" && !is.null(how$encoders)) by <- "score"
  asked <- network_question(
    object, pairs, how$data, how$context,
    encoders = how$encoders, threads = how$threads, call = call
  )
  genes <- asked$genes
  request <- list(
    pairs = asked$index,
    reference = match(reference, genes) - 1L,
    sl = known_sl(object, genes),
    sum = sum_evidence[[by]],
    annotation = if (by != "score") {
      annotation_store(object, genes, how$data, asked$options$threads)
    }
  )
  out <- with_progress(TRUE, function(callback) {
    with_core(
      cpp_model_partners(
        asked$network$model, asked$network$input, asked$network$gene_of,
        request,
        asked$options, callback
      ),
      call = call
    )
  })
  spread <- function(x) {
    full <- rep(NA_real_, nrow(pairs))
    full[asked$scorable] <- nan_to_na(x)
    full
  }
  lists <- list(
    score = spread(out$score),
    evidence = if (length(out$evidence) > 0) spread(out$evidence),
    rank_by = spread(out$rank_by), reference = nan_to_na(out$reference)
  )
  if (by == "relation") lists$rank_by <- lists$evidence
  lists
}

# The model's SL pairs of these genes, as the core reads them.
known_sl <- function(object, genes) {
  pairs <- object@known[object@known$label %in% "SL", c("gene_a", "gene_b")]
  pair_input(
    pairs[pairs$gene_a %in% genes & pairs$gene_b %in% genes, ], genes
  )
}

# Members for measured pairs keep their own.
any_annotation <- function(object) {
  if (has_measured_members(object)) {
    with_core(cpp_measured_annotation(live_members(object)))
  } else {
    object@annotation
  }
}

has_annotation <- function(object) {
  has_measured_members(object) || !is.null(object@annotation)
}

# The core's annotation of the model's genes.
live_annotation <- function(object) {
  live_pointer(object, "annotation", function() {
    load_annotation(list(bytes = any_annotation(object), gene_of = integer()))
  })
}

# The same over `genes`, of new data that have annotation before the model's;
# NULL if neither has any.
annotation_store <- function(object, genes, data, threads) {
  if (!has_list_annotation(data) && identical(genes, object@genes)) {
    return(if (has_annotation(object)) live_annotation(object))
  }
  load_annotation(packed_annotation(object, genes, data, threads))
}

# list(bytes, gene_of), which workers can read, or NULL.
packed_annotation <- function(object, genes, data, threads) {
  if (has_list_annotation(data)) {
    store <- evidence_store(data, genes = genes, threads = threads)
    return(list(
      bytes = with_core(cpp_annotation_pack(store)), gene_of = integer()
    ))
  }
  bytes <- any_annotation(object)
  if (!is.null(bytes)) {
    list(bytes = bytes, gene_of = gene_index(genes, object@genes))
  }
}

load_annotation <- function(packed) {
  if (!is.null(packed)) {
    with_core(cpp_annotation_load(packed$bytes, packed$gene_of))
  }
}

# Whether data have what partner lists of a network read beside the network.
has_list_annotation <- function(data) {
  parts <- if (!is.null(data)) data@evidence
  read <- c("annotations", "modules", "paralogs", "genes", "lines")
  !all(vapply(parts[read], is.null, NA))
}
