# What the small studies of bench/ share.

# Area under the ROC curve by ranks, pairs without a score left out.
auroc <- function(score, label) {
  scored <- !is.na(score)
  rank <- rank(score[scored])
  positive <- label[scored] %in% c("SL", 1)
  n <- c(sum(positive), sum(!positive))
  (sum(rank[positive]) - n[[1]] * (n[[1]] + 1) / 2) / prod(n)
}

machine_line <- function() {
  cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[1]
  paste0(
    "Machine: ", sub(".*: ", "", cpu), ", ", parallel::detectCores(),
    " cores; ", R.version.string, "; load ",
    strsplit(readLines("/proc/loadavg"), " ")[[1]][1]
  )
}

# Conditions of small sets that the tables tell anyway.
quietly <- function(expr) suppressMessages(suppressWarnings(expr))

# Missing counts as lowest.
low <- function(x, n = length(x)) {
  x <- x %||% rep(0, n)
  ifelse(is.na(x), min(0, x, na.rm = TRUE), x)
}

`%||%` <- function(x, y) if (is.null(x)) y else x
