# Vectors of molecules and of residue graphs beside the identical stages in
# plain PyTorch (bench/reference/nodes_torch.py): the same weights, forward
# passes without gradients, one thread each, in turns.
#   MUSL_DATA=/path Rscript bench/nodes.R [rounds]
#   Rscript bench/nodes.R --smoke [rounds]
# MUSL_DATA holds muse/deepddi, whose distinct drugs are the molecules: MuSL
# computes atoms with the same surroundings once, so that copies are free.
# PyTorch's side gets indices and features ready-made and, for residue graphs,
# the better of two ways to go through edges; ours packs molecules and chains and
# makes their features. Each side keeps freed memory and has the best of several
# batch sizes. It refuses to time stages whose vectors differ.
# Needs CMake and Debian's python3-torch (MUSL_PYTHON names another Python),
# without which a smoke run does nothing. Both sides read OPENBLAS_CORETYPE.
# MUSL_BENCH_PROGRAMS names a folder with the program built.

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(file), ".."))
source(file.path(root, "bench", "script.R"))
source(file.path(root, "bench", "torch-peer.R"))
smoke <- is_smoke()
needs_torch()
rounds <- number_given(1L, 3L, 1L)
batches <- list(molecule = c(20L, 50L, 100L, 300L), graph = c(1L, 2L, 4L, 8L))
if (smoke) batches <- list(molecule = c(3L, 10L), graph = c(1L, 3L))
titles <- c(molecule = "molecules", graph = "residue graphs")
tolerance <- 1e-4

programs <- programs_with(root, "nodes")

# Of lines "what batch seconds items", the one with the most items a second.
best <- function(lines) {
  fields <- read.table(text = lines)
  fields$speed <- fields[[4]] / fields[[3]]
  fields[which.max(fields$speed), ]
}

dir <- tempfile("nodes")
dir.create(dir)
molecules <- character()
if (!smoke) {
  source(file.path(root, "bench", "muse-data.R"))
  smiles <- unique(muse_table("deepddi", "drugs.tsv")$smiles)
  molecules <- c("--smiles", file.path(dir, "molecules.smi"))
  writeLines(smiles, molecules[[2]])
}

musl <- function(...) {
  words <- c(if (smoke) "--smoke", molecules, ...)
  run(file.path(programs, "nodes"), words)
}
pytorch <- function(dir, ...) run_torch(root, "nodes_torch.py", dir, ...)

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
writeLines(c(
  sprintf("%s; MuSL's products by %s.", describe_peers(), products), "",
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
