test_that("a quantity that is used scaled, too, is one bar", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM169")
  twice <- sub("^evidence:", "", grep("^evidence:", why$term, value = TRUE))
  twice <- intersect(twice, why$term)
  expect_gt(length(twice), 0)
  drawn <- ggplot2::autoplot(why, n = 100L)$data
  expect_equal(sum(drawn$contribution), sum(why$contribution))
  expect_identical(nrow(drawn), nrow(why) - length(twice))
  one <- why[why$term == twice[[1]], ]
  both <- sum(why$contribution[sub("^evidence:", "", why$term) == twice[[1]]])
  bar <- grepl(one$description, gsub("\n", " ", drawn$label), fixed = TRUE)
  expect_true(any(abs(drawn$contribution[bar] - both) < 1e-12))
})

test_that("names of terms take three lines at most, and lose nothing", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM041")
  labels <- as.character(ggplot2::autoplot(why, n = 100L)$data$label)
  lines <- strsplit(labels, "\n", fixed = TRUE)
  expect_lte(max(lengths(lines)), 3)
  expect_gt(max(lengths(lines)), 1)
})

test_that("a picture that an explanation lacks is refused by its caller", {
  why <- musl_explain(musl_example_model(), "SIM001", "SIM169")
  cnd <- expect_input_error(autoplot(why, "histogram"))
  expect_match(conditionMessage(cnd), "has no histogram", fixed = TRUE)
  expect_identical(conditionCall(cnd)[[1]], quote(autoplot))
})

test_that("further terms are told by kind, and add up", {
  why <- musl_explain(musl_human_model(), "STAG2", "STAG1")
  bars <- term_bars(why, 5)
  expect_equal(sum(bars$contribution), glance(why)$.score, tolerance = 1e-6)
  further <- grep("further term", bars$label, value = TRUE)
  expect_length(further, 4)
  expect_match(further, "further terms?: [a-z ]+$")
  expect_match(further[[4]], "other kinds")
  # They count all terms but those shown and the constant.
  n <- as.integer(sub(" .*", "", further))
  pooled <- pool_scaled(described_terms(why))
  expect_identical(sum(n), nrow(pooled) - 6L)
})
