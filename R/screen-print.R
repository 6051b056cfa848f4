# How a screen prints: its best partners, not its first rows.

#' @export
print.musl_screen <- function(x, n = 10, ...) {
  needed <- c(
    "anchor", "partner", "difference", "cliffs_delta", "p_value", "fdr"
  )
  if (!all(needed %in% names(x))) {
    return(NextMethod())
  }
  anchors <- unique(x$anchor)
  best <- screen_order(x)
  cat(
    "<musl_screen> ", length(anchors), " anchor",
    if (length(anchors) != 1) "s", ", ", count_text(nrow(x)), " rows\n",
    sep = ""
  )
  for (anchor in utils::head(anchors, 5)) {
    one <- as_tibble(unclass(x))[best[x$anchor[best] == anchor], ]
    cat(screen_line(anchor, one), "\n", sep = "")
    print_best(one, n)
  }
  if (length(anchors) > 5) cat("and", length(anchors) - 5, "anchors more\n")
  cat("Columns: ", paste(names(x), collapse = ", "), "\n", sep = "")
  invisible(x)
}

# Rows of a screen, anchor by anchor, the best partners first. The shell command
# writes them so.
screen_order <- function(x) {
  order(match(x$anchor, unique(x$anchor)), screen_strength(x), x$difference)
}

screen_line <- function(anchor, one) {
  found <- sum(is_sensitised(one, 0.05), na.rm = TRUE)
  lines <- if (all(c("n_loss", "n_rest") %in% names(one))) {
    sprintf(
      " (%d lines with loss, %d others)", max(one$n_loss), max(one$n_rest)
    )
  }
  paste0(
    anchor, lines, ": ", found, " of ", count_text(nrow(one)),
    " partners at FDR .05 with a loss of fitness; the best are"
  )
}

print_best <- function(one, n) {
  shown <- c(
    "partner", "difference", "cliffs_delta", "p_value", "fdr",
    "common_essential"
  )
  one <- one[intersect(shown, names(one))]
  print(
    as.data.frame(utils::head(one, n)), digits = 3, row.names = FALSE
  )
}
