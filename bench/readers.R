# Seconds and memory of the readers on files of the real size, beside
# data.table::fread() and readr where they are installed. Each reader runs in a
# process of its own, so that its memory is its own; the first line is what a
# session takes before anything is read.
#   Rscript bench/readers.R [keep]    "keep" leaves the files in ./musl-readers
suppressMessages(library(MuSL))
keep <- "keep" %in% commandArgs(trailingOnly = TRUE)
dir <- if (keep) "musl-readers" else tempfile()
dir.create(dir, showWarnings = FALSE)
wide <- file.path(dir, "OmicsExpressionTPMLogp1.csv")
links <- file.path(dir, "9606.protein.links.txt")
info <- file.path(dir, "9606.protein.info.txt")

write_wide <- function(path, n_lines = 1700L, n_genes = 19200L) {
  con <- file(path, "wb")
  on.exit(close(con))
  genes <- sprintf("GENE%d (%d)", seq_len(n_genes), seq_len(n_genes))
  writeLines(paste0(",", paste(genes, collapse = ",")), con)
  values <- sprintf("%.9f", log2(1 + stats::rexp(2e5, 0.1)))
  for (i in seq_len(n_lines)) {
    row <- paste(sample(values, n_genes, TRUE), collapse = ",")
    writeLines(sprintf("ACH-%06d,%s", i, row), con)
  }
}

# Each link in both directions, as STRING has them: proteins on a ring are
# linked to those at 350 distances on either side.
write_links <- function(path, info, n_proteins = 19600L, n_distances = 350L) {
  proteins <- sprintf("9606.ENSP%011d", 200000L + 17L * seq_len(n_proteins))
  writeLines(c(
    "#string_protein_id\tpreferred_name\tprotein_size\tannotation",
    sprintf("%s\tGENE%d\t100\tx", proteins, seq_len(n_proteins))
  ), info)
  con <- file(path, "wb")
  on.exit(close(con))
  writeLines("protein1 protein2 combined_score", con)
  distance <- 27L * seq_len(n_distances)
  for (i in seq_len(n_proteins) - 1L) {
    other <- c(i + distance, i - distance) %% n_proteins
    score <- 150L + (i * other) %% 850L
    writeLines(paste(proteins[[i + 1L]], proteins[other + 1L], score), con)
  }
}

# Seconds by the clock and by the processor of `code`, and the peak of memory of
# its process. Packages are loaded before.
measure <- function(code) {
  script <- tempfile(fileext = ".R")
  writeLines(c(
    "suppressMessages(library(MuSL))",
    "for (name in c('SummarizedExperiment', 'igraph')) loadNamespace(name)",
    "time <- system.time({", code, "})",
    "seconds <- c(time[['elapsed']], sum(time[1:2]))",
    "peak <- grep('^VmHWM', readLines('/proc/self/status'), value = TRUE)",
    "cat(seconds, gsub('[^0-9]', '', peak))"
  ), script)
  run <- system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", script),
    stdout = TRUE, stderr = FALSE,
    env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":"))
  )
  as.numeric(strsplit(utils::tail(run, 1), " ")[[1]])
}

set.seed(1)
if (!file.exists(wide)) write_wide(wide)
if (!file.exists(links)) write_links(links, info)

quoted <- function(path) encodeString(path, quote = "\"")
se <- "SummarizedExperiment::SummarizedExperiment(list(t(m)))"
jobs <- list(
  list("DepMap CSV", "nothing: a session with its packages",
    "NULL", NULL),
  list("DepMap CSV", "read_depmap()",
    sprintf("read_depmap(%s)", quoted(wide)), NULL),
  list("DepMap CSV", "data.table::fread(), matrix, SE", paste(
    sprintf("x <- data.table::fread(%s);", quoted(wide)),
    "m <- as.matrix(x[, -1]);", se), "data.table"),
  list("DepMap CSV", "readr::read_csv(), matrix, SE", paste(
    sprintf("x <- readr::read_csv(%s, show_col_types = FALSE);", quoted(wide)),
    "m <- as.matrix(x[, -1]);", se), "readr"),
  list("STRING links", "read_string()", sprintf(
    "read_string(%s, info = %s)", quoted(links), quoted(info)), NULL),
  list("STRING links", "read_string(min_score = 0.7)", sprintf(
    "read_string(%s, info = %s, min_score = 0.7)", quoted(links), quoted(info)
  ), NULL),
  list("STRING links", "data.table::fread(), igraph", sprintf(paste(
    "x <- data.table::fread(%s);",
    "igraph::simplify(igraph::graph_from_data_frame(x, FALSE))"), quoted(links)
  ), "data.table")
)

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  "Load: ", strsplit(readLines("/proc/loadavg"), " ")[[1]][1], "\n",
  "DepMap CSV: ", round(file.size(wide) / 1e6), " MB, 1,700 x 19,200; ",
  "STRING links: ", round(file.size(links) / 1e6), " MB, 13.7 M rows\n\n",
  "| file | reader | seconds | processor seconds | peak memory, MB |\n",
  "|---|---|---|---|---|\n",
  sep = ""
)
for (job in jobs) {
  if (!is.null(job[[4]]) && !requireNamespace(job[[4]], quietly = TRUE)) next
  got <- measure(job[[3]])
  cat(sprintf(
    "| %s | %s | %.1f | %.1f | %.0f |\n", job[[1]], job[[2]], got[[1]],
    got[[2]], got[[3]] / 1024
  ))
}
if (!keep) unlink(dir, recursive = TRUE)
