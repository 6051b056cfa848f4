# Time and memory of the main job at real size: one training epoch over 40,000
# pairs (three sources, small histogram net at 32 x 32, 10,000-gene network,
# 1,280-column embeddings) and prediction with all branches.
#
#   Rscript bench/main-job-speed.R [--smoke]
#
# Random data: speed does not depend on what the numbers mean. Predictions must
# not depend on what is asked with them.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
size <- if (is_smoke()) {
  list(
    genes = 100L, pairs = 440L, edges = 500L, columns = 16L, predicted = 400L,
    samples = c(a = 40L, b = 60L, c = 80L)
  )
} else {
  list(
    genes = 10000L, pairs = 44000L, edges = 205000L, columns = 1280L,
    predicted = 40000L, samples = c(a = 100L, b = 300L, c = 1000L)
  )
}

random_data <- function() {
  genes <- sprintf("GENE%05d", seq_len(size$genes))
  expression <- lapply(size$samples, function(n_samples) {
    matrix(stats::rnorm(size$genes * n_samples, 6), size$genes,
      dimnames = list(genes, sprintf("s%04d", seq_len(n_samples)))
    )
  })
  ends <- function(n) sample(genes, n, replace = TRUE)
  network <- unique(
    data.frame(gene_a = ends(size$edges), gene_b = ends(size$edges))
  )
  # More than are asked: genes with themselves and repeats drop out.
  n_drawn <- (11L * size$pairs) %/% 10L
  pairs <- data.frame(gene_a = ends(n_drawn), gene_b = ends(n_drawn))
  pairs <- pairs[pairs$gene_a < pairs$gene_b | pairs$gene_a > pairs$gene_b, ]
  key <- paste(
    pmin(pairs$gene_a, pairs$gene_b), pmax(pairs$gene_a, pairs$gene_b)
  )
  pairs <- utils::head(pairs[!duplicated(key), ], size$pairs)
  pairs$label <- rep(c("SL", "non_SL"), length.out = nrow(pairs))
  suppressMessages(suppressWarnings(musl_data(
    expression,
    network = network[network$gene_a != network$gene_b, ],
    embeddings = matrix(stats::rnorm(size$genes * size$columns), size$genes,
      dimnames = list(genes, NULL)
    ),
    pairs = pairs, scale = "log"
  )))
}

seconds <- function(expr) system.time(expr)[["elapsed"]]

data <- random_data()
started <- peak_memory()
split <- musl_split(data, "random", folds = 11L, validation = 0.01, seed = 1)
n_training <- nrow(musl_parts(split, 1L)$train)
fit <- suppressWarnings(musl_fit(
  data, split,
  architecture = musl_architecture(
    encoders = c("histogram", "descriptors", "genes", "graph", "partners"),
    bins = 32L
  ),
  control = musl_control(members = 1, epochs = 2L, seed = 1, device = "cpu"),
  progress = FALSE
))
history <- musl_history(fit)
pairs <- data.frame(
  gene_a = sample(musl_genes(data), size$predicted, replace = TRUE),
  gene_b = rev(musl_genes(data))
)
pairs <- pairs[pairs$gene_a != pairs$gene_b, ]
elapsed <- seconds(scores <- predict(fit, pairs)$.score)

# Some of the pairs by themselves, backwards and the other way round. Sums are
# rounded otherwise in batches of another size.
some <- rev(seq(1, nrow(pairs), by = nrow(pairs) %/% 50))
turned <- data.frame(
  gene_a = pairs$gene_b[some], gene_b = pairs$gene_a[some]
)
stopifnot(
  "a pair has no score" = all(is.finite(scores)),
  "a pair's score depends on others" =
    max(abs(predict(fit, turned)$.score - scores[some])) < 1e-5
)

cores <- parallel::detectCores()
machine <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1L]
writeLines(c(
  sprintf(
    "Run on %s, %s, %d cores, LibTorch %s.", Sys.Date(),
    sub(".*: ", "", machine), cores, musl_sitrep()$libtorch
  ), "",
  "| what | measured | asked |", "|---|---|---|",
  sprintf(
    "| one epoch over %d pairs | %.1f s | <= 60 s |", n_training,
    mean(history$seconds[history$epoch > 0])
  ),
  sprintf(
    "| peak memory of the session (R's copy of the data: %.2f GiB) | %s |",
    started, sprintf("%.2f GiB | <= 2 GB", peak_memory())
  ),
  sprintf(
    "| prediction, all branches | %.0f pairs/s per core (%s) | >= 4,000 |",
    nrow(pairs) / elapsed / cores,
    sprintf("%d pairs in %.1f s on %d", nrow(pairs), elapsed, cores)
  )
))
