# Compares a picture with the one that was looked at.
same_picture <- function(title, plot) {
  skip_if_not_installed("vdiffr")
  # ggplot2 keeps heights of text by the names of devices, and svglite's device
  # has the name of vdiffr's, but other heights.
  heights <- asNamespace("ggplot2")$descent_cache
  rm(list = ls(heights), envir = heights)
  # Warnings of data are the subject of other tests.
  suppressWarnings(vdiffr::expect_doppelganger(title, plot))
}
