# The weight of each encoder in a network; see autoplot.MuslModel().

# Most pairs of each panel, evenly from all known ones.
gate_pairs <- 2000L

plot_gates <- function(object, data, call = caller_env()) {
  check_is(data, "MuslData", allow_null = TRUE, call = call)
  shown <- gate_rows(object, data, call)
  ggplot2::ggplot(shown, ggplot2::aes(.data$middle, .data$encoder)) +
    ggplot2::geom_linerange(
      ggplot2::aes(xmin = .data$low, xmax = .data$high),
      colour = musl_colours[[1]], na.rm = TRUE
    ) +
    ggplot2::geom_point(colour = musl_colours[[1]], size = 2, na.rm = TRUE) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel)) +
    ggplot2::scale_x_continuous(
      limits = c(0, 1), breaks = c(0, 0.5, 1), labels = c("0", "0.5", "1")
    ) +
    ggplot2::labs(
      x = "Gate: weight of the encoder in the sum", y = NULL,
      caption = "Points: medians. Lines: 80 % of the pairs."
    ) +
    theme_musl()
}

# One row per encoder and number of unseen genes.
gate_rows <- function(object, data, call = caller_env()) {
  known <- object@known[c("gene_a", "gene_b")]
  unseen <- count_unseen(known, object@genes, object@n_seen)
  kept <- lapply(split(seq_along(unseen), unseen), function(rows) {
    step <- max(1, length(rows) / gate_pairs)
    rows[unique(floor(seq(1, length(rows), by = step)))]
  })
  parts <- predict(
    object, known[unlist(kept), ],
    data = data, type = "parts",
    members = if (has_measured_members(object)) "network"
  )
  columns <- grep("^[.]gate_", names(parts), value = TRUE)
  columns <- columns[is_gated(object, sub("^[.]gate_", "", columns))]
  if (length(columns) == 0) {
    abort_musl(c(
      "{.arg object} must weigh encoders by gates.",
      x = "Its network adds them up unweighted."
    ), argument = "object", call = call)
  }
  groups <- split(seq_len(nrow(parts)), factor(parts$n_unseen, 0:2))
  groups <- groups[lengths(groups) > 0]
  titles <- sprintf(
    "%s\n%s pairs", unseen_text(as.integer(names(groups))),
    count_text(lengths(groups))
  )
  rows <- lapply(seq_along(groups), function(i) {
    at <- vapply(parts[groups[[i]], columns], function(gate) {
      stats::quantile(gate, c(0.1, 0.5, 0.9), na.rm = TRUE, names = FALSE)
    }, numeric(3))
    tibble(
      panel = factor(titles[[i]], titles),
      encoder = factor(
        sub("^[.]gate_", "", columns), rev(sub("^[.]gate_", "", columns))
      ),
      low = at[1, ], middle = at[2, ], high = at[3, ]
    )
  })
  do.call(rbind, rows)
}
