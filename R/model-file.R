# Prefixes of the names of tensors: of the scorers that read features, of
# annotation, and of the values of R.
part_prefixes <- c(
  features = "measured/", annotation = "annotation/", record = "r/"
)

# The archives of the core and the record of R in one file.
write_model_file <- function(path, parts, record) {
  text <- charToRaw(values_to_json(record))
  with_core(cpp_write_file(path.expand(path), cpp_model_file(parts, text)))
  invisible(path)
}

# list(parts: musl, features, annotation, empty if the file has none; record).
read_model_file <- function(path) {
  parts <- as_model_file(path, cpp_read_archive(path, part_prefixes))
  names(parts) <- c("musl", names(part_prefixes))
  if (length(parts$record) == 0) {
    abort_not_model(path, "The file lacks the R side of a MuSL model.")
  }
  text <- as_model_file(path, cpp_model_record(parts$record))
  record <- as_record(path, {
    record <- values_from_json(rawToChar(text))
    stopifnot(
      length(record) == 1, names(record) %in% c("model", "interactions")
    )
    record
  })
  list(parts = parts[names(parts) != "record"], record = record)
}

# Errors about the record of a file, with the file's name.
as_record <- function(path, expr) {
  tryCatch(expr, error = function(cnd) {
    abort_not_model(path, conditionMessage(cnd))
  })
}

load_model <- function(slots, parts, path) {
  object <- as_record(path, {
    stopifnot(identical(names(slots), saved_slots))
    archives <- parts[lengths(parts) > 0]
    do.call(new_musl_model, c(list(archives = archives), slots))
  })
  # Reads the weights as well; those of the network only LibTorch can.
  loaders <- c(
    if (!is.null(object@archives$musl) && has_backend()) {
      list(musl = live_network)
    },
    list(features = live_features, annotation = live_annotation)
  )
  for (part in intersect(names(loaders), names(object@archives))) {
    as_model_file(path, loaders[[part]](object))
  }
  object
}

# Errors of the core about a file, with the file's name.
as_model_file <- function(path, expr) {
  tryCatch(with_core(expr), musl_error_format = function(cnd) {
    abort_not_model(path, cnd_text(cnd))
  })
}

cnd_text <- function(cnd) {
  paste(c(cnd$message, unname(cnd$body)), collapse = " ")
}

# As `keep` of musl_fit() asks for.
kept_archives <- function(archives, task) {
  if (task$keep == "none") stripped(archives) else archives
}

stripped <- function(archives) {
  if (!is.null(archives$musl)) {
    archives$musl <- with_backend(cpp_model_strip(archives$musl))
  }
  if (!is.null(archives$features)) {
    archives$features <- with_core(
      cpp_features_strip(cpp_features_load(archives$features))
    )
  }
  archives
}

saved_slots <- c(
  "architecture", "control", "genes", "id_type", "cohorts", "n_seen", "known",
  "prior", "split", "history", "calibration", "seed", "device", "versions",
  "inputs"
)

abort_not_model <- function(path, reason) {
  abort_musl(c(
    "{.file {path}} must be a model saved by {.fn musl_save}.",
    x = "{reason}"
  ), "format")
}

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
  # Doubles are in hexadecimal: decimal numbers of 15 digits, the limit of JSON
  # writers, would not restore the same bits.
  out <- list(type = typeof(x), value = switch(typeof(x),
    list = unname(lapply(x, encode_value)),
    double = I(sprintf("%a", as.vector(unclass(x)))),
    character = I(enc2utf8(as.vector(unclass(x)))),
    integer = ,
    logical = I(as.vector(unclass(x))),
    abort_musl("A model cannot hold a value of type {typeof(x)}.", "internal")
  ))
  kept <- intersect(c("names", "class", "levels"), names(attributes(x)))
  if (length(kept) > 0) out$attributes <- lapply(attributes(x)[kept], I)
  out
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
    double = {
      text <- as_elements(coded$value, "character")
      as.double(replace(text, text %in% "NA", NA))
    },
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

# A vector of a list of scalars, in which NULL is missing.
as_elements <- function(x, type) {
  size <- lengths(x)
  x[size == 0] <- list(as.vector(NA, type))
  out <- unlist(x, use.names = FALSE)
  stopifnot(is.list(x), size <= 1, is.null(out) || typeof(out) == type)
  out %||% vector(type, 0)
}
