# Columns of data frames by their class.

# Those of class integer64 by value, whether or not its package is loaded: their
# halves of 32 bits are in doubles.
plain_numbers <- function(x) {
  if (!inherits(x, "integer64")) {
    return(x)
  }
  bytes <- writeBin(as.double(unclass(x)), raw(), endian = "little")
  half <- matrix(readBin(bytes, "integer", 2 * length(x), endian = "little"), 2)
  low <- half[1, ]
  # R takes the smallest integer for NA.
  low[is.na(low)] <- -2^31
  ifelse(is.na(half[2, ]), NA, half[2, ] * 2^32 + low %% 2^32)
}

# Without its package a column of another class has other values, or none.
check_known_classes <- function(table, arg) {
  known <- c("factor", "Date", "POSIXct", "integer64", "AsIs", "noquote")
  odd <- !vapply(table, function(x) {
    !is.object(x) || is.character(x) || is.list(x) || all(class(x) %in%
      c(known, "ordered", "POSIXt", "numeric", "integer", "logical"))
  }, NA)
  abort_if(any(odd), c(
    "{.arg {arg}} must have columns of text, numbers or factors.",
    x = "{.field {few(names(table)[odd])}} {?is/are} of class
         {.cls {class(table[[which(odd)[[1]]]])}}.",
    i = "Convert {cli::qty(sum(odd))}{?it/them}, as by {.fn as.character}; for
         labelled values {.fn haven::as_factor}."
  ), argument = arg)
}
