# ggplot2 and tibble take a quarter of a second to load. They are loaded on
# first use, not by library(MuSL).

# `autoplot` is ggplot2's own function, so that attaching ggplot2 masks nothing.
.onLoad <- function(libname, pkgname) {
  delayedAssign("autoplot", ggplot2::autoplot, assign.env = topenv())
}

tibble <- function(...) tibble::tibble(...)

as_tibble <- function(x, ...) tibble::as_tibble(x, ...)

.onUnload <- function(libpath) library.dynam.unload("MuSL", libpath)
