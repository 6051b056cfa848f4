# The imbalance that training the scales apart, and "em", are made for.

# Nodes of four communities, of which 1 and 2, and 3 and 4, are partners. Few
# features tell the community at once; the network, dense within communities,
# tells it better, but only after messages have passed.
greedy_world <- function(seed, n = 200) {
  withr::local_seed(seed)
  community <- sample(4, n, replace = TRUE)
  names <- paste0("n", seq_len(n))
  features <- cbind(outer(community, 1:4, "=="), matrix(0, n, 12))
  features <- features + stats::rnorm(length(features), sd = 0.4)
  rownames(features) <- names
  all <- t(utils::combn(n, 2))
  of <- matrix(community[all], ncol = 2)
  share <- ifelse(of[, 1] == of[, 2], 12, 1)
  linked <- stats::runif(nrow(all)) < share / sum(share) * 6 * n
  network <- igraph::graph_from_edgelist(
    matrix(names[all[linked, ]], ncol = 2), directed = FALSE
  )
  network <- igraph::add_vertices(
    network, n - igraph::vcount(network),
    name = setdiff(names, igraph::V(network)$name)
  )
  is_partner <- (of[, 1] - 1) %/% 2 == (of[, 2] - 1) %/% 2 & of[, 1] != of[, 2]
  by_label <- split(seq_along(is_partner), is_partner)
  drawn <- sample(unlist(lapply(by_label, sample, 750)))
  pairs <- tibble::tibble(
    from = names[all[drawn, 1]], to = names[all[drawn, 2]],
    label = as.integer(xor(is_partner[drawn], stats::runif(1500) < 0.1)),
    split = rep(c("train", "validation", "test"), c(600, 100, 800))
  )
  list(pairs = pairs, nodes = features, network = network)
}

test_that("trained together, the faster scale keeps the other from learning", {
  skip_without_backend()
  d <- greedy_world(1)
  test <- d$pairs[d$pairs$split == "test", ]
  auroc <- function(strategy) {
    fit <- musl_interactions(
      d$pairs, d$nodes, d$network,
      strategy = strategy, em = list(iterations = 1), shape = c(width = 32),
      progress = FALSE,
      control = quick(epochs = 40, patience = 12, learning_rate = 3e-3)
    )
    found <- musl_metrics(fit, test)
    found <- found[found$part == "all" & found$.metric == "macro_auroc", ]
    set_names(found$.estimate, found$scorer)
  }
  joint <- auroc("joint")
  em <- auroc("em")
  expect_gt(em[["network"]], joint[["network"]] + 0.1)
  expect_gt(em[["structure"]], joint[["structure"]] - 0.02)
  expect_gt(em[["MuSL"]], joint[["MuSL"]] + 0.03)
})
