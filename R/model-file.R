#' Save and load a model
#'
#' `musl_save()` writes a model into one safetensors file, whole or not at all;
#' `musl_load()` reads it back to the same bits.
#'
#' The file holds tensors and text, no R code, and other programs can read its
#' tensors; large ones are deflated, byte plane by byte plane, under a name such
#' as `network/weight|deflate|F32|351354,` that tells type and shape.
#' Inputs are there once, however many networks the model has: expression of the
#' first assay on 192 to 252 levels of each gene's range, which thresholds of
#' low, detected and high split, node features in one of 255 values.
#' The network reads them so from training on, so that a file changes no score.
#' Binned expression is individual-level data: a model saved with `keep =
#' "none"` holds none of it, and needs `data` to predict.
#' Members for measured pairs then keep levels of expression and lose profiles:
#' without `data` they count correlations as missing.
#'
#' @param object A [MuslModel][musl_fit()] or a [musl_interactions()].
#' @param path Path of the file.
#' @param keep "codes": the per-gene inputs that the model holds are saved too;
#'   "none": they are left out.
#'   A [musl_interactions()] is saved whole: nodes' features and the labels of
#'   the training pairs are in the file.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns `musl_save()` returns `path`, invisibly; `musl_load()` a `MuslModel`
#'   or a `musl_interactions`.
#' @section Errors:
#'   `musl_error_input` if the file exists already, or does not exist;
#'   `musl_error_format` if it cannot be written, is damaged, is no MuSL model
#'   or was written by a newer version.
#' @seealso [musl_fit()]
#' @examplesIf musl_has_backend()
#' fit <- musl_example_model()
#' file <- tempfile(fileext = ".safetensors")
#' musl_save(fit, file, keep = "none")
#' musl_load(file)
#' @export
musl_save <- function(object, path, keep = c("codes", "none"),
                      overwrite = FALSE) {
  if (inherits(object, "musl_interactions")) {
    return(save_interactions(object, path, overwrite))
  }
  check_is(object, "MuslModel")
  check_string(path)
  keep <- check_choice(keep, c("codes", "none"))
  check_flag(overwrite)
  check_new_file(path, overwrite)
  with_core({
    bytes <- model_bytes(object, keep)
    bytes <- cpp_archive_with_metadata(bytes, model_metadata(object))
    cpp_write_file(path.expand(path), bytes)
  })
  invisible(path)
}

#' @rdname musl_save
#' @export
musl_load <- function(path) {
  check_string(path)
  path <- path.expand(path)
  if (!file.exists(path)) {
    abort_musl(
      c("{.arg path} must be a file.", x = "No file {.file {path}}."),
      argument = "path"
    )
  }
  if (!cpp_is_regular_file(path)) {
    abort_not_model(path, "It is a folder, a pipe or a device.")
  }
  call <- current_env()
  check_archive(path, call)
  # The tensors alone go into the slot, as they came out of musl_fit().
  without <- c(metadata_keys, interactions_key)
  file <- as_model_file(path, call, cpp_read_archive(path, without))
  if (interactions_key %in% names(file$metadata)) {
    return(load_interactions(file, path, call))
  }
  slots <- read_slots(file$metadata, path)
  archives <- as_model_file(path, call, part_archives(file$bytes))
  object <- tryCatch(
    do.call(new_musl_model, c(archives, slots)),
    error = function(cnd) abort_not_model(path, conditionMessage(cnd), call)
  )
  if (has_network(object) && musl_has_backend()) {
    # Reads the weights, too.
    as_model_file(path, call, live_model(object))
  }
  if (has_measured_members(object)) {
    as_model_file(path, call, live_members(object))
  }
  object
}

# What the core refuses in a file, with the file's name.
as_model_file <- function(path, call, expr) {
  tryCatch(with_core(expr, call), musl_error_format = function(cnd) {
    abort_not_model(path, cnd_text(cnd), call)
  })
}

cnd_text <- function(cnd) {
  paste(c(cnd$message, unname(cnd$body)), collapse = " ")
}

# The archives of the network and of the members for measured pairs, apart.
part_archives <- function(bytes) {
  measured <- cpp_measured_part(bytes, TRUE)
  if (length(measured) == 0) {
    return(list(bytes = bytes))
  }
  list(bytes = cpp_measured_part(bytes, FALSE), measured = measured)
}

# The archives of the network and of the members for measured pairs as one.
model_bytes <- function(object, keep) {
  bytes <- object@bytes
  if (keep == "none" && has_network(object)) {
    open_backend()
    bytes <- cpp_model_strip(bytes)
  }
  if (!has_measured_members(object)) {
    return(bytes)
  }
  measured <- measured_bytes(object)
  if (keep == "none") {
    measured <- cpp_measured_strip(live_members(object))
  }
  if (has_network(object)) cpp_archive_join(bytes, measured) else measured
}

# An archive begins with the length of its header and a brace; what has another
# beginning is another file, not a damaged model.
check_archive <- function(path, call) {
  head <- readBin(path, "raw", 9)
  is_archive <- length(head) == 9 && head[[9]] == charToRaw("{") &&
    all(head[6:8] == as.raw(0))
  if (!is_archive) {
    abort_not_model(path, "It is a file of another kind.", call)
  }
}

# Rises when musl_load() of this version could not read the R side of a file.
model_file_version <- 1L
metadata_keys <- c("r_version", "r_model")

saved_slots <- c(
  "architecture", "control", "genes", "id_type", "sources", "n_seen", "known",
  "prior", "split", "history", "calibration", "seed", "device", "versions",
  "inputs"
)

model_metadata <- function(object) {
  slots <- lapply(rlang::set_names(saved_slots), function(name) {
    encode_value(slot(object, name))
  })
  text <- jsonlite::toJSON(
    slots,
    auto_unbox = TRUE, null = "null", na = "null"
  )
  c(r_version = as.character(model_file_version), r_model = as.character(text))
}

read_slots <- function(metadata, path, call = caller_env()) {
  if (!all(metadata_keys %in% names(metadata))) {
    abort_not_model(path, "The file holds no model of MuSL's R side.", call)
  }
  check_file_version(metadata, path, call)
  tryCatch(
    {
      text <- enc2utf8(metadata[["r_model"]])
      coded <- jsonlite::fromJSON(text, simplifyVector = FALSE)
      slots <- lapply(coded[saved_slots], decode_value)
      slots$calibration <- complete_calibration(slots$calibration)
      slots$architecture <- complete_fields(
        slots$architecture, musl_architecture()
      )
      slots$control <- complete_fields(slots$control, musl_control())
      slots
    },
    error = function(cnd) abort_not_model(path, conditionMessage(cnd), call)
  )
}

# Settings of an older version, which lack what came later.
complete_fields <- function(settings, defaults) {
  defaults[names(settings)] <- unclass(settings)
  defaults
}

check_file_version <- function(metadata, path, call) {
  version <- suppressWarnings(as.integer(metadata[["r_version"]]))
  if (isTRUE(version < 1)) {
    abort_not_model(path, "Its version is below 1.", call)
  }
  if (is.na(version) || version > model_file_version) {
    abort_musl(c(
      "{.file {path}} was written by a newer version of MuSL.",
      x = "Its format is {.val {metadata[['r_version']]}}, this version reads up
           to {.val {model_file_version}}.",
      i = "Update MuSL."
    ), "format", call = call)
  }
}

abort_not_model <- function(path, reason, call = caller_env()) {
  abort_musl(c(
    "{.file {path}} must be a model saved by {.fn musl_save}.",
    x = "{reason}"
  ), "format", call = call)
}

# Values as JSON with their type, and doubles in hexadecimal: a decimal number
# of 15 digits, all that JSON writers give, would not come back to the same
# bits.
encode_value <- function(x) {
  if (is.null(x)) {
    return(list(type = "null"))
  }
  out <- list(type = typeof(x), value = encode_data(x))
  kept <- intersect(c("names", "class", "levels"), names(attributes(x)))
  if (length(kept) > 0) {
    out$attributes <- lapply(attributes(x)[kept], I)
  }
  out
}

encode_data <- function(x) {
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
  if (identical(coded$type, "null")) {
    return(NULL)
  }
  out <- switch(coded$type,
    list = lapply(coded$value, decode_value),
    double = decode_double(coded$value),
    character = decode_data(coded$value, NA_character_),
    integer = decode_data(coded$value, NA_integer_),
    logical = decode_data(coded$value, NA),
    stop("Unknown type of a value.")
  )
  for (name in names(coded$attributes)) {
    attr(out, name) <- unlist(coded$attributes[[name]])
  }
  stopifnot(all(oldClass(out) %in% model_classes))
  if (is.data.frame(out)) {
    attr(out, "row.names") <- .set_row_names(length(out[[1]]))
  }
  out
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
