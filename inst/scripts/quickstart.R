# From data to a ranked table of partners; tools/quickstart --help lists the
# options. Prints the evaluation and the table; saves model, tables and plot.

suppressPackageStartupMessages(library(MuSL))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
# Rscript replaces spaces in a path by "~+~".
shared <- file.path(
  dirname(gsub("~+~", " ", script[[1L]], fixed = TRUE)), "shared"
)
for (file in list.files(shared, full.names = TRUE)) source(file)
leave_c_locale()

# Options ---------------------------------------------------------------------

quickstart_options <- make_options(
  c(pair_options, data_options, "anchor", "out", "seed"), "quickstart"
)
quickstart_options$out$default <- "musl-quickstart"
quickstart_options$scale$default <- "log"

# Steps -----------------------------------------------------------------------

heading <- function(...) message("\n== ", ...)

# The gene with the most SL pairs among test pairs with unseen genes.
demo_anchor <- function(test) {
  sl <- test[test$label == "SL", ]
  names(sort(table(c(sl$gene_a, sl$gene_b)), decreasing = TRUE))[1L]
}

# The anchor if it has labelled pairs, so that the fit does not hold it out.
labelled_anchor <- function(anchor, data) {
  pairs <- musl_pairs(data)
  pairs <- pairs[!is.na(pairs$label), ]
  if (anchor %in% c(pairs$gene_a, pairs$gene_b)) anchor
}

# The recorded label of each partner, "" for none.
record_of <- function(top) {
  ifelse(is.na(top$label), "", as.character(top$label))
}

show_metrics <- function(metrics) {
  rows <- c("part", "scorer", "n_pairs")
  wide <- stats::reshape(
    as.data.frame(metrics)[c(rows, ".metric", ".estimate")],
    idvar = rows, timevar = ".metric", direction = "wide"
  )
  names(wide) <- sub("^[.]estimate[.]", "", names(wide))
  wide$part <- c(
    C1 = "seen genes", C2 = "one unseen gene", C3 = "both genes unseen"
  )[as.character(wide$part)]
  print(wide, digits = 3, row.names = FALSE)
}

show_partners <- function(top) {
  shown <- as.data.frame(top)[
    c("rank", "partner", "status", ".score", ".pred_SL", "record", "why")
  ]
  # The demo data do not tell which genes cells need.
  if (all(is.na(shown$status))) shown$status <- NULL
  print(shown, digits = 3, row.names = FALSE, right = FALSE)
}

save_results <- function(fit, metrics, top, out) {
  paths <- file.path(
    out, c("model.musl", "metrics.csv", "partners.csv", "partners.png")
  )
  names(paths) <- c("model", "metrics", "table", "plot")
  musl_save(fit, paths[["model"]], overwrite = TRUE)
  put_table(metrics, paths[["metrics"]])
  put_table(top, paths[["table"]])
  put_plot(ggplot2::autoplot(top), paths[["plot"]])
  paths
}

# Main ------------------------------------------------------------------------

main <- function(options) {
  seed <- as.integer(options$seed)
  dir.create(options$out, showWarnings = FALSE, recursive = TRUE)

  if (is.null(options$pairs)) {
    heading("Data: simulated, with known truth")
    data <- musl_simulate(seed = seed)
  } else {
    heading("Data: your files, expression on the ", options$scale, " scale")
    data <- read_inputs(options)
  }
  print(data)
  split <- musl_split(data, setting = "inductive", folds = 5L, seed = seed)
  parts <- musl_parts(split, 1L)
  anchor <- options$anchor
  if (is.null(anchor)) {
    anchor <- demo_anchor(rbind(parts$C2, parts$C3))
  }
  if (!anchor %in% musl_genes(data)) {
    stop("The anchor '", anchor, "' is in none of the inputs.", call. = FALSE)
  }

  heading("Training with a fifth of the genes held out, for evaluation")
  tested <- musl_fit(
    data, split, fold = 1L, control = musl_control(seed = seed)
  )
  print(tested)

  heading("Evaluation on pairs with genes never seen in training")
  metrics <- musl_metrics(tested, split, fold = 1L)
  show_metrics(metrics)

  heading("Training on all pairs, for ranking partners")
  fit <- musl_fit(
    data, control = musl_control(seed = seed),
    keep_genes = labelled_anchor(anchor, data)
  )
  heading("Partners of ", anchor)
  top <- musl_partners(fit, anchor, n = 20L)
  top$record <- record_of(top)
  show_partners(top)

  paths <- save_results(fit, metrics, top, options$out)
  heading("Saved")
  message(
    paste0(format(names(paths)), "  ", normalizePath(paths), collapse = "\n")
  )
  heading("Next, in R")
  message(
    "library(MuSL)\n",
    "fit <- musl_load(\"", normalizePath(paths[["model"]]), "\")\n",
    "musl_partners(fit, \"", anchor, "\")"
  )
}

main(parse_options(commandArgs(trailingOnly = TRUE), quickstart_options))
