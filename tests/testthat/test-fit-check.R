# What musl_fit() requires of its arguments, and what it says of the data.

test_that("too few pairs and samples are warned of with a sensible size", {
  data <- tiny_data(n_pairs = 40, samples = 6)
  expect_warning(
    tiny_fit(data), "use at least 30", class = "musl_warning_other"
  )
  expect_warning(
    tiny_fit(data), "bulk (6)", fixed = TRUE, class = "musl_warning_other"
  )
  expect_warning(tiny_fit(tiny_data()), NA)
})

test_that("genes to keep are never held out, others are", {
  pairs <- labelled_pairs(tiny_data(n_pairs = 300)@pairs)
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  held <- function(seed, keep = NULL) {
    sets <- mixed_sets(pairs, seed, keep)
    setdiff(genes, c(sets$training$gene_a, sets$training$gene_b))
  }
  keep <- genes[seq(2, 60, 2)]
  for (seed in 1:5) {
    expect_length(intersect(held(seed, keep), keep), 0)
    expect_gt(length(held(seed, keep)), 0)
    expect_identical(held(seed, character()), held(seed))
  }
})

test_that("a held-out anchor is warned of, a kept one is not", {
  fit <- tiny_model()
  known <- table(c(fit@known$gene_a, fit@known$gene_b))
  held <- intersect(names(known), fit@genes[fit@n_seen == 0])
  seen <- intersect(names(known), fit@genes[fit@n_seen > 0])
  expect_gt(length(held), 0)
  expect_warning(
    musl_partners(fit, held[[1]], n = 3), "keep_genes",
    class = "musl_warning_other"
  )
  expect_warning(musl_partners(fit, seen[[1]], n = 3), NA)
  kept <- tiny_fit(keep_genes = held[[1]])
  expect_gt(kept@n_seen[match(held[[1]], kept@genes)], 0)
  expect_warning(musl_partners(kept, held[[1]], n = 3), NA)
})

test_that("advice on a held-out anchor is what its fit allows", {
  fit <- tiny_model()
  fit@split$setting <- "inductive"
  fit@split$fold <- 1L
  held <- intersect(
    c(fit@known$gene_a, fit@known$gene_b), fit@genes[fit@n_seen == 0]
  )
  # A split refuses `keep_genes`.
  cnd <- expect_warning(
    musl_partners(fit, held[[1]], n = 3), class = "musl_warning_other"
  )
  expect_match(cnd_text(cnd), "without\\s+`split`")
  expect_no_match(cnd_text(cnd), "keep_genes")
})

test_that("genes to keep must be of labelled pairs, without a split", {
  data <- tiny_data()
  split <- musl_split(data, "random", folds = 2, seed = 1)
  expect_input_error(musl_fit(data, split, keep_genes = "G01"), "keep_genes")
  expect_gene_error(musl_fit(data, keep_genes = "G99"), "G99")
  expect_input_error(musl_fit(data, keep_genes = 1))
})

test_that("a last epoch that gains next to nothing is not warned of", {
  history <- tibble::tibble(
    member = 1, phase = "joint", epoch = 0:3,
    best = c(FALSE, FALSE, FALSE, TRUE), valid_auprc = c(0.5, 0.7, 0.74, 0.744)
  )
  result <- list(history = history, cancelled = FALSE, converged = FALSE)
  expect_silent(report_fit(result))
  result$history$valid_auprc[[4]] <- 0.75
  expect_warning(report_fit(result), class = "musl_warning_not_converged")
})

# Every SL pair has the hub; non-SL pairs are of genes without any.
popular_pairs <- function() {
  data.frame(
    gene_a = c(rep("G01", 20), sprintf("G%02d", 41:60)),
    gene_b = c(sprintf("G%02d", 2:21), sprintf("G%02d", 61:80)),
    label = rep(c("SL", "non_SL"), each = 20)
  )
}

test_that("a fit tells that labels follow how well genes are known", {
  expect_message(
    tell_popularity(popular_pairs(), NULL), "musl_negatives",
    class = "musl_message_popularity"
  )
  expect_message(tell_popularity(popular_pairs(), "a split"), "musl_split")
  balanced <- popular_pairs()
  balanced$gene_a[21:40] <- "G01"
  expect_message(tell_popularity(balanced, NULL), NA)
})

test_that("simulated labels, which are uneven by design, are not told of", {
  skip_without_backend()
  data <- musl_simulate("small", seed = 1)
  expect_gt(popularity_auroc(musl_pairs(data)), popularity_limit)
  fit <- function(data) {
    suppressWarnings(musl_fit(
      data,
      architecture = tiny_architecture(encoders = "descriptors"),
      control = tiny_control(epochs = 1), progress = FALSE
    ))
  }
  expect_message(fit(data), NA, class = "musl_message_popularity")
  data@truth <- NULL
  expect_message(fit(data), class = "musl_message_popularity")
})

test_that("the encoders are those of musl_architecture()", {
  expect_setequal(names(with_backend(cpp_encoders())), known_encoders)
})

test_that("an encoder is usable if the data hold something for each input", {
  all <- c("histogram", "descriptors", "genes", "graph", "partners")
  expect_identical(usable_encoders(all, "pairs"), "partners")
  expect_identical(
    usable_encoders(all, c("pairs", "expression")),
    c("histogram", "descriptors", "genes", "partners")
  )
  for (held in c("network", "embeddings")) {
    expect_identical(
      usable_encoders(all, c("pairs", held)), c("genes", "graph", "partners")
    )
  }
  expect_identical(usable_encoders(character(), "pairs"), character())
})

test_that("a model reads the set of descriptors that it was fitted with", {
  data <- tiny_data()
  fit <- tiny_fit(
    data,
    tiny_architecture(encoders = "descriptors", descriptors = "paper")
  )
  names <- paste0("bulk: ", cpp_descriptor_names("paper"))
  of_pair <- function(i) {
    pair <- musl_pairs(data)[i, ]
    why <- musl_explain(fit, pair$gene_a, pair$gene_b, nearest = 0)
    why[why$component == "descriptors", ]
  }
  has <- rownames(data@cohorts$bulk$assays$expression)
  pairs <- musl_pairs(data)
  rows <- which(pairs$gene_a %in% has & pairs$gene_b %in% has)[1:4]
  found <- lapply(rows, of_pair)
  for (one in found) expect_setequal(one$term, names)
  # Standardised, and otherwise the same numbers; levels keep the bins.
  value <- vapply(found, function(one) {
    one$value[one$term == "bulk: wasserstein"]
  }, 0)
  pairs <- pairs[rows, ]
  expected <- musl_descriptors(data, pairs, bins = 8, set = "paper")
  expect_gt(cor(value, expected$wasserstein), 1 - 1e-5)

  scores <- predict(fit, pairs)$.score
  file <- withr::local_tempfile()
  musl_save(fit, file)
  again <- musl_load(file)
  expect_identical(again@architecture$descriptors, "paper")
  expect_identical(predict(again, pairs)$.score, scores)
})
