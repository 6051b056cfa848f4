# Models of interactions in files: the core's archive, with the R part as a
# string in its metadata.

interactions_key <- "r_interactions"
saved_fields <- c(
  "task", "labels", "types", "config", "control", "pairs", "history", "em",
  "cancelled", "elapsed", "versions"
)
# Files from before them have neither.
added_fields <- c("classes", "columns")

interactions_bytes <- function(object) {
  saved <- c(saved_fields, intersect(added_fields, names(object)))
  fields <- lapply(rlang::set_names(saved), function(name) {
    encode_value(object[[name]])
  })
  text <- jsonlite::toJSON(
    fields,
    auto_unbox = TRUE, null = "null", na = "null"
  )
  metadata <- c(r_version = "1")
  metadata[[interactions_key]] <- as.character(text)
  cpp_archive_with_metadata(object$bytes, metadata)
}

save_interactions <- function(object, path, overwrite, call = caller_env()) {
  check_path(path, call = call)
  check_flag(overwrite, call = call)
  check_new_file(path, overwrite, call)
  with_core(
    cpp_write_file(path.expand(path), interactions_bytes(object)),
    call
  )
  invisible(path)
}

# The model of a file with an R part in its metadata.
load_interactions <- function(file, path, call) {
  check_file_version(file$metadata, path, call)
  fields <- tryCatch(
    {
      text <- as_utf8(file$metadata[[interactions_key]])
      coded <- jsonlite::fromJSON(text, simplifyVector = FALSE)
      saved <- c(saved_fields, intersect(added_fields, names(coded)))
      lapply(coded[saved], decode_value)
    },
    error = function(cnd) abort_not_model(path, conditionMessage(cnd), call)
  )
  object <- structure(
    c(
      list(bytes = file$parts$bytes), fields,
      cache = new.env(parent = emptyenv())
    ),
    class = c(
      if (identical(fields$task, "site")) "musl_sites", "musl_interactions"
    )
  )
  if (has_backend()) {
    as_model_file(path, call, live_interactions(object, call))
  }
  object
}
