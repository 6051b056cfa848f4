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

# Values of first assays, over all data that are kept. The core stores 14 bytes
# for each, and vectors of genes beside them.
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
# kept until it is asked with other data: the next list of partners takes no
# longer than from the model's own inputs.
last_asked <- function(object, data, context, name, make) {
  if (!all_in_memory(data)) {
    return(make())
  }
  asked <- list(data = data, context = context)
  place <- place_of(object, asked)
  if (is.null(place)) {
    place <- new_place(object, asked)
    on.exit(cpp_return_memory())
  }
  pointer_in(place, name, make)
}

# Places, the newest first: weak references from a model's cache to what it
# made.
asked_of_models <- new.env(parent = emptyenv())

# Where the model keeps what it made of these data, or NULL.
place_of <- function(object, asked) {
  for (reference in asked_of_models$places) {
    place <- rlang::wref_value(reference)
    if (identical(rlang::wref_key(reference), object@cache) &&
      identical(place$asked, asked)) {
      return(place)
    }
  }
}

# A model keeps one, and all models together `most` values, the newest place at
# least.
new_place <- function(object, asked, most = most_kept_values) {
  places <- Filter(function(reference) {
    !is.null(rlang::wref_value(reference)$asked)
  }, asked_of_models$places)
  is_own <- vapply(places, function(reference) {
    identical(rlang::wref_key(reference), object@cache)
  }, NA)
  values <- vapply(places, function(reference) {
    rlang::wref_value(reference)$values
  }, 0)
  values[is_own] <- 0
  own <- count_values(object, asked$data)
  stays <- !is_own & cumsum(values) + own <= most
  clear_places(places[!stays])
  place <- new.env(parent = emptyenv())
  place$asked <- asked
  place$values <- own
  asked_of_models$places <- c(
    list(rlang::new_weakref(object@cache, place)), places[stays]
  )
  place
}

# R keeps the value of a weak reference as long as its key lives, and collects
# what the core holds much later, since that does not count for R.
clear_places <- function(references) {
  for (reference in references) {
    place <- rlang::wref_value(reference)
    rm(list = ls(place), envir = place)
  }
  if (length(references) > 0) gc()
}
