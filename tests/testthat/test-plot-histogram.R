test_that("breaks of counts are of the series 1, 2, 5, and never many", {
  series <- c(0, as.vector(outer(c(1, 2, 5), 10^(0:2))), 1000)
  for (most in c(1, 2, 3, 9, 17, 30)) {
    expect_identical(count_breaks(c(0, most)), series[series <= most])
  }
  for (most in c(60, 700, 5000, 1e6)) {
    breaks <- count_breaks(c(0, most))
    expect_lte(length(breaks), 7)
    expect_true(all(breaks %in% c(series, 1e4, 1e5)))
    expect_lte(max(breaks), most)
  }
})

test_that("cells are pooled until one would have a sample", {
  size <- function(bins, n_samples) {
    pool_size(structure(matrix(0, bins, bins), n_samples = n_samples))
  }
  expect_identical(size(32, 1024), 1)
  expect_identical(size(32, 1023), 2)
  expect_identical(size(32, 64), 4)
  expect_identical(size(32, c(64, 1000)), 4)
  expect_identical(size(32, 63), 8)
  # Four cells a side are left, and all bins are in one.
  expect_identical(size(32, 1), 8)
  expect_identical(size(9, 1), 1)
})

test_that("pooled cells are sums of squares of cells", {
  x <- matrix(1:16 + 0, 4)
  expect_identical(
    pool_cells(x, 2), rbind(
      c(sum(x[1:2, 1:2]), sum(x[1:2, 3:4])),
      c(sum(x[3:4, 1:2]), sum(x[3:4, 3:4]))
    )
  )
  expect_identical(pool_cells(x, 1), x)
  wide <- matrix(1:36 + 0, 6)
  expect_identical(pool_cells(wide, 2)[3, 2], sum(wide[5:6, 3:4]))
  both <- array(c(x, 2 * x), c(4, 4, 2), list(NULL, NULL, c("a", "b")))
  expect_identical(unname(pool_cells(both, 2)[, , "b"]), 2 * pool_cells(x, 2))
})
