# HDF5 files of single cells through the optional package rhdf5. A file is
# list(path, items: full names, call).

open_hdf5_cells <- function(path, call) {
  path <- check_file(path, "path", call)
  check_installed("rhdf5", "to read HDF5", call)
  check_installed("Matrix", "for sparse matrices", call)
  check_hdf5_start(path, call)
  with_hdf5(path, call, {
    content <- rhdf5::h5ls(path)
    group <- sub("^/", "", content$group)
    items <- ifelse(nzchar(group), paste0(group, "/", content$name),
      content$name
    )
    list(
      path = path, call = call,
      items = tibble(
        name = items, is_group = content$otype == "H5I_GROUP",
        n = hdf5_counts(content$dim)
      )
    )
  })
}

hdf5_start <- as.raw(c(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a))

check_hdf5_start <- function(path, call) {
  if (!identical(readBin(path, "raw", 8), hdf5_start)) {
    abort_file(path, NULL, c(
      x = "It is not an HDF5 file.",
      i = "Is it a web page, or compressed? Decompress it first."
    ), call)
  }
}

# Errors of the HDF5 library as ours.
with_hdf5 <- function(path, call, expr) {
  tryCatch(
    withCallingHandlers(expr, warning = function(cnd) {
      # From attributes that are not read.
      if (grepl("not yet implemented", conditionMessage(cnd))) {
        rlang::cnd_muffle(cnd)
      }
    }),
    musl_error = rlang::cnd_signal,
    error = function(cnd) {
      reason <- conditionMessage(cnd)
      abort_file(path, NULL, c(
        x = "HDF5: {reason}.",
        i = "Is the download or the export incomplete?"
      ), call)
    }
  )
}

# Values of data sets, by their dimensions as rhdf5 prints them: "5 x 3".
hdf5_counts <- function(dim) {
  vapply(strsplit(dim, " x ", fixed = TRUE), function(extent) {
    prod(suppressWarnings(as.numeric(extent)), na.rm = TRUE)
  }, 1)
}

# A data set may declare any extent, stored or not: unwritten values read as
# zeros. The core's limits for compressed text (TextLimits), 8 bytes per value.
check_hdf5_room <- function(path, what, n, call) {
  bytes <- 8 * n
  if (bytes > max(2^28, 200 * file.size(path)) || n > 2^36) {
    abort_file(path, NULL, c(
      x = "HDF5: {.field {few(what)}} announces {n} values in a file of
           {file.size(path)} bytes.",
      i = "Write it again; no table of this kind compresses so much."
    ), call)
  }
}

check_item_room <- function(file, name) {
  check_hdf5_room(
    file$path, name, sum(file$items$n[file$items$name == name]), file$call
  )
}

has_item <- function(file, name) name %in% file$items$name

is_group <- function(file, name) name %in% file$items$name[file$items$is_group]

# Names one level below a group.
items_below <- function(file, group) {
  prefix <- paste0(group, "/")
  below <- file$items$name[startsWith(file$items$name, prefix)]
  below <- substring(below, nchar(prefix) + 1)
  below[!grepl("/", below, fixed = TRUE)]
}

read_item <- function(file, name) {
  if (!has_item(file, name)) {
    abort_file(file$path, NULL, c(
      x = "It has no {.field {name}}.",
      i = "Is it another format, or incomplete?"
    ), file$call)
  }
  check_item_room(file, name)
  value <- with_hdf5(file$path, file$call, rhdf5::h5read(
    file$path, name,
    bit64conversion = "double"
  ))
  if (length(dim(value)) == 1) dim(value) <- NULL
  value
}

item_attributes <- function(file, name) {
  with_hdf5(file$path, file$call, rhdf5::h5readAttributes(file$path, name))
}
