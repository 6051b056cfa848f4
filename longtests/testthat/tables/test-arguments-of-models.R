# Arguments of what asks a model.

test_that("wrong arguments of predictions are refused", {
  skip_without_backend()
  model <- tiny_model()
  pairs <- data.frame(gene_a = model@genes[1:2], gene_b = model@genes[3:4])
  expect_arguments_refused("predict",
    given(predict, object = model, new_pairs = pairs), list(
      type = choice("Score"), prior = number(0, 1, -1), threads = whole(-1),
      encoders = choice("Graph"), members = choice("networks")
    )
  )
  expect_arguments_refused("musl_partners",
    given(musl_partners, object = model, anchor = model@genes[[1]]), list(
      anchor = choice("no gene"), n = rank(0, -1), known = choice("keep"),
      prior = number(0, 1), by = choice("Score"), threads = whole(-1),
      members = choice("networks"), measured_in = choice("A549")
    ), c("input", "gene")
  )
  expect_arguments_refused("musl_explain",
    given(musl_explain,
      object = model, gene_a = model@genes[[1]], gene_b = model@genes[[2]]
    ), list(
      gene_a = choice("no gene"), gene_b = choice("no gene"),
      nearest = whole(-1), against = whole(-1), threads = whole(-1)
    ), c("input", "gene")
  )
  expect_arguments_refused("musl_design",
    given(musl_design, fit = model, budget = 10L), list(
      budget = whole(0, -1), diversity = number(-1), prior = number(0, 1),
      threads = whole(-1)
    )
  )
})

test_that("objects of another class are refused by what asks a model", {
  skip_without_backend()
  asks <- list(
    musl_genes = musl_genes, musl_history = musl_history, musl_card = musl_card,
    musl_describe = musl_describe, musl_drift = function(x) musl_drift(x, x),
    musl_partners = function(x) musl_partners(x, "A1"),
    musl_explain = function(x) musl_explain(x, "A1", "B1"),
    musl_balance = function(x) musl_balance(x, toy_pairs()),
    musl_design = function(x) musl_design(x, 10L),
    musl_calibration = musl_calibration, musl_metrics = musl_metrics,
    musl_save = function(x) musl_save(x, tempfile()),
    musl_atlas = function(x) musl_atlas(x, tempfile()),
    musl_contexts = function(x) musl_contexts(x, toy_pairs(), NULL, "a"),
    musl_top_pairs = musl_top_pairs, musl_scores = musl_scores
  )
  objects <- list(
    "a number" = 1, "text" = "model", "NULL" = NULL, "a function" = mean,
    "a list" = list(genes = "A"),
    "a table" = data.frame(x = 1)[0, , drop = FALSE],
    "an environment" = globalenv(), "data" = tiny_data(),
    "a control" = musl_control()
  )
  for (ask in names(asks)) {
    for (case in names(objects)) {
      if (case == "data" && ask == "musl_genes") next
      expect_no_object(paste0(ask, "(): ", case),
        asks[[ask]](objects[[case]]), "input"
      )
    }
  }
})
