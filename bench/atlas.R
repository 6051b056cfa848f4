# An atlas of all pairs: seconds, memory and file size against the number of
# genes, and queries of one gene.
#
#   Rscript bench/atlas.R [genes ...]          2000 6000 18000 unless said
#   Rscript bench/atlas.R --encoders default   those that data choose
#   Rscript bench/atlas.R --smoke              a tiny one, held to predict()
#
# Simulated data of one cohort with 1,000 samples, all five encoders unless said.
# From 10,000 genes on a twentieth of them are scored against all, a tenth of the
# pairs; seconds for all pairs follow from these and from a tenth of these genes,
# on a straight line; bytes are multiplied. Each
# figure comes from a process of its own, whose peak memory is its own. A smoke
# run goes without: loading packages again would take the most of it.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("script.R", "bench-scores.R")) {
  source(file.path(dirname(file), part))
}
encoders <- option("encoders", "all")
sizes <- numbers_given(c(2000L, 6000L, 18000L), 80L)
apart <- if (is_smoke()) do.call else callr::r
whole_up_to <- 10000L
work <- tempfile("atlas-bench-")
dir.create(work)

train <- function(size, path, encoders) {
  data <- do.call(MuSL::musl_simulate, c(size, seed = 1))
  architecture <- if (identical(encoders, "default")) {
    MuSL::musl_architecture()
  } else {
    MuSL::musl_architecture(
      encoders = c("histogram", "descriptors", "genes", "graph", "partners"),
      bins = 32L
    )
  }
  fit <- suppressWarnings(MuSL::musl_fit(
    data,
    architecture = architecture,
    control = MuSL::musl_control(
      ensemble = 1, epochs = 5, seed = 1, device = "cpu"
    ),
    keep = "codes", progress = FALSE
  ))
  MuSL::musl_save(fit, path)
  invisible()
}

# list(seconds, peak: GiB, n_pairs, bytes) of one atlas.
measure_atlas <- function(path, directory, anchors, ...) {
  fit <- MuSL::musl_load(path)
  anchors <- if (!is.null(anchors)) {
    fit@genes[round(seq(1, length(fit@genes), length.out = anchors))]
  }
  elapsed <- system.time({
    atlas <- MuSL::musl_atlas(
      fit, directory,
      anchors = anchors, ..., progress = FALSE
    )
  })[["elapsed"]]
  facts <- summary(atlas)
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  list(
    seconds = elapsed,
    peak = as.numeric(gsub("[^0-9]", "", line)) / 1024^2,
    n_pairs = facts$n_pairs, bytes = facts$bytes
  )
}

# Seconds for the best partners of one gene: out of the model (the second call
# of a session, and the first), and out of the atlas.
measure_queries <- function(path, directory) {
  fit <- MuSL::musl_load(path)
  atlas <- MuSL::read_atlas(directory)
  gene <- atlas@genes[atlas@rows[1:6]]
  seconds <- function(expr) system.time(expr)[["elapsed"]]
  list(
    first = seconds(MuSL::musl_partners(fit, gene[1])),
    model = seconds(MuSL::musl_partners(fit, gene[2])),
    # The first call loads packages.
    warm = seconds(MuSL::musl_partners(atlas, gene[1])),
    atlas = seconds(for (g in gene[2:6]) MuSL::musl_partners(atlas, g)) / 5,
    top = seconds(MuSL::musl_top_pairs(atlas, 1000))
  )
}

# The atlas has the scores of predict() within the error that it states and
# ranks by them.
check_atlas <- function(path, full) {
  fit <- musl_load(path)
  full <- read_atlas(full)
  ends <- utils::combn(fit@genes, 2)
  scores <- predict(fit, data.frame(gene_a = ends[1, ], gene_b = ends[2, ]))
  scores <- scores$.score
  near <- function(x, y) {
    length(x) == length(y) && max(abs(x - y)) < summary(full)$error + 1e-5
  }
  stored <- as.matrix(as.list(full)$scores)[t(ends)]
  best <- musl_top_pairs(full, 100)$.score
  gene <- fit@genes[[1]]
  stopifnot(
    "a score is not that of predict()" = near(stored, scores),
    "the best pairs are others" =
      near(best, sort(scores, decreasing = TRUE)[1:100]),
    "the best partners are others" = near(
      musl_partners(full, gene)$.score, musl_partners(fit, gene)$.score
    )
  )
}

measure_size <- function(n_genes) {
  path <- file.path(work, paste0("model-", n_genes, ".safetensors"))
  size <- list(n_genes = n_genes, n_samples = 1000L)
  if (is_smoke()) size[c("n_samples", "n_pairs")] <- 100L
  apart(train, list(size, path, encoders))
  anchors <- if (n_genes > whole_up_to) n_genes %/% 20L
  n_all <- n_genes * (n_genes - 1) / 2
  at <- function(name) file.path(work, paste0(name, "-", n_genes))
  measure <- function(name, ...) {
    one <- apart(measure_atlas, list(path, at(name), anchors, ...))
    one$seconds_all <- one$seconds
    if (!is.null(anchors)) {
      few <- apart(measure_atlas, list(path, at("few"), anchors %/% 10L, ...))
      unlink(at("few"), recursive = TRUE)
      rate <- (one$seconds - few$seconds) / (one$n_pairs - few$n_pairs)
      one$seconds_all <- one$seconds + rate * (n_all - one$n_pairs)
    }
    one
  }
  full <- measure("full")
  queries <- apart(measure_queries, list(path, at("full")))
  if (is_smoke()) check_atlas(path, at("full"))
  unlink(c(at("full"), path), recursive = TRUE)
  scale <- n_all / full$n_pairs
  list(
    n_genes = n_genes, scale = scale, full = full, queries = queries
  )
}

fixed <- function(x, digits) formatC(x, digits = digits, format = "f")

atlas_line <- function(size) {
  one <- size$full
  cat(sprintf(
    "| %s | %s | %s | %s | %s |\n",
    format(size$n_genes, big.mark = ","),
    if (size$scale > 1.01) paste("1 /", fixed(size$scale, 1)) else "all",
    fixed(one$seconds_all / 60, 1),
    fixed(one$peak, 2), fixed(one$bytes * size$scale / 1e9, 3)
  ))
}

cat(
  machine_line(), "; ", format(Sys.Date()), ", LibTorch ",
  musl_backend()$libtorch, ".\n\n",
  sep = ""
)
results <- lapply(sizes, measure_size)
cat(
  "| genes | part measured | minutes for all pairs | peak GiB |",
  " file GB |\n|---|---|---|---|---|\n",
  sep = ""
)
for (size in results) atlas_line(size)
if (length(results) > 1) {
  n_pairs <- vapply(results, function(x) x$n_genes * (x$n_genes - 1) / 2, 1)
  seconds <- vapply(results, function(x) x$full$seconds_all, 1)
  exponent <- coef(lm(log(seconds) ~ log(n_pairs)))[[2]]
  cat("\nSeconds grow with pairs to the power of ", fixed(exponent, 2), ".\n",
    sep = ""
  )
}
cat(
  "\n| genes | one gene, model: first call, s | next, s | out of the atlas:",
  " first, s | next, s | best 1,000 pairs, s |\n|---|---|---|---|---|---|\n",
  sep = ""
)
for (size in results) {
  times <- vapply(size$queries, fixed, "", digits = 3)
  cat(
    "| ", format(size$n_genes, big.mark = ","), " | ",
    paste(times, collapse = " | "), " |\n",
    sep = ""
  )
}
unlink(work, recursive = TRUE)
