# Vectors of molecules and of residue graphs beside the identical stages in
# plain PyTorch (bench/reference/nodes_torch.py): the same weights, forward
# passes without gradients, one thread each, in turns.
#   Rscript bench/nodes.R [--smoke] [rounds]
# PyTorch's side gets indices and features ready-made, an allocator that keeps
# memory and, for residue graphs, the better of two ways to go through edges;
# ours packs molecules and chains and makes their features. Each side has the
# best of several batch sizes. It refuses to time stages whose vectors differ.
# Needs CMake and Debian's python3-torch (MUSL_PYTHON names another Python),
# without which a smoke run does nothing. Both sides read OPENBLAS_CORETYPE.
# MUSL_BENCH_PROGRAMS names a folder with the program built.

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(file), ".."))
source(file.path(root, "bench", "script.R"))
smoke <- is_smoke()
smoke_needs_torch()
rounds <- number_given(1L, 3L, 1L)
batches <- list(molecule = c(20L, 50L, 100L, 300L), graph = c(1L, 2L, 4L, 8L))
if (smoke) batches <- list(molecule = c(3L, 10L), graph = c(1L, 3L))
titles <- c(molecule = "molecules", graph = "residue graphs")
tolerance <- 1e-4

programs <- Sys.getenv("MUSL_BENCH_PROGRAMS") # built already
reference <- file.path(root, "bench", "reference", "nodes_torch.py")
one_thread <- c("OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1")
keep_memory <- c(
  "MALLOC_MMAP_THRESHOLD_=1073741824", "MALLOC_TRIM_THRESHOLD_=4294967296"
)

run <- function(command, words, env = character()) {
  out <- suppressWarnings(
    system2(command, words, stdout = TRUE, env = c(one_thread, env))
  )
  if (!is.null(attr(out, "status"))) {
    stop(paste(c(command, words), collapse = " "), " failed.", call. = FALSE)
  }
  out
}

# Of lines "what batch seconds items", the one with the most items a second.
best <- function(lines) {
  fields <- read.table(text = lines)
  fields$speed <- fields[[4]] / fields[[3]]
  fields[which.max(fields$speed), ]
}

musl <- function(...) {
  run(file.path(programs, "nodes"), c(if (smoke) "--smoke", ...))
}
pytorch <- function(dir, ...) run(python(), c(reference, dir, ...), keep_memory)

turn <- function(dir, what) {
  sizes <- batches[[what]]
  ways <- if (what == "graph") c("graph", "padded") else what
  list(
    ours = best(musl("--forward", what, sizes)),
    theirs = best(unlist(lapply(ways, function(way) pytorch(dir, way, sizes))))
  )
}

compare <- function(dir, what, off) {
  turns <- lapply(seq_len(rounds), function(round) turn(dir, what))
  speed <- function(side) vapply(turns, function(turn) turn[[side]]$speed, 0)
  ratio <- speed("ours") / speed("theirs")
  theirs <- turns[[1]]$theirs
  data.frame(
    what = titles[[what]],
    musl = stats::median(speed("ours")), batch = turns[[1]]$ours[[2]],
    pytorch = stats::median(speed("theirs")),
    theirs = paste0(theirs[[2]], if (theirs[[1]] == "padded") ", padded"),
    ratio = stats::median(ratio),
    range = paste(sprintf("%.2f", range(ratio)), collapse = "-"),
    difference = off
  )
}

if (!nzchar(programs)) {
  programs <- file.path(root, "build-bench")
  builder <- file.path(root, "bench", "core", "build.sh")
  invisible(run("sh", c(builder, programs, "nodes")))
}
dir <- tempfile("nodes")
dir.create(dir)
products <- sub("^products ", "", musl("--hand-over", dir))
off <- read.table(text = pytorch(dir, "differences"), row.names = 1)
if (!all(off[[1]] <= tolerance)) {
  print(off)
  stop("The two sides' vectors differ.", call. = FALSE)
}
off <- c(
  molecule = off["molecule", ], graph = max(off[c("graph", "padded"), ])
)
table <- do.call(rbind, lapply(names(batches), function(what) {
  compare(dir, what, off[[what]])
}))
unlink(dir, recursive = TRUE)
cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
versions <- run(
  python(), c("-c", shQuote("import torch; print(torch.__version__)"))
)
writeLines(c(
  sprintf(
    paste(
      "Run on %s, %s, %d cores under a load of %s; PyTorch %s,",
      "OPENBLAS_CORETYPE=%s; MuSL's products by %s."
    ),
    Sys.Date(), sub(".*: ", "", cpu), parallel::detectCores(),
    strsplit(readLines("/proc/loadavg"), " ")[[1]][[1]], versions,
    Sys.getenv("OPENBLAS_CORETYPE", "(its choice)"), products
  ), "",
  paste(
    "| what | MuSL, a second | its batch | PyTorch, a second | its batch |",
    "ratio | over rounds | vectors differ by |"
  ),
  "|---|---|---|---|---|---|---|---|",
  sprintf(
    "| %s | %.0f | %s | %.0f | %s | %.2f | %s | %.0e |",
    table$what, table$musl, table$batch, table$pytorch, table$theirs,
    table$ratio, table$range, table$difference
  )
))
