# How long does an answer of the human model take, and how much memory?
# Prints markdown for bench/results/waiting-times.csv.
#
#   Rscript bench/waiting.R [--smoke]
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
cat("| work | time | peak memory |\n|---|---|---|\n")
clock <- function(work, expr) {
  seconds <- system.time(expr)[["elapsed"]]
  cat(sprintf("| %s | %.1f s | %.1f GiB |\n", work, seconds, peak_memory()))
}

clock("human model: attach the package and load the model", {
  suppressPackageStartupMessages(library(MuSL))
  model <- musl_human_model()
})
clock("first list of partners", musl_partners(model, "ARID1A", threads = 1))
clock("the next list", musl_partners(model, "STAG2", threads = 1))
clock("explanation of a pair", musl_explain(model, "STAG2", "STAG1"))

# A small screen of one's own: 20 genes by 100, a hit in fifty.
genes <- musl_genes(model)
set.seed(1)
mine <- expand.grid(
  gene_a = genes[1:20], gene_b = genes[101:200], stringsAsFactors = FALSE
)
mine$gi <- ifelse(seq_len(nrow(mine)) %% 50 == 0, -3, stats::rnorm(nrow(mine)) / 2)
mine <- suppressMessages(read_gi_screen(mine,
  columns = c(gene_a = "gene_a", gene_b = "gene_b", score = "gi"),
  hit = -2, study = "mine"
))
clock("fit of a screen of 2,000 pairs that starts from it", {
  own <- suppressMessages(musl_data(
    pairs = mine,
    evidence = musl_evidence(models = list(human = model))
  ))
  fit <- suppressMessages(musl_fit(own, progress = FALSE))
})

n <- if (is_smoke()) 2 else 100
clock(paste("rows of", n, "genes of an atlas"), musl_atlas(
  model, tempfile("atlas"), anchors = genes[seq_len(n)], threads = 1, progress = FALSE
))
