# How lists of partners are printed: two lines a row, the strongest reasons that
# fit.

# What a reader of a page asks first, beside the anchor.
shown_columns <- function(x) {
  fdr <- if ("fdr" %in% names(x)) "fdr" else "dependency_fdr"
  intersect(c("rank", "partner", "order", ".pred_SL", fdr), names(x))
}

#' @export
print.musl_partners <- function(x, ..., n = 10, width = NULL) {
  needed <- c("anchor", "partner", "why")
  if (nrow(x) == 0 || !all(needed %in% names(x))) {
    return(NextMethod())
  }
  width <- min(width %||% getOption("width"), 10000)
  anchors <- unique(x$anchor)
  shown <- utils::head(anchors, if (is.finite(n)) max(1, n %/% 2) else Inf)
  # Of several anchors the first two rows each, or more if there is room.
  each <- if (length(anchors) == 1) n else max(2, n %/% length(anchors))
  writeLines(c(
    paste("<musl_partners>", list_title(x)),
    unlist(lapply(shown, anchor_lines, x = x, n = each, width = width)),
    strwrap(paste("#", c(
      if (length(anchors) > length(shown)) {
        sprintf(
          "%s: print(x, n = Inf)",
          count_of(length(anchors) - length(shown), "further gene")
        )
      },
      left_words(x, each)
    ), recycle0 = TRUE), width, exdent = 4)
  ))
  invisible(x)
}

left_words <- function(x, each) {
  left <- sum(pmax(0, table(x$anchor) - each))
  columns <- setdiff(names(x), c(shown_columns(x), "why"))
  c(
    if (left > 0) paste0(count_of(left, "more row"), ": print(x, n = )"),
    if (length(columns) > 0) {
      paste("further columns:", paste(columns, collapse = ", "))
    },
    "every column explained: vignette(\"reading\", package = \"MuSL\")"
  )
}

# Head, rows and the block of essential partners of one anchor.
anchor_lines <- function(anchor, x, n, width) {
  single <- length(unique(x$anchor)) == 1
  told <- head_lines(x, anchor)
  if (!single) told <- told[intersect(names(told), "Lines")]
  rows <- as_tibble(x[x$anchor == anchor, ])
  essential <- if (single && n >= 5) essential_rows(x, anchor)
  c(
    if (!single) paste("#", capital(altered_anchor(x, anchor))),
    strwrap(paste("#", plain_words(told), recycle0 = TRUE), width, exdent = 4),
    row_lines(utils::head(rows, n), anchor, x, width),
    if (!is.null(essential)) {
      c(
        strwrap(paste("#", essential_sentence), width, exdent = 4),
        row_lines(as_essential(essential), anchor, x, width, 1L, FALSE)
      )
    }
  )
}

# Without the marks of code.
plain_words <- function(text) gsub("`", "", text, fixed = TRUE)

# Their places and odds are those of a rule.
as_essential <- function(rows) {
  rows[c("rank", "order")] <- NA_real_
  rows
}

# Columns and reasons, on `most` lines a row.
row_lines <- function(rows, anchor, x, width, most = 2L, names = TRUE) {
  rows <- hide_rescued_chances(rows)
  left <- do.call(paste, lapply(shown_columns(rows), function(name) {
    side <- if (is.numeric(rows[[name]])) "right" else "left"
    format(c(name, number_text(rows[[name]], name)), justify = side)
  }))
  about <- attr(x, "about")[[anchor]]
  reasons <- row_reasons(rows, about)
  out <- unlist(Map(function(left, reasons) {
    reason_lines(left, reasons, width, most)
  }, left[-1], reasons), use.names = FALSE)
  c(if (names) trimws(paste(left[[1]], "why"), "right"), out)
}

# The reasons of each row but for what the head says of all.
row_reasons <- function(rows, about) {
  why <- rows$why
  if (identical(about$direction, "measured")) {
    same <- paste(" in", lines_words(about$n_lines, about$event))
    why <- gsub(same, "", why, fixed = TRUE)
  }
  strsplit(ifelse(is.na(why), "", why), "; ", fixed = TRUE)
}

# As many reasons as fit, the strongest first and the partner's, which is the
# last one, if the two strongest leave room.
reason_lines <- function(left, reasons, width, most) {
  indent <- nchar(left, "width") + 1L
  below <- indent > width - least_words
  if (below) indent <- 5L
  wrap <- function(words) {
    # No line begins with the sign of per cent.
    words <- gsub(" %", "_%", paste(words, collapse = "; "), fixed = TRUE)
    lines <- strwrap(words, width, indent = indent, exdent = 5)
    gsub("_%", " %", lines, fixed = TRUE)
  }
  fits <- function(rows) length(wrap(reasons[sort(rows)])) <= most
  last <- length(reasons)
  kept <- if (last > 0 && fits(c(seq_len(min(2, last)), last))) last
  for (one in setdiff(seq_len(last), kept)) {
    if (fits(unique(c(kept, one)))) kept <- c(kept, one)
  }
  lines <- wrap(reasons[sort(kept)])
  if (length(reasons) == 0) {
    return(trimws(left, "right"))
  }
  if (below) {
    return(c(left, lines))
  }
  substr(lines[[1]], 1, indent) <- format(left, width = indent)
  lines
}
