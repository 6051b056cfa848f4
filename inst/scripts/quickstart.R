# The partners of a gene by the human model or, after training on data, by a new
# one; tools/quickstart --help lists the options. Prints evaluation and table;
# saves model, tables and plot.

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
  c(pair_options, data_options, "anchor", "out", "seed", "no-training"),
  "quickstart"
)
quickstart_options$out$default <- "musl-quickstart"
quickstart_options$scale$default <- "log"
quickstart_options$anchor$default <- "ARID1A"

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

# The names of files of the demo data begin with `prefix`.
save_partners <- function(top, out, prefix = "") {
  paths <- file.path(out, paste0(prefix, c(
    "partners.csv", "partners.png", "partners.html"
  )))
  names(paths) <- c("table", "plot", "page")
  put_table(top, paths[["table"]])
  put_plot(ggplot2::autoplot(top), paths[["plot"]])
  musl_report(top, paths[["page"]], n = nrow(top), overwrite = TRUE)
  paths
}

save_model <- function(fit, metrics, out) {
  paths <- file.path(out, c("model.musl", "metrics.csv"))
  names(paths) <- c("model", "metrics")
  musl_save(fit, paths[["model"]], overwrite = TRUE)
  put_table(metrics, paths[["metrics"]])
  paths
}

tell_saved <- function(paths, next_lines) {
  heading("Saved")
  message(
    paste0(format(names(paths)), "  ", normalizePath(paths), collapse = "\n")
  )
  heading("Next, in R")
  message(paste(c("library(MuSL)", next_lines), collapse = "\n"))
}

# The list of a real gene, without data and training.
show_human <- function(anchor, out) {
  model <- musl_human_model()
  heading("Partners of ", anchor, " by the human model")
  top <- musl_partners(model, anchor, n = 20L)
  print(top, n = 20)
  tell_saved(save_partners(top, out), c(
    paste0("musl_partners(musl_human_model(), \"", anchor, "\")"),
    "musl_report(musl_human_model())   # what it learned, how good it is"
  ))
}

# Main ------------------------------------------------------------------------

train <- function(options) {
  seed <- as.integer(options$seed)
  demo <- is.null(options$pairs)
  if (demo) {
    heading("Training on demo data: simulated, so that the truth is known")
    data <- musl_simulate(seed = seed)
  } else {
    heading("Data: your files, expression on the ", options$scale, " scale")
    data <- read_inputs(options)
  }
  print(data)
  split <- musl_split(data, setting = "inductive", folds = 5L, seed = seed)
  parts <- musl_parts(split, 1L)
  # The demo data do not have the human gene that was asked for.
  anchor <- if (demo) demo_anchor(rbind(parts$C2, parts$C3)) else options$anchor
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
  print(top, n = 20)

  paths <- save_model(fit, metrics, options$out)
  tell_saved(
    c(paths, save_partners(top, options$out, if (demo) "demo-" else "")),
    c(
      paste0("fit <- musl_load(\"", normalizePath(paths[["model"]]), "\")"),
      paste0("musl_partners(fit, \"", anchor, "\")")
    )
  )
}

main <- function(options) {
  dir.create(options$out, showWarnings = FALSE, recursive = TRUE)
  if (isTRUE(options[["no-training"]])) {
    show_human(options$anchor, options$out)
  } else {
    train(options)
  }
}

main(parse_options(commandArgs(trailingOnly = TRUE), quickstart_options))
