# How a planned experiment is shown; see musl_experiment().

#' @export
print.musl_experiment <- function(x, ...) {
  lines <- strwrap(experiment_summary(x), getOption("width"), exdent = 2)
  writeLines(lines)
  invisible(x)
}

experiment_summary <- function(x) {
  asked <- attr(x, "asked")
  kinds <- table(factor(x$guides$kind, unique(x$guides$kind)))
  expected <- x$expected
  now <- x$power[x$power$replicates == asked$replicates, ]
  c(
    sprintf(
      "<musl_experiment> %s of %s: %s constructs for Cas9",
      count_of(nrow(x$pairs), "pair"),
      first_three(unique(x$pairs$gene_a), ", "), count_text(nrow(x$guides))
    ),
    paste0("Constructs: ", paste(
      count_text(as.vector(kinds)), gsub("_", " ", names(kinds)),
      collapse = ", "
    )),
    sprintf(
      "Expected: %.1f hits (%d to %d) if the model is right",
      expected$expected, expected$.lower, expected$.upper
    ),
    sprintf(
      "Power with %s of %s: %s, at FDR %s",
      count_of(asked$replicates, "replicate"),
      count_of(asked$guides^2, "construct"),
      paste0(
        sprintf("%.2f", now$power), " for a ", now$effect, " effect (",
        now$size, ")",
        collapse = ", "
      ), format(asked$fdr)
    ),
    needed_line(x),
    lines_of_anchors(x)
  )
}

needed_line <- function(x) {
  asked <- attr(x, "asked")
  needed <- replicates_for(x, "typical")
  if (is.na(needed)) {
    return(sprintf(
      "Not reached: power %s for a typical effect, by %d replicates either;
       more guides per gene reach it (`library`)",
      format(asked$power), max(x$power$replicates)
    ))
  }
  sprintf(
    "Power %s for a typical effect needs %s", format(asked$power),
    count_of(needed, "replicate")
  )
}

lines_of_anchors <- function(x) {
  vapply(utils::head(unique(x$pairs$gene_a), 5), function(anchor) {
    of <- x$lines[x$lines$anchor == anchor, ]
    if (!any(of$state == "lost")) {
      return(sprintf(
        "Lines: none listed lost %s; knock it out in a line of your own by %s",
        anchor, paste(
          unique(x$guides$guide_1[x$guides$gene_1 == anchor]), collapse = ", "
        )
      ))
    }
    shown <- function(state) {
      rows <- of[of$state == state, ]
      n <- table(rows$lineage)
      paste0(
        first_three(rows$name, ", "), " (",
        paste(n, names(n), collapse = ", "), ")"
      )
    }
    sprintf(
      "Lines that lost %s: %s; same lineage, kept: %s", anchor, shown("lost"),
      if (any(of$state == "kept")) shown("kept") else "none"
    )
  }, "", USE.NAMES = FALSE)
}
