# Markdown of the blocks of pairs and of the controls that train.

# Whether scored pairs are of each block: "experimental", all non-SL pairs and
# SL pairs with such evidence; "hubs_removed", pairs without one of the 1 % of
# genes with most SL pairs.
in_blocks <- function(scores, cell) {
  key <- function(pairs) paste(pairs$gene_a, pairs$gene_b)
  known <- musl_pairs(cell$data)
  shown <- known[grepl("experimental", known$evidence), ]
  sl <- cell$split$pairs[cell$split$pairs$label == "SL", ]
  degree <- sort(table(c(sl$gene_a, sl$gene_b)), decreasing = TRUE)
  genes <- unique(c(cell$split$pairs$gene_a, cell$split$pairs$gene_b))
  hubs <- names(utils::head(degree, ceiling(0.01 * length(genes))))
  list(
    experimental = scores$label != "SL" | key(scores) %in% key(shown),
    hubs_removed = !scores$gene_a %in% hubs & !scores$gene_b %in% hubs
  )
}

# Blocks of pairs: ours beside the degree and the boostings.
report_blocks <- function(judged) {
  rows <- do.call(rbind, lapply(judged, function(cell) {
    scores <- cell$runs$default$scores
    if (is.null(scores)) return(NULL)
    scores <- scores[
      scores$scorer %in% c(ours, "SL degree") | is_boosting(scores$scorer),
    ]
    blocks <- in_blocks(scores, cell)
    do.call(rbind, lapply(names(blocks), function(block) {
      values <- musl_metrics(scores[blocks[[block]], ], "auroc")
      data.frame(negatives = cell$negatives, block = block, values)
    }))
  }))
  if (is.null(rows)) return(invisible())
  say_table("Blocks of the test pairs: AUROC", list(
    negatives = rows$negatives, block = rows$block, part = rows$part,
    scorer = rows$scorer, AUROC = with_sd(rows$.estimate, rows$sd),
    pairs = round(rows$n_pairs)
  ))
}

# Each scorer on the pairs that it scores: known partners alone score none in
# C3, and musl_metrics() takes the pairs that all scorers share.
measure_apart <- function(scores) {
  scores <- scores[!is.na(scores$.score), ]
  apart <- split(scores, factor(scores$scorer, unique(scores$scorer)))
  do.call(rbind, lapply(apart, function(x) {
    suppressWarnings(musl_metrics(x, "auroc"))
  }))
}

# How far from .5 the mean over folds may be with permuted labels.
permuted_limit <- c(C1 = 0.02, C2 = 0.02, C3 = 0.04)

report_controls <- function(judged) {
  rows <- do.call(rbind, lapply(judged, function(cell) {
    scores <- cell$runs$default$scores
    is_control <- startsWith(as.character(scores$scorer), "control: ")
    if (!any(is_control)) return(NULL)
    values <- measure_apart(scores[is_control, ])
    rows <- data.frame(negatives = cell$negatives, values)
    rows[order(rows$part), ]
  }))
  if (is.null(rows)) return(invisible())
  permuted <- grepl("labels permuted", rows$scorer)
  within <- abs(rows$.estimate - 0.5) <= permuted_limit[rows$part]
  say_table("Controls that train, first seed: AUROC", list(
    negatives = rows$negatives, part = rows$part,
    control = sub("control: ", "", rows$scorer),
    AUROC = with_sd(rows$.estimate, rows$sd),
    "pairs a fold" = round(rows$n_pairs),
    asked = ifelse(
      permuted, paste(".50 +-", permuted_limit[rows$part]), NA
    ),
    reached = ifelse(permuted, ifelse(within, "yes", "no"), NA)
  ))
}
