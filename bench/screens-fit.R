# Scores of pairs that a model did not learn from, kept in the directory, and
# scorers that learn nothing.

pair_names <- function(pairs) {
  paste(pmin(pairs[[1]], pairs[[2]]), pmax(pairs[[1]], pairs[[2]]))
}

asked_pairs <- function(x) data.frame(gene_a = x[[1]], gene_b = x[[2]])

# A model of all measured rows of `keep` and the recorded pairs, but those named
# `held`.
fit_without <- function(inputs, held, keep, seed, settings) {
  pairs <- rbind(inputs$measured[keep, ], inputs$recorded)
  pairs <- pairs[!pair_names(pairs) %in% held, ]
  fit_pairs(inputs, pairs, seed, settings)
}

fit_pairs <- function(inputs, pairs, seed, settings) {
  data <- inputs$make(pairs)
  quietly(musl_fit(data,
    control = musl_control(seed = seed, threads = settings$threads),
    progress = FALSE
  ))
}

# One column for the whole, each member and the probability.
member_scores <- function(fit, pairs, ...) {
  p <- quietly(
    stats::predict(fit, asked_pairs(pairs), type = "parts", ...)
  )
  members <- p[startsWith(names(p), ".scorer_")]
  names(members) <- sub("^.scorer_", "", names(members))
  cbind(
    score = p$.score, `list order` = p$.list_order, as.matrix(members),
    probability = p$.pred_SL
  )
}

# Scores of the rows of `test` by a model without them; `measured_in` adds those
# with the partner's rate there.
held_scores <- function(inputs, test, keep, seed, settings, name,
                        measured_in = NULL) {
  kept(settings, paste(c(name, seed), collapse = "-"), {
    fit <- fit_without(inputs, pair_names(test), keep, seed, settings)
    plain <- member_scores(fit, test)
    if (!is.null(measured_in)) {
      rated <- member_scores(fit, test, measured_in = measured_in)
      plain <- cbind(plain,
        `score + partner's rate` = rated[, "score"],
        `list order + rate` = rated[, "list order"],
        `partner's rate` = rated[, "score"] - plain[, "score"]
      )
    }
    plain
  })
}

# Scores of `rows` by random forests of the pairs' evidence, once a seed; but
# the forest is that of the first seed, as it takes longer than all members. The
# forest that scores a part learns from the measured rows `keep(part)` but for
# its pairs: all hits, and four non-hits drawn for each.
held_forests <- function(inputs, rows, part, keep, settings) {
  if (!settings$forest) {
    return(rep(list(NULL), length(settings$seeds)))
  }
  seed <- settings$seeds[[1]]
  out <- numeric(nrow(rows))
  for (one in unique(part)) {
    at <- which(part == one)
    name <- paste(c("forest", one, seed), collapse = "-")
    out[at] <- kept(settings, name, {
      held_forest(inputs, rows[at, ], keep(one), seed, settings)
    })
  }
  rep(list(out), length(settings$seeds))
}

held_forest <- function(inputs, test, keep, seed, settings) {
  learn <- inputs$measured[keep, ]
  learn <- learn[!pair_names(learn) %in% pair_names(test), ]
  is_hit <- learn$label == "SL"
  n <- min(sum(!is_hit), 4 * sum(is_hit))
  drawn <- withr::with_seed(seed, sample(which(!is_hit), n))
  learn <- learn[sort(c(which(is_hit), drawn)), ]
  evidence <- pair_columns(inputs, rbind(learn, test), settings)
  at <- seq_len(nrow(learn))
  forest_scores(
    evidence[at, ], as.numeric(learn$label == "SL"), evidence[-at, ], seed,
    settings$threads
  )
}

# Evidence of pairs, which tells of no measured pair.
pair_columns <- function(inputs, pairs, settings) {
  x <- musl_pair_features(
    inputs$make(inputs$measured[1:2, ]), asked_pairs(pairs),
    threads = settings$threads
  )
  x[setdiff(names(x), c("gene_a", "gene_b"))]
}

# Scorers without learning.
simple_scores <- function(inputs, pairs, settings, name) {
  kept(settings, paste0("simple-", name), {
    x <- pair_columns(inputs, pairs, settings)
    n <- nrow(x)
    expressed <- low(x$percentile_mean_min)
    cohort <- low(x[[paste0("mean:", screen_cohorts[[1]], "_min")]], n)
    network <- low(x$adamic_adar)
    cbind(
      adamic_adar = network, lower_expression = expressed,
      lower_expression_crc = cohort,
      both_ranks = rank(network) + rank(expressed),
      both_ranks_crc = rank(network) + rank(cohort),
      lower_dependency = low(x[["depmap_fraction_dependent_min"]], n),
      sl_degree = sl_degree(inputs, pairs)
    )
  })
}

sl_degree <- function(inputs, pairs) {
  degree <- table(c(inputs$recorded$gene_a, inputs$recorded$gene_b))
  of <- function(gene) {
    d <- as.numeric(degree[gene])
    log1p(ifelse(is.na(d), 0, d))
  }
  of(pairs[[1]]) + of(pairs[[2]])
}

# Members in a model's scores: not the probability, which orders as they do.
scorers <- function(scores) {
  scores[, setdiff(colnames(scores), "probability"), drop = FALSE]
}

print_table <- function(x, title, digits = 3, first = "scorer") {
  cat("\n", title, "\n\n", sep = "")
  x <- data.frame(rownames(x), round(x, digits), check.names = FALSE)
  names(x)[[1]] <- first
  cat(knitr::kable(x, row.names = FALSE, format = "pipe"), sep = "\n")
}
