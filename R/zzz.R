#' @importFrom generics tidy glance augment
NULL

.onUnload <- function(libpath) {
  library.dynam.unload("MuSL", libpath)
}
