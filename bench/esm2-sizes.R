# musl_embed_proteins() on random weights of the shape of each official ESM2,
# beside PyTorch's modules of the same layers: the same embeddings, seconds of
# one thread with the reading of the model, and the peak of memory.
#   Rscript bench/esm2-sizes.R [--smoke] [size ...] 8M 35M 150M 650M unless said
# 3B takes 11 GB of disk and 13 GB of memory. Needs an installed MuSL and
# Debian's python3-torch (MUSL_PYTHON names another Python), without which a
# smoke run does nothing.
suppressPackageStartupMessages(library(MuSL))
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- dirname(normalizePath(script))
source(file.path(here, "script.R"))
needs_torch()

official <- data.frame(
  size = c("8M", "35M", "150M", "650M", "3B"),
  width = c(320, 480, 640, 1280, 2560),
  layers = c(6, 12, 30, 33, 36),
  heads = c(20, 20, 20, 20, 40)
)
tiny <- data.frame(size = "tiny", width = 32, layers = 2, heads = 4)

arguments <- commandArgs(trailingOnly = TRUE)
asked <- setdiff(arguments, "--smoke")
if (length(asked) == 0) asked <- c("8M", "35M", "150M", "650M")
unknown <- setdiff(asked, official$size)
if (length(unknown) > 0) {
  stop("ESM2 has no size ", unknown[[1]], ".", call. = FALSE)
}
sizes <- official[official$size %in% asked, ]
if (is_smoke()) sizes <- tiny

call_python <- function(script, ...) {
  out <- suppressWarnings(system2(
    python(), c(file.path(here, "reference", script), ...),
    stdout = TRUE, env = c("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
  ))
  if (!is.null(attr(out, "status"))) stop(script, " failed.", call. = FALSE)
  out
}

# In a process of its own, whose peak of memory is its own.
embed <- function(x, folder) {
  started <- proc.time()
  values <- MuSL::musl_embed_proteins(
    x, folder,
    device = "cpu", threads = 1L, progress = FALSE
  )
  used <- proc.time() - started
  peak <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  list(
    values = values, seconds = used[["user.self"]] + used[["sys.self"]],
    peak = as.numeric(gsub("[^0-9]", "", peak)) / 1024^2
  )
}

compare <- function(size) {
  folder <- tempfile("esm2-")
  on.exit(unlink(folder, recursive = TRUE))
  call_python("esm2_random.py", folder, size$width, size$layers, size$heads)
  sequences <- tempfile()
  writeLines(proteins, sequences)
  out <- tempfile()
  call_python("esm2_torch.py", folder, sequences, 1, 2048, 1, out)
  theirs <- matrix(
    readBin(out, "numeric", length(proteins) * size$width, size = 4),
    length(proteins),
    byrow = TRUE
  )
  ours <- callr::r(embed, list(proteins, folder))
  difference <- max(abs(unname(ours$values) - theirs))
  if (!(difference <= 1e-4)) {
    stop("ESM2-", size$size, " differs by ", difference, ".", call. = FALSE)
  }
  data.frame(
    size = size$size, file = file.size(file.path(folder, "model.safetensors")),
    difference = difference, seconds = ours$seconds, peak = ours$peak
  )
}

set.seed(1)
residues <- strsplit("LAGVSERTIDPKQNFYMHWC", "")[[1]]
proteins <- vapply(c(a = 120, b = 400, c = 61), function(n) {
  paste(sample(residues, n, TRUE), collapse = "")
}, "")
rows <- do.call(rbind, lapply(seq_len(nrow(sizes)), function(i) {
  compare(sizes[i, ])
}))
cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[[1]]
writeLines(c(
  sprintf(
    "Run on %s, %s; %d proteins, %d residues.", Sys.Date(),
    sub(".*: ", "", cpu), length(proteins), sum(nchar(proteins))
  ), "",
  "| ESM2 | file, GB | largest difference | processor s | peak memory, GiB |",
  "|---|---|---|---|---|",
  sprintf(
    "| %s | %.2f | %.0e | %.1f | %.2f |", rows$size, rows$file / 1e9,
    rows$difference, rows$seconds, rows$peak
  )
))
