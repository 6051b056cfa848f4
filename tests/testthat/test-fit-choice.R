# Pairs of a simulation with other labels: SL where both genes are of even
# number, which annotation tells and expression does not.
even_data <- function() {
  d <- musl_simulate("small", seed = 1)
  genes <- musl_genes(d)
  even <- genes[seq_along(genes) %% 2 == 0]
  pairs <- withr::with_seed(4, {
    both <- replicate(300, sort(sample(even, 2)))
    mixed <- replicate(300, sort(sample(genes, 2)))
    unique(data.frame(
      gene_a = c(both[1, ], mixed[1, ]), gene_b = c(both[2, ], mixed[2, ])
    ))
  })
  is_sl <- pairs$gene_a %in% even & pairs$gene_b %in% even
  pairs$label <- ifelse(is_sl, "SL", "non_SL")
  terms <- data.frame(gene = even, term = "even", evidence = "IDA")
  expression <- d@cohorts[[1]]$assays[[1]]
  musl_data(
    expression,
    pairs = pairs, scale = "log",
    evidence = musl_evidence(annotations = musl_annotations(terms))
  )
}

choose <- function(d, ...) {
  said <- NULL
  fit <- withCallingHandlers(
    suppressWarnings(musl_fit(
      d,
      architecture = musl_architecture(encoders = "descriptors"),
      control = musl_control(
        ensemble = 1, epochs = 2, seed = 1, threads = 1, device = "cpu"
      ),
      progress = FALSE, ...
    )),
    message = function(cnd) {
      if (inherits(cnd, "musl_message_choice")) {
        said <<- gsub("\\s+", " ", cli::ansi_strip(conditionMessage(cnd)))
      }
      invokeRestart("muffleMessage")
    }
  )
  list(fit = fit, said = said)
}

test_that("the members answer where they rank the validation part better", {
  skip_without_backend()
  d <- even_data()
  found <- choose(d)
  expect_match(found$said, "has the scorers of features")
  members <- choose(d, scorers = "features")
  expect_null(members$said)
  pairs <- head(musl_pairs(d), 20)
  expect_identical(predict(found$fit, pairs), predict(members$fit, pairs))
  expect_setequal(tidy(found$fit)$phase, c("recorded", "terms"))
  # Asked for, the network is there.
  network <- choose(d, scorers = "musl")
  expect_null(network$said)
  expect_true(has_epochs(network$fit))

  # What is said is the average precision of members of the training part.
  sets <- training_sets(d, NULL, 1L, 1L)[[1]]
  part <- d
  part@pairs <- d@pairs[pair_keys(d@pairs) %in% pair_keys(sets$training), ]
  fit <- choose(part, scorers = "features")$fit
  score <- predict(fit, sets$validation)$.score
  score[is.na(score)] <- -Inf
  hit <- sets$validation$label == "SL"
  at <- sort(unique(score), decreasing = TRUE)
  recall <- vapply(at, function(x) mean(score[hit] >= x), 1)
  precision <- vapply(at, function(x) mean(hit[score >= x]), 1)
  expected <- sum(diff(c(0, recall)) * precision)
  expect_match(
    found$said, sprintf("AUPRC of %.3f,", expected), fixed = TRUE
  )
})

test_that("the network answers where both rank the validation part alike", {
  skip_without_backend()
  d <- even_data()
  parts <- musl_parts(musl_split(d, "random", folds = 3, seed = 1))
  parts <- do.call(rbind, lapply(names(parts), function(part) {
    pairs <- parts[[part]][c("gene_a", "gene_b", "label")]
    data.frame(pairs, part = rep(part, nrow(pairs)))
  }))
  parted <- function(rows) musl_split(d, table = parts[rows, ])
  # Of the validation part two pairs that the network ranks right.
  at <- which(parts$part == "validation")
  network <- choose(d, split = parted(TRUE), scorers = "musl")$fit
  score <- predict(network, parts[at, ])$.score
  is_sl <- parts$label[at] == "SL"
  clear <- c(which.max(score - 99 * !is_sl), which.min(score + 99 * is_sl))
  found <- choose(d, split = parted(-at[-clear]))
  expect_match(found$said, "AUPRC of 1.000, the network of 1.000", fixed = TRUE)
  expect_true(has_epochs(found$fit))
})

test_that("without annotations nothing is tried", {
  skip_without_backend()
  d <- even_data()
  d@evidence <- NULL
  plain <- choose(d)
  expect_null(plain$said)
  expect_true(has_epochs(plain$fit))
})

test_that("without LibTorch annotated pairs are learned by members", {
  d <- even_data()
  withr::local_options(MuSL.backend = withr::local_tempfile())
  fit <- choose(d)$fit
  expect_false(has_epochs(fit))
  expect_setequal(tidy(fit)$phase, c("recorded", "terms"))
})
