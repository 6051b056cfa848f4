#' Read STRING
#'
#' Reads protein links of STRING as a network of genes.
#'
#' The score of an edge is the largest of its proteins' links.
#' With `channels`, the combined score is recomputed from the selected channels,
#' which needs `protein.links.detailed` or `protein.links.full`: text
#' mining reads the papers that labels come from, so excluding it is the safer
#' choice for an evaluation.
#' A link without evidence in the selected channels is no edge, and a message
#' counts such links.
#'
#' @param path The file of links: `9606.protein.links.v12.0.txt.gz` or similar
#'   (`links.detailed`, `links.full`, `physical.links`).
#' @param ... Must be empty.
#' @param aliases,info The file of aliases or of protein information of the same
#'   release, which name the genes of the proteins.
#'   With neither, nodes are proteins.
#' @param min_score Smallest score kept, from 0 to 1, or above 1 to 1000 on the
#'   scale of the file.
#' @param channels `NULL` uses the combined score of the file.
#'   Else channels to combine (`"neighborhood"`, `"fusion"`, `"cooccurrence"`,
#'   `"coexpression"`, `"experimental"`, `"database"`, `"textmining"`), or
#'   channels to leave out, with a minus: `"-textmining"`.
#' @param annotation `NULL`, or a table of genes as for [musl_map_genes()], for
#'   Entrez ids and current symbols.
#' @returns An undirected igraph without loops and parallel edges; vertices have
#'   `name` (symbol, else the protein) and `entrez`, edges `weight` from 0 to 1.
#'   The graph attribute `report` counts what was left out: `n_below` (links
#'   below `min_score`), `n_without` (links without evidence in `channels`),
#'   `n_unmapped` (links of proteins without a gene), `n_loops`, `n_merged`.
#' @section Errors:
#'   `musl_error_format` with file, line and column for what can't be read.
#'   `musl_error_gene` if links and names are of different species or releases.
#'   `musl_error_input` for channels that the file lacks.
#' @source Combination of channels: von Mering et al. (2005), Nucleic Acids
#'   Research 33:D433, with the prior .041 and the homology correction of
#'   STRING's script; scores are not rounded to thousandths as in the file.
#' @examples
#' path <- tempfile()
#' writeLines(c(
#'   "protein1 protein2 combined_score",
#'   "9606.ENSP01 9606.ENSP02 900", "9606.ENSP02 9606.ENSP01 900",
#'   "9606.ENSP01 9606.ENSP03 155"
#' ), path)
#' info <- tempfile()
#' writeLines(c(
#'   "#string_protein_id\tpreferred_name",
#'   "9606.ENSP01\tTP53", "9606.ENSP02\tMDM2", "9606.ENSP03\tATM"
#' ), info)
#' read_string(path, info = info, min_score = 0.7)
#' @export
read_string <- function(path, aliases = NULL, ..., info = NULL, min_score = 0,
                        channels = NULL, annotation = NULL) {
  check_dots_empty()
  call <- current_env()
  path <- check_file(path, "path", call)
  check_number(min_score, 0, 1000)
  min_score <- min_score / with_core(cpp_string_points(min_score))
  links <- read_links(path, min_score, channels, call)
  names <- string_names(links$name, aliases, info, path, call)
  check_string_scores(links, path, call)
  node <- unique(names$gene[!is.na(names$gene)])
  edges <- with_core(cpp_merge_edges(
    links$from, links$to, links$score, match(names$gene, node)
  ))
  entrez <- names$entrez[match(node, names$gene)]
  new_network(edges, node, entrez, annotation,
    list(
      source = "STRING", n_below = links$n_below, n_without = links$n_without
    ), "protein", call
  )
}

string_channels <- c(
  "neighborhood", "fusion", "cooccurrence", "coexpression", "experimental",
  "database", "textmining"
)

# Names that columns have had -> channels.
channel_of_column <- function(names) {
  names <- sub("_transferred$", "", tolower(names))
  names[names == "cooccurence"] <- "cooccurrence"
  names[names %in% c("experiments", "experimental_score")] <- "experimental"
  ifelse(names %in% string_channels, names, NA_character_)
}

read_links <- function(path, min_score, channels, call) {
  start <- table_start(path, call = call)
  squashed <- squash_name(start$names)
  ends <- match(c("protein1", "protein2"), squashed)
  score <- match("combinedscore", squashed)
  if (anyNA(c(ends, score))) {
    abort_file(path, 1, c(
      x = "The columns must be {.field protein1}, {.field protein2} and
           {.field combined_score}.",
      x = "Found {.field {few(start$names, 8)}}.",
      i = "Is it a file of links? {.fn read_edges} reads other networks."
    ), call)
  }
  columns <- link_columns(start, channels, call)
  # The first score shows the scale of all: the smallest in STRING is
  # 150.
  first <- suppressWarnings(as.numeric(start$first_row[score]))
  how <- list(
    ends = ends, scores = if (is.null(channels)) score else columns$scores,
    channels = columns$channels, min = min_score,
    points = with_core(cpp_string_points(first[!is.na(first)]))
  )
  with_core(cpp_string_links(path, how, 0L), call)
}

link_columns <- function(start, channels, call) {
  if (is.null(channels)) {
    return(list(scores = integer(), channels = character()))
  }
  wanted <- wanted_channels(channels, call)
  channel <- channel_of_column(start$names)
  missing <- setdiff(wanted, channel)
  if (length(missing) > 0) {
    abort_musl(c(
      "{.arg channels} must be columns of the file.",
      x = "{.file {start$path}} has no {.val {missing}}.",
      i = "Use {.file protein.links.detailed} or {.file protein.links.full}."
    ), argument = "channels", call = call)
  }
  at <- which(channel %in% wanted)
  homology <- match("homology", tolower(start$names))
  list(
    scores = c(at, homology[!is.na(homology)]), channels = channel[at]
  )
}

wanted_channels <- function(channels, call) {
  text <- if (is.character(channels)) channels else ""
  out <- startsWith(text, "-")
  bare <- sub("^-", "", text)
  ok <- length(text) > 0 && all(bare %in% string_channels) &&
    (all(out) || !any(out))
  if (!ok) {
    choices <- paste0("\"", string_channels, "\"", collapse = ", ")
    abort_argument("channels",
      paste("some of", choices, "- all with a minus, or none"), channels, call
    )
  }
  if (all(out)) setdiff(string_channels, bare) else unique(bare)
}

check_string_scores <- function(links, path, call) {
  bad <- which(!is.finite(links$score) | links$score < 0 | links$score > 1)
  if (length(bad) > 0) {
    abort_file(path, NULL, c(
      x = "{length(bad)} score{?s} {?is/are} missing or out of range.",
      i = "Scores are whole numbers up to 1000, or all between 0 and 1."
    ), call)
  }
}

# Gene and Entrez id of each protein of the links.
string_names <- function(proteins, aliases, info, path, call) {
  bare <- function(x) sub("^[0-9]+[.]", "", x)
  none <- rep(NA_character_, length(proteins))
  if (is.null(aliases) && is.null(info)) {
    return(tibble(gene = bare(proteins), entrez = none))
  }
  table <- if (!is.null(info)) read_string_info(info, call)
  if (!is.null(aliases)) {
    more <- read_string_aliases(aliases, call)
    table <- rbind(table, more)
  }
  of <- function(column) {
    known <- table[!is.na(table[[column]]), ]
    known[[column]][match(bare(proteins), bare(known$protein))]
  }
  gene <- of("symbol")
  if (length(proteins) > 0 && mean(!is.na(gene)) < 0.5) {
    abort_musl(c(
      "The names must be of the species and release of the links.",
      x = "{sum(!is.na(gene))} of {length(proteins)} protein{?s} of
           {.file {path}} {cli::qty(sum(!is.na(gene)))}{?is/are} named.",
      x = "Links have {.val {few(proteins, 2)}}, names
           {.val {few(table$protein, 2)}}."
    ), "gene", argument = if (is.null(aliases)) "info" else "aliases",
    call = call)
  }
  tibble(gene = gene, entrez = of("entrez"))
}

read_string_info <- function(path, call) {
  path <- check_file(path, "info", call)
  start <- table_start(path, quoted = FALSE, call = call)
  at <- c(
    find_column(start$names, c("stringproteinid", "proteinexternalid")),
    find_column(start$names, "preferredname")
  )
  check_string_columns(at, start, "string_protein_id and preferred_name", call)
  table <- read_columns(start, c(protein = at[[1]], symbol = at[[2]]),
    call = call
  )
  table$entrez <- rep(NA_character_, nrow(table))
  table
}

check_string_columns <- function(at, start, expected, call) {
  if (anyNA(at)) {
    abort_file(start$path, 1, c(
      x = "The columns must be {expected}.",
      x = "Found {.field {few(start$names, 8)}}."
    ), call)
  }
}

# Sources of aliases, the best first.
alias_symbol_sources <- c(
  "Ensembl_HGNC_symbol", "Ensembl_HGNC", "BioMart_HUGO", "HGNC_symbol",
  "UniProt_GN_Name", "Ensembl_UniProt_GN", "Ensembl_gene_name"
)
alias_entrez_sources <- c(
  "Ensembl_HGNC_entrez_id", "Ensembl_EntrezGene", "UniProt_DR_GeneID",
  "BioMart_EntrezGene", "RefSeq_GeneID"
)

read_string_aliases <- function(path, call) {
  path <- check_file(path, "aliases", call)
  start <- table_start(path, quoted = FALSE, header = NA, call = call)
  at <- c(
    find_column(start$names, c("stringproteinid", "proteinexternalid")),
    find_column(start$names, "alias"), find_column(start$names, "source")
  )
  # Older releases begin with a line that is no header.
  headless <- length(start$names) == 3 &&
    grepl("^[0-9]+[.]", start$names[[1]])
  start$header <- !headless
  check_has_rows(start, call)
  if (headless) {
    at <- 1:3
  }
  check_string_columns(at, start, "string_protein_id, alias and source", call)
  table <- read_columns(start,
    c(protein = at[[1]], alias = at[[2]], source = at[[3]]), call = call
  )
  protein <- unique(table$protein)
  tibble(
    protein = protein,
    symbol = best_alias(table, protein, alias_symbol_sources),
    entrez = best_alias(table, protein, alias_entrez_sources)
  )
}

# The alias of each protein from the best of its sources. Older releases list
# several sources in one field.
best_alias <- function(table, protein, sources) {
  levels <- unique(table$source)
  rank_of <- vapply(strsplit(levels, " ", fixed = TRUE), function(words) {
    min(c(match(words, sources), Inf), na.rm = TRUE)
  }, 1)
  rank <- rank_of[match(table$source, levels)]
  rows <- which(is.finite(rank))
  rows <- rows[order(rank[rows])]
  table$alias[rows][match(protein, table$protein[rows])]
}

# Edges of the core -> igraph; rows left out are reported and stored.
new_network <- function(edges, names, entrez, annotation, facts, what, call) {
  counts <- list(
    n_unmapped = edges$n_unmapped, n_loops = edges$n_loops,
    n_merged = sum(edges$n_rows - 1)
  )
  nodes <- tibble(name = names, entrez = entrez)
  if (!is.null(annotation) && length(names) > 0) {
    mapped <- musl_map_genes(names, annotation = annotation)
    renamed <- ifelse(is.na(mapped$symbol), names, mapped$symbol)
    # Two old names of one gene remain two nodes to avoid a clash.
    clash <- renamed %in% renamed[duplicated(renamed)]
    nodes$name <- ifelse(clash, names, renamed)
    nodes$entrez <- ifelse(is.na(entrez), mapped$entrez, entrez)
  }
  used <- sort(unique(c(edges$from, edges$to)))
  if (length(used) == 0) {
    abort_musl(c(
      "The network must have an edge.",
      x = "None is left.",
      i = "Lower the minimum score, or check whether names match."
    ), call = call)
  }
  ends <- rbind(match(edges$from, used), match(edges$to, used))
  graph <- igraph::make_graph(as.vector(ends), length(used), directed = FALSE)
  # Before the names: with them igraph pastes a name for each edge, which takes
  # longer than everything else.
  graph <- igraph::set_edge_attr(graph, "weight", value = edges$weight)
  graph <- igraph::set_vertex_attr(graph, "name", value = nodes$name[used])
  graph <- igraph::set_vertex_attr(graph, "entrez", value = nodes$entrez[used])
  report <- c(counts, facts)
  tell_network(report, what)
  igraph::set_graph_attr(graph, "report", report)
}

tell_network <- function(report, what) {
  n_unmapped <- report$n_unmapped
  n_genetic <- report$n_genetic %||% 0
  n_taxon <- report$n_other_taxon %||% 0
  n_without <- report$n_without %||% 0
  lines <- c(
    if (n_without > 0) {
      "{n_without} link{?s} without evidence in {.arg channels} left out."
    },
    if (n_unmapped > 0) {
      "{n_unmapped} row{?s} with a {what} without gene left out."
    },
    if (n_genetic > 0) {
      "{n_genetic} genetic interaction{?s} left out: they contain the labels."
    },
    if (n_taxon > 0) "{n_taxon} row{?s} of other species left out."
  )
  tell_repairs(lines, report, "the graph attribute {.field report} counts it")
}
