# The parts of bench/design.R: rules that choose queries, and what they find.

# ---- The replay ----

replay <- function(inputs, settings, budget) {
  screen <- genome_rows(inputs)
  hits <- query_hits(screen)
  rules <- simple_rules(inputs, names(hits))
  orders <- lapply(rules, first_of, budget = length(hits))
  designs <- lapply(settings$seeds, function(seed) {
    chosen_by_design(
      fit_apart(inputs, screen, seed, settings), screen, rules, settings
    )
  })
  found <- rbind(
    t(vapply(orders, shares_found, numeric(4), hits, budget)),
    over_seeds(designs, function(x) shares_found(x, hits, budget)),
    `at random` = counts_of(budget, hits) / length(hits),
    oracle = shares_found(first_of(hits, length(hits)), hits, budget)
  )
  way <- (found[, 2] - found["at random", 2]) /
    (found["oracle", 2] - found["at random", 2])
  cat(sprintf(
    "\n%d queries, %d hits; sd of %d queries at random %.3f\n",
    length(hits), sum(hits), budget, random_sd(hits, budget)
  ))
  print_table(
    cbind(found, `of the way to the oracle` = way),
    "Share of all hits in the queries chosen, by their number", 3, "rule"
  )
  report_difference(orders, designs, hits, budget)
  invisible(found)
}

# A model that saw nothing of the screen.
fit_apart <- function(inputs, screen, seed, settings) {
  kept(settings, paste0("transfer-fit-", seed), fit_without(
    inputs, pair_names(screen), inputs$measured$study != inputs$genome_scale,
    seed, settings
  ))
}

# Numbers of queries that the table shows.
counts_of <- function(budget, hits) {
  n <- pmin(length(hits), round(budget * c(2 / 3, 1, 4 / 3, 2)))
  stats::setNames(n, n)
}

shares_found <- function(order, hits, budget) {
  vapply(counts_of(budget, hits), function(n) {
    sum(hits[utils::head(order, n)]) / sum(hits)
  }, 0)
}

# Mean over seeds of what `how` makes of each order; a row each.
over_seeds <- function(designs, how) {
  each <- lapply(designs, function(orders) t(vapply(orders, how, numeric(4))))
  Reduce(`+`, each) / length(each)
}

# Differences to the best simple rule, queries drawn with replacement: each
# order is walked until as many draws are reached as are chosen.
report_difference <- function(orders, designs, hits, budget, n_draws = 1000L) {
  simple <- vapply(orders, function(x) shares_found(x, hits, budget)[[2]], 0)
  best <- names(which.max(simple))
  walk <- function(order, times) {
    before <- cumsum(c(0, times[order]))[seq_along(order)]
    taken <- pmax(0, pmin(times[order], budget - before))
    sum(taken * hits[order]) / sum(times * hits[names(times)])
  }
  draws <- withr::with_seed(1, replicate(n_draws, {
    times <- gene_draw(names(hits))
    base <- walk(orders[[best]], times)
    vapply(names(designs[[1]]), function(name) {
      mean(vapply(designs, function(x) walk(x[[name]], times), 0)) - base
    }, 0)
  }))
  out <- t(apply(draws, 1, function(x) {
    c(mean = mean(x), stats::quantile(x, c(.025, .975)), above = mean(x > 0))
  }))
  print_table(out, paste0(
    budget, " queries: share less that of \"", best,
    "\", queries drawn with replacement"
  ), 3, "rule")
}

query_hits <- function(screen) {
  n <- tapply(screen$label == "SL", screen$query, sum)
  stats::setNames(as.vector(n), names(n))
}

# Of the share that as many queries find at random.
random_sd <- function(hits, budget) {
  withr::with_seed(1, stats::sd(replicate(2000, {
    sum(sample(hits, budget)) / sum(hits)
  })))
}

# Names of the first, ties by name.
first_of <- function(value, budget) {
  names(value)[utils::head(order(-value, names(value)), budget)]
}

# Named numbers of genes, the first to be chosen the highest; missing ones stand
# in the middle.
simple_rules <- function(inputs, genes) {
  data <- inputs$make(inputs$measured[1:2, ])
  table <- data@evidence$genes
  column <- function(name) {
    x <- table[[name]][match(genes, table$gene)] %||%
      rep(NA_real_, length(genes))
    as.numeric(x)
  }
  network <- as.list(data)$network
  degree <- igraph::degree(network)[genes]
  recorded <- table(c(inputs$recorded$gene_a, inputs$recorded$gene_b))
  zero <- function(x) ifelse(is.na(x), 0, x)
  rules <- list(
    `lowest fitness, rich medium` = -column("fitness_rich"),
    `lowest fitness, minimal medium` = -column("fitness_minimal"),
    `most dependent lines` = column("depmap_fraction_dependent"),
    `highest expression` = column("hap1_log2tpm"),
    `highest PPI degree` = zero(as.numeric(degree)),
    `highest SL degree` = zero(as.numeric(recorded[genes]))
  )
  there <- vapply(rules, function(x) any(!is.na(x)), NA)
  lapply(rules[there], function(x) {
    stats::setNames(ifelse(is.na(x), stats::median(x, na.rm = TRUE), x), genes)
  })
}

# All queries in the order of their choice, by musl_design() in several ways.
chosen_by_design <- function(fit, screen, rules, settings) {
  queries <- sort(unique(screen$query), method = "radix")
  library <- unique(screen$gene_b)
  choose <- function(...) {
    design <- quietly(musl_design(fit, length(queries), queries, ...,
      library = library, threads = settings$threads
    ))
    stopifnot(sum(design$n_known) == 0)
    design$anchor
  }
  fitness <- rules[["lowest fitness, rich medium"]]
  slow <- if (!is.null(fitness)) {
    stats::setNames(2 * rank(fitness) / (length(fitness) + 1), names(fitness))
  }
  out <- list(
    `musl_design()` = choose(),
    `musl_design(), diversity 0` = choose(diversity = 0),
    `musl_design(), diversity 0.3` = choose(diversity = 0.3),
    `musl_design(), diversity 3` = choose(diversity = 3),
    `musl_design(), boosting alone` = choose(scorers = "boosting"),
    `musl_design(), linear alone` = choose(scorers = "linear")
  )
  if (!is.null(slow)) {
    out$`musl_design(), rates by slow growth` <- choose(rates = slow)
    out$`musl_design(), their squares` <- choose(rates = slow^2)
  }
  out
}

# ---- Genes of library screens ----

# A gene's share of hits among its pairs, by rules that know nothing of its
# study: means of the first 13.5 % over that of all genes.
report_studies <- function(inputs, settings) {
  rows <- library_rows(inputs)
  settings$seeds <- settings$seeds[[1]]
  runs <- study_runs(inputs, settings)
  each <- lapply(library_studies(inputs), function(study) {
    at <- rows$study == study
    study_lifts(inputs, rows[at, ], runs[[1]][at, , drop = FALSE])
  })
  names(each) <- library_studies(inputs)
  each <- Filter(Negate(is.null), each)
  out <- do.call(cbind, each)
  out <- cbind(out, mean = rowMeans(out))
  print_table(
    out, "Hit rate of genes chosen in studies left out, over the mean rate", 2,
    "rule"
  )
}

# NULL with fewer than 20 genes of at least five pairs.
study_lifts <- function(inputs, rows, scores, least = 5, least_genes = 20) {
  ends <- c(rows$gene_a, rows$gene_b)
  of_gene <- function(x) tapply(rep(x, 2), ends, mean, na.rm = TRUE)
  rate <- of_gene(rows$label == "SL")
  rate <- rate[table(ends)[names(rate)] >= least]
  if (length(rate) < least_genes || all(rate == 0)) {
    return(NULL)
  }
  genes <- names(rate)
  members <- c(
    "probability", "score", "linear", "boosting", "relation", "recorded"
  )
  rules <- lapply(set_names(intersect(members, colnames(scores))), function(m) {
    x <- of_gene(scores[, m])[genes]
    stats::setNames(ifelse(is.na(x), min(x, na.rm = TRUE), x), genes)
  })
  simple <- simple_rules(inputs, genes)
  n <- ceiling(0.135 * length(genes))
  vapply(c(rules, simple), function(rule) {
    mean(rate[first_of(rule, n)]) / mean(rate)
  }, 0)
}

# ---- Smoke ----

# As simulated_screens(), of a simulation whose queries differ.
smoke_inputs <- function() {
  data <- musl_simulate("small", seed = 1, screens = TRUE)
  pairs <- as.data.frame(musl_pairs(data))
  pairs <- pairs[!is.na(pairs$label), ]
  asked <- !is.na(pairs$query)
  turned <- asked & pairs$gene_b == pairs$query
  pairs[turned, c("gene_a", "gene_b")] <- pairs[turned, c("gene_b", "gene_a")]
  list(
    make = maker_of(data),
    measured = pairs[pairs$measured, ],
    recorded = pairs[!pairs$measured & pairs$label == "SL", ],
    genome_scale = unique(pairs$study[asked])
  )
}

# Simulated queries differ by what the model reads.
check_smoke <- function(found) {
  best <- found["musl_design(), diversity 0", 2]
  stopifnot(
    best > found["at random", 2], all(found[, 2] <= found["oracle", 2])
  )
  cat("\nSmoke run passed.\n")
}
