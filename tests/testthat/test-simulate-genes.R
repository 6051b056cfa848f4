# What the pages of the simulators and their comments state, by its definition.

test_that("groups of genes are of one size, and as many as genes allow", {
  n_groups <- function(n) {
    genes <- withr::with_seed(1, simulate_genes(n, 1.5))
    groups <- genes[c("complex", "side", "band", "pathway", "family")]
    for (group in groups) {
      expect_identical(range(group), c(1L, length(unique(group))))
      expect_lte(diff(range(table(group))), 1)
    }
    vapply(groups, max, 1L)
  }
  # Genes of a complex: 125, of a pathway: 50, of a family: 40.
  expect_identical(
    n_groups(2000),
    c(complex = 16L, side = 2L, band = 4L, pathway = 40L, family = 50L)
  )
  # At least two complexes, two pairs of pathways and four families.
  expect_identical(
    n_groups(80),
    c(complex = 2L, side = 2L, band = 4L, pathway = 4L, family = 4L)
  )
})

test_that("genes are named by number, their popularity is Zipf's", {
  genes <- withr::with_seed(1, simulate_genes(100, 2))
  expect_identical(genes$gene[c(1, 100)], c("SIM001", "SIM100"))
  expect_equal(sort(genes$popularity, decreasing = TRUE), (1:100)^-2)
  expect_true(all(withr::with_seed(1, simulate_genes(90, 0))$popularity == 1))
})

test_that("all genes have the same values, in even steps of a power of two", {
  for (n in c(20, 97, 120, 300)) {
    genes <- withr::with_seed(1, simulate_genes(80, 0))
    x <- withr::with_seed(2, simulate_expression(genes, n))$assays[[1]]
    expect_identical(dim(x), c(80L, as.integer(n)))
    values <- sort(unname(x[1, ]))
    expect_true(all(apply(x, 1, function(row) {
      identical(sort(unname(row)), values)
    })))
    expect_identical(mean(values), 6)
    step <- unique(diff(values))
    expect_length(step, 1)
    expect_identical(log2(step), round(log2(step)))
    # They spread over three to six units, whatever their number.
    expect_gte(n * step, 3)
    expect_lt(n * step, 6)
  }
})

test_that("the lowest fifth falls where the gene's side is open", {
  n <- 200
  genes <- withr::with_seed(1, simulate_genes(80, 0))
  x <- withr::with_seed(2, simulate_expression(genes, n))$assays[[1]]
  low <- t(apply(x, 1, rank)) <= n / 5
  one <- genes$complex == 1
  on_side <- function(side) colSums(low[one & genes$side == side, ]) > 0
  expect_false(any(on_side(1) & on_side(2)))
  # Twenty genes with 40 of 100 open samples each leave none out.
  expect_identical(c(sum(on_side(1)), sum(on_side(2))), c(100L, 100L))
})

test_that("distances from the median follow the cycle of the band", {
  n <- 300
  genes <- withr::with_seed(1, simulate_genes(80, 0))
  x <- withr::with_seed(2, simulate_expression(genes, n))$assays[[1]]
  rank <- t(apply(x, 1, rank))
  middle <- rank > 0.2 * n & rank <= 0.8 * n
  pairs <- t(utils::combn(80, 2))
  cor <- apply(pairs, 1, function(p) {
    both <- middle[p[1], ] & middle[p[2], ]
    stats::cor(abs(x[p[1], both] - 6), abs(x[p[2], both] - 6))
  })
  apart <- abs(genes$band[pairs[, 1]] - genes$band[pairs[, 2]])
  # Two saw teeth that are s of a cycle apart have the correlation
  # 1 - 6 s (1 - s), here with s moved by two uniform shifts of at most 1 / 8.
  moved <- function(s) 1 - 6 * (s - s^2 - 2 / 3 / 8^2)
  same <- 1 - 6 * (2 / 3 / 8 - 2 / 3 / 8^2)
  expect_equal(mean(cor[apart == 0]), same, tolerance = 0.05)
  expect_lt(abs(mean(cor[apart %in% c(1, 3)]) - moved(1 / 4)), 0.03)
  expect_lt(abs(mean(cor[apart == 2]) - moved(1 / 2)), 0.03)
})

test_that("parallel pathways share half of their interface", {
  genes <- withr::with_seed(1, simulate_genes(400, 0))
  net <- withr::with_seed(2, simulate_network(genes))
  expect_true(all(net$from < net$to))
  expect_identical(anyDuplicated(paste(net$from, net$to)), 0L)
  expect_gte(min(net$weight), 0.4)
  expect_lte(max(net$weight), 1)
  expect_equal(mean(net$weight), 0.7, tolerance = 0.02)
  expect_identical(net$weight, round(net$weight, 3))

  linked <- matrix(FALSE, 400, 400)
  linked[cbind(net$from, net$to)] <- TRUE
  linked <- linked | t(linked)
  # A gene draws three links to its pathway of 50, six to the interface, and
  # shares one at random with another; a few are drawn twice. Of the latter, an
  # eighth is in its pathway, too.
  expect_gt(length(net$from) / 400, 9)
  expect_lte(length(net$from) / 400, 9.5)
  own <- outer(genes$pathway, genes$pathway, `==`)
  expect_gt(sum(linked & own) / 2 / 400, 3)
  expect_lt(sum(linked & own) / 2 / 400, 3.6)
  # Six of twelve twice: three are common, on average.
  twin <- outer((genes$pathway + 1) %/% 2, (genes$pathway + 1) %/% 2, `==`)
  shared <- linked %*% linked
  parallel <- twin & !own & upper.tri(twin)
  expect_gt(mean(shared[parallel]), 3)
  expect_lt(mean(shared[parallel]), 3.8)
  expect_lt(mean(shared[!twin & upper.tri(twin)]), 1)
})

test_that("embeddings lie around the middle of their family", {
  genes <- withr::with_seed(1, simulate_genes(800, 0))
  x <- withr::with_seed(2, simulate_embeddings(genes, 40))
  expect_identical(dimnames(x), list(genes$gene, NULL))
  middle <- rowsum(x, genes$family) / as.vector(table(genes$family))
  apart <- x - middle[genes$family, ]
  n <- table(genes$family)
  expect_equal(
    sqrt(sum(apart^2) / (40 * sum(n - 1))), 0.6,
    tolerance = 0.02
  )
  # Means of 40 genes vary by 0.6 / sqrt(40) more.
  expect_equal(stats::sd(middle), sqrt(1 + 0.36 / 40), tolerance = 0.1)
})

test_that("a pair has one mechanism or none, each as often", {
  d <- musl_simulate("small", n_pairs = 80, flip = 0.2, seed = 4)
  truth <- musl_truth(d)
  at <- lapply(truth$pairs[c("gene_a", "gene_b")], match, truth$genes$gene)
  of <- function(column) lapply(at, function(i) truth$genes[[column]][i])
  same <- function(column) of(column)[[1]] == of(column)[[2]]
  twin <- lapply(of("pathway"), function(x) ceiling(x / 2))
  holds <- cbind(
    co_loss = same("complex") & !same("side"), band = same("band"),
    pathway = twin[[1]] == twin[[2]] & !same("pathway"),
    paralog = same("family")
  )
  expect_identical(rowSums(holds), as.numeric(truth$pairs$sl))
  expect_identical(
    truth$pairs$mechanism,
    ifelse(truth$pairs$sl, colnames(holds)[max.col(holds)], NA)
  )
  # Of 80, each fourth; of the 16 missed ones, too.
  n <- table(truth$pairs$mechanism, truth$pairs$label)
  expect_true(all(n[, "SL"] == 16))
  expect_true(all(n[, "non_SL"] == 4))
  expect_identical(anyDuplicated(do.call(paste, at)), 0L)
  expect_identical(
    truth$oracle$n_pairs, c(rep(40L, 4), 160L)
  )
})

test_that("recorded pairs are those of popular genes, others are not", {
  d <- musl_simulate("small", flip = 0, zipf = 1.5, seed = 5)
  truth <- musl_truth(d)
  fame <- rowSums(log(vapply(truth$pairs[c("gene_a", "gene_b")], function(x) {
    truth$genes$popularity[match(x, truth$genes$gene)]
  }, numeric(nrow(truth$pairs)))))
  all <- 2 * mean(log(truth$genes$popularity))
  sl <- truth$pairs$label == "SL"
  expect_gt(mean(fame[sl]), all + 1)
  expect_lt(abs(mean(fame[!sl]) - all), 0.3)
})

test_that("draws by fame follow it, the others are uniform", {
  # Four blocks of 250 pairs of kind 3 among as many of other kinds.
  kinds <- rep(list(as.raw(rep(c(3, 0), 250))), 4)
  fame <- function(index) ifelse(index <= 1000, 8, 1)
  drawn <- withr::with_seed(1, draw_pairs(
    kinds, 3L, fame, 50, 200, "band", NULL
  ))
  expect_identical(drawn$recorded, rep(c(TRUE, FALSE), c(50, 200)))
  expect_identical(anyDuplicated(drawn$index), 0L)
  expect_true(all(drawn$index %% 2 == 1))
  # Eight to one, and one to one of 450 and 500 that are left.
  expect_gt(mean(drawn$index[1:50] <= 1000), 0.75)
  expect_lt(abs(mean(drawn$index[-(1:50)] <= 1000) - 0.48), 0.1)
})

test_that("all pairs of a kind can be drawn, and no more", {
  kinds <- list(as.raw(c(2, 2, 1)), as.raw(1), as.raw(rep(2, 8)))
  draw <- function(n_uniform) {
    fame <- function(index) rep(1, length(index))
    withr::with_seed(
      1, draw_pairs(kinds, 2L, fame, 4, n_uniform, "band", NULL)
    )
  }
  expect_setequal(draw(6)$index, c(1:2, 5:12))
  expect_error(draw(7), "11 pairs.*of 10", class = "musl_error_input")
})

test_that("an index names each pair of genes once", {
  pairs <- genes_of_index(1:66, 12)
  expect_equal(rbind(pairs$a, pairs$b), utils::combn(12, 2))
})

test_that("the kinds of pairs do not depend on the blocks", {
  genes <- withr::with_seed(1, simulate_genes(80, 0))
  pairs <- utils::combn(80, 2)
  holds <- pair_mechanisms(genes, pairs[1, ], pairs[2, ])
  only <- apply(holds, 1, function(x) {
    if (sum(x) > 1) 5 else c(which(x), 0)[[1]]
  })
  expect_setequal(only, 0:5)
  for (size in c(7, 1580, 1e4)) {
    expect_identical(unlist(pair_kinds(genes, size)), as.raw(only))
  }
})

test_that("places skip those that are taken", {
  taken <- c(7, 2, 1, 5)
  expect_equal(skip_ranks(6:1, taken), rev(setdiff(1:10, taken)))
  expect_equal(skip_ranks(1:3, numeric()), 1:3)
})
