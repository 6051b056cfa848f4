# Three studies of the same pairs that agree, and one that says the contrary.
studies_of_one <- function(contrary = TRUE) {
  d <- measured_data()
  pairs <- d@pairs
  pairs$query <- NULL
  of <- function(study, sign, seed) {
    noise <- withr::with_seed(seed, stats::rnorm(nrow(pairs)))
    pairs$study <- study
    pairs$effect <- sign * 3 * (pairs$label == "SL") + noise
    pairs$label <- factor(
      ifelse(pairs$effect < -1, "SL", "non_SL"), levels(pairs$label)
    )
    pairs
  }
  d@pairs <- rbind(
    of("one", -1, 1), of("two", -1, 2), of("three", -1, 3),
    if (contrary) of("four", 1, 4)
  )
  d
}

test_that("a study that others contradict is not learned from, as is told", {
  d <- studies_of_one()
  value <- summary(suppressMessages(musl_replication(d)))
  expect_identical(value$study[value$weight == 0], "four")
  fit <- function(data, ...) {
    suppressMessages(musl_fit(data,
      scorers = "features", progress = FALSE,
      control = musl_control(seed = 1, threads = 1, ...)
    ), classes = c("musl_message_backend", "musl_message_evidence"))
  }
  expect_message(kept <- fit(d), "four", class = "musl_message_replication")
  asked <- head(musl_pairs(d)[c("gene_a", "gene_b")], 20)
  three <- fit(studies_of_one(contrary = FALSE))
  expect_equal(
    predict(kept, asked, scorers = "boosting")$.score,
    predict(three, asked, scorers = "boosting")$.score
  )
  expect_message(
    all <- fit(d, replication = 0), NA,
    class = "musl_message_replication"
  )
  expect_false(identical(
    predict(all, asked)$.score, predict(kept, asked)$.score
  ))
  expect_input_error(fit(d, replication = 2))
})

test_that("studies that contradict each other alone are both learned from", {
  d <- studies_of_one()
  d@pairs <- d@pairs[d@pairs$study %in% c("one", "four"), ]
  pairs <- labelled_training(list(data = d))
  expect_message(found <- without_contradicted(pairs, .65), NA)
  expect_identical(found$weight, pairs$weight)
})

test_that("two studies that agree outvote a third", {
  d <- studies_of_one()
  d@pairs <- d@pairs[d@pairs$study %in% c("one", "two", "four"), ]
  pairs <- labelled_training(list(data = d))
  # Those that agree have 1 with each other and 0 with the third, .5 in all.
  expect_message(
    found <- without_contradicted(pairs, .4), "four",
    class = "musl_message_replication"
  )
  expect_identical(found$weight == 0, as.vector(pairs$study == "four"))
  # One study alone, and studies without scores, can't contradict.
  one <- pairs[pairs$study == "one", ]
  expect_message(alone <- without_contradicted(one, .65), NA)
  expect_identical(alone, one)
  pairs$effect <- NA_real_
  expect_identical(without_contradicted(pairs, .65), pairs)
})
