# Plan of an atlas: its pairs, tiles and file names.

# Increase this when a change makes tiles or files unreadable.
atlas_format <- 1L
atlas_file <- "atlas.h5"
manifest_file <- "manifest.json"
# There while a process works on the atlas.
lock_file <- "atlas.lock"
# Names of a manifest that is being written.
half_manifest <- paste0("^", manifest_file, "[.]tmp-")
# In the directory until the file is complete.
tile_directory <- "tiles"
inputs_file <- "inputs.rds"
atlas_parts <- c(tile_directory, inputs_file)

# list(kind; universe: the gene names that the scorer indexes; rows, cols:
# 0-based indices into it, the first n_both of both being the same; n_pairs;
# tile; tiles: one row per tile)
atlas_plan <- function(anchors, genes, universe, tile) {
  known <- function(x, arg) {
    if (!is.null(x)) check_anchors(x, universe, arg = arg)
  }
  cols <- known(genes, "genes") %||% universe
  rows <- known(anchors, "anchors")
  kind <- if (is.null(rows)) "all" else "anchors"
  rows <- rows %||% cols
  # Genes that are both rows and columns come first in both, in ascending order:
  # that corner is symmetric, and only half of it is scored.
  both <- sort_bytes(intersect(rows, cols))
  n_both <- length(both)
  rows <- c(both, sort_bytes(setdiff(rows, both)))
  cols <- c(both, sort_bytes(setdiff(cols, both)))
  plan <- list(
    kind = kind,
    rows = match(rows, universe) - 1L,
    cols = match(cols, universe) - 1L,
    n_both = n_both,
    n_pairs = length(rows) * as.double(length(cols)) -
      n_both * (n_both + 1) / 2
  )
  abort_if(plan$n_pairs == 0, c(
    "An atlas must have at least one pair.",
    x = "Found no pair of two different genes."
  ))
  plan$universe <- universe
  plan$tile <- tile
  plan$tiles <- plan_tiles(plan, tile)
  plan
}

# Tibble, one row per tile: number, row_first, row_last, col_first, col_last
# (1-based among rows and cols), mirrored (its transpose is also in the atlas,
# but in no other tile), size, file.
plan_tiles <- function(plan, tile) {
  tiles <- do.call(rbind, crossed_tiles(
    length(plan$rows), length(plan$cols), plan$n_both, tile
  ))
  number <- seq_len(nrow(tiles))
  tibble(
    number = number,
    row_first = tiles[, 1], row_last = tiles[, 2],
    col_first = tiles[, 3], col_last = tiles[, 4],
    mirrored = tiles[, 5] == 1,
    size = (tiles[, 2] - tiles[, 1] + 1) * (tiles[, 4] - tiles[, 3] + 1),
    file = sprintf("tile-%06d.safetensors", number)
  )
}

crossed_tiles <- function(n_rows, n_cols, n_both, tile) {
  both <- blocks_of(1, n_both, tile)
  corner <- cross_blocks(both, both)
  corner <- corner[corner[, 1] <= corner[, 3], , drop = FALSE]
  # If there are few rows, tiles are wider, so each is as much work.
  wide <- tile * (tile %/% min(tile, n_rows))
  right <- cross_blocks(
    blocks_of(1, n_rows, tile), blocks_of(n_both + 1, n_cols, wide)
  )
  below <- cross_blocks(blocks_of(n_both + 1, n_rows, tile), both)
  list(
    cbind(corner, corner[, 1] < corner[, 3]),
    cbind(right, rep(0, nrow(right))),
    cbind(below, rep(0, nrow(below)))
  )
}

# Every block of rows with every block of columns, in four columns.
cross_blocks <- function(rows, cols) {
  row <- rep(seq_len(nrow(rows)), each = nrow(cols))
  col <- rep(seq_len(nrow(cols)), times = nrow(rows))
  cbind(rows[row, , drop = FALSE], cols[col, , drop = FALSE])
}

# First and last of blocks of `size` from `first` to `last`, in two columns.
blocks_of <- function(first, last, size) {
  start <- if (first <= last) seq(first, last, by = size) else numeric()
  cbind(start, pmin(start + size - 1, last), deparse.level = 0)
}

# The tile in row i of the plan's tiles, in the core's form.
plan_tile <- function(plan, i) {
  tile <- plan$tiles[i, ]
  list(
    number = tile$number,
    rows = plan$rows[seq(tile$row_first, tile$row_last)],
    cols = plan$cols[seq(tile$col_first, tile$col_last)],
    file = file.path(tile_directory, tile$file),
    size = tile$size
  )
}

# Its path, or a classed error if it can't hold an atlas.
open_atlas_directory <- function(directory) {
  path <- path.expand(directory)
  if (file.exists(path) && !dir.exists(path)) {
    abort_directory(directory, "It is a file.")
  }
  is_atlas <- file.exists(file.path(path, manifest_file))
  others <- setdiff(
    list.files(path, all.files = TRUE, no.. = TRUE),
    c(lock_file, list.files(path, half_manifest))
  )
  if (!is_atlas && length(others) > 0) {
    abort_directory(directory, "It holds other files.")
  }
  dir.create(path, showWarnings = FALSE, recursive = TRUE)
  if (!dir.exists(path)) {
    abort_directory(directory, "It can't be created.", room_hint)
  }
  normalizePath(path)
}

# A lock that ends with this process; NULL if the atlas is finished.
lock_atlas <- function(directory) {
  path <- open_atlas_directory(directory)
  if (file.exists(file.path(path, atlas_file))) {
    # Left by a process that was killed before it removed them.
    unlink(file.path(path, c(lock_file, atlas_parts)), recursive = TRUE)
    return(NULL)
  }
  lock <- with_core(cpp_lock(file.path(path, lock_file)))
  abort_if(is.null(lock), c(
    "{.arg directory} must hold an atlas that no other process works on.",
    x = "Another process works on the atlas in {.file {directory}}.",
    i = "Repeat the call when that has ended."
  ), argument = "directory")
  # Left by a process that was killed or could not remove it.
  unlink(list.files(path, half_manifest, full.names = TRUE))
  lock
}

abort_directory <- function(directory, reason, hint = NULL) {
  abort_musl(c(
    "{.arg directory} must be new, empty or hold an atlas.",
    x = "{.file {directory}}: {reason}",
    i = hint
  ), argument = "directory")
}

# NULL if there is none.
read_manifest <- function(directory) {
  file <- file.path(directory, manifest_file)
  if (!file.exists(file)) {
    return(NULL)
  }
  as_atlas(file, {
    manifest <- jsonlite::fromJSON(file)
    stopifnot(is.character(manifest$key), is.list(manifest$fingerprints))
    manifest
  })
}

check_same_atlas <- function(directory, manifest, prints) {
  same <- mapply(identical, manifest$fingerprints[names(prints)], prints)
  other <- names(prints)[!same]
  what <- c(
    version = "version of MuSL", model = "model", data = "data or context",
    pairs = "pairs", settings = "settings"
  )
  abort_if(!all(same), c(
    "{.arg directory} holds another atlas.",
    x = "The atlas in {.file {directory}} differs in its {what[other]}.",
    i = "Choose another directory, or remove this one."
  ), argument = "directory", different = other)
}

write_manifest <- function(job, prints) {
  manifest <- list(key = job$key, fingerprints = prints)
  text <- jsonlite::toJSON(manifest, auto_unbox = TRUE, pretty = TRUE)
  path <- file.path(job$directory, manifest_file)
  with_core(cpp_write_file(path, charToRaw(enc2utf8(text))))
}
