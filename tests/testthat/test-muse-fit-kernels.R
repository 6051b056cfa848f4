# Affinities of two types are sums of products of the nodes' numbers, which no
# mean of either node tells.
bilinear_world <- function() {
  withr::local_seed(1)
  draw <- function(n, name) {
    matrix(stats::runif(3 * n, -1, 1), n, dimnames = list(paste0(name, 1:n)))
  }
  nodes <- list(draw(25, "drug"), draw(35, "target"))
  pairs <- expand.grid(
    from = rownames(nodes[[1]]), to = rownames(nodes[[2]]),
    stringsAsFactors = FALSE
  )
  pairs$label <- rowSums(
    nodes[[1]][pairs$from, ] * nodes[[2]][pairs$to, ]
  )
  pairs$split <- sample(
    c("train", "validation", "test"), nrow(pairs), TRUE, c(0.6, 0.2, 0.2)
  )
  list(pairs = tibble::as_tibble(pairs), nodes = nodes)
}

fit_affinity <- function(d, ..., threads = 1) {
  once(list("affinity", d, list(...), threads), musl_interactions(
    d$pairs, d$nodes,
    task = "affinity", strategy = "branches", shape = c(width = 8), ...,
    control = musl_control(
      ensemble = 1, epochs = 2, seed = 1, threads = threads, batch_size = 64
    ),
    progress = FALSE
  ))
}

mse_of <- function(found, scorer) {
  found$.estimate[
    found$part == "all" & found$scorer == scorer & found$.metric == "mse"
  ]
}

test_that("kernels find a product of nodes that their means do not tell", {
  skip_without_backend()
  d <- bilinear_world()
  test <- d$pairs[d$pairs$split == "test", ]
  found <- musl_metrics(fit_affinity(d), test)
  expect_identical(
    unique(found$scorer),
    c("MuSL", "structure", "network", "kernels", "node mean")
  )
  expect_lt(mse_of(found, "kernels"), 0.2 * mse_of(found, "node mean"))
  expect_lt(mse_of(found, "MuSL"), 0.2 * mse_of(found, "node mean"))
})

test_that("the prediction weighs kernels as least squares on validation does", {
  skip_without_backend()
  d <- bilinear_world()
  fit <- fit_affinity(d)
  found <- predict(fit, d$pairs)
  # Two epochs leave the networks near the mean: kernels are what is heard.
  # They shrink, and least squares stretches them again.
  slope <- stats::coef(stats::lm(found$.pred ~ found$.pred_kernels))[[2]]
  expect_gt(slope, 0.9)
  expect_gt(stats::cor(found$.pred, found$.pred_kernels), 0.99)
})

test_that("labels of the test part are not read", {
  skip_without_backend()
  d <- bilinear_world()
  other <- d
  is_test <- d$pairs$split == "test"
  other$pairs$label[is_test] <- rev(d$pairs$label[is_test])
  expect_identical(
    predict(fit_affinity(other), d$pairs[1:2]),
    predict(fit_affinity(d), d$pairs[1:2])
  )
})

test_that("new nodes are known by what they are", {
  skip_without_backend()
  d <- bilinear_world()
  is_new <- d$pairs$from == "drug1" | d$pairs$to == "target1"
  d$pairs$split[is_new] <- "test"
  fit <- fit_affinity(d)
  found <- predict(fit, d$pairs[is_new, ])
  expect_identical(sort(unique(found$n_unseen)), 1:2)
  left <- mean((found$.pred_kernels - found$label)^2) / mean(found$label^2)
  expect_lt(left, 0.5)
})

test_that("molecules and sequences have kernels", {
  skip_without_backend()
  d <- bilinear_world()
  withr::local_seed(2)
  chains <- vapply(1:35, function(i) {
    paste(sample(strsplit("ACDEFGHIKLMNPQRSTVWY", "")[[1]], 30, TRUE),
      collapse = ""
    )
  }, "")
  d$nodes <- list(
    musl_nodes(stats::setNames(strrep("C", 1:25), rownames(d$nodes[[1]])),
      "smiles"
    ),
    musl_nodes(stats::setNames(chains, rownames(d$nodes[[2]])), "sequence")
  )
  found <- musl_metrics(fit_affinity(d), d$pairs[d$pairs$split == "test", ])
  # Rows of affinities tell what words do not.
  expect_lt(mse_of(found, "kernels"), 0.5 * mse_of(found, "node mean"))
})
