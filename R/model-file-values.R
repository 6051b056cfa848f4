# R values as JSON with their type, and long vectors as tensors.

# Storage of long vectors, by the names of their tensors. Names in `genes` are
# stored as positions in it.
new_shelf <- function(values = list(), genes = character()) {
  shelf <- new.env(parent = emptyenv())
  shelf$values <- values
  shelf$genes <- genes
  shelf
}

# Slots of a model, genes first: the others refer to them.
encode_slots <- function(slots, shelf) {
  genes <- encode_value(slots$genes, shelf)
  shelf$genes <- slots$genes
  others <- slots[setdiff(names(slots), "genes")]
  c(list(genes = genes), lapply(others, encode_value, shelf))
}

decode_slots <- function(coded, values) {
  shelf <- new_shelf(values)
  shelf$genes <- decode_value(coded$genes, shelf)
  others <- setdiff(saved_slots, "genes")
  slots <- lapply(coded[others], decode_value, shelf)
  c(list(genes = shelf$genes), slots)
}

# Doubles are in hexadecimal: decimal numbers of 15 digits, the limit of JSON
# writers, would not restore the same bits.
encode_value <- function(x, shelf = NULL) {
  if (is.null(x)) {
    return(list(type = "null"))
  }
  out <- c(
    list(type = typeof(x)),
    shelve(x, shelf) %||% list(value = encode_data(x, shelf))
  )
  kept <- intersect(c("names", "class", "levels"), names(attributes(x)))
  if (length(kept) > 0) {
    out$attributes <- lapply(attributes(x)[kept], I)
  }
  out
}

least_shelved <- 64

# Puts a long vector on the shelf and returns where; NULL for text values.
shelve <- function(x, shelf) {
  if (is.null(shelf) || is.list(x) || length(x) < least_shelved) {
    return(NULL)
  }
  vector <- as.vector(unclass(x))
  form <- vector_form(vector, shelf$genes)
  if (is.null(form)) {
    return(NULL)
  }
  name <- paste0(values_prefix, length(shelf$values) + 1)
  shelf$values[[name]] <- switch(form,
    genes = match(vector, shelf$genes),
    lines = charToRaw(paste(enc2utf8(vector), collapse = "\n")),
    integer = as.integer(vector),
    vector
  )
  list(tensor = name, form = form)
}

# How a vector is stored on the shelf; NULL if it cannot be.
vector_form <- function(x, genes) {
  if (is.double(x)) {
    return("double")
  }
  if (is.integer(x) || is.logical(x)) {
    return("integer")
  }
  if (!is.character(x) || anyNA(x)) {
    return(NULL)
  }
  if (length(genes) > 0 && all(x %in% genes)) {
    return("genes")
  }
  if (all(nzchar(x)) && !any(grepl("\n", x, fixed = TRUE))) "lines"
}

take_from_shelf <- function(coded, shelf) {
  x <- shelf$values[[coded$tensor]]
  types <- c(genes = "integer", lines = "raw", double = "double")
  type <- if (coded$form %in% names(types)) types[[coded$form]] else "integer"
  stopifnot(typeof(x) == type)
  if (coded$form == "lines") {
    x <- strsplit(as_utf8(rawToChar(x)), "\n", fixed = TRUE)[[1]]
  } else if (coded$form == "genes") {
    stopifnot(all(x %in% seq_along(shelf$genes)))
    x <- shelf$genes[x]
  } else if (coded$type == "logical") {
    x <- as.logical(x)
  }
  stopifnot(typeof(x) == coded$type)
  x
}

encode_data <- function(x, shelf) {
  switch(typeof(x),
    list = unname(lapply(x, encode_value, shelf)),
    double = I(sprintf("%a", as.vector(unclass(x)))),
    character = I(enc2utf8(as.vector(unclass(x)))),
    integer = ,
    logical = I(as.vector(unclass(x))),
    abort_musl("A model cannot hold a value of type {typeof(x)}.", "internal")
  )
}

model_classes <- c(
  "tbl_df", "tbl", "data.frame", "factor", "musl_architecture", "musl_control"
)

decode_value <- function(coded, shelf = NULL) {
  if (identical(coded$type, "null")) {
    return(NULL)
  }
  out <- if (is.null(coded$tensor)) {
    decode_text(coded, shelf)
  } else {
    take_from_shelf(coded, shelf)
  }
  for (name in names(coded$attributes)) {
    attr(out, name) <- unlist(coded$attributes[[name]])
  }
  stopifnot(all(oldClass(out) %in% model_classes))
  if (is.data.frame(out)) {
    attr(out, "row.names") <- .set_row_names(length(out[[1]]))
  }
  out
}

decode_text <- function(coded, shelf) {
  switch(coded$type,
    list = lapply(coded$value, decode_value, shelf),
    double = decode_double(coded$value),
    character = decode_data(coded$value, NA_character_),
    integer = decode_data(coded$value, NA_integer_),
    logical = decode_data(coded$value, NA),
    stop("Unknown type of a value.")
  )
}

decode_double <- function(values) {
  text <- decode_data(values, NA_character_)
  text[text %in% "NA"] <- NA_character_
  as.double(text)
}

decode_data <- function(values, missing) {
  size <- lengths(values)
  values[size == 0] <- list(missing)
  out <- unlist(values, use.names = FALSE)
  good <- length(out) == length(values) && all(size <= 1) &&
    (is.null(out) || typeof(out) == typeof(missing))
  if (!good) stop("A value has another type than it is said to have.")
  out %||% missing[0]
}
