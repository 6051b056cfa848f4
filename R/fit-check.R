# What musl_fit() asks of its arguments.

check_fit_arguments <- function(data, split, architecture, control,
                                call = caller_env()) {
  check_is(data, "MuslData", call = call)
  check_is(split, "musl_split", call = call, allow_null = TRUE)
  check_is(architecture, "musl_architecture", call = call)
  check_is(control, "musl_control", call = call)
  if (!any(!is.na(data@pairs$label)) && is.null(split)) {
    abort_musl(c(
      "{.arg data} must hold labelled pairs.",
      x = "It holds {nrow(data@pairs)} pair{?s}, none with a label.",
      i = "Pass {.code pairs =} with a column {.field label} to
           {.fn musl_data}."
    ), call = call)
  }
}

check_init <- function(init, architecture, call = caller_env()) {
  if (is.null(init)) {
    return(invisible())
  }
  fields <- names(architecture)
  known <- complete_architecture(init@architecture)
  same <- vapply(fields, function(field) {
    isTRUE(all.equal(known[[field]], architecture[[field]]))
  }, TRUE)
  if (!all(same)) {
    abort_musl(c(
      "{.arg init} must have the architecture of the new model.",
      x = "Different: {.field {fields[!same]}}.",
      i = "Leave {.arg architecture} out to take over that of {.arg init}."
    ), "shape", call = call)
  }
}

# An encoder without any input would only be masked throughout.
drop_empty_encoders <- function(architecture, data, call = caller_env()) {
  encoders <- architecture$encoders
  # Pairs are always there; an encoder that reads only them is no reason to fit.
  reading <- setdiff(encoders, usable_encoders(encoders, "pairs"))
  empty <- setdiff(reading, usable_encoders(reading, held_data(data)))
  if (length(reading) > 0 && length(empty) == length(reading)) {
    abort_musl(c(
      "{.arg data} must hold inputs of an encoder.",
      x = "Nothing for {.field {empty}}.",
      i = "Give {.fn musl_data} expression, a network or embeddings."
    ), call = call)
  }
  if (length(empty) > 0) {
    inform_musl(
      "{cli::qty(empty)}The encoder{?s} {.field {empty}} {?is/are} left out,
       without an input in {.arg data}."
    )
    architecture$encoders <- setdiff(architecture$encoders, empty)
  }
  architecture
}
