test_that("a quantity that is used scaled, too, is one bar", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM169")
  twice <- sub("^evidence:", "", grep("^evidence:", why$term, value = TRUE))
  twice <- intersect(twice, why$term)
  expect_gt(length(twice), 0)
  drawn <- ggplot2::autoplot(why, n = 100L)$data
  of_terms <- why$component != "reference"
  expect_equal(sum(drawn$contribution), sum(why$contribution[of_terms]))
  expect_identical(nrow(drawn), sum(of_terms) - length(twice))
  one <- why[why$term == twice[[1]], ]
  both <- sum(why$contribution[sub("^evidence:", "", why$term) == twice[[1]]])
  bar <- grepl(one$description, gsub("\n", " ", drawn$label), fixed = TRUE)
  expect_true(any(abs(drawn$contribution[bar] - both) < 1e-12))
})

test_that("names of terms take two lines at most, and lose nothing", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM041")
  labels <- as.character(ggplot2::autoplot(why, n = 100L)$data$label)
  lines <- strsplit(labels, "\n", fixed = TRUE)
  expect_lte(max(lengths(lines)), 2)
  expect_gt(max(lengths(lines)), 1)
})

test_that("a picture that an explanation lacks is refused by its caller", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM169")
  cnd <- expect_input_error(autoplot(why, "histogram"))
  expect_match(conditionMessage(cnd), "has no histogram", fixed = TRUE)
  expect_identical(conditionCall(cnd)[[1]], quote(autoplot))
})

test_that("further terms and the constant are told below, and add up", {
  why <- musl_explain(musl_human_model(), "STAG2", "STAG1", ranks = FALSE)
  bars <- term_bars(why, 5)
  expect_identical(nrow(bars$rows), 5L)
  expect_false(any(grepl("further", bars$rows$label)))
  pooled <- pool_scaled(described_terms(why))
  expect_match(bars$rest, sprintf("^%d further terms: ", nrow(pooled) - 6L))
  told <- as.numeric(unlist(regmatches(
    bars$rest, gregexpr("[+-][0-9.]+", bars$rest)
  )))
  expect_equal(
    sum(told) + sum(bars$rows$contribution), glance(why)$.score,
    tolerance = .02
  )
  expect_match(bars$rest, "; constant: [+-][0-9.]+$")
  one <- ggplot2::autoplot(why, n = 1L)
  expect_identical(nrow(one$data), 1L)
  # None is left.
  expect_match(term_bars(why, 1000L)$rest, "^constant: ")
})

test_that("labels do not touch in a picture of 4 inches", {
  for (pair in list(c("STAG2", "STAG1"), c("ARID1A", "ARID1B"))) {
    why <- musl_explain(musl_human_model(), pair[1], pair[2], ranks = FALSE)
    for (what in c("terms", "order")) {
      withr::with_pdf(NULL, width = 6, height = 4, {
        grob <- ggplot2::ggplotGrob(ggplot2::autoplot(why, what))
        fixed <- grid::convertHeight(sum(grob$heights), "inches", TRUE)
      })
      # Half a row of space is left at either end of 10 bars.
      pitch <- (4 - fixed) / 11.2
      label <- 2 * 7 * 0.8 / 72
      expect_gt(pitch, label)
    }
  }
})

test_that("what ranks lists has a picture of its own", {
  why <- musl_explain(musl_human_model(), "STAG2", "STAG1", ranks = FALSE)
  drawn <- ggplot2::autoplot(why, "order", n = 3L)
  expect_identical(
    drawn$labels$title, "STAG1 and STAG2: what ranks them in lists"
  )
  pooled <- pool_scaled(described_terms(why))
  largest <- sort(abs(pooled$order[pooled$component != "reference"]), TRUE)[1:3]
  expect_equal(abs(drawn$data$contribution), largest)
  network <- musl_explain(
    musl_example_model(), "SIM001", "SIM169", scorers = "musl"
  )
  expect_input_error(autoplot(network, "order"))
})
