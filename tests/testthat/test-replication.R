agreement_of <- function(...) suppressMessages(musl_replication(...))

test_that("AUROC, interval and average precision are those of others", {
  pairs <- measured_table(3)
  r <- agreement_of(pairs)
  expect_identical(nrow(r), 6L)
  one <- pairs[pairs$study == "study1", ]
  three <- pairs[pairs$study == "study3", ]
  at <- match(pair_key_of(three), pair_key_of(one))
  score <- -one$effect[at[!is.na(at)]]
  hit <- as.integer(three$label[!is.na(at)] == "SL")
  row <- r[r$study == "study1" & r$on == "study3", ]
  expect_identical(row$n_pairs, length(hit))
  expect_identical(row$n_hits, sum(hit))
  # Average precision by its definition; no ties here.
  falling <- hit[order(-score)]
  expect_equal(
    row$auprc, mean((cumsum(falling) / seq_along(falling))[falling == 1])
  )
  skip_if_not_installed("pROC")
  curve <- pROC::roc(hit, score, quiet = TRUE, direction = "<")
  ci <- as.numeric(pROC::ci.auc(curve))
  expect_equal(c(row$.lower, row$.estimate, row$.upper), ci)
})

test_that("ties count one half in the interval, too", {
  skip_if_not_installed("pROC")
  score <- c(1, 2, 2, 3, 3, 3, 4, 5)
  hit <- c(0, 0, 1, 0, 1, 1, 1, 0)
  ours <- cpp_auroc_interval(score, hit, stats::qnorm(0.975))
  curve <- pROC::roc(hit, score, quiet = TRUE, direction = "<")
  expect_equal(
    c(ours$lower, ours$auroc, ours$upper), as.numeric(pROC::ci.auc(curve))
  )
  expect_equal(ours$sd^2, as.numeric(pROC::var(curve)))
  one <- cpp_auroc_interval(c(1, 2, 3), c(0, 0, 1), 2)
  expect_identical(one$auroc, 1)
  expect_true(is.nan(one$lower))
})

test_that("a study that no other replicates is off, by a message", {
  pairs <- measured_table(3, n_pairs = 400)
  noise <- pairs$study == "study3"
  pairs$effect[noise] <- withr::with_seed(2, sample(pairs$effect[noise]))
  pairs$label[noise] <- ifelse(pairs$effect[noise] < -1, "SL", "non_SL")
  expect_message(
    r <- musl_replication(pairs), "study3", class = "musl_message_replication"
  )
  s <- summary(r)
  expect_identical(s$weight, c(1, 1, 0))
  # Others agree with it equally little, so that the mean lies between.
  counted <- r$.estimate[r$counts & (r$study == "study3" | r$on == "study3")]
  expect_gt(s$.estimate[3], min(counted))
  expect_lt(s$.estimate[3], max(counted))
  expect_lt(s$.upper[3], .65)
  expect_identical(s$judged, rep(1, 3))

  weighed <- augment(r, pairs)
  expect_identical(unique(weighed$weight[noise]), 0)
  expect_identical(unique(weighed$weight[!noise]), 1)
  d <- screen_data(pairs)
  again <- musl_pairs(augment(agreement_of(d), d))
  expect_identical(unique(again$weight[again$study == "study3"]), 0)
})

test_that("lines are averaged, or the study's own average is taken", {
  rows <- tibble::tibble(
    gene_a = rep(c("A", "C", "E", "G"), 2),
    gene_b = rep(c("B", "D", "F", "H"), 2),
    label = c(1, 0, 0, 0, 1, 1, 0, 0), study = "one",
    line = rep(c("x", "y"), each = 4), measured = TRUE,
    effect = c(-4, 0, 1, 2, -2, -2, 1, 0)
  )
  study <- study_scores(measured_pairs(rows))$one
  expect_identical(study$effect, c(-3, -1, 1, 1))
  # Half of the lines make a hit.
  expect_identical(study$hit, c(TRUE, TRUE, FALSE, FALSE))
  mean <- rows[1, ]
  mean$line <- "mean"
  mean$effect <- -9
  both <- study_scores(measured_pairs(rbind(rows, mean)))$one
  expect_identical(both$effect, -9)
})

test_that("studies that share too little keep their weight and are named", {
  far <- measured_table(1)
  far$study <- "far"
  far$gene_a <- paste0("X", far$gene_a)
  far$gene_b <- paste0("X", far$gene_b)
  expect_message(
    r <- musl_replication(rbind(measured_table(2, n_pairs = 400), far)), "far"
  )
  expect_false("far" %in% c(r$study, r$on))
  s <- summary(r)
  expect_identical(s$weight[s$study == "far"], 1)
  expect_identical(s$n_partners[s$study == "far"], 0L)
  expect_input_error(
    musl_replication(data.frame(gene_a = "A", gene_b = "B", label = 1))
  )
})

test_that("the measured screens agree as published", {
  file <- screens_file("screens.tsv.gz")
  pairs <- suppressWarnings(suppressMessages(
    read_gi_screen(file, lines = "mean")
  ))
  r <- agreement_of(pairs)
  # README.md of the data, "Which agree": AUROC, average precision, hits, pairs.
  published <- read.table(header = TRUE, text = "
    study on auroc auprc hits pairs
    Ito Parrish .901 .330 14 345
    Ito Thompson .723 .636 52 177
    Ito CHyMErA .674 .061 7 236
    Parrish Ito .799 .462 18 345
    Parrish Thompson .667 .534 60 195
    Parrish CHyMErA .815 .378 18 259
    Thompson Ito .846 .352 12 177
    Thompson Parrish .772 .272 17 195
    Thompson CHyMErA .579 .154 16 171
    CHyMErA Ito .673 .171 18 236
    CHyMErA Parrish .741 .295 20 259
    CHyMErA Thompson .695 .454 44 171
    BigPapi Ito .835 .605 5 22
    Shen BigPapi .507 .184 6 55")
  at <- match(paste(published$study, published$on), paste(r$study, r$on))
  expect_lt(max(abs(r$.estimate[at] - published$auroc)), 0.0006)
  expect_lt(max(abs(r$auprc[at] - published$auprc)), 0.0006)
  expect_identical(r$n_hits[at], published$hits)
  expect_identical(r$n_pairs[at], published$pairs)
})

test_that("pairs of unexpressed genes are a study's negative controls", {
  pairs <- measured_table(2, n_pairs = 400)
  genes <- sort(unique(c(pairs$gene_a, pairs$gene_b)))
  lines <- matrix(4, length(genes), 3, dimnames = list(genes, c("a", "b", "c")))
  silent <- genes[1:6]
  lines[silent, ] <- 0
  data <- suppressMessages(musl_data(
    pairs = pairs, evidence = musl_evidence(lines = lines),
    network = data.frame(from = genes[-1], to = genes[[1]])
  ))
  found <- summary(agreement_of(data))
  for (i in seq_len(nrow(found))) {
    own <- pairs[pairs$study == found$study[[i]], ]
    hit <- own$label == "SL"
    control <- own$gene_a %in% silent | own$gene_b %in% silent
    rate <- mean(hit[!control])
    expect_equal(found$n_controls[[i]], sum(control))
    expect_equal(found$control_hits[[i]], sum(hit[control]))
    expect_identical(
      found$control_genes[[i]],
      paste(intersect(silent, unlist(own[control & hit, 1:2])), collapse = ";")
    )
    share <- (sum(hit[control]) + .5) / (sum(control) + .5 / rate) / rate
    expect_equal(found$false_hits[[i]], min(1, share))
  }
  none <- summary(agreement_of(pairs))
  expect_true(all(is.na(none$false_hits)))
})
