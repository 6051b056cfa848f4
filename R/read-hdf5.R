# Embeddings in HDF5, through the optional package rhdf5.

hdf5_matrix_names <- c("embeddings", "embedding", "emb", "x")
hdf5_id_names <- c(
  "ids", "id", "genes", "names", "proteins", "accessions", "accession"
)

read_embedding_hdf5 <- function(path) {
  check_installed("rhdf5", "to read HDF5")
  tryCatch(
    {
      content <- rhdf5::h5ls(path, recursive = FALSE)
      abort_file_if(all(c("obs", "var") %in% content$name), path, NULL, c(
        x = "It is an AnnData file of cells, not a table of embeddings.",
        i = "{.code zellkonverter::readH5AD(path)} reads it as a
             SingleCellExperiment, which {.fn musl_data} accepts."
      ))
      sets <- content[content$otype == "H5I_DATASET", ]
      if (nrow(sets) == 0) stop("it has no data set at its root")
      # As rhdf5 prints them: "5 x 3".
      extents <- strsplit(sets$dim, " x ", fixed = TRUE)
      counts <- vapply(extents, function(x) {
        prod(suppressWarnings(as.numeric(x)), na.rm = TRUE)
      }, 1)
      check_hdf5_room(path, sum(counts))
      matrix <- hdf5_called(sets$name, hdf5_matrix_names)
      if (length(matrix) > 0) {
        ids <- hdf5_called(sets$name, hdf5_id_names)
        # rhdf5 reverses dimensions.
        list(
          values = t(as.matrix(rhdf5::h5read(path, matrix[[1]]))),
          ids = if (length(ids) > 0) as.character(rhdf5::h5read(path, ids[[1]]))
        )
      } else {
        read_hdf5_vectors(path, sets$name)
      }
    },
    musl_error = rlang::cnd_signal,
    error = function(cnd) {
      reason <- conditionMessage(cnd)
      abort_file(path, NULL, c(
        x = "HDF5: {reason}.",
        i = "It must have one vector per protein, or a matrix
             {.field embeddings} and {.field ids}. Is the file complete?"
      ))
    }
  )
}

# Those of `names` that are in `wanted`, in its order.
hdf5_called <- function(names, wanted) {
  names[setdiff(match(wanted, fold_case(names)), NA)]
}

# One file handle for all: opening it for each of 20,000 proteins takes minutes.
read_hdf5_vectors <- function(path, names) {
  file <- rhdf5::H5Fopen(path, "H5F_ACC_RDONLY")
  on.exit(rhdf5::H5Fclose(file))
  first <- as.vector(read_hdf5_one(file, names[[1]]))
  values <- matrix(NA_real_, length(first), length(names))
  ids <- names
  for (i in seq_along(names)) {
    one <- as.vector(read_hdf5_one(file, names[[i]]))
    if (!is.numeric(one) || length(one) != length(first)) {
      stop(
        "\"", names[[i]], "\" has ", length(one), " values, others have ",
        length(first)
      )
    }
    values[, i] <- one
    ids[[i]] <- original_id(file, names[[i]])
  }
  list(values = t(values), ids = ids)
}

# A data set may declare any extent, stored or not: unwritten values read as
# zeros. The limits of compressed text, 8 bytes per value.
check_hdf5_room <- function(path, n) {
  bomb <- 8 * n > max(2^28, 200 * file.size(path)) || n > 2^36
  abort_file_if(bomb, path, NULL, c(
    x = "HDF5: it announces {n} values in {file.size(path)} bytes.",
    i = "Write it again; no table of this kind compresses so much."
  ))
}

# bio_embeddings numbers its vectors, and has their names in an attribute.
original_id <- function(file, name) {
  if (!is_number(name)) {
    return(name)
  }
  as.character(rhdf5::h5readAttributes(file, name)$original_id %||% name)
}

read_hdf5_one <- function(file, name) {
  set <- rhdf5::H5Dopen(file, name)
  on.exit(rhdf5::H5Dclose(set))
  rhdf5::H5Dread(set)
}
