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
