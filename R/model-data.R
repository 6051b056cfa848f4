# Data that a model is asked with: by the names of its sources, and what the
# core made of them, kept for the next call.

# Sources match by name; a single source matches a single source.
match_sources <- function(object, data, call) {
  foreign <- setdiff(names(data@sources), names(object@sources))
  if (length(foreign) == 0) {
    return(data)
  }
  if (length(data@sources) == 1 && length(object@sources) == 1) {
    name <- names(object@sources)
    inform_musl(
      "Source {.val {foreign}} of {.arg data} is used as the model's
       {.val {name}}."
    )
    return(rename_sources(data, name))
  }
  abort_musl(c(
    "{.arg data} must hold sources that the model was trained on.",
    x = "{cli::qty(foreign)}Not among them: {.val {foreign}}.",
    i = "Rename them in {.fn musl_data}; the model has
         {.val {names(object@sources)}}."
  ), "shape", sources = foreign, call = call)
}

rename_sources <- function(data, names) {
  data@sources <- Map(function(source, name) {
    source$name <- name
    source
  }, data@sources, names)
  names(data@sources) <- names
  data
}

# `data` by the names of the model for sources, restricted to the samples of
# `context`, which has the names of `data`.
asked_data <- function(object, data, context, drift, call) {
  check_is(data, "MuslData", arg = "data", call = call)
  check_same_ids(object, data, call)
  matched <- match_sources(object, data, call)
  if (drift) warn_drift(object, matched)
  rename_sources(select_samples(data, context, call), names(matched@sources))
}

check_same_ids <- function(object, data, call) {
  types <- c(object@id_type, data@id_type)
  abort_if(types[[1]] != types[[2]] && !"other" %in% types, c(
    "{.arg data} must use the gene identifiers of the model.",
    x = "The model uses {.field {types[[1]]}}, {.arg data}
         {.field {types[[2]]}}.",
    i = "Map the genes of {.arg data}."
  ), "gene", call = call)
}

# Values of first assays, over all data that are kept. The core stores 14 bytes
# for each, and vectors of genes beside them.
most_kept_values <- 5e7

# Those of `data`, and the model's own of sources that these lack, of which the
# core makes a copy.
count_values <- function(object, data) {
  given <- vapply(data@sources, function(source) {
    prod(as.double(dim(source$assays[[1]])))
  }, 0)
  is_lacking <- !names(object@sources) %in% names(data@sources)
  # A single source stands for a single one of another name.
  if (length(given) == 1 && length(is_lacking) == 1) is_lacking <- FALSE
  carried <- vapply(object@sources[is_lacking], function(source) {
    as.double(source$n_genes) * source$n_samples
  }, 0)
  sum(given, carried)
}

# Data read from disk may change there and are read again.
all_in_memory <- function(data) {
  assays <- unlist(lapply(data@sources, `[[`, "assays"), recursive = FALSE)
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
