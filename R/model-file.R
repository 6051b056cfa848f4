#' Save and load a model
#'
#' `musl_save()` writes a model into one safetensors file, whole or not at all;
#' `musl_load()` reads it back to the same bits.
#'
#' The file contains tensors and text, no R code, and other programs can read
#' its tensors; large ones are deflated, under a name that gives type, shape and
#' the deflated form: byte planes, as in `known/b|deflate|I32|68558,`, or
#' `differences` of successive elements, `columns`, columns of `filled` rows,
#' rows `sorted` by their sums, rows `coded` as bytes with one scale each,
#' places in a list of numbers (`listed`).
#' Networks are stored once per edge, in tensors named `half/`.
#' Inputs are stored once, however many networks the model has: expression of
#' the first assay on 192 to 252 levels of each gene's range, split by the
#' thresholds of low, detected and high, node features in one of 255 values.
#' The network reads these values in training too, and its weights are rounded,
#' to 255 values per row, when training ends: saving changes no score.
#' Binned expression is individual-level data: a model saved with `keep =
#' "none"` has none of it, and needs `data` to predict.
#' Annotation that a network's partner lists read is left out as well: they
#' read that of `data`.
#' Members for measured pairs then keep levels of expression and lose profiles:
#' without `data` they treat correlations as missing. With `data` of the samples
#' and genes of training, in any order, they score as before; profiles of other
#' samples or genes give correlations, but no place among those of training.
#'
#' @param object A [MuslModel][musl_fit()] or a [musl_interactions()].
#' @param path Path of the file.
#' @param keep "codes": the per-gene inputs in the model are saved too;
#'   "none": they are left out.
#'   A [musl_interactions()] is saved whole, including nodes' features and the
#'   labels of the training pairs.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns `musl_save()` returns `path`, invisibly; `musl_load()` a `MuslModel`
#'   or a `musl_interactions`.
#' @section Errors:
#'   `musl_error_input` if the file exists already, or does not exist;
#'   `musl_error_format` if it cannot be written, is damaged, is not a MuSL
#'   model or was written by a newer version.
#' @seealso [musl_fit()]
#' @examplesIf musl_backend()$available
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
  check_path(path)
  keep <- check_choice(keep, c("codes", "none"))
  check_flag(overwrite)
  check_new_file(path, overwrite)
  with_core({
    side <- model_side(object)
    bytes <- cpp_model_file(
      model_parts(object, keep), side$metadata, side$values
    )
    cpp_write_file(path.expand(path), bytes)
  })
  invisible(path)
}

#' @rdname musl_save
#' @export
musl_load <- function(path) {
  check_path(path)
  path <- path.expand(path)
  if (!file.exists(path)) {
    abort_musl(
      c("{.arg path} must be a file.", x = "No file {.file {path}}."),
      argument = "path"
    )
  }
  if (!with_core(cpp_is_regular_file(path))) {
    abort_not_model(path, "It is a folder, a pipe or a device.")
  }
  call <- current_env()
  check_archive(path, call)
  # Only the tensors go into the slot, as they came from musl_fit().
  without <- c(metadata_keys, interactions_key)
  prefixes <- c(measured_prefix, values_prefix, annotation_prefix)
  file <- as_model_file(path, call, cpp_read_archive(path, without, prefixes))
  names(file$parts) <- c("bytes", "measured", "values", "annotation")
  if (interactions_key %in% names(file$metadata)) {
    return(load_interactions(file, path, call))
  }
  file$values <- as_model_file(
    path, call, archive_vectors(file$parts$values)
  )
  slots <- read_slots(file, path)
  optional <- c("measured", "annotation")
  archives <- file$parts[
    c("bytes", optional[lengths(file$parts[optional]) > 0])
  ]
  object <- tryCatch(
    do.call(new_musl_model, c(archives, slots)),
    error = function(cnd) abort_not_model(path, conditionMessage(cnd), call)
  )
  if (has_network(object) && has_backend()) {
    # Reads the weights as well.
    as_model_file(path, call, live_model(object))
  }
  if (has_measured_members(object)) {
    as_model_file(path, call, live_members(object))
  }
  if (!is.null(annotation_bytes(object))) {
    as_model_file(path, call, live_annotation(object))
  }
  object
}

# Errors of the core about a file, with the file's name.
as_model_file <- function(path, call, expr) {
  tryCatch(with_core(expr, call), musl_error_format = function(cnd) {
    abort_not_model(path, cnd_text(cnd), call)
  })
}

cnd_text <- function(cnd) {
  paste(c(cnd$message, unname(cnd$body)), collapse = " ")
}

# The archives of the network, of the members for measured pairs and of
# annotation.
model_parts <- function(object, keep) {
  bytes <- if (has_network(object)) object@bytes
  if (keep == "none" && has_network(object)) {
    bytes <- with_backend(cpp_model_strip(bytes))
  }
  measured <- measured_bytes(object)
  if (keep == "none" && has_measured_members(object)) {
    measured <- with_core(cpp_measured_strip(live_members(object)))
  }
  annotation <- if (keep == "codes") annotation_bytes(object)
  Filter(length, list(bytes, measured, annotation))
}

archive_vectors <- function(bytes) {
  if (length(bytes) > 0) cpp_archive_vectors(bytes) else list()
}

# An archive begins with the length of its header and a brace; other beginnings
# mean another kind of file, not a damaged model.
check_archive <- function(path, call) {
  head <- readBin(path, "raw", 9)
  is_archive <- length(head) == 9 && head[[9]] == charToRaw("{") &&
    all(head[6:8] == as.raw(0))
  if (!is_archive) {
    abort_not_model(path, "It is a file of another kind.", call)
  }
}

# Rises when musl_load() of this version could not read the R side of a file.
# 2: long vectors are tensors.
model_file_version <- 2L
metadata_keys <- c("r_version", "r_model")
# Prefixes of tensor names: of the members for measured pairs, of annotation,
# and of vectors of the R side.
measured_prefix <- "measured/"
annotation_prefix <- "annotation/"
values_prefix <- "r/"

saved_slots <- c(
  "architecture", "control", "genes", "id_type", "sources", "n_seen", "known",
  "prior", "split", "history", "calibration", "seed", "device", "versions",
  "inputs"
)

# The R side of a model: strings of an archive, and vectors that are tensors.
model_side <- function(object) {
  slots <- lapply(rlang::set_names(saved_slots), slot, object = object)
  shelf <- new_shelf()
  text <- jsonlite::toJSON(
    encode_slots(slots, shelf),
    auto_unbox = TRUE, null = "null", na = "null"
  )
  list(
    metadata = list(
      r_version = as.character(model_file_version), r_model = as.character(text)
    ),
    values = shelf$values
  )
}

# Text of a file is in UTF-8, whatever the locale.
as_utf8 <- function(text) {
  Encoding(text) <- "UTF-8"
  text
}

read_slots <- function(file, path, call = caller_env()) {
  metadata <- file$metadata
  if (!all(metadata_keys %in% names(metadata))) {
    abort_not_model(path, "The file lacks the R side of a MuSL model.", call)
  }
  check_file_version(metadata, path, call)
  tryCatch(
    {
      text <- as_utf8(metadata[["r_model"]])
      coded <- jsonlite::fromJSON(text, simplifyVector = FALSE)
      slots <- decode_slots(coded, file$values)
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

# Adds settings that an older version lacked.
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
