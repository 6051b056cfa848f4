# Draws man/figures/partners.png, the README's figure, from simulated data.
# Run it in the repository root after changing musl_simulate(), the members for
# measured pairs or autoplot(): Rscript tools/readme-figure.R [FILE]
suppressPackageStartupMessages(library(MuSL))
file <- commandArgs(trailingOnly = TRUE)
if (length(file) == 0) file <- "man/figures/partners.png"
d <- musl_simulate("small", screens = TRUE, seed = 1)
fit <- suppressMessages(musl_fit(d,
  network = FALSE, control = musl_control(seed = 1, threads = 1),
  progress = FALSE
))
truth <- musl_truth(d)$screen_genes
queries <- unique(stats::na.omit(musl_pairs(d)$query))
anchor <- setdiff(truth$gene[!is.na(truth$duo)], queries)[[2]]
partners <- musl_partners(fit, anchor, n = 12)
dir.create(dirname(file), showWarnings = FALSE)
ggplot2::ggsave(file, ggplot2::autoplot(partners),
  width = 6, height = 4, dpi = 150
)
