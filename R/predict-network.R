# Scores of pairs by the networks of a model; see predict.MuslModel().

# Scores of pairs in their order, NA if a gene is unknown to both model and
# data, if the pair has no modality or is a gene with itself.
# list(score, n_unseen, unknown, encoders, gates, branch_scores, embedding)
score_pairs <- function(object, pairs, data = NULL, context = NULL,
                        parts = FALSE, embedding = FALSE, encoders = NULL,
                        drift = TRUE, threads = NULL, call = caller_env()) {
  asked <- network_question(
    object, pairs, data, context, parts, embedding, encoders, drift, threads,
    call
  )
  out <- with_progress(TRUE, function(callback) {
    with_core(
      cpp_model_predict(
        asked$network$model, asked$network$input, asked$network$gene_of,
        asked$index, asked$options, callback
      ),
      call = call
    )
  })
  unknown <- asked$unknown
  out <- spread_rows(out, asked$scorable, nrow(pairs))
  out$n_unseen <- count_unseen(pairs, object@genes, object@n_seen)
  out$unknown <- unknown
  out$genes <- asked$genes
  out$is_unknown <- pairs$gene_a %in% unknown | pairs$gene_b %in% unknown
  out
}

# What the core needs to score pairs.
# list(network: see network_on(), genes: that can be scored, index: pairs that
# can be scored, scorable: their rows, unknown: genes, options)
network_question <- function(object, pairs, data, context, parts = FALSE,
                             embedding = FALSE, encoders = NULL, drift = TRUE,
                             threads = NULL, call = caller_env()) {
  check_whole(threads, 0, allow_null = TRUE, call = call)
  threads <- as.integer(threads %||% object@control$threads)
  universe <- prediction_universe(object, data, context, call, drift)
  ends <- c(pairs$gene_a, pairs$gene_b)
  scorable <- which(
    pairs$gene_a %in% universe$genes & pairs$gene_b %in% universe$genes &
      pairs$gene_a != pairs$gene_b
  )
  list(
    network = network_on(object, universe, data, context, threads, call),
    genes = universe$genes,
    index = pair_input(pairs[scorable, c("gene_a", "gene_b")], universe$genes),
    scorable = scorable,
    unknown = setdiff(ends, universe$genes),
    options = list(
      device = prediction_device(object),
      threads = threads, parts = parts, embedding = embedding,
      encoders = as.character(encoders)
    )
  )
}

# list(model, input, gene_of) of a prediction_universe() for the core. What is
# made of `data` is kept with the model until it is asked with other data, then
# `model` has them as its own and `input` is NULL, but for large data, which
# would stay in memory.
network_on <- function(object, universe, data, context, threads, call) {
  if (is.null(data) || count_values(object, data) > most_kept_values) {
    return(list(
      model = live_model(object), input = universe$input,
      gene_of = universe$gene_of
    ))
  }
  model <- last_asked(object, data, context, "network", function() {
    with_core(
      cpp_model_on(
        live_model(object), universe$input, universe$gene_of, threads
      ),
      call = call
    )
  })
  list(model = model, input = NULL, gene_of = integer())
}

# Results of some of the rows, at their positions among `n`.
spread_rows <- function(out, rows, n) {
  score <- rep(NA_real_, n)
  score[rows] <- nan_to_na(out$score)
  lost <- is.na(score)
  spread <- function(x) {
    full <- matrix(NA_real_, n, ncol(x))
    if (nrow(x) > 0) full[rows, ] <- x
    full[lost, ] <- NA_real_
    full
  }
  list(
    score = score,
    encoders = out$encoders,
    gates = spread(out$gates),
    branch_scores = spread(out$branch_scores),
    embedding = spread(out$embedding)
  )
}

# The genes that can be scored: those of the model, and those of `data`, so that
# modalities taken from the model are complete.
# list(genes, input, gene_of); input NULL means the model's stored inputs.
# Without `drift` the data's distribution is not checked.
prediction_universe <- function(object, data, context, call, drift = TRUE) {
  if (is.null(data)) {
    abort_if(!with_core(cpp_model_info(live_model(object)))$keeps_inputs, c(
      "A model without per-gene inputs needs {.arg data} to predict.",
      x = "It was fitted or saved with {.code keep = \"none\"}.",
      i = "Pass the {.cls MuslData} to predict from."
    ), call = call)
    check_no_context(context, call)
    return(list(genes = object@genes, input = NULL, gene_of = integer()))
  }
  data <- asked_data(object, data, context, drift, call)
  genes <- unique_bytes(c(data@genes, object@genes))
  list(
    genes = genes,
    input = dataset_input(data, genes),
    gene_of = gene_index(genes, object@genes)
  )
}

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

# A model trained on a GPU must predict without one.
prediction_device <- function(object) {
  if (object@control$device == "cpu") "cpu" else "auto"
}
