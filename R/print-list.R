# How lists are printed: what a reader asks first, in columns that fit a page.
# Not by pillar, which cuts words at the end of a line: here they wrap.

# Fewer characters than this are too few for words beside the other columns.
least_words <- 36L

# Prints the first `n` rows of a list in these columns; `words`, if it is one of
# them, is text that wraps. The last lines name what is left out of `total` rows
# and of the columns.
print_list <- function(x, columns, head = NULL, n = 10, words = "",
                       width = NULL, total = nrow(x)) {
  width <- min(width %||% getOption("width"), 10000)
  columns <- intersect(columns, names(x))
  rest <- setdiff(names(x), columns)
  x <- utils::head(as_tibble(unclass(x)[names(x)]), n)
  left <- do.call(paste, lapply(setdiff(columns, words), function(name) {
    # Numbers on the right.
    side <- if (is.numeric(x[[name]])) "right" else "left"
    format(c(name, cell_text(x[[name]])), justify = side)
  }))
  if (words %in% columns) {
    left <- beside_words(left, c(words, x[[words]]), width)
  }
  more <- c(
    if (total > nrow(x)) {
      paste(count_text(total - nrow(x)), "more rows: print(x, n = )")
    },
    if (length(rest) > 0) {
      paste("further columns:", paste(rest, collapse = ", "))
    }
  )
  writeLines(c(
    strwrap(head, width, exdent = 2), left,
    strwrap(paste("#", more, recycle0 = TRUE), width, exdent = 4)
  ))
}

# Lines of a table with words in a last column or, where it is too narrow, below
# each row.
beside_words <- function(left, words, width) {
  at <- max(nchar(left, "width")) + 1
  below <- width - at < least_words
  if (below) at <- 4
  lines <- lapply(words, strwrap, width - at + 1)
  unlist(Map(function(left, lines) {
    n <- max(1, length(lines))
    first <- if (below) character() else left
    lead <- c(first, rep(strrep(" ", at - 1), n - length(first)))
    c(if (below) left, paste(lead, c(lines, character(n - length(lines)))))
  }, left, lines), use.names = FALSE)
}

# Numbers with three digits; missing values are empty.
cell_text <- function(x) {
  text <- if (is.integer(x) || is.double(x) && all(x[is.finite(x)] %% 1 == 0)) {
    count_text(x)
  } else if (is.double(x)) {
    # 999.7 has three digits as 1,000.
    # Trailing zeros stay, so that numbers of a column line up.
    few <- formatC(x, digits = 3, format = "g", flag = "#")
    many <- abs(signif(x, 3)) >= 1000
    ifelse(many, count_text(round(x)), sub("[.]$", "", few))
  } else {
    as.character(x)
  }
  ifelse(is.na(x), "", text)
}

# "1 row", "1,200 rows".
count_of <- function(n, what) {
  paste0(count_text(n), " ", what, ifelse(n == 1, "", "s"))
}

first_three <- function(x, separator = "; ") {
  paste(c(utils::head(x, 3), if (length(x) > 3) "..."), collapse = separator)
}
