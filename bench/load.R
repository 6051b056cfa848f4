# Seconds that library(MuSL) takes beside library(SummarizedExperiment), and
# after it, in fresh processes in turns.
#   Rscript bench/load.R [--smoke] [rounds]
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
source(file.path(dirname(file), "script.R"))
rounds <- number_given(1L, 7L, 1L)

# Elapsed and processor seconds of loading the last of `packages` in a fresh
# process that has loaded the others.
load_seconds <- function(packages) {
  lines <- c(
    sprintf("suppressMessages(library(%s))", utils::head(packages, -1)),
    sprintf(
      "x <- system.time(suppressMessages(library(%s)))",
      utils::tail(packages, 1)
    ),
    "cat(x[['elapsed']], sum(x[c('user.self', 'sys.self')]))"
  )
  out <- system2(
    file.path(R.home("bin"), "Rscript"),
    c("--vanilla", "-e", shQuote(paste(lines, collapse = "; "))),
    stdout = TRUE,
    env = paste0("R_LIBS=", paste(.libPaths(), collapse = ":"))
  )
  as.numeric(strsplit(out, " ")[[1]])
}

settings <- list(
  "SummarizedExperiment" = "SummarizedExperiment",
  "MuSL" = "MuSL",
  "MuSL after SummarizedExperiment" = c("SummarizedExperiment", "MuSL")
)
# The other two take as long again and tell no more of whether MuSL loads.
if (is_smoke()) settings <- settings["MuSL"]
turns <- lapply(seq_len(rounds), function(round) {
  vapply(settings, load_seconds, c(0, 0))
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
  "| library() | elapsed s | processor s |", "|---|---|---|",
  sprintf("| %s | %.2f | %.2f |", names(settings), middle[1, ], middle[2, ])
))
