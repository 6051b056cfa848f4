# Checks that the file of an atlas holds the scores of its tiles and all other
# parts. The process that wrote the file must not check it, since HDF5's cache
# may differ from the disk.

# Fails if the file differs.
check_atlas <- function(job, path, written) {
  if (job$plan$kind == "pairs") {
    check_datasets(path, pair_columns(job, written$codes))
  } else {
    check_matrix(job, path, written$codes)
  }
  check_datasets(path, written$small)
}

check_matrix <- function(job, path, codes) {
  for (i in job$plan$tiles$number) {
    tile <- job$plan$tiles[i, ]
    cells <- tile_cells(tile)
    values <- read_tile(job, i)
    for (name in names(codes)) {
      coded <- encode_scores(values[[name]], codes[[name]])
      read <- function(cells) rhdf5::h5read(path, name, index = cells)
      check_same(coded, read(cells))
      if (tile$mirrored) {
        check_same(t(coded), read(rev(cells)))
      }
    }
  }
}

check_datasets <- function(path, parts) {
  for (name in names(parts)) {
    check_same(parts[[name]], rhdf5::h5read(path, name))
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
