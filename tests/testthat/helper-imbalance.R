# What training the scales apart and letting them teach each other is worth
# where labels are few: musl_simulate("imbalance"). The generator was chosen on
# seeds 1 to 10, the settings on 1 to 3. On nine other seeds EM was .033 to .119
# above training together (bench/RESULTS.md); MUSE's own margin is .04.
imbalance_run <- function(strategy, ..., auxiliary = 0.5, noise = "none",
                          seed = 11) {
  data <- musl_simulate("imbalance", seed = seed, noise = noise)
  pairs <- musl_truth(data)$pairs
  split <- suppressWarnings(musl_split(
    data,
    table = pairs[pairs$part != "unlabelled", ], leakage = "report", seed = 1
  ))
  fit <- suppressWarnings(musl_fit(
    data, split,
    architecture = musl_architecture(
      encoders = c("histogram", "graph"), bins = 16, coexpression = 0,
      spectral = 0, unseen_genes = "shown", width = 64, graph_hidden = 128,
      graph_layers = 2, dropout = 0, auxiliary = auxiliary,
      branch_weight = as.numeric(auxiliary > 0), modality_dropout = 0
    ),
    control = musl_control(
      strategy, ...,
      members = 1, epochs = 60, patience = 40, batch_size = 64, seed = 1,
      threads = 1, monitor = "auroc", em_prior = 0.3, em_unlabelled = 15
    ),
    progress = FALSE
  ), classes = "musl_warning_not_converged")
  balance <- musl_balance(
    fit, pairs[pairs$part == "test", ],
    repeats = 10, seed = 1, threads = 1
  )
  list(
    auroc = glance(balance)$auroc, use = balance$use_auroc,
    own = balance$own_auroc
  )
}
