# Draws man/figures/partners.png, the README's figure, and prints its list: the
# partners of ARID1A by the human model.
#   Rscript tools/readme-figure.R [FILE]
# Run it in the repository root after changes to the model, lists or autoplot().
suppressPackageStartupMessages(library(MuSL))
file <- commandArgs(trailingOnly = TRUE)
if (length(file) == 0) file <- "man/figures/partners.png"

partners <- musl_partners(musl_human_model(), "ARID1A", n = 12)
options(width = 95)
print(partners)
dir.create(dirname(file), showWarnings = FALSE)
ggplot2::ggsave(file, ggplot2::autoplot(partners),
  width = 6, height = 4, dpi = 150
)
