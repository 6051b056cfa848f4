# The scorers of a model: which there are, which are asked, what each can do,
# and the core's objects that score pairs of one universe of genes with them.
# Nothing else asks what a model is made of.

# The two archives that scorers live in, and what sets them apart.
#   types       of predict()
#   backend     do they need LibTorch?
#   holds_out   did the fit hold genes out of training?
#   annotation  do lists read annotation beside the scorers?
#   rates, lines  do they know rates of studies, and expression in cell lines?
scorer_traits <- list(
  features = list(
    types = c("prob", "class", "parts"), backend = FALSE, holds_out = FALSE,
    annotation = FALSE, rates = TRUE, lines = TRUE
  ),
  musl = list(
    types = c("prob", "class", "set", "interval", "parts", "embedding"),
    backend = TRUE, holds_out = TRUE,
    annotation = TRUE, rates = FALSE, lines = FALSE
  )
)

# The network, and those of features that the core has.
known_scorers <- function() c("musl", with_core(cpp_scorer_names()))

# One row per scorer that can be used, and its weight in the score.
scorer_table <- function(object) {
  info <- features_info(object)
  network <- if (has_archive(object, "musl")) "musl"
  tibble(
    scorer = c(network, info$scorers),
    weight = c(if (!is.null(network)) as.double(is.null(info)), info$weights)
  )
}

has_archive <- function(object, name) length(object@archives[[name]]) > 0

# What the core tells of the scorers that read features; NULL without any. A
# session keeps it, as it does the features.
features_info <- function(object) {
  if (!has_archive(object, "features")) {
    return(NULL)
  }
  info <- kept_in_session(object, "info")
  if (is.null(info)) {
    info <- with_core(cpp_features_info(live_features(object)))
    keep_in_session(object, "info", info)
  }
  info
}

# Whether scorers learned from a screen, not from recorded pairs alone.
learned_screens <- function(object) isTRUE(features_info(object)$screens)

# Genes of at least one training pair.
trained_genes <- function(object) object@genes[object@n_seen > 0]

# ---- Which scorers are asked ----

# The arguments of predict() that say how pairs are scored, from a function that
# scores pairs, but NULL ones; `but` names those that it does not take.
scoring_arguments <- function(..., but = NULL) {
  how <- list(...)
  known <- setdiff(c(
    "data", "context", "scorers", "measured_in", "prior", "threads"
  ), but)
  bad <- unique(setdiff(names2(how), known))
  abort_if(length(bad) > 0 || anyDuplicated(names(how)) > 0, c(
    "{.arg ...} must be arguments of {.fn predict}, each once.",
    x = "Found {.arg {ifelse(nzchar(bad), bad, \"one without a name\")}}.",
    i = "These are {.arg {known}}."
  ), argument = bad[1])
  check_is(how$data, "MuslData", arg = "data", allow_null = TRUE)
  check_share(how$prior, "prior", allow_null = TRUE)
  check_whole(how$threads, 0, arg = "threads", allow_null = TRUE)
  how[!vapply(how, is.null, NA)]
}

# What `scorers` of a question (`how`) ask for: the traits of the scorers, with
# `archive`, `scorers`, `encoders`, `single`: are some named?
asked_scorers <- function(object, how) {
  named <- how$scorers
  encoders <- intersect(named, object@architecture$encoders)
  of_network <- if (is.null(named)) {
    !has_archive(object, "features")
  } else {
    length(encoders) > 0 || identical(named, "musl")
  }
  archive <- if (of_network) "musl" else "features"
  c(scorer_traits[[archive]], list(
    archive = archive, encoders = as.character(encoders),
    scorers = if (of_network) character() else as.character(named),
    single = length(encoders) > 0 || (!of_network && !is.null(named))
  ))
}

# Checks the scorers to use and the studies named, and gives asked_scorers().
check_asked <- function(object, how) {
  if (!is.null(how$scorers)) {
    known <- c(scorer_table(object)$scorer, object@architecture$encoders)
    check_some(how$scorers, known, "scorers")
  }
  asked <- asked_scorers(object, how)
  others <- setdiff(how$scorers, asked$encoders)
  of_network <- length(asked$encoders) > 0 || "musl" %in% others
  abort_if(of_network && length(others) > 0 && length(how$scorers) > 1, c(
    "{.val musl}, or some of its encoders, cannot be combined with others.",
    x = "It learned from recorded pairs, the others from measured ones: their
         scores are not on one scale.",
    i = "{.val recorded} is the scorer of recorded pairs to use with others."
  ), argument = "scorers")
  check_measured_in(how$measured_in, object, asked)
  asked
}

check_measured_in <- function(measured_in, object, asked) {
  known <- if (asked$rates) features_info(object)$rates
  abort_if(!is.null(measured_in) && length(known) == 0, c(
    "{.arg measured_in} must be {.code NULL} for scorers that learned from no
     screen of queries.",
    x = "Found {describe_value(measured_in)}."
  ), argument = "measured_in")
  if (!is.null(measured_in)) check_some(measured_in, known)
}

# ---- The core's objects, rebuilt where a model has none that live ----

# What `load` makes in the core, kept for the session.
live_pointer <- function(object, name, load) {
  pointer_in(session_store(object@cache), name, load)
}

check_network <- function(object) {
  abort_if(!has_archive(object, "musl"), c(
    "This needs a model with the scorer {.val musl}.",
    x = "It has {.val {scorer_table(object)$scorer}}.",
    i = "{.fn predict} and {.fn musl_partners} use these."
  ), argument = "object")
}

live_network <- function(object) {
  check_network(object)
  live_pointer(object, "musl", function() {
    with_backend(cpp_model_load(object@archives$musl))
  })
}

# Whether scorers keep the expression of samples, individual-level data.
keeps_feature_profiles <- function(object) {
  isTRUE(features_info(object)$profiles)
}

# Scorers that learned from expression whose profiles were left out.
lacks_feature_profiles <- function(object) {
  has_archive(object, "features") && length(object@cohorts) > 0 &&
    !keeps_feature_profiles(object)
}

# list(n_parameters, keeps_inputs: are they enough to score without data?);
# facts of a network that need the backend are NA without it.
network_facts <- function(object) {
  if (!has_archive(object, "musl")) {
    list(n_parameters = 0, keeps_inputs = !lacks_feature_profiles(object))
  } else if (has_backend()) {
    with_core(cpp_model_info(live_network(object)))
  } else {
    list(n_parameters = NA_real_, keeps_inputs = NA)
  }
}

# What must be there to score without `data`: an error of the network, a message
# once per model of the others.
check_own_inputs <- function(object, asked) {
  if (asked$backend) {
    abort_if(!with_core(cpp_model_info(live_network(object)))$keeps_inputs, c(
      "A model without per-gene inputs needs {.arg data} to predict.",
      x = "It was fitted or saved with {.code keep = \"none\"}.",
      i = "Pass the {.cls MuslData} to predict from."
    ))
  } else if (is.null(kept_in_session(object, "told")) &&
    lacks_feature_profiles(object)) {
    keep_in_session(object, "told", TRUE)
    inform_musl(c(
      "The model keeps no expression profiles ({.code keep = \"none\"}): its
       scores treat correlations as missing.",
      i = "With {.arg data} they are those of the whole model."
    ), "profiles")
  }
}

# ---- Scorers on the genes of a model or of data ----

# The genes that can be scored: list(genes, data: as the model names its
# cohorts, NULL for the model's inputs, gene_of, line: the name of a cell line,
# or NULL, keep: may the core keep what it computes of all genes?). Without
# `drift` the data's distribution is not checked.
scored_universe <- function(object, asked, how, drift = TRUE) {
  line <- if (asked$lines) context_line(object, how$data, how$context)
  samples <- if (is.null(line)) how$context
  if (is.null(how$data)) {
    check_own_inputs(object, asked)
    abort_if(!is.null(samples), c(
      "{.arg context} selects samples of {.arg data}, or a cell line that the
       model's evidence knows.",
      x = "{.arg data} is not given, and the model knows no line of that name.",
      i = "Pass the {.cls MuslData} that holds the samples."
    ))
    return(list(
      genes = object@genes, data = NULL, gene_of = integer(), line = line,
      keep = TRUE
    ))
  }
  check_is(how$data, "MuslData", arg = "data")
  check_same_ids(object, how$data)
  matched <- match_cohorts(object, how$data)
  if (drift) warn_drift(object, matched)
  data <- select_samples(how$data, samples)
  data <- rename_cohorts(data, names(matched@cohorts))
  genes <- unique_bytes(c(data@genes, object@genes))
  list(
    genes = genes, data = data, gene_of = gene_index(genes, object@genes),
    line = line,
    keep = count_values(object, matched) <= most_kept_values
  )
}

# The core's scorer of a universe.
make_scorer <- function(object, asked, universe, store, threads) {
  if (asked$backend) {
    input <- if (!is.null(universe$data)) {
      dataset_input(universe$data, universe$genes)
    }
    network <- live_network(object)
    with_backend(cpp_network_scorer(
      network, input, universe$gene_of, universe$keep, threads
    ))
  } else {
    with_core(
      cpp_feature_scorer(live_features(object), store, universe$gene_of)
    )
  }
}

# The features' columns over a universe; NULL for those of the model.
scored_store <- function(object, universe, threads) {
  if (is.null(universe$data)) {
    return(NULL)
  }
  fresh <- evidence_store(
    universe$data, universe$genes,
    threads = threads, line = universe$line
  )
  with_core(
    cpp_features_complete(live_features(object), fresh, universe$gene_of)
  )
}

# The scorers asked for, on a universe: list(asked, genes, scorer, line: number
# of a cell line, -1 for none, options: of the core). What is made of `data` is
# kept with the model until it is asked with other data.
bound_scorers <- function(object, how, drift = TRUE,
                          asked = asked_scorers(object, how)) {
  threads <- as.integer(how$threads %||% object@control$threads)
  universe <- scored_universe(object, asked, how, drift)
  keep <- function(name, make) {
    if (is.null(how$data)) {
      live_pointer(object, paste0("scorer_", name), make)
    } else if (universe$keep || !asked$backend) {
      last_asked(object, how$data, how$context, name, make)
    } else {
      make()
    }
  }
  store <- if (asked$lines && !is.null(how$data)) {
    keep("store", function() scored_store(object, universe, threads))
  }
  scorer <- keep(asked$archive, function() {
    make_scorer(object, asked, universe, store, threads)
  })
  tell_unknown_levels(object, store, universe$line, universe$genes)
  line <- line_number(object, store, universe$line)
  list(
    asked = asked, genes = universe$genes, scorer = scorer, store = store,
    line = line,
    options = scoring_options(object, asked, how, threads, line)
  )
}

# How the core scores; see base/prediction.h.
scoring_options <- function(object, asked, how, threads, line = -1L) {
  list(
    # A model trained on a GPU must predict without one.
    device = if (asked$backend && object@control$device != "cpu") {
      "auto"
    } else {
      "cpu"
    },
    threads = threads, parts = FALSE, embedding = FALSE,
    encoders = asked$encoders, scorers = asked$scorers,
    rates = as.character(how$measured_in),
    prior = how$prior %||% screen_prior, line = line
  )
}

# The cell line of the evidence that a context names, or NULL.
context_line <- function(object, data, context) {
  if (!is_string(context)) {
    return(NULL)
  }
  known <- with_core(cpp_line_names(live_features(object), NULL))
  samples <- character()
  if (!is.null(data)) {
    samples <- unlist(lapply(data@cohorts, function(cohort) {
      colnames(cohort$assays[[1]])
    }))
    known <- c(colnames(data@evidence$lines), known)
  }
  if (context %in% samples) {
    return(NULL)
  }
  named <- object@inputs$records$line_names
  id <- names(named)[match_lines(context, named)]
  if (length(named) > 0 && !is.na(id)) context <- id
  found <- known[match_lines(context, known)]
  if (length(known) > 0 && is.na(found)) {
    near <- near_lines(context, c(samples, known))
    abort_musl(c(
      "{.arg context} must name samples of {.arg data} or a cell line of the
       evidence.",
      x = "Found {.val {context}}.",
      i = "Names near to it: {.val {near}}.",
      i = if (is.null(data)) {
        "The model knows the expression of {length(known)} line{?s}:
         {.val {unname(named %||% utils::head(known, 12))}}; that of others
         comes with {.code data = musl_data(evidence =
         musl_evidence(lines = ))}."
      }
    ), argument = "context")
  }
  if (length(known) > 0) found
}

# Its number in the store, -1 for none.
line_number <- function(object, store, line) {
  if (is.null(line)) {
    return(-1L)
  }
  match(line, with_core(cpp_line_names(live_features(object), store))) - 1L
}

tell_unknown_levels <- function(object, store, line, genes) {
  unknown <- if (!is.null(line)) {
    genes[is.nan(with_core(cpp_line_levels(
      live_features(object), store, line_number(object, store, line)
    )))]
  }
  inform_if(length(unknown) > 0, c(
    "{length(unknown)} gene{?s} {?has/have} no known expression in {line}:
     {few(unknown)}.",
    i = "For pairs with {cli::qty(length(unknown))}{?it/them} the share of
         lines counts that express the genes."
  ), "context", genes = unknown)
}
