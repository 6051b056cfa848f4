#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

# Bound by .onLoad(), so that ggplot2 is loaded when something is drawn.
#' @export
ggplot2::autoplot
