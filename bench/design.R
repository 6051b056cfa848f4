# Judges musl_design(): a genome-scale screen is replayed, and 15 of its queries
# are chosen by a model that saw nothing of it and by simple rules. What share
# of all hits do they find? Prints markdown for bench/RESULTS.md.
#
#   MUSL_DATA=/path Rscript bench/design.R [OPTION]...
#
#   --smoke           simulated screens in place of MUSL_DATA: does it all work?
#   --budget N        queries to choose (15)
#   --seeds 1,2,3     of the draw of non-hits
#   --threads N       0 (the default) for all
#   --directory DIR   keeps models and scores; bench/screens.R shares them
#
# MUSL_DATA is that of bench/screens.R.
suppressPackageStartupMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "screens-data", "screens-fit",
  "screens-rank", "screens-judge", "design-rules"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}

usual_seeds <- if (is_smoke()) 1 else 1:3
settings <- list(
  seeds = as.integer(option("seeds", usual_seeds)),
  directory = option("directory", NULL),
  threads = as.integer(option("threads", "0"))
)
inputs <- if (is_smoke()) {
  smoke_inputs()
} else {
  kept(settings, "inputs", read_screens())
}
budget <- as.integer(option("budget", if (is_smoke()) "3" else "15"))
cat(machine_line(), "\n")
replayed <- replay(inputs, settings, budget)
if (is_smoke()) check_smoke(replayed)
