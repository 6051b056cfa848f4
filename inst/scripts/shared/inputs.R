# Reads files with MuSL's readers.

has_data <- function(options) {
  any(c("expression", "depmap", "network", "embeddings") %in% names(options))
}

# A MuslData, or NULL if no such file is given.
read_data <- function(options, pairs = NULL) {
  if (!has_data(options)) {
    return(NULL)
  }
  cohorts <- c(read_cohorts(options), read_lines(options))
  musl_data(
    if (length(cohorts) > 0L) cohorts,
    network = read_network_file(options),
    embeddings = if (!is.null(options$embeddings)) {
      read_embeddings(options$embeddings)
    },
    pairs = pairs,
    evidence = read_evidence(options),
    scale = scale_of_cohorts(options)
  )
}

read_inputs <- function(options) {
  if (!has_data(options)) {
    stop_usage(
      "give at least one of --expression, --depmap, --network, --embeddings"
    )
  }
  read_data(options, read_all_labelled(options))
}

# A list: recorded pairs of --pairs, and measured ones of each --gi-screen.
read_all_labelled <- function(options) {
  if (is.null(options$pairs) && is.null(options[["gi-screen"]])) {
    stop_usage("--pairs or --gi-screen is needed")
  }
  c(
    if (!is.null(options$pairs)) list(read_labelled(options)),
    read_screens(options)
  )
}

source_name <- function(file) {
  sub("[.](tsv|csv|txt|gct)([.]gz)?$", "", basename(file))
}

read_cohorts <- function(options) {
  cohorts <- lapply(options$expression, read_cohort, options = options)
  names(cohorts) <- make.unique(
    vapply(options$expression, source_name, "", USE.NAMES = FALSE)
  )
  cohorts
}

read_cohort <- function(file, options) {
  values <- read_expression(file)
  if (is.null(options$samples)) {
    return(values)
  }
  samples <- read_table_file(options$samples)
  at <- match(colnames(values), samples[[1L]])
  if (all(is.na(at))) {
    stop("'", options$samples, "' has none of the samples of '", file, "'.",
      call. = FALSE
    )
  }
  samples <- as.data.frame(samples)[at, , drop = FALSE]
  rownames(samples) <- colnames(values)
  SummarizedExperiment::SummarizedExperiment(
    list(expression = values), colData = samples
  )
}

# DepMap's files state their scale.
scale_of_cohorts <- function(options) {
  if (is.null(options$scale) || is.null(options$expression)) {
    return(NULL)
  }
  names <- vapply(options$expression, source_name, "", USE.NAMES = FALSE)
  as.list(stats::setNames(
    rep(options$scale, length(names)), make.unique(names)
  ))
}

read_lines <- function(options) {
  if (is.null(options$depmap)) {
    return(NULL)
  }
  list(depmap = read_depmap(named_files(options$depmap), model = options$lines))
}

read_network_file <- function(options) {
  file <- options$network
  if (is.null(file)) {
    return(NULL)
  }
  read_network(
    file, info = c(options$aliases, options$info),
    min_score = options[["min-score"]]
  )
}

# Labelled pairs. A table with only genes lists SL pairs; one with unknown
# columns may have labels in one of them.
read_labelled <- function(options) {
  of_all <- is.null(options$label) || options$label %in% c("SL", "non_SL")
  pairs <- if (of_all) {
    read_pairs(options$pairs, label = options$label)
  } else {
    read_pairs(options$pairs, columns = c(label = options$label))
  }
  if (!all(is.na(pairs$label))) {
    return(pairs)
  }
  ours <- c("gene_a", "gene_b", "label", "entrez_a", "entrez_b", "n_rows")
  further <- setdiff(names(pairs), ours)
  if (length(further) > 0L) {
    stop("'", options$pairs, "' has no known label column. Other columns: ",
      paste(further, collapse = ", "), ". Name the label column with --label, ",
      "or label all pairs SL with --label SL.",
      call. = FALSE
    )
  }
  message("The pairs have no label column: all are treated as SL.")
  pairs$label <- factor("SL", levels = c("SL", "non_SL"))
  pairs
}

# Files are read twice, which a pipe can't be; R warns of one.
first_line <- function(file) {
  tryCatch(
    readLines(file, n = 1L, warn = FALSE),
    warning = function(w) {
      if (!grepl("fifo or pipe", conditionMessage(w))) stop(w)
      stop("'", file, "' is a pipe: write its output to a file first.",
        call. = FALSE
      )
    }
  )
}

# A table with any delimiter. Gene columns stay text, since a gene may be called
# NA, 1 or T; other columns are converted.
read_table_file <- function(file) {
  header <- first_line(file)
  marks <- c("\t", ",", ";")
  counts <- vapply(marks, function(mark) {
    lengths(strsplit(header, mark, fixed = TRUE))
  }, 1L)
  table <- tryCatch(
    utils::read.table(
      file,
      header = TRUE, sep = marks[[which.max(counts)]], quote = "\"",
      comment.char = "", na.strings = "", check.names = FALSE,
      colClasses = "character"
    ),
    error = function(e) {
      stop("cannot read '", file, "' as a table: ", conditionMessage(e),
        call. = FALSE
      )
    }
  )
  genes <- c("gene_a", "gene_b", "anchor", "partner", "gene", "id")
  text <- tolower(names(table)) %in% genes
  table[!text] <- lapply(table[!text], utils::type.convert, as.is = TRUE)
  table
}

# Screens and evidence --------------------------------------------------------

# NULL if no such file is given.
read_evidence <- function(options) {
  given <- intersect(evidence_options, names(options))
  if (length(given) == 0L) {
    return(NULL)
  }
  musl_evidence(
    annotations = read_annotations(
      read_terms(options$annotations), read_sets(options$families, "family"),
      read_sets(options$pathways, "pathway")
    ),
    genes = read_sets(options[["gene-table"]]),
    modules = read_sets(options$modules, "module"), proteins = options$proteins,
    tables = read_pair_tables(options$tables)
  )
}

# A list of tables, named like their files unless NAME=FILE names them.
read_pair_tables <- function(files) {
  if (is.null(files)) {
    return(NULL)
  }
  files <- named_files(files)
  bare <- sub("[.].*$", "", basename(files))
  given <- names(files)
  if (is.null(given)) given <- rep("", length(files))
  names(files) <- ifelse(nzchar(given), given, bare)
  lapply(files, read_table_file)
}

# A table, or the name of a package.
read_terms <- function(annotations) {
  if (is.null(annotations) || file.exists(annotations)) {
    return(read_sets(annotations, "term"))
  }
  if (!grepl("^[A-Za-z][A-Za-z0-9.]*[.]db$", annotations)) {
    stop_usage(paste0(
      "--annotations: there is no file '", annotations,
      "', nor is this a package such as org.Hs.eg.db"
    ))
  }
  annotations
}

# NULL for NULL.
read_sets <- function(file, column) {
  if (is.null(file)) {
    return(NULL)
  }
  is_gmt <- grepl("[.]gmt([.]gz)?$", file, ignore.case = TRUE)
  if (is_gmt) read_gmt(file, column) else read_table_file(file)
}

# Families and pathways may be given without terms.
read_annotations <- function(terms, families, pathways) {
  if (is.null(terms)) {
    given <- if (is.null(families)) pathways else families
    if (is.null(given)) {
      return(NULL)
    }
    sets <- if (is.null(families)) "pathway" else "family"
    terms <- data.frame(gene = given[["gene"]], term = given[[sets]])
  }
  musl_annotations(terms, families, pathways = pathways)
}

# One table per screen, NULL if there is none.
read_screens <- function(options) {
  if (is.null(options[["gi-screen"]])) {
    return(NULL)
  }
  how <- if (is.null(options[["gi-lines"]])) "each" else options[["gi-lines"]]
  lapply(
    options[["gi-screen"]], read_gi_screen,
    columns = c(line = options[["gi-line"]]), lines = how
  )
}
