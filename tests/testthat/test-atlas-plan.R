test_that("tiles cover each pair of genes once, none beyond its size", {
  # n_rows, n_cols, n_both (the first of rows and of columns), tile
  plans <- list(
    c(9, 9, 9, 4), c(8, 8, 8, 4), c(2, 100, 2, 10), c(3, 50, 0, 7),
    c(12, 30, 5, 6), c(30, 12, 5, 6), c(1, 1, 1, 1), c(7, 40, 7, 512)
  )
  for (n in plans) {
    tiles <- do.call(rbind, crossed_tiles(n[[1]], n[[2]], n[[3]], n[[4]]))
    covered <- matrix(0, n[[1]], n[[2]])
    for (i in seq_len(nrow(tiles))) {
      rows <- tiles[i, 1]:tiles[i, 2]
      cols <- tiles[i, 3]:tiles[i, 4]
      covered[rows, cols] <- covered[rows, cols] + 1
      if (tiles[i, 5] == 1) covered[cols, rows] <- covered[cols, rows] + 1
      expect_lte(length(rows) * length(cols), n[[4]]^2)
    }
    expect_true(all(covered == 1))
  }
})
