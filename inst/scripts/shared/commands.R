# The commands, and the calls behind them.

# `takes`: names of options, "!" for required ones. `calls`: the functions whose
# arguments they are; a function, since MuSL is loaded later. `trains`: all
# fields of the core's configurations are options, too. `plain`: options whose
# values may stand first without their names.
command <- function(summary, run, takes, calls = function() list(),
                    trains = FALSE, plain = character()) {
  list(
    summary = summary, run = run, takes = takes, calls = calls, trains = trains,
    plain = plain
  )
}

command_options <- function(command, name) {
  takes <- c(command$takes, if (command$trains) training_options())
  make_options(takes, name, command$calls())
}

pair_options <- c("pairs", "label")
data_options <- c(
  "expression", "scale", "samples", "depmap", "lines", "network", "aliases",
  "info", "min-score", "embeddings"
)
evidence_options <- c(
  "annotations", "pathways", "families", "gene-table", "modules", "proteins",
  "tables"
)
input_options <- c(
  pair_options, "gi-screen", "gi-line", "gi-lines", "scorers",
  data_options, evidence_options
)
fold_options <- c("setting", "folds", "fold", "negatives")

training_options <- function() {
  fields <- c(names(formals(musl_architecture)), names(formals(musl_control)))
  gsub("_", "-", unique(fields), fixed = TRUE)
}

split_method <- function() utils::getS3method("musl_split", "MuslData")

training_calls <- function() {
  list(musl_architecture, musl_control, split_method())
}

predict_method <- function() utils::getS3method("predict", "MuslModel")

available_commands <- function() {
  list(
    fit = command(
      "train a model on labelled pairs and save it", run_fit,
      c(input_options, "out!", fold_options, "keep-gene", "keep"),
      function() c(training_calls(), musl_save),
      trains = TRUE
    ),
    predict = command(
      "score pairs of genes", run_predict,
      c("model", "pairs!", "type", "scorers", "measured-in", "context",
        "prior", data_options, "threads", "out"),
      function() list(predict_method())
    ),
    partners = command(
      "rank the partners of genes, by a model or an atlas", run_partners,
      c("model", "atlas", "anchor!", "n", "all", "known", "exclude", "by",
        "lethal", "dependency", "state", "scorers", "measured-in", "context",
        "prior",
        data_options, "threads", "format", "plot", "out"),
      function() list(musl_partners),
      plain = "anchor"
    ),
    map = command(
      "find the gene that each name or id refers to", run_map,
      c("gene!", "annotation", "out"), plain = "gene"
    ),
    explain = command(
      "explain the score of a pair: terms that add up to it", run_explain,
      c("model", "gene-a!", "gene-b!", "n", "nearest", "scorers",
        data_options, "threads", "format", "plot", "out"),
      function() list(musl_explain),
      plain = c("gene-a", "gene-b")
    ),
    cohort = command(
      "rank partners for the lost genes of a cohort", run_cohort,
      c("cohort!", "model", "anchor", "loss", "n", "min-share", "patients",
        "drugs", "format", "plot", "out"),
      function() list(musl_cohort),
      plain = "cohort"
    ),
    experiment = command(
      "plan a screen of the partners of genes", run_experiment,
      c("model", "anchor!", "n", "replicates", "guides", "cell-lines", "power",
        "fdr", "library", "layout", "format", "plot", "out"),
      function() list(musl_experiment),
      plain = "anchor"
    ),
    evaluate = command(
      "evaluate --model, or without it all folds of a split", run_evaluate,
      c("model", input_options, fold_options, "metrics", "interval", "quick",
        "scores", "plot", "out"),
      training_calls,
      trains = TRUE
    ),
    dependency = command(
      "test partners of a gene in cell lines that lost it", run_dependency,
      c("depmap!", "lines", "anchor!", "loss", "groups", "test", "covariates",
        "min-lines",
        "threads", "plot", "out"),
      function() list(musl_dependency)
    ),
    compare = command(
      "compare predictions with your own screen", run_compare,
      c("screen!", "predictions", "model", "anchor", "fdr", "condition",
        "gene", "strength", "hit", "seed", "joint", "threads", "plot", "out"),
      function() list(musl_compare)
    ),
    atlas = command(
      "score every pair of genes, resumable", run_atlas,
      c("model", "anchor", "storage", "scorers", "measured-in",
        "context", data_options, "threads", "out!"),
      function() list(musl_atlas)
    ),
    design = command(
      "choose genes to screen next", run_design,
      c("model", "budget!", "candidate", "diversity", "prior", data_options,
        "threads", "plot", "out"),
      function() list(musl_design)
    ),
    report = command(
      "write a page on a model, or on lists of partners", run_report,
      c("model", "anchor", "n", "lists", "title", data_options, "out!"),
      function() list(musl_report)
    ),
    explore = command(
      "explore a model in the browser, until interrupted", run_explore,
      c("model", "dependency", "port", data_options)
    ),
    convert = command(
      "convert predictions to a graph, such as for Cytoscape", run_convert,
      c("predictions!", "weight", "out!")
    ),
    embed = command(
      "compute embeddings of protein sequences", run_embed,
      c("fasta!", "model", "kmers", "genes", "header", "device",
        "precision", "cache", "threads", "out"),
      function() list(musl_embed_proteins)
    ),
    download = command(
      "download a public file once", run_download, c("list", "name")
    ),
    backend = command(
      "show what this installation supports",
      function(options) print(musl_backend()), character()
    )
  )
}

# Arguments of predict() that others pass on to it.
scoring_words <- c(
  "data", "context", "scorers", "measured_in", "prior", "threads"
)

# Calls `f` with `...` and with the options that have the names of its other
# arguments, or of `further` ones that it passes on.
call_with <- function(f, options, ..., further = NULL) {
  options <- unclass(options)
  names(options) <- vapply(names(options), function(name) {
    renamed <- argument_of[[name]]
    known <- isTRUE(renamed %in% names(formals(f)))
    if (known) renamed else as_argument(name)
  }, "")
  others <- setdiff(c(names(formals(f)), further), names(list(...)))
  do.call(f, c(list(...), options[names(options) %in% others]))
}
