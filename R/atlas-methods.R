#' Look into an atlas
#'
#' Methods that summarise a [MuslAtlas][musl_atlas()].
#'
#' @param object A `MuslAtlas`.
#' @param ... Must be empty.
#' @returns
#'   `summary()` returns a list of class `musl_atlas_summary`, which `show()`
#'   prints: `kind` ("all" or "anchors"), `id_type`, `n_rows`, `n_cols`,
#'   `n_pairs`, `n_scored` (pairs with a score), `storage` ("float" or
#'   "uint16"), `error` (largest error of a stored score, besides single
#'   precision), `path`, `bytes` (of the file; `NA` if it was removed or moved),
#'   `by` ("score" or "combined"), `shortlist` (`NULL` without one) and
#'   `provenance` (fingerprint of the model, encoders, versions, date).
#'   `shortlist` is a list of `top` (the share asked for), `recall` (of the
#'   model's best .1 % among `n_test` random pairs), `recall_lower`,
#'   `recall_upper` (95 % Clopper-Pearson), `n_best` (number of pairs in that
#'   best .1 %), `n_training`, `n_test`, `threshold` and `seed`.
#' @inherit musl_atlas examples
#' @name MuslAtlas-methods
NULL

#' @rdname MuslAtlas-methods
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
  cat(
    "<MuslAtlas> ", what, " (", x$id_type, ")\n",
    "  scored:   ", count_text(x$n_scored), " of ",
    count_text(x$n_pairs), " pairs", shortlist_text(x$shortlist), "\n",
    who_text(x$provenance), "\n",
    "  lists:    ordered by the ", order_labels[[x$by]], "\n",
    "  storage:  ", x$storage,
    if (x$error > 0) paste0(" +- ", format(x$error, digits = 2)),
    size_text(x), "\n",
    "  file:     ", x$path, if (is.na(x$bytes)) " (removed or moved)", "\n",
    "  made by:  MuSL ", x$provenance$scored$MuSL, ", ",
    x$provenance$made, "\n",
    sep = ""
  )
  invisible(x)
}

# Who scored.
who_text <- function(provenance) {
  if (length(provenance$encoders) > 0) {
    return(paste0("  encoders: ", paste(provenance$encoders, collapse = "+")))
  }
  where <- provenance$measured_in
  paste0(
    "  scorers:  ", paste(provenance$scorers, collapse = "+"),
    if (length(where) > 0) paste0(" in ", paste(where, collapse = "+"))
  )
}

size_text <- function(facts) {
  if (!is.na(facts$bytes)) {
    size <- structure(facts$bytes, class = "object_size")
    paste0(", ", format(size, units = "auto"))
  }
}

shortlist_text <- function(shortlist) {
  if (!is.null(shortlist)) {
    paste0(
      ", shortlist of recall ", format(shortlist$recall, digits = 3), " (",
      format(shortlist$recall_lower, digits = 3), " to ",
      format(shortlist$recall_upper, digits = 3), ") of the best .1 %"
    )
  }
}

#' @rdname MuslAtlas-methods
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
      shortlist = object@shortlist,
      provenance = object@provenance
    ),
    class = "musl_atlas_summary"
  )
}
