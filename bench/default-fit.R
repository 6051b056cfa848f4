# One call of musl_fit() with all defaults on all recorded SL pairs: its time,
# the model's file, what it keeps and how its scores come back.
#
#   MUSL_DATA=/path/to/data Rscript bench/default-fit.R [--screens] \
#     [--ensemble 1]
#   Rscript bench/default-fit.R --smoke
#
# --screens adds all measured pairs of bench/screens.R and its evidence;
# --ensemble trains another number of networks than the default.
# Five cohorts (92, 64, 104, 989 and 364 samples), STRING, k-mer vectors; a
# smoke run has three of files made up.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files",
  "screens-data"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
if (is_smoke()) use_demo_files()

cohorts <- c("tcga_crc", "gse33072", "sdy420", "rnaseqdb", "tcga_rare6")
if (is_smoke()) cohorts <- cohorts[1:3]
cohorts <- lapply(stats::setNames(cohorts, cohorts), function(name) {
  read_matrix("expression", paste0(name, ".tsv.gz"))
})
recorded <- read_table("sl", "sl_pairs.tsv.gz")
recorded <- recorded[recorded$label %in% c(1, "SL"), ]
with_screens <- "--screens" %in% commandArgs(TRUE)
pairs <- data.frame(recorded[c("gene_a", "gene_b")], label = 1)
if (with_screens) {
  pairs <- rbind(
    worth(recorded[c("gene_a", "gene_b")], "recorded", "SL", measured = FALSE),
    read_library_screens(), read_genome_screen()
  )
}
data <- suppressWarnings(musl_data(cohorts,
  network = read_table("ppi", "string_v10.tsv.gz")[1:3],
  embeddings = read_matrix("sequence", "kmer_svd64.tsv.gz"),
  pairs = pairs, scale = "log",
  evidence = if (with_screens) read_evidence()
))

control <- if (is_smoke()) {
  musl_control(ensemble = 2, epochs = 1, seed = 1, threads = 1)
} else {
  usual <- musl_control()$ensemble
  musl_control(seed = 1, ensemble = as.integer(option("ensemble", usual)))
}
warned <- character()
spent <- system.time(fit <- withCallingHandlers(
  musl_fit(data, control = control, progress = FALSE),
  musl_warning_not_converged = function(cnd) {
    warned <<- c(warned, conditionMessage(cnd))
    invokeRestart("muffleWarning")
  }
))
fit_peak <- peak_memory()
path <- tempfile(fileext = ".musl")
saved <- system.time(musl_save(fit, path))
loaded <- system.time(again <- musl_load(path))
without <- tempfile(fileext = ".musl")
musl_save(fit, without, keep = "none")
pairs <- utils::head(as.data.frame(musl_pairs(data))[1:2], 2000)
with_data <- predict(fit, pairs, data = data)$.score
after <- predict(again, pairs, data = data)$.score
kept <- glance(fit)$keeps_inputs
from_kept <- if (kept) predict(fit, pairs)$.score else with_data
stopifnot(
  "a score is missing" = all(is.finite(with_data)),
  "a file changes scores" = identical(with_data, after),
  "kept inputs are not those of the data" =
    max(abs(from_kept - with_data)) < 1e-4
)

writeLines(c(
  sprintf(
    "%s; %s, MuSL %s, LibTorch %s; peak memory %.2f GiB.", machine_line(),
    Sys.Date(), utils::packageVersion("MuSL"), musl_backend()$libtorch,
    peak_memory()
  ), "",
  "| what | value |", "|---|---|",
  sprintf("| genes | %d |", length(musl_genes(data))),
  sprintf("| pairs trained on | %d |", glance(fit)$n_training),
  sprintf("| members | %d |", control$ensemble),
  sprintf("| encoders | %s |", glance(fit)$encoders),
  sprintf("| fit, elapsed s | %.0f |", spent[["elapsed"]]),
  sprintf("| fit, processor s | %.0f |", sum(spent[1:2])),
  sprintf("| peak memory up to the fit's end, GiB | %.2f |", fit_peak),
  sprintf("| file, MB | %.1f |", file.size(path) / 1e6),
  sprintf("| file without inputs, MB | %.1f |", file.size(without) / 1e6),
  sprintf("| musl_save(), s | %.1f |", saved[["elapsed"]]),
  sprintf("| musl_load(), s | %.1f |", loaded[["elapsed"]]),
  sprintf("| keeps its inputs | %s |", if (kept) "yes" else "no"),
  sprintf(
    "| warned that it still rose | %s |", if (length(warned)) "yes" else "no"
  )
))
