#' Inputs of encoders
#'
#' Lists the inputs of the networks: their data, their size, and the
#' encoders that read them.
#'
#' An encoder takes part in a fit if the data have something for each of its
#' inputs; a pair that lacks one of them is scored without that encoder.
#'
#' @returns A tibble, one row per input, in alphabetical order: `input`, its
#'   name; `reads`, the data it is made from, any of which is enough
#'   ("expression", "network", "embeddings", "pairs" with labels, or a table of
#'   the user, "table:<name>"); `shape`, the size of one pair's values in
#'   words (K: bins, C: channels, P: columns); `encoders`, those of
#'   [musl_architecture()] that read it; `about`, a description.
#' @section Errors:
#'   `musl_error_backend` without a backend, see [musl_backend()].
#' @seealso [musl_architecture()], [musl_plan()]
#' @examplesIf musl_backend()$available
#' musl_inputs()
#' @export
musl_inputs <- function() {
  inputs <- with_backend(cpp_inputs())
  column <- function(name) {
    vapply(inputs, function(input) paste(input[[name]], collapse = ", "), "")
  }
  tibble(
    input = column("input"),
    reads = gsub(", ", " or ", column("reads"), fixed = TRUE),
    shape = column("shape"),
    encoders = column("encoders"),
    about = column("about")
  )
}

# The inputs of each encoder, by its name, and the data of each input.
encoder_inputs <- function() with_backend(cpp_encoders())

input_reads <- function() {
  inputs <- with_backend(cpp_inputs())
  rlang::set_names(
    lapply(inputs, `[[`, "reads"), vapply(inputs, `[[`, "", "input")
  )
}

# The kinds of data in `data`, named as in the `reads` of inputs.
held_data <- function(data) {
  c(
    "pairs",
    if (length(data@sources) > 0) "expression",
    if (length(data@network$from) > 0) "network",
    if (!is.null(data@embeddings)) "embeddings"
  )
}

# Can an encoder read each of its inputs, given these kinds of data?
usable_encoders <- function(encoders, held) {
  inputs <- encoder_inputs()
  reads <- input_reads()
  usable <- vapply(encoders, function(encoder) {
    all(vapply(inputs[[encoder]], function(input) {
      any(reads[[input]] %in% held)
    }, TRUE))
  }, TRUE)
  encoders[usable]
}
