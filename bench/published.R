# The two jobs whose cost the public record tells of the published MuSL, at
# their size and on simulated values: 35 statistics of 90,000 pairs over 10,090
# samples (about 40 minutes on eight processes), and an epoch of training (about
# 100 s on an RTX 3090).
#   Rscript bench/published.R [--smoke] [--jobs statistics,epoch] [--share 1]
# Statistics are told in processor seconds of one thread, for either set, rows
# that are made once a gene apart; answers are held against plain R. An epoch is
# that of the presets "paper" on 35,943 SL pairs of 9,913 genes, as SynLethDB
# has, and as many others, four fifths of them to train on, in seconds of the
# clock on all cores; `--share` takes a share of the pairs and tells its time.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
smoke <- is_smoke()
jobs <- option("jobs", c("statistics", "epoch"))
share <- as.numeric(option("share", "1"))
n_samples <- if (smoke) 60L else 10090L

processor <- function(time) sum(time[c("user.self", "sys.self")])

tell_machine <- function() {
  cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[[1]]
  load <- strsplit(readLines("/proc/loadavg"), " ")[[1]][[1]]
  cat(sprintf(
    "Machine: %s, %d cores, load %s; %s\n", sub(".*: ", "", cpu),
    parallel::detectCores(), load, R.version.string
  ))
}

# Logged values with some structure: genes follow a few programmes.
expression_of <- function(genes) {
  programmes <- matrix(rnorm(8L * n_samples), 8L)
  x <- matrix(rnorm(length(genes) * 8L, sd = 0.5), length(genes)) %*% programmes
  x <- pmax(x + rnorm(length(x), mean = 3), 0)
  dimnames(x) <- list(genes, sprintf("S%05d", seq_len(n_samples)))
  x
}

# ---- 35 statistics of 90,000 pairs ----

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
    rows <- processor(system.time(musl_descriptors(data, few, set = set)))
    all <- processor(system.time(
      found <- musl_descriptors(data, pairs, set = set)
    ))
    cat(sprintf(
      "\n| %s | %.1f | %.1f | %.1f |", set, all, rows,
      1e6 * max(all - rows, 0) / nrow(pairs)
    ))
    check_statistics(data, found, set)
  }
  cat("\n")
}

check_statistics <- function(data, found, set) {
  x <- data@sources[[1L]]$assays[[1L]]
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

# ---- An epoch ----

epoch_data <- function() {
  genes <- sprintf("G%04d", seq_len(if (smoke) 60L else 9913L))
  n_sl <- if (smoke) 60L else as.integer(35943 * share)
  ends <- matrix(sample(genes, 5L * n_sl, replace = TRUE), ncol = 2L)
  ends <- unique(t(apply(ends[ends[, 1L] != ends[, 2L], ], 1L, sort)))
  pairs <- data.frame(
    gene_a = ends[, 1L], gene_b = ends[, 2L],
    label = rep(c(1, 0), length.out = nrow(ends))
  )[seq_len(2L * n_sl), ]
  n_edges <- 15L * length(genes)
  embeddings <- matrix(rnorm(length(genes) * 1280), length(genes))
  rownames(embeddings) <- genes
  musl_data(
    expression_of(genes),
    scale = "log", pairs = pairs, embeddings = embeddings,
    network = data.frame(
      from = sample(genes, n_edges, replace = TRUE),
      to = sample(genes, n_edges, replace = TRUE)
    )
  )
}

epoch_job <- function() {
  data <- suppressMessages(suppressWarnings(epoch_data()))
  split <- musl_split(data, "random", folds = 5L, seed = 1)
  architecture <- if (smoke) {
    musl_architecture(
      "paper", width = 8L, bins = 8L, fusion_width = 8L, graph_hidden = 8L,
      smooth = 1
    )
  } else {
    musl_architecture("paper")
  }
  time <- system.time(fit <- suppressMessages(suppressWarnings(musl_fit(
    data, split, architecture = architecture, keep = "none", progress = FALSE,
    control = musl_control(
      preset = "paper", epochs = 2L, seed = 1, device = "cpu"
    )
  ))))
  told <- tidy(fit, "history")
  seconds <- told$seconds[told$epoch > 0]
  stopifnot(length(seconds) == 2L, is.finite(told$loss[told$epoch > 0]))
  cat(sprintf(
    paste0(
      "\n%d genes, %d training pairs, %d validation pairs, %d samples; ",
      "presets\n\"paper\", embeddings of 1,280 columns. First epoch %.1f s, ",
      "second ",
      "%.1f s; the whole fit\n%.0f s of the clock, %.0f s of the processor, ",
      "%.1f GiB\n"
    ),
    length(musl_genes(data)), glance(fit)$n_training, glance(fit)$n_validation,
    n_samples, seconds[[1L]], seconds[[2L]], time[["elapsed"]],
    processor(time), peak_memory()
  ))
}

tell_machine()
set.seed(1)
if ("statistics" %in% jobs) statistics_job()
if ("epoch" %in% jobs && musl_backend()$available) epoch_job()
