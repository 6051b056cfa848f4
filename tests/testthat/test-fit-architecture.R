test_that("the preset \"paper\" is the published network", {
  paper <- musl_architecture("paper")
  expect_identical(paper$encoders, c("histogram", "descriptors", "graph"))
  expect_identical(paper$graph_net, "sage")
  expect_identical(paper$transforms, c("z", "log", "z_log"))
  expect_identical(paper$descriptors, "paper")
  expect_identical(paper$fusion, "attention")
  expect_identical(paper$alignment, 0.1)
  expect_identical(paper$auxiliary, 0)
  expect_identical(paper$coexpression, 0L)
  # What nothing is published on is as usual.
  ours <- c("width", "spectral", "dropout")
  expect_identical(unclass(paper)[ours], unclass(musl_architecture())[ours])
})

test_that("an argument that is given wins over the preset", {
  mixed <- musl_architecture("paper", fusion = "gate", bins = 16)
  expect_identical(mixed$fusion, "gate")
  expect_identical(mixed$bins, 16L)
  expect_identical(mixed$alignment, 0.1)
})

test_that("the preset \"paper\" trains as published", {
  paper <- musl_control(preset = "paper")
  expect_identical(paper$batch_size, 128L)
  expect_identical(paper$learning_rate, 1e-4)
  expect_identical(paper$weight_decay, 1e-3)
  expect_identical(paper$schedule, "plateau")
  expect_identical(paper$ensemble, 1L)
  mixed <- musl_control(preset = "paper", learning_rate = 1e-3)
  expect_identical(mixed$learning_rate, 1e-3)
  expect_identical(mixed$batch_size, 128L)
  expect_input_error(musl_control(preset = "muse"))
})

test_that("values out of their range are refused by name", {
  refused <- function(expr, field) {
    cnd <- expect_input_error(expr)
    expect_match(conditionMessage(cnd), field, fixed = TRUE)
  }
  refused(musl_architecture(bins = 8.5), "bins")
  refused(musl_architecture(bins = NA), "bins")
  refused(musl_architecture(encoders = character()), "encoders")
  refused(musl_architecture(encoders = "transformer"), "encoders")
  refused(musl_architecture(encoders = c("graph", "transformer")), "encoders")
  refused(musl_architecture(encoders = c("graph", "graph")), "encoders")
  refused(musl_architecture(fusion = "attention", width = 6), "width")
  refused(musl_control(device = "gpu"), "device")
  refused(musl_control(device = c("cuda:0", "cuda:1")), "device")
})

test_that("both print every field within the width of the console", {
  withr::local_options(width = 60)
  lines <- c(
    capture.output(print(musl_architecture())),
    capture.output(print(musl_control(seed = 7)))
  )
  expect_lte(max(nchar(lines)), 60)
  text <- paste(lines, collapse = " ")
  expect_match(text, paste0(
    "encoders=", paste(musl_architecture()$encoders, collapse = "+")
  ), fixed = TRUE)
  expect_match(text, "learning_rate=0.001", fixed = TRUE)
  expect_match(text, "seed=7", fixed = TRUE)
})

test_that("histograms enter where a cohort has the samples, and bins follow", {
  plain <- musl_architecture()
  few <- c("descriptors", "genes", "graph", "partners")
  expect_identical(decided(plain, 9999L)$encoders, few)
  expect_identical(decided(plain, 10000L)$encoders, c("histogram", few))
  bins <- vapply(c(0L, 63L, 64L, 4999L, 5000L), function(n) {
    decided(plain, n)$bins
  }, 1L)
  expect_identical(bins, c(8L, 8L, 16L, 16L, 32L))
  given <- musl_architecture(encoders = "histogram", bins = 24)
  expect_identical(decided(given, 10L), given)
})

test_that("what the data decided is told, with the reason", {
  data <- tiny_data()
  expect_message(
    found <- decide_architecture(musl_architecture(), data),
    "Histograms are not read", class = "musl_message_encoders"
  )
  expect_false("histogram" %in% found$encoders)
  expect_silent(decide_architecture(tiny_architecture(), data))
  # Where no network is trained the choice is no news.
  expect_silent(decide_architecture(musl_architecture(), data, tell = FALSE))
  without <- tiny_data()
  without@cohorts <- list()
  expect_silent(decide_architecture(musl_architecture(), without))
})

test_that("a number out of place is told its true range", {
  skip_without_backend()
  expect_input_error(
    musl_control(epochs = 2.5), "must be one whole number\\.$|number\\.\n"
  )
  expect_input_error(
    musl_control(epochs = -3), "at least 1 and at most 100000, not -3"
  )
  expect_input_error(
    musl_architecture(width = 1e10), "whole number below 2\\^31"
  )
})

test_that("encoders are those that the backend was built with", {
  skip_without_backend()
  expect_identical(encoder_names(c("genes", "graph")), known_encoders)
  built <- names(with_backend(cpp_encoders()))
  expect_setequal(encoder_names("nearness"), union(known_encoders, built))
  expect_error(
    musl_architecture(encoders = "nearness"), "encoders",
    class = "musl_error_input"
  )
})
