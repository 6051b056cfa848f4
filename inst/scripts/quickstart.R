# From data to a ranked table of partners; tools/quickstart --help names the
# options. Prints the evaluation and the table; saves model, tables and plot.

suppressPackageStartupMessages(library(MuSL))

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
# Rscript writes blanks of a path as "~+~".
shared <- file.path(
  dirname(gsub("~+~", " ", script[[1L]], fixed = TRUE)), "shared"
)
source(file.path(shared, "options.R"))
source(file.path(shared, "files.R"))
source(file.path(shared, "inputs.R"))

# Options ---------------------------------------------------------------------

quickstart_options <- list(
  pairs = option("file", "gene pairs"),
  expression = option("file", "genes x samples", many = TRUE),
  network = option("file", "edges"),
  embeddings = option("file", "genes x dimensions"),
  anchor = option("text", "gene whose partners are ranked"),
  scale = option(c("log", "linear"), "of the expression", default = "log"),
  out = option("text", "where results go", default = "musl-quickstart"),
  seed = option("whole", "seed", default = 1)
)

# Steps -----------------------------------------------------------------------

heading <- function(...) message("\n== ", ...)

# The gene with most SL pairs among those never seen in training.
demo_anchor <- function(test) {
  sl <- test[test$label == "SL", ]
  names(sort(table(c(sl$gene_a, sl$gene_b)), decreasing = TRUE))[1L]
}

# What is on record of each partner: its label, and the part it was in.
record_of <- function(top, parts) {
  key <- function(a, b) paste(pmin(a, b), pmax(a, b))
  pairs <- do.call(rbind, lapply(names(parts), function(part) {
    data.frame(key = key(parts[[part]]$gene_a, parts[[part]]$gene_b), part)
  }))
  said <- c(train = "in training", validation = "in validation")
  part <- pairs$part[match(key(top$anchor, top$partner), pairs$key)]
  use <- ifelse(part %in% names(said), said[part], "held out")
  use[is.na(part)] <- "unused"
  ifelse(is.na(top$label), "", paste0(top$label, ", ", use))
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
    c("rank", "partner", ".score", ".pred_SL", "n_unseen", "record")
  ]
  print(shown, digits = 3, row.names = FALSE, right = FALSE)
}

save_results <- function(fit, metrics, top, out) {
  paths <- file.path(
    out, c("model.musl", "metrics.csv", "partners.csv", "partners.png")
  )
  names(paths) <- c("model", "metrics", "table", "plot")
  musl_save(fit, paths[["model"]], overwrite = TRUE)
  write_table(metrics, paths[["metrics"]])
  write_table(top, paths[["table"]])
  write_whole(paths[["plot"]], function(file) {
    ggplot2::ggsave(
      file, ggplot2::autoplot(top),
      width = 7, height = 5, dpi = 150
    )
  })
  paths
}

# Main ------------------------------------------------------------------------

main <- function(options) {
  seed <- as.integer(options$seed)
  dir.create(options$out, showWarnings = FALSE, recursive = TRUE)

  if (is.null(options$pairs)) {
    heading("Data: simulated, with a known truth")
    data <- musl_simulate(seed = seed)
  } else {
    heading("Data: your files, expression on the ", options$scale, " scale")
    data <- with_negatives(read_inputs(options), seed)
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

  heading("Training, with a fifth of the genes held out")
  fit <- musl_fit(data, split, fold = 1L, control = musl_control(seed = seed))
  print(fit)

  heading("On pairs with genes never seen in training")
  metrics <- musl_metrics(fit, split, fold = 1L)
  show_metrics(metrics)

  heading("Partners of ", anchor)
  top <- musl_partners(fit, anchor, n = 20L)
  top$record <- record_of(top, parts)
  show_partners(top)

  paths <- save_results(fit, metrics, top, options$out)
  heading("Saved")
  message(
    paste0(format(names(paths)), "  ", normalizePath(paths), collapse = "\n")
  )
}

main(parse_options(commandArgs(trailingOnly = TRUE), quickstart_options))
