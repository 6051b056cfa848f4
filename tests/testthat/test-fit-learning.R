# Learning on simulated data with known mechanisms, judged on pairs whose genes
# were both unseen. The shares asked are of what labels allow: the oracle's
# AUROC less one half. longtests/ has further ones.

skip_on_cran()

test_that("the full model learns all four where the SL degree says nothing", {
  skip_without_backend()
  skip_if_not_installed("pROC")
  data <- learning_data()
  fit <- learned_model(data)
  expect_learned(unseen_auroc(fit, data, mechanisms), 0.85)
  scores <- musl_metrics(fit, learning_split(data), fold = 1L)
  degree <- scores$.estimate[
    scores$part == "C3" & scores$scorer == "SL degree" &
      scores$.metric == "auroc"
  ]
  expect_lte(degree, 0.55)
})

# A true pair of unseen genes for each mechanism; bench/explain.R takes 40.
asked_pairs <- function(data) {
  truth <- as.list(data)$truth$pairs
  unseen <- musl_parts(learning_split(data), 1L)$C3
  truth <- truth[pair_keys(truth) %in% pair_keys(unseen), ]
  truth <- truth[!is.na(truth$mechanism), ]
  rows <- withr::with_seed(1, vapply(
    split(seq_len(nrow(truth)), truth$mechanism), sample, 0L, 1L
  ))
  truth[rows, ]
}

explain_asked <- function(fit, data, pairs = asked_pairs(data)) {
  lapply(seq_len(nrow(pairs)), function(i) {
    musl_explain(
      fit, pairs$gene_a[[i]], pairs$gene_b[[i]],
      data = data, nearest = 0
    )
  })
}

sums_by_group <- function(why) {
  groups <- tidy(why, "groups")
  groups <- groups[order(groups$group), ]
  groups$contribution[groups$group != "reference"] |>
    stats::setNames(setdiff(groups$group, "reference"))
}

# Sums by group less their means over each gene with four other unseen ones.
specific_sums <- function(why, fit, data) {
  pair <- glance(why)
  ends <- c(pair$gene_a, pair$gene_b)
  unseen <- setdiff(fit@genes[fit@n_seen == 0], ends)
  others <- withr::with_seed(1, sample(unseen, 4))
  pairs <- data.frame(gene_a = rep(ends, 4), gene_b = rep(others, each = 2))
  usual <- explain_asked(fit, data, pairs)
  sums_by_group(why) - rowMeans(sapply(usual, sums_by_group))
}

test_that("what was planted comes first, and not by random weights", {
  skip_without_backend()
  data <- learning_data()
  fit <- learned_model(data)
  why <- explain_asked(fit, data)
  planted <- c(
    band = "expression", co_loss = "expression", pathway = "network",
    paralog = "embedding"
  )[asked_pairs(data)$mechanism]
  first <- vapply(why, function(x) {
    names(which.max(specific_sums(x, fit, data)))
  }, "")
  # Of 160 pairs it is .95 (bench/RESULTS.md); one of four may be missed.
  expect_gte(mean(first == planted), 0.75)

  # One epoch with next to no step: the weights stay as they were drawn.
  random <- suppress_news(musl_fit(
    data, learning_split(data),
    fold = 1L,
    architecture = musl_architecture(
      encoders = c("histogram", "descriptors", "graph")
    ),
    control = musl_control(
      ensemble = 1L, seed = 2, device = "cpu", epochs = 1L, threads = 1L,
      learning_rate = 1e-8
    ),
    progress = FALSE
  ))
  by_chance <- explain_asked(random, data)
  agreement <- mapply(function(x, y) {
    x <- tidy(x)
    y <- tidy(y)
    at <- match(paste(x$component, x$term), paste(y$component, y$term))
    at[x$component == "reference"] <- NA
    stats::cor(
      x$contribution, y$contribution[at],
      method = "spearman", use = "complete.obs"
    )
  }, why, by_chance)
  expect_lt(abs(mean(agreement)), 0.3)
})
