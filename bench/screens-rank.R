# How well scores order hits, within groups of rows and under weights: means of
# AUROC and average precision over studies or queries, and their intervals by
# resampling genes.

# What all draws of genes share: rows by falling score within each group, and
# where each row's ties begin and end.
ranked_rows <- function(score, hit, group) {
  score <- low(score) # pairs of genes without inputs rank last
  group <- as.integer(factor(group))
  order <- order(group, -score)
  score <- score[order]
  group <- group[order]
  n <- length(score)
  new <- c(TRUE, score[-1] != score[-n] | group[-1] != group[-n])
  tie <- cumsum(new)
  first <- which(new)
  list(
    order = order, hit = hit[order], group = group,
    tie_start = first[tie], tie_end = c(first[-1] - 1L, n)[tie],
    group_start = match(group, group)
  )
}

# Matrix, a row per group: AUROC, average precision and the share of hits in the
# first 1 %; NaN without hits or non-hits. Tied rows stand in no order.
group_figures <- function(rows, weight = rep(1, length(rows$hit))) {
  w <- weight[rows$order]
  hit <- w * rows$hit
  until <- function(x) {
    sums <- c(0, cumsum(x))
    base <- sums[rows$group_start]
    list(
      before = sums[rows$tie_start] - base,
      upto = sums[rows$tie_end + 1] - base
    )
  }
  hits <- until(hit)
  all <- until(w)
  of_group <- function(x) as.vector(rowsum(x, rows$group, reorder = TRUE))
  n_hits <- of_group(hit)
  n_all <- of_group(w)
  others <- of_group(w - hit)
  above <- (all$before - hits$before + all$upto - hits$upto) / 2
  size <- all$upto - all$before
  in_first <- pmin(1, pmax(0, .01 * n_all[rows$group] - all$before) /
    pmax(size, 1e-300))
  cbind(
    AUROC = 1 - of_group(hit * above) / n_hits / others,
    AP = of_group(ifelse(hit > 0, hit * hits$upto / all$upto, 0)) / n_hits,
    `first 1 %` = of_group(hit * in_first) / n_hits
  )
}

# Groups weigh by `times` each; those without hits and non-hits are left out.
mean_figures <- function(figures, times = rep(1, nrow(figures))) {
  used <- is.finite(figures[, "AUROC"]) & times > 0
  colSums(figures[used, , drop = FALSE] * times[used]) / sum(times[used])
}

# Rows of `scores` by scorer: means over the groups of `test`.
figures_by_group <- function(scores, hit, group, weight = rep(1, length(hit))) {
  t(apply(scorers(scores), 2, function(score) {
    mean_figures(group_figures(ranked_rows(score, hit, group), weight))
  }))
}

# `runs`: matrices of scores, one a seed. Means over seeds, as above.
figures_over_seeds <- function(runs, hit, group, ...) {
  each <- lapply(runs, figures_by_group, hit = hit, group = group, ...)
  Reduce(`+`, each) / length(each)
}

# The same from lists in which one non-hit of `one_in` stays and counts as often,
# means of five draws: it shortens lists and raises average precision.
sampled_figures <- function(runs, hit, group, one_in) {
  draws <- withr::with_seed(1, replicate(5, {
    weight <- ifelse(hit, 1, one_in * (stats::runif(length(hit)) < 1 / one_in))
    figures_over_seeds(runs, hit, group, weight)
  }, simplify = FALSE))
  Reduce(`+`, draws) / length(draws)
}

# Intervals (95 %) of the means over seeds and groups, genes drawn with
# replacement; where `query` is given, queries and partners are drawn apart.
# `than` names a scorer whose figures are taken off.
gene_intervals <- function(runs, test, group, scorer, than = NULL,
                           query = NULL, n_draws = 200L) {
  hit <- test$label == "SL"
  rows <- function(name) {
    lapply(runs, function(scores) ranked_rows(scores[, name], hit, group))
  }
  mine <- rows(scorer)
  other <- if (!is.null(than)) rows(than)
  groups <- levels(factor(group))
  draw <- function() {
    if (is.null(query)) {
      times <- gene_draw(c(test$gene_a, test$gene_b))
      weight <- times[test$gene_a] * times[test$gene_b]
      of_group <- rep(1, length(groups))
    } else {
      weight <- gene_draw(test$gene_b)[test$gene_b]
      of_group <- gene_draw(groups)[groups]
    }
    figure <- function(rows) {
      Reduce(`+`, lapply(rows, function(r) {
        mean_figures(group_figures(r, as.vector(weight)), of_group)
      })) / length(rows)
    }
    if (is.null(other)) figure(mine) else figure(mine) - figure(other)
  }
  draws <- withr::with_seed(1, replicate(n_draws, draw()))
  apply(draws, 1, stats::quantile, c(.025, .975), na.rm = TRUE)
}

gene_draw <- function(genes) {
  genes <- unique(genes)
  n <- length(genes)
  stats::setNames(tabulate(sample.int(n, n, TRUE), n), genes)
}

print_intervals <- function(table, title) {
  text <- t(vapply(table, function(x) {
    sprintf("%.3f to %.3f", x[1, ], x[2, ])
  }, character(3)))
  colnames(text) <- colnames(table[[1]])
  cat("\n", title, "\n\n", sep = "")
  text <- data.frame(` ` = rownames(text), text, check.names = FALSE)
  cat(knitr::kable(text, row.names = FALSE, format = "pipe"), sep = "\n")
}
