# The level of probabilities, and from which one on a label is called.

test_that("several labels are called from one threshold", {
  skip_without_backend()
  d <- small_world(task = "multilabel")
  fit <- fit_quick(d, task = "multilabel")
  labels <- c("partner", "same")
  f1 <- function(pairs, scores, threshold) {
    found <- as.matrix(predict(fit, pairs)[paste0(scores, labels)])
    called <- found >= threshold
    truth <- as.matrix(pairs[labels])
    2 * sum(called & truth == 1) / (sum(called) + sum(truth))
  }
  own <- glance(fit)$threshold
  test <- d$pairs[d$pairs$split == "test", ]
  best <- max(vapply(seq(0.01, 1, 0.01), function(threshold) {
    f1(test, ".pred_", threshold)
  }, 1))
  expect_gt(f1(test, ".pred_", own), best - 0.1)
  # Each scorer has a threshold of its own.
  found <- musl_metrics(fit, test)
  found <- found[found$part == "all" & found$.metric == "micro_f1", ]
  told <- stats::setNames(found$.estimate, found$scorer)
  expect_equal(told[["MuSL"]], f1(test, ".pred_", own))
  expect_equal(told[["network"]], f1(
    test, ".pred_network_", interaction_thresholds(fit)[["network"]]
  ))
  expect_output(print(fit), "called from a probability")
  out <- predict(fit, test, type = "class")
  expect_identical(out$.class_same, out$.pred_same >= own)
  expect_identical(
    names(out)[length(out) - 4:0],
    c(".class_partner", ".class_same", "n_unseen", "part", "known")
  )
})

# With two fifths of the noise on features.
with_clear_nodes <- function(d) {
  clear <- cbind(diag(4)[d$truth, ], matrix(0, nrow(d$nodes), 4))
  d$nodes <- clear + 0.4 * (d$nodes - clear)
  d
}

# A fit whose test pairs have new nodes and whose validation part has none.
fit_new_nodes <- function(seed) {
  d <- with_clear_nodes(musl_simulate("interactions",
    n_nodes = 150, n_pairs = 600, task = "multilabel", seed = seed
  ))
  new <- rownames(d$nodes)[1:30]
  is_new <- d$pairs$from %in% new | d$pairs$to %in% new
  d$pairs$split <- ifelse(is_new, "test", "train")
  control <- quick(epochs = 60, patience = 10, batch_size = 256)
  d$fit <- fit_quick(d, task = "multilabel", control = control, width = 32)
  d
}

test_that("probabilities of new nodes do not take the level of known ones", {
  skip_without_backend()
  f1 <- vapply(1:3, function(seed) {
    d <- fit_new_nodes(seed)
    out <- predict(d$fit, d$pairs)
    labels <- c("partner", "same")
    judged <- d$fit$pairs$split == "validation"
    expect_identical(unique(out$part[judged]), "C1")
    share <- mean(as.matrix(d$pairs[d$pairs$split != "test", labels]))
    for (part in c("C1", "C2", "C3")) {
      said <- mean(as.matrix(out[out$part == part, paste0(".pred_", labels)]))
      expect_gt(said, share / 2)
      expect_lt(said, share * 2)
    }
    found <- musl_metrics(d$fit, d$pairs[d$pairs$split == "test", ])
    own <- found[found$.metric == "micro_f1" & found$part == "C2", ]
    own$.estimate[match(c("MuSL", "structure"), own$scorer)]
  }, c(0, 0))
  expect_gt(mean(f1[1, ]), mean(f1[2, ]) - 0.05)
})

test_that("probabilities of one label of new nodes tell more than its share", {
  skip_without_backend()
  log_loss <- function(p, y) -mean(log(ifelse(y == 1, p, 1 - p)))
  d <- with_clear_nodes(musl_simulate("interactions",
    n_nodes = 150, n_pairs = 600, seed = 1
  ))
  new <- rownames(d$nodes)[1:40]
  is_new <- d$pairs$from %in% new | d$pairs$to %in% new
  d$pairs$split <- ifelse(is_new, "test", "train")
  control <- quick(epochs = 60, patience = 10, batch_size = 256)
  fit <- fit_quick(d, control = control, width = 32)
  out <- predict(fit, d$pairs[is_new, ])
  expect_setequal(out$part, c("C2", "C3"))
  share <- mean(out$label)
  usual <- log_loss(share, out$label)
  expect_lt(log_loss(out$.pred_1, out$label), 0.9 * usual)
  for (part in c("C2", "C3")) {
    own <- out[out$part == part, ]
    expect_lt(abs(mean(own$.pred_1) - mean(own$label)), 0.15)
  }
  # No pair of the validation part has a new node: all scales count alike.
  scales <- c(".pred_structure", ".pred_network", ".pred_kernels")
  odds <- stats::qlogis(as.matrix(out[scales]))
  expect_gt(stats::cor(rowMeans(odds), stats::qlogis(out$.pred_1)), 0.9)
})

test_that("a drawn validation part has both classes of rare labels", {
  label <- rep(0:1, c(97, 3))
  for (seed in 1:20) {
    split <- interaction_split(NULL, 100, seed, label)
    expect_identical(sum(split == "validation"), 10L)
    expect_identical(sort(unique(label[split == "validation"])), 0:1)
    expect_identical(sort(unique(label[split == "train"])), 0:1)
    lone <- interaction_split(NULL, 50, seed, c(1, rep(0, 49)))
    expect_identical(lone[[1]], "train")
  }
  # Draws with both stay as they were before.
  balanced <- rep(0:1, 50)
  expect_identical(
    interaction_split(NULL, 100, 1, balanced),
    interaction_split(NULL, 100, 1)
  )
})

test_that("validation labels of one class leave the level of training", {
  skip_without_backend()
  d <- musl_simulate("interactions", n_nodes = 100, n_pairs = 1000, seed = 3)
  keep <- withr::with_seed(1, d$pairs$label == 0 | stats::runif(1000) < 0.06)
  d$pairs <- d$pairs[keep, ]
  d$pairs$split <- "train"
  d$pairs$split[which(d$pairs$label == 0)[1:72]] <- "validation"
  control <- quick(epochs = 8, seed = 4)
  expect_warning(
    fit <- fit_quick(d, control = control), "one class only",
    class = "musl_warning_calibration"
  )
  out <- predict(fit, d$pairs, type = "class")
  expect_lt(mean(out$.pred_1), 0.1)
  expect_lt(mean(out$.pred_kernels), 0.1)
  expect_lt(mean(out$.class_1), 0.1)
})

test_that("one label is called from one half on, an affinity never", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  expect_identical(glance(fit)$threshold, 0.5)
  out <- predict(fit, d$pairs, type = "class")
  expect_identical(out$.class_1, out$.pred_1 >= 0.5)
  d <- small_world(task = "affinity")
  fit <- fit_quick(d, task = "affinity")
  expect_identical(glance(fit)$threshold, NA_real_)
  expect_input_error(predict(fit, d$pairs, type = "class"), "no classes")
})
