# Whether lines that lost the anchor need a partner more: what a model knows,
# what a user's table says, and what lists make of it.

genes <- musl_genes(measured_data())
anchor <- genes[[30]]

# 100 lines that lost the anchor need genes 1 and 2 more, gene 3 less; genes 5
# and 6 matter to no line. Other lines have gene 40 activated and need gene 7.
toy_direction <- function() {
  list(
    alterations = data.frame(
      alteration = c("first", "second"), gene = genes[c(30, 40)],
      state = c("lost", "activated"),
      event = c("that lost it", "with the gain"), n_lines = c(100L, 50L)
    ),
    differences = data.frame(
      alteration = rep(c("first", "second"), c(5, 1)),
      partner = genes[c(1, 2, 3, 5, 6, 7)],
      z = c(-9, -6, 8, -7, -8, -9),
      effect_size = c(-1, -.6, .8, -.5, -.7, -1),
      mean_altered = c(-.9, -.5, -.1, -.05, .2, -.8),
      mean_other = c(-.2, -.3, -.6, 0, .4, -.1),
      share_altered = c(.9, .5, .1, 0, 0, .8),
      share_other = c(.1, .2, .6, 0, 0, 0)
    )
  )
}
direction_fit <- function() {
  d <- measured_data()
  # All lines need gene 2.
  d@evidence <- musl_evidence(
    genes = data.frame(
      gene = genes[1:50], share_dependent = c(0, .95, rep(0, 48))
    ),
    direction = toy_direction()
  )
  measured_fit(d, scorers = "features")
}
fit <- direction_fit()
list_of <- function(..., gene = anchor, n = Inf) {
  suppressWarnings(musl_partners(fit, gene, n = n, ...))
}
row_of <- function(list, i) list[match(genes[i], list$partner), ]

test_that("differences are called, order lists and stand in words", {
  all <- list_of()
  expect_identical(
    as.character(row_of(all, c(1, 2, 3, 5, 6))$direction),
    c("needed_more", "needed_more", "needed_less", NA, "not_needed")
  )
  expect_identical(
    as.character(row_of(all, c(2, 3, 6))$status),
    c("lethal_alone", "rescued", "not_needed")
  )
  expect_setequal(utils::tail(all$partner, 2), genes[c(3, 6)])
  expect_equal(row_of(all, 1)$difference, -.7, tolerance = 1e-6)
  expect_identical(row_of(all, 1)$n_lines, 100L)
  expect_match(
    row_of(all, 1)$why,
    "^needed more in 100 lines that lost it: effect -0.90 against -0.20 "
  )
  expect_match(row_of(all, 1)$why, "[(]90 % of lines against 10 %[)]")
  expect_match(row_of(all, 6)$why, "others grow better without it (+0.40)",
    fixed = TRUE
  )
  # What the order adds: half of |z| - 2, at most 3.
  without <- list_of(dependency = FALSE)
  parts <- predict(fit, data.frame(
    gene_a = anchor, gene_b = all$partner
  ), type = "parts")
  bonus <- c(3, 2, -3, 0, 0)[match(all$partner, genes[c(1, 2, 3, 5, 6)])]
  bonus[is.na(bonus)] <- 0
  ranked <- !all$status %in% c("rescued", "not_needed")
  order <- parts$.list_order + bonus
  expect_false(is.unsorted(-order[ranked]))
  # Scores are not touched, and without the differences nothing is.
  expect_identical(
    without$.score[match(all$partner, without$partner)], all$.score
  )
  expect_false("direction" %in% names(without))
  expect_identical(
    utils::tail(without$partner, 1), genes[[2]] # lethal alone
  )
})

test_that("a list knows what lines that lost the partner need", {
  all <- list_of(gene = genes[[1]])
  found <- all[all$partner == anchor, ]
  expect_identical(as.character(found$direction), "needed_more")
  expect_match(found$why, paste0("^", genes[[1]], " needed more in"))
  expect_match(
    head_lines(all, genes[[1]])[["Lines"]], "some lost 1 partners"
  )
})

test_that("an activated anchor is ranked by what its lines need if asked", {
  gain <- list_of(gene = genes[[40]], state = "activated")
  expect_identical(
    as.character(row_of(gain, 7)$direction), "needed_more"
  )
  lost <- list_of(gene = genes[[40]])
  expect_true(is.na(row_of(lost, 7)$direction))
  expect_match(row_of(lost, 7)$why, "^needed more in 50 lines with the gain")
  expect_identical(lost$partner, list_of(
    gene = genes[[40]], dependency = FALSE
  )$partner)
  expect_match(
    head_lines(lost, genes[[40]])[["Lines"]], "state = \"activated\"",
    fixed = TRUE
  )
  expect_input_error(list_of(state = "gained"), "state")
})

test_that("a user's table replaces what the model knows of its anchors", {
  tested <- tibble::new_tibble(
    tibble(
      anchor = anchor, partner = genes[c(8, 9, 1)], n_loss = 12L,
      difference = c(-1, .8, 0), cliffs_delta = c(-.9, .8, 0),
      median_loss = c(-1.2, -.1, 0), median_rest = c(-.2, -.9, 0),
      p_value = c(1e-6, .99, .5), fdr = c(1e-5, .001, .9)
    ),
    class = "musl_dependency"
  )
  all <- list_of(dependency = tested)
  expect_identical(all$partner[[1]], genes[[8]])
  expect_identical(
    as.character(row_of(all, c(8, 9, 1, 3))$direction),
    c("needed_more", "needed_less", NA, NA)
  )
  expect_identical(utils::tail(all$partner, 1), genes[[9]])
  expect_equal(row_of(all, 8)$fdr, 1e-5)
  expect_match(row_of(all, 8)$why, "12 lines that lost .* \\(FDR 1e-05\\)")
  expect_match(
    head_lines(all, anchor)[["Lines"]],
    "^12 lines that lost .* need 1 partner more, 1 less"
  )
  turned <- list_of(gene = genes[[8]], dependency = tested)
  expect_identical(turned$partner[[1]], anchor)
})

test_that("rescued rows show no probability, and explanations say the sign", {
  last <- utils::tail(list_of(), 1)
  shown <- utils::capture.output(print(last))
  p <- sub("^0[.]", ".", format(signif(last$.pred_SL, 3)))
  expect_false(any(grepl(p, shown, fixed = TRUE)))
  why <- musl_explain(fit, anchor, genes[[1]])
  expect_match(glance(why)$direction, paste(genes[[1]], "is needed more"))
  expect_output(print(why), "Direction: SIM")
  expect_true(is.na(glance(musl_explain(fit, anchor, genes[[9]]))$direction))
})

test_that("an atlas knows the differences of its model", {
  skip_if_not_installed("rhdf5")
  skip_if_not_installed("HDF5Array")
  atlas <- suppressMessages(musl_atlas(
    fit, withr::local_tempdir(),
    genes = genes, progress = FALSE
  ))
  found <- suppressWarnings(musl_partners(atlas, anchor, n = Inf))
  model <- list_of()
  at <- match(found$partner, model$partner)
  expect_identical(found$direction, model$direction[at])
  expect_identical(found$status, model$status[at])
  expect_match(found$why[found$partner == genes[[1]]], "^needed more")
})
