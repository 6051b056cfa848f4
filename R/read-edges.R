# BioGRID, HIPPIE and other tables of one edge a row.

read_biogrid <- function(start, taxon, annotation) {
  check_whole(taxon, 1, allow_null = TRUE)
  at <- layout_places(start$names, network_layouts$biogrid, start$path)
  start$header <- TRUE
  check_has_rows(start)
  table <- read_columns(start, at)
  genetic <- each_once(table$type, is_genetic_text)
  foreign <- !genetic & !is.null(taxon) &
    (table$taxon_a != format(taxon, scientific = FALSE) |
      table$taxon_b != format(taxon, scientific = FALSE))
  table <- table[!genetic & !foreign, ]
  edges_of_names(table$symbol_a, table$symbol_b, numeric(), annotation,
    list(source = "BioGRID", n_genetic = sum(genetic),
      n_other_taxon = sum(foreign)
    )
  )
}

edges_of_names <- function(from, to, weight, annotation, facts) {
  from <- clean_names(from)
  to <- clean_names(to)
  node <- setdiff(c(from, to), NA)
  several <- node[are_several(node)]
  if (length(several) > 0) {
    node <- setdiff(node, several)
    facts$several <- several
    facts$n_several <- sum(from %in% several | to %in% several)
  }
  at <- match(from, node, nomatch = length(node) + 1L)
  end <- match(to, node, nomatch = length(node) + 1L)
  edges <- with_core(
    cpp_merge_edges(at, end, weight, c(seq_along(node), NA_integer_))
  )
  new_network(edges, node, annotation, facts, "partner")
}

# HIPPIE's six columns, without header: names and Entrez ids of both, a score.
is_hippie_six <- function(start) {
  length(start$names) %in% 5:6 &&
    all(grepl("^([0-9]+|)$", start$names[c(2, 4)])) &&
    !is.infinite(strict_number(start$names[[5]]))
}

read_hippie <- function(start, min_score, annotation) {
  min_score <- min_score %||% 0
  check_number(min_score, 0, 1)
  layout <- recognise_layout(start$names, network_layouts[c("mitab", "hippie")])
  six <- is.na(layout) && is_hippie_six(start)
  abort_file_if(is.na(layout) && !six, start$path, 1, c(
    x = "It is neither HIPPIE's table of six or eight columns nor its MITAB
         table.",
    i = "{.code format = \"edges\"} reads other tables of edges."
  ))
  start$header <- !six
  check_has_rows(start)
  at <- if (six) {
    c(from = 2L, to = 4L, score = 5L)
  } else {
    match_layout(start$names, network_layouts[[layout]])$at
  }
  table <- read_columns(start, at[c("from", "to", "score")])
  # MITAB names the source of a confidence, "hippie:0.63".
  table$score <- strict_numbers(
    sub("^hippie:", "", table$score), start, at[["score"]]
  )
  check_unit_range(table$score, start$path)
  low <- is.na(table$score) | table$score < min_score
  table <- table[!low, ]
  edges_of_names(
    table$from, table$to, table$score, annotation,
    list(source = "HIPPIE", n_below = sum(low))
  )
}

# columns  list of the places of gene_a, gene_b and, if there is one, weight
read_edges <- function(start, columns, min_score, header, annotation) {
  check_flag(header, allow_null = TRUE)
  start <- settle_header(start, header, columns)
  at <- edge_columns(start, columns)
  if (start$header) tell_left_columns(start, at)
  if (!is.null(min_score)) check_has_weights(start, at)
  table <- read_columns(start, at, number = "weight")
  low <- rep(FALSE, nrow(table))
  if ("weight" %in% names(at)) {
    unit <- score_unit(
      start$names[[at[["weight"]]]], table$weight,
      paste("file", basename(start$path))
    )
    table$weight <- table$weight / unit
    least <- min_score %||% -Inf
    if (least > 1) least <- least / unit
    low <- !is.null(min_score) & !(table$weight >= least) %in% TRUE
  }
  genetic <- is_genetic(as.list(table[-match(
    c("from", "to", if ("weight" %in% names(at)) "weight"), names(table)
  )]))
  genetic <- rep_len(genetic, nrow(table)) & !low
  table <- table[!low & !genetic, ]
  score <- if ("weight" %in% names(at)) table$weight else numeric()
  check_edge_weights(score, start$path)
  check_gene_numbers(
    clean_names(unique(c(table$from, table$to))),
    start$names[at[c("from", "to")]], start$path,
    "Name the columns of the genes' names in {.arg columns}."
  )
  edges_of_names(table$from, table$to, score, annotation,
    list(n_below = sum(low), n_genetic = sum(genetic)))
}

# A wrong guess shows where a column is left out.
tell_left_columns <- function(start, at) {
  left <- start$names[-at]
  roles <- at[intersect(c("from", "to", "weight"), names(at))]
  inform_if(length(left) > 0, c(
    "{length(left)} column{?s} of {.file {basename(start$path)}}
     {cli::qty(length(left))}{?is/are} left out: {.field {few(left, 8)}}.",
    i = "Columns: {told_roles(tibble(role = names(roles),
         column = start$names[roles]))}."
  ))
}

check_has_weights <- function(start, at) {
  abort_if(!"weight" %in% names(at), c(
    "{.arg min_score} must be {.code NULL} without a column of weights.",
    x = "The columns of {.file {basename(start$path)}} are
         {.field {few(start$names, 8)}}.",
    i = "If one of them has the scores, name it as {.field weight} in
         {.arg columns}, or call it {.field score} in the file."
  ), argument = "min_score")
}

# 1000 for STRING's combined score under a shorter name, 1 for other weights.
# STRING's smallest is 150; other scores are not whole numbers of that size.
score_unit <- function(column, weight, where) {
  whole <- squash_name(column) %in% c("score", "combinedscore") &&
    is_plain_number(weight) && length(weight) > 0 &&
    all(is.finite(weight)) && all(weight == trunc(weight)) &&
    min(weight) >= 100 && max(weight) <= 1000
  inform_if(whole,
    "Column {.field {column}} of {where} holds whole numbers up to
     {max(weight)}: they are read as STRING's thousandths."
  )
  if (whole) 1000 else 1
}

edge_weight_names <- c(
  "weight", "score", "combinedscore", "confidence", "confidencescore"
)

# Whether the first line is a header, if the caller does not say.
settle_header <- function(start, header, columns) {
  named <- !is.null(find_both(squash_name(start$names), pair_gene_names))
  if (is.null(header)) {
    first <- start$names[seq_len(min(2, length(start$names)))]
    is_id <- id_type_of(first) %in% c("entrez", "ensembl", "uniprot") |
      grepl("^ENSP[0-9]+$", first)
    header <- named || any(vapply(columns, is.character, NA)) || !all(is_id)
    abort_file_if(header && !named && length(columns) == 0, start$path, 1, c(
      x = "It is not clear which columns hold the ends of an edge:
           {.val {few(start$names, 8)}}.",
      i = if (recognise_layout(start$names, network_layouts) %in% "string") {
        "{.code format = \"string\"} reads files of STRING, with names of
         genes."
      } else {
        "If this line is an edge, pass {.code header = FALSE}; else name the
         columns with {.arg columns}."
      }
    ))
  }
  start$header <- header
  check_has_rows(start)
  if (!header) {
    start$first_row <- start$names
    start$names <- paste0("column_", seq_along(start$names))
  }
  start
}

# Positions of from, to, weight and of columns that tell of genetic evidence.
edge_columns <- function(start, columns) {
  abort_file_if(length(start$names) < 2, start$path, 1, c(
    x = "It has one column: {.field {few(start$names)}}.",
    i = "An edge has two ends; check the delimiter."
  ))
  table <- set_names(as.list(start$names), start$names)
  at <- if (length(columns) > 0) {
    places <- columns[c("gene_a", "gene_b", if (length(columns) > 2) "weight")]
    vapply(places, given_column, 1L, table = table)
  } else if (start$header) {
    find_both(squash_name(start$names), pair_gene_names)
  } else {
    1:2
  }
  if (length(at) == 2) {
    at <- c(at, if (start$header) {
      find_column(start$names, edge_weight_names)
    } else {
      tell_equal_weights(start, at)
    })
  }
  names(at) <- c("from", "to", "weight")
  evidence <- !start$header | is_genetic_text(start$names) |
    grepl(network_evidence, squash_name(start$names))
  # Scores are no words.
  score <- is.finite(strict_number(start$first_row)) &
    !is_genetic_text(start$names)
  evidence <- setdiff(which(evidence & !score), at)
  shown <- if (start$header) start$names else paste0("evidence_", start$names)
  names(evidence) <- shown[evidence]
  if (length(columns) == 0) check_no_interactions(start, at)
  c(at[!is.na(at)], evidence)
}

# Labels and scores of genetic interactions reveal what is to be predicted.
check_no_interactions <- function(start, at) {
  squashed <- squash_name(start$names)
  scores <- "(sl|gi|qgi)score$|^zdlfc|syntheticletha|^(sl|slornot|issl|label)$"
  odd <- setdiff(grep(scores, squashed), at)
  abort_file_if(length(odd) > 0, start$path, 1, c(
    x = "It is a table of genetic interactions, by {.field
         {few(start$names[odd])}}, not a network.",
    i = "{.fn read_gi_screen} and {.fn read_pairs} read it; {.arg columns} names
         the ends of a network."
  ))
}

# Where no header names the weights, `columns` must.
tell_equal_weights <- function(start, ends) {
  other <- setdiff(seq_along(start$names), ends)
  number <- suppressWarnings(as.numeric(start$first_row[other]))
  inform_if(any(!is.na(number)), c(
    "All edges of file {.file {basename(start$path)}} have weight 1.",
    i = "If column {.or {other[!is.na(number)]}} holds weights, pass its
         position as {.field weight} in {.arg columns}."
  ))
  NA_integer_
}

check_edge_weights <- function(weight, path) {
  bad <- which(!is.finite(weight) | weight <= 0)
  abort_file_if(length(bad) > 0, path, NULL, c(
    x = "{length(bad)} edge{?s} {?has/have} a weight that is missing or not
         positive, the first in row {bad[[1]]}.",
    i = "Remove {cli::qty(length(bad))}{?it/them}, or name another column as
         {.field weight} in {.arg columns}."
  ))
}
