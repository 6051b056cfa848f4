# Simulated screens and interactions, by what their pages and comments state.

traits_of <- function(n, seed = 1) {
  withr::with_seed(seed, simulate_traits(simulate_genes(n, 0)))
}

test_that("causes of hits have their rates, effects their range", {
  traits <- traits_of(900)
  pairs <- t(utils::combn(900, 2))
  rows <- tibble::tibble(
    gene_a = traits$gene[pairs[, 1]], gene_b = traits$gene[pairs[, 2]]
  )
  truth <- withr::with_seed(1, true_interactions(rows, traits))
  both <- function(column) {
    x <- traits[[column]]
    (x[pairs[, 1]] == x[pairs[, 2]]) %in% TRUE
  }
  paralog <- both("duo")
  expect_identical(truth$cause %in% "paralog", paralog)
  complex <- both("complex") & !paralog
  expect_lt(abs(mean(truth$cause[complex] %in% "complex") - 1 / 3), 0.04)
  needed <- traits$needed[pairs[, 1]] | traits$needed[pairs[, 2]]
  other <- !paralog & !complex
  # Of 145,000 and 260,000 pairs.
  expect_lt(abs(mean(truth$sl[other & needed]) / 0.02 - 1), 0.1)
  expect_lt(abs(mean(truth$sl[other & !needed]) / 0.003 - 1), 0.2)
  expect_true(all(truth$cause[other & truth$sl] == "gene"))
  expect_identical(truth$sl, !is.na(truth$cause))
  expect_true(all(truth$effect[!truth$sl] == 0))
  range <- range(truth$effect[truth$sl])
  expect_equal(range, c(-3.2, -1.2), tolerance = 0.01)
  # A pair's draw does not depend on who measures it.
  twice <- rbind(rows[1:5000, ], rows[1:5000, ])
  twice <- withr::with_seed(2, true_interactions(twice, traits))
  expect_identical(twice[1:5000, ], twice[5001:10000, ])
})

test_that("a library has paralogs, pairs of complexes and random ones", {
  traits <- traits_of(240)
  parts <- withr::with_seed(1, simulate_libraries(traits))
  expect_identical(
    lapply(parts, function(x) c(x$source[[1]], x$context[[1]])),
    list(
      c("library_A", "line_1"), c("library_A", "line_2"),
      c("library_B", "line_3")
    )
  )
  key <- lapply(parts, pair_keys)
  expect_identical(key[[1]], key[[2]])
  expect_identical(anyDuplicated(key[[1]]), 0L)
  paralogs <- pairs_within(traits$duo)
  complex <- pairs_within(traits$complex)
  expect_identical(dim(paralogs), c(30L, 2L))
  expect_identical(dim(complex), c(600L, 2L))
  keys_of <- function(x) pair_key(traits$gene[x[, 1]], traits$gene[x[, 2]])
  for (i in c(1, 3)) expect_true(all(keys_of(paralogs) %in% key[[i]]))
  # 240 of the complexes' 600 pairs, and a few at random.
  n <- sum(key[[1]] %in% keys_of(complex))
  expect_gte(n, 240)
  expect_lte(n, 255)
  # With 240 random ones, less a few drawn twice.
  expect_gt(length(key[[1]]), 490)
  expect_lte(length(key[[1]]), 510)
  # Half of the first, and the same again.
  both <- sum(key[[3]] %in% key[[1]])
  expect_gt(both / length(key[[1]]), 0.5)
  expect_lt(both / length(key[[1]]), 0.8)
  expect_equal(length(key[[3]]), 1.35 * length(key[[1]]), tolerance = 0.12)
  expect_true(all(parts[[1]]$gene_a < parts[[1]]$gene_b))
})
