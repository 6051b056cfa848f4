# HTML of a page; see musl_report(). All text goes through html_text().

html_text <- function(x) {
  x <- enc2utf8(as.character(x))
  from <- c("&", "<", ">", "\"", "'")
  to <- c("&amp;", "&lt;", "&gt;", "&quot;", "&#39;")
  for (i in seq_along(from)) x <- gsub(from[[i]], to[[i]], x, fixed = TRUE)
  # Control characters are no HTML.
  gsub("[\001-\010\013\014\016-\037\177]", "", x)
}

section_id <- function(section) {
  gsub("[^a-z0-9]+", "-", fold_case(section$title))
}

section_html <- function(section) {
  paste0(
    "<section id=\"", section_id(section), "\">\n<h2>",
    html_text(section$title), "</h2>\n",
    paste0("<p>", html_text(section$text), "</p>\n",
      recycle0 = TRUE, collapse = ""
    ),
    html_items(section$items),
    html_blocks(section$plots, html_picture),
    html_blocks(section$tables, html_table),
    "</section>"
  )
}

# `how(object, name)` of each, behind one another.
html_blocks <- function(named, how) {
  paste(vapply(seq_along(named), function(i) {
    how(named[[i]], names(named)[[i]])
  }, ""), collapse = "")
}

html_items <- function(items) {
  if (length(items) == 0) {
    return("")
  }
  paste0(
    "<ul>\n", paste0("<li>", html_text(items), "</li>\n", collapse = ""),
    "</ul>\n"
  )
}

html_table <- function(table, caption) {
  numeric <- vapply(table, is.numeric, TRUE)
  kind <- ifelse(numeric, " class=\"number\"", "")
  head <- paste0(
    "<th scope=\"col\"", kind, ">", html_text(names(table)), "</th>",
    collapse = ""
  )
  cells <- lapply(seq_along(table), function(i) {
    paste0("<td", kind[[i]], ">", html_text(cell_text(table[[i]])), "</td>")
  })
  rows <- paste0("<tr>", do.call(paste0, cells), "</tr>\n", collapse = "")
  paste0(
    "<div class=\"wide\"><table>\n<caption>", html_text(caption),
    "</caption>\n<thead><tr>", head, "</tr></thead>\n<tbody>\n", rows,
    "</tbody>\n</table></div>\n"
  )
}

# A picture of 6 x 4 inches as part of the page.
html_picture <- function(plot, alt) {
  file <- tempfile(fileext = ".png")
  on.exit(unlink(file))
  bytes <- png_bytes(plot, file)
  paste0(
    "<p><img width=\"864\" height=\"576\" alt=\"", html_text(alt),
    "\" src=\"data:image/png;base64,",
    gsub("[\r\n]", "", jsonlite::base64_enc(bytes)), "\"></p>\n"
  )
}

# R gives no error on a full disk, but then the picture lacks its end.
png_bytes <- function(plot, file) {
  drawn <- tryCatch(
    {
      withr::with_png(
        file, suppressWarnings(print(plot)),
        width = 6, height = 4, units = "in", res = 144
      )
      readBin(file, "raw", file.size(file))
    },
    error = function(cnd) {
      if (!grepl(file, conditionMessage(cnd), fixed = TRUE)) stop(cnd)
      raw()
    }
  )
  # Its last part is IEND with its checksum.
  if (!identical(utils::tail(drawn, 8)[1:4], charToRaw("IEND"))) {
    abort_unwritten(
      file, "The picture could not be drawn into it.", tmpdir_hint
    )
  }
  drawn
}

# Each placeholder once, so that inserted text is not searched for placeholders.
fill_template <- function(values) {
  file <- system.file("report", "report.html", package = "MuSL")
  text <- paste(readLines(file, encoding = "UTF-8"), collapse = "\n")
  pieces <- strsplit(text, "{{", fixed = TRUE)[[1]]
  filled <- vapply(pieces[-1], function(piece) {
    end <- regexpr("}}", piece, fixed = TRUE)
    paste0(values[[substr(piece, 1, end - 1)]], substring(piece, end + 2))
  }, "", USE.NAMES = FALSE)
  paste0(c(pieces[[1]], filled, "\n"), collapse = "")
}
