# Commands that fit models and use them.

# The model that is asked: that of --model or the human one.
asked_model <- function(options) {
  if (is.null(options$model)) musl_human_model() else musl_load(options$model)
}

run_fit <- function(options) {
  folded <- !is.null(options$fold)
  if (!folded) check_unused(options, c("setting", "folds"), "fold")
  data <- read_inputs(options)
  if (!folded) data <- with_drawn(data, options)
  keep <- if (is.null(options$keep)) "codes" else options$keep
  seen <- new.env()
  fit <- noting_interrupts(seen, musl_fit(
    data, if (folded) make_split(data, options),
    fold = if (folded) options$fold else 1L,
    architecture = make_architecture(options), control = make_control(options),
    keep = keep, keep_genes = unique(options[["keep-gene"]]),
    scorers = options$scorers
  ))
  musl_save(fit, options$out, keep = keep, overwrite = TRUE)
  if (isTRUE(seen$interrupt)) {
    stop_interrupted("interrupted; '", options$out, "' has the model so far")
  }
}

# Drawn non-SL pairs in place of those that no screen measured.
with_drawn <- function(data, options) {
  if (is.null(options$negatives)) {
    return(data)
  }
  data@pairs <- data@pairs[
    !data@pairs$label %in% "non_SL" | MuSL:::is_measured(data@pairs),
  ]
  musl_negatives(data, options$negatives, seed = options$seed)
}

# After Ctrl-C musl_fit() returns its best model so far, with a message.
noting_interrupts <- function(seen, code) {
  withCallingHandlers(code, condition = function(cnd) {
    if (any(grepl("^musl_.*_cancelled$", class(cnd)))) seen$interrupt <- TRUE
  })
}

make_architecture <- function(options) call_with(musl_architecture, options)

# --preset is the architecture's.
make_control <- function(options) {
  options <- options[names(options) != "preset"]
  call_with(musl_control, options)
}

make_split <- function(data, options) {
  call_with(
    split_method(), options,
    data = data, groups = held_families(options)
  )
}

# The families that folds of --setting family hold out, else NULL.
held_families <- function(options) {
  if (!identical(options$setting, "family")) {
    return(NULL)
  }
  if (is.null(options$families)) {
    stop_usage("--setting family needs --families")
  }
  families <- read_sets(options$families, "family")
  if (!all(c("gene", "family") %in% names(families))) {
    stop("'", options$families, "' must have the columns gene and family.",
      call. = FALSE
    )
  }
  data.frame(gene = families$gene, group = families$family)
}

run_predict <- function(options) {
  context <- read_context(options)
  pairs <- read_pairs(options$pairs, merge = FALSE)
  if (all(is.na(pairs$label))) pairs$label <- NULL # not in the file
  scores <- call_with(
    predict_method(), options,
    object = asked_model(options), new_pairs = pairs,
    data = read_data(options), context = context
  )
  put_table(scores, options$out)
}

# "lineage=Lung", "lineage=Skin" -> list(lineage = c("Lung", "Skin")).
read_context <- function(options) {
  given <- options$context
  if (is.null(given)) {
    return(NULL)
  }
  # A cell line that the model knows.
  if (length(given) == 1L && !grepl("=", given)) {
    return(given)
  }
  if (!all(grepl("^[^=]+=.", given))) {
    stop_usage(
      "--context must be one cell line that the model knows, or COLUMN=VALUE, ",
      "such as lineage=Lung"
    )
  }
  if (!has_data(options)) {
    stop_usage("--context needs --expression or --depmap")
  }
  split(sub("^[^=]+=", "", given), sub("=.*$", "", given))
}

run_partners <- function(options) {
  if (!is.null(options$model) && !is.null(options$atlas)) {
    stop_usage("give --model or --atlas, not both")
  }
  if (isTRUE(options$all)) options$n <- Inf
  context <- read_context(options)
  put_results(call_with(
    musl_partners, options, further = scoring_words,
    object = if (is.null(options$atlas)) {
      asked_model(options)
    } else {
      read_atlas(options$atlas)
    },
    anchor = unique(options$anchor), data = read_data(options),
    context = context,
    dependency = if (!is.null(options$dependency)) {
      MuSL:::as_dependency(read_table_file(options$dependency))
    }
  ), options)
}

run_explain <- function(options) {
  why <- call_with(
    musl_explain, options, further = scoring_words,
    object = asked_model(options), data = read_data(options)
  )
  shown <- if (is.null(options$n)) nrow(why) else options$n
  if (!is.null(options$plot)) {
    put_plot(ggplot2::autoplot(why, n = min(shown, 10)), options$plot)
  }
  if (asks_json(options)) return(put_json(why, options$out))
  put_table(utils::head(why, shown), options$out, asked_format(options))
}

run_cohort <- function(options) {
  x <- options$cohort
  put_results(call_with(
    musl_cohort, options,
    x = if (file.exists(x)) read_table_file(x) else x,
    object = asked_model(options), anchors = unique(options$anchor),
    drugs = if (!is.null(options$drugs)) read_tractability(options$drugs)
  ), options)
}

run_experiment <- function(options) {
  n <- if (is.null(options$n)) 20L else options$n
  list <- musl_partners(asked_model(options), unique(options$anchor), n = n)
  plan <- call_with(
    musl_experiment, options,
    list = list,
    library = if (!is.null(options$library)) read_table_file(options$library)
  )
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(plan), options$plot)
  if (asks_json(options)) return(put_json(plan, options$out))
  layout <- if (is.null(options$layout)) "guides" else options$layout
  put_table(
    generics::tidy(plan, layout), options$out, asked_format(options)
  )
}

run_map <- function(options) {
  known <- options$annotation
  put_table(musl_map_genes(
    options$gene, annotation = if (is.null(known)) "org.Hs.eg.db" else known
  ), options$out)
}

run_evaluate <- function(options) {
  how <- list(
    metrics = options$metrics,
    interval = if (is.null(options$interval)) FALSE else options$interval,
    seed = options$seed
  )
  how <- how[!vapply(how, is.null, NA)]
  evaluate <- if (is.null(options$model)) evaluate_folds else evaluate_model
  put_results(evaluate(options, how), options)
}

evaluate_folds <- function(options, how) {
  data <- read_inputs(options)
  resampled <- musl_resample(
    data, make_split(data, options),
    architecture = make_architecture(options), control = make_control(options),
    scorers = options$scorers, folds = options$fold,
    baselines = if (isTRUE(options$quick)) "simple" else "all"
  )
  if (!is.null(options$scores)) {
    put_table(resampled$scores, options$scores)
  }
  do.call(musl_metrics, c(list(resampled), how))
}

# Without a fold, on all labelled pairs.
evaluate_model <- function(options, how) {
  if (is.null(options$fold)) {
    check_unused(options, setdiff(fold_options, "fold"), "fold")
  }
  fit <- musl_load(options$model)
  if (!is.null(options$fold)) {
    data <- read_inputs(options)
    return(do.call(musl_metrics, c(
      list(fit, make_split(data, options), fold = options$fold), how
    )))
  }
  pairs <- read_all_labelled(options)
  data <- read_data(options)
  if (!is.null(options$scores)) {
    put_table(stats::predict(fit, pairs, data = data), options$scores)
  }
  do.call(musl_metrics, c(list(fit, pairs, data = data), how))
}

run_atlas <- function(options) {
  context <- read_context(options)
  call_with(
    musl_atlas, options, further = scoring_words,
    object = asked_model(options), directory = options$out,
    anchors = unique(options$anchor), data = read_data(options),
    context = context
  )
}

run_design <- function(options) {
  put_results(call_with(
    musl_design, options, further = scoring_words,
    object = asked_model(options), candidates = unique(options$candidate),
    data = read_data(options)
  ), options)
}

run_report <- function(options) {
  if (isTRUE(options$lists)) {
    if (is.null(options$anchor)) stop_usage("--lists needs --anchor")
    n <- if (is.null(options$n)) 10L else options$n
    lists <- musl_partners(
      asked_model(options), unique(options$anchor), n = n,
      data = read_data(options)
    )
    musl_report(
      lists, options$out, n = n, title = options$title, overwrite = TRUE
    )
    return(invisible())
  }
  call_with(
    musl_report, options,
    object = asked_model(options), path = options$out,
    anchors = unique(options$anchor), data = read_data(options),
    overwrite = TRUE
  )
}

# DepMap's effects are the user's own cell lines; its other tables are data, as
# all are for a model that stores no inputs.
run_explore <- function(options) {
  model <- asked_model(options)
  lines <- if (!is.null(options$dependency)) {
    MuSL:::as_dependency(read_table_file(options$dependency))
  } else {
    read_lines(options)$depmap
  }
  is_own <- methods::is(lines, "SummarizedExperiment") &&
    "effect" %in% SummarizedExperiment::assayNames(lines)
  if (is_own && MuSL:::scores_partners(model, NULL)) {
    options[c("depmap", "lines")] <- NULL
  }
  shiny::runApp(call_with(
    musl_explore, options,
    object = model, data = read_data(options),
    lines = if (is_own || is.data.frame(lines)) lines
  ))
}
