# Runs a script of bench/ and writes each table that it prints to
# bench/results/<script>-<title>.csv, under a line that says how it was made.
#
#   Rscript bench/save.R screens.R --parts study --seeds 1,2,3
#   Rscript bench/save.R --smoke
#
# The title is the last line of text before the table, or its number.

# Lines of a markdown table as a data frame.
parse_table <- function(lines) {
  cells <- lapply(lines[-2L], function(line) {
    line <- sub("^\\s*[|]", "", sub("[|]\\s*$", "", line))
    trimws(strsplit(paste0(line, " "), "|", fixed = TRUE)[[1L]])
  })
  rows <- as.data.frame(do.call(rbind, cells[-1L]))
  stats::setNames(rows, cells[[1L]])
}

# A list of the tables in printed lines, named by their titles.
find_tables <- function(lines) {
  inside <- grepl("^\\s*[|]", lines)
  begins <- inside & !c(FALSE, utils::head(inside, -1L))
  tables <- unname(split(lines[inside], cumsum(begins)[inside]))
  titles <- vapply(which(begins), function(i) {
    before <- lines[seq_len(i - 1L)]
    text <- before[!grepl("^\\s*([|].*)?$", before)]
    slug(if (length(text) > 0L) utils::tail(text, 1L) else as.character(i))
  }, "")
  full <- lengths(tables) > 2L
  stats::setNames(lapply(tables[full], parse_table), make.unique(titles[full], "-"))
}

slug <- function(text) {
  text <- gsub("[^a-z0-9]+", "-", tolower(text))
  gsub("^-|-$", "", substr(gsub("^-|-$", "", text), 1L, 40L))
}

save_table <- function(table, path, origin) {
  connection <- file(path, "w")
  on.exit(close(connection))
  writeLines(paste("#", origin), connection)
  utils::write.csv(table, connection, row.names = FALSE, na = "")
}

main <- function(words, here) {
  printed <- system2(
    file.path(R.home("bin"), "Rscript"),
    shQuote(c("--vanilla", file.path(here, words[[1L]]), words[-1L])),
    stdout = TRUE
  )
  writeLines(printed)
  if (!is.null(attr(printed, "status"))) {
    stop(words[[1L]], " did not finish.", call. = FALSE)
  }
  commit <- system2("git", c("-C", here, "rev-parse", "--short", "HEAD"),
    stdout = TRUE
  )
  cpu <- grep("^model name", readLines("/proc/cpuinfo"), value = TRUE)[[1L]]
  origin <- paste(
    "Rscript", paste(c(file.path("bench", words[[1L]]), words[-1L]), collapse = " "),
    Sys.Date(), commit, sub(".*: ", "", cpu),
    sep = "; "
  )
  tables <- find_tables(printed)
  dir.create(file.path(here, "results"), showWarnings = FALSE)
  script <- sub("[.]R$", "", words[[1L]])
  for (title in names(tables)) {
    path <- file.path(here, "results", paste0(script, "-", title, ".csv"))
    save_table(tables[[title]], path, origin)
  }
}

words <- commandArgs(trailingOnly = TRUE)
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
if (identical(words, "--smoke")) {
  found <- find_tables(c("Hits, by study", "", "| a | b |", "|---|---|", "| 1 |  |"))
  stopifnot(identical(
    found, list(`hits-by-study` = data.frame(a = "1", b = ""))
  ))
} else {
  main(words, here)
}
