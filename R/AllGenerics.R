#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

# Bound to ggplot2's own by .onLoad(), so that ggplot2 is loaded when something
# is drawn. Named here it would be loaded by the installation, and the tables of
# S4 methods stored then would load its imports with MuSL for ever.
#' @rawNamespace export(autoplot)
autoplot <- function(object, ...) UseMethod("autoplot")
