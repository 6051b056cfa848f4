# Binary labels by profiles of labels: nodes that share partners.

# Pairs of six groups interact as a random table of groups says; features tell
# nothing.
group_world <- function(n = 90, n_pairs = 1500) {
  withr::with_seed(5, {
    names <- sprintf("n%02d", seq_len(n))
    group <- sample(rep_len(1:6, n))
    says <- matrix(stats::runif(36) < 0.5, 6)
    says[upper.tri(says)] <- t(says)[upper.tri(says)]
    pairs <- t(utils::combn(n, 2))
    pairs <- pairs[sample(nrow(pairs), n_pairs), ]
    label <- says[cbind(group[pairs[, 1]], group[pairs[, 2]])]
    part <- rep_len(c("train", "train", "train", "validation", "test"), n_pairs)
    list(
      nodes = matrix(stats::rnorm(n), n, dimnames = list(names, NULL)),
      pairs = tibble::tibble(
        from = names[pairs[, 1]], to = names[pairs[, 2]],
        label = as.integer(label), split = part
      )
    )
  })
}

# The definition in whole matrices, of pairs without a known label.
plain_profiles <- function(known, pairs, names, power) {
  here <- function(x) cbind(match(x$from, names), match(x$to, names))
  at <- here(known)
  both <- rbind(at, at[, 2:1])
  value <- there <- matrix(0, length(names), length(names))
  there[both] <- 1
  value[both] <- known$label - mean(known$label)
  effect <- rowSums(value) / (rowSums(there) + 3)
  usual <- outer(effect, effect, "+")
  unit <- value / pmax(sqrt(rowSums(value^2)), 1e-9)
  alike <- pmax(tcrossprod(unit), 0)^power
  diag(alike) <- 0
  found <- (alike %*% ((value - usual) * there)) / (alike %*% there + 0.1)
  score <- mean(known$label) + usual + (found + t(found)) / 2
  pmin(pmax(score[here(pairs)], 0), 1)
}

test_that("labels of alike nodes are heard, and judged as their definition", {
  skip_without_backend()
  d <- group_world()
  fit <- fit_quick(d)
  part <- function(name) d$pairs[d$pairs$split == name, ]
  test <- part("test")
  found <- musl_metrics(fit, test)
  auroc <- found[found$part == "all" & found$.metric == "macro_auroc", ]
  auroc <- stats::setNames(auroc$.estimate, auroc$scorer)
  rank_auroc <- function(score, label) {
    rank <- rank(score)
    n <- sum(label)
    (sum(rank[label == 1]) - n * (n + 1) / 2) / (n * sum(label == 0))
  }
  plain <- function(pairs, power) {
    rank_auroc(
      plain_profiles(part("train"), pairs, rownames(d$nodes), power),
      pairs$label
    )
  }
  powers <- c(1, 2, 4, 8)
  best <- which.max(vapply(powers, plain, 0, pairs = part("validation")))
  expect_equal(auroc[["label profile"]], plain(test, powers[[best]]),
    tolerance = 1e-6
  )
  expect_gt(auroc[["label profile"]], 0.9)
  expect_lt(auroc[["structure"]], 0.7)
  expect_gt(auroc[["MuSL"]], auroc[["label profile"]] - 0.02)
  # A file keeps them, to the same bits.
  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(fit, file)
  again <- musl_load(file)
  expect_identical(predict(again, test), predict(fit, test))
  expect_identical(predict(fit, test, threads = 2), predict(fit, test))
  expect_identical(musl_metrics(again, test), found)
})

test_that("several labels have profiles, affinities have none", {
  skip_without_backend()
  expected <- c(multilabel = TRUE, affinity = FALSE)
  for (task in names(expected)) {
    d <- small_world(task = task)
    found <- suppressWarnings(
      musl_metrics(fit_quick(d, task = task), d$pairs[1:20, ]),
      classes = "musl_warning_leakage"
    )
    expect_identical("label profile" %in% found$scorer, expected[[task]])
  }
})
