# Every SL pair has the hub; non-SL pairs are of genes without any.
popular_pairs <- function() {
  data.frame(
    gene_a = c(rep("G01", 20), sprintf("G%02d", 41:60)),
    gene_b = c(sprintf("G%02d", 2:21), sprintf("G%02d", 61:80)),
    label = rep(c("SL", "non_SL"), each = 20)
  )
}

test_that("the AUROC of the genes' SL pairs leaves the pair itself out", {
  expect_equal(popularity_auroc(popular_pairs()), 1)
  # Each gene in one pair: nothing else is known of it.
  apart <- popular_pairs()
  apart$gene_a[1:20] <- sprintf("H%02d", 1:20)
  expect_equal(popularity_auroc(apart), 0.5)
})

test_that("a fit tells that labels follow how well genes are known", {
  expect_message(
    tell_popularity(popular_pairs(), NULL), "musl_fit",
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

test_that("`negatives` draws non-SL pairs in place of those given", {
  data <- tiny_data()
  drawn <- replace_negatives(data, "degree_matched", NULL, 1L)
  expect_identical(
    musl_pairs(drawn),
    musl_pairs(musl_negatives(
      musl_data(
        pairs = musl_pairs(data)[musl_pairs(data)$label == "SL", ],
        data@sources[[1]]$assays[[1]], musl_network(data), data@embeddings,
        scale = "log"
      ), "degree_matched", seed = 1L
    ))
  )
  expect_identical(replace_negatives(data, NULL, NULL, 1L), data)
  expect_error(
    replace_negatives(data, "tested", NULL, 1L),
    class = "musl_error_input"
  )
  expect_error(
    replace_negatives(data, "random", musl_split(data, seed = 1), 1L),
    class = "musl_error_input"
  )
  skip_without_backend()
  fit <- suppressWarnings(musl_fit(
    data,
    architecture = tiny_architecture(encoders = "descriptors"),
    control = tiny_control(epochs = 1), negatives = "random", progress = FALSE
  ))
  given <- musl_pairs(data)
  given <- pair_keys(given[given$label == "non_SL", ])
  expect_false(any(pair_keys(fit@known) %in% given))
})
