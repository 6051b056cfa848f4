#' Folds of a split for rsample
#'
#' Converts the folds for code that works on rsample's resamples.
#'
#' Each element of `splits` is an `rsplit`: with rsample loaded, `analysis()`
#' returns the pairs to fit on and `assessment()` those of the test part.
#' Both leave out pairs of other parts.
#'
#' @param split A [musl_split()].
#' @param part Test parts to assess on; `NULL` is all that the split has.
#' @param analysis Parts to fit on: "train", "validation" or both.
#' @returns A tibble of class `rset`, one row per fold and test part: `splits`
#'   (list), `id` ("Fold1", with repeats "Repeat1_Fold1") and `id2` (the part).
#' @section Errors:
#'   `musl_error_input` if `split` is no split, or no fold has the part.
#' @seealso [musl_parts()] for the same pairs as plain tibbles.
#' @examples
#' d <- musl_simulate("small", seed = 1)
#' folds <- musl_folds(musl_split(d, folds = 3, seed = 1), part = "C2")
#' first <- folds$splits[[1]]
#' # What analysis(first) and assessment(first) of rsample give:
#' nrow(first$data[first$in_id, ])
#' nrow(first$data[first$out_id, ])
#' @export
musl_folds <- function(split, part = NULL,
                       analysis = c("train", "validation")) {
  check_is_split(split)
  check_subset(part %||% test_parts, test_parts, "part")
  check_subset(analysis, c("train", "validation"), "analysis")
  rows <- lapply(seq_len(split$folds), function(fold) {
    assigned <- split$assignment[[fold]]
    there <- intersect(part %||% test_parts, assigned)
    tibble(
      splits = lapply(there, function(name) {
        new_rsplit(split$pairs, assigned, analysis, name)
      }),
      id = rep(fold_name(split, fold), length(there)),
      id2 = there
    )
  })
  rows <- do.call(rbind, rows)
  if (nrow(rows) == 0) {
    abort_musl(c(
      "{.arg part} must be a part of the split.",
      x = "No fold has {.or {.val {part}}}."
    ), argument = "part")
  }
  class(rows) <- c("manual_rset", "rset", class(rows))
  rows
}

check_subset <- function(x, choices, arg, call = caller_env()) {
  if (!is.character(x) || length(x) == 0 || !all(x %in% choices)) {
    what <- paste("some of", paste0("\"", choices, "\"", collapse = ", "))
    abort_argument(arg, what, x, call)
  }
}

# As in rsample::make_splits(): row numbers of `data`.
new_rsplit <- function(data, assigned, analysis, part) {
  structure(
    list(
      data = data,
      in_id = which(assigned %in% analysis),
      out_id = which(assigned == part),
      id = tibble(id = part)
    ),
    class = c("manual_rsplit", "rsplit")
  )
}

fold_name <- function(split, fold) {
  if (split$repeats == 1) {
    return(paste0("Fold", fold))
  }
  per_repeat <- split$folds / split$repeats
  paste0(
    "Repeat", repeat_of(split)[[fold]], "_Fold", (fold - 1) %% per_repeat + 1
  )
}
