em_control <- function(...) tiny_control("em", em_prior = 0.5, ...)
two_scales <- function() {
  tiny_architecture(encoders = c("descriptors", "graph"))
}

test_that("branches teach each other in the order of the plan", {
  fit <- tiny_fit(
    architecture = two_scales(), control = em_control(em_iterations = 2)
  )
  phases <- c(
    "branch:descriptors", "branch:graph", "E1:descriptors", "M1:graph",
    "E2:descriptors", "M2:graph", "fuse"
  )
  plan <- musl_plan(fit@control, fit@architecture)
  expect_identical(plan$phase, phases)
  expect_identical(unique(tidy(fit, "history")$phase), phases)
  expect_identical(
    plan$losses[3:4], c(
      "bce(descriptors) + bce(descriptors, target = pseudo:graph)",
      "bce(graph) + bce(graph, target = pseudo:descriptors)"
    )
  )
  scored <- predict(fit, musl_pairs(tiny_data()))
  expect_false(anyNA(scored$.score))
})

test_that("the history tells how unlabelled pairs were learned from", {
  fit <- tiny_fit(
    architecture = two_scales(),
    control = em_control(em_iterations = 1, em_confidence = 0)
  )
  phases <- tidy(fit)
  teaches <- startsWith(phases$phase, "E1:") | startsWith(phases$phase, "M1:")
  n_training <- fit@split$n_training
  expect_true(all(phases$n_unlabelled[!teaches] == 0))
  expect_true(all(is.na(phases$temperature[!teaches])))
  expect_true(any(phases$n_unlabelled > 0))
  expect_true(all(
    phases$n_unlabelled <= fit@control$em_unlabelled * n_training
  ))
  learned <- phases[phases$n_unlabelled > 0, ]
  expect_true(all(learned$share_positive >= 0 & learned$share_positive <= 1))
  expect_true(all(learned$temperature >= .05 & learned$temperature <= 20))
  # MUSE's labels are hard and its teachers are taken as they are.
  muse <- tidy(tiny_fit(
    architecture = two_scales(),
    control = em_control(
      em_iterations = 1, em_preset = "muse", em_confidence = 0
    )
  ))
  expect_true(all(muse$temperature[muse$n_unlabelled > 0] == 1))
  expect_false("n_unlabelled" %in% names(tidy(tiny_fit())))
})

test_that("without iterations em is branches, and the seed decides", {
  score <- function(control) {
    fit <- tiny_fit(architecture = two_scales(), control = control)
    predict(fit, musl_pairs(tiny_data()))$.score
  }
  expect_identical(
    score(em_control(em_iterations = 0)), score(tiny_control("branches"))
  )
  expect_identical(score(em_control()), score(em_control()))
  expect_false(identical(score(em_control()), score(em_control(seed = 2))))
})

test_that("one scale alone cannot teach another", {
  skip_without_backend()
  expect_error(
    tiny_fit(
      architecture = tiny_architecture(encoders = "descriptors"),
      control = em_control()
    ),
    "both scales", class = "musl_error_input"
  )
  for (bad in list(
    list(em_iterations = 9), list(em_weight = 1), list(em_prior = 0),
    list(em_confidence = -1), list(em_unlabelled = 0)
  )) {
    expect_error(
      do.call(musl_control, bad), names(bad),
      class = "musl_error_input"
    )
  }
})
