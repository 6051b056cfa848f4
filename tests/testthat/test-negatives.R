sl_data <- function(n_genes = 30, n_pairs = 60) {
  d <- pairs_data(n_genes, n_pairs)
  d@pairs$label[] <- "SL"
  d@pairs$note <- "known"
  d
}

test_that("drawn pairs are new, of SL genes, and marked", {
  d <- sl_data()
  for (policy in c("random", "degree_matched")) {
    out <- musl_negatives(d, policy, ratio = 2, seed = 1)
    pairs <- musl_pairs(out)
    expect_identical(nrow(pairs), 180L)
    expect_identical(pairs$sampled, rep(c(FALSE, TRUE), c(60, 120)))
    drawn <- pairs[pairs$sampled, ]
    expect_true(all(drawn$label == "non_SL"))
    expect_true(all(drawn$gene_a < drawn$gene_b))
    expect_false(anyDuplicated(pair_key_of(pairs)) > 0)
    expect_true(all(part_genes(drawn) %in% part_genes(d@pairs)))
    expect_true(all(is.na(drawn$note)))
    expect_identical(pairs$note[1:60], rep("known", 60))
    expect_true(methods::validObject(out))
  }
})

test_that("a second draw goes on beside the first, and the seed decides", {
  d <- sl_data()
  once <- musl_negatives(d, seed = 1)
  expect_identical(musl_negatives(d, seed = 1)@pairs, once@pairs)
  expect_false(identical(musl_negatives(d, seed = 2)@pairs, once@pairs))
  twice <- musl_negatives(once, seed = 1)
  expect_identical(sum(musl_pairs(twice)$sampled), 120L)
  expect_false(anyDuplicated(pair_key_of(musl_pairs(twice))) > 0)
})

test_that("matched negatives follow the degrees of SL pairs, random ones not", {
  # Four hubs with 40 partners each: half of all ends of SL pairs.
  genes <- sprintf("G%03d", 1:200)
  hubs <- data.frame(
    gene_a = rep(genes[1:4], each = 40), gene_b = genes[4 + 1:160], label = 1
  )
  d <- new_musl_data(genes = genes, pairs = canonical_pairs(hubs)$pairs)
  share <- function(policy) {
    drawn <- utils::tail(musl_pairs(musl_negatives(d, policy, seed = 1)), 160)
    mean(c(drawn$gene_a, drawn$gene_b) %in% genes[1:4])
  }
  # By the products of degrees: the 6 pairs of hubs, then 60 % with one hub (a
  # quarter of these are known), 40 % with none, so .33 of the ends; evenly .02.
  expect_gt(share("degree_matched"), 0.25)
  expect_lt(share("random"), 0.06)
})

test_that("what can't be drawn is refused with a number", {
  d <- sl_data(n_genes = 8, n_pairs = 20)
  expect_input_error(musl_negatives(d, seed = 1), "only 8 exist")
  d@pairs <- d@pairs[0, ]
  expect_input_error(musl_negatives(d), "SL pairs")
  expect_input_error(musl_negatives(1))
  expect_input_error(musl_negatives(sl_data(), ratio = -1))
  expect_input_error(musl_negatives(sl_data(), "exp"))
})

test_that("negatives by expression are the pairs of the lowest correlation", {
  d <- sl_data(n_genes = 40, n_pairs = 80)
  x <- withr::with_seed(3, matrix(rnorm(39 * 15, 8), 39))
  dimnames(x) <- list(d@genes[1:39], paste0("s", 1:15))
  linear <- tiny_cohort("second", 2^x - 1)
  linear$scale <- "linear"
  d@cohorts <- list(first = tiny_cohort("first", x[, 15:1]), second = linear)
  expect_warning(
    out <- musl_negatives(d, "expression", cohort = "second", seed = 1),
    "cohorts \"first.*second", class = "musl_warning_circular"
  )
  # The walk, one pair after the other.
  r <- stats::cor(t(x))
  ends <- utils::combn(39, 2)
  free <- !paste(d@genes[ends[1, ]], d@genes[ends[2, ]]) %in%
    pair_key_of(d@pairs)
  ends <- ends[, free & ends[1, ] %in% match(part_genes(d@pairs), d@genes)]
  ends <- ends[, order(r[t(ends)])]
  covered <- character()
  taken <- character()
  for (i in seq_len(ncol(ends))) {
    pair <- d@genes[ends[, i]]
    if (!all(pair %in% covered)) {
      covered <- union(covered, pair)
      taken <- c(taken, paste(pair, collapse = " "))
    }
  }
  all <- paste(d@genes[ends[1, ]], d@genes[ends[2, ]])
  taken <- c(taken, setdiff(all, taken))[1:80]
  drawn <- musl_pairs(out)[-(1:80), ]
  expect_setequal(pair_key_of(drawn), taken)
  expect_identical(unique(drawn$policy), "expression")
  # Both cohorts hold the same values, on two scales.
  expect_identical(
    suppressWarnings(musl_negatives(d, "expression", seed = 2))@pairs, out@pairs
  )
})

test_that("codependency needs a matrix or a cohort, and warns for the latter", {
  d <- sl_data(n_genes = 40, n_pairs = 80)
  x <- withr::with_seed(3, matrix(rnorm(40 * 15), 40))
  dimnames(x) <- list(d@genes, paste0("s", 1:15))
  expect_warning(
    out <- musl_negatives(d, "dependency", dependency = x, seed = 1), NA
  )
  drawn <- musl_pairs(out)[-(1:80), ]
  r <- abs(stats::cor(t(x)))
  of <- function(pairs) r[cbind(pairs$gene_a, pairs$gene_b)]
  expect_gt(min(of(drawn)), median(r[upper.tri(r)]))
  refuse <- function(..., message) {
    expect_input_error(musl_negatives(d, ..., seed = 1), message)
  }
  refuse("dependency", message = "dependency")
  refuse("dependency", dependency = unname(x), message = "gene names")
  refuse("dependency", dependency = replace(x, 3, NA), message = "finite.*G003")
  refuse("dependency", dependency = "rnai", message = "one of")
  refuse("dependency", dependency = x[1:3, ], message = "only [0-9] exist")
  refuse("expression", message = "cohort")
  d@cohorts <- list(crispr = tiny_cohort("crispr", x))
  expect_warning(
    again <- musl_negatives(d, "dependency", dependency = "crispr", seed = 1),
    "crispr", class = "musl_warning_circular"
  )
  expect_identical(again@pairs, out@pairs)
})

test_that("inputs that a policy does not read are refused", {
  d <- sl_data()
  inputs <- c(cohort = "expression", dependency = "dependency")
  for (input in names(inputs)) {
    given <- list(d, "random", seed = 1)
    given[[input]] <- 1
    cnd <- caught(do.call(musl_negatives, given))
    expect_s3_class(cnd, "musl_error_input")
    expect_identical(cnd$argument, input)
  }
  for (input in names(inputs)) {
    given <- list(d, "random", folds = 2, negatives = "random", seed = 1)
    given[[input]] <- "x"
    cnd <- caught(do.call(musl_split, given))
    expect_identical(cnd$argument, input)
    expect_match(conditionMessage(cnd), paste0("negatives = .*", inputs[input]))
  }
})
