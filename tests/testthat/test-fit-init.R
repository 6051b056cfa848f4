# What a model that another one continues had learned.

small_fit <- function(split, ...) {
  suppressMessages(musl_fit(
    tiny_data(), split,
    architecture = tiny_architecture(),
    control = tiny_control(...), progress = FALSE
  ))
}

test_that("what init learned counts as seen and known", {
  skip_without_backend()
  data <- tiny_data()
  random <- musl_split(data, "random", folds = 3L, seed = 2)
  held_out <- musl_split(data, "inductive", folds = 3L, seed = 2)
  old <- suppressWarnings(small_fit(random, seed = 1))
  expect_warning(
    new <- suppressMessages(musl_fit(
      data, held_out,
      init = old, control = tiny_control(seed = 1), progress = FALSE
    )),
    class = "musl_warning_leakage"
  )
  expect_true(all(new@n_seen >= old@n_seen))
  expect_leakage_error(suppressMessages(musl_metrics(new, held_out)))
  known <- pair_keys(musl_parts(random, 1L)$train)
  expect_true(all(known %in% pair_keys(new@known)))
})

test_that("a fit is continued on its own parts without a warning", {
  skip_without_backend()
  split <- musl_split(tiny_data(), "inductive", folds = 3L, seed = 2)
  old <- suppressWarnings(small_fit(split, seed = 1))
  leaks <- 0
  new <- withCallingHandlers(
    suppressMessages(musl_fit(
      tiny_data(), split,
      init = old, control = tiny_control(seed = 1), progress = FALSE
    )),
    warning = function(cnd) {
      leaks <<- leaks + inherits(cnd, "musl_warning_leakage")
      tryInvokeRestart("muffleWarning")
    }
  )
  expect_identical(leaks, 0)
  expect_identical(new@n_seen, old@n_seen)
  expect_no_error(suppressMessages(musl_metrics(new, split)))
})
