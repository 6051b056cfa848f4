# Time and memory of the main job at real size: one training epoch over 40,000
# pairs (three sources, small histogram net at 32 x 32, 10,000-gene network,
# 1,280-column embeddings) and prediction with all branches.
#
#   Rscript bench/main-job-speed.R
#
# Random data: speed does not depend on what the numbers mean.

suppressPackageStartupMessages(library(MuSL))

n_genes <- 10000L
n_pairs <- 44000L

random_data <- function() {
  genes <- sprintf("GENE%05d", seq_len(n_genes))
  expression <- lapply(c(a = 100L, b = 300L, c = 1000L), function(n_samples) {
    matrix(stats::rnorm(n_genes * n_samples, 6), n_genes,
      dimnames = list(genes, sprintf("s%04d", seq_len(n_samples)))
    )
  })
  ends <- function(n) sample(genes, n, replace = TRUE)
  network <- unique(data.frame(gene_a = ends(205000L), gene_b = ends(205000L)))
  pairs <- data.frame(gene_a = ends(46000L), gene_b = ends(46000L))
  pairs <- pairs[pairs$gene_a < pairs$gene_b | pairs$gene_a > pairs$gene_b, ]
  key <- paste(pmin(pairs$gene_a, pairs$gene_b), pmax(pairs$gene_a, pairs$gene_b))
  pairs <- pairs[!duplicated(key), ][seq_len(n_pairs), ]
  pairs$label <- rep(c("SL", "non_SL"), length.out = n_pairs)
  suppressMessages(suppressWarnings(musl_data(
    expression,
    network = network[network$gene_a != network$gene_b, ],
    embeddings = matrix(stats::rnorm(n_genes * 1280L), n_genes,
      dimnames = list(genes, NULL)
    ),
    pairs = pairs, scale = "log"
  )))
}

peak_memory <- function() {
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024^2
}

seconds <- function(expr) system.time(expr)[["elapsed"]]

data <- random_data()
started <- peak_memory()
split <- musl_split(data, "random", folds = 11L, validation = 0.01, seed = 1)
n_training <- nrow(musl_parts(split, 1L)$train)
fit <- suppressWarnings(musl_fit(
  data, split,
  control = musl_control(epochs = 2L, seed = 1, device = "cpu"),
  progress = FALSE
))
history <- musl_history(fit)
n_predict <- 40000L
pairs <- data.frame(
  gene_a = sample(musl_genes(data), n_predict, replace = TRUE),
  gene_b = rev(musl_genes(data))
)
pairs <- pairs[pairs$gene_a != pairs$gene_b, ]
elapsed <- seconds(predict(fit, pairs))
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
    "| peak memory of the session (R's copy of the data: %.2f GiB) | %.2f GiB | <= 2 GB |",
    started, peak_memory()
  ),
  sprintf(
    "| prediction, all branches | %.0f pairs/s per core (%d pairs in %.1f s on %d) | >= 4,000 |",
    nrow(pairs) / elapsed / cores, nrow(pairs), elapsed, cores
  )
))
