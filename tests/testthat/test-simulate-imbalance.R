# Scenario "imbalance": what either scale tells is held against the truth by
# plain R.
imbalance <- function(...) musl_simulate("imbalance", ..., seed = 3)

test_auroc <- function(score, label) {
  above <- outer(score[label], score[!label], ">")
  ties <- outer(score[label], score[!label], "==")
  mean(above + ties / 2)
}

correlations <- function(data, pairs) {
  x <- data@sources$simulated$assays[[1]]
  vapply(seq_len(nrow(pairs)), function(i) {
    stats::cor(x[pairs$gene_a[[i]], ], x[pairs$gene_b[[i]], ])
  }, 1)
}

test_that("the parts have their sizes, each half SL and no pair twice", {
  d <- imbalance(n_pairs = 60)
  pairs <- musl_truth(d)$pairs
  expect_identical(
    c(table(pairs$part, pairs$label)[, "SL"]),
    c(test = 1000L, train = 60L, unlabelled = 1500L, validation = 50L)
  )
  expect_identical(
    table(pairs$part, pairs$label)[, "SL"],
    table(pairs$part, pairs$label)[, "non_SL"]
  )
  key <- paste(
    pmin(pairs$gene_a, pairs$gene_b), pmax(pairs$gene_a, pairs$gene_b)
  )
  expect_identical(anyDuplicated(key), 0L)
  expect_identical(nrow(musl_pairs(d)), sum(pairs$part != "unlabelled"))
  expect_identical(imbalance(), imbalance())
  expect_error(
    musl_simulate("imbalance", n_genes = 80, n_pairs = 900),
    class = "musl_error_input"
  )
})

test_that("a pair is SL if its genes are of partner communities", {
  truth <- musl_truth(imbalance())
  community <- rlang::set_names(truth$genes$community, truth$genes$gene)
  met <- paste0(
    pmin(community[truth$pairs$gene_a], community[truth$pairs$gene_b]),
    pmax(community[truth$pairs$gene_a], community[truth$pairs$gene_b])
  )
  expect_identical(truth$pairs$sl, met %in% c("12", "34"))
  expect_identical(truth$pairs$label == "SL", truth$pairs$sl)
  expect_equal(mean(truth$genes$expressed != truth$genes$community), 0.12)
  expect_equal(mean(truth$genes$wired != truth$genes$community), 0.08)
})

test_that("either scale tells most of the truth, and neither all", {
  d <- imbalance()
  test <- musl_truth(d)$pairs
  test <- test[test$part == "test", ]
  cor <- correlations(d, test)
  # Correlations three standard errors apart or more, but for the 23 % of the
  # pairs with a gene that is taken for another's: half of these at random.
  expect_gt(test_auroc(-cor, test$sl), 0.83)
  expect_lt(test_auroc(-cor, test$sl), 0.92)
  wired <- musl_truth(d)$genes$wired
  names(wired) <- musl_truth(d)$genes$gene
  partner <- c(2, 1, 4, 3)[wired[test$gene_a]] == wired[test$gene_b]
  expect_gt(test_auroc(partner, test$sl), 0.88)
  expect_lt(test_auroc(partner, test$sl), 0.95)
  # Apart, they miss other pairs: both together know more.
  both <- scale(-cor)[, 1] + 2 * partner
  expect_gt(test_auroc(both, test$sl), test_auroc(partner, test$sl) + 0.02)
})

test_that("a gene's own values tell nothing of its community", {
  x <- imbalance()@sources$simulated$assays[[1]]
  expect_equal(t(apply(x, 1, sort)), t(replicate(400, sort(x[1, ]))),
    ignore_attr = TRUE
  )
})

test_that("edges are twenty times as likely within a community", {
  d <- imbalance()
  wired <- musl_truth(d)$genes$wired
  within <- wired[d@network$from] == wired[d@network$to]
  expect_equal(2 * length(within) / 400, 12, tolerance = 0.1)
  all <- utils::combn(400, 2)
  possible <- mean(wired[all[1, ]] == wired[all[2, ]])
  odds <- mean(within) / mean(!within) * (1 - possible) / possible
  expect_equal(odds, 20, tolerance = 0.2)
})

test_that("noise silences one scale and leaves the other", {
  test <- function(d) {
    pairs <- musl_truth(d)$pairs
    pairs[pairs$part == "test", ]
  }
  deaf <- imbalance(noise = "pair")
  cor <- correlations(deaf, test(deaf))
  expect_equal(test_auroc(-cor, test(deaf)$sl), 0.5, tolerance = 0.1)
  cut <- imbalance(noise = "network")
  expect_gt(test_auroc(-correlations(cut, test(cut)), test(cut)$sl), 0.83)
  community <- musl_truth(cut)$genes$community
  within <- community[cut@network$from] == community[cut@network$to]
  expect_equal(mean(within), 0.25, tolerance = 0.15)
  expect_error(imbalance(noise = "both"), class = "musl_error_input")
})

test_that("edges of the community network weigh 1, twenty times within", {
  community <- rep(1:4, each = 50)
  net <- withr::with_seed(1, simulate_community_network(community))
  expect_identical(unique(net$weight), 1)
  expect_true(all(net$from < net$to))
  within <- community[net$from] == community[net$to]
  pairs <- c(4 * choose(50, 2), 6 * 50^2)
  rates <- c(sum(within), sum(!within)) / pairs
  # 1,200 edges in all, of which the 150 or so between communities vary by 8 %.
  expect_lt(abs(length(within) / 1200 - 1), 0.1)
  expect_lt(abs(rates[[1]] / rates[[2]] / 20 - 1), 0.25)
})
