# Commands that tell why, what next, and what a model is.

explain_command <- function() {
  list(
    summary = "take the score of a pair apart",
    help = "Tells what in a model's inputs made the score of a pair: a row a
      term, the largest contributions first; they add up to the score.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          `gene-a` = option("text", "one gene", required = TRUE),
          `gene-b` = option("text", "the other", required = TRUE),
          nearest = option("whole", "training pairs to compare with"),
          against = option(
            "whole", "other partners of either gene to hold the pair against"
          )
        ),
        encoders_option(), data_options(), threads_option(), plot_option(),
        out_option("table of contributions")
      ), musl_explain)
    },
    run = run_explain
  )
}

run_explain <- function(options) {
  options$encoders <- words_of(options$encoders)
  explained <- call_with(
    musl_explain, options, c("nearest", "against", "encoders", "threads"),
    musl_load(options$model), options[["gene-a"]], options[["gene-b"]],
    data = read_data(options)
  )
  if (!is.null(options$plot)) {
    put_plot(ggplot2::autoplot(explained), options$plot)
  }
  put_table(explained, options$out)
}

design_command <- function() {
  list(
    summary = "choose what to screen next",
    help = "Chooses the genes to screen against a library that promise most new
      hits by the model's probabilities; pairs that were measured count for
      nothing.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          budget = option("whole", "genes to choose", required = TRUE),
          candidate = option(
            "text", "gene to choose from; default all of the model",
            many = TRUE
          ),
          diversity = option(
            "number", "how much likeness to genes chosen before counts against
            one; 0 for not at all"
          )
        ),
        prior_option(), data_options(), threads_option(), plot_option(),
        out_option("table of what was chosen")
      ), musl_design)
    },
    run = run_design
  )
}

run_design <- function(options) {
  chosen <- call_with(
    musl_design, options, c("diversity", "prior", "threads"),
    musl_load(options$model), options$budget,
    candidates = unique(options$candidate), data = read_data(options)
  )
  if (!is.null(options$plot)) put_plot(ggplot2::autoplot(chosen), options$plot)
  put_table(chosen, options$out)
}

report_command <- function() {
  list(
    summary = "one page on a model",
    help = "Writes what a model is, what it learned from, how well it does and
      the best partners of some genes to a page that needs no other file.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          anchor = option(
            "text", "gene whose partners are shown; default the three with most
            training pairs", many = TRUE
          ),
          n = option("whole", "partners of each"),
          title = option("text", "title of the page")
        ),
        data_options(),
        list(out = option("out", "file of the page, .html", required = TRUE))
      ), musl_write_report)
    },
    run = run_report
  )
}

run_report <- function(options) {
  call_with(
    musl_write_report, options, c("n", "title"),
    musl_load(options$model), options$out,
    anchors = unique(options$anchor), data = read_data(options),
    overwrite = TRUE
  )
}

explore_command <- function() {
  list(
    summary = "look around in a model with the browser",
    help = "Serves pages on this machine to search genes, rank and filter their
      partners, and see why a pair scores as it does, until interrupted
      (Ctrl-C). It tells the address; nobody else can open it.",
    options = function() {
      c(
        list(
          model = option(
            "file", "a model of musl fit; default an example of simulated genes"
          ),
          atlas = option("directory", "folder of musl atlas, for quick lists"),
          port = option("whole", "port to listen at; default a free one")
        ),
        data_options()
      )
    },
    run = run_explore
  )
}

run_explore <- function(options) {
  beside <- has_data(options) || !is.null(options$atlas)
  if (is.null(options$model) && beside) {
    stop_usage("--model is needed with data or --atlas")
  }
  call_with(
    musl_explore, options, "port",
    if (!is.null(options$model)) musl_load(options$model),
    atlas = if (!is.null(options$atlas)) read_atlas(options$atlas),
    data = read_data(options), launch = TRUE
  )
}
