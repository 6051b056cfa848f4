# Time of a screen at DepMap's size, 18,000 genes x 800 lines, beside base R's
# wilcox.test() on some of the genes in the same run; both on one core.
#
#   Rscript bench/screen.R [--smoke] [genes] [lines] [genes for wilcox.test()]
#
# Random data: speed does not depend on what the numbers mean.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
n_genes <- number_given(1L, 18000L, 60L)
n_lines <- number_given(2L, 800L, 150L)
n_plain <- number_given(3L, 500L, 50L)
n_anchors <- 20L
repeats <- 3L

random_panel <- function() {
  genes <- sprintf("GENE%05d", seq_len(n_genes))
  lines <- sprintf("ACH-%06d", seq_len(n_lines))
  values <- function(mean, sd) {
    matrix(stats::rnorm(n_genes * n_lines, mean, sd), n_genes,
      dimnames = list(genes, lines)
    )
  }
  effect <- values(-0.15, 0.4)
  effect[sample.int(length(effect), length(effect) %/% 200L)] <- NA
  SummarizedExperiment::SummarizedExperiment(
    list(effect = effect, expression = values(4, 2)),
    colData = data.frame(
      lineage = sample(sprintf("lineage%02d", 1:28), n_lines, replace = TRUE),
      row.names = lines
    )
  )
}

# The least of several runs: other work on the machine only adds to it.
# Processor seconds, as the machine may be shared.
seconds <- function(expr, times = repeats) {
  call <- substitute(expr)
  frame <- parent.frame()
  runs <- vapply(seq_len(times), function(i) {
    time <- system.time(eval(call, frame))
    c(sum(time[c("user.self", "sys.self")]), time[["elapsed"]])
  }, numeric(2))
  apply(runs, 1, min)
}

panel <- random_panel()
genes <- rownames(panel)
screen <- function(anchors, lineage = "lineage", threads = 1L) {
  musl_screen(
    anchors, panel,
    lineage = lineage, test = "wilcoxon", threads = threads
  )
}

plain <- seconds(out <- screen(genes[[1]], lineage = NULL))
stratified <- seconds(screen(genes[[1]]))
several <- seconds(screen(genes[seq_len(n_anchors)]), 1L)

effect <- SummarizedExperiment::assay(panel, "effect")
expression <- SummarizedExperiment::assay(panel, "expression")[1, ]
lost <- expression <= stats::quantile(expression, 0.1)
rows <- out$partner[seq_len(n_plain)]
loop <- seconds(p <- vapply(rows, function(gene) {
  x <- effect[gene, ]
  stats::wilcox.test(x[lost], x[!lost], exact = FALSE)$p.value
}, 0), 1L) * n_genes / n_plain
apart <- max(abs(p - out$p_two_sided[seq_len(n_plain)]))

machine <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1L]
row <- function(what, seconds, asked) {
  sprintf("| %s | %.2f | %.2f | %s |", what, seconds[[1]], seconds[[2]], asked)
}
writeLines(c(
  sprintf(
    "Run on %s, %s, %d cores, %s; %d genes x %d lines, one thread.",
    Sys.Date(), sub(".*: ", "", machine), parallel::detectCores(),
    R.version.string, n_genes, n_lines
  ), "",
  "| screen | processor s | elapsed s | asked |", "|---|---|---|---|",
  row("one anchor, both p-values", plain, "<= 0.6 s"),
  row("one anchor, also stratified by 28 lineages", stratified, "<= 0.6 s"),
  row(sprintf("%d anchors, also stratified", n_anchors), several, ""),
  row(
    sprintf("one anchor, wilcox.test(), from %d genes", n_plain), loop, ""
  ), "",
  sprintf("Largest difference of the two p-values: %.1e.", apart)
))
if (apart > 1e-10) {
  stop("The p-values differ from those of wilcox.test().")
}
