test_that("a model of measured pairs ranks, splits up and describes itself", {
  d <- measured_data()
  fit <- measured_fit(d)
  expect_output(print(fit), "measured pairs")
  there <- musl_backend()$available
  expect_identical(
    tidy(fit)$phase, c("linear", "boosting", if (there) "pair_net", "relation")
  )
  core <- if (there) c(1, 2, 1) / 4 else c(1, 2) / 3
  expect_equal(tidy(fit)$weight, c(core, 0))
  expect_identical(glance(fit)$n_parameters, 0)
  p <- predict(fit, musl_pairs(d), type = "parts")
  expect_equal(p$.score, p$relation + p$single_gene, tolerance = 1e-12)
  members <- cbind(
    p$.scorer_linear, p$.scorer_boosting, if (there) p$.scorer_pair_net
  )
  learned <- as.vector(members %*% core)
  expect_equal(p$.score, learned, tolerance = 1e-5)
  expect_equal(
    p$.pred_SL, .85 * plogis(learned + qlogis(.0135)) + .15 * .0135,
    tolerance = 1e-5
  )
  expect_gt(mean(p$.score[p$label == "SL"]), mean(p$.score[p$label != "SL"]))
  # A network that it lacks is not described.
  facts <- summary(fit)
  expect_null(facts$architecture)
  expect_equal(
    facts$scorers$weight, tidy(fit)$weight[match(
      facts$scorers$scorer, tidy(fit)$phase
    )]
  )
  shown <- capture.output(print(facts))
  expect_false(any(grepl("musl_control|Calibration", shown)))
})

test_that("the linear member is glmnet's weighted fit to evidence", {
  skip_if_not_installed("glmnet")
  d <- measured_data()
  # Random pairs join no pairs of queries.
  d@pairs$query <- d@pairs$gene_a
  fit <- measured_fit(d)
  pairs <- musl_pairs(d)
  x <- as.matrix(musl_pair_features(d, pairs)[-(1:2)])
  columns <- feature_columns(evidence_store(d))
  # By the definitions: hits by effect, then as heavy as all non-hits.
  z <- stats::ave(pairs$effect, pairs$study, FUN = function(v) {
    (v - mean(v)) / sqrt(mean((v - mean(v))^2))
  })
  hit <- pairs$label == "SL"
  weight <- ifelse(hit, pmin(pmax(abs(z) / 2, .3), 3), 1)
  weight[hit] <- weight[hit] * sum(weight[!hit]) / sum(weight[hit])
  scaled <- x[, columns$evidence]
  theirs <- glmnet::glmnet(
    scaled, as.numeric(hit),
    family = "binomial", alpha = 0, standardize = FALSE, weights = weight,
    lambda = .1, thresh = 1e-14, maxit = 1e6
  )
  expect_equal(
    predict(fit, pairs, scorers = "relation")$.score,
    as.vector(scaled %*% theirs$beta) + unname(theirs$a0),
    tolerance = 1e-4
  )
})

test_that("order of pairs and genes, threads and files keep the bits", {
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- head(musl_pairs(d)[c("gene_a", "gene_b")], 50)
  swapped <- data.frame(gene_a = pairs$gene_b, gene_b = pairs$gene_a)
  scores <- predict(fit, pairs)
  expect_identical(predict(fit, swapped)$.score, scores$.score)
  shuffled <- d
  shuffled@pairs <- d@pairs[rev(seq_len(nrow(d@pairs))), ]
  expect_equal(
    predict(measured_fit(shuffled), pairs)$.score, scores$.score,
    tolerance = 1e-10
  )
  two <- suppressMessages(musl_fit(d,
    control = musl_control(ensemble = 1, seed = 1, threads = 2),
    progress = FALSE
  ))
  expect_identical(two@archives$features, fit@archives$features)
  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(fit, file)
  expect_identical(predict(musl_load(file), pairs), scores)
  copy <- withr::local_tempfile(fileext = ".rds")
  saveRDS(fit, copy)
  expect_identical(predict(readRDS(copy), pairs), scores)
  musl_save(fit, file, keep = "none", overwrite = TRUE)
  bare <- musl_load(file)
  expect_false(anyNA(predict(bare, pairs)$.score))
  # With the data it is the same model.
  expect_equal(predict(bare, pairs, data = d)$.score, scores$.score,
    tolerance = 1e-12
  )
})

test_that("a scorer is the same fitted alone and among others", {
  d <- measured_data()
  pairs <- musl_pairs(d)[c("gene_a", "gene_b")]
  among <- predict(measured_fit(d), pairs, scorers = "boosting")
  alone <- predict(measured_fit(d, scorers = "boosting"), pairs)
  expect_identical(alone$.score, among$.score)
})

test_that("order of samples keeps the bits, also without profiles", {
  d <- measured_data()
  turned <- in_other_order(d)
  pairs <- musl_pairs(d)[c("gene_a", "gene_b")]
  fit <- measured_fit(d, scorers = "features")
  expected <- predict(fit, pairs, type = "parts")
  again <- measured_fit(turned, scorers = "features")
  expect_identical(predict(again, pairs, type = "parts"), expected)
  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(fit, file, keep = "none")
  bare <- musl_load(file)
  expect_identical(
    predict(bare, pairs, type = "parts", data = turned)$.scorer_pair_net,
    predict(bare, pairs, type = "parts", data = d)$.scorer_pair_net
  )
  expect_equal(
    predict(bare, pairs, type = "parts", data = turned)$.scorer_pair_net,
    expected$.scorer_pair_net,
    tolerance = 1e-6
  )
})

test_that("data give what the model keeps, and new genes", {
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- head(musl_pairs(d)[c("gene_a", "gene_b")], 20)
  expect_equal(
    predict(fit, pairs, data = d)$.score, predict(fit, pairs)$.score,
    tolerance = 1e-9
  )
  expect_warning(
    p <- predict(fit, data.frame(gene_a = pairs$gene_a[1], gene_b = "nobody")),
    class = "musl_warning_unknown_gene"
  )
  expect_true(is.na(p$.score))
})

test_that("partner rates are added where they are asked for", {
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- musl_pairs(d)
  here <- pairs$study == "one"
  ends <- c(pairs$gene_a[here], pairs$gene_b[here])
  label <- rep(pairs$label[here] == "SL", 2)
  r <- mean(label)
  rate <- log((tapply(label, ends, sum) + 10 * r) /
    (tapply(label, ends, length) + 10) / r)
  asked <- pairs[here, ][1:10, ]
  expect_equal(
    predict(fit, asked, measured_in = "one")$.score -
      predict(fit, asked)$.score,
    2 * as.vector(rate[asked$gene_a] + rate[asked$gene_b]),
    tolerance = 1e-5
  )
  expect_input_error(predict(fit, asked, measured_in = "nowhere"))
})

test_that("probabilities follow the prior", {
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- head(musl_pairs(d), 5)
  low <- predict(fit, pairs)$.pred_SL
  half <- predict(fit, pairs, prior = .5)$.pred_SL
  # A share of .15 is the prior, the rest moves by its log odds.
  told <- function(p, prior) qlogis((p - .15 * prior) / .85)
  expect_equal(
    told(half, .5) - told(low, .0135), rep(-qlogis(.0135), 5),
    tolerance = 1e-8
  )
  expect_gt(min(predict(fit, musl_pairs(d), prior = .01)$.pred_SL), .0015)
})

test_that("measured pairs without hits or non-hits are refused", {
  d <- measured_data()
  d@pairs <- d@pairs[d@pairs$label == "SL", ]
  expect_input_error(measured_fit(d), "hits")
})

test_that("unknown members, and types of the network, are refused", {
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- head(musl_pairs(d), 2)
  expect_input_error(predict(fit, pairs, scorers = "nobody"))
  expect_input_error(predict(fit, pairs, type = "set"))
  expect_input_error(predict(fit, pairs, scorers = "genes"))
})

test_that("rows of a study's lines count as their mean", {
  d <- measured_data()
  twice <- d@pairs
  twice$line <- "other"
  twice$effect <- twice$effect + 1
  shifted <- d
  shifted@pairs <- rbind(d@pairs, twice)
  plain <- d
  plain@pairs$effect <- plain@pairs$effect + .5
  pairs <- head(musl_pairs(d), 10)
  expect_equal(
    predict(measured_fit(shifted), pairs)$.score,
    predict(measured_fit(plain), pairs)$.score,
    tolerance = 1e-6
  )
})

test_that("the neural member is heard alone, explained and left out", {
  skip_without_backend()
  d <- measured_data()
  fit <- measured_fit(d)
  pairs <- musl_pairs(d)
  alone <- predict(fit, pairs, scorers = "pair_net")
  parts <- predict(fit, pairs, type = "parts")
  expect_equal(alone$.score, parts$.scorer_pair_net, tolerance = 1e-5)
  expect_equal(
    predict(fit, pairs, scorers = c("linear", "boosting"))$.score,
    (parts$.scorer_linear + 2 * parts$.scorer_boosting) / 3,
    tolerance = 1e-5
  )
  why <- musl_explain(
    fit, pairs$gene_a[1], pairs$gene_b[1], scorers = "pair_net"
  )
  expect_equal(sum(why$contribution), alone$.score[1], tolerance = 1e-6)
  expect_true("genes" %in% why$component)
  hit <- pairs$label == "SL"
  expect_gt(mean(alone$.score[hit]), mean(alone$.score[!hit]))
})

test_that("without LibTorch all but the neural member are fitted, and say so", {
  d <- measured_data()
  with_neural <- measured_fit(d)
  withr::local_options(MuSL.backend = withr::local_tempfile())
  suppressMessages(expect_message(
    fit <- musl_fit(d,
      control = musl_control(ensemble = 1, seed = 1, threads = 1),
      progress = FALSE, scorers = "features"
    ),
    "pair_net",
    class = "musl_message_backend"
  ))
  expect_identical(tidy(fit)$phase, c("linear", "boosting", "relation"))
  expect_equal(tidy(fit)$weight, c(1 / 3, 2 / 3, 0))
  pairs <- head(musl_pairs(d), 20)
  both <- c("linear", "boosting")
  expect_equal(
    predict(fit, pairs, scorers = both)$.score,
    predict(with_neural, pairs, scorers = both)$.score,
    tolerance = 1e-9
  )
  # What was saved without it is as before there was one.
  archive <- rawToChar(fit@archives$features[fit@archives$features != 0])
  expect_no_match(archive, "pair_net", fixed = TRUE, useBytes = TRUE)
})

test_that("genes of recorded pairs count as seen by members alone", {
  d <- measured_data(recorded = TRUE)
  pairs <- d@pairs
  # Recorded pairs of half of the genes, screens of the others and some more.
  half <- d@genes[seq_along(d@genes) %% 2 == 0]
  db <- !pairs$measured
  kept <- !db | (pairs$gene_a %in% half & pairs$gene_b %in% half)
  only <- pairs$gene_a %in% half[1:20] | pairs$gene_b %in% half[1:20]
  d@pairs <- pairs[kept & !(only & pairs$measured), ]
  recorded <- d@pairs[!d@pairs$measured, ]
  screens <- d@pairs[d@pairs$measured, ]
  fit <- measured_fit(d, scorers = "features")
  expect_true("recorded" %in% tidy(fit)$phase)
  ends <- function(x) c(x$gene_a, x$gene_b)
  expect_gt(length(setdiff(ends(recorded), ends(screens))), 0)
  expect_setequal(fit@genes[fit@n_seen > 0], c(ends(recorded), ends(screens)))
  also <- pair_keys(recorded) %in% pair_keys(screens)
  expect_identical(glance(fit)$n_training, nrow(screens) + sum(!also))

  new <- setdiff(ends(recorded), ends(screens))[[1]]
  expect_warning(musl_partners(fit, new, n = 5), NA)
  # Nor does a model that was saved before warn of it, whose remedy would not
  # help.
  fit@n_seen <- as.integer(fit@genes %in% ends(screens))
  expect_warning(musl_partners(fit, new, n = 5), NA)
})

test_that("what a model without profiles keeps is what it says", {
  d <- measured_data()
  whole <- measured_fit(d, scorers = "features")
  bare <- measured_fit(d, scorers = "features", keep = "none")
  file <- withr::local_tempfile(fileext = ".safetensors")
  musl_save(whole, file, keep = "none")
  shared <- musl_load(file)
  says <- function(fit) {
    any(grepl("individual-level", musl_report(fit)$limits))
  }
  pairs <- head(musl_pairs(d)[c("gene_a", "gene_b")], 20)
  full <- predict(whole, pairs)$.score
  expect_true(says(whole))
  expect_true(glance(whole)$keeps_inputs)
  expect_message(predict(whole, pairs), NA)
  for (fit in list(bare, shared)) {
    # Of 200 genes' profiles, a byte a sample, nothing is left.
    expect_lt(
      length(fit@archives$features),
      length(whole@archives$features) - 200 * 100
    )
    expect_false(says(fit))
    expect_false(glance(fit)$keeps_inputs)
    expect_output(print(fit), "without expression profiles")
    # Said once, and true: the scores are others without the data.
    expect_message(
      alone <- predict(fit, pairs)$.score, class = "musl_message_profiles"
    )
    expect_message(musl_partners(fit, pairs$gene_a[[1]]), NA)
    expect_gt(max(abs(alone - full)), 1e-3)
    expect_equal(predict(fit, pairs, data = d)$.score, full, tolerance = 1e-6)
    # The explorer scores by the data that it is given.
    given <- new_explorer(fit, d)$scored_by
    list <- musl_partners(fit, pairs$gene_a[[1]], n = 5, data = given)
    expect_equal(
      as.data.frame(list), tolerance = 1e-6,
      as.data.frame(musl_partners(whole, pairs$gene_a[[1]], n = 5))
    )
  }
})
