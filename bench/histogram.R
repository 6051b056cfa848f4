# Joint histograms per second of one core: the core's counting beside plain R
# and numpy.histogram2d (where Python has numpy; MUSL_PYTHON names one) on the
# same pairs in the same run. Needs no installed MuSL.
#   Rscript bench/histogram.R [--smoke] [samples] [bins]
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("script", "histogram-loop")) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
n_samples <- number_given(1L, 1000L)
bins <- number_given(2L, 32L)
n_genes <- 200L
n_pairs <- if (is_smoke()) 50L else 500L
repeats <- if (is_smoke()) 10L else 4000L

# Processor seconds, so that other work on the machine does not count.
seconds <- function(expr) sum(system.time(expr)[c("user.self", "sys.self")])

per_second <- function(n, seconds) {
  format(round(n / seconds), big.mark = ",", width = 12)
}

# Processor seconds of numpy.histogram2d and the last pair's counts; NULL where
# there is none.
run_numpy <- function() {
  files <- tempfile(c("values", "pairs", "counts"))
  on.exit(unlink(files))
  writeBin(as.vector(x), files[[1]])
  writeBin(c(a, b) - 1L, files[[2]])
  script <- file.path(bench_root(), "bench", "reference", "histogram2d.py")
  out <- suppressWarnings(system2(
    python(), c(script, files[[1]], n_samples, files[[2]], bins, files[[3]]),
    stdout = TRUE, stderr = FALSE
  ))
  if (!is.null(attr(out, "status"))) {
    return(NULL)
  }
  list(
    seconds = as.numeric(out),
    counts = readBin(files[[3]], "integer", bins * bins, size = 4)
  )
}

load_loop()
set.seed(1)
x <- matrix(rnorm(n_samples * n_genes), n_samples)
a <- sample.int(n_genes, n_pairs, replace = TRUE)
b <- sample.int(n_genes, n_pairs, replace = TRUE)

plain <- seconds(for (p in seq_len(n_pairs)) {
  counts <- plain_counts(x[, a[p]], x[, b[p]], bins)
})
codes <- apply(x, 2, function(gene) as.integer(cut_gene(gene, bins)))
tabulated <- seconds(for (p in seq_len(n_pairs)) {
  tabulate(codes[, a[p]] + bins * (codes[, b[p]] - 1L), bins * bins)
})
musl <- time_loop(x, a, b, bins, repeats)
same <- identical(counts, musl$counts)
numpy <- run_numpy()

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  n_samples, " samples, ", bins, " x ", bins, " bins, one core\n",
  "table(cut(), cut())       ", per_second(n_pairs, plain), " pairs/s\n",
  "tabulate(), codes made    ", per_second(n_pairs, tabulated), " pairs/s\n",
  if (!is.null(numpy)) {
    c(
      "numpy.histogram2d         ", per_second(n_pairs, numpy$seconds),
      " pairs/s\n"
    )
  },
  "MuSL, codes made          ",
  per_second(n_pairs * repeats, musl$counting), " pairs/s\n",
  "MuSL, making codes        ", per_second(n_genes, musl$binning), " genes/s\n",
  if (!is.null(numpy)) {
    ratio <- numpy$seconds / n_pairs / (musl$counting / n_pairs / repeats)
    c("MuSL, codes made, over numpy ", round(ratio), "\n")
  },
  sep = ""
)
if (!same) {
  stop("The core counts otherwise than table() in the last pair.")
}
# numpy's edges are rounded otherwise: a sample may fall beside.
if (!is.null(numpy) && sum(abs(numpy$counts - musl$counts)) > 4) {
  stop("The core counts otherwise than numpy in the last pair.")
}
