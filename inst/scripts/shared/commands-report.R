# Commands that explain scores, plan screens and describe models.

explain_command <- function() {
  list(
    summary = "explain the score of a pair",
    help = "Shows how a model's inputs contribute to the score of a pair: one
      row per term, largest contributions first. They add up to the score.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          `gene-a` = option("text", "one gene of the pair", required = TRUE),
          `gene-b` = option("text", "the other gene", required = TRUE),
          nearest = option("whole", "number of nearest training pairs to find"),
          against = option(
            "whole", "number of other partners of each gene to compare with"
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
    summary = "choose genes to screen next",
    help = "Chooses the genes that, screened against a library, promise the most
      new hits by the model's probabilities. Measured pairs do not count.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          budget = option(
            "whole", "number of genes to choose", required = TRUE
          ),
          candidate = option(
            "text", "gene to choose from; default all genes of the model",
            many = TRUE
          ),
          diversity = option(
            "number", "penalty for similarity to genes chosen before; 0: none"
          )
        ),
        prior_option(), data_options(), threads_option(), plot_option(),
        out_option("table of chosen genes")
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
    summary = "write a report on a model",
    help = "Writes a self-contained HTML page with a model's description,
      training data, performance and the best partners of some genes.",
    options = function() {
      with_defaults(c(
        list(
          model = model_option(),
          anchor = option(
            "text", "gene whose partners are shown; default the three with the
            most training pairs", many = TRUE
          ),
          n = option("whole", "number of partners per gene"),
          title = option("text", "title of the page")
        ),
        data_options(),
        list(
          out = option("saved", "file for the page, .html", required = TRUE)
        )
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
    summary = "explore a model in the browser",
    help = "Serves pages on this machine to search genes, rank and filter their
      partners, and explain scores, until interrupted (Ctrl-C). Prints the
      address; nobody else can open it.",
    options = function() {
      c(
        list(
          model = option(
            "file", "model from musl fit; default an example of simulated genes"
          ),
          atlas = option("directory", "folder from musl atlas, for fast lists"),
          port = option("whole", "port to listen on; default a free one")
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
    stop_usage("--model is needed if data or --atlas are given")
  }
  call_with(
    musl_explore, options, "port",
    if (!is.null(options$model)) musl_load(options$model),
    atlas = if (!is.null(options$atlas)) read_atlas(options$atlas),
    data = read_data(options), launch = TRUE
  )
}
