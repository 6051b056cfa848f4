# How the table of a cohort is shown; see musl_cohort().

#' @export
print.musl_cohort <- function(x, ..., n = 10, width = NULL) {
  shown <- c("anchor", "share", "partner", "rank", "drug_level", "n_reached")
  if (nrow(x) == 0 || !all(c(shown, "why") %in% names(x))) {
    return(NextMethod())
  }
  print_list(
    x, c(shown, "why"), cohort_lines(x), n, "why", width, nrow(x)
  )
  invisible(x)
}

cohort_lines <- function(x) {
  found <- attr(x, "found")
  cover <- attr(x, "cover")
  gains <- attr(x, "gains")
  by_patient <- attr(x, "by_patient")
  last <- utils::tail(cover, 1)
  few <- cover[min(3, nrow(cover)), ]
  reached <- function(row) {
    sprintf("%.0f %% of patients", 100 * row$share_reached)
  }
  c(
    paste0(
      "<musl_cohort> ", found$name, ": partners of ",
      length(unique(x$anchor)), " lost genes"
    ),
    if (nrow(cover) > 0) {
      sprintf(
        "# Reached: %s by %s, %s by %d partners%s", reached(few),
        first_three(cover$partner[seq_len(few$step)], ", "), reached(last),
        last$step,
        if (by_patient) "" else ", if losses are independent of each other"
      )
    },
    if (isTRUE(found$is_bound)) {
      "# Shares are lower bounds: the calls miss many frameshifts"
    },
    if (!by_patient) {
      "# Truncating mutations only: deletions and silencing are not counted"
    },
    if (nrow(gains) > 0) {
      sprintf(
        "# Gained by tumours, not asked: %s; tidy(x, \"gains\")",
        first_three(gains$gene, ", ")
      )
    }
  )
}
