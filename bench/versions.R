# Two installed versions of MuSL side by side: the same work by each, in turns,
# in fresh processes; medians of processor seconds and memory.
#   Rscript bench/versions.R [--smoke] OLD_LIBRARY NEW_LIBRARY [rounds]
# A smoke run times the MuSL that it finds against itself.
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("script", "bench-scores")) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
smoke <- is_smoke()
words <- setdiff(commandArgs(trailingOnly = TRUE), "--smoke")
libraries <- libraries_given()
rounds <- if (length(words) >= 3) as.integer(words[[3]]) else 5L

# What both versions take, every choice written out: their defaults differ.
work <- c(
  "took <- function(name, expr) {",
  "  x <- system.time(suppressWarnings(suppressMessages(expr)))",
  "  cat(name, sum(x[c('user.self', 'sys.self')]), '', sep = '\\t')",
  "}",
  "took('library(MuSL)', library(MuSL))",
  sprintf(
    "took('musl_simulate()', d <- musl_simulate('%s', seed = 1))",
    if (smoke) "small" else "default"
  ),
  "shape <- musl_architecture(encoders = c(",
  "  'histogram', 'descriptors', 'genes', 'graph', 'partners'",
  "), bins = 16L)",
  "how <- musl_control(",
  sprintf("  members = 1L, epochs = %d, patience = 9L,", if (smoke) 1 else 3),
  "  threads = 1L, device = 'cpu', seed = 1",
  ")",
  "took('musl_fit()', fit <- musl_fit(",
  "  d, architecture = shape, control = how, progress = FALSE",
  "))",
  "pairs <- musl_pairs(d)[c('gene_a', 'gene_b')]",
  "took('predict()', predict(fit, pairs))",
  "took('musl_partners()', musl_partners(fit, pairs$gene_a[[1]], n = 50))",
  "took('musl_descriptors()', musl_descriptors(d, pairs))",
  "file <- tempfile()",
  "took('musl_save(), musl_load()', {",
  "  musl_save(fit, file)",
  "  musl_load(file)",
  "})",
  "took('baselines', musl_baselines(",
  "  d, musl_split(d, seed = 1)",
  "))",
  "line <- grep('VmHWM', readLines('/proc/self/status'), value = TRUE)",
  "cat('peak MiB', as.numeric(gsub('[^0-9]', '', line)) / 1024, '', sep = '\\t')"
)

# One process of a version: its figures by name.
measure <- function(library) {
  out <- run_lines(
    work, c(library, .libPaths()),
    env = c("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
  )
  fields <- strsplit(paste(out, collapse = ""), "\t")[[1]]
  odd <- seq(1, length(fields) - 1, by = 2)
  stats::setNames(as.numeric(fields[odd + 1]), fields[odd])
}

measured <- lapply(libraries, function(library) NULL)
for (round in seq_len(if (smoke) 1L else rounds)) {
  for (version in names(libraries)) {
    measured[[version]] <- rbind(
      measured[[version]], measure(libraries[[version]])
    )
  }
}

medians <- vapply(
  measured, function(x) apply(x, 2, stats::median),
  numeric(ncol(measured$old))
)
ratios <- apply(measured$new / measured$old, 2, stats::median)
stopifnot(all(is.finite(medians)))
cat(machine_line(), "; ", format(Sys.Date()), "\n\n", sep = "")
cat("| work, processor s | old | new | new / old, median over rounds |\n")
cat("|---|---|---|---|\n")
cat(sprintf(
  "| %s | %.2f | %.2f | %.2f |\n", rownames(medians), medians[, "old"],
  medians[, "new"], ratios
), sep = "")
