# The R values of a file, as JSON.

# JSON has neither types of numbers nor attributes: each value is an object of
# its type, its elements and what it needs of its attributes.
values_to_json <- function(x) {
  text <- jsonlite::toJSON(
    encode_value(x),
    auto_unbox = TRUE, null = "null", na = "null"
  )
  enc2utf8(as.character(text))
}

# An error for text that values_to_json() does not write.
values_from_json <- function(text) {
  # Text of a file is in UTF-8, whatever the locale.
  Encoding(text) <- "UTF-8"
  # Simplified, the text "NA" would be missing.
  decode_value(jsonlite::fromJSON(text, simplifyVector = FALSE))
}

encode_value <- function(x) {
  if (is.null(x)) {
    return(list(type = "null"))
  }
  out <- list(type = typeof(x), value = encode_elements(x))
  kept <- intersect(c("names", "class", "levels"), names(attributes(x)))
  if (length(kept) > 0) {
    out$attributes <- lapply(attributes(x)[kept], I)
  }
  out
}

# Doubles are in hexadecimal: decimal numbers of 15 digits, the limit of JSON
# writers, would not restore the same bits.
encode_elements <- function(x) {
  switch(typeof(x),
    list = unname(lapply(x, encode_value)),
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

decode_value <- function(coded) {
  stopifnot(is_string(coded$type))
  if (coded$type == "null") {
    return(NULL)
  }
  out <- switch(coded$type,
    list = lapply(coded$value, decode_value),
    double = decode_double(coded$value),
    character = as_elements(coded$value, "character"),
    integer = as_elements(coded$value, "integer"),
    logical = as_elements(coded$value, "logical"),
    stop("Unknown type of a value.")
  )
  for (name in names(coded$attributes)) {
    attr(out, name) <- as_elements(coded$attributes[[name]], "character")
  }
  stopifnot(all(oldClass(out) %in% model_classes))
  if (is.data.frame(out)) {
    attr(out, "row.names") <- .set_row_names(length(out[[1]]))
  }
  out
}

decode_double <- function(x) {
  text <- as_elements(x, "character")
  text[text %in% "NA"] <- NA
  as.double(text)
}

# A vector of a list of scalars, in which NULL is missing.
as_elements <- function(x, type) {
  size <- lengths(x)
  x[size == 0] <- list(as.vector(NA, type))
  out <- unlist(x, use.names = FALSE)
  stopifnot(is.list(x), size <= 1, is.null(out) || typeof(out) == type)
  out %||% vector(type, 0)
}
