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

weighed <- function(pairs, threshold = .65) {
  studies <- assessed_studies(pairs, threshold)
  list(studies = studies, pairs = weigh_studies(pairs, studies))
}

test_that("studies that contradict each other alone are both learned from", {
  d <- studies_of_one()
  d@pairs <- d@pairs[d@pairs$study %in% c("one", "four"), ]
  pairs <- labelled_training(list(data = d))
  expect_message(found <- weighed(pairs), NA)
  expect_identical(found$pairs$weight, pairs$weight)
  expect_identical(found$studies$weight, c(1, 1))
  expect_true(all(found$studies$.upper < .5))
})

test_that("two studies that agree outvote a third", {
  d <- studies_of_one()
  d@pairs <- d@pairs[d@pairs$study %in% c("one", "two", "four"), ]
  pairs <- labelled_training(list(data = d))
  # Those that agree have 1 with each other and 0 with the third: .5, with an
  # interval from 0 to 1, so that little is taken off.
  expect_message(
    found <- weighed(pairs), "four", class = "musl_message_replication"
  )
  expect_true(all(found$studies$weight[1:2] > .7))
  expect_identical(found$studies$weight[[3]], 0)
  expect_identical(found$pairs$weight == 0, as.vector(pairs$study == "four"))
  # One study alone, and studies without scores, can't contradict.
  one <- pairs[pairs$study == "one", ]
  expect_message(alone <- weighed(one), NA)
  expect_null(alone$studies)
  expect_identical(alone$pairs, one)
  pairs$effect <- NA_real_
  expect_identical(weighed(pairs)$pairs, pairs)
})

test_that("no study is left out that others can assess in part alone", {
  d <- studies_of_one()
  pairs <- labelled_training(list(data = d))
  from <- unique(c(pairs$gene_a, pairs$gene_b))
  further <- pairs[rep(which(pairs$study == "four"), 2), ]
  # As many pairs of genes of its own, twice.
  n <- nrow(further) / 2
  for (end in c("gene_a", "gene_b")) {
    further[[end]] <- paste0(further[[end]], rep(c("x", "y"), each = n))
  }
  found <- suppressMessages(weighed(rbind(pairs, further)))$studies
  four <- found[found$study == "four", ]
  expect_lt(four$.upper, .65)
  expect_equal(four$judged, 1 / 3)
  # Two thirds of one half can be assessed, and are contradicted.
  expect_equal(four$weight, 1 / 3)
})

test_that("agreement and weights stand in the summary and in the card", {
  d <- studies_of_one()
  fit <- suppressMessages(musl_fit(d,
    scorers = "boosting", progress = FALSE,
    control = musl_control(seed = 1, threads = 1)
  ))
  agreement <- summary(suppressMessages(musl_replication(d)))
  shown <- c("study", "n_hits", ".estimate", ".lower", ".upper", "weight")
  expect_identical(summary(fit)$card$studies[shown], agreement[shown])
  expect_output(print(musl_report(fit)), "Agreement of studies")
  file <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, file)
  expect_identical(
    musl_report(musl_load(file))$studies, musl_report(fit)$studies
  )
})

# Three studies of pairs of their own among 60 genes: hits have two genes of
# high expression.
studies_by_level <- function() {
  genes <- sprintf("G%02d", 1:60)
  ends <- utils::combn(genes, 2)
  withr::with_seed(1, {
    level <- set_names(stats::runif(60, 0, 10), genes)
    drawn <- sample.int(ncol(ends), 900)
    low <- pmin(level[ends[1, drawn]], level[ends[2, drawn]])
    pairs <- tibble::tibble(
      gene_a = ends[1, drawn], gene_b = ends[2, drawn],
      label = ifelse(low + stats::rnorm(900) > 5, "SL", "non_SL"),
      study = rep(c("one", "two", "three"), 300), measured = TRUE,
      effect = ifelse(label == "SL", -1, 0)
    )
    x <- level + matrix(stats::rnorm(60 * 12), 60)
  })
  rownames(x) <- genes
  list(x = x, pairs = pairs)
}

test_that("a warning names a study whose hits the others rank at chance", {
  made <- studies_by_level()
  learned <- function(pairs) {
    suppressMessages(musl_fit(
      musl_data(made$x, pairs = pairs, scale = "log"),
      scorers = "linear", progress = FALSE,
      control = musl_control(seed = 1, threads = 1)
    ))
  }
  pairs <- made$pairs
  expect_no_warning(fit <- learned(pairs))
  found <- summary(fit)$card$studies
  expect_true(all(found$by_others_lower > .6))
  out <- which(pairs$study == "three")
  pairs$label[out] <- withr::with_seed(1, sample(pairs$label[out]))
  expect_warning(
    fit <- learned(pairs), "three", class = "musl_warning_replication"
  )
  found <- summary(fit)$card$studies
  expect_lt(found$by_others_lower[found$study == "three"], .5)
})
