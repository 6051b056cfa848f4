#' Read BioGRID, HIPPIE and tables of edges
#'
#' Reads protein interactions as a network of genes.
#'
#' `read_biogrid()` reads the tables tab2 and tab3, zipped as published or not.
#' Genetic interactions are left out, because they contain the labels to be
#' predicted, and so are interactions with other species.
#' `read_hippie()` reads HIPPIE's table of six columns without header and its
#' MITAB table.
#' `read_edges()` reads any table with one edge per row, such as HuRI's two
#' columns of Ensembl ids.
#'
#' @param path One file.
#' @param ... Must be empty.
#' @param taxon NCBI taxon of both partners; `NULL` for all.
#' @param min_score Smallest score kept, from 0 to 1; for a file of STRING's
#'   scores, which `read_edges()` reads as thousandths, also above 1 to 1000.
#' @param from,to,weight `NULL`, or name or position of the columns.
#'   Without a header, the third of three columns is the weight if it has
#'   numbers, and a message says so.
#' @param header `NULL` checks the first line: known names are a header,
#'   Ensembl, Entrez or UniProt ids are none; any other first line is an error,
#'   unless `from` and `to` name columns. `TRUE` or `FALSE` decides.
#' @param annotation `NULL`, or a table of genes as for [musl_map_genes()]:
#'   names become current symbols, and Entrez ids are added.
#' @returns An undirected igraph without loops and parallel edges; vertices have
#'   `name` and `entrez` (`NA` if unknown), edges `weight`: 1 for BioGRID
#'   and edges without weight, HIPPIE's score from 0 to 1.
#'   If several rows are the same edge, the largest weight is kept.
#'   Vertices are named by symbol, in HIPPIE's six columns by Entrez id, in
#'   other tables as they are; with `annotation` by symbol.
#'   The graph attribute `report` counts rows left out.
#' @section Errors:
#'   `musl_error_format` with file, line and column for what can't be read;
#'   `musl_error_input` for missing columns, for `min_score` of a table without
#'   weights, and for a network without edges.
#' @source BioGRID: Oughtred et al. (2021), Protein Science 30:187.
#'   HIPPIE: Alanis-Lobato et al. (2017), Nucleic Acids Research 45:D408.
#' @examples
#' path <- tempfile()
#' writeLines(c("ENSG00000141510\tENSG00000135679"), path)
#' read_edges(path)
#' @name read_interactions
NULL

#' @rdname read_interactions
#' @export
read_biogrid <- function(path, ..., taxon = 9606, annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  path <- check_file(path, "path", call)
  check_whole(taxon, 1, allow_null = TRUE)
  start <- table_start(path, quoted = FALSE, call = call)
  at <- vapply(biogrid_columns, function(names) {
    find_column(start$names, names)
  }, 1L)
  if (anyNA(at)) {
    absent <- names(at)[is.na(at)]
    abort_file(path, 1, c(
      x = "Not found: column{?s} for {.field {absent}}.",
      i = "{.fn read_biogrid} reads the tables tab2 and tab3 of BioGRID."
    ), call)
  }
  table <- read_columns(start, at, call = call)
  genetic <- tolower(table$type) == "genetic"
  foreign <- !genetic & !is.null(taxon) &
    (table$taxon_a != format(taxon, scientific = FALSE) |
      table$taxon_b != format(taxon, scientific = FALSE))
  table <- table[!genetic & !foreign, ]
  symbol_a <- missing_to_na(table$symbol_a)
  symbol_b <- missing_to_na(table$symbol_b)
  edges_of_names(symbol_a, symbol_b, numeric(),
    missing_to_na(c(table$entrez_a, table$entrez_b)), annotation,
    list(source = "BioGRID", n_genetic = sum(genetic),
      n_other_taxon = sum(foreign)
    ), call
  )
}

biogrid_columns <- list(
  symbol_a = "officialsymbolinteractora",
  symbol_b = "officialsymbolinteractorb",
  entrez_a = "entrezgeneinteractora", entrez_b = "entrezgeneinteractorb",
  type = "experimentalsystemtype",
  taxon_a = c("organismidinteractora", "organisminteractora"),
  taxon_b = c("organismidinteractorb", "organisminteractorb")
)

# entrez  ids of the names of `from`, then of `to`; or NULL
edges_of_names <- function(from, to, weight, entrez, annotation, facts, call) {
  ends <- c(from, to)
  node <- unique(ends[!is.na(ends)])
  entrez <- if (is.null(entrez)) {
    ifelse(grepl("^[0-9]+$", node), node, NA_character_)
  } else {
    entrez[match(node, ends)]
  }
  at <- match(from, node, nomatch = length(node) + 1L)
  end <- match(to, node, nomatch = length(node) + 1L)
  edges <- with_core(
    cpp_merge_edges(at, end, weight, c(seq_along(node), NA_integer_))
  )
  new_network(edges, node, entrez, annotation, facts, "partner", call)
}

#' @rdname read_interactions
#' @export
read_hippie <- function(path, ..., min_score = 0, annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  path <- check_file(path, "path", call)
  check_number(min_score, 0, 1)
  start <- table_start(path, quoted = FALSE, header = NA, call = call)
  mitab <- match(
    c("genenameinteractora", "genenameinteractorb", "confidencevalue"),
    squash_name(start$names)
  )
  six <- length(start$names) %in% 5:6 && all(
    grepl("^([0-9]+|)$", start$names[c(2, 4)])
  )
  if (anyNA(mitab) && !six) {
    abort_file(path, 1, c(
      x = "It is neither HIPPIE's table of six columns nor its MITAB table.",
      i = "{.fn read_edges} reads other tables of edges."
    ), call)
  }
  start$header <- !six
  check_has_rows(start, call)
  at <- if (six) c(2L, 4L, 5L) else mitab
  names(at) <- c("from", "to", "score")
  table <- read_columns(start, at, number = "score", call = call)
  check_range(table$score, 1, "score", path, call)
  low <- is.na(table$score) | table$score < min_score
  table <- table[!low, ]
  edges_of_names(
    missing_to_na(table$from), missing_to_na(table$to), table$score, NULL,
    annotation, list(source = "HIPPIE", n_below = sum(low)), call
  )
}

#' @rdname read_interactions
#' @export
read_edges <- function(path, ..., from = NULL, to = NULL, weight = NULL,
                       min_score = NULL, header = NULL, annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  path <- check_file(path, "path", call)
  check_number(min_score, allow_null = TRUE)
  check_flag(header, allow_null = TRUE)
  start <- table_start(path, header = NA, call = call)
  start <- settle_header(start, header, from, to, call)
  at <- edge_columns(start, from, to, weight, call)
  if (!is.null(min_score)) check_has_weights(start, at, call)
  table <- read_columns(start, at, number = "weight", call = call)
  low <- rep(FALSE, nrow(table))
  if ("weight" %in% names(at)) {
    unit <- edge_unit(start$names[[at[["weight"]]]], table$weight, path)
    table$weight <- table$weight / unit
  }
  if (!is.null(min_score)) {
    least <- if (min_score > 1) min_score / unit else min_score
    low <- is.na(table$weight) | table$weight < least
    table <- table[!low, ]
  }
  genetic <- is_genetic(as.list(table[setdiff(names(table), "weight")]))
  genetic <- rep_len(genetic, nrow(table))
  table <- table[!genetic, ]
  score <- if ("weight" %in% names(at)) table$weight else numeric()
  check_edge_weights(score, path, call)
  edges_of_names(
    missing_to_na(table$from), missing_to_na(table$to), score, NULL, annotation,
    list(n_below = sum(low), n_genetic = sum(genetic)), call
  )
}

check_has_weights <- function(start, at, call) {
  if (!"weight" %in% names(at)) {
    abort_musl(c(
      "{.arg min_score} must be {.code NULL} without a column of weights.",
      x = "The columns of {.file {basename(start$path)}} are
           {.field {few(start$names, 8)}}.",
      i = "If one of them has the scores, name it by {.arg weight}, or call it
           {.field score} in the file."
    ), argument = "min_score", call = call)
  }
}

# The divisor of STRING's whole scores; 1 for other weights.
edge_unit <- function(column, weight, path) {
  if (!is_string_score(column, weight)) {
    return(1)
  }
  tell_thousandths(column, paste("file", basename(path)), max(weight))
  1000
}

edge_weight_names <- c(
  "weight", "score", "combinedscore", "confidence", "confidencescore"
)

# Whether the first line is a header, if the caller does not say.
settle_header <- function(start, header, from, to, call) {
  named <- !is.null(find_both(squash_name(start$names), pair_gene_names))
  if (is.null(header)) {
    first <- start$names[seq_len(min(2, length(start$names)))]
    is_id <- id_type_of(first) %in% c("entrez", "ensembl", "uniprot") |
      grepl("^ENSP[0-9]+$", first)
    header <- named || is_string(from) || is_string(to) || !all(is_id)
    if (header && !named && is.null(from) && is.null(to)) {
      abort_file(start$path, 1, c(
        x = "It is not clear which columns hold the ends of an edge:
             {.val {few(start$names, 8)}}.",
        i = if (all(c("protein1", "protein2") %in% squash_name(start$names))) {
          "{.fn read_string} reads files of STRING, with names of genes."
        } else {
          "If this line is an edge, pass {.code header = FALSE}; else name the
           columns with {.arg from} and {.arg to}."
        }
      ), call)
    }
  }
  start$header <- header
  check_has_rows(start, call)
  if (!header) {
    start$first_row <- start$names
    start$names <- paste0("column_", seq_along(start$names))
  }
  start
}

edge_columns <- function(start, from, to, weight, call) {
  table <- set_names(as.list(start$names), start$names)
  ends <- if (is.null(from) && is.null(to)) {
    if (start$header) {
      find_both(squash_name(start$names), pair_gene_names)
    } else {
      seq_len(2)
    }
  } else {
    c(
      given_column(from, table, "from", call),
      given_column(to, table, "to", call)
    )
  }
  if (length(start$names) < 2) {
    abort_file(start$path, 1, c(
      x = "It has one column: {.field {few(start$names)}}.",
      i = "An edge has two ends; check the delimiter."
    ), call)
  }
  at <- c(from = ends[[1]], to = ends[[2]])
  value <- if (is.null(weight) && start$header) {
    find_column(start$names, edge_weight_names)
  } else if (is.null(weight)) {
    unnamed_weight(start, at)
  } else {
    given_column(weight, table, "weight", call)
  }
  evidence <- which(
    gsub("[^a-z0-9]+", "_", tolower(start$names)) %in% network_evidence
  )
  names(evidence) <- start$names[evidence]
  c(at, if (!is.na(value)) c(weight = value), evidence)
}

# The column of the weights of a table without a header; NA for none.
unnamed_weight <- function(start, ends) {
  other <- setdiff(seq_along(start$names), ends)
  number <- suppressWarnings(as.numeric(start$first_row[other]))
  other <- other[!is.na(number)]
  if (length(other) == 0) {
    return(NA_integer_)
  }
  if (length(start$names) == 3) {
    inform_musl(
      "Column {.val {other}} of file {.file {basename(start$path)}} is read as
       the weight."
    )
    return(other)
  }
  columns <- paste(other, collapse = " or ")
  inform_musl(c(
    "All edges of file {.file {basename(start$path)}} have weight 1.",
    i = "If column {columns} holds weights, pass its position as
         {.arg weight}."
  ))
  NA_integer_
}

check_edge_weights <- function(weight, path, call) {
  bad <- which(!is.finite(weight) | weight <= 0)
  if (length(bad) > 0) {
    abort_file(path, NULL, c(
      x = "{length(bad)} edge{?s} {?has/have} a weight that is missing or not
           positive, the first in row {bad[[1]]}.",
      i = "Remove {cli::qty(length(bad))}{?it/them}, or pass another
           {.arg weight} column."
    ), call)
  }
}
