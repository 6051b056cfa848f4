# The head of a list of partners: what holds for all rows, at most five lines in
# plain words, the same in the console, on pages and in the explorer.

# The sentences of one anchor: named, NULL where attributes were lost.
head_lines <- function(x, anchor) {
  about <- attr(x, "about")[[anchor]]
  c(
    Lines = if (!is.null(about)) lines_sentence(anchor, about),
    Known = known_sentence(x, anchor),
    Numbers = numbers_sentence(x),
    Last = if (!is.null(about)) last_sentence(about)
  )
}

# The warnings of an anchor, for pages.
head_warnings <- function(x, anchor) {
  unname(attr(x, "about")[[anchor]]$warnings)
}

# Whether each anchor's rows still stand by rank: not once they were sorted.
is_ranked <- function(x) {
  is.numeric(x[["rank"]]) && !anyNA(x$rank) &&
    !any(vapply(split(x$rank, x$anchor), is.unsorted, TRUE))
}

# So many of the best candidates that cells need anyway are told.
essential_shown <- 5L

# Rows of a list, of candidates that are listed last for their need alone; NULL
# without any.
essential_rows <- function(x, anchor = unique(x$anchor)) {
  rows <- attr(x, "essential")
  rows <- rows[rows$anchor %in% anchor, ]
  if (NROW(rows) > 0) rows
}
