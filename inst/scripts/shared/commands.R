# What commands share: options that several have, and calls of the functions
# behind them with what was given.

# `f` with the options named `names` that were given, and further arguments.
call_with <- function(f, options, names, ...) {
  given <- options[intersect(names, base::names(options))]
  names(given) <- gsub("-", "_", names(given), fixed = TRUE)
  do.call(f, c(list(...), given))
}

control_fields <- c(
  "strategy", "epochs", "members", "patience", "batch-size", "learning-rate",
  "monitor", "device", "threads", "seed", "checkpoint"
)

training_options <- function() {
  c(
    list(
      preset = option(c("default", "paper"), "the network"),
      encoders = option(
        "text", "encoders of the network, parted by commas, such as
        descriptors,genes,graph"
      ),
      strategy = option(
        c("joint", "branches", "distill", "em"), "how the parts are trained"
      ),
      epochs = option("whole", "most passes over the pairs"),
      members = option("whole", "networks in the ensemble"),
      patience = option("whole", "epochs without a better value to stop after"),
      `batch-size` = option("whole", "pairs of a step"),
      `learning-rate` = option("number", "peak of the schedule"),
      monitor = option(c("auprc", "auroc"), "the value that chooses the epoch"),
      checkpoint = option("out", "file from which a broken run goes on"),
      device = option("text", "auto, cpu, cuda or cuda:<i>")
    ),
    threads_option(),
    list(seed = option("whole", "seed of all that is random", default = 1))
  )
}

threads_option <- function() {
  list(threads = option("whole", "threads; 0 for all"))
}

fold_options <- function() {
  list(
    setting = option(
      c(
        "inductive", "transductive", "random", "family", "query", "study"
      ),
      "what folds hold out: both genes, one gene, pairs, families of genes,
      queries of a screen, whole studies"
    ),
    folds = option("whole", "folds"),
    fold = option("whole", "the fold to train or measure on, 1 or more"),
    negatives = option(
      c("degree_matched", "random", "gene_balanced", "expression"),
      "draw non-SL pairs by this policy in place of those of --pairs"
    )
  )
}

out_option <- function(help) {
  list(out = option(
    "out",
    paste0(help, "; .csv, or .tsv parted by tabs, .gz packs; - for the screen"),
    default = "-"
  ))
}

plot_option <- function() {
  list(plot = option("out", "file of a plot, .png, .pdf or .svg"))
}

model_option <- function(required = TRUE) {
  option("file", "a model of musl fit", required = required)
}

prior_option <- function() {
  list(prior = option("number", "share of SL among pairs such as these"))
}

encoders_option <- function() {
  list(encoders = option("text", "encoders to hear, parted by commas"))
}

# Which members of a model answer, and where.
asking_options <- function() {
  list(
    members = option(
      "text", "members to hear, parted by commas, such as network"
    ),
    `measured-in` = option(
      "text", "study or cell line of the screens to ask about", many = TRUE
    ),
    context = option(
      "text", "COLUMN=VALUE: only samples of --samples, or cells, with that",
      many = TRUE
    )
  )
}

# "lineage=Lung", "lineage=Skin" -> list(lineage = c("Lung", "Skin")).
read_context <- function(options) {
  given <- options$context
  if (is.null(given)) {
    return(NULL)
  }
  if (!all(grepl("^[^=]+=.", given))) {
    stop_usage("--context is COLUMN=VALUE, such as lineage=Lung")
  }
  if (!has_data(options)) {
    stop_usage("--context needs --expression or --depmap")
  }
  split(sub("^[^=]+=", "", given), sub("=.*$", "", given))
}

words_of <- function(text) {
  if (is.null(text)) NULL else trimws(strsplit(text, ",", fixed = TRUE)[[1L]])
}

make_architecture <- function(options) {
  options$encoders <- words_of(options$encoders)
  call_with(musl_architecture, options, c("preset", "encoders"))
}

make_control <- function(options) {
  call_with(musl_control, options, control_fields)
}

make_split <- function(data, options) {
  call_with(
    musl_split, options, c("setting", "folds", "seed", "negatives"), data
  )
}

# The defaults that a command's functions have, for its help.
with_defaults <- function(options, ...) {
  known <- do.call(c, lapply(list(...), function(f) {
    as.list(formals(f))[!vapply(formals(f), is.symbol, NA)]
  }))
  names(known) <- gsub("_", "-", names(known), fixed = TRUE)
  for (name in names(options)) {
    value <- known[[name]]
    shown <- !is.null(value) && is.null(options[[name]]$default) &&
      !options[[name]]$many
    if (!shown) next
    value <- if (is.call(value)) eval(value, baseenv())[[1L]] else value[[1L]]
    options[[name]]$help <- paste0(options[[name]]$help, "; default ", value)
  }
  options
}

available_commands <- function() {
  fit <- fit_command()
  alias <- fit
  alias$deprecated <- "fit"
  list(
    fit = fit,
    train = alias,
    predict = predict_command(),
    partners = partners_command(),
    explain = explain_command(),
    evaluate = evaluate_command(),
    screen = screen_command(),
    compare = compare_command(),
    contexts = contexts_command(),
    atlas = atlas_command(),
    design = design_command(),
    report = report_command(),
    explore = explore_command(),
    convert = convert_command(),
    embed = embed_command(),
    download = download_command(),
    sitrep = sitrep_command()
  )
}
