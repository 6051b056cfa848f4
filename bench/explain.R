# How often the largest part of an explanation is what made a pair synthetic
# lethal, on simulated pairs of genes that training did not see, and what is left
# of explanations when the weights are random. 35 s of training, then 3 s a pair.
#
#   Rscript bench/explain.R [--smoke] [--pairs N] [--against N]
#
# `--pairs` of each mechanism, against `--against` other partners of either gene.

suppressMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))

n_pairs <- as.integer(option("pairs", if (is_smoke()) "1" else "40"))
n_against <- as.integer(option("against", if (is_smoke()) "1" else "4"))

planted <- c(
  band = "expression", co_loss = "expression", pathway = "network",
  paralog = "embedding"
)

data <- musl_simulate(n_pairs = if (is_smoke()) 2000 else 10000, seed = 11)
split <- musl_split(data, "inductive", folds = 3L, seed = 1)

train <- function(...) {
  suppressWarnings(musl_fit(
    data, split,
    fold = 1L, progress = FALSE,
    architecture = musl_architecture(
      encoders = c("histogram", "descriptors", "graph")
    ),
    control = musl_control(members = 1L, device = "cpu", threads = 1, ...)
  ))
}

key <- function(x) {
  paste(pmin(x$gene_a, x$gene_b), pmax(x$gene_a, x$gene_b))
}

# True pairs of two unseen genes, as many of each mechanism.
asked_pairs <- function() {
  truth <- musl_truth(data)$pairs
  unseen <- key(truth) %in% key(musl_parts(split, 1L)$C3)
  truth <- truth[unseen & !is.na(truth$mechanism), ]
  set.seed(1)
  rows <- lapply(split(seq_len(nrow(truth)), truth$mechanism), function(i) {
    sample(i, n_pairs)
  })
  truth[unlist(rows), ]
}

explain <- function(fit, pair, against) {
  musl_explain(
    fit, pair$gene_a, pair$gene_b,
    data = data, nearest = 0, against = against, threads = 1
  )
}

# Whether the largest sum of `column` is that of the group that was planted.
comes_first <- function(why, column, mechanism) {
  groups <- musl_explained(why, "groups")
  groups <- groups[groups$group != "reference", ]
  groups$group[[which.max(groups[[column]])]] == planted[[mechanism]]
}

agreement <- function(one, other) {
  keys <- function(x) paste(x$component, x$term)
  both <- setdiff(intersect(keys(one), keys(other)), "reference reference pair")
  stats::cor(
    one$contribution[match(both, keys(one))],
    other$contribution[match(both, keys(other))],
    method = "spearman"
  )
}

pairs <- asked_pairs()
fit <- train(seed = 1, epochs = if (is_smoke()) 1L else 10L)
# One epoch with next to no step: the weights stay those drawn.
random <- train(seed = 2, epochs = 1L, learning_rate = 1e-8)

rows <- lapply(seq_len(nrow(pairs)), function(i) {
  why <- explain(fit, pairs[i, ], n_against)
  by_chance <- explain(random, pairs[i, ], 0L)
  mechanism <- pairs$mechanism[[i]]
  data.frame(
    mechanism = mechanism,
    contribution = comes_first(why, "contribution", mechanism),
    specific = comes_first(why, "specific", mechanism),
    random_weights = comes_first(by_chance, "contribution", mechanism),
    spearman = agreement(why, by_chance)
  )
})
rows <- do.call(rbind, rows)
shown <- stats::aggregate(. ~ mechanism, rows, mean)
print(shown, digits = 3)
print(colMeans(rows[-1]), digits = 3)
