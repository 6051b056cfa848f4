# Draws man/figures/partners.png, the README's figure, and prints its list:
# partners of ARID1A by a model of public screens whose licences allow it.
#   MUSL_DATA=/path Rscript tools/readme-figure.R [FILE]
# Run it in the repository root after changes to scorers, lists or autoplot().
suppressPackageStartupMessages(library(MuSL))
for (part in c("script", "read-data", "bench-scores", "screens-data")) {
  source(file.path("bench", paste0(part, ".R")))
}
file <- commandArgs(trailingOnly = TRUE)
if (length(file) == 0) file <- "man/figures/partners.png"

# Shen, Zhao and Big-Papi come without a licence, and recorded pairs too.
screens <- read_library_screens()
screens <- screens[screens$source %in% c("Ito", "Parrish", "CHyMErA"), ]
cohort <- read_matrix("expression", "rnaseqdb.tsv.gz")
evidence <- read_evidence()
# Expression of cell lines has a licence of its own.
evidence["lines"] <- list(NULL)
d <- quietly(musl_data(
  list(rnaseqdb = cohort),
  network = read_table("ppi", "string_v10.tsv.gz")[1:3],
  pairs = rbind(screens, read_genome_screen()), scale = "log",
  evidence = evidence
))
fit <- quietly(musl_fit(d,
  network = FALSE, control = musl_control(seed = 1), progress = FALSE
))
partners <- musl_partners(fit, "ARID1A", n = 12)
print(as.data.frame(partners)[c(
  "rank", "partner", "status", ".score", ".pred_SL", "relation", "why"
)], digits = 2, row.names = FALSE)
dir.create(dirname(file), showWarnings = FALSE)
ggplot2::ggsave(file, ggplot2::autoplot(partners),
  width = 6, height = 4, dpi = 150
)
