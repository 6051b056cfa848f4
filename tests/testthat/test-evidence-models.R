# A model that a fit of one's own screen starts from.

own_screen <- function() {
  pairs <- musl_pairs(example_data())
  pairs <- pairs[pairs$measured, ]
  pairs[pairs$study == pairs$study[[1]], ]
}

started_fit <- function() {
  data <- musl_data(
    pairs = own_screen(),
    evidence = musl_evidence(models = list(example = musl_example_model()))
  )
  suppressMessages(musl_fit(data,
    scorers = "features", control = musl_control(seed = 1, threads = 1),
    progress = FALSE
  ))
}

test_that("a screen alone and a model to start from make a model", {
  fit <- started_fit()
  model <- musl_example_model()
  expect_setequal(musl_genes(fit), musl_genes(model))
  pairs <- data.frame(gene_a = "SIM001", gene_b = musl_genes(model)[-1])
  scorers_of <- function(x) setdiff(summary(x)$scorers$scorer, "musl")
  own <- predict(fit, pairs, scorers = scorers_of(fit))$.score
  start <- predict(model, pairs, scorers = scorers_of(model))$.score
  both <- predict(fit, pairs)$.score
  weight <- (both - own) / (start - own)
  expect_lt(diff(range(weight)), 1e-3)
  # A pair is a hit where half of its lines are.
  screen <- own_screen()
  share <- tapply(screen$label == "SL", pair_keys(screen), mean)
  n_hits <- sum(share >= 0.5)
  expect_equal(mean(weight), 50 / (50 + n_hits), tolerance = 1e-3)
})

test_that("it predicts the same from a file", {
  fit <- started_fit()
  file <- withr::local_tempfile(fileext = ".musl")
  musl_save(fit, file)
  pairs <- data.frame(gene_a = "SIM001", gene_b = c("SIM002", "SIM003"))
  expect_identical(predict(musl_load(file), pairs), predict(fit, pairs))
})

test_that("other things to start from are refused", {
  model <- musl_example_model()
  for (wrong in list(model, list(model), list(a = model, b = model), "human")) {
    cnd <- expect_input_error(musl_evidence(models = wrong))
    expect_identical(cnd$argument, "models")
  }
})
