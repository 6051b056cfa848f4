# Residues per second of musl_embed_proteins() beside PyTorch's modules of the
# same layers, on the same random weights of ESM2-8M's shape and in the same run,
# with one thread and two.
#   Rscript bench/esm2.R [proteins] [repeats]
# Needs Debian's python3-torch (or another PyTorch) and an installed MuSL.
suppressPackageStartupMessages({
  library(MuSL)
  library(rlang)
})

arguments <- as.integer(commandArgs(trailingOnly = TRUE))
n_proteins <- if (length(arguments) > 0) arguments[[1]] else 60L
repeats <- if (length(arguments) > 1) arguments[[2]] else 3L
budgets <- c(2048L, 4096L, 16384L) # the yardstick's best counts

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(script), ".."))
source(file.path(root, "tests", "testthat", "helper-esm2.R"))

# Lengths as of human proteins: median 375, a fifth above 700, cut at 1,022.
draw_proteins <- function(n) {
  lengths <- pmin(pmax(round(exp(rnorm(n, log(375), 0.75))), 30), 1022)
  set_names(vapply(lengths, random_protein, ""), sprintf("P%04d", seq_len(n)))
}

make_model <- function() {
  tiny_esm2(
    hidden_size = 320L, intermediate_size = 1280L, num_hidden_layers = 6L,
    num_attention_heads = 20L, max_position_embeddings = 1026L,
    .local_envir = globalenv()
  )
}

# Elapsed and processor seconds of the fastest repeat, and the embeddings.
# Reading the model is taken off: one protein of one residue costs little else.
run_musl <- function(x, model, threads) {
  run <- function(x) {
    times <- system.time(
      values <- embed_tiny(x, model, threads = threads)
    )
    c(times[["elapsed"]], sum(times[c("user.self", "sys.self")]), values)
  }
  start <- vapply(seq_len(repeats), function(i) run(c(a = "A"))[1:2], c(0, 0))
  runs <- lapply(seq_len(repeats), function(i) run(x))
  seconds <- vapply(runs, `[`, c(0, 0), 1:2)
  list(
    seconds = apply(seconds, 1, min) - apply(start, 1, min),
    values = matrix(runs[[1]][-(1:2)], length(x))
  )
}

run_torch <- function(x, model, threads, budget) {
  sequences <- tempfile()
  out <- tempfile()
  writeLines(x, sequences)
  printed <- system2(
    Sys.getenv("MUSL_PYTHON", "python3"),
    c(
      file.path(root, "bench", "reference", "esm2_torch.py"), model$dir,
      sequences, threads, budget, repeats, out
    ),
    stdout = TRUE,
    # PyTorch's own limit does not reach OpenBLAS.
    env = paste0(c("OPENBLAS_NUM_THREADS=", "OMP_NUM_THREADS="), threads)
  )
  seconds <- vapply(strsplit(printed, " "), as.numeric, c(0, 0))
  values <- readBin(out, "numeric", length(x) * 320, size = 4)
  list(
    seconds = apply(seconds, 1, min),
    values = matrix(values, length(x), byrow = TRUE)
  )
}

set.seed(1)
x <- draw_proteins(n_proteins)
residues <- sum(nchar(x))
model <- make_model()
rows <- lapply(1:2, function(threads) {
  ours <- run_musl(x, model, threads)
  theirs <- lapply(budgets, function(budget) {
    run_torch(x, model, threads, budget)
  })
  # One thread: processor time, so that other work on the machine does not
  # count. Two: what a user waits.
  clock <- if (threads == 1) 2 else 1
  times <- vapply(theirs, function(run) run$seconds[[clock]], 0)
  best <- which.min(times)
  data.frame(
    threads = threads,
    clock = c("elapsed", "processor")[[clock]],
    musl = round(residues / ours$seconds[[clock]]),
    pytorch = round(residues / times[[best]]),
    pytorch_tokens = budgets[[best]],
    ratio = times[[best]] / ours$seconds[[clock]],
    difference = max(abs(ours$values - theirs[[best]]$values))
  )
})
table <- do.call(rbind, rows)
cat(
  n_proteins, " proteins, ", residues, " residues, fastest of ", repeats,
  " runs; residues per second:\n",
  sep = ""
)
print(table, digits = 3, row.names = FALSE)
