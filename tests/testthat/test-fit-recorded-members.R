# Recorded pairs of a simulation, its genes annotated by hand: a wide term for
# those of even number, one for each third, a pathway for the first half.
annotated_data <- function(seed = 1) {
  d <- musl_simulate("small", seed = seed)
  genes <- musl_genes(d)
  n <- seq_along(genes)
  wide <- data.frame(
    gene = c(genes[n %% 2 == 0], genes[n %% 3 == 0]),
    term = rep(c("even", "third"), c(sum(n %% 2 == 0), sum(n %% 3 == 0))),
    evidence = "IDA"
  )
  pathways <- data.frame(gene = genes[n <= length(n) / 2], pathway = "first")
  d@evidence <- musl_evidence(
    annotations = musl_annotations(wide, pathways = pathways)
  )
  d
}

recorded_fit <- function(d = annotated_data(), ...) {
  once(list("recorded", d, ...), suppressMessages(musl_fit(d,
    control = musl_control(seed = 1, threads = 1), progress = FALSE,
    scorers = "features", ...
  )))
}

test_that("recorded pairs alone are learned without a network", {
  d <- annotated_data()
  withr::local_options(MuSL.backend = withr::local_tempfile())
  fit <- recorded_fit(d)
  expect_identical(tidy(fit)$phase, c("recorded", "terms"))
  expect_equal(tidy(fit)$weight, c(.5, .5))
  pairs <- head(musl_pairs(d), 30)
  parts <- predict(fit, pairs, type = "parts")
  expect_equal(
    parts$.score, (parts$.scorer_recorded + parts$.scorer_terms) / 2,
    tolerance = 1e-6
  )
  expect_equal(parts$.score, parts$relation + parts$single_gene)
  even <- predict(fit, pairs, prior = .5)
  expect_equal(even$.pred_SL, stats::plogis(even$.score))
  swapped <- data.frame(gene_a = pairs$gene_b, gene_b = pairs$gene_a)
  expect_identical(predict(fit, swapped)$.score, parts$.score)
  expect_output(print(fit), "of recorded pairs.*0.5 recorded \\+ 0.5 terms")
  limits <- usual_limits(fit, NULL)
  expect_match(limits, "the model learned from no screen", all = FALSE)
  expect_no_match(limits, "genome-scale screen")
})

test_that("genes that are annotated alike score alike by terms", {
  d <- annotated_data()
  fit <- recorded_fit(d)
  genes <- musl_genes(d)
  asked <- data.frame(gene_a = genes[1], gene_b = genes[c(5, 7, 8)])
  score <- predict(fit, asked, scorers = "terms")$.score
  expect_identical(score[[1]], score[[2]])
  expect_false(score[[1]] == score[[3]])
})

test_that("files, partners and explanations hold the members", {
  d <- annotated_data()
  fit <- recorded_fit(d)
  pairs <- head(musl_pairs(d), 20)
  path <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, path)
  expect_identical(
    predict(musl_load(path), pairs)$.score, predict(fit, pairs)$.score
  )
  expect_identical(
    predict(fit, pairs, data = d)$.score, predict(fit, pairs)$.score
  )
  why <- musl_explain(fit, pairs$gene_a[1], pairs$gene_b[1])
  expect_equal(
    sum(why$contribution), predict(fit, pairs)$.score[1],
    tolerance = 1e-6
  )
  expect_true("genes" %in% why$component)
  partners <- suppressWarnings(musl_partners(fit, pairs$gene_a[1], n = 5))
  expect_false(is.unsorted(-partners$.score))
})

test_that("without annotation the member terms is left out, and says so", {
  d <- musl_simulate("small", seed = 1)
  expect_message(
    fit <- musl_fit(d,
      control = musl_control(seed = 1, threads = 1), progress = FALSE,
      scorers = "features"
    ),
    "terms",
    class = "musl_message_evidence"
  )
  expect_identical(tidy(fit)$phase, "recorded")
  expect_equal(tidy(fit)$weight, 1)
})

test_that("the explorer promises no hit in a screen of a model without one", {
  d <- annotated_data()
  facts <- pair_facts(explorer_pair(
    new_explorer(recorded_fit(d), NULL), "SIM001", "SIM002"
  ))
  expect_match(facts[[1]], "Probability", fixed = TRUE, all = FALSE)
  expect_match(
    facts[[1]], "if 1.35 % of all pairs are SL",
    fixed = TRUE, all = FALSE
  )
})

test_that("parts hold no order that lists of recorded pairs lack", {
  fit <- recorded_fit()
  pairs <- data.frame(gene_a = "SIM001", gene_b = setdiff(fit@genes, "SIM001"))
  parts <- predict(fit, pairs, type = "parts")
  expect_false(".list_order" %in% names(parts))
  expect_equal(
    parts$.score, (parts$.scorer_recorded + parts$.scorer_terms) / 2,
    tolerance = 1e-6
  )
  screens <- measured_fit(scorers = "features")
  parts <- predict(screens, pairs, type = "parts")
  listed <- musl_partners(screens, "SIM001", n = Inf)
  order <- parts$.list_order[match(listed$partner, pairs$gene_b)]
  expect_false(is.unsorted(-order))
})

test_that("drawn negatives make no gene seen, given pairs do", {
  d <- annotated_data()
  given <- musl_pairs(d)
  d@pairs <- given[given$label %in% "SL", ]
  fit <- recorded_fit(d)
  sl <- unique(c(d@pairs$gene_a, d@pairs$gene_b))
  expect_setequal(fit@genes[fit@n_seen > 0], sl)
})

test_that("without SL pairs there is nothing to learn", {
  d <- annotated_data()
  pairs <- musl_pairs(d)
  d@pairs <- pairs[pairs$label %in% "non_SL", ]
  expect_input_error(recorded_fit(d), "SL")
})

test_that("the network's fit says that it does not read annotations", {
  expect_message(
    tell_unread_annotations(annotated_data()), "annotations",
    class = "musl_message_evidence"
  )
  bare <- musl_simulate("small", seed = 1)
  expect_message(tell_unread_annotations(bare), NA)
})
