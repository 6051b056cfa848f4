# Models of simulated data with known mechanisms, and what they learned.

learning_data <- function() {
  once("learning", musl_simulate(n_pairs = 10000, seed = 11))
}

# Three folds: a third of the genes is unseen, so that C3 has enough pairs.
learning_split <- function(data) {
  musl_split(data, "inductive", folds = 3L, seed = 1)
}

learn <- function(data, encoders = c("histogram", "descriptors", "graph"), ...,
                  preset = "default") {
  # Ten epochs may end while the validation value still rises, and labels follow
  # how often genes were recorded: no news here.
  suppress_news(
    musl_fit(
      data, learning_split(data),
      fold = 1L,
      architecture = musl_architecture(preset, encoders = encoders),
      control = musl_control(
        ensemble = 1L, seed = 1, device = "cpu", epochs = 10L, threads = 1L, ...
      ),
      progress = FALSE
    )
  )
}

suppress_news <- function(code) {
  suppressMessages(
    suppressWarnings(code, classes = "musl_warning_not_converged"),
    classes = "musl_message_popularity"
  )
}

# The full model, trained once.
learned_model <- function(data) once("learned", learn(data))

# AUROC of the model and of the truth on the unseen pairs of some blocks.
unseen_auroc <- function(fit, data, blocks) {
  truth <- as.list(data)$truth$pairs
  parts <- musl_parts(learning_split(data), 1L)
  unseen <- paste(parts$C3$gene_a, parts$C3$gene_b)
  key <- paste(
    pmin(truth$gene_a, truth$gene_b), pmax(truth$gene_a, truth$gene_b)
  )
  truth <- truth[key %in% unseen, ]
  truth <- truth[truth$block %in% blocks, ]
  auroc <- function(score) {
    as.numeric(pROC::auc(
      truth$label == "SL", score,
      direction = "<", quiet = TRUE
    ))
  }
  c(
    model = auroc(predict(fit, truth[c("gene_a", "gene_b")])$.score),
    oracle = auroc(as.numeric(truth$sl))
  )
}

expect_learned <- function(auroc, share) {
  expect_gte((auroc[["model"]] - 0.5) / (auroc[["oracle"]] - 0.5), share)
}
