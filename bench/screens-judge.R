# The parts of bench/screens.R: fit without the test pairs, score them, compare
# with scorers that learn nothing.

pair_names <- function(pairs) {
  paste(pmin(pairs[[1]], pairs[[2]]), pmax(pairs[[1]], pairs[[2]]))
}

# Average precision; `weight` brings sampled non-hits back.
average_precision <- function(score, hit, weight = 1) {
  order <- order(-score)
  hit <- hit[order]
  weight <- rep_len(weight, length(hit))[order]
  sum(hit * weight * cumsum(hit * weight) / cumsum(weight)) / sum(hit * weight)
}

# Share of the hits among the first 1 %.
first_percent <- function(score, hit) {
  first <- order(-score)[seq_len(round(.01 * length(score)))]
  sum(hit[first]) / sum(hit)
}

# A model of all pairs but those named, from the directory if it is there.
fit_without <- function(inputs, held, keep, seed, settings, name,
                        without = character()) {
  file <- if (!is.null(settings$directory)) {
    dir.create(settings$directory, showWarnings = FALSE, recursive = TRUE)
    file.path(settings$directory, paste0(name, "-", seed, ".rds"))
  }
  if (!is.null(file) && file.exists(file)) {
    return(readRDS(file))
  }
  measured <- inputs$measured[keep, ]
  pairs <- rbind(measured, inputs$recorded)
  pairs <- pairs[!pair_names(pairs) %in% held, ]
  fit <- quietly(musl_fit(inputs$make(pairs, without),
    control = musl_control(seed = seed, threads = 0), progress = FALSE,
    network = FALSE
  ))
  if (!is.null(file)) saveRDS(fit, file)
  fit
}

# Scores of members and of the whole, one column each.
member_scores <- function(fit, pairs, ...) {
  asked <- data.frame(gene_a = pairs[[1]], gene_b = pairs[[2]])
  p <- quietly(stats::predict(fit, asked, type = "parts", ...))
  members <- p[startsWith(names(p), ".member_")]
  names(members) <- sub("^.member_", "", names(members))
  cbind(score = p$.score, as.matrix(members))
}

# Scorers without learning.
simple_scores <- function(inputs, pairs) {
  data <- inputs$make(inputs$measured[1:2, ])
  x <- musl_pair_evidence(
    data, data.frame(gene_a = pairs[[1]], gene_b = pairs[[2]]),
    threads = 0
  )
  degree <- table(c(inputs$recorded$gene_a, inputs$recorded$gene_b))
  degree_of <- function(gene) {
    d <- as.numeric(degree[gene])
    log1p(ifelse(is.na(d), 0, d))
  }
  expressed <- low(x$percentile_mean_min)
  network <- low(x$adamic_adar)
  cbind(
    adamic_adar = network, lower_expression = expressed,
    both_ranks = rank(network) + rank(expressed),
    lower_dependency = low(x[["depmap_fraction_dependent_min"]], nrow(x)),
    sl_degree = degree_of(pairs[[1]]) + degree_of(pairs[[2]])
  )
}

# Missing counts as lowest.
low <- function(x, n = length(x)) {
  x <- x %||% rep(0, n)
  ifelse(is.na(x), min(0, x, na.rm = TRUE), x)
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# Means over seeds of judge(seed), matrices of one shape.
over_seeds <- function(settings, judge) {
  results <- lapply(settings$seeds, judge)
  Reduce(`+`, results) / length(results)
}

print_table <- function(x, title, digits = 3) {
  cat("\n", title, "\n\n", sep = "")
  x <- data.frame(scorer = rownames(x), round(x, digits), check.names = FALSE)
  cat(knitr::kable(x, row.names = FALSE, format = "pipe"), sep = "\n")
}

# ---- One study left out ----

judge_study <- function(inputs, settings, without = character()) {
  studies <- setdiff(unique(inputs$measured$source), inputs$genome_scale)
  over_seeds(settings, function(seed) {
    each <- lapply(studies, function(study) {
      test <- inputs$measured[inputs$measured$source == study, ]
      fit <- fit_without(
        inputs, pair_names(test), inputs$measured$source != study, seed,
        settings, paste(c("study", study, without), collapse = "-"), without
      )
      scores <- cbind(member_scores(fit, test), simple_scores(inputs, test))
      hit <- test$label == "SL"
      cbind(
        apply(scores, 2, auroc, label = as.integer(hit)),
        apply(scores, 2, average_precision, hit = hit)
      )
    })
    out <- do.call(cbind, each)
    colnames(out) <- paste(rep(studies, each = 2), c("AUROC", "AP"))
    cbind(out,
      `mean AUROC` = rowMeans(out[, c(TRUE, FALSE), drop = FALSE]),
      `mean AP` = rowMeans(out[, c(FALSE, TRUE), drop = FALSE])
    )
  })
}

report_study <- function(inputs, settings) {
  print_table(judge_study(inputs, settings), "One study left out")
}

# ---- Queries of the genome-scale screen ----

# AUROC, AP and first per cent, means over queries that have hits.
per_query <- function(scores, test) {
  rows <- split(seq_len(nrow(test)), test$query)
  each <- lapply(rows, function(i) {
    hit <- test$label[i] == "SL"
    if (!any(hit) || all(hit)) {
      return(NULL)
    }
    apply(scores[i, , drop = FALSE], 2, function(s) {
      c(auroc(s, as.integer(hit)), average_precision(s, hit), first_percent(s, hit))
    })
  })
  each <- Filter(Negate(is.null), each)
  out <- t(Reduce(`+`, each) / length(each))
  colnames(out) <- c("AUROC", "AP", "first 1 %")
  out
}

genome_rows <- function(inputs) {
  inputs$measured[inputs$measured$source == inputs$genome_scale, ]
}

judge_query <- function(inputs, settings, without = character()) {
  test <- genome_rows(inputs)
  queries <- unique(test$query)
  over_seeds(settings, function(seed) {
    fold <- withr::with_seed(7, sample(rep_len(1:5, length(queries))))
    scores <- NULL
    rows <- NULL
    for (f in 1:5) {
      held <- test[test$query %in% queries[fold == f], ]
      fit <- fit_without(
        inputs, pair_names(held), TRUE, seed, settings,
        paste(c("query", f, without), collapse = "-"), without
      )
      rated <- member_scores(fit, held, measured_in = inputs$genome_scale)
      plain <- member_scores(fit, held)
      scores <- rbind(scores, cbind(
        plain,
        `score + partner's rate` = rated[, "score"],
        `partner's rate` = rated[, "score"] - plain[, "score"]
      ))
      rows <- rbind(rows, held)
    }
    per_query(cbind(scores, simple_scores(inputs, rows)), rows)
  })
}

report_query <- function(inputs, settings) {
  print_table(
    judge_query(inputs, settings),
    "Queries held out, other queries of the screen in training"
  )
}

report_transfer <- function(inputs, settings) {
  test <- genome_rows(inputs)
  found <- over_seeds(settings, function(seed) {
    fit <- fit_without(
      inputs, pair_names(test), inputs$measured$source != inputs$genome_scale,
      seed, settings, "transfer"
    )
    per_query(cbind(member_scores(fit, test), simple_scores(inputs, test)), test)
  })
  print_table(found, "Queries held out, none of the screen in training")
}

# ---- Families held out ----

report_family <- function(inputs, settings) {
  family <- gene_families(inputs)
  found <- over_seeds(settings, function(seed) {
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
      test <- inputs$measured[a == f & b == f, ]
      if (!any(test$label == "SL")) next
      fit <- fit_without(
        inputs, pair_names(test), a != f & b != f, seed, settings,
        paste0("family-", f)
      )
      scores <- rbind(
        scores, cbind(member_scores(fit, test), simple_scores(inputs, test))
      )
      rows <- rbind(rows, test)
    }
    hit <- rows$label == "SL"
    cbind(
      AUROC = apply(scores, 2, auroc, label = as.integer(hit)),
      AP = apply(scores, 2, average_precision, hit = hit)
    )
  })
  print_table(found, "Both genes' families unseen, all studies together")
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

# ---- Textbook pairs ----

judge_textbook <- function(inputs, settings, without = character()) {
  pairs <- inputs$textbook
  both <- rbind(pairs, pairs[, 2:1])
  over_seeds(settings, function(seed) {
    fit <- fit_without(
      inputs, pair_names(list(pairs[, 1], pairs[, 2])), TRUE, seed, settings,
      paste(c("textbook", without), collapse = "-"), without
    )
    pool <- musl_genes(fit)[fit@n_seen > 0]
    pool <- withr::with_seed(seed, sample(pool, min(4000, length(pool))))
    t(apply(both, 1, function(pair) {
      others <- setdiff(pool, pair)
      scores <- member_scores(fit, list(pair[[1]], c(pair[[2]], others)))
      100 * colMeans(sweep(scores[-1, ], 2, scores[1, ]) > 0)
    }))
  })
}

report_textbook <- function(inputs, settings) {
  above <- judge_textbook(inputs, settings)
  n <- nrow(inputs$textbook)
  print_table(
    rbind(
      `median, anchor to partner` = apply(above[1:n, ], 2, stats::median),
      `median, back` = apply(above[-(1:n), ], 2, stats::median),
      `share in the top 1 %` = colMeans(above <= 1)
    ), "Textbook pairs: per cent of the list above the partner", 2
  )
  each <- cbind(
    there = above[1:n, "score"], back = above[-(1:n), "score"],
    `evidence there` = above[1:n, "evidence"],
    `evidence back` = above[-(1:n), "evidence"]
  )
  rownames(each) <- paste(inputs$textbook[, 1], inputs$textbook[, 2], sep = "-")
  print_table(each, "Each of them", 2)
}

# ---- Published folds ----

report_ylab <- function(inputs, settings) {
  rows <- lapply(c("sl", "ng"), function(kind) {
    folds <- read_table("splits", paste0("ylab_", kind, "_folds.tsv.gz"))
    folds <- folds[folds$gene_a != folds$gene_b, ]
    each <- vapply(c("f0", "f1", "f2"), function(f) {
      judge_ylab(inputs, folds, folds[[f]], settings$seeds[[1]])
    }, c(AUROC = 0, AP = 0))
    rowMeans(each)
  })
  out <- do.call(rbind, rows)
  rownames(out) <- c("SL, all genes", "NG, all genes")
  print_table(out, "Published gene-disjoint folds, trained on them alone")
}

judge_ylab <- function(inputs, folds, part, seed) {
  pairs <- worth(
    folds[c("gene_a", "gene_b")], "ylab",
    ifelse(folds$label == 1, "SL", "non_SL")
  )
  fit <- quietly(musl_fit(inputs$make(pairs[part %in% "r", ]),
    control = musl_control(seed = seed, threads = 0), progress = FALSE,
    network = FALSE
  ))
  test <- pairs[part %in% "t", ]
  score <- low(member_scores(fit, test)[, "score"])
  hit <- test$label == "SL"
  c(AUROC = auroc(score, as.integer(hit)), AP = average_precision(score, hit))
}

# ---- Without groups of inputs ----

report_ablation <- function(inputs, settings) {
  settings$seeds <- settings$seeds[[1]]
  groups <- c(
    "none", "network", "annotation", "families", "sequence", "modules",
    "fitness", "expression"
  )
  found <- t(vapply(groups, function(group) {
    study <- judge_study(inputs, settings, group)["score", ]
    query <- judge_query(inputs, settings, group)["score", ]
    above <- judge_textbook(inputs, settings, group)[, "score"]
    c(
      study[c("mean AUROC", "mean AP")], query,
      textbook = stats::median(above), `top 1 %` = mean(above <= 1)
    )
  }, numeric(7)))
  print_table(found, "Without a group of inputs")
}

check_smoke <- function(inputs, settings) {
  found <- judge_study(inputs, settings)["score", "mean AUROC"]
  stopifnot(found > 0.55)
  cat("\nSmoke run passed.\n")
}
