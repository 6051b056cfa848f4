# Results: tables and pictures, whole or not at all.

# To a file, or for "-" to the standard output, separated by tabs.
put_table <- function(table, path, format = "table") {
  table <- table[!vapply(table, is.list, NA)]
  if (!identical(path, "-")) {
    return(MuSL:::write_table(table, path))
  }
  # For eyes; pipes get all digits.
  if (isatty(stdout()) && format == "table") table <- three_digits(table)
  file <- tempfile(fileext = ".tsv")
  on.exit(unlink(file))
  MuSL:::write_table(table, file)
  writeLines(readLines(file))
}

three_digits <- function(table) {
  numbers <- vapply(table, is.double, NA)
  table[numbers] <- lapply(table[numbers], signif, 3)
  table
}

# JSON by inst/schema/result.json.
put_json <- function(result, path) {
  file <- tempfile(fileext = ".json")
  on.exit(unlink(file))
  if (identical(path, "-")) {
    musl_report(result, file)
    return(writeLines(readLines(file, encoding = "UTF-8"), useBytes = TRUE))
  }
  write_whole(path, function(to) file.copy(musl_report(result, file), to))
}

asked_format <- function(options) {
  if (is.null(options$format)) "table" else options$format
}

asks_json <- function(options) identical(options$format, "json")

# The picture, if --plot asks for it, and the table or JSON.
put_results <- function(table, options) {
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(table), options$plot)
  if (asks_json(options)) return(put_json(table, options$out))
  put_table(table, options$out, asked_format(options))
}

put_plot <- function(plot, path, width = 7, height = 5) {
  # ggplot2 needs svglite for .svg, unless it is given another device.
  is_svg <- grepl("[.]svg$", path, ignore.case = TRUE)
  device <- if (is_svg && !requireNamespace("svglite", quietly = TRUE)) {
    grDevices::svg
  }
  # Xlib, the default of some servers, needs a display.
  if (capabilities("cairo")) withr::local_options(bitmapType = "cairo")
  write_whole(path, function(file) {
    ggplot2::ggsave(
      file, plot, device = device, width = width, height = height, dpi = 150
    )
  })
}

# `write` fills a temporary file, which is then renamed to `path`.
write_whole <- function(path, write) {
  temporary <- tempfile(
    paste0(".", basename(path), "."), dirname(path),
    sub("^[^.]*", "", basename(path))
  )
  on.exit(unlink(temporary))
  tryCatch(
    {
      withr::with_seed(1L, write(temporary))
      check_room(dirname(path))
      check_room(tempdir())
      stopifnot(file.rename(temporary, path))
    },
    error = function(e) {
      stop(
        "'", path, "' cannot be written: ", conditionMessage(e),
        "; is there room, and do you have permission?",
        call. = FALSE
      )
    }
  )
  invisible(path)
}

# Graphics devices do not report failed writes. If the disk has no room for
# 64 kB, more than R buffers of such a file, the end of the file may be missing.
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
