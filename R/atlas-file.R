# The HDF5 file of an atlas: its record, and whether it is the one that was
# opened.

# The value of `expr`, which reads a file of an atlas.
as_atlas <- function(path, expr) {
  tryCatch(expr, error = function(cnd) {
    abort_musl(c(
      "{.file {path}} must be a file of an atlas.",
      x = "It is damaged or another kind of file: {conditionMessage(cnd)}"
    ), "format")
  })
}

# What an atlas knows besides its scores, as JSON.
record_text <- function(path) as_atlas(path, rhdf5::h5read(path, "record"))

read_record <- function(path, text) {
  record <- as_atlas(path, values_from_json(text))
  abort_if(record$format > atlas_format, c(
    "{.file {path}} was written by a newer version of MuSL.",
    i = "Update MuSL."
  ), "format")
  abort_if(!is.null(record$shortlist), c(
    "{.file {path}} must hold the scores of all of its pairs.",
    x = "An earlier version of MuSL scored those of a shortlist.",
    i = "Make the atlas again with {.fn musl_atlas}."
  ), "format")
  record
}

# By what a file is known again.
record_print <- function(text) rlang::hash(charToRaw(text))

# Another atlas at the same path has other genes in its rows.
check_same_file <- function(atlas) {
  path <- atlas@path
  there <- file.exists(path)
  same <- there && record_print(record_text(path)) == atlas@opened
  abort_if(!same, c(
    "The file of the atlas must be the one that was opened: {.file {path}}.",
    x = if (there) {
      "It was replaced by another atlas."
    } else {
      "It was removed or moved."
    },
    i = "Open the atlas again with {.fn read_atlas}."
  ), "format", path = path)
}

# Checks that the file of an atlas holds the scores of its tiles and all other
# parts. The process that wrote the file must not check it, since HDF5's cache
# may differ from the disk.

# Fails if the file differs.
check_atlas <- function(job, path, written) {
  codes <- written$codes
  for (i in job$plan$tiles$number) {
    tile <- job$plan$tiles[i, ]
    cells <- tile_cells(tile)
    values <- read_tile(job, i)
    for (name in names(codes)) {
      coded <- encode_scores(values[[name]], codes[[name]])
      read <- function(cells) rhdf5::h5read(path, name, index = cells)
      check_same(coded, read(cells))
      if (tile$mirrored) check_same(t(coded), read(rev(cells)))
    }
  }
  for (name in names(written$small)) {
    check_same(written$small[[name]], rhdf5::h5read(path, name))
  }
}

# Compares text by bytes: strings that were read have lost their encoding.
check_same <- function(written, found) {
  plain <- function(x) {
    if (is.character(x)) lapply(x, charToRaw) else as.vector(x)
  }
  if (!identical(plain(written), plain(found))) {
    stop("What was read back differs from what was written.")
  }
}
