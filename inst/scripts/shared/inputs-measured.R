# Screens, and what is known of genes, to measured pairs and evidence.

screen_options <- function() {
  list(
    `gi-screen` = option(
      "file", "table of a double-knockout screen, whose pairs are measured;
      read_gi_screen() says what is known", many = TRUE
    ),
    `gi-line` = option("text", "column of a screen that names the cell line"),
    `gi-lines` = option(
      c("each", "mean"), "each line of a screen, or the average over lines"
    ),
    `measured-only` = option(
      "flag", "train no network on recorded pairs: screens are learned from by
      members that need no LibTorch"
    )
  )
}

evidence_options <- function() {
  list(
    annotations = option(
      "file", "columns gene and term; branch and evidence, if there are"
    ),
    families = option("file", "columns gene and family"),
    `gene-table` = option(
      "file", "column gene and numbers, such as fitness or share_dependent"
    ),
    modules = option("file", "columns gene and module"),
    proteins = option("file", "FASTA file of proteins, named by gene")
  )
}

# NULL without any file of it.
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

# Families may stand alone.
read_annotations <- function(terms, families) {
  if (is.null(terms) && is.null(families)) {
    return(NULL)
  }
  if (is.null(terms)) {
    terms <- data.frame(gene = families$gene, term = families$family)
  }
  musl_annotations(terms, families)
}

# Measured pairs of all screens, NULL without one.
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

# Recorded pairs count whole, and were seen in no screen.
as_recorded <- function(pairs) {
  pairs$measured <- FALSE
  pairs$weight <- 1
  pairs
}

pair_columns <- c(
  "gene_a", "gene_b", "label", "source", "context", "query", "measured",
  "weight", "effect"
)

# One table of several, by the columns that musl_data() reads.
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
