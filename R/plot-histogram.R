#' Plot a joint histogram
#'
#' Shows the samples of two genes as tiles, one panel per channel.
#'
#' Axes are in the units of the values, on the scale of the bins, if bins have
#' equal width.
#'
#' @param object A [musl_histogram()].
#' @param pool `TRUE` to pool cells if samples are few; `FALSE` shows the cells
#'   that the network reads. Scaled and smoothed values are never pooled.
#' @param ... Must be empty.
#' @returns A ggplot.
#' @examples
#' autoplot(musl_histogram(sin(1:500), cos(1:500)))
#' @rawNamespace S3method(ggplot2::autoplot, musl_histogram)
autoplot.musl_histogram <- function(object, pool = TRUE, ...) {
  check_dots_empty()
  check_flag(pool)
  genes <- attr(object, "genes")
  scaled <- attr(object, "scaled")
  exact <- scaled || isTRUE(attr(object, "smooth") > 0)
  size <- if (pool && !exact) pool_size(object) else 1
  cells <- long_histogram(pool_cells(object, size))
  limits <- attr(object, "limits")
  cells$x <- cell_position(cells$bin_a, limits[1, ], nrow(object) / size)
  cells$y <- cell_position(cells$bin_b, limits[2, ], ncol(object) / size)
  title <- if (is.null(limits)) "Bin of" else "Expression of"
  plot <- ggplot2::ggplot(
    cells, ggplot2::aes(.data$x, .data$y, fill = .data$value)
  ) +
    ggplot2::geom_tile() +
    ggplot2::scale_fill_viridis_c(
      trans = if (scaled) "identity" else "log1p",
      breaks = if (scaled) ggplot2::waiver() else count_breaks
    ) +
    ggplot2::labs(
      x = paste(title, genes[[1]]), y = paste(title, genes[[2]]),
      fill = if (scaled) "Scaled share" else "Samples",
      caption = if (size > 1) {
        sprintf("%d x %d cells pooled into one.", size, size)
      }
    ) +
    ggplot2::coord_cartesian(expand = FALSE) +
    theme_musl() +
    ggplot2::theme(
      aspect.ratio = 1, panel.grid = ggplot2::element_blank(),
      legend.position = "right", legend.title = ggplot2::element_text()
    )
  if (length(dim(object)) > 2) {
    plot <- plot + ggplot2::facet_wrap(ggplot2::vars(.data$channel))
  }
  plot
}

# How many cells of either gene are pooled: a power of two that divides the
# bins, until a cell would have a sample if they were spread evenly.
pool_size <- function(object) {
  n_samples <- min(attr(object, "n_samples"))
  size <- 1
  fits <- function(size) nrow(object) %% size == 0 && nrow(object) / size >= 4
  while (fits(2 * size) && (nrow(object) / size)^2 > n_samples) {
    size <- 2 * size
  }
  size
}

pool_cells <- function(object, size) {
  if (size == 1) {
    return(object)
  }
  n <- nrow(object) / size
  maps <- array(object, c(nrow(object), ncol(object), max(1, dim(object)[3],
    na.rm = TRUE
  )))
  split <- array(maps, c(size, n, size, n, dim(maps)[[3]]))
  pooled <- apply(split, c(2, 4, 5), sum)
  if (length(dim(object)) > 2) {
    dimnames(pooled) <- dimnames(object)
  } else {
    dim(pooled) <- dim(pooled)[1:2]
  }
  pooled
}

# The middle of a bin, in the values' units if these are known.
cell_position <- function(bin, limits, n_bins) {
  if (is.null(limits)) {
    return(bin)
  }
  limits[[1]] + (bin - 0.5) / n_bins * diff(limits)
}

count_breaks <- function(limits) {
  breaks <- c(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5)
  breaks <- breaks[breaks <= limits[[2]]]
  if (length(breaks) > 6) breaks[seq(1, length(breaks), 2)] else breaks
}

# One row per cell and channel.
long_histogram <- function(object) {
  size <- dim(object)
  channels <- dimnames(object)[[3]] %||% "expression"
  tibble(
    bin_a = rep(seq_len(size[[1]]), size[[2]] * length(channels)),
    bin_b = rep(rep(seq_len(size[[2]]), each = size[[1]]), length(channels)),
    channel = factor(
      rep(channels, each = size[[1]] * size[[2]]), levels = channels
    ),
    value = as.vector(object)
  )
}
