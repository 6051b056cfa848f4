# Layouts of tables of genetic interactions, and each as rows of gene_a, gene_b,
# query, source, context, score, fdr, call (factor of the study's own labels).

# For each layout, the thresholds of effect and FDR below which a pair is a hit,
# and which of its scores are lethal.
gi_rules <- list(
  gemini = list(hit = -0.5, fdr = Inf, lethal = "positive"),
  zdlfc = list(hit = -3, fdr = Inf, lethal = "negative"),
  parrish = list(hit = -0.5, fdr = 0.1, lethal = "negative"),
  orthrus = list(hit = 0, fdr = 0.1, lethal = "negative"),
  horlbeck = list(hit = -3, fdr = Inf, lethal = "negative"),
  qgi = list(hit = 0, fdr = 0.1, lethal = "negative"),
  zscore = list(hit = 0, fdr = 0.1, lethal = "negative"),
  per_line = list(hit = -0.5, fdr = 0.1, lethal = "negative"),
  table = list(hit = 0, fdr = 0.1, lethal = NULL)
)

# Squashed names of columns, in addition to those of read_pairs().
gi_gene_names <- list(
  c("querygene", "librarygene"), c("query", "librarygene"), c("query", "gene"),
  c("query", "target"), c("targeta", "targetb"), c("target1", "target2"),
  c("paraloga", "paralogb")
)
gi_query_names <- c("querygene", "query")
gi_joint_names <- c(
  "genepair", "pair", "genepairs", "sortedgenepair", "paralogpair",
  "genecombination", "genes"
)
gi_names <- list(
  score = c(
    "score", "effect", "qgiscore", "giscore", "gi", "meannormgi", "pairzscore",
    "zscore", "zdlfc", "dlfc", "slscore", "geminiscore", "differential",
    "sensitivelethality", "stronglethality"
  ),
  significance = c(
    "fdr", "fdrbh", "padj", "adjp", "pvaladj", "adjustedpvalue", "qvalue",
    "qval", "fdr1"
  ),
  line = c(
    "context", "line", "cellline", "celllinelabel", "celllinename",
    "celllineorigin", "condition", "media", "medium", "sample"
  ),
  label = c(
    "label", "slornot", "sl", "issl", "syntheticlethal", "syntheticlethality",
    "hit", "call"
  ),
  source = c("study", "studyorigin", "dataset", "screen", "source")
)

# Squashed names of scores that rise with lethality, such as GEMINI's; of those
# of other columns negative is synthetic lethal.
gi_rising_names <- "gemini|(sensitive|strong)lethality"

# list(rows, unsplit, layout) of one table.
gi_rows <- function(input, layout, columns, source, library, call) {
  table <- input$table
  abort_file_if(nrow(table) == 0, input$name, 1, c(x = "It has no rows."), call)
  given <- !vapply(columns, is.null, TRUE)
  layout <- if (any(given)) "table" else layout %||% recognise_gi(table)
  abort_file_if(is.na(layout), input$name, 1, c(
    x = "No layout of screens fits its columns
         {.field {utils::head(names(table), 12)}}.",
    i = "Name the columns by {.arg gene_a}, {.arg gene_b}, {.arg score} and
         {.arg significance} or {.arg label}; a column of pairs must be
         called {.field pair}."
  ), call)
  # Only tables with one row a pair and line have a column of studies.
  wide <- c("gemini", "zdlfc", "parrish", "horlbeck", "orthrus", "qgi")
  if (!layout %in% wide && isTRUE(source %in% names(table))) {
    columns$source <- source
    source <- NULL
  }
  read <- switch(layout,
    gemini = , zdlfc = wide_rows(input, call = call),
    parrish = wide_rows(input, "", "_fdr$", call),
    horlbeck = wide_rows(input, "_SL_score$", NULL, call),
    orthrus = wide_rows(
      input, "^differential_combn_vs_single_", "^fdr1_", call
    ),
    qgi = qgi_rows(input, library, call),
    long_rows(input, columns, call)
  )
  rows <- read$rows
  stated <- source %||% rows[["source"]] %||% source_name(input$name)
  rows$source <- rep_len(as.character(stated), nrow(rows))
  rows[setdiff(c("context", "query"), names(rows))] <- NA_character_
  rows[setdiff("fdr", names(rows))] <- NA_real_
  rows$call <- rows[["call"]] %||%
    factor(rep(NA, nrow(rows)), levels = pair_labels)
  order <- c(
    "gene_a", "gene_b", "query", "source", "context", "score", "fdr", "call"
  )
  list(
    rows = rows[order], layout = layout, rises = isTRUE(read$rises),
    unsplit = tibble(pair = read$unsplit %||% character()),
    ignored = tibble(column = read$ignored %||% character())
  )
}

# "a/b/Parrish.tsv.gz" -> "Parrish"
source_name <- function(path) {
  if (path == "data frame") {
    return("screen")
  }
  sub("[.](csv|tsv|txt|xlsx?|zip)$", "", sub("[.]gz$", "", basename(path)))
}

# The name of the layout, or NA.
recognise_gi <- function(table) {
  names <- names(table)
  squashed <- squash_name(names)
  has <- function(...) all(c(...) %in% squashed)
  if (has("librarygene", "queryname", "qgiscore")) {
    "qgi"
  } else if (any(grepl("^differential_combn_vs_single_", names))) {
    "orthrus"
  } else if (any(grepl("_SL_score$", names, ignore.case = TRUE))) {
    "horlbeck"
  } else if (has("pairzscore")) {
    "zscore"
  } else if (has("targeta", "targetb", "meannormgi")) {
    "per_line"
  } else if (is_long_table(table, squashed)) {
    "table"
  } else {
    wide_layout(table, names)
  }
}

is_long_table <- function(table, squashed) {
  pairs <- !is.null(find_both(squashed, c(pair_gene_names, gi_gene_names))) ||
    any(gi_joint_names %in% squashed)
  values <- unlist(gi_names[c("score", "significance", "label")])
  pairs && any(values %in% squashed)
}

# Squashed names of statistics, as DrugZ and MAGeCK have them beside a score.
gi_statistics <- paste0(
  "^(neg|pos|rank)?(pval(ue)?s?|qval(ue)?s?|fdr|padj|rank)",
  "(synth|supp|bh)?$"
)

# Tables with pairs in the first column, and one other column per line.
wide_layout <- function(table, names) {
  first <- utils::head(table[[1]][!is_unnamed(table[[1]])], 1000)
  share <- function(mark) mean(grepl(paste0("^[^", mark, "]+", mark), first))
  others <- wide_columns(table)
  if (length(first) == 0 || length(others) == 0 ||
    any(grepl(gi_statistics, squash_name(others)))) {
    NA_character_
  } else if (any(paste0(names, "_fdr") %in% names)) {
    "parrish"
  } else if (share(";") > 0.9) {
    "gemini"
  } else if (share("_") > 0.9) {
    "zdlfc"
  } else {
    NA_character_
  }
}

# Tables with one row per pair and line.
long_rows <- function(input, columns, call) {
  table <- input$table
  squashed <- squash_name(names(table))
  genes <- gi_genes(input, columns, squashed, call)
  used <- genes$used
  take <- function(what) {
    at <- if (is.null(columns[[what]])) {
      # NA if there is none.
      setdiff(match(gi_names[[what]], squashed), c(NA, used))[1]
    } else {
      given_column(columns[[what]], table, what, call)
    }
    if (!is.na(at)) list(value = table[[at]], name = names(table)[[at]])
  }
  number <- function(found) {
    if (is.null(found)) {
      return(rep(NA_real_, nrow(table)))
    }
    score_numbers(found$value, found$name, input$name, call)
  }
  rows <- genes$genes
  score <- take("score")
  rows$score <- number(score)
  rows$fdr <- number(take("significance"))
  line <- take("line")$value %||% rep(NA_character_, nrow(table))
  rows$context <- missing_to_na(trimws(line))
  label <- take("label")
  if (!is.null(label)) {
    rows$call <- interaction_calls(label$value, input$name, label$name, call)
  }
  source <- take("source")$value
  if (!is.null(source)) rows$source <- source
  list(
    rows = rows, unsplit = genes$unsplit,
    rises = any(grepl(gi_rising_names, squash_name(score$name)))
  )
}

# A screen's calls. If they name interactions, a negative one is SL, and an
# empty cell is no interaction; else they are labels as in read_pairs().
interaction_calls <- function(x, name, column, call) {
  word <- squash_name(sub("(gi|interaction)s?$", "", squash_name(x)))
  signed <- word %in% c("negative", "neg", "positive", "pos")
  none <- is_unnamed(x) | word %in% c(
    "", "none", "ns", "no", "neutral", "nonsignificant", "notsignificant", "na"
  )
  if (!any(signed) || !all(signed | none)) {
    return(read_labels(x, name, column, call))
  }
  is_negative <- word %in% c("negative", "neg")
  factor(ifelse(is_negative, "SL", "non_SL"), levels = pair_labels)
}

# list(genes = tibble gene_a, gene_b and, of a directed screen, query; used;
# unsplit).
gi_genes <- function(input, columns, squashed, call) {
  table <- input$table
  at <- gene_places(table, columns, c(pair_gene_names, gi_gene_names), call)
  joint <- setdiff(match(gi_joint_names, squashed), NA)
  if (is.null(at) && length(joint) > 0) {
    pairs <- split_screen_pairs(table[[joint[[1]]]])
    return(c(pairs, list(used = joint[[1]])))
  }
  abort_file_if(is.null(at), input$name, 1, c(
    x = "No two columns are recognised as the genes of a pair.",
    x = "The columns are {.field {utils::head(names(table), 12)}}.",
    i = "Name them by {.arg gene_a} and {.arg gene_b}."
  ), call)
  genes <- tibble(
    gene_a = trimws(table[[at[[1]]]]), gene_b = trimws(table[[at[[2]]]])
  )
  if (squashed[[at[[1]]]] %in% gi_query_names) {
    genes$query <- genes$gene_a
    return(list(genes = genes, used = at))
  }
  query <- setdiff(match(gi_query_names, squashed), c(at, NA))
  if (length(query) > 0) {
    named <- missing_to_na(trimws(table[[query[[1]]]]))
    of_pair <- is.na(named) | named == genes$gene_a | named == genes$gene_b
    if (all(of_pair)) {
      genes$query <- named
      at <- c(at, query[[1]])
    }
  }
  list(genes = genes, used = at)
}

# Infinite and missing scores are kept for the report; other text is an error.
score_numbers <- function(x, column, name, call) {
  text <- with_point(missing_to_na(trimws(x)))
  number <- suppressWarnings(as.numeric(text))
  bad <- which(is.na(number) & !is.na(text))
  if (length(bad) > 0) {
    found <- text[bad[[1]]]
    abort_file(name, bad[[1]] + 1L, c(
      x = "Column {.field {column}} must be numbers; found {.val {found}}
           ({length(bad)} like it).",
      i = if (is_comma_number(found)) {
        "Write all decimals with a point."
      }
    ), call)
  }
  number
}
