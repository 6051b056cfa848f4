# The part "addition" of bench/screens.R: what further studies teach about one
# that is left out. Scorers of features but the pair network.

addition_scorers <- c("linear", "boosting")

# One row a fit: the study that is judged, what it learns from, in which order.
# `share` is that of the genome-scale screen's other queries. Of the study
# `thinned`, a tenth of the hits are left; where it is `large`, each of its pairs
# counts as eight.
addition_fits <- function(inputs) {
  studies <- unique(inputs$measured$study)
  do.call(rbind, lapply(seq_along(studies), function(i) {
    target <- studies[[i]]
    others <- withr::with_seed(i, sample(setdiff(studies, target)))
    row <- function(part, learned, share = 1, thinned = NA) {
      data.frame(
        target = target, part = part, n = length(learned), share = share,
        thinned = thinned, learned = I(list(learned))
      )
    }
    orders <- list(order = others, reverse = rev(others))
    curve <- do.call(rbind, lapply(names(orders), function(name) {
      do.call(rbind, lapply(seq_along(others), function(n) {
        row(name, orders[[name]][seq_len(n)])
      }))
    }))
    queries <- if (target == inputs$genome_scale) {
      do.call(rbind, lapply(c(1 / 4, 1 / 2, 1), function(share) {
        row("queries", studies, share)
      }))
    }
    thinned <- do.call(rbind, lapply(most_hits(inputs, others), function(one) {
      rbind(
        row("without", setdiff(others, one), thinned = one),
        row("thinned", others, thinned = one),
        row("large", others, thinned = one)
      )
    }))
    rbind(curve, queries, thinned)
  }))
}

# The two libraries with the most hits.
most_hits <- function(inputs, studies) {
  rows <- inputs$measured[inputs$measured$label == "SL", ]
  n <- table(rows$study[rows$study %in% setdiff(studies, inputs$genome_scale)])
  utils::head(names(sort(-n)), 2)
}

# The measured rows that a fit learns from, none of them a pair of `test`.
addition_rows <- function(inputs, fit, test) {
  rows <- inputs$measured[inputs$measured$study %in% fit$learned[[1]], ]
  if (fit$part == "queries") {
    held <- unique(test$query)
    left <- setdiff(unique(genome_rows(inputs)$query), held)
    left <- utils::head(left, ceiling(fit$share * length(left)))
    rows <- rows[is.na(rows$query) | rows$query %in% left, ]
  }
  if (fit$part %in% c("thinned", "large")) {
    rows <- thin_hits(rows, fit$thinned)
  }
  if (fit$part == "large") rows$weight[rows$study == fit$thinned] <- 8
  rows[!pair_names(rows) %in% pair_names(test), ]
}

# Hits but the tenth of largest effect become non-hits.
thin_hits <- function(rows, study) {
  hits <- which(rows$study == study & rows$label == "SL")
  order <- hits[order(rows$effect[hits])]
  kept <- utils::head(order, max(2, round(length(hits) / 10)))
  rows$label[setdiff(hits, kept)] <- "non_SL"
  rows
}

# The study, or a fifth of the queries of the genome-scale screen.
addition_test <- function(inputs, target) {
  rows <- inputs$measured[inputs$measured$study == target, ]
  if (target != inputs$genome_scale) {
    return(rows)
  }
  rows[query_folds(rows) == 1, ]
}

# AUROC and AP of one fit: those of musl_fit() on these rows, but what is known
# of genes is computed once for all.
addition_figures <- function(inputs, fit, known, settings) {
  test <- addition_test(inputs, fit$target)
  data <- known$data
  rows <- addition_rows(inputs, fit, test)
  rows$label <- factor(rows$label, c("non_SL", "SL"))
  pairs <- tibble::as_tibble(
    rows[rows$gene_a %in% data@genes & rows$gene_b %in% data@genes, ]
  )
  control <- musl_control(
    seed = settings$seeds[[1]], threads = settings$threads
  )
  # Weighed here, a fit need not tell how the others rank each study.
  data@pairs <- quietly(MuSL:::weigh_studies(
    pairs, MuSL:::assessed_studies(pairs, control$replication)
  ))
  control$replication <- 0
  task <- list(
    data = data, wanted = list(features = addition_scorers), control = control
  )
  fitted <- quietly(MuSL:::fit_measured_scorers(task, known$store))
  scorer <- MuSL:::cpp_feature_scorer(
    MuSL:::cpp_features_load(fitted$bytes), known$store, integer()
  )
  there <- test$gene_a %in% data@genes & test$gene_b %in% data@genes
  score <- rep(NA_real_, nrow(test))
  score[there] <- MuSL:::cpp_score_pairs(
    scorer, MuSL:::pair_input(asked_pairs(test)[there, ], data@genes),
    list(
      device = "cpu", threads = settings$threads, parts = FALSE,
      embedding = FALSE, encoders = character(), scorers = character(),
      rates = character(), prior = .0135, line = -1L
    ), NULL
  )$score
  group <- if (fit$target == inputs$genome_scale) test$query else test$study
  mean_figures(group_figures(ranked_rows(score, test$label == "SL", group)))
}

report_addition <- function(inputs, settings) {
  fits <- addition_fits(inputs)
  known <- NULL
  figures <- t(vapply(seq_len(nrow(fits)), function(i) {
    fit <- fits[i, ]
    # Who learned from what decides, in whatever order.
    name <- paste(c(
      "addition", fit$target, sort(fit$learned[[1]]),
      if (fit$part == "queries") fit$share,
      if (fit$part %in% c("thinned", "large")) c(fit$part, fit$thinned)
    ), collapse = "-")
    kept(settings, name, {
      if (is.null(known)) {
        data <- inputs$make(inputs$measured)
        known <<- list(data = data, store = MuSL:::evidence_store(data))
      }
      addition_figures(inputs, fit, known, settings)
    })
  }, numeric(3)))
  found <- cbind(fits, figures[, c("AUROC", "AP")])
  print_curves(found)
  print_additions(found)
}

print_curves <- function(found) {
  curve <- found[found$part %in% c("order", "reverse", "queries"), ]
  curve$by <- ifelse(
    curve$part == "queries", paste(100 * curve$share, "% of its queries"),
    curve$n
  )
  text <- sprintf("%.3f / %.3f", curve$AUROC, curve$AP)
  lines <- unique(paste(curve$target, curve$part, sep = ", "))
  steps <- unique(curve$by)
  table <- matrix("", length(lines), length(steps),
    dimnames = list(lines, steps)
  )
  table[cbind(
    paste(curve$target, curve$part, sep = ", "), curve$by
  )] <- text
  cat("\nLeft out, by the number of other studies\n\n")
  cat(knitr::kable(table, format = "pipe"), sep = "\n")
}

# Changes by one more study, from one study to all, and by a thinned one.
print_additions <- function(found) {
  change <- function(rows) {
    rows[-1, c("AUROC", "AP")] - rows[-nrow(rows), c("AUROC", "AP")]
  }
  each <- function(x, by, take) {
    do.call(rbind, lapply(split(x, by), take))
  }
  ends <- function(rows) change(rows[c(1, nrow(rows)), ])
  curve <- found[found$part %in% c("order", "reverse"), ]
  of_curve <- paste(curve$target, curve$part)
  queries <- found[found$part == "queries", ]
  beside <- function(part) {
    pairs <- found[found$part %in% c("without", part), ]
    each(pairs, paste(pairs$target, pairs$thinned), ends)
  }
  changes <- list(
    `one more study` = each(curve, of_curve, change),
    `one study to all` = each(curve, of_curve, ends),
    `a quarter of its queries to all` = ends(queries),
    `a thinned study` = beside("thinned"),
    `a thinned study, eight times as large` = beside("large")
  )
  table <- t(vapply(changes, function(x) {
    c(
      `mean AUROC` = mean(x$AUROC), `mean AP` = mean(x$AP),
      `worst AUROC` = min(x$AUROC), `worst AP` = min(x$AP)
    )
  }, numeric(4)))
  print_table(table, "Changes by what is added", first = "added")
}
