# How often something is tried: `full` times the scale of this run.
long_count <- function(full, least = 2) {
  scale <- as.numeric(Sys.getenv("MUSL_LONG_SCALE", "1"))
  max(least, round(full * scale))
}

# A row of the table that tools/check --long prints: how many were tried, lost
# (no result, or another one than promised) and crashed (the process died).
record_figure <- function(what, tried, lost = 0, crashed = 0, note = "") {
  file <- Sys.getenv("MUSL_FIGURES")
  survived <- tried - lost - crashed
  line <- paste(what, tried, survived, lost, crashed, note, sep = "\t")
  if (nzchar(file)) cat(line, "\n", file = file, sep = "", append = TRUE)
  invisible(line)
}

# Records outcomes "same", "other", "error: ..." and "died"; all must be the
# first.
expect_survived <- function(outcomes, what, note = "") {
  died <- sum(outcomes == "died")
  lost <- sum(outcomes != "same") - died
  record_figure(what, length(outcomes), lost, died, note)
  testthat::expect_identical(unique(outcomes[outcomes != "same"]), character())
}
