# What commands share: common options, and calls of the functions behind them
# with the options given.

# Calls `f` with the given options among `names`, and with `...`.
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
      preset = option(c("default", "paper"), "network architecture"),
      encoders = option(
        "text", "encoders of the network, comma-separated, such as
        descriptors,genes,graph"
      ),
      strategy = option(
        c("joint", "branches", "distill", "em"), "training strategy"
      ),
      epochs = option("whole", "maximum number of epochs"),
      members = option("whole", "networks in the ensemble"),
      patience = option("whole", "epochs without improvement before stopping"),
      `batch-size` = option("whole", "pairs per batch"),
      `learning-rate` = option("number", "peak learning rate"),
      monitor = option(
        c("auprc", "auroc"), "validation metric to choose the epoch by"
      ),
      checkpoint = option(
        "saved", "file from which an interrupted run resumes"
      ),
      device = option("text", "auto, cpu, cuda or cuda:<i>")
    ),
    threads_option(),
    list(seed = option("whole", "random seed", default = 1))
  )
}

threads_option <- function() {
  list(threads = option("whole", "number of threads; 0 for all"))
}

fold_options <- function() {
  list(
    setting = option(
      c(
        "inductive", "transductive", "random", "family", "query", "study"
      ),
      "what folds hold out: genes (inductive, transductive), pairs, gene
      families (of --families), queries of a screen, whole studies"
    ),
    largest = option(
      "whole", "for --setting family: larger families are not joined"
    ),
    folds = option("whole", "number of folds"),
    fold = option("whole", "fold to train or evaluate on, from 1"),
    negatives = option(
      c("degree_matched", "random", "gene_balanced", "expression"),
      "sample non-SL pairs by this policy instead of using those in --pairs"
    )
  )
}

out_option <- function(help) {
  list(out = option(
    "out",
    paste0(help, "; .csv or .tsv, add .gz to compress; - for standard output"),
    default = "-"
  ))
}

plot_option <- function() {
  list(plot = option("plot", "file for a plot, .png, .pdf or .svg"))
}

model_option <- function(required = TRUE) {
  option("file", "model from musl fit", required = required)
}

prior_option <- function() {
  list(prior = option("number", "expected share of SL among the pairs"))
}

encoders_option <- function() {
  list(encoders = option("text", "encoders to use, comma-separated"))
}

# Which members of a model score, and in which context.
asking_options <- function() {
  list(
    members = option(
      "text", "members to use, comma-separated, such as network"
    ),
    `measured-in` = option(
      "text", "study or cell line of the screens to predict for", many = TRUE
    ),
    context = option(
      "text", "COLUMN=VALUE: use only samples of --samples, or cells, with this
      value", many = TRUE
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
    stop_usage("--context must be COLUMN=VALUE, such as lineage=Lung")
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
    musl_split, options,
    c("setting", "folds", "seed", "negatives", "largest"), data,
    groups = held_families(options)
  )
}

# The families that folds of --setting family hold out, else NULL.
held_families <- function(options) {
  if (!identical(options$setting, "family")) {
    if (!is.null(options$largest)) {
      stop_usage("--largest is for --setting family")
    }
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

# Adds the defaults of a command's functions to its help.
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
    backend = backend_command()
  )
}
