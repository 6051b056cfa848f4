two_branches <- function() {
  if (is.null(tiny_store$two_branches)) {
    assign("two_branches", tiny_fit(
      architecture = tiny_architecture(encoders = c("descriptors", "graph"))
    ), envir = tiny_store)
  }
  tiny_store$two_branches
}

balance_of_tiny <- function(..., pairs = musl_pairs(tiny_data()), seed = 1) {
  suppressMessages(
    musl_balance(two_branches(), pairs, repeats = 10, ..., seed = seed),
    classes = "musl_message_known"
  )
}

test_that("musl_balance() judges the scores of predict()", {
  found <- balance_of_tiny()
  expect_identical(found$encoder, c("descriptors", "graph"))
  scored <- predict(two_branches(), musl_pairs(tiny_data()), type = "parts")
  has_score <- !is.na(scored$.score)
  overall <- glance(found)
  expect_identical(overall$n_pairs, sum(has_score))
  auroc <- function(score, label) {
    mean(outer(score[label == "SL"], score[label != "SL"], ">"))
  }
  expect_equal(
    overall$auroc, auroc(scored$.score[has_score], scored$label[has_score]),
    tolerance = 1e-6
  )
  # Genes without expression have no descriptors.
  expressed <- rownames(tiny_data()@sources$bulk$assays[[1]])
  has <- scored$gene_a %in% expressed & scored$gene_b %in% expressed
  expect_identical(found$n_pairs[[1]], sum(has))
  expect_equal(found$coverage, found$n_pairs / overall$n_pairs)
  expect_equal(
    found$own_auroc[[1]],
    auroc(scored$.branch_descriptors[has], scored$label[has]),
    tolerance = 1e-6
  )
})

test_that("gates are the means of predict()'s, by unseen genes", {
  found <- balance_of_tiny()
  parts <- predict(two_branches(), musl_pairs(tiny_data()), type = "parts")
  for (unseen in 0:2) {
    rows <- parts[parts$n_unseen == unseen & !is.na(parts$.score), ]
    column <- found[[paste0("gate_", unseen)]]
    if (nrow(rows) == 0) {
      expect_identical(column, rep(NA_real_, 2))
      next
    }
    expect_equal(
      column, c(mean(rows$.gate_descriptors), mean(rows$.gate_graph)),
      tolerance = 1e-6
    )
  }
})

test_that("the seed decides, R's generator and threads do not", {
  withr::local_seed(1)
  before <- .Random.seed
  expect_identical(balance_of_tiny(), balance_of_tiny(threads = 2))
  expect_identical(.Random.seed, before)
  other <- balance_of_tiny(seed = 2)
  expect_false(identical(other$use_auroc, balance_of_tiny()$use_auroc))
  swapped <- musl_pairs(tiny_data())
  swapped[c("gene_a", "gene_b")] <- swapped[c("gene_b", "gene_a")]
  expect_identical(balance_of_tiny(pairs = swapped), balance_of_tiny())
})

test_that("the gap is what the branch apart knows beyond the probe", {
  apart <- tiny_fit(
    architecture = tiny_architecture(encoders = c("descriptors", "graph")),
    control = tiny_control("branches", joined_by = "sum")
  )
  pairs <- musl_pairs(tiny_data())
  found <- balance_of_tiny(unimodal = apart)
  own <- suppressMessages(
    musl_balance(apart, pairs, repeats = 2, seed = 1),
    classes = "musl_message_known"
  )
  expect_equal(found$gap, own$own_auprc - found$probe_auprc)
  expect_true(all(is.na(own$gap)))
  expect_true(all(is.na(own$gate_0))) # nothing is fused
})

test_that("musl_balance() names what it can't judge", {
  pairs <- musl_pairs(tiny_data())
  sl <- pairs[pairs$label == "SL", ]
  expect_error(
    balance_of_tiny(pairs = sl), paste0("non-SL.*", nrow(sl), " pairs of .SL"),
    class = "musl_error_input"
  )
  turned <- data.frame(gene_a = sl$gene_b, gene_b = sl$gene_a, label = "non_SL")
  expect_error(
    suppressWarnings(
      balance_of_tiny(pairs = rbind(sl[names(turned)], turned)),
      classes = "musl_warning"
    ),
    "non-SL.*Found none", class = "musl_error_input"
  )
  expect_error(
    balance_of_tiny(pairs = pairs[c("gene_a", "gene_b")]),
    "label", class = "musl_error_input"
  )
  expect_error(
    balance_of_tiny(unimodal = tiny_model()), "encoders",
    class = "musl_error_input"
  )
  expect_error(
    musl_balance(two_branches(), pairs, repeats = 1), "repeats",
    class = "musl_error_input"
  )
})

test_that("pairs of the training, and without a score, are told of", {
  fit <- musl_example_model()
  pairs <- musl_pairs(musl_simulate("small", screens = TRUE, seed = 1))
  recorded <- pairs[!pairs$measured, ]
  new <- pairs[!pair_keys(pairs) %in% pair_keys(recorded), ]
  few <- function(x) musl_balance(fit, x, repeats = 2, seed = 1, threads = 1)
  cnd <- expect_message(
    few(rbind(recorded[1:9, ], new[1:60, ])), class = "musl_message_known"
  )
  expect_identical(cnd$n_known, 9L)
  # The network did not learn from screens.
  expect_message(few(new[1:60, ]), NA)
  new$gene_a[1:2] <- "NOGENE"
  expect_warning(
    found <- few(new[1:60, ]), "NOGENE", class = "musl_warning_unknown_gene"
  )
  expect_identical(glance(found)$n_pairs, 58L)
})

test_that("musl_balance() prints and draws each branch", {
  local_reproducible_output(width = 120)
  found <- balance_of_tiny()
  expect_output(print(found), "musl_balance.*120 pairs.*descripto.*graph")
  plot <- ggplot2::autoplot(found, "auprc")
  built <- ggplot2::layer_data(plot, 3)
  expect_setequal(
    built$x, c(found$use_auprc, found$own_auprc, found$probe_auprc)
  )
  # Bars are two standard deviations long on either side.
  bars <- ggplot2::layer_data(plot, 2)
  bars <- bars[!is.na(bars$xmin), ]
  expect_setequal(bars$xmin, found$use_auprc - 2 * found$use_auprc_sd)
  expect_setequal(bars$xmax, found$use_auprc + 2 * found$use_auprc_sd)
  expect_true(all(found$use_auprc_sd > 0))
})
