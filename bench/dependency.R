# Channels of expression x dependency beside expression alone, by the histogram
# encoder: on simulated lines, where it is known what the channels can tell, and
# on the real lines that have both.
#
#   [MUSL_DATA=/path/to/data] Rscript bench/dependency.R
#   Rscript bench/dependency.R --smoke
#
# Without MUSL_DATA the real part is left out. A smoke run makes files like it
# and simulates a shift that the channels must find and expression alone must
# not. Prints markdown for bench/RESULTS.md.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
if (is_smoke()) use_demo_files()
seeds <- if (is_smoke()) 1 else 1:3

# Genes expressed independently; where a is low (the lowest fifth of lines) its
# partners are needed: their effect falls by `strength` sd of the noise.
simulate_lines <- function(n_genes = 300L, n_lines = 400L, n_pairs = 900L,
                           strength = 1, seed = 1) {
  withr::local_seed(seed)
  genes <- sprintf("GENE%03d", seq_len(n_genes))
  ends <- utils::combn(n_genes, 2)
  drawn <- ends[, sample.int(ncol(ends), 2 * n_pairs)]
  pairs <- data.frame(
    gene_a = genes[drawn[1, ]], gene_b = genes[drawn[2, ]],
    label = rep(c("SL", "non_SL"), each = n_pairs)
  )
  expression <- matrix(stats::rnorm(n_genes * n_lines, 5), n_genes)
  effect <- matrix(stats::rnorm(n_genes * n_lines), n_genes)
  low <- expression < 5 + stats::qnorm(0.2)
  for (p in seq_len(n_pairs)) {
    a <- drawn[1, p]
    b <- drawn[2, p]
    effect[b, ] <- effect[b, ] - strength * low[a, ]
    effect[a, ] <- effect[a, ] - strength * low[b, ]
  }
  names <- list(genes, sprintf("line_%03d", seq_len(n_lines)))
  dimnames(expression) <- dimnames(effect) <- names
  list(
    assays = list(expression = expression, effect = effect), pairs = pairs,
    test = withr::with_seed(seed + 1, sample.int(2 * n_pairs) %% 5 == 0)
  )
}

# AUROC of held-out pairs by the channels of `assays`.
judge <- function(set, assays, seed, bins = 16L, epochs = 25L) {
  x <- SummarizedExperiment::SummarizedExperiment(set$assays)
  data <- quietly(musl_data(
    x,
    pairs = set$pairs[!set$test, ], assays = assays, scale = "log"
  ))
  fit <- quietly(musl_fit(
    data,
    architecture = musl_architecture(
      encoders = "histogram", bins = bins, smooth = 1
    ),
    control = musl_control(
      members = 1, epochs = epochs, seed = seed, threads = 1
    ),
    progress = FALSE
  ))
  test <- set$pairs[set$test, ]
  auroc(quietly(predict(fit, test))$.score, test$label)
}

ablation <- function(set, ...) {
  channels <- list(
    "expression" = "expression", "effect" = "effect",
    "expression and effect" = c("expression", "effect")
  )
  lapply(channels, function(assays) {
    vapply(seeds, function(seed) judge(set, assays, seed, ...), 1)
  })
}

print_rows <- function(name, n_test, result) {
  for (channels in names(result)) {
    x <- result[[channels]]
    cat(sprintf(
      "| %s | %s | %s | %.4f +- %.4f |\n", name,
      format(n_test, big.mark = ","), channels, mean(x), stats::sd(x)
    ))
  }
}

simulated_rows <- function(strength, ...) {
  set <- simulate_lines(strength = strength, ...)
  name <- sprintf(
    "simulated, %d lines, shift %.1f sd", ncol(set$assays$effect), strength
  )
  result <- ablation(set)
  print_rows(name, sum(set$test), result)
  result
}

# Lines and genes that have both; fold 1 of the gene scheme, C2 and C3.
real_lines <- function() {
  expression <- read_matrix("expression", "depmap14_promptsl.tsv.gz")
  effect <- read_matrix("dependency", "crispr_gene_effect_promptsl.tsv.gz")
  genes <- intersect(rownames(expression), rownames(effect))
  lines <- intersect(colnames(expression), colnames(effect))
  splits <- read_folds("degree_matched")
  splits <- splits[splits$scheme == "gene" & splits$fold == 1 &
    splits$gene_a %in% genes & splits$gene_b %in% genes, ]
  list(
    assays = list(
      expression = expression[genes, lines], effect = effect[genes, lines]
    ),
    pairs = splits[c("gene_a", "gene_b", "label")],
    test = splits$part != "train"
  )
}

cat(
  machine_line(), "\n\n",
  "| lines | pairs judged | channels | AUROC (", length(seeds),
  " seeds) |\n|---|---|---|---|\n",
  sep = ""
)
if (is_smoke()) {
  result <- simulated_rows(4, n_genes = 60L, n_pairs = 300L)
  stopifnot(
    "the channels do not see the shift" =
      result[["expression and effect"]] > 0.9,
    "expression alone sees what is not there" = result$expression < 0.7
  )
} else {
  for (strength in c(1, 0.5)) simulated_rows(strength)
}
if (dir.exists(file.path(Sys.getenv("MUSL_DATA", "."), "dependency"))) {
  set <- real_lines()
  size <- dim(set$assays$effect)
  print_rows(
    sprintf("DepMap, %d lines, %d genes", size[[2]], size[[1]]),
    sum(set$test),
    ablation(set, bins = 8L, epochs = if (is_smoke()) 1L else 8L)
  )
}
