# How an atlas is described.

#' @rdname read_atlas
#' @export
setMethod("show", "MuslAtlas", function(object) print(summary(object)))

#' @export
print.musl_atlas_summary <- function(x, ...) {
  what <- switch(x$kind,
    all = paste("all pairs of", count_text(x$n_cols), "genes"),
    anchors = paste(
      count_text(x$n_rows), if (x$n_rows == 1) "anchor" else "anchors",
      "x", count_text(x$n_cols), "genes"
    )
  )
  size <- structure(x$bytes, class = "object_size")
  cat(
    "<MuslAtlas> ", what, " (", x$id_type, ")\n",
    "  scored:   ", count_text(x$n_scored), " of ",
    count_text(x$n_pairs), " pairs\n",
    who_text(x$provenance), "\n",
    "  lists:    ordered by the ", order_labels[[x$by]], "\n",
    "  storage:  ", x$storage,
    if (x$error > 0) paste0(" +- ", format(x$error, digits = 2)),
    if (!is.na(size)) paste0(", ", format(size, units = "auto")), "\n",
    "  file:     ", x$path, if (is.na(size)) " (removed or moved)", "\n",
    "  made by:  MuSL ", x$provenance$scored$MuSL, ", ",
    x$provenance$made, "\n",
    sep = ""
  )
  invisible(x)
}

# Who scored.
who_text <- function(provenance) {
  joined <- function(x) paste(x, collapse = "+")
  if (length(provenance$encoders) > 0) {
    return(paste0("  encoders: ", joined(provenance$encoders)))
  }
  where <- provenance$measured_in
  paste0(
    "  scorers:  ", joined(provenance$scorers),
    if (length(where) > 0) paste0(" in ", joined(where))
  )
}

#' @rdname read_atlas
#' @method summary MuslAtlas
#' @export
summary.MuslAtlas <- function(object, ...) {
  check_dots_empty()
  structure(
    list(
      kind = object@kind,
      id_type = object@id_type,
      n_rows = length(object@rows),
      n_cols = length(object@cols),
      n_pairs = object@counts[["n_pairs"]],
      n_scored = object@counts[["n_scored"]],
      storage = object@codes$type,
      error = object@codes$error,
      path = object@path,
      bytes = file.size(object@path),
      by = if (is.null(object@order)) "score" else "combined",
      provenance = object@provenance
    ),
    class = "musl_atlas_summary"
  )
}
