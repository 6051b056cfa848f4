# The parts of bench/design.R: rules that choose queries, and what they find.

# ---- The replay ----

replay <- function(inputs, settings, budget) {
  screen <- genome_rows(inputs)
  hits <- query_hits(screen)
  rules <- simple_rules(inputs, names(hits))
  orders <- lapply(rules, first_of, budget = length(hits))
  designs <- lapply(settings$seeds, function(seed) {
    chosen_by_design(
      fit_apart(inputs, screen, seed, settings), screen, settings
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
  cat(sprintf("\n%d queries, %d hits\n", length(hits), sum(hits)))
  print_table(
    cbind(found, `of the way to the oracle` = way),
    "Share of all hits in the queries chosen, by their number", 3, "rule"
  )
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

query_hits <- function(screen) {
  n <- tapply(screen$label == "SL", screen$query, sum)
  stats::setNames(as.vector(n), names(n))
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

# All queries in the order of their choice.
chosen_by_design <- function(fit, screen, settings) {
  queries <- sort(unique(screen$query), method = "radix")
  choose <- function(...) {
    design <- quietly(musl_design(fit, length(queries), queries, ...,
      library = unique(screen$gene_b), threads = settings$threads
    ))
    stopifnot(sum(design$n_known) == 0)
    design$anchor
  }
  list(
    `musl_design()` = choose(),
    `musl_design(), diversity 0` = choose(diversity = 0)
  )
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
