# Judges the recipe of the human model on pairs that a copy of it did not see,
# and what it adds to a small screen of one's own; prints markdown for
# bench/RESULTS.md. tools/human-model reads bench/results/human-held-out.csv.
#
#   MUSL_DATA=/path Rscript bench/human.R [OPTION]...
#
#   --smoke           simulated screens in place of MUSL_DATA: does it all work?
#   --parts a,b       some of held (a study or queries of the genome-scale screen
#                     left out), joint (the left-out study by another one's
#                     effects of the same pairs), intervals (of held), lists
#                     (textbook pairs left out), own (labels of a left-out study
#                     given back, with and without the model)
#   --threads N       0 (the default) for all
#   --directory DIR   keeps finished scores: a killed run goes on there
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "screens-data", "screens-fit",
  "screens-rank", "screens-judge", "screens-joint", "screens-lists",
  "human-data", "human-direction", "human-own"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}

parts <- option("parts", c("held", "joint", "intervals", "lists", "own"))
settings <- list(
  seeds = 1L, directory = option("directory", NULL),
  threads = as.integer(option("threads", "0"))
)
inputs <- if (is_smoke()) {
  simulated_screens()
} else {
  kept(settings, "inputs", human_inputs())
}
cat(machine_line(), "\n\n")

# One row a part, scorer and metric, as musl_metrics() has them.
metric_rows <- function(part, figures, n_pairs, n_positive) {
  data.frame(
    part = part, scorer = rep(rownames(figures), 2),
    .metric = rep(c("auroc", "auprc"), each = nrow(figures)),
    .estimate = round(c(figures[, "AUROC"], figures[, "AP"]), 3),
    n_pairs = n_pairs, n_positive = n_positive, row.names = NULL
  )
}

shown_scorers <- c(
  MuSL = "score", `MuSL, order of lists` = "list order",
  `lower expression` = "lower_expression", `shared neighbours` = "adamic_adar"
)

held_rows <- function(part, scores, rows, group) {
  figures <- figures_by_group(scores, rows$label == "SL", group)
  figures <- figures[shown_scorers, ]
  rownames(figures) <- names(shown_scorers)
  metric_rows(part, figures, nrow(rows), sum(rows$label == "SL"))
}

held_study <- function(study) {
  rows <- inputs$measured[inputs$measured$study == study, ]
  scores <- held_scores(
    inputs, rows, inputs$measured$study != study, 1L, settings,
    paste0("study-", study)
  )
  scores <- cbind(scores, simple_scores(inputs, rows, settings, study))
  held_rows(study, scores, rows, rows$study)
}

held_queries <- function() {
  rows <- genome_rows(inputs)
  scores <- query_runs(inputs, settings)[[1]]
  scores <- cbind(scores, simple_scores(inputs, rows, settings, "genome"))
  held_rows(paste(inputs$genome_scale, "per query"), scores, rows, rows$query)
}

# The best of the other studies whose pairs overlap.
ceiling_rows <- function() {
  found <- quietly(musl_replication(inputs$measured))
  usable <- found$n_hits >= 5 & !is.na(found$.estimate)
  found <- found[usable & found$on != inputs$genome_scale, ]
  found <- found[order(-found$.estimate), ]
  found <- found[!duplicated(found$on), ]
  if (nrow(found) == 0) {
    return(NULL)
  }
  figures <- cbind(AUROC = found$.estimate, AP = found$auprc)
  rownames(figures) <- rep("another screen", nrow(found))
  metric_rows(
    rep(found$on, 2), figures, rep(found$n_pairs, 2), rep(found$n_hits, 2)
  )
}

report_held <- function() {
  table <- do.call(rbind, c(
    lapply(library_studies(inputs), held_study),
    list(held_queries(), ceiling_rows())
  ))
  cat("\nHeld out\n\n")
  cat(knitr::kable(table, row.names = FALSE, format = "pipe"), sep = "\n")
}

# Of the score: 95 % by resampling genes, of queries also these.
interval_rows <- function(part, runs, rows, group, ...) {
  found <- gene_intervals(runs, rows, group, "score", ...)
  data.frame(
    part = part, scorer = "MuSL", .metric = c("auroc", "auprc"),
    .lower = round(found[1, c("AUROC", "AP")], 3),
    .upper = round(found[2, c("AUROC", "AP")], 3), row.names = NULL
  )
}

report_intervals <- function() {
  rows <- library_rows(inputs)
  runs <- study_runs(inputs, settings)
  libraries <- lapply(library_studies(inputs), function(study) {
    at <- rows$study == study
    of <- lapply(runs, function(scores) scores[at, , drop = FALSE])
    interval_rows(study, of, rows[at, ], rows$study[at])
  })
  test <- genome_rows(inputs)
  queries <- interval_rows(
    paste(inputs$genome_scale, "per query"), query_runs(inputs, settings),
    test, test$query,
    query = TRUE, n_draws = 100L
  )
  cat("\nIntervals\n\n")
  table <- do.call(rbind, c(libraries, list(queries)))
  cat(knitr::kable(table, row.names = FALSE, format = "pipe"), sep = "\n")
}

if ("held" %in% parts) report_held()
if ("joint" %in% parts) report_joint(inputs, settings)
if ("intervals" %in% parts) report_intervals()
if ("lists" %in% parts) report_lists(inputs, settings)
if ("own" %in% parts) report_own(inputs, settings)
