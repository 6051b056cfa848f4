# Whether the file of an atlas holds what its tiles hold, and all beside it. A
# process that did not write it looks, since what HDF5 keeps in memory says
# nothing of the disk.

# An error if not.
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
    coded <- encode_scores(read_tile(job, i), codes)
    read <- function(cells) rhdf5::h5read(path, "score", index = cells)
    check_same(coded, read(cells))
    if (tile$mirrored) {
      check_same(t(coded), read(rev(cells)))
    }
  }
}

check_datasets <- function(path, parts) {
  for (name in names(parts)) {
    check_same(parts[[name]], rhdf5::h5read(path, name))
  }
}

# Text by its bytes: what is read has lost its encoding.
check_same <- function(written, found) {
  plain <- function(x) {
    if (is.character(x)) lapply(x, charToRaw) else as.vector(x)
  }
  if (!identical(plain(written), plain(found))) {
    stop("It does not read back as it was written.")
  }
}
