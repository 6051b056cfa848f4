# The job whose cost the public record tells of the published MuSL, at its size and
# on simulated values: 35 statistics of 90,000 pairs over 10,090 samples (about 40
# minutes on eight processes).
#   Rscript bench/published.R [--smoke]
# Processor seconds of one thread, for either set, rows that are made once a gene
# apart; answers are held against plain R.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("script", "bench-scores")) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
smoke <- is_smoke()
n_samples <- if (smoke) 60L else 10090L

# Logged values with some structure: genes follow a few programmes.
expression_of <- function(genes) {
  programmes <- matrix(rnorm(8L * n_samples), 8L)
  x <- matrix(rnorm(length(genes) * 8L, sd = 0.5), length(genes)) %*% programmes
  x <- pmax(x + rnorm(length(x), mean = 3), 0)
  dimnames(x) <- list(genes, sprintf("S%05d", seq_len(n_samples)))
  x
}

statistics_job <- function() {
  genes <- sprintf("G%03d", seq_len(if (smoke) 8L else 425L))
  ends <- utils::combn(genes, 2L)
  ends <- ends[, seq_len(min(90000L, ncol(ends)))]
  pairs <- data.frame(gene_a = ends[1L, ], gene_b = ends[2L, ])
  data <- musl_data(expression_of(genes), scale = "log")
  cat(sprintf(
    "\n35 statistics of %d pairs over %d samples, 32 bins\n\n", nrow(pairs),
    n_samples
  ))
  cat("| set | processor s | of them rows of genes | us a pair |\n")
  cat("|---|---|---|---|")
  for (set in c("default", "paper")) {
    # Pairs that hold every gene, and no more: what is made once a gene.
    few <- data.frame(gene_a = genes[-1L], gene_b = genes[[1L]])
    rows <- cpu_seconds(musl_descriptors(data, few, set = set))
    all <- cpu_seconds(found <- musl_descriptors(data, pairs, set = set))
    cat(sprintf(
      "\n| %s | %.1f | %.1f | %.1f |", set, all, rows,
      1e6 * max(all - rows, 0) / nrow(pairs)
    ))
    check_statistics(data, found, set)
  }
  cat("\n")
}

check_statistics <- function(data, found, set) {
  x <- data@cohorts[[1L]]$assays[[1L]]
  for (i in seq_len(min(20L, nrow(found)))) {
    a <- x[found$gene_a[[i]], ]
    b <- x[found$gene_b[[i]], ]
    expected <- c(pearson = cor(a, b), spearman = cor(rank(a), rank(b)))
    if (set == "paper") {
      z <- function(x) (x - mean(x)) / sqrt(mean((x - mean(x))^2))
      expected[["manhattan"]] <- mean(abs(z(a) - z(b)))
      expected[["euclidean_values"]] <- sqrt(mean((a - b)^2))
    }
    apart <- unlist(found[i, names(expected)]) - expected
    if (max(abs(apart)) > 1e-5) {
      stop("The descriptors differ from those of plain R.", call. = FALSE)
    }
  }
}

cat(machine_line(), "\n")
set.seed(1)
statistics_job()
