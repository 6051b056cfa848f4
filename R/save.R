# Models and models of interactions as files.

#' Save and load a model
#'
#' `musl_save()` writes a model into one safetensors file, whole or not at all;
#' `musl_load()` reads it back to the same bits.
#'
#' The file contains tensors and JSON, no R code, and other programs can read
#' its tensors. Binned expression is individual-level data. A model saved with
#' `keep = "none"` has none of it, and needs `data` to predict. Scorers of
#' features then treat correlations as missing, unless `data` has the
#' samples and genes of training.
#'
#' @param object A [MuslModel][musl_fit()] or a [musl_interactions()].
#' @param path Path of the file.
#' @param keep "codes": the per-gene inputs in the model are saved too; "none":
#'   they are left out. A [musl_interactions()] is saved whole, including nodes'
#'   features and the labels of the training pairs.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns `musl_save()` returns `path`, invisibly; `musl_load()` a `MuslModel`
#'   or a `musl_interactions`.
#' @section Errors:
#'   `musl_error_input` if the file exists already, or does not exist;
#'   `musl_error_format` if it cannot be written, is damaged, is not a MuSL
#'   model or was written by a newer version.
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
  abort_if(
    !file.exists(path),
    c("{.arg path} must be a file.", x = "No file {.file {path}}."),
    argument = "path"
  )
  if (!with_core(cpp_is_regular_file(path))) {
    abort_not_model(path, "It is a folder, a pipe or a device.")
  }
  # An archive begins with the length of its header and a brace; other
  # beginnings mean another kind of file, not a damaged model.
  head <- readBin(path, "raw", 9)
  is_archive <- length(head) == 9 && head[[9]] == charToRaw("{") &&
    all(head[6:8] == as.raw(0))
  if (!is_archive) abort_not_model(path, "It is a file of another kind.")
  file <- read_model_file(path)
  load <- model_loaders[[names(file$record)]]
  load(file$record[[1]], file$parts, path)
}

# By the name of a file's record.
model_loaders <- list(
  model = function(...) load_model(...),
  interactions = function(...) load_interactions(...)
)
