# Prediction and a training step of the default network beside the identical
# one in plain PyTorch (bench/reference/musl_torch.py): the same weights, one
# thread each, in turns, with one source and with three.
#   Rscript bench/main-network.R [--smoke] [rounds]
# PyTorch's side gets all features ready-made, the best of several batch sizes
# and an allocator that keeps memory; ours makes them from codes and runs as
# users run it. It refuses to time networks that score differently. Needs CMake
# and Debian's python3-torch (MUSL_PYTHON names another Python), without which a
# smoke run does nothing. Both sides read OPENBLAS_CORETYPE. MUSL_BENCH_PROGRAMS
# names a folder with the program built.

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(file), ".."))
source(file.path(root, "bench", "script.R"))
smoke <- is_smoke()
smoke_needs_torch()
rounds <- number_given(1L, 3L, 1L)
batches <- if (smoke) c(64L, 256L) else c(64L, 128L, 256L, 512L)

programs <- Sys.getenv("MUSL_BENCH_PROGRAMS") # built already
reference <- file.path(root, "bench", "reference", "musl_torch.py")
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

# Lines "what batch seconds pairs" -> seconds a pair, named by batch.
seconds_a_pair <- function(lines) {
  fields <- read.table(text = lines)
  stats::setNames(fields[[3]] / fields[[4]], fields[[2]])
}

musl <- function(dir, sources, ...) {
  words <- c(dir, sources, if (smoke) "--smoke", ...)
  seconds_a_pair(run(file.path(programs, "network"), words))
}
pytorch <- function(dir, what) {
  seconds_a_pair(run(python(), c(reference, dir, what, batches), keep_memory))
}

# Largest difference of the two sides' scores of the pairs handed over.
difference <- function(dir) {
  scores <- file.path(dir, "scores")
  run(python(), c(reference, dir, "score", scores))
  sides <- readBin(scores, "numeric", file.size(scores) / 8)
  max(abs(sides[c(TRUE, FALSE)] - sides[c(FALSE, TRUE)]))
}

best <- function(seconds) seconds[which.min(seconds)]

compare <- function(sources) {
  dir <- tempfile("network")
  dir.create(dir)
  on.exit(unlink(dir, recursive = TRUE))
  trained <- musl(dir, sources)
  off <- difference(dir)
  if (!(off <= 1e-4)) {
    stop("The two networks' scores differ by ", off, ".", call. = FALSE)
  }
  # In turns, so that the machine's moods meet both.
  predicted <- lapply(seq_len(rounds), function(round) {
    ours <- c(
      musl(dir, sources, "--again", 64), musl(dir, sources, "--again", 128)
    )
    list(
      ours = best(ours), theirs = best(pytorch(dir, "predict")),
      narrow = best(pytorch(dir, "bfloat16"))
    )
  })
  steps <- lapply(seq_len(rounds), function(round) {
    ours <- if (round == 1) trained else musl(dir, sources)
    list(ours = best(ours), theirs = best(pytorch(dir, "train")))
  })
  rbind(
    result("prediction", sources, predicted, off),
    result(
      "prediction, PyTorch's in bfloat16", sources, predicted, NA, "narrow"
    ),
    result("training step of 512", sources, steps, off)
  )
}

result <- function(what, sources, turns, off, side = "theirs") {
  ours <- vapply(turns, function(turn) turn$ours[[1]], 0)
  theirs <- vapply(turns, function(turn) turn[[side]][[1]], 0)
  data.frame(
    what = what, sources = sources,
    musl = stats::median(1 / ours), pytorch = stats::median(1 / theirs),
    batch = names(turns[[1]][[side]]),
    ratio = stats::median(theirs / ours),
    range = paste(sprintf("%.2f", range(theirs / ours)), collapse = "-"),
    difference = off
  )
}

if (!nzchar(programs)) {
  programs <- file.path(root, "build-bench")
  builder <- file.path(root, "bench", "core", "build.sh")
  invisible(run("sh", c(builder, programs, "network")))
}
sizes <- if (smoke) 2L else c(1L, 3L)
table <- do.call(rbind, lapply(sizes, compare))
cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
versions <- run(
  python(), c("-c", shQuote("import torch; print(torch.__version__)"))
)
writeLines(c(
  sprintf(
    paste(
      "Run on %s, %s, %d cores under a load of %s; PyTorch %s,",
      "OPENBLAS_CORETYPE=%s."
    ),
    Sys.Date(), sub(".*: ", "", cpu), parallel::detectCores(),
    strsplit(readLines("/proc/loadavg"), " ")[[1]][[1]], versions,
    Sys.getenv("OPENBLAS_CORETYPE", "(its choice)")
  ), "",
  paste(
    "| what | sources | MuSL, pairs/s | PyTorch, pairs/s | its batch | ratio |",
    "over rounds | scores differ by |"
  ),
  "|---|---|---|---|---|---|---|---|",
  sprintf(
    "| %s | %d | %.0f | %.0f | %s | %.2f | %s | %.0e |",
    table$what, table$sources, table$musl, table$pytorch, table$batch,
    table$ratio, table$range, table$difference
  )
))
