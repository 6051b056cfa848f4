# The verdict of a screen on the experiment that was planned.

planned <- function(p = rep(0.5, 8)) {
  genes <- c("STAG1", "PDS5A", "RAD21", "ATR", "WRN", "CDK6", "PARP1", "CHEK1")
  musl_experiment(
    data.frame(gene_a = "STAG2", gene_b = genes, .pred_SL = p),
    replicates = 12
  )
}

test_that("hits are held against what was expected", {
  plan <- planned()
  power <- with(plan$power, power[effect == "typical" & replicates == 12])
  screen <- data.frame(
    gene_a = plan$pairs$gene_b, gene_b = "STAG2", hit = rep(c(TRUE, FALSE), 4)
  )
  found <- musl_compare(plan, screen)
  expect_equal(found$n_hits, 4)
  expect_equal(found$expected, 8 * .5 * power)
  expect_equal(found$.upper, stats::qbinom(.975, 8, .5 * power))
  expect_equal(found$rate, 5 / (4 * power + 1))
  expect_equal(
    stats::pgamma(found$rate_lower, 5, 4 * power + 1), .025,
    tolerance = 1e-6
  )
  expect_identical(augment(found)$hit, screen$hit)
  screen$hit <- TRUE
  expect_identical(musl_compare(plan, screen)$verdict, "more")
  expect_output(print(musl_compare(plan, screen)), "more than expected")
  sure <- planned(rep(1, 8))
  screen$hit <- FALSE
  expect_identical(musl_compare(plan, screen[1, ])$verdict, "as expected")
  expect_lt(musl_compare(sure, screen)$rate, 1)
})

test_that("tables of gimap and of read_gi_screen() are read", {
  plan <- planned()
  gimap <- data.frame(
    pgRNA_target = paste0("STAG2_", plan$pairs$gene_b),
    gi_score = c(-1, -1, 1, rep(0, 5)), fdr = c(.01, .5, .01, rep(.9, 5))
  )
  expect_equal(musl_compare(plan, gimap)$n_hits, 1)
  measured <- data.frame(
    gene_a = "STAG2", gene_b = plan$pairs$gene_b[1:3],
    label = factor(c("SL", "non_SL", NA), c("non_SL", "SL"))
  )
  found <- musl_compare(plan, measured)
  expect_equal(c(found$n_tested, found$n_hits), c(2, 1))
  own <- data.frame(x = "STAG2", y = plan$pairs$gene_b, z = 1)
  expect_equal(
    musl_compare(
      plan, own, columns = c(gene_a = "x", gene_b = "y", hit = "z")
    )$n_hits, 8
  )
})

test_that("tables without pairs of the experiment are refused", {
  plan <- planned()
  one <- data.frame(gene_a = "A", gene_b = "B", hit = TRUE)
  expect_error(musl_compare(plan, one), class = "musl_error_gene")
  expect_error(musl_compare(plan, one[1:2]), class = "musl_error_input")
  expect_error(musl_compare(plan, data.frame(a = 1)),
    class = "musl_error_input"
  )
  twice <- data.frame(gene_a = "STAG2", gene_b = c("WRN", "WRN"), hit = TRUE)
  expect_error(musl_compare(plan, twice), class = "musl_error_gene")
})
