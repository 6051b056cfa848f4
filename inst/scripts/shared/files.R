# Results: tables and pictures, whole or not at all.

# To a file, or for "-" to the standard output, separated by tabs.
put_table <- function(table, path) {
  table <- table[!vapply(table, is.list, NA)]
  if (!identical(path, "-")) {
    return(musl_write_csv(table, path, overwrite = TRUE))
  }
  file <- tempfile(fileext = ".tsv")
  on.exit(unlink(file))
  musl_write_csv(table, file)
  writeLines(readLines(file))
}

put_plot <- function(plot, path, width = 7, height = 5) {
  if (is.null(path)) {
    return(invisible())
  }
  # ggplot2 needs svglite for .svg, unless it is given another device.
  is_svg <- grepl("[.]svg$", path, ignore.case = TRUE)
  device <- if (is_svg && !requireNamespace("svglite", quietly = TRUE)) {
    grDevices::svg
  }
  write_whole(path, function(file) {
    ggplot2::ggsave(
      file, plot, device = device, width = width, height = height, dpi = 150
    )
  })
}

# `write` fills a temporary file, which is then renamed to `path`. Graphics
# devices do not report failed writes, so plots are drawn twice and compared.
write_whole <- function(path, write) {
  temporary <- tempfile(
    paste0(".", basename(path), c(".", ".again.")), dirname(path),
    sub("^[^.]*", "", basename(path))
  )
  on.exit(unlink(temporary))
  tryCatch(
    {
      for (file in temporary) withr::with_seed(1L, write(file))
      size <- file.size(temporary)
      if (!identical(size[[1]], size[[2]])) {
        stop("not all of it could be written", call. = FALSE)
      }
      check_room(dirname(path))
      check_room(tempdir())
      stopifnot(file.rename(temporary[[1]], path))
    },
    error = function(e) stop_writing(path, e)
  )
  invisible(path)
}

# If the disk has no room for 64 kB, more than R buffers of such a file, the
# end of both files may be missing.
check_room <- function(directory) {
  probe <- tempfile(".room", directory)
  on.exit(unlink(probe))
  connection <- file(probe, "wb")
  suppressWarnings({
    writeBin(raw(65536), connection)
    close(connection)
  })
  if (file.size(probe) < 65536) {
    stop("no room is left", call. = FALSE)
  }
}

stop_writing <- function(path, cause) {
  stop(
    "'", path, "' cannot be written: ", conditionMessage(cause),
    "; is there room, and do you have permission?",
    call. = FALSE
  )
}
