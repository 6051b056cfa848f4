# Prediction and a training step of the default network beside the identical
# one in plain PyTorch (bench/reference/musl_torch.py): the same weights, one
# thread each, in turns, with one cohort and with three.
#   Rscript bench/main-network.R [--smoke] [rounds]
# PyTorch's side gets all features ready-made and the best of several batch
# sizes; ours makes them from codes and runs as users run it. Both sides keep
# freed memory. It refuses to time networks that score differently. Needs CMake
# and Debian's python3-torch (MUSL_PYTHON names another Python), without which a
# smoke run does nothing. Both sides read OPENBLAS_CORETYPE. MUSL_BENCH_PROGRAMS
# names a folder with the program built.

file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(file), ".."))
source(file.path(root, "bench", "script.R"))
source(file.path(root, "bench", "torch-peer.R"))
smoke <- is_smoke()
needs_torch()
rounds <- number_given(1L, 3L, 1L)
batches <- if (smoke) c(64L, 256L) else c(64L, 128L, 256L, 512L)

programs <- programs_with(root, "network")

# Lines "what batch seconds pairs" -> seconds a pair, named by batch.
seconds_a_pair <- function(lines) {
  fields <- read.table(text = lines)
  stats::setNames(fields[[3]] / fields[[4]], fields[[2]])
}

musl <- function(dir, cohorts, ...) {
  words <- c(dir, cohorts, if (smoke) "--smoke", ...)
  seconds_a_pair(run(file.path(programs, "network"), words))
}
pytorch <- function(dir, what) {
  seconds_a_pair(run_torch(root, "musl_torch.py", dir, what, batches))
}

# Largest difference of the two sides' scores of the pairs handed over.
difference <- function(dir) {
  scores <- file.path(dir, "scores")
  run_torch(root, "musl_torch.py", dir, "score", scores)
  sides <- readBin(scores, "numeric", file.size(scores) / 8)
  max(abs(sides[c(TRUE, FALSE)] - sides[c(FALSE, TRUE)]))
}

best <- function(seconds) seconds[which.min(seconds)]

compare <- function(cohorts) {
  dir <- tempfile("network")
  dir.create(dir)
  on.exit(unlink(dir, recursive = TRUE))
  trained <- musl(dir, cohorts)
  off <- difference(dir)
  if (!(off <= 1e-4)) {
    stop("The two networks' scores differ by ", off, ".", call. = FALSE)
  }
  # In turns, so that the machine's moods meet both.
  predicted <- lapply(seq_len(rounds), function(round) {
    ours <- c(
      musl(dir, cohorts, "--again", 64), musl(dir, cohorts, "--again", 128)
    )
    list(
      ours = best(ours), theirs = best(pytorch(dir, "predict")),
      narrow = best(pytorch(dir, "bfloat16"))
    )
  })
  steps <- lapply(seq_len(rounds), function(round) {
    ours <- if (round == 1) trained else musl(dir, cohorts)
    list(ours = best(ours), theirs = best(pytorch(dir, "train")))
  })
  rbind(
    result("prediction", cohorts, predicted, off),
    result(
      "prediction, PyTorch's in bfloat16", cohorts, predicted, NA, "narrow"
    ),
    result("training step of 512", cohorts, steps, off)
  )
}

result <- function(what, cohorts, turns, off, side = "theirs") {
  ours <- vapply(turns, function(turn) turn$ours[[1]], 0)
  theirs <- vapply(turns, function(turn) turn[[side]][[1]], 0)
  data.frame(
    what = what, cohorts = cohorts,
    musl = stats::median(1 / ours), pytorch = stats::median(1 / theirs),
    batch = names(turns[[1]][[side]]),
    ratio = stats::median(theirs / ours),
    range = paste(sprintf("%.2f", range(theirs / ours)), collapse = "-"),
    difference = off
  )
}

sizes <- if (smoke) 2L else c(1L, 3L)
table <- do.call(rbind, lapply(sizes, compare))
writeLines(c(
  paste0(describe_peers(), "."), "",
  paste(
    "| what | cohorts | MuSL, pairs/s | PyTorch, pairs/s | its batch | ratio |",
    "over rounds | scores differ by |"
  ),
  "|---|---|---|---|---|---|---|---|",
  sprintf(
    "| %s | %d | %.0f | %.0f | %s | %.2f | %s | %.0e |",
    table$what, table$cohorts, table$musl, table$pytorch, table$batch,
    table$ratio, table$range, table$difference
  )
))
