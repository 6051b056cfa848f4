# Size of a model's file with its inputs, and seconds that saving, loading and a
# first prediction of 20 pairs take, in fresh processes with the backend open.
#
#   MUSL_DATA=/path/to/data Rscript bench/model-file.R [sources] [members]
#   Rscript bench/model-file.R --smoke
#
# The first `sources` (3) of five cohorts (92, 64, 104, 989 and 364 samples),
# STRING, k-mer vectors and all recorded SL pairs; `members` (1) networks of one
# epoch, since neither size nor time depends on what they learned.

suppressPackageStartupMessages(library(MuSL))

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c(
  "script", "read-data", "bench-scores", "quality-data", "demo-files"
)) {
  source(file.path(dirname(file), paste0(part, ".R")))
}
n_sources <- number_given(1L, 3L, 3L)
n_members <- number_given(2L, 1L, 2L)
rounds <- if (is_smoke()) 1L else 7L
if (is_smoke()) use_demo_files()

cohorts <- c("tcga_crc", "gse33072", "sdy420", "rnaseqdb", "tcga_rare6")
cohorts <- cohorts[seq_len(n_sources)]
sources <- lapply(stats::setNames(cohorts, cohorts), function(name) {
  read_matrix("expression", paste0(name, ".tsv.gz"))
})
recorded <- read_table("sl", "sl_pairs.tsv.gz")
recorded <- recorded[recorded$label %in% c(1, "SL"), ]
data <- suppressWarnings(musl_data(sources,
  network = read_table("ppi", "string_v10.tsv.gz")[1:3],
  embeddings = read_matrix("sequence", "kmer_svd64.tsv.gz"),
  pairs = data.frame(recorded[c("gene_a", "gene_b")], label = 1), scale = "log"
))
fit <- suppressWarnings(musl_fit(
  data,
  control = musl_control(
    members = n_members, epochs = 1, seed = 1, threads = 1
  ),
  keep = "codes", progress = FALSE
))
path <- tempfile(fileext = ".musl")
saved <- system.time(musl_save(fit, path))[["elapsed"]]
pairs <- utils::head(as.data.frame(musl_pairs(data))[1:2], 20)
pairs_file <- tempfile(fileext = ".rds")
saveRDS(pairs, pairs_file)
here <- predict(fit, pairs)$.score

# Elapsed and processor seconds of loading, and elapsed ones of a first and a
# second prediction; the scores must be those of the model that was saved.
one_round <- function(round) {
  lines <- c(
    "suppressMessages(library(MuSL)); invisible(musl_backend())",
    sprintf("pairs <- readRDS('%s')", pairs_file),
    sprintf("x <- system.time(fit <- musl_load('%s'))", path),
    "first <- system.time(s <- predict(fit, pairs)$.score)",
    "second <- system.time(predict(fit, pairs))",
    "cat(x[['elapsed']], sum(x[c('user.self', 'sys.self')]),",
    "  first[['elapsed']], second[['elapsed']], sprintf('%a', s))"
  )
  out <- run_apart(lines)
  found <- strsplit(utils::tail(out, 1), " ")[[1]]
  stopifnot(
    "a file changes scores" = identical(as.numeric(found[-(1:4)]), here)
  )
  as.numeric(found[1:4])
}
middle <- apply(
  vapply(seq_len(rounds), one_round, numeric(4)), 1, stats::median
)

writeLines(c(
  sprintf("%s; %s, median of %d.", machine_line(), Sys.Date(), rounds), "",
  "| what | value |", "|---|---|",
  sprintf("| genes, sources, networks | %d, %d, %d |", length(musl_genes(data)),
    n_sources, n_members
  ),
  sprintf("| file with inputs, MB | %.1f |", file.size(path) / 1e6),
  sprintf("| musl_save(), s | %.2f |", saved),
  sprintf("| musl_load(), elapsed s | %.2f |", middle[[1]]),
  sprintf("| musl_load(), processor s | %.2f |", middle[[2]]),
  sprintf("| first prediction of 20 pairs, s | %.2f |", middle[[3]]),
  sprintf("| the next one, s | %.2f |", middle[[4]])
))
