# Commands that fit models and use them.

fit_command <- function() {
  list(
    summary = "train a model on labelled pairs and save it",
    help = "Trains on the pairs, with a validation part held out, and saves the
      model with all it needs to score pairs of the genes in the inputs. With
      --fold it trains on one fold, for musl evaluate on its test pairs.",
    options = function() {
      with_defaults(
        c(
          input_options(), training_options(), fold_options(),
          list(
            `keep-gene` = option(
              "text", "gene to keep in training, never held out for validation",
              many = TRUE
            ),
            keep = option(
              c("codes", "none"), "codes: store binned expression, so that
              predicting needs no data; none: store no expression"
            ),
            out = option("saved", "file for the model", required = TRUE)
          )
        ),
        musl_control, musl_split
      )
    },
    run = run_fit
  )
}

# Options of a split.
fold_words <- c("setting", "largest", "folds")

run_fit <- function(options) {
  folded <- !is.null(options$fold)
  if (!folded) check_unused(options, fold_words, "fold")
  data <- read_inputs(options)
  split <- if (folded) make_split(data, options)
  seen <- new.env()
  fit <- noting_interrupts(seen, musl_fit(
    data, split,
    fold = if (is.null(options$fold)) 1L else options$fold,
    architecture = make_architecture(options), control = make_control(options),
    keep = options$keep, keep_genes = unique(options[["keep-gene"]]),
    network = network_choice(options),
    negatives = if (!folded) options$negatives
  ))
  keep <- if (is.null(options$keep)) "codes" else options$keep
  musl_save(fit, options$out, keep = keep, overwrite = TRUE)
  if (isTRUE(seen$interrupt)) {
    stop_interrupted("interrupted; '", options$out, "' has the model so far")
  }
}

# After Ctrl-C musl_fit() returns its best model so far, with a message.
noting_interrupts <- function(seen, code) {
  withCallingHandlers(code, condition = function(cnd) {
    if (any(grepl("^musl_.*_cancelled$", class(cnd)))) seen$interrupt <- TRUE
  })
}

predict_command <- function() {
  list(
    summary = "score pairs of genes",
    help = "Scores pairs of genes with a model. Writes one row for each row of
      --pairs.",
    options = function() {
      c(
        list(
          model = model_option(),
          pairs = option(
            "file", "pairs of genes; other columns are copied",
            required = TRUE
          ),
          type = option(
            c("prob", "class", "set", "interval", "parts", "embedding"),
            "additional columns: the class, the conformal set, the interval of
            the probability, each encoder's contribution, the pair's vector"
          ),
          threshold = option("number", "minimum probability of class SL"),
          level = option("number", "coverage of the conformal sets")
        ),
        encoders_option(), asking_options(), prior_option(), data_options(),
        threads_option(), out_option("table of scores")
      )
    },
    run = run_predict
  )
}

# Options that only one type of prediction has.
type_of <- c(threshold = "class", level = "set")

run_predict <- function(options) {
  for (name in intersect(names(type_of), names(options))) {
    if (!identical(options$type, type_of[[name]])) {
      check_unused(options, name, paste("type", type_of[[name]]))
    }
  }
  options$encoders <- words_of(options$encoders)
  options$members <- words_of(options$members)
  context <- read_context(options)
  pairs <- read_pairs(options$pairs, merge = FALSE)
  if (all(is.na(pairs$label))) pairs$label <- NULL # not in the file
  scores <- call_with(
    stats::predict, options,
    c(
      "type", "threshold", "level", "encoders", "members", "measured-in",
      "prior", "threads"
    ),
    musl_load(options$model), pairs,
    data = read_data(options), context = context
  )
  put_table(scores, options$out)
}

partners_command <- function() {
  list(
    summary = "rank the partners of a gene",
    help = "Ranks the genes of a model or an atlas as partners of one or more
      genes.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(required = FALSE),
          atlas = option(
            "directory", "folder from musl atlas, read instead of --model"
          ),
          anchor = option(
            "text", "gene whose partners are ranked",
            required = TRUE, many = TRUE
          ),
          n = option("whole", "number of partners per anchor"),
          all = option("flag", "all partners, overrides --n"),
          known = option(
            c("mark", "drop"), "mark or drop pairs with a label in training"
          ),
          exclude = option(
            "text", "gene to exclude from the candidates", many = TRUE
          ),
          by = option(
            c("auto", "score", "combined", "pair_evidence", "specific"),
            "what orders the list; specific is for models of screens only"
          )
        ),
        encoders_option(), asking_options(), prior_option(), data_options(),
        threads_option(), plot_option(),
        out_option("table of partners")
      ), musl_partners)
    },
    run = run_partners
  )
}

rank_partners <- function(options) {
  if (is.null(options$model) == is.null(options$atlas)) {
    stop_usage("give either --model or --atlas")
  }
  if (isTRUE(options$all)) options$n <- Inf
  options$encoders <- words_of(options$encoders)
  options$members <- words_of(options$members)
  context <- read_context(options)
  call_with(
    musl_partners, options,
    c(
      "n", "known", "exclude", "by", "encoders", "members", "measured-in",
      "prior", "threads"
    ),
    if (is.null(options$atlas)) {
      musl_load(options$model)
    } else {
      read_atlas(options$atlas)
    },
    unique(options$anchor), data = read_data(options), context = context
  )
}

run_partners <- function(options) {
  top <- rank_partners(options)
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(top), options$plot)
  put_table(top, options$out)
}

evaluate_command <- function() {
  list(
    summary = "evaluate a model, or all folds of a split",
    help = "With --model, evaluates that model on the labelled pairs, with those
      it was trained on reported separately, or with --fold on the test pairs of
      the fold it was trained on (give the same files and seed). Without
      --model, trains and tests in all folds. Also reports the SL-degree
      baseline.",
    options = function() {
      with_defaults(c(
        list(model = model_option(required = FALSE)),
        input_options(), training_options(), fold_options(),
        list(
          metrics = option("text", "metrics, comma-separated"),
          interval = option(
            "number", "coverage of bootstrap intervals, such as 0.95"
          ),
          quick = option("flag", "skip the trained baselines"),
          scores = option("out", "file for the scores of all test pairs")
        ),
        plot_option(), out_option("table of metrics")
      ), musl_control, musl_split)
    },
    run = run_evaluate
  )
}

run_evaluate <- function(options) {
  how <- list(
    metrics = words_of(options$metrics),
    interval = if (is.null(options$interval)) FALSE else options$interval,
    seed = options$seed
  )
  how <- how[!vapply(how, is.null, NA)]
  metrics <- if (is.null(options$model)) {
    evaluate_folds(options, how)
  } else {
    evaluate_model(options, how)
  }
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(metrics), options$plot)
  put_table(metrics, options$out)
}

evaluate_folds <- function(options, how) {
  data <- read_inputs(options)
  resampled <- musl_resample(
    data, make_split(data, options),
    architecture = make_architecture(options), control = make_control(options),
    folds = options$fold, learned = !isTRUE(options$quick),
    network = network_choice(options)
  )
  if (!is.null(options$scores)) {
    put_table(generics::augment(resampled), options$scores)
  }
  do.call(musl_metrics, c(list(resampled), how))
}

evaluate_model <- function(options, how) {
  if (is.null(options$fold)) {
    check_unused(options, c(fold_words, "negatives"), "fold")
  }
  fit <- musl_load(options$model)
  if (is.null(options$fold)) {
    pairs <- read_all_labelled(options)
    if (!is.null(options$scores)) {
      put_table(stats::predict(fit, pairs, data = read_data(options)),
        options$scores
      )
    }
    return(do.call(musl_metrics, c(
      list(fit, pairs, data = read_data(options)), how
    )))
  }
  data <- read_inputs(options)
  do.call(musl_metrics, c(
    list(fit, make_split(data, options), fold = options$fold), how
  ))
}

contexts_command <- function() {
  list(
    summary = "compare pairs between cell types or lineages",
    help = "Scores the same pairs for every value of a sample column.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          pairs = option("file", "pairs of genes", required = TRUE),
          by = option("text", "sample column", required = TRUE),
          `min-samples` = option("whole", "minimum samples per context")
        ),
        encoders_option(), prior_option(), data_options(), threads_option(),
        plot_option(), out_option("table of scores")
      ), musl_contexts)
    },
    run = run_contexts
  )
}

run_contexts <- function(options) {
  if (!has_data(options)) stop_usage("--expression or --depmap is needed")
  options$encoders <- words_of(options$encoders)
  scores <- call_with(
    musl_contexts, options, c("min-samples", "encoders", "prior", "threads"),
    musl_load(options$model), read_pairs(options$pairs, merge = FALSE),
    read_data(options), options$by
  )
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(scores), options$plot)
  put_table(scores, options$out)
}

atlas_command <- function() {
  list(
    summary = "score every pair of genes, resumable",
    help = "Scores all pairs of a model's genes, or only those of some anchors,
      and writes tiles with checksums to a folder. Run the same command again to
      resume.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          anchor = option("text", "only pairs of this gene", many = TRUE),
          by = option(
            c("auto", "score", "combined"), "what orders lists of partners"
          ),
          `shortlist-top` = option(
            "number", "score only this share of the pairs, chosen by a student"
          ),
          storage = option(c("float", "uint16"), "how scores are stored"),
          `keep-top` = option("whole", "number of best pairs listed")
        ),
        encoders_option(), asking_options(), data_options(),
        list(seed = option("whole", "seed of the student")), threads_option(),
        list(out = option("folder", "folder for the atlas", required = TRUE))
      ), musl_atlas)
    },
    run = run_atlas
  )
}

run_atlas <- function(options) {
  options$encoders <- words_of(options$encoders)
  options$members <- words_of(options$members)
  context <- read_context(options)
  call_with(
    musl_atlas, options,
    c(
      "by", "shortlist-top", "storage", "keep-top", "encoders", "members",
      "measured-in", "seed", "threads"
    ),
    musl_load(options$model), options$out,
    anchors = unique(options$anchor), data = read_data(options),
    context = context
  )
}
