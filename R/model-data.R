# Data that a model is asked with: by the names of its cohorts, and what the
# core made of them, kept for the next call.

# Sources match by name; a single cohort matches a single cohort.
match_cohorts <- function(object, data) {
  foreign <- setdiff(names(data@cohorts), names(object@cohorts))
  if (length(foreign) == 0) {
    return(data)
  }
  if (length(data@cohorts) == 1 && length(object@cohorts) == 1) {
    name <- names(object@cohorts)
    inform_musl(
      "Source {.val {foreign}} of {.arg data} is used as the model's
       {.val {name}}."
    )
    return(rename_cohorts(data, name))
  }
  abort_musl(c(
    "{.arg data} must hold cohorts that the model was trained on.",
    x = "{cli::qty(foreign)}Not among them: {.val {foreign}}.",
    i = "Rename them in {.fn musl_data}; the model has
         {.val {names(object@cohorts)}}."
  ), "shape", cohorts = foreign)
}

rename_cohorts <- function(data, names) {
  data@cohorts <- Map(function(cohort, name) {
    cohort$name <- name
    cohort
  }, data@cohorts, names)
  names(data@cohorts) <- names
  data
}

check_same_ids <- function(object, data) {
  types <- c(object@id_type, data@id_type)
  abort_if(types[[1]] != types[[2]] && !"other" %in% types, c(
    "{.arg data} must use the gene identifiers of the model.",
    x = "The model uses {.field {types[[1]]}}, {.arg data}
         {.field {types[[2]]}}.",
    i = "Map the genes of {.arg data}."
  ), "gene")
}

# Values of first assays in data that are kept. The core stores 14 bytes for
# each, and vectors of genes beside them.
most_kept_values <- 5e7

# Those of `data`, its cohorts named as the model's, and the model's own of
# cohorts that these lack, of which the core makes a copy.
count_values <- function(object, data) {
  carried <- object@cohorts[setdiff(names(object@cohorts), names(data@cohorts))]
  sum(
    vapply(data@cohorts, function(x) prod(as.double(dim(x$assays[[1]]))), 0),
    vapply(carried, function(x) as.double(x$n_genes) * x$n_samples, 0)
  )
}

# Data read from disk may change there and are read again.
all_in_memory <- function(data) {
  assays <- unlist(lapply(data@cohorts, `[[`, "assays"), recursive = FALSE)
  all(vapply(assays, function(x) {
    is.matrix(x) || methods::is(x, "sparseMatrix")
  }, TRUE))
}

# What `make` computes in the core from the data that a model is asked with,
# kept until the model is asked with other data: the next list of partners takes
# no longer than from the model's own inputs.
last_asked <- function(object, data, context, name, make) {
  if (!all_in_memory(data)) {
    return(make())
  }
  asked <- list(data = data, context = context)
  place <- kept_in_session(object, "asked")
  if (!identical(place$asked, asked)) {
    # R collects what the core holds much later, since that is not R's memory.
    if (!is.null(place)) {
      rm(list = ls(place), envir = place)
      gc()
    }
    place <- list2env(list(asked = asked), parent = emptyenv())
    keep_in_session(object, "asked", place)
    on.exit(cpp_return_memory())
  }
  pointer_in(place, name, make)
}

# What a session keeps with a model, but files do not.
kept_in_session <- function(object, name) session_store(object@cache)[[name]]

keep_in_session <- function(object, name, value) {
  assign(name, value, envir = session_store(object@cache))
}
