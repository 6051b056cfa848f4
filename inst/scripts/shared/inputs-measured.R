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
    )
  )
}

evidence_options <- function() {
  list(
    annotations = option(
      "file", "table: gene and term; optionally branch and evidence"
    ),
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
  table_of <- function(name) {
    file <- options[[name]]
    if (!is.null(file)) read_table_file(file)
  }
  musl_evidence(
    annotations = read_annotations(
      table_of("annotations"), table_of("families")
    ),
    genes = table_of("gene-table"), modules = table_of("modules"),
    proteins = options$proteins
  )
}

# Families may be given without terms.
read_annotations <- function(terms, families) {
  if (is.null(terms) && is.null(families)) {
    return(NULL)
  }
  if (is.null(terms)) {
    terms <- data.frame(gene = families$gene, term = families$family)
  }
  musl_annotations(terms, families)
}

# Measured pairs of all screens, NULL if there is none.
read_screens <- function(options) {
  if (is.null(options[["gi-screen"]])) {
    return(NULL)
  }
  how <- if (is.null(options[["gi-lines"]])) "each" else options[["gi-lines"]]
  bind_pairs(lapply(
    options[["gi-screen"]], read_gi_screen,
    line = options[["gi-line"]], lines = how
  ))
}

# Recorded pairs have full weight and are not measured.
as_recorded <- function(pairs) {
  pairs$measured <- FALSE
  pairs$weight <- 1
  pairs
}

pair_columns <- c(
  "gene_a", "gene_b", "label", "source", "context", "query", "measured",
  "weight", "effect"
)

# Binds tables by the columns that musl_data() reads.
bind_pairs <- function(tables) {
  tables <- tables[!vapply(tables, is.null, NA)]
  missing <- list(
    source = NA_character_, context = NA_character_, query = NA_character_,
    effect = NA_real_
  )
  do.call(rbind, lapply(tables, function(table) {
    lacking <- setdiff(names(missing), names(table))
    table[lacking] <- missing[lacking]
    as.data.frame(table)[pair_columns]
  }))
}
