# Single cells at scale: seconds and memory from a sparse matrix to codes, held
# to a plain R computation, and the cost of a histogram against samples and
# bins. Processor seconds, so that other work on the machine does not count.
#   Rscript bench/cells.R [--smoke] [cells] [genes]     default 100000 2000
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("script", "histogram-loop")) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
n_cells <- number_given(1L, 100000L, 1000L)
n_genes <- number_given(2L, 2000L, 50L)
invisible(loadNamespace("Matrix"))

# Counts of which 5 to 10 % are not zero, genes detected in 1 to 30 % of cells.
simulate_counts <- function(n_genes, n_cells, seed = 1) {
  withr::local_seed(seed)
  detected <- stats::rbinom(n_genes, n_cells, 0.01 + 0.29 * stats::rbeta(
    n_genes, 0.5, 2
  ))
  i <- rep(seq_len(n_genes), detected)
  j <- unlist(lapply(detected, function(n) sample.int(n_cells, n)))
  x <- 1 + stats::rgeom(length(i), 0.4)
  genes <- sprintf("GENE%05d", seq_len(n_genes))
  Matrix::sparseMatrix(i, j, x = x, dims = c(n_genes, n_cells), dimnames = list(
    genes, sprintf("cell_%06d", seq_len(n_cells))
  ))
}

# Runs `code` in a process of its own; it finds the counts as `x` and leaves
# what it made as `made`. Clock and processor seconds, peak memory in MB before
# and after, and `made`.
measure <- function(counts, code) {
  out <- tempfile(fileext = ".rds")
  run_apart(c(
    "suppressMessages(library(MuSL))",
    "invisible(loadNamespace('SummarizedExperiment'))",
    "invisible(loadNamespace('DelayedArray'))",
    "peak <- function() {",
    "  line <- grep('^VmHWM', readLines('/proc/self/status'), value = TRUE)",
    "  as.numeric(gsub('[^0-9]', '', line)) / 1024",
    "}",
    sprintf("x <- readRDS(%s)", encodeString(counts, quote = "'")),
    "how <- list(bins = 32L, binning = 'value', zeros = 'keep', smooth = 0,",
    "  transforms = 'none')",
    "wanted <- as.integer(seq(1, nrow(x), length.out = 5)) - 1L",
    "codes <- function(d, all) MuSL:::cpp_source_codes(",
    "  MuSL:::source_input(d@sources[[1]], d@genes), length(d@genes), how,",
    "  wanted, all, 0L",
    ")",
    "before <- peak()",
    "made <- NULL",
    "time <- system.time({", code, "})",
    sprintf("saveRDS(list(clock = time[['elapsed']], cpu = sum(time[1:2]),
      before = before, after = peak(), made = made), %s)",
      encodeString(out, quote = "'")
    )
  ))
  readRDS(out)
}

as_single <- function(x) {
  bytes <- writeBin(as.double(x), raw(), size = 4)
  readBin(bytes, "double", length(x), size = 4)
}

# Bins of equal width of one gene in plain R.
plain_codes <- function(counts, bins) {
  u <- as_single(log10(counts + 0.01))
  floor(pmin((u - min(u)) * (bins / (max(u) - min(u))), bins - 1))
}

simulated <- simulate_counts(n_genes, n_cells)
counts <- tempfile(fileext = ".rds")
saveRDS(simulated, counts, compress = FALSE)
genes <- as.integer(seq(1, n_genes, length.out = 5))
expected <- as.vector(apply(as.matrix(simulated[genes, ]), 1, plain_codes, 32))
share <- length(simulated@x) / prod(dim(simulated))

data <- "d <- musl_data(x, scale = 'linear')"
jobs <- list(
  list("the counts alone", "NULL"),
  list("`musl_data()`", data),
  list("`musl_data()` and codes", c(data, "made <- codes(d, FALSE)")),
  list("... of a DelayedMatrix, read by blocks", c(
    "x <- DelayedArray::DelayedArray(x) + 0", data, "made <- codes(d, FALSE)"
  )),
  list("... and descriptors' profiles", c(data, "made <- codes(d, TRUE)"))
)
cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "; load ",
  strsplit(readLines("/proc/loadavg"), " ")[[1]][1], "\n",
  sprintf("%d cells x %d genes, %.1f %% not zero, %.0f MB\n\n", n_cells,
    n_genes, 100 * share, as.numeric(utils::object.size(simulated)) / 2^20
  ),
  "| from a dgCMatrix | elapsed s | processor s | peak memory, MB |\n",
  "|---|---|---|---|\n",
  sep = ""
)
for (job in jobs) {
  got <- measure(counts, job[[2]])
  cat(sprintf(
    "| %s | %.1f | %.1f | %.0f |\n", job[[1]], got$clock, got$cpu, got$after
  ))
  if (!is.null(got$made) && !identical(as.double(got$made), expected)) {
    stop("Codes differ from those of plain R.")
  }
}
cat("\nCodes of 5 genes are those of plain R in every row.\n\n")

# Microseconds of one core per histogram of `n` samples.
cost <- function(n, bins, sparse) {
  withr::local_seed(2)
  size <- n * 40L
  x <- if (sparse) {
    stats::rbinom(size, 1, 0.075) * (1 + stats::rgeom(size, 0.4))
  } else {
    stats::rnorm(size)
  }
  x <- matrix(as.double(x), n)
  a <- sample.int(40L, 200L, replace = TRUE)
  b <- sample.int(40L, 200L, replace = TRUE)
  repeats <- as.integer(max(1, (if (is_smoke()) 1e6 else 1e8) / (n * 200)))
  got <- time_loop(x, a, b, bins, repeats)
  plain <- plain_counts(x[, a[[200]]], x[, b[[200]]], bins)
  stopifnot("counts differ from plain R" = identical(got$counts, plain))
  1e6 * got$counting / (200 * repeats)
}

load_loop()
samples <- c(100L, 1000L, if (!is_smoke()) c(10000L, 100000L))
cat(
  "| samples | kind | 8 bins | 16 bins | 32 bins | 32 bins, ns a sample |\n",
  "|---|---|---|---|---|---|\n",
  sep = ""
)
for (sparse in c(FALSE, TRUE)) {
  for (n in samples) {
    spent <- vapply(c(8L, 16L, 32L), cost, 1, n = n, sparse = sparse)
    cat(sprintf(
      "| %s | %s | %.2f us | %.2f us | %.2f us | %.2f |\n",
      format(n, big.mark = ","), if (sparse) "7.5 % not zero" else "dense",
      spent[[1]], spent[[2]], spent[[3]], 1000 * spent[[3]] / n
    ))
  }
}
