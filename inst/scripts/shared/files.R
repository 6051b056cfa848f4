# Results: tables and pictures, whole or not at all.

# To a file by its name, or for "-" to the standard output, parted by tabs.
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
  write_whole(path, function(file) {
    ggplot2::ggsave(file, plot, width = width, height = height, dpi = 150)
  })
}

# `write` fills a file beside `path`, which then takes its name.
write_whole <- function(path, write) {
  temporary <- tempfile(
    paste0(".", basename(path), "."), dirname(path),
    sub("^[^.]*", "", basename(path))
  )
  on.exit(unlink(temporary))
  tryCatch(
    {
      write(temporary)
      check_room(dirname(path))
      stopifnot(file.rename(temporary, path))
    },
    error = function(e) stop_writing(path, e)
  )
  invisible(path)
}

# Plots tell nothing of what the disk did not take; that it is full does. 64 kB
# are more than R keeps back of such a file.
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
    "; is there room, and may you write there?",
    call. = FALSE
  )
}
