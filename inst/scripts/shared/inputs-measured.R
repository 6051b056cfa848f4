# Reads screens and gene evidence into measured pairs and evidence.

screen_options <- function() {
  list(
    `gi-screen` = option(
      "file", "table of measured pairs from a double-knockout screen;
      read_gi_screen() lists the known formats", many = TRUE
    ),
    `gi-line` = option("text", "column of a screen with the cell line"),
    `gi-lines` = option(
      c("each", "mean"), "use each line of a screen, or the mean over lines"
    ),
    `measured-only` = option(
      "flag", "do not train a network on recorded pairs; members that learn from
      screens need no LibTorch"
    ),
    `keep-network` = option(
      "flag", "use the network on recorded pairs, even if members without one
      rank the validation part better"
    )
  )
}

# The argument `network` of musl_fit().
network_choice <- function(options) {
  without <- isTRUE(options[["measured-only"]])
  if (!isTRUE(options[["keep-network"]])) {
    return(if (without) FALSE)
  }
  if (without) stop_usage("give --measured-only or --keep-network, not both")
  TRUE
}

evidence_options <- function() {
  list(
    annotations = option(
      "text", "table: gene and term, optionally branch and evidence; gene sets
      as .gmt; or a package such as org.Hs.eg.db, with its families"
    ),
    pathways = option("file", "gene sets as .gmt, or table: gene and pathway"),
    families = option("file", "table: gene and family"),
    `gene-table` = option(
      "file", "table: gene and numeric columns, such as fitness or
      share_dependent"
    ),
    modules = option("file", "table: gene and module"),
    proteins = option("file", "FASTA file of proteins, named by gene")
  )
}

# NULL if no such file is given.
read_evidence <- function(options) {
  given <- intersect(names(evidence_options()), names(options))
  if (length(given) == 0L) {
    return(NULL)
  }
  musl_evidence(
    annotations = read_annotations(
      read_terms(options$annotations), read_sets(options$families, "family"),
      read_sets(options$pathways, "pathway")
    ),
    genes = read_sets(options[["gene-table"]]),
    modules = read_sets(options$modules, "module"), proteins = options$proteins
  )
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
    line = options[["gi-line"]], lines = how
  )
}
