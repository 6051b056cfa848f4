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
  slots <- lapply(set_names(saved_slots), slot, object = object)
  write_model_file(path, model_parts(object, keep), list(model = slots))
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
  check_archive(path)
  file <- read_model_file(path, current_env())
  load <- model_loaders[[names(file$record)]]
  load(file$record[[1]], file$parts, path, current_env())
}

# By the name of a file's record.
model_loaders <- list(
  model = function(...) load_model(...),
  interactions = function(...) load_interactions(...)
)

# Prefixes of the names of tensors: of the members for measured pairs, of
# annotation, and of the values of R.
part_prefixes <- c(
  measured = "measured/", annotation = "annotation/", record = "r/"
)

# The archives of the core and the record of R in one file.
write_model_file <- function(path, parts, record, call = caller_env()) {
  text <- charToRaw(values_to_json(record))
  with_core(
    cpp_write_file(path.expand(path), cpp_model_file(parts, text)), call
  )
  invisible(path)
}

# list(parts: bytes, measured, annotation, empty if the file has none; record).
read_model_file <- function(path, call) {
  parts <- as_model_file(path, call, cpp_read_archive(path, part_prefixes))
  names(parts) <- c("bytes", names(part_prefixes))
  if (length(parts$record) == 0) {
    abort_not_model(path, "The file lacks the R side of a MuSL model.", call)
  }
  text <- as_model_file(path, call, cpp_model_record(parts$record))
  record <- as_record(path, call, {
    record <- values_from_json(rawToChar(text))
    stopifnot(length(record) == 1, names(record) %in% names(model_loaders))
    record
  })
  list(parts = parts[names(parts) != "record"], record = record)
}

# Errors about the record of a file, with the file's name.
as_record <- function(path, call, expr) {
  tryCatch(expr, error = function(cnd) {
    abort_not_model(path, conditionMessage(cnd), call)
  })
}

load_model <- function(slots, parts, path, call) {
  parts <- parts[names(parts) == "bytes" | lengths(parts) > 0]
  object <- as_record(path, call, {
    stopifnot(identical(names(slots), saved_slots))
    do.call(new_musl_model, c(parts, slots))
  })
  if (has_network(object) && has_backend()) {
    # Reads the weights as well.
    as_model_file(path, call, live_model(object))
  }
  if (has_measured_members(object)) {
    as_model_file(path, call, live_members(object))
  }
  if (!is.null(object@annotation)) {
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
  measured <- object@measured
  if (keep == "none" && has_measured_members(object)) {
    measured <- with_core(cpp_measured_strip(live_members(object)))
  }
  annotation <- if (keep == "codes") object@annotation
  Filter(length, list(bytes, measured, annotation))
}

# An archive begins with the length of its header and a brace; other beginnings
# mean another kind of file, not a damaged model.
check_archive <- function(path, call = caller_env()) {
  head <- readBin(path, "raw", 9)
  is_archive <- length(head) == 9 && head[[9]] == charToRaw("{") &&
    all(head[6:8] == as.raw(0))
  if (!is_archive) {
    abort_not_model(path, "It is a file of another kind.", call)
  }
}

saved_slots <- c(
  "architecture", "control", "genes", "id_type", "sources", "n_seen", "known",
  "prior", "split", "history", "calibration", "seed", "device", "versions",
  "inputs"
)

abort_not_model <- function(path, reason, call = caller_env()) {
  abort_musl(c(
    "{.file {path}} must be a model saved by {.fn musl_save}.",
    x = "{reason}"
  ), "format", call = call)
}
