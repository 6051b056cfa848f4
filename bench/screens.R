# Judges members for measured pairs on double-knockout screens that they did not
# see, beside simple scorers, and prints markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/screens.R [OPTION]...
#
#   --smoke           simulated screens in place of MUSL_DATA: does it all work?
#   --parts a,b       some of study (one study left out), query (queries of the
#                     genome-scale screen left out), transfer (no such screen in
#                     training), family (both genes' families unseen), textbook,
#                     lists (ranks of textbook pairs, statuses of partners),
#                     joint (the score and another study's effects together),
#                     ylab (published folds, trained on their folds alone),
#                     addition (one study left out, the fit on one, two ... all
#                     others, and on one of few hits)
#   --without a,b     these groups of inputs left out (input_groups in
#                     screens-data.R), in a directory of its own
#   --align           with alignments of proteins, in a directory of its own
#   --no-forest       without the rival that learns longer than all scorers
#   --seeds 1,2,3     of the draw of non-hits
#   --threads N       0 (the default) for all
#   --directory DIR   keeps finished scores: a killed run goes on there
#
# MUSL_DATA holds the folders screens, genes, sl, ppi, expression, sequence and
# splits. Annotation is that of the package org.Hs.eg.db. Pairs of a test part,
# in either order, leave the measured and the recorded pairs of training.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "forest", "screens-data", "screens-fit",
  "screens-rank", "screens-judge", "screens-joint", "screens-lists",
  "screens-folds", "screens-addition"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}

all_parts <- c(
  "study", "query", "transfer", "family", "textbook", "lists", "joint", "ylab",
  "addition"
)
parts <- option("parts", all_parts)
stopifnot(parts %in% all_parts)
settings <- list(
  forest = !"--no-forest" %in% commandArgs(trailingOnly = TRUE),
  seeds = as.integer(option("seeds", if (is_smoke()) "1" else c("1", "2", "3"))),
  directory = option("directory", NULL),
  threads = as.integer(option("threads", "0"))
)
inputs <- if (is_smoke()) {
  simulated_screens()
} else {
  kept(settings, "inputs", read_screens())
}
cat(machine_line(), "\n\n")
if (is_smoke()) parts <- setdiff(parts, "ylab")
for (part in parts) get(paste0("report_", part))(inputs, settings)
if (is_smoke()) check_smoke(inputs, settings)
