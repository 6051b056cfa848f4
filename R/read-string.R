# Links of STRING, and the files of information and aliases that name genes.

read_string <- function(start, info, min_score, channels, annotation) {
  min_score <- min_score %||% 0
  check_number(min_score, 0, 1000)
  min_score <- min_score / string_points(min_score)
  links <- read_links(start, min_score, channels)
  gene <- if (is.null(info)) links$symbol
  gene <- gene %||% string_genes(links$name, info, start$path)
  node <- setdiff(gene, NA)
  edges <- with_core(cpp_merge_edges(
    links$from, links$to, links$score, match(gene, node)
  ))
  new_network(edges, node, annotation,
    list(
      source = "STRING", n_below = links$n_below, n_without = links$n_without
    ), "protein"
  )
}

# The number that means 1 in these scores: STRING writes whole thousandths,
# tables made from it often fractions.
string_points <- function(scores) {
  largest <- max(scores, 0)
  if (largest > 1 && largest <= 1000) 1000 else 1
}

string_channels <- c(
  "neighborhood", "fusion", "cooccurrence", "coexpression", "experimental",
  "database", "textmining"
)

# Names that columns have had -> channels.
channel_of_column <- function(names) {
  names <- sub("_transferred$", "", fold_case(names))
  names[names == "cooccurence"] <- "cooccurrence"
  names[names %in% c("experiments", "experimental_score")] <- "experimental"
  ifelse(names %in% string_channels, names, NA_character_)
}

# `from` and `to` are positions in `name`; links below `min_score` or without
# evidence in `channels` are left out and counted.
read_links <- function(start, min_score, channels) {
  at <- layout_places(start$names, network_layouts$string, start$path)
  start$header <- TRUE
  check_has_rows(start)
  scores <- if (is.null(channels)) {
    c(combined_score = at[[3]])
  } else {
    channel_columns(start, channels)
  }
  # The first score shows the scale of all: the smallest in STRING is 150.
  first <- strict_number(start$first_row[[at[[3]]]])
  table <- read_columns(start, c(from = at[[1]], to = at[[2]], scores),
    number = names(scores), coded = TRUE)
  symbol <- symbols_beside(start, table)
  points <- string_points(first[!is.na(first)])
  table[names(scores)] <- lapply(table[names(scores)], `/`, points)
  check_string_scores(table[names(scores)], start$path)
  score <- if (is.null(channels)) {
    table$combined_score
  } else {
    combine_channels(table[names(scores)])
  }
  # Thresholds and scores are thousandths: rounding must not matter.
  is_kept <- score >= min_score - 1e-9
  # A link of which no channel knows keeps the prior.
  n_without <- if (is.null(channels)) 0L else sum(score == string_prior)
  if (n_without > 0) is_kept <- is_kept & score != string_prior
  kept <- which(is_kept)
  from <- as.integer(table$from[kept])
  to <- as.integer(table$to[kept])
  used <- unique(as.vector(rbind(from, to)))
  place <- match(seq_along(levels(table$from)), used)
  list(
    from = place[from], to = place[to], name = levels(table$from)[used],
    symbol = symbol[used],
    score = score[kept], n_below = length(score) - length(kept) - n_without,
    n_without = n_without
  )
}

# The symbols of proteins that a user added to the links as two columns, in the
# order of the proteins' levels; NULL without.
symbols_beside <- function(start, table) {
  at <- find_both(squash_name(start$names), pair_gene_names)
  if (is.null(at)) {
    return(NULL)
  }
  symbols <- clean_names(unlist(read_fields(start, at)))
  protein <- c(as.integer(table$from), as.integer(table$to))
  inform_musl("The nodes are the genes of {.field {start$names[at]}}.")
  symbols[match(seq_along(levels(table$from)), protein)]
}

# STRING's prior probability that two proteins are associated.
string_prior <- 0.041

# STRING's combined score, 0 to 1, from columns of channels and of homology.
# Each score s is corrected for the prior p, s' = (s - p) / (1 - p), at least 0;
# channels combine as 1 - prod(1 - s'), and the prior is added back once.
# Co-occurrence and text mining are multiplied by 1 - homology.
# Source: combine_subscores.py of STRING; von Mering et al. 2005.
combine_channels <- function(scores) {
  homology <- scores[["homology"]] %||% 0
  none <- 1
  for (name in setdiff(names(scores), "homology")) {
    own <- pmax(scores[[name]] - string_prior, 0) / (1 - string_prior)
    if (channel_of_column(name) %in% c("cooccurrence", "textmining")) {
      own <- own * (1 - homology)
    }
    none <- none * (1 - own)
  }
  (1 - none) * (1 - string_prior) + string_prior
}

# Positions of the columns of the channels and of homology, by name.
channel_columns <- function(start, channels) {
  text <- if (is.character(channels)) channels else ""
  out <- startsWith(text, "-")
  bare <- sub("^-", "", text)
  ok <- length(text) > 0 && all(bare %in% string_channels) &&
    (all(out) || !any(out))
  if (!ok) {
    choices <- paste0("\"", string_channels, "\"", collapse = ", ")
    abort_argument("channels",
      paste("some of", choices, "- all with a minus, or none"), channels)
  }
  wanted <- if (all(out)) setdiff(string_channels, bare) else unique(bare)
  channel <- channel_of_column(start$names)
  missing <- setdiff(wanted, channel)
  abort_if(length(missing) > 0, c(
    "{.arg channels} must be columns of the file.",
    x = "{.file {start$path}} has no {.val {missing}}.",
    i = "Use {.file protein.links.detailed} or {.file protein.links.full}."
  ), argument = "channels")
  at <- which(channel %in% wanted)
  homology <- match("homology", fold_case(start$names))
  c(
    set_names(at, start$names[at]),
    if (!is.na(homology)) c(homology = homology)
  )
}

check_string_scores <- function(scores, path) {
  for (name in names(scores)) {
    score <- scores[[name]]
    if (isTRUE(min(score, 0) == 0 && max(score, 1) == 1)) next
    bad <- is.na(score) | score < 0 | score > 1
    abort_file_if(any(bad), path, NULL, c(
      x = "{sum(bad)} score{?s} {?is/are} missing or out of range in
           {.field {name}}, the first in row {which(bad)[[1]]}.",
      i = "Scores are whole numbers up to 1000, or all between 0 and 1."
    ))
  }
}

# The gene of each protein of the links.
string_genes <- function(proteins, info, path) {
  bare <- function(x) sub("^[0-9]+[.]", "", x)
  if (is.null(info)) {
    return(bare(proteins))
  }
  files <- check_files(info, "info")
  table <- do.call(rbind, lapply(files, read_string_names))
  known <- table[!is.na(table$symbol), ]
  gene <- known$symbol[match(bare(proteins), bare(known$protein))]
  abort_if(length(proteins) > 0 && mean(!is.na(gene)) < 0.5, c(
    "The names must be of the species and release of the links.",
    x = "{sum(!is.na(gene))} of {length(proteins)} protein{?s} of
         {.file {path}} {cli::qty(sum(!is.na(gene)))}{?is/are} named.",
    x = "Links have {.val {few(proteins, 2)}}, names
         {.val {few(table$protein, 2)}}."
  ), "gene", argument = "info")
  gene
}

# protein and symbol of one file.
read_string_names <- function(path) {
  start <- table_start(path, quoted = FALSE, header = NA)
  # Aliases of older releases begin with a line that is no header.
  headless <- length(start$names) == 3 && grepl("^[0-9]+[.]", start$names[[1]])
  start$header <- !headless
  check_has_rows(start)
  if (recognise_layout(start$names, string_name_layouts) %in% "info") {
    at <- match_layout(start$names, string_name_layouts$info)$at
    return(read_columns(start, at))
  }
  at <- if (headless) {
    c(protein = 1L, alias = 2L, source = 3L)
  } else {
    layout_places(start$names, string_name_layouts$aliases, path)
  }
  table <- read_columns(start, at)
  protein <- unique(table$protein)
  tibble(protein = protein, symbol = best_alias(table, protein))
}

# Sources of aliases, the best first.
alias_sources <- c(
  "Ensembl_HGNC_symbol", "Ensembl_HGNC", "BioMart_HUGO", "HGNC_symbol",
  "UniProt_GN_Name", "Ensembl_UniProt_GN", "Ensembl_gene_name"
)

# The alias of each protein from the best of its sources. Older releases list
# several sources in one field.
best_alias <- function(table, protein) {
  levels <- unique(table$source)
  rank_of <- vapply(strsplit(levels, " ", fixed = TRUE), function(words) {
    min(c(match(words, alias_sources), Inf), na.rm = TRUE)
  }, 1)
  rank <- rank_of[match(table$source, levels)]
  rows <- which(is.finite(rank))
  rows <- rows[order(rank[rows])]
  table$alias[rows][match(protein, table$protein[rows])]
}
