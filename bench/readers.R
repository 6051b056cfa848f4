# Seconds and memory of the readers on files of the real size, beside
# data.table::fread() and readr where they are installed. Each reader runs in a
# process of its own, so that its memory is its own; the first line is what a
# session takes before anything is read.
#   Rscript bench/readers.R [keep]    "keep" leaves the files in ./musl-readers
#   Rscript bench/readers.R --smoke   tiny files, held to base R's readers
suppressMessages(library(MuSL))
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
keep <- "keep" %in% commandArgs(trailingOnly = TRUE)
size <- if (is_smoke()) {
  c(lines = 30L, genes = 40L, proteins = 60L, distances = 2L, pairs = 300L)
} else {
  c(
    lines = 1700L, genes = 19200L, proteins = 19600L, distances = 350L,
    pairs = 223308L
  )
}
dir <- if (keep) "musl-readers" else tempfile()
dir.create(dir, showWarnings = FALSE)
wide <- file.path(dir, "OmicsExpressionTPMLogp1.csv")
links <- file.path(dir, "9606.protein.links.txt")
info <- file.path(dir, "9606.protein.info.txt")
recorded <- file.path(dir, "sl_pairs.tsv")

write_wide <- function(path, n_lines, n_genes) {
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
write_links <- function(path, info, n_proteins, n_distances) {
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

# Pairs as databases of recorded SL have them: each in a row, some twice.
write_recorded <- function(path, n_pairs) {
  n_genes <- ceiling(sqrt(3 * n_pairs)) + 10L
  name <- function() sprintf("GENE%d", sample(n_genes, 2 * n_pairs, TRUE))
  x <- data.frame(gene_a = name(), gene_b = name())
  x <- utils::head(x[x$gene_a != x$gene_b, ], n_pairs)
  x$label <- 1L
  x$source <- sample(c("Text Mining", "GenomeRNAi", "CRISPR"), n_pairs, TRUE)
  x$cell_line <- sample(c("", "COAD", "DLD-1", "K562"), n_pairs, TRUE)
  x$pubmed <- sample(2e7L:3e7L, n_pairs)
  x$score <- round(stats::runif(n_pairs), 3)
  con <- file(path, "wb")
  on.exit(close(con))
  utils::write.table(x, con, sep = "\t", quote = FALSE, row.names = FALSE)
}

# Seconds by the clock and by the processor of `code`, and the peak of memory of
# its process. Packages are loaded before.
measure <- function(code) {
  out <- run_apart(c(
    "suppressMessages(library(MuSL))",
    "for (name in c('SummarizedExperiment', 'igraph')) loadNamespace(name)",
    "time <- system.time({", code, "})",
    "seconds <- c(time[['elapsed']], sum(time[1:2]))",
    "peak <- grep('^VmHWM', readLines('/proc/self/status'), value = TRUE)",
    "cat(seconds, gsub('[^0-9]', '', peak))"
  ))
  as.numeric(strsplit(utils::tail(out, 1), " ")[[1]])
}

# The readers' values and edges beside those of base R's readers.
check_readers <- function() {
  plain <- utils::read.csv(wide, row.names = 1, check.names = FALSE)
  names(plain) <- sub(" .*", "", names(plain))
  values <- SummarizedExperiment::assay(read_depmap(wide))
  edges <- igraph::as_data_frame(read_network(links, info = info))
  edges <- sort_links(edges$from, edges$to, edges$weight)
  rows <- utils::read.delim(recorded)
  named <- unique(paste(
    pmin(rows$gene_a, rows$gene_b), pmax(rows$gene_a, rows$gene_b)
  ))
  read <- suppressMessages(read_pairs(recorded))
  stopifnot(
    "read_pairs() reads other pairs" =
      setequal(paste(read$gene_a, read$gene_b), named),
    "read_depmap() reads other values" = identical(values, t(plain)),
    "read_network() reads other links" = identical(edges, plain_links())
  )
}

sort_links <- function(a, b, score) sort(paste(pmin(a, b), pmax(a, b), score))

# Each link once.
plain_links <- function() {
  rows <- utils::read.table(links, header = TRUE)
  proteins <- utils::read.delim(info)
  gene_of <- function(protein) {
    proteins$preferred_name[match(protein, proteins[[1]])]
  }
  a <- gene_of(rows$protein1)
  b <- gene_of(rows$protein2)
  unique(sort_links(a, b, rows$combined_score / 1000))
}

set.seed(1)
if (!file.exists(wide)) {
  write_wide(wide, size[["lines"]], size[["genes"]])
}
if (!file.exists(links)) {
  write_links(links, info, size[["proteins"]], size[["distances"]])
}
if (!file.exists(recorded)) write_recorded(recorded, size[["pairs"]])
if (is_smoke()) check_readers()

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
  list("STRING links", "read_network()", sprintf(
    "read_network(%s, info = %s)", quoted(links), quoted(info)), NULL),
  list("STRING links", "read_network(min_score = 0.7)", sprintf(
    "read_network(%s, info = %s, min_score = 0.7)", quoted(links), quoted(info)
  ), NULL),
  list("STRING links", "data.table::fread(), igraph", sprintf(paste(
    "x <- data.table::fread(%s);",
    "igraph::simplify(igraph::graph_from_data_frame(x, FALSE))"), quoted(links)
  ), "data.table"),
  list("pairs", "read_pairs()", sprintf(
    "suppressMessages(read_pairs(%s))", quoted(recorded)
  ), NULL),
  list("pairs", "data.table::fread(), nothing merged", sprintf(
    "data.table::fread(%s)", quoted(recorded)
  ), "data.table")
)

cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
cat(
  "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
  " cores; ", R.version.string, "\n",
  "Load: ", strsplit(readLines("/proc/loadavg"), " ")[[1]][1], "\n",
  "DepMap CSV: ", round(file.size(wide) / 1e6), " MB, ", size[["lines"]], " x ",
  size[["genes"]], "; STRING links: ", round(file.size(links) / 1e6), " MB, ",
  2 * size[["proteins"]] * size[["distances"]], " rows; pairs: ",
  size[["pairs"]], " rows\n\n",
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
