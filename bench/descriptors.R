# Descriptors per second, one core: musl_descriptors() beside four of its 35
# statistics in plain R, on the same pairs in the same run.
#   Rscript bench/descriptors.R [samples]
suppressMessages(library(MuSL))
args <- as.integer(commandArgs(trailingOnly = TRUE))
n_samples <- if (length(args) > 0) args[[1]] else 1000L
n_genes <- 500L
n_pairs <- 100000L
n_plain <- 50L

set.seed(1)
genes <- sprintf("G%03d", seq_len(n_genes))
make_data <- function(x, scale) {
  dimnames(x) <- list(genes, sprintf("S%d", seq_len(n_samples)))
  musl_data(x, scale = scale)
}
n_values <- n_genes * n_samples
bulk <- matrix(rnorm(n_values, 5), n_genes)
cells <- matrix(rnbinom(n_values, mu = 1, size = 0.5), n_genes)
ends <- utils::combn(n_genes, 2)[, seq_len(n_pairs)]
pairs <- data.frame(gene_a = genes[ends[1, ]], gene_b = genes[ends[2, ]])

# Processor seconds, so that other work on the machine does not count.
seconds <- function(expr) sum(system.time(expr)[c("user.self", "sys.self")])
per_second <- function(n, seconds) {
  format(round(n / seconds), big.mark = ",", width = 12)
}

fast <- lapply(
  list(bulk = make_data(bulk, "log"), cells = make_data(cells, "linear")),
  function(d) seconds(musl_descriptors(d, pairs))
)
plain <- seconds(for (p in seq_len(n_plain)) {
  a <- bulk[ends[1, p], ]
  b <- bulk[ends[2, p], ]
  cor(a, b)
  cor(a, b, method = "spearman")
  cor(as.integer(cut(a, 32)), as.integer(cut(b, 32)), method = "kendall")
  table(cut(a, 32), cut(b, 32))
})

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  n_samples, " samples, per core, making the rows of ", n_genes,
  " genes included\n",
  "4 of the 35 in plain R    ", per_second(n_plain, plain), " pairs/s\n",
  "MuSL, bulk                ", per_second(n_pairs, fast$bulk), " pairs/s\n",
  "MuSL, counts with zeros   ", per_second(n_pairs, fast$cells), " pairs/s\n",
  sep = ""
)
