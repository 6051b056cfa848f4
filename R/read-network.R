#' Read a protein interaction network
#'
#' Reads STRING, BioGRID, HIPPIE or any table of edges as a network of genes for
#' [musl_data()].
#'
#' * `"string"`: `protein.links`, `links.detailed`, `links.full` and
#'   `physical.links`; the score of an edge is the largest of its proteins'
#'   links.
#' * `"biogrid"`: tab2 and tab3, zipped as published or not. Genetic
#'   interactions, which contain the labels to be predicted, and other species
#'   are left out.
#' * `"hippie"`: the table of six columns without header, the one of eight with
#'   UniProt accessions, and MITAB.
#' * `"edges"`: any other table of one edge per row, such as HuRI's. Edges that
#'   a column calls genetic, in the words of BioGRID, Biolink, PSI-MI or
#'   SynLethDB, are left out, as are names of several genes.
#'
#' With `channels`, STRING's combined score is recomputed from the selected
#' channels, which needs `links.detailed` or `links.full`. Text mining reads the
#' papers that labels come from: exclude it for an evaluation.
#'
#' @param path One file: plain, gzip or zip.
#' @param format `NULL` recognises the first three formats by their whole
#'   header, or HIPPIE's columns, and reads other files as `"edges"`.
#' @param ... Must be empty.
#' @param columns For `"edges"`: `NULL`, or the names or positions of the
#'   columns `gene_a`, `gene_b` and, if there is one, `weight`, such as
#'   `c(gene_a = "u", gene_b = "v", weight = "confidence")` or `1:3`.
#' @param header For `"edges"`: `TRUE`, `FALSE`, or `NULL`, which checks the
#'   first line and fails if it is unclear, unless `columns` has names.
#' @param min_score `NULL`, or the smallest score kept, from 0 to 1, of STRING's
#'   scores also to 1000. Not for `"biogrid"`.
#' @param taxon For `"biogrid"`: NCBI taxon of both partners; `NULL` for all.
#' @param info For `"string"`: the file of protein information or of aliases of
#'   the same release, or both, which name the genes of the proteins; with
#'   neither, nodes are the genes of two more columns such as `gene1` and
#'   `gene2`, or else proteins.
#' @param channels For `"string"`: `NULL` for the combined score of the file,
#'   channels to combine (`"neighborhood"`, `"fusion"`, `"cooccurrence"`,
#'   `"coexpression"`, `"experimental"`, `"database"`, `"textmining"`), or
#'   channels to leave out, with a minus: `"-textmining"`.
#' @param annotation `NULL`, or a table of genes as for [musl_map_genes()]:
#'   names become current symbols.
#' @returns An undirected igraph without loops and parallel edges; vertices have
#'   `name` (in HIPPIE's six or eight columns the Entrez id unless
#'   `annotation`), edges `weight`, the largest of their rows: a score from 0 to
#'   1 in STRING and HIPPIE, 1 in BioGRID and for edges without weight. The
#'   graph attribute `report` counts rows left out.
#' @section Errors:
#'   `musl_error_format` for what can't be read; `musl_error_gene` if links and
#'   names are of different species or releases; `musl_error_input` for
#'   arguments out of range or of another format, missing columns or channels,
#'   and a network without edges.
#' @source STRING's combination of channels: von Mering et al. (2005), Nucleic
#'   Acids Research 33:D433, with the prior .041. BioGRID: Oughtred et al.
#'   (2021), Protein Science 30:187. HIPPIE: Alanis-Lobato et al. (2017),
#'   Nucleic Acids Research 45:D408.
#' @examples
#' path <- tempfile()
#' writeLines(c(
#'   "protein1 protein2 combined_score", "9606.ENSP01 9606.ENSP02 900",
#'   "9606.ENSP01 9606.ENSP03 155"
#' ), path)
#' info <- tempfile()
#' writeLines(c(
#'   "#string_protein_id\tpreferred_name", "9606.ENSP01\tTP53",
#'   "9606.ENSP02\tMDM2", "9606.ENSP03\tATM"
#' ), info)
#' read_network(path, info = info, min_score = 0.7)
#' @export
read_network <- function(path, format = NULL, ..., columns = NULL,
                         header = NULL, min_score = NULL, taxon = 9606,
                         info = NULL, channels = NULL, annotation = NULL) {
  check_dots_empty()
  path <- check_file(path, "path")
  format <- check_choice(format, names(network_options), allow_null = TRUE)
  check_number(min_score, allow_null = TRUE)
  columns <- given_columns(columns, c("gene_a", "gene_b", "weight"))
  start <- network_start(path, format)
  format <- format %||% network_format(start)
  given <- c(
    columns = length(columns) > 0, header = !is.null(header),
    min_score = !is.null(min_score), taxon = !missing(taxon),
    info = !is.null(info), channels = !is.null(channels)
  )
  unused <- setdiff(names(given)[given], network_options[[format]])
  check_unused_by_format(unused, format)
  switch(format,
    string = read_string(start, info, min_score, channels, annotation),
    biogrid = read_biogrid(start, taxon, annotation),
    hippie = read_hippie(start, min_score, annotation),
    edges = read_edges(start, columns, min_score, header, annotation)
  )
}

# The options of each format, beside those of all.
network_options <- list(
  edges = c("columns", "header", "min_score"),
  string = c("min_score", "info", "channels"), biogrid = "taxon",
  hippie = "min_score"
)

# BioGRID and HIPPIE have no quoted fields; a quote there is a character.
network_start <- function(path, format) {
  start <- table_start(path, quoted = FALSE, header = NA)
  plain <- (format %||% network_format(start)) %in% c("biogrid", "hippie")
  if (plain || !start$has_quotes) start else table_start(path, header = NA)
}

network_format <- function(start) {
  layout <- recognise_layout(start$names, network_layouts)
  if (is.na(layout)) {
    return(if (is_hippie_six(start)) "hippie" else "edges")
  }
  if (layout == "mitab") "hippie" else layout
}

# Edges of the core -> igraph; rows left out are reported and stored.
new_network <- function(edges, names, annotation, facts, what) {
  counts <- list(
    n_unmapped = edges$n_unmapped - (facts$n_several %||% 0),
    n_loops = edges$n_loops,
    n_merged = sum(edges$n_rows - 1)
  )
  if (!is.null(annotation) && length(names) > 0) {
    mapped <- musl_map_genes(names, annotation = annotation)
    renamed <- ifelse(is.na(mapped$symbol), names, mapped$symbol)
    # Two old names of one gene remain two nodes to avoid a clash.
    clash <- renamed %in% renamed[duplicated(renamed)]
    names <- ifelse(clash, names, renamed)
  }
  n <- facts$n_genetic %||% 0
  n_left <- if (n > 0) paste(" but", n, "genetic interactions, left out")
  abort_if(length(edges$from) == 0, c(
    "The network must have an edge.",
    x = "None is left{n_left}.",
    i = "Lower the minimum score, or check whether names match."
  ))
  report <- c(counts, facts)
  tell_network(report, what)
  igraph::set_graph_attr(edge_graph(edges, names), "report", report)
}

# The graph of edges between indices into `names`.
edge_graph <- function(edges, names) {
  used <- sort(unique(c(edges$from, edges$to)))
  ends <- rbind(match(edges$from, used), match(edges$to, used))
  graph <- igraph::make_graph(as.vector(ends), length(used), directed = FALSE)
  # Before the names: with them igraph pastes a name for each edge, which takes
  # longer than everything else.
  graph <- igraph::set_edge_attr(graph, "weight", value = edges$weight)
  igraph::set_vertex_attr(graph, "name", value = names[used])
}

tell_network <- function(report, what) {
  texts <- c(
    n_without = "{report$n_without} link{?s} without evidence in
                 {.arg channels} left out.",
    n_unmapped =
      "{report$n_unmapped} row{?s} with a {what} without gene left out.",
    n_several = "{report$n_several} row{?s} with several genes in one name left
                 out: {.val {few(report$several)}}.",
    n_genetic = "{report$n_genetic} genetic interaction{?s} left out: they
                 contain the labels.",
    n_other_taxon = "{report$n_other_taxon} row{?s} of other species left out."
  )
  tell_repairs(report, texts, report,
    "the graph attribute {.field report} counts it"
  )
}
