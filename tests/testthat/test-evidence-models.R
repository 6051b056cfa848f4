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
  # n w / (n + 50) of its own, and what is left of n / (n + 50); w is a tenth.
  known <- n_hits / (n_hits + 50)
  w <- (1 - mean(weight) - (1 - known) * known) / known
  expect_equal(w, round(10 * w) / 10, tolerance = 1e-3)
  expect_true(w > -1e-3 && w < 1 + 1e-3)
})

test_that("lists of genes that a screen lacks stay as the human model's", {
  human <- musl_human_model()
  genes <- setdiff(musl_genes(human), "RPL22")
  genes <- withr::with_seed(1, sample(genes, 120))
  pairs <- data.frame(
    gene_a = genes[1:60], gene_b = genes[61:120], study = "own",
    label = rep(c("SL", "non_SL"), each = 30), measured = TRUE
  )
  # A network of one's own would replace that of the model.
  edges <- withr::with_seed(2, data.frame(
    from = sample(musl_genes(human), 5000), to = "TP53"
  ))
  fit <- suppressMessages(musl_fit(
    musl_data(
      network = edges[edges$from != "TP53", ], pairs = pairs,
      evidence = musl_evidence(models = list(human = human))
    ),
    scorers = c("linear", "boosting"), progress = FALSE,
    control = musl_control(seed = 1, threads = 1)
  ))
  ours <- musl_partners(fit, "RPL22", n = 50)
  its <- musl_partners(human, "RPL22", n = 50)
  expect_identical(ours$partner, its$partner)
  expect_identical(ours$status, its$status)
  asked <- data.frame(gene_a = "RPL22", gene_b = its$partner)
  expect_false(identical(
    predict(fit, asked)$.score, predict(human, asked)$.score
  ))
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
