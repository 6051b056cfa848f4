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

# Those of `data`, and the model's own of cohorts that these lack, of which the
# core makes a copy.
count_values <- function(object, data) {
  given <- vapply(data@cohorts, function(cohort) {
    prod(as.double(dim(cohort$assays[[1]])))
  }, 0)
  is_lacking <- !names(object@cohorts) %in% names(data@cohorts)
  # A single cohort stands for a single one of another name.
  if (length(given) == 1 && length(is_lacking) == 1) is_lacking <- FALSE
  carried <- vapply(object@cohorts[is_lacking], function(cohort) {
    as.double(cohort$n_genes) * cohort$n_samples
  }, 0)
  sum(given, carried)
}

# Data read from disk may change there and are read again.
all_in_memory <- function(data) {
  assays <- unlist(lapply(data@cohorts, `[[`, "assays"), recursive = FALSE)
  all(vapply(assays, function(x) {
    is.matrix(x) || methods::is(x, "sparseMatrix")
  }, TRUE))
}

# What `make` computes in the core from the data that a model is asked with,
# kept until this or another model is asked with other data: the next list of
# partners takes no longer than from the model's own inputs.
last_asked <- function(object, data, context, name, make) {
  if (!all_in_memory(data)) {
    return(make())
  }
  asked <- list(data = data, context = context)
  last <- asked_of_model$last
  place <- if (!is.null(last)) rlang::wref_value(last)
  is_own <- !is.null(place) && identical(rlang::wref_key(last), object@cache)
  if (!is_own || !identical(place$asked, asked)) {
    clear_place(place)
    place <- list2env(list(asked = asked), parent = emptyenv())
    asked_of_model$last <- rlang::new_weakref(object@cache, place)
    on.exit(cpp_return_memory())
  }
  pointer_in(place, name, make)
}

# A weak reference from a model's cache to what it made.
asked_of_model <- new.env(parent = emptyenv())

# R keeps the value of a weak reference as long as its key lives, and collects
# what the core holds much later, since that does not count for R.
clear_place <- function(place) {
  if (!is.null(place)) {
    rm(list = ls(place), envir = place)
    gc()
  }
}
