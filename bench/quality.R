# Judges MuSL on the project's fixed benchmark, beside simple methods on the
# same folds, and prints markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/quality.R [OPTION]...
#
# What to run (the main tables without --pilsl):
#   --pilsl              PiLSL's published splits
#   --main               the main tables beside them
#   --controls [KINDS]   with the controls that train, in the main tables: all,
#                        or some of labels, features, network, only, without
# On what:
#   --smoke              tiny demo data in place of MUSL_DATA: does it all work?
#   --folds 1-5  --schemes pair,gene  --negatives degree_matched,random
#   --cohorts crc,nsclc,pbmc,depmap,lung
# What to train:
#   --seeds 1,2,3  --ensemble 5  --presets default,paper
#   --epochs N  --encoders descriptors,genes,graph,partners
#   --biology trained    "biology" is a model trained without known partners;
#                        masked: the full one with that encoder silent
#   --no-baselines       without simple methods
# How:
#   --directory DIR      keeps finished jobs: a killed run goes on there
#   --cores 1            models to train side by side
#   --csv FILE           writes the means of the main table, too
#
# MUSL_DATA holds the folders expression, ppi, sequence, sl and splits. The
# model itself is quality_architecture() and quality_control() in
# quality-options.R.

suppressPackageStartupMessages(library(MuSL))

file <- grep("^--file=", commandArgs(), value = TRUE)
here <- dirname(sub("^--file=", "", file))
for (part in c(
  "script", "read-data", "bench-scores", "quality-options", "quality-data",
  "quality-run", "quality-tables", "quality-controls", "quality-calibration",
  "quality-others"
)) {
  source(file.path(here, paste0(part, ".R")))
}

options <- read_options(commandArgs(TRUE))
inputs <- if (options$smoke) demo_inputs() else benchmark_inputs()
inputs$expression <- chosen_cohorts(inputs$expression, options)

describe_run(options)
if (options$main) {
  judged <- judge_cells(inputs, options)
  report_main(judged, options)
  report_calibration(judged)
  report_blocks(judged)
  report_controls(judged)
  if (options$smoke && "default" %in% options$presets) {
    check_smoke(judged, options)
  }
}
if (options$pilsl) report_pilsl(inputs, options)
