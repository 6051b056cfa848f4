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
