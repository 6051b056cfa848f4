#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

# .onLoad() binds this to ggplot2's generic, so ggplot2 is loaded only for
# plots. An import would load ggplot2 at installation, and the S4 method tables
# stored then would load its imports with MuSL every time.
#' @rawNamespace export(autoplot)
autoplot <- function(object, ...) UseMethod("autoplot")
