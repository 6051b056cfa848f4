# Joint histograms per second of one core: the core's counting beside plain R on
# the same pairs in the same run. Needs no installed MuSL.
#   Rscript bench/histogram.R [samples] [bins]
args <- as.integer(commandArgs(trailingOnly = TRUE))
n_samples <- if (length(args) > 0) args[[1]] else 1000L
bins <- if (length(args) > 1) args[[2]] else 32L
n_genes <- 200L
n_pairs <- 500L
repeats <- 1000L

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "histogram-loop.R"))

cut_gene <- function(x) {
  breaks <- seq(min(x), max(x), length.out = bins + 1)
  cut(x, breaks, include.lowest = TRUE, right = FALSE)
}

# Processor seconds, so that other work on the machine does not count.
seconds <- function(expr) sum(system.time(expr)[c("user.self", "sys.self")])

per_second <- function(n, seconds) {
  format(round(n / seconds), big.mark = ",", width = 12)
}

load_loop()
set.seed(1)
x <- matrix(rnorm(n_samples * n_genes), n_samples)
a <- sample.int(n_genes, n_pairs, replace = TRUE)
b <- sample.int(n_genes, n_pairs, replace = TRUE)

plain <- seconds(for (p in seq_len(n_pairs)) {
  counts <- table(cut_gene(x[, a[p]]), cut_gene(x[, b[p]]))
})
codes <- apply(x, 2, function(gene) as.integer(cut_gene(gene)))
tabulated <- seconds(for (p in seq_len(n_pairs)) {
  tabulate(codes[, a[p]] + bins * (codes[, b[p]] - 1L), bins * bins)
})
musl <- time_loop(x, a, b, bins, repeats)
same <- identical(as.integer(t(counts)), musl$counts)

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  n_samples, " samples, ", bins, " x ", bins, " bins, one core\n",
  "table(cut(), cut())       ", per_second(n_pairs, plain), " pairs/s\n",
  "tabulate(), codes made    ", per_second(n_pairs, tabulated), " pairs/s\n",
  "MuSL, codes made          ",
  per_second(n_pairs * repeats, musl$counting), " pairs/s\n",
  "MuSL, making codes        ", per_second(n_genes, musl$binning), " genes/s\n",
  sep = ""
)
if (!same) {
  stop("The core counts otherwise than table() in the last pair.")
}
