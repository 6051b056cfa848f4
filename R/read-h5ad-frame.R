# Tables of an AnnData file, in all its encodings.

# list(names, table, skipped: columns of an unknown kind)
read_frame <- function(file, at) {
  if (!is_group(file, at)) {
    return(read_compound_frame(file, at))
  }
  about <- item_attributes(file, at)
  below <- items_below(file, at)
  index <- intersect(c(about[["_index"]], "_index", "index"), below)
  if (length(index) == 0) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} has no index, so its rows have no names.",
      i = "Write it with anndata."
    ), file$call)
  }
  names <- as.character(read_item(file, paste0(at, "/", index[[1]])))
  columns <- unique(c(
    intersect(about[["column-order"]], below), below
  ))
  columns <- setdiff(columns, c(index[[1]], "__categories"))
  values <- lapply(set_names(columns), function(column) {
    read_frame_column(file, at, column)
  })
  known <- !vapply(values, is.null, TRUE)
  for (column in columns[known]) {
    check_column_length(file, at, column, values[[column]], length(names))
  }
  list(
    names = check_row_names(file, at, names),
    table = as_frame(values[known], length(names)),
    skipped = columns[!known]
  )
}

as_frame <- function(columns, n) {
  as.data.frame(
    tibble::new_tibble(columns, nrow = n),
    optional = TRUE
  )
}

check_row_names <- function(file, at, names) {
  if (anyNA(names) || !all(nzchar(names))) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} has rows without a name.",
      i = "Write it with anndata, with names of cells and genes."
    ), file$call)
  }
  twice <- unique(names[duplicated(names)])
  if (at != "obs" && length(twice) > 0) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} repeats {length(twice)} gene{?s}:
           {.val {few(twice)}}.",
      i = "Call {.code adata.var_names_make_unique()} and write it again."
    ), file$call)
  }
  names
}

check_column_length <- function(file, at, column, values, n) {
  if (length(values) != n) {
    abort_file(file$path, NULL, c(
      x = "Column {.field {column}} of {.field {at}} has {length(values)}
           value{?s} for {n} row{?s}.",
      i = "Is the export incomplete?"
    ), file$call)
  }
}

# The values of a column; NULL for an unknown kind.
read_frame_column <- function(file, at, column) {
  path <- paste0(at, "/", column)
  if (!is_group(file, path)) {
    values <- plain_column(read_item(file, path))
    # Until 0.7 categories were listed separately.
    levels <- paste0(at, "/__categories/", column)
    if (is.null(values) || !has_item(file, levels)) {
      return(values)
    }
    return(decode_categories(file, path, values, read_item(file, levels)))
  }
  below <- items_below(file, path)
  if (all(c("codes", "categories") %in% below)) {
    return(decode_categories(
      file, path, read_item(file, paste0(path, "/codes")),
      read_item(file, paste0(path, "/categories"))
    ))
  }
  if (all(c("values", "mask") %in% below)) {
    values <- plain_column(read_item(file, paste0(path, "/values")))
    mask <- plain_column(read_item(file, paste0(path, "/mask")))
    if (length(mask) == length(values)) values[mask %in% c(TRUE, 1)] <- NA
    return(values)
  }
  NULL
}

# Logical values are an enumeration in HDF5, a factor in R.
plain_column <- function(x) {
  if (is.factor(x) && all(levels(x) %in% c("FALSE", "TRUE"))) {
    return(as.vector(x) == "TRUE")
  }
  if (!is.atomic(x) || length(dim(x)) > 1) {
    return(NULL)
  }
  as.vector(x)
}

# Codes count from 0; -1 is missing.
decode_categories <- function(file, path, codes, levels) {
  levels <- as.character(levels)
  codes <- as.vector(codes)
  bad <- !is.numeric(codes) || anyNA(codes) ||
    any(codes < -1 | codes >= length(levels)) || anyDuplicated(levels) > 0
  if (bad) {
    abort_file(file$path, NULL, c(
      x = "{.field {path}} has codes outside its {length(levels)}
           categor{?y/ies}.",
      i = "Write it with a current anndata."
    ), file$call)
  }
  codes[codes < 0] <- NA
  factor(levels[codes + 1], levels)
}

# Until 0.6 a table was one data set of records, its categories elsewhere.
read_compound_frame <- function(file, at) {
  table <- read_item(file, at)
  index <- intersect(c("index", "_index"), names(table))
  if (!is.data.frame(table) || length(index) == 0) {
    abort_file(file$path, NULL, c(
      x = "{.field {at}} is no table with an index.",
      i = "Write it with a current anndata."
    ), file$call)
  }
  names <- check_row_names(file, at, as.character(table[[index[[1]]]]))
  table <- table[setdiff(names(table), index)]
  table[] <- lapply(table, as.vector)
  for (column in names(table)) {
    levels <- paste0("uns/", column, "_categories")
    if (has_item(file, levels)) {
      table[[column]] <- decode_categories(
        file, paste0(at, "/", column), table[[column]], read_item(file, levels)
      )
    }
  }
  list(names = names, table = table, skipped = character())
}
