# The parts of bench/screens.R that hold pairs out: fit without them, score
# them, compare with scorers that learn nothing.

# ---- One study left out ----

library_studies <- function(inputs) {
  setdiff(unique(inputs$measured$study), inputs$genome_scale)
}

library_rows <- function(inputs) {
  inputs$measured[inputs$measured$study != inputs$genome_scale, ]
}

# One matrix of scores a seed, rows as library_rows().
study_runs <- function(inputs, settings) {
  rows <- library_rows(inputs)
  lapply(settings$seeds, function(seed) {
    out <- NULL
    for (study in library_studies(inputs)) {
      at <- which(rows$study == study)
      name <- paste("study", study, sep = "-")
      scores <- held_scores(
        inputs, rows[at, ], inputs$measured$study != study, seed, settings,
        name
      )
      scores <- cbind(
        scores, simple_scores(inputs, rows[at, ], settings, study)
      )
      if (is.null(out)) {
        out <- matrix(NA_real_, nrow(rows), ncol(scores),
          dimnames = list(NULL, colnames(scores))
        )
      }
      out[at, ] <- scores
    }
    out
  })
}

report_study <- function(inputs, settings) {
  rows <- library_rows(inputs)
  hit <- rows$label == "SL"
  forests <- held_forests(inputs, rows, rows$study, function(study) {
    inputs$measured$study != study
  }, settings)
  runs <- Map(cbind, study_runs(inputs, settings), forest = forests)
  print_table(by_study(runs, rows, hit), "One study left out")
  print_table(
    by_study(runs, rows, true_hits(inputs, rows)),
    "The same, hits of pairs with an unexpressed gene as non-hits"
  )
  clean <- is_in_one_source(rows, inputs)
  print_table(
    by_study(
      lapply(runs, function(x) x[clean, , drop = FALSE]), rows[clean, ],
      hit[clean]
    ),
    "One study left out, pairs in no other study"
  )
  print_intervals(list(
    score = gene_intervals(runs, rows, rows$study, "score"),
    `less both ranks` = gene_intervals(
      runs, rows, rows$study, "score", "both_ranks"
    ),
    `less boosting` = gene_intervals(
      runs, rows, rows$study, "score", "boosting"
    )
  ), "Means over studies, 95 % by resampling genes")
  report_ceiling(inputs)
}

# Whether a row's pair is neither recorded nor measured by another study.
is_in_one_source <- function(rows, inputs) {
  names <- pair_names(rows)
  once <- !duplicated(paste(names, rows$study))
  repeated <- names[once][duplicated(names[once])]
  !names %in% c(
    repeated, pair_names(inputs$recorded), pair_names(genome_rows(inputs))
  )
}

by_study <- function(runs, rows, hit) {
  studies <- unique(rows$study)
  each <- lapply(studies, function(study) {
    at <- rows$study == study
    figures_over_seeds(
      lapply(runs, function(x) x[at, , drop = FALSE]), hit[at], rows$study[at]
    )[, c("AUROC", "AP"), drop = FALSE]
  })
  out <- do.call(cbind, each)
  colnames(out) <- paste(rep(studies, each = 2), c("AUROC", "AP"))
  cbind(out,
    `mean AUROC` = rowMeans(out[, c(TRUE, FALSE), drop = FALSE], na.rm = TRUE),
    `mean AP` = rowMeans(out[, c(FALSE, TRUE), drop = FALSE], na.rm = TRUE)
  )
}

# What another laboratory's screen of the same pairs reaches.
report_ceiling <- function(inputs) {
  found <- quietly(musl_replication(inputs$measured))
  found <- found[found$n_hits >= 5 & !is.na(found$.estimate), ]
  cat("\nThe ceiling: hits of a study ranked by another's scores\n\n")
  out <- data.frame(
    hits_of = found$on, scores_of = found$study, pairs = found$n_pairs,
    hits = found$n_hits, AUROC = round(found$.estimate, 3),
    `95 %` = sprintf("%.2f to %.2f", found$.lower, found$.upper),
    AP = round(found$auprc, 3), check.names = FALSE
  )
  out <- out[order(out$hits_of, -out$hits), ]
  cat(knitr::kable(out, row.names = FALSE, format = "pipe"), sep = "\n")
}

# ---- Queries of the genome-scale screen ----

genome_rows <- function(inputs) {
  inputs$measured[inputs$measured$study == inputs$genome_scale, ]
}

# One matrix of scores a seed, rows as genome_rows(); without simple scorers.
query_runs <- function(inputs, settings) {
  test <- genome_rows(inputs)
  fold <- query_folds(test)
  lapply(settings$seeds, function(seed) {
    parts <- lapply(1:5, function(f) {
      name <- paste("query", f, sep = "-")
      held_scores(
        inputs, test[fold == f, ], TRUE, seed, settings, name,
        inputs$genome_scale
      )
    })
    out <- do.call(rbind, parts)
    out[order(unlist(lapply(1:5, function(f) which(fold == f)))), ]
  })
}

query_folds <- function(test) {
  queries <- unique(test$query)
  fold <- withr::with_seed(7, sample(rep_len(1:5, length(queries))))
  fold[match(test$query, queries)]
}

report_query <- function(inputs, settings) {
  test <- genome_rows(inputs)
  simple <- simple_scores(inputs, test, settings, "genome")
  forests <- held_forests(
    inputs, test, query_folds(test), function(fold) TRUE, settings
  )
  runs <- Map(
    cbind, query_runs(inputs, settings), forest = forests, list(simple)
  )
  hit <- test$label == "SL"
  print_table(
    figures_over_seeds(runs, hit, test$query),
    "Queries held out, other queries of the screen in training"
  )
  print_table(
    figures_over_seeds(runs, true_hits(inputs, test), test$query),
    "The same, hits of pairs with an unexpressed gene as non-hits"
  )
  print_sampled(runs, hit, test$query)
  interval <- function(...) {
    gene_intervals(runs, test, test$query, ..., query = TRUE, n_draws = 100L)
  }
  print_intervals(list(
    score = interval("score"),
    `less lower expression` = interval("score", "lower_expression"),
    `score + partner's rate` = interval("score + partner's rate"),
    `less the rate alone` = interval("score + partner's rate", "partner's rate")
  ), "Means over queries, 95 % by resampling queries and partners")
  report_probability(runs, hit, test$query)
}

# Figures that others gave for these queries were made so.
print_sampled <- function(runs, hit, query) {
  print_table(
    sampled_figures(runs, hit, query, one_in = 3.5),
    "The same where one non-hit of 3.5 stays and counts as often"
  )
}

# Probabilities as printed, at the share of hits that such screens measure.
report_probability <- function(runs, hit, query) {
  p <- Reduce(`+`, lapply(runs, function(x) x[, "probability"])) / length(runs)
  loss <- function(p) -mean(ifelse(hit, log(p), log1p(-p)))
  each <- vapply(runs, function(x) loss(x[, "probability"]), 0)
  cat(sprintf(
    "\nLog loss %.4f (means of seeds %s); of the constant %.4f\n", loss(p),
    paste(sprintf("%.4f", each), collapse = ", "),
    loss(rep(mean(hit), length(hit)))
  ))
  decile_of <- function(p) {
    ceiling(10 * rank(p, ties.method = "first") / length(p))
  }
  print_deciles(p, hit, decile_of(p), "Deciles of the probability, per cent")
  print_deciles(
    p, hit, stats::ave(p, query, FUN = decile_of),
    "Deciles of each query's list, per cent"
  )
}

print_deciles <- function(p, hit, decile, title) {
  out <- cbind(
    predicted = 100 * tapply(p, decile, mean),
    realised = 100 * tapply(hit, decile, mean)
  )
  out <- cbind(out, ratio = out[, "realised"] / out[, "predicted"])
  print_table(out, title, 2, "decile")
}

report_transfer <- function(inputs, settings) {
  test <- genome_rows(inputs)
  simple <- simple_scores(inputs, test, settings, "genome")
  runs <- lapply(settings$seeds, function(seed) {
    cbind(held_scores(
      inputs, test, inputs$measured$study != inputs$genome_scale, seed,
      settings, "transfer"
    ), simple)
  })
  print_table(
    figures_over_seeds(runs, test$label == "SL", test$query),
    "Queries held out, none of the screen in training"
  )
  print_sampled(runs, test$label == "SL", test$query)
  interval <- function(...) {
    gene_intervals(runs, test, test$query, ..., query = TRUE, n_draws = 100L)
  }
  print_intervals(list(
    score = interval("score"),
    `less lower expression` = interval("score", "lower_expression")
  ), "Means over queries, 95 % by resampling queries and partners")
}

# ---- Families held out ----

report_family <- function(inputs, settings) {
  family <- gene_families(inputs)
  each <- lapply(settings$seeds, function(seed) {
    fold <- withr::with_seed(seed, {
      names <- unique(family)
      set_names(sample(rep_len(1:5, length(names))), names)
    })
    of <- function(gene) fold[family[gene]]
    a <- of(inputs$measured$gene_a)
    b <- of(inputs$measured$gene_b)
    scores <- NULL
    rows <- NULL
    for (f in 1:5) {
      # Genes without any input have no family and no score.
      test <- inputs$measured[which(a == f & b == f), ]
      if (!any(test$label == "SL")) next
      name <- paste0("family-", f)
      held <- held_scores(
        inputs, test, !a %in% f & !b %in% f, seed, settings, name
      )
      simple <- simple_scores(inputs, test, settings, paste(name, seed))
      scores <- rbind(scores, cbind(held, simple))
      rows <- rbind(rows, test)
    }
    hit <- rows$label == "SL"
    genome <- rows$study == inputs$genome_scale
    figures <- function(at, group) {
      figures_by_group(scores[at, ], hit[at], group)[, c("AUROC", "AP")]
    }
    out <- cbind(
      figures(TRUE, rep(1, length(hit))),
      figures(!genome, rows$study[!genome]),
      figures(genome, rows$query[genome])
    )
    colnames(out) <- paste(
      rep(c("all", "mean of studies", "per query"), each = 2), c("AUROC", "AP")
    )
    out
  })
  print_table(
    Reduce(`+`, each) / length(each), "Both genes' families unseen"
  )
}

# Genes that share a family of at most 30 are one; each family is named by its
# first gene.
gene_families <- function(inputs) {
  data <- inputs$make(inputs$measured)
  genes <- musl_genes(data)
  families <- data@evidence$annotations$families
  if (is.null(families)) {
    return(set_names(genes))
  }
  families <- families[families$gene %in% genes, ]
  size <- table(families$family)
  families <- families[families$family %in% names(size)[size <= 30], ]
  graph <- igraph::graph_from_data_frame(
    families,
    directed = FALSE,
    vertices = data.frame(name = unique(c(
      genes, families$gene, families$family
    )))
  )
  found <- igraph::components(graph)$membership[genes]
  set_names(as.character(found), genes)
}
