# What scripts of bench/ share: the words they were given, answers that are kept,
# memory, Python.

# `--smoke` runs a script at a tiny size, for its answers and not its times.
is_smoke <- function() "--smoke" %in% commandArgs(trailingOnly = TRUE)

# The whole numbers given, or what a smoke run or any other takes instead.
numbers_given <- function(usual, tiny = usual) {
  words <- commandArgs(trailingOnly = TRUE)
  numbers <- as.integer(grep("^[0-9]+$", words, value = TRUE))
  if (length(numbers) > 0) {
    return(numbers)
  }
  if (is_smoke()) tiny else usual
}

# The i-th of them.
number_given <- function(i, usual, tiny = usual) {
  numbers <- numbers_given(NULL)
  if (i <= length(numbers)) {
    return(numbers[[i]])
  }
  if (is_smoke()) tiny else usual
}

# The words behind `--name`, split at commas, or else `usual`.
option <- function(name, usual) {
  words <- commandArgs(trailingOnly = TRUE)
  at <- match(paste0("--", name), words)
  if (is.na(at)) usual else strsplit(words[[at + 1]], ",")[[1]]
}

# `expr`, or what the directory keeps of it under that name.
kept <- function(settings, name, expr) {
  if (is.null(settings$directory)) {
    return(expr)
  }
  dir.create(settings$directory, showWarnings = FALSE, recursive = TRUE)
  file <- file.path(settings$directory, paste0(name, ".rds"))
  if (!file.exists(file)) {
    part <- paste0(file, ".part")
    saveRDS(expr, part, compress = FALSE)
    file.rename(part, file)
  }
  readRDS(file)
}

# GiB of this process; NA where there is no Linux.
peak_memory <- function() {
  if (!file.exists("/proc/self/status")) return(NA_real_)
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024^2
}

python <- function() Sys.getenv("MUSL_PYTHON", "python3")

# Where there is no PyTorch to compare with, a smoke run ends and another one
# stops before it has trained for minutes.
needs_torch <- function() {
  has_torch <- 0 == suppressWarnings(system2(
    python(), c("-c", shQuote("import torch")),
    stdout = FALSE, stderr = FALSE
  ))
  if (has_torch) return(invisible())
  if (!is_smoke()) {
    stop(
      python(), " has no torch. Name a Python that has it: ",
      "MUSL_PYTHON=/usr/bin/python3", call. = FALSE
    )
  }
  cat("PyTorch's side is left out:", python(), "has no torch.\n")
  quit()
}
