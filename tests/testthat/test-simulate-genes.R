# What the pages of the simulators and their comments state, by its definition.

test_that("all genes have the same values, in even steps of a power of two", {
  for (n in c(20, 97, 120, 300)) {
    genes <- withr::with_seed(1, simulate_genes(80L))
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

test_that("a pair has one mechanism or none, each as often", {
  d <- musl_simulate("small", n_pairs = 80, flip = 0.2, seed = 4)
  truth <- as.list(d)$truth
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
  expect_identical(truth$oracle$n_pairs, c(rep(40L, 4), 160L))
})

test_that("recorded pairs are those of popular genes, others are not", {
  d <- musl_simulate("small", flip = 0, seed = 5)
  truth <- as.list(d)$truth
  fame <- rowSums(log(vapply(truth$pairs[c("gene_a", "gene_b")], function(x) {
    truth$genes$popularity[match(x, truth$genes$gene)]
  }, numeric(nrow(truth$pairs)))))
  all <- 2 * mean(log(truth$genes$popularity))
  sl <- truth$pairs$label == "SL"
  expect_gt(mean(fame[sl]), all + 1)
  expect_lt(abs(mean(fame[!sl]) - all), 0.3)
})
