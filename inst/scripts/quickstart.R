# From data to a ranked table of partners; tools/quickstart --help names the
# options. Prints the evaluation and the table; saves model, tables and plot.

suppressPackageStartupMessages(library(MuSL))

# Options ---------------------------------------------------------------------

# A named list of option values; --expression may occur several times.
read_options <- function(words) {
  options <- list(scale = "log", out = "musl-quickstart", seed = "1")
  known <- c(
    "expression", "network", "embeddings", "pairs", "anchor", "scale", "out",
    "seed"
  )
  is_name <- seq_along(words) %% 2L == 1L
  names <- sub("^--", "", words[is_name])
  if (length(words) %% 2L != 0L || !all(names %in% known)) {
    stop("Usage: see tools/quickstart --help.", call. = FALSE)
  }
  values <- words[!is_name]
  for (name in unique(names)) {
    options[[name]] <- values[names == name]
  }
  options
}

# Files -----------------------------------------------------------------------

# Columns by header: the separator is a tab if the header holds one. Text is
# read as text throughout, since a gene may be called NA, 1 or T.
read_columns <- function(file, n_text) {
  header <- readLines(file, n = 2L)
  if (length(header) < 2L) {
    stop("'", file, "' holds no row below its header.", call. = FALSE)
  }
  sep <- if (grepl("\t", header[1L], fixed = TRUE)) "\t" else ","
  n_columns <- length(scan(
    text = header[2L], what = "", sep = sep, quote = "\"", quiet = TRUE
  ))
  n_text <- min(n_text, n_columns)
  classes <- rep(c("character", "numeric"), c(n_text, n_columns - n_text))
  tryCatch(
    utils::read.table(
      file,
      header = TRUE, sep = sep, quote = "\"", comment.char = "",
      na.strings = "", check.names = FALSE, stringsAsFactors = FALSE,
      colClasses = classes
    ),
    error = function(e) {
      stop("'", file, "' cannot be read: ", conditionMessage(e), call. = FALSE)
    }
  )
}

# Rows named by the first column, the others numeric.
read_matrix <- function(file) {
  table <- read_columns(file, n_text = 1L)
  values <- as.matrix(table[-1L])
  rownames(values) <- table[[1L]]
  values
}

read_network <- function(file) {
  table <- read_columns(file, n_text = 2L)
  names(table)[names(table) == "score"] <- "weight"
  table[intersect(c("gene_a", "gene_b", "weight"), names(table))]
}

read_pairs <- function(file) {
  table <- read_columns(file, n_text = Inf)
  if (!"label" %in% names(table)) {
    table$label <- rep("SL", nrow(table))
  }
  table[intersect(c("gene_a", "gene_b", "label"), names(table))]
}

source_name <- function(file) {
  sub("[.](tsv|csv|txt)([.]gz)?$", "", basename(file))
}

read_inputs <- function(options) {
  expression <- lapply(options$expression, read_matrix)
  names(expression) <- make.unique(vapply(options$expression, source_name, ""))
  musl_data(
    if (length(expression) > 0L) expression,
    network = if (!is.null(options$network)) read_network(options$network),
    embeddings = if (!is.null(options$embeddings)) {
      read_matrix(options$embeddings)
    },
    pairs = read_pairs(options$pairs),
    scale = if (length(expression) > 0L) options$scale
  )
}

# Steps -----------------------------------------------------------------------

heading <- function(...) message("\n== ", ...)

# Positives alone cannot be learned from: as many pairs drawn at random stand
# for the negatives.
with_negatives <- function(data, seed) {
  labels <- musl_pairs(data)$label
  if (!any(labels %in% "SL") || any(labels %in% "non_SL")) {
    return(data)
  }
  message(
    "The pairs hold SL pairs only. As many random pairs are drawn to stand\n",
    "for non-SL pairs; probabilities are relative to these."
  )
  musl_negatives(data, ratio = 1, seed = seed)
}

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
  utils::write.csv(metrics, paths[["metrics"]], row.names = FALSE)
  utils::write.csv(top, paths[["table"]], row.names = FALSE)
  ggplot2::ggsave(
    paths[["plot"]], ggplot2::autoplot(top),
    width = 7, height = 5, dpi = 150
  )
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

main(read_options(commandArgs(trailingOnly = TRUE)))
