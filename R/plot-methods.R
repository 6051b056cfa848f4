#' Plot MuSL objects
#'
#' `plot()` draws the result of [autoplot()][autoplot.MuslModel] for an object.
#'
#' @param x A model, data, split, histogram, table of predictions or partners,
#'   metrics, calibration, balance, contexts, screen, comparison, drift, best
#'   pairs, atlas, explanation or design.
#' @param y Not used.
#' @param ... Arguments of the object's `autoplot()`.
#' @returns The ggplot, invisibly.
#' @examples
#' plot(musl_simulate("small", seed = 1))
#' @name plot_musl
#' @aliases plot.MuslModel
NULL

draw_object <- function(x, y, ...) {
  plot <- ggplot2::autoplot(x, ...)
  print(plot)
  invisible(plot)
}

#' @rdname plot_musl
#' @method plot MuslModel
#' @rawNamespace S3method(plot, MuslModel)
plot.MuslModel <- draw_object

#' @rdname plot_musl
#' @method plot MuslData
#' @rawNamespace S3method(plot, MuslData)
plot.MuslData <- draw_object

#' @rdname plot_musl
#' @method plot MuslAtlas
#' @rawNamespace S3method(plot, MuslAtlas)
plot.MuslAtlas <- draw_object

#' @rdname plot_musl
#' @method plot musl_split
#' @rawNamespace S3method(plot, musl_split)
plot.musl_split <- draw_object

#' @rdname plot_musl
#' @method plot musl_histogram
#' @rawNamespace S3method(plot, musl_histogram)
plot.musl_histogram <- draw_object

#' @rdname plot_musl
#' @method plot musl_predictions
#' @rawNamespace S3method(plot, musl_predictions)
plot.musl_predictions <- draw_object

#' @rdname plot_musl
#' @method plot musl_partners
#' @rawNamespace S3method(plot, musl_partners)
plot.musl_partners <- draw_object

#' @rdname plot_musl
#' @method plot musl_metrics
#' @rawNamespace S3method(plot, musl_metrics)
plot.musl_metrics <- draw_object

#' @rdname plot_musl
#' @method plot musl_resample
#' @rawNamespace S3method(plot, musl_resample)
plot.musl_resample <- draw_object

#' @rdname plot_musl
#' @method plot musl_calibration
#' @rawNamespace S3method(plot, musl_calibration)
plot.musl_calibration <- draw_object

#' @rdname plot_musl
#' @method plot musl_contexts
#' @rawNamespace S3method(plot, musl_contexts)
plot.musl_contexts <- draw_object

#' @rdname plot_musl
#' @method plot musl_screen
#' @rawNamespace S3method(plot, musl_screen)
plot.musl_screen <- draw_object

#' @rdname plot_musl
#' @method plot musl_comparison
#' @rawNamespace S3method(plot, musl_comparison)
plot.musl_comparison <- draw_object

#' @rdname plot_musl
#' @method plot musl_drift
#' @rawNamespace S3method(plot, musl_drift)
plot.musl_drift <- draw_object

#' @rdname plot_musl
#' @method plot musl_top_pairs
#' @rawNamespace S3method(plot, musl_top_pairs)
plot.musl_top_pairs <- draw_object

#' @rdname plot_musl
#' @method plot musl_replication
#' @rawNamespace S3method(plot, musl_replication)
plot.musl_replication <- draw_object

#' @rdname plot_musl
#' @method plot musl_explanation
#' @rawNamespace S3method(plot, musl_explanation)
plot.musl_explanation <- draw_object

#' @rdname plot_musl
#' @method plot musl_design
#' @rawNamespace S3method(plot, musl_design)
plot.musl_design <- draw_object

#' @rdname plot_musl
#' @method plot musl_leaks
#' @rawNamespace S3method(plot, musl_leaks)
plot.musl_leaks <- draw_object

#' @rdname plot_musl
#' @method plot musl_balance
#' @rawNamespace S3method(plot, musl_balance)
plot.musl_balance <- draw_object
