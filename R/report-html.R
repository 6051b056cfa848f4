# HTML of a page; see musl_report(). All text goes through html_text(): pages
# are filled-in templates, which need of htmltools its escapes alone, and
# htmlEscape() leaves control characters, which no HTML may have.

html_text <- function(x) {
  x <- enc2utf8(as.character(x))
  from <- c("&", "<", ">", "\"", "'")
  to <- c("&amp;", "&lt;", "&gt;", "&quot;", "&#39;")
  for (i in seq_along(from)) x <- gsub(from[[i]], to[[i]], x, fixed = TRUE)
  # Control characters are no HTML.
  gsub("[\001-\010\013\014\016-\037\177]", "", x)
}

# list(link, html) of a section of such HTML.
new_section <- function(title, ...) {
  id <- gsub("[^a-z0-9]+", "-", fold_case(title))
  title <- html_text(title)
  list(
    link = paste0("<a href=\"#", id, "\">", title, "</a>"),
    html = paste0(
      "<section id=\"", id, "\">\n<h2>", title, "</h2>\n", ..., "</section>"
    )
  )
}

html_paragraph <- function(text) paste0("<p>", html_text(text), "</p>\n")

# NULL without items, as without rows of a table.
html_items <- function(items) {
  if (length(items) > 0) {
    items <- paste0("<li>", html_text(items), "</li>\n", collapse = "")
    paste0("<ul>\n", items, "</ul>\n")
  }
}

# `html` has cells of some columns as HTML.
html_table <- function(table, caption, html = NULL) {
  if (NROW(table) == 0) {
    return(NULL)
  }
  kind <- ifelse(vapply(table, is.numeric, NA), " class=\"number\"", "")
  head <- paste0(
    "<th scope=\"col\"", kind, ">", html_text(names(table)), "</th>",
    collapse = ""
  )
  cells <- Map(function(column, kind, name) {
    text <- html[[name]] %||% html_text(cell_text(column))
    paste0("<td", kind, ">", text, "</td>")
  }, as.list(table), kind, names(table))
  rows <- do.call(paste0, unname(cells))
  paste0(
    "<div class=\"wide\"><table>\n<caption>", html_text(caption),
    "</caption>\n<thead><tr>", head, "</tr></thead>\n<tbody>\n",
    paste0("<tr>", rows, "</tr>\n", collapse = ""),
    "</tbody>\n</table></div>\n"
  )
}

# A picture, 6 inches wide, as part of the page.
html_picture <- function(plot, alt, height = 4) {
  file <- new_tempfile(".png")
  on.exit(unlink(file))
  bytes <- png_bytes(plot, file, height)
  paste0(
    "<p><img width=\"864\" height=\"", round(144 * height), "\" alt=\"",
    html_text(alt),
    "\" src=\"data:image/png;base64,",
    gsub("[\r\n]", "", jsonlite::base64_enc(bytes)), "\"></p>\n"
  )
}

# R gives no error on a full disk, but then the picture lacks its end.
png_bytes <- function(plot, file, height = 4) {
  drawn <- tryCatch(
    {
      withr::with_png(
        file, suppressWarnings(print(plot)),
        width = 6, height = height, units = "in", res = 144,
        # Xlib, the default of some servers, needs a display.
        type = if (capabilities("cairo")) "cairo" else getOption("bitmapType")
      )
      readBin(file, "raw", file.size(file))
    },
    error = function(cnd) {
      abort_if(grepl("device", conditionMessage(cnd), fixed = TRUE), c(
        "R must be able to draw PNG for the pictures of a report.",
        x = "{.code png()} said: {.val {conditionMessage(cnd)}}.",
        i = "{.code options(bitmapType = )} chooses what draws it; types without
             a display are \"cairo\" and \"quartz\"."
      ))
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

# All placeholders at once: inserted text may look like one.
fill_template <- function(values) {
  file <- system.file("report", "report.html", package = "MuSL")
  text <- paste0(file_lines(file, encoding = "UTF-8"), "\n", collapse = "")
  places <- gregexpr("[{]{2}[a-z]+[}]{2}", text)
  names <- gsub("[{}]", "", regmatches(text, places)[[1]])
  regmatches(text, places) <- list(unlist(values[names]))
  text
}
