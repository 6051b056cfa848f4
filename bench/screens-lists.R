# The parts of bench/screens.R that rank all partners of a gene: textbook pairs,
# and the statuses of the first partners of tumour genes.

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
  x <- quietly(musl_pair_features(
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
  print_above(above, n, "Textbook pairs: per cent above the partner")
  simple <- textbook_simple(inputs, settings)
  print_above(simple, n, "Textbook pairs by scorers without learning")
  shown <- c("list order", "score", "relation", "linear", "boosting", "recorded")
  each <- do.call(cbind, lapply(shown, function(scorer) {
    x <- cbind(above[1:n, scorer], above[-(1:n), scorer])
    colnames(x) <- paste(scorer, c("there", "back"))
    x
  }))
  rownames(each) <- paste(inputs$textbook[, 1], inputs$textbook[, 2], sep = "-")
  print_table(each, "Each of them", 2, "pair")
}

print_above <- function(above, n, title) {
  print_table(rbind(
    `median, anchor to partner` = apply(above[1:n, ], 2, stats::median),
    `median, back` = apply(above[-(1:n), ], 2, stats::median),
    `share in the top 1 %` = colMeans(above <= 1)
  ), title, 2, "figure")
}

tumour_genes <- c(
  "ARID1A", "SMARCA4", "STAG2", "BRCA1", "KRAS", "MTAP", "VHL", "RB1", "PTEN",
  "TP53", "WRN", "CDKN2A", "APC", "BRCA2", "CREBBP", "PIK3CA"
)

# Partner lists of one model that learned no textbook pair, in each order.
report_lists <- function(inputs, settings) {
  orders <- set_names(c("combined", "score", "relation"))
  found <- kept(settings, "lists", {
    fit <- textbook_fit(inputs, settings$seeds[[1]], settings)
    t(vapply(orders, order_figures, numeric(5), fit, inputs))
  })
  print_table(found, "Partner lists by order", 3, "order")
}

order_figures <- function(by, fit, inputs) {
  genes <- musl_genes(fit)
  list_of <- function(anchor, n) {
    anchor <- intersect(anchor, genes)
    if (length(anchor) == 0) anchor <- utils::head(genes, 3)
    quietly(musl_partners(fit, anchor, n = n, by = by))
  }
  both <- rbind(inputs$textbook, inputs$textbook[, 2:1])
  both <- both[both[, 1] %in% genes & both[, 2] %in% genes, ]
  rank <- apply(both, 1, function(pair) {
    list <- list_of(pair[[1]], Inf)
    list$rank[list$partner == pair[[2]]]
  })
  first <- list_of(tumour_genes, 20)$status
  c(
    `textbook, median rank` = stats::median(rank),
    `in the first 10` = mean(rank <= 10), `in the first 50` = mean(rank <= 50),
    `lethal alone in the first 20` = mean(first %in% "lethal_alone"),
    `often lethal there` = mean(first %in% "often_lethal")
  )
}
