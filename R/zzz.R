.onUnload <- function(libpath) {
  library.dynam.unload("MuSL", libpath)
}
