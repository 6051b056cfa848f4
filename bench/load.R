# Seconds and memory that library(MuSL) takes beside
# library(SummarizedExperiment), and after it, and that opening the backend
# takes then; in fresh processes, in turns.
#   Rscript bench/load.R [--smoke] [rounds]
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
rounds <- number_given(1L, 7L, 1L)

# Elapsed and processor seconds and MB (of resident memory) that the last of the
# calls takes in a fresh process that has made the others.
load_cost <- function(calls) {
  lines <- c(
    "memory <- function() {",
    "  found <- grep('^VmRSS', readLines('/proc/self/status'), value = TRUE)",
    "  as.numeric(gsub('[^0-9]', '', found)) / 1024",
    "}",
    sprintf("suppressMessages(%s)", utils::head(calls, -1)),
    "before <- memory()",
    sprintf(
      "x <- system.time(suppressMessages(%s))", utils::tail(calls, 1)
    ),
    "cat(x[['elapsed']], sum(x[c('user.self', 'sys.self')]),",
    "  memory() - before)"
  )
  out <- system2(
    file.path(R.home("bin"), "Rscript"),
    c("--vanilla", "-e", shQuote(paste(lines, collapse = "\n"))),
    stdout = TRUE,
    env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":"))
  )
  as.numeric(strsplit(out, " ")[[1]])
}

se <- "library(SummarizedExperiment)"
settings <- list(
  "library(SummarizedExperiment)" = se,
  "library(MuSL)" = "library(MuSL)",
  "library(MuSL) after SummarizedExperiment" = c(se, "library(MuSL)"),
  "musl_backend() after that" = c(se, "library(MuSL)", "musl_backend()")
)
# The others take as long again and tell no more of whether MuSL loads.
if (is_smoke()) settings <- settings["library(MuSL)"]
turns <- lapply(seq_len(rounds), function(round) {
  vapply(settings, load_cost, c(0, 0, 0))
})
middle <- apply(simplify2array(turns), 1:2, stats::median)
stopifnot(is.finite(middle))
cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
writeLines(c(
  sprintf(
    "Run on %s, %s, %s, under a load of %s; median of %d.", Sys.Date(),
    sub(".*: ", "", cpu), R.version.string,
    strsplit(readLines("/proc/loadavg"), " ")[[1]][[1]], rounds
  ), "",
  "| call | elapsed s | processor s | MB |", "|---|---|---|---|",
  sprintf(
    "| %s | %.2f | %.2f | %.0f |", names(settings), middle[1, ], middle[2, ],
    middle[3, ]
  )
))
