# Descriptors per second, one core: musl_descriptors() beside four of its 35
# statistics in plain R, on the same pairs in the same run and to the same
# values.
#   Rscript bench/descriptors.R [--smoke] [samples]
suppressMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
n_samples <- number_given(1L, 1000L, 100L)
n_genes <- if (is_smoke()) 20L else 500L
n_pairs <- if (is_smoke()) 100L else 100000L
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

# In nats, of a table of counts.
mutual_information <- function(counts) {
  p <- counts / sum(counts)
  apart <- outer(rowSums(p), colSums(p))
  sum(p[p > 0] * log(p[p > 0] / apart[p > 0]))
}

# cut() widens the range a little: breaks are given.
bins_of <- function(x) {
  breaks <- seq(min(x), max(x), length.out = 33)
  cut(x, breaks, include.lowest = TRUE, right = FALSE)
}

plain_row <- function(a, b) {
  bins <- list(bins_of(a), bins_of(b))
  c(
    pearson = cor(a, b),
    spearman = cor(a, b, method = "spearman"),
    kendall = cor(as.integer(bins[[1]]), as.integer(bins[[2]]),
      method = "kendall"
    ),
    mutual_information = mutual_information(table(bins))
  )
}

fast <- list(bulk = make_data(bulk, "log"), cells = make_data(cells, "linear"))
fast <- lapply(fast, function(d) {
  list(seconds = seconds(made <- musl_descriptors(d, pairs)), made = made)
})
plain <- seconds(rows <- vapply(seq_len(n_plain), function(p) {
  plain_row(bulk[ends[1, p], ], bulk[ends[2, p], ])
}, numeric(4)))
made <- as.matrix(fast$bulk$made[seq_len(n_plain), rownames(rows)])

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  n_samples, " samples, per core, making the rows of ", n_genes,
  " genes included\n",
  "4 of the 35 in plain R    ", per_second(n_plain, plain), " pairs/s\n",
  "MuSL, bulk                ", per_second(n_pairs, fast$bulk$seconds),
  " pairs/s\n",
  "MuSL, counts with zeros   ", per_second(n_pairs, fast$cells$seconds),
  " pairs/s\n",
  sep = ""
)
if (max(abs(made - t(rows))) > 1e-5) {
  stop("The descriptors differ from those of plain R.")
}
