# The parts of bench/screens.R that rank all partners of a gene: textbook pairs,
# and what the lists of ten anchors share.

popular_anchors <- c(
  "ARID1A", "SMARCA4", "KRAS", "BRCA1", "TP53", "PTEN", "STAG2", "MTAP", "RB1",
  "WRN"
)

textbook_fit <- function(inputs, seed, settings) {
  pairs <- inputs$textbook
  fit_without(
    inputs, pair_names(list(pairs[, 1], pairs[, 2])), TRUE, seed, settings
  )
}

# Measured genes of a data set or model.
measured_genes <- function(inputs, x) {
  intersect(
    musl_genes(x), unique(c(inputs$measured$gene_a, inputs$measured$gene_b))
  )
}

# Per cent of the list above the partner, of 4,000 measured genes; a row a
# direction.
judge_textbook <- function(inputs, settings) {
  pairs <- inputs$textbook
  both <- rbind(pairs, pairs[, 2:1])
  each <- lapply(settings$seeds, function(seed) {
    name <- paste("textbook", seed, sep = "-")
    kept(settings, name, {
      fit <- textbook_fit(inputs, seed, settings)
      pool <- measured_genes(inputs, fit)
      pool <- withr::with_seed(seed, sample(pool, min(4000, length(pool))))
      t(apply(both, 1, function(pair) {
        others <- setdiff(pool, pair)
        partners <- list(
          rep(pair[[1]], length(others) + 1), c(pair[[2]], others)
        )
        scores <- cbind(
          scorers(member_scores(fit, partners)),
          sl_degree = sl_degree(inputs, partners)
        )
        100 * colMeans(sweep(scores[-1, ], 2, scores[1, ]) > 0)
      }))
    })
  })
  Reduce(`+`, each) / length(each)
}

# The same by scorers that learn nothing, for the first seed's genes.
textbook_simple <- function(inputs, settings) {
  both <- rbind(inputs$textbook, inputs$textbook[, 2:1])
  seed <- settings$seeds[[1]]
  data <- inputs$make(inputs$measured)
  pool <- measured_genes(inputs, data)
  pool <- withr::with_seed(seed, sample(pool, min(4000, length(pool))))
  lists <- lapply(seq_len(nrow(both)), function(i) {
    partner <- c(both[i, 2], setdiff(pool, both[i, ]))
    data.frame(gene_a = both[i, 1], gene_b = partner, list = i)
  })
  asked <- do.call(rbind, lists)
  simple <- simple_scores(inputs, asked, settings, paste0("textbook-", seed))
  x <- quietly(musl_pair_evidence(
    data, asked[c("gene_a", "gene_b")],
    threads = settings$threads
  ))
  small <- low(-(x$family_smallest %||% rep(NA_real_, nrow(x))))
  scores <- cbind(simple, smallest_shared_family = small)
  each <- lapply(split(seq_len(nrow(asked)), asked$list), function(rows) {
    s <- scores[rows, , drop = FALSE]
    # Half of those that tie with the partner stand above it.
    100 * colMeans(sweep(s[-1, ], 2, s[1, ], function(x, y) {
      (x > y) + (x == y) / 2
    }))
  })
  do.call(rbind, each)
}

report_textbook <- function(inputs, settings) {
  above <- judge_textbook(inputs, settings)
  n <- nrow(inputs$textbook)
  print_table(
    rbind(
      `median, anchor to partner` = apply(above[1:n, ], 2, stats::median),
      `median, back` = apply(above[-(1:n), ], 2, stats::median),
      `share in the top 1 %` = colMeans(above <= 1)
    ), "Textbook pairs: per cent of the list above the partner", 2, "figure"
  )
  simple <- textbook_simple(inputs, settings)
  print_table(
    rbind(
      `median, anchor to partner` = apply(simple[1:n, ], 2, stats::median),
      `median, back` = apply(simple[-(1:n), ], 2, stats::median),
      `share in the top 1 %` = colMeans(simple <= 1)
    ), "Textbook pairs by scorers without learning", 2, "figure"
  )
  shown <- c("list order", "score", "evidence", "linear", "boosting", "recorded")
  each <- do.call(cbind, lapply(shown, function(scorer) {
    x <- cbind(above[1:n, scorer], above[-(1:n), scorer])
    colnames(x) <- paste(scorer, c("there", "back"))
    x
  }))
  rownames(each) <- paste(inputs$textbook[, 1], inputs$textbook[, 2], sep = "-")
  print_table(each, "Each of them", 2, "pair")
}

# Genes whose loss or change drives tumours.
tumour_genes <- c(
  "ARID1A", "SMARCA4", "STAG2", "BRCA1", "KRAS", "MTAP", "VHL", "RB1", "PTEN",
  "TP53", "WRN", "CDKN2A", "APC", "BRCA2", "CREBBP", "PIK3CA"
)

# Partner lists of one model that learned no textbook pair, in each order.
report_lists <- function(inputs, settings) {
  seed <- settings$seeds[[1]]
  found <- kept(settings, paste("lists", seed, sep = "-"), {
    fit <- textbook_fit(inputs, seed, settings)
    orders <- c("combined", "score", "relation")
    list_orders(fit, inputs, orders, settings$threads)
  })
  print_table(found, "Partner lists by order", 3, "order")
}

list_orders <- function(fit, inputs, orders, threads) {
  both <- rbind(inputs$textbook, inputs$textbook[, 2:1])
  genes <- musl_genes(fit)
  both <- both[both[, 1] %in% genes & both[, 2] %in% genes, ]
  anchors <- intersect(tumour_genes, genes)
  if (length(anchors) == 0) anchors <- utils::head(genes, 3)
  by_order <- function(by, anchor, n) {
    quietly(musl_partners(fit, anchor, n = n, by = by, threads = threads))
  }
  t(vapply(set_names(orders), function(by) {
    rank <- apply(both, 1, function(pair) {
      list <- by_order(by, pair[[1]], Inf)
      list$rank[list$partner == pair[[2]]]
    })
    first <- by_order(by, anchors, 20)
    c(
      `textbook, median rank` = stats::median(rank),
      `in the first 10` = mean(rank <= 10),
      `in the first 50` = mean(rank <= 50),
      `lethal alone in the first 20` = mean(first$status %in% "lethal_alone"),
      `often lethal there` = mean(first$status %in% "often_lethal")
    )
  }, numeric(5)))
}

# Median over these genes of their recorded SL pairs: summary() counts measured
# ones as well.
recorded_degree <- function(fit, genes) {
  all <- musl_genes(fit)
  degree <- MuSL:::count_ends(fit@known, fit@known$label == "SL", all)
  stats::median(degree[match(genes, all)])
}

# What the first hundred partners of ten anchors share, recorded pairs having
# negatives of matched degree (the default) or random ones.
report_popularity <- function(inputs, settings) {
  seed <- settings$seeds[[1]]
  policies <- c("degree_matched", "random")
  found <- vapply(policies, function(policy) {
    kept(settings, paste("popularity", policy, seed, sep = "-"), {
      fit <- fit_pairs(
        inputs, with_negatives(inputs, policy, seed), seed, settings
      )
      anchors <- intersect(popular_anchors, musl_genes(fit))
      if (length(anchors) == 0) anchors <- utils::head(musl_genes(fit), 10)
      lists <- quietly(musl_partners(fit, anchors, n = 100))
      shared <- summary(lists)
      kras <- if ("KRAS" %in% anchors) "KRAS" else anchors[[1]]
      all <- quietly(stats::predict(fit, data.frame(
        gene_a = kras, gene_b = setdiff(musl_genes(fit), kras)
      )))
      c(
        `shared by two lists` = shared$overlap, `by chance` = shared$expected,
        `median SL degree` = shared$median_degree,
        `of recorded pairs` = recorded_degree(fit, lists$partner),
        `of all candidates` = shared$median_degree_candidates,
        Gini = shared$gini,
        `KRAS above .5` = mean(all$.pred_SL > .5, na.rm = TRUE),
        `largest p of KRAS` = max(all$.pred_SL, na.rm = TRUE)
      )
    })
  }, numeric(8))
  print_table(found, "First hundred partners of ten anchors", 3, "figure")
}

with_negatives <- function(inputs, policy, seed) {
  if (policy == "degree_matched") {
    return(rbind(inputs$measured, inputs$recorded))
  }
  data <- quietly(musl_negatives(
    inputs$make(inputs$recorded), policy,
    seed = seed
  ))
  drawn <- musl_pairs(data)
  drawn <- drawn[drawn$label %in% "non_SL", ]
  rbind(
    inputs$measured, inputs$recorded,
    worth(drawn[c("gene_a", "gene_b")], "recorded", "non_SL", measured = FALSE)
  )
}
