# Rscript tools/prose.R FILE...: lines of documentation and messages with a
# pattern of translated English or a word that the project has another word for.
# Exits with status 1 if there are any.

patterns <- c(
  "`is not a`, or another verb" =
    "(?<!here )\\b(is|are|was|were) no (?!longer|more|less|better|worse)[a-z]",
  "begin with the subject, not with `Of`" = "(^|[.;:] )Of [a-z]",
  "things do not tell" = paste0(
    "\\b(data|lines?|it|which|lists?|tables?|columns?|models?|status|nothing|",
    "screens?|cells?|differences?) tells?\\b"
  ),
  "`only`" = "(?<!lethal )(?<!each )(?<!each gene )\\balone\\b",
  "`evaluate`, `compare`, `assess`" = "\\b[Jj]udg(e|es|ed|ing)\\b",
  "`network` or `scorer`" = "\\bmembers?\\b(?! of)"
)

# Text without code: a line each, "" where a file has none.
prose_of <- function(file) {
  lines <- readLines(file, warn = FALSE)
  if (grepl("[.]R$", file)) {
    told <- sub("^#' ?", "", lines)
    # Messages are strings of several words.
    strings <- vapply(regmatches(lines, gregexpr('"[^"]* [^"]*"', lines)),
      paste, "", collapse = " ")
    text <- ifelse(grepl("^#'", lines), told, strings)
    text[grepl("^ *#[^']", lines)] <- ""
  } else {
    text <- lines
    text[cumsum(grepl("^```", lines)) %% 2 == 1] <- ""
  }
  gsub("`[^`]*`|[{][^{}]*([{][^{}]*[}])*[^{}]*[}]", "", text)
}

check <- function(file) {
  text <- prose_of(file)
  for (advice in names(patterns)) {
    found <- grep(patterns[[advice]], text, perl = TRUE)
    if (length(found)) {
      cat(sprintf("%s:%d: %s (%s)\n", file, found, trimws(text[found]), advice),
        sep = "")
      bad <<- bad + length(found)
    }
  }
}

bad <- 0
for (file in commandArgs(trailingOnly = TRUE)) check(file)
quit(status = as.integer(bad > 0))
