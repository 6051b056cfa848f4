#' Plot the contribution of each branch
#'
#' Shows what the score loses without a branch, and how well the branch predicts
#' alone.
#'
#' @param object The result of [musl_balance()].
#' @param metric "auroc" or "auprc".
#' @param ... Must be empty.
#' @returns A ggplot of two panels, one row per branch.
#'   Left: the mean loss of the metric when the branch's vectors are permuted
#'   among the pairs; lines are two standard deviations to either side.
#'   Right: the metric of the branch's logit and of a logistic regression on
#'   its vectors; the dashed line is that of the whole score.
#' @seealso [musl_balance()]
#' @examplesIf musl_backend()$available
#' d <- musl_simulate("small", screens = TRUE, seed = 1)
#' fit <- musl_example_model()
#' autoplot(musl_balance(fit, musl_pairs(d), repeats = 5, seed = 1))
#' @rawNamespace S3method(ggplot2::autoplot, musl_balance)
autoplot.musl_balance <- function(object, metric = c("auroc", "auprc"), ...) {
  check_dots_empty()
  metric <- check_choice(metric, c("auroc", "auprc"))
  name <- toupper(metric)
  shown <- balance_rows(object, metric, name)
  whole <- data.frame(
    panel = factor(levels(shown$panel)[[2]], levels(shown$panel)),
    value = attr(object, "overall")[[metric]]
  )
  ggplot2::ggplot(shown, ggplot2::aes(
    .data$value, .data$encoder,
    colour = .data$what, shape = .data$what
  )) +
    ggplot2::geom_vline(
      ggplot2::aes(xintercept = .data$value), whole,
      linetype = "dashed", colour = "grey60"
    ) +
    ggplot2::geom_linerange(
      ggplot2::aes(xmin = .data$low, xmax = .data$high),
      na.rm = TRUE, show.legend = FALSE
    ) +
    ggplot2::geom_point(size = 2.5, na.rm = TRUE) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free_x") +
    ggplot2::scale_colour_manual(values = musl_colours) +
    ggplot2::labs(
      x = name, y = NULL,
      caption = sprintf("Dashed: %s of the whole score.", name)
    ) +
    theme_musl()
}

balance_rows <- function(object, metric, name) {
  panels <- c(
    sprintf("%s lost without it", name), "The branch alone"
  )
  use <- object[[paste0("use_", metric)]]
  spread <- 2 * object[[paste0("use_", metric, "_sd")]]
  what <- c("dealt anew", "own logit", "regression on its vectors")
  n <- nrow(object)
  alone <- c(
    object[[paste0("own_", metric)]], object[[paste0("probe_", metric)]]
  )
  data.frame(
    panel = factor(rep(panels, c(n, 2 * n)), panels),
    encoder = factor(rep(object$encoder, 3), rev(object$encoder)),
    what = factor(rep(what, each = n), what),
    value = c(use, alone),
    low = c(use - spread, rep(NA_real_, 2 * n)),
    high = c(use + spread, rep(NA_real_, 2 * n))
  )
}
