# Residues per second of musl_embed_proteins() beside PyTorch's modules of the
# same layers, on the same random weights of ESM2-8M's shape and in the same
# run, with one thread and two.
#   Rscript bench/esm2.R [--smoke] [proteins] [repeats]
# Needs Debian's python3-torch (or another PyTorch) and an installed MuSL; a
# smoke run, of a smaller model, is held to plain R, too, and does without
# PyTorch where there is none.
suppressPackageStartupMessages({
  library(MuSL)
  library(rlang)
})

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
root <- normalizePath(file.path(dirname(script), ".."))
for (helper in c("helper-backend.R", "helper-esm2.R")) {
  source(file.path(root, "tests", "testthat", helper))
}
source(file.path(root, "bench", "script.R"))
n_proteins <- number_given(1L, 60L, 6L)
repeats <- number_given(2L, 3L, 1L)
# The yardstick's best counts.
budgets <- if (is_smoke()) 256L else c(2048L, 4096L, 16384L)

# Lengths as of human proteins: median 375, a fifth above 700, cut at 1,022.
draw_proteins <- function(n) {
  lengths <- pmin(pmax(round(exp(rnorm(n, log(375), 0.75))), 30), 1022)
  if (is_smoke()) lengths <- ceiling(lengths / 10)
  set_names(vapply(lengths, random_protein, ""), sprintf("P%04d", seq_len(n)))
}

make_model <- function() {
  if (is_smoke()) {
    return(tiny_esm2(
      hidden_size = 32L, intermediate_size = 64L, num_attention_heads = 4L,
      max_position_embeddings = 1026L, .local_envir = globalenv()
    ))
  }
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
    python(),
    c(
      file.path(root, "bench", "reference", "esm2_torch.py"), model$dir,
      sequences, threads, budget, repeats, out
    ),
    stdout = TRUE,
    # PyTorch's own limit does not reach OpenBLAS.
    env = paste0(c("OPENBLAS_NUM_THREADS=", "OMP_NUM_THREADS="), threads)
  )
  seconds <- vapply(strsplit(printed, " "), as.numeric, c(0, 0))
  n_values <- length(x) * model$config$hidden_size
  values <- readBin(out, "numeric", n_values, size = 4)
  list(
    seconds = apply(seconds, 1, min),
    values = matrix(values, length(x), byrow = TRUE)
  )
}

# Both sides' embeddings differ by single precision alone.
check_values <- function(values, others, whose) {
  difference <- max(abs(values - others))
  if (!(difference <= 1e-4)) {
    stop("The embeddings differ from ", whose, " by ", difference, ".")
  }
  difference
}

set.seed(1)
x <- draw_proteins(n_proteins)
residues <- sum(nchar(x))
model <- make_model()
if (is_smoke()) {
  plain <- t(vapply(x, slow_esm2, numeric(model$config$hidden_size), model))
  difference <- check_values(run_musl(x, model, 1)$values, plain, "plain R's")
  cat("Embeddings are those of plain R but for", difference, "\n")
}
needs_torch()
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
    difference = check_values(
      ours$values, theirs[[best]]$values, "PyTorch's"
    )
  )
})
table <- do.call(rbind, rows)
cat(
  n_proteins, " proteins, ", residues, " residues, fastest of ", repeats,
  " runs; residues per second:\n",
  sep = ""
)
print(table, digits = 3, row.names = FALSE)
