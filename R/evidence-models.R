# Models that a fit starts from: the part `models` of musl_evidence().

check_start_models <- function(models, call) {
  if (is.null(models)) {
    return(NULL)
  }
  ok <- rlang::is_bare_list(models) && length(models) == 1 &&
    !is.null(names(models)) && all(nzchar(names(models))) &&
    is(models[[1]], "MuslModel") && length(models[[1]]@archives$features) > 0
  if (!ok) {
    abort_argument(
      "models", "a named list of one MuslModel of measured pairs", models, call
    )
  }
  if (!with_core(cpp_features_info(live_features(models[[1]])))$screens) {
    abort_musl(c(
      "{.arg models} must have a model that learned from measured pairs.",
      x = "{.field {names(models)}} learned from recorded pairs alone."
    ), argument = "models", call = call)
  }
  models
}

# The model that a fit to these data starts from, or NULL.
start_model <- function(data) data@evidence$models[[1]]

# The core's scorers of features of a model, kept with it.
live_features <- function(model) {
  pointer_in(model@cache, "features", function() {
    with_core(cpp_features_load(model@archives$features))
  })
}

# The genes of that model, as a row of named_inputs().
model_inputs <- function(evidence) {
  models <- if (inherits(evidence, "musl_evidence")) evidence$models
  tibble(
    name = as.character(names(models)),
    label = sprintf("model \"%s\"", names(models)),
    genes = unname(lapply(models, function(model) model@genes))
  )
}

# The store with what it lacks of the evidence of the model to start from.
completed_store <- function(store, data, genes, call) {
  start <- start_model(data)
  if (is.null(start)) {
    return(store)
  }
  with_core(
    cpp_features_complete(
      live_features(start), store, gene_index(genes, start@genes)
    ),
    call = call
  )
}
