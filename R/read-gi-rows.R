# A table of genetic interactions as rows of gene_a, gene_b, query, study,
# line, score, fdr, call (factor of the study's own labels).

# Squashed names of scores that rise with lethality, such as GEMINI's.
gi_rising_names <- "gemini|(sensitive|strong)lethality"

# list(rows, layout, roles, rises, unsplit, ignored) of one table: `roles` is a
# tibble of role and column, `ignored` has the columns that have no role.
gi_rows <- function(input, given, study, library) {
  table <- input$table
  abort_file_if(nrow(table) == 0, input$name, 1, c(x = "It has no rows."))
  layout <- if (length(given) > 0) "table" else recognise_gi(table)
  if (is.na(layout)) refuse_gi(table, input$name)
  entry <- gi_layouts[[layout]]
  placed <- lapply(given, function(columns) {
    vapply(columns, given_column, 1L, table = table)
  })
  find <- function(taken) {
    found <- match_layout(names(table), entry, c(unlist(placed), taken))
    place_given(found, placed, names(table))
  }
  check_gi_layout(find(NULL), layout, table, input$name)
  genes <- if (layout != "qgi") gi_genes(input, entry, given, unlist(placed))
  found <- find(genes$used)
  read <- if (layout == "qgi") {
    qgi_rows(input, found$at, library)
  } else if (is.null(entry$mark) && length(found$lines) == 0) {
    long_rows(input, genes, found$at)
  } else {
    wide_rows(input, entry, found, genes)
  }
  rows <- read$rows
  stated <- study %||% rows[["study"]] %||% source_name(input$name)
  rows$study <- rep_len(as.character(stated), nrow(rows))
  rows[setdiff(c("line", "query"), names(rows))] <- NA_character_
  rows[setdiff("fdr", names(rows))] <- NA_real_
  rows$call <- rows[["call"]] %||%
    factor(rep(NA, nrow(rows)), levels = pair_labels)
  order <- c(
    "gene_a", "gene_b", "query", "study", "line", "score", "fdr", "call"
  )
  roles <- tibble(role = names(read$roles), column = names(table)[read$roles])
  scores <- squash_name(roles$column[roles$role == "score"])
  list(
    rows = rows[order], layout = layout, roles = roles,
    rises = any(grepl(gi_rising_names, scores)),
    unsplit = tibble(pair = read$unsplit %||% character()),
    ignored = tibble(column = setdiff(names(table), roles$column))
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
  has_mark <- vapply(gi_layouts, function(x) !is.null(x$mark), NA)
  found <- recognise_layout(
    names(table), gi_layouts[!has_mark & names(gi_layouts) != "table"]
  )
  if (!is.na(found)) {
    return(found)
  }
  here <- match_layout(names(table), gi_layouts$table)$here
  if (any(c("genes", "pair") %in% here) &&
    any(c("score", "significance", "label") %in% here)) {
    return("table")
  }
  first <- utils::head(table[[1]][!is_missing_text(table[[1]])], 1000)
  fits <- vapply(gi_layouts[has_mark], function(layout) {
    isTRUE(mean(grepl(paste0("[^_;:]", layout$mark, "."), first)) > 0.9)
  }, NA)
  if (length(bare_lines(table, seq_along(table)[-1])) == 0) fits[] <- FALSE
  names(fits)[fits][1]
}

# Columns of numbers among those at `free`; none if a name tells of a statistic,
# or if some are whole numbers in twenty rows or more, as counts and ids are.
bare_lines <- function(table, free) {
  number <- lapply(table[free], function(x) {
    x <- missing_to_na(utils::head(x, 1000))
    suppressWarnings(as.numeric(sub(",", ".", x[!is.na(x)], fixed = TRUE)))
  })
  is_value <- lengths(number) > 0 & !vapply(number, anyNA, NA)
  at <- free[is_value]
  whole <- vapply(number[is_value], function(x) {
    length(x) >= 20 && all(x == round(x))
  }, NA)
  if (any(whole | are_statistics(names(table)[at]))) integer() else at
}

# Whether names hold the word of a statistic: "LFC_exp", "nGuides", "A549.SE".
# Short ones are parts of lines as SK-N-AS, GI-1 and Z-138.
are_statistics <- function(names) {
  vapply(name_words(names), function(x) {
    at <- which(x %in% statistic_words)
    numbered <- c(grepl("^[0-9]", x[-1]), FALSE)
    any(nchar(x[at]) > 2 | at == length(x) | (at == 1 & !numbered[at]))
  }, NA)
}

refuse_gi <- function(table, name) {
  columns <- names(table)
  odd <- columns[-1][are_statistics(columns[-1])]
  abort_file(name, 1, c(
    x = "No layout of screens fits its columns {.field {few(columns, 12)}}.",
    x = if (length(odd) > 0) {
      "{.field {few(odd, 6)}} name{?s/} no cell line, but a kind of number."
    },
    i = "Name the columns of {.field gene_a}, {.field gene_b}, {.field score}
         and {.field significance} or {.field label} in {.arg columns}; a column
         of pairs must be called {.field pair}. {.field score} may have several,
         one a line."
  ))
}

# The positions of columns that the user placed, instead of those found.
place_given <- function(found, placed, names) {
  for (role in setdiff(names(placed), c("gene_a", "gene_b"))) {
    at <- placed[[role]]
    found$at[[role]] <- at[[1]]
    found$unclear[[role]] <- NULL
    if (length(at) > 1) found$lines[[role]] <- set_names(at, names[at])
  }
  found
}

check_gi_layout <- function(found, layout, table, name) {
  if (layout == "slkb_scores") {
    methods <- names(table)[grepl("_sl_score", fold_case(names(table)))]
    abort_file(name, 1, c(
      x = "A row is of a line, and has the scores of several methods:
           {.field {few(methods, 12)}}.",
      i = "Choose one as {.field score} of {.arg columns}, and its threshold by
           {.arg hit}."
    ))
  }
  lacks <- found$lacks
  source <- gi_layouts[[layout]]$source
  wanted <- unlist(
    c(gi_layouts[[layout]]$columns, gi_layouts[[layout]]$per_line)[lacks]
  )
  wanted <- gsub("[$^]", "", gsub("(.+)", "LINE", wanted, fixed = TRUE))
  abort_file_if(length(lacks) > 0, name, 1, c(
    x = "It has no column for {.field {lacks}} of the layout {.val {layout}},
         named as {.val {few(wanted, 4)}} ({source}).",
    x = "Its columns are {.field {few(names(table), 12)}}.",
    i = "{.arg columns} names the columns of other tables."
  ))
  for (role in names(found$unclear)) {
    abort_file(name, 1, c(
      x = "Several columns may be the {role}:
           {.field {names(table)[found$unclear[[role]]]}}.",
      i = "Name one in {.arg columns}."
    ))
  }
}

# Tables with one row per pair and line.
long_rows <- function(input, genes, at) {
  table <- input$table
  rows <- genes$genes
  column <- function(role) if (!is.na(at[role])) table[[at[[role]]]]
  rows$score <- numbers_at(input, at["score"])
  rows$fdr <- fdr_at(input, at["significance"])
  rows$line <- trim_or_na(column("line") %||% rep(NA_character_, nrow(table)))
  if (!is.na(at["label"])) {
    rows$call <- interaction_calls(
      column("label"), input$name, names(table)[[at[["label"]]]]
    )
  }
  rows$study <- column("study")
  list(
    rows = rows, unsplit = genes$unsplit, roles = c(genes$used, at[!is.na(at)])
  )
}

# list(genes = tibble gene_a, gene_b and, of a directed screen, query; used;
# unsplit).
gi_genes <- function(input, entry, given, taken) {
  table <- input$table
  # A first column without a name of its own may hold the pairs.
  entry$first <- TRUE
  if (!is.null(c(entry$mark, entry$per_line))) {
    entry$pair <- entry$pair %||% gi_joint_names
  }
  found <- locate_pair(table, input$name, entry, given, taken)
  abort_file_if(length(found$unsplit) > 0 && all(is.na(found$genes$gene_a)),
    input$name, NULL, c(
      x = "The names of its pairs can't be separated:
           {.val {few(found$unsplit)}}.",
      i = "Write one mark between them, as in {.val {'ARID1A|ARID1B'}}."
    )
  )
  query <- find_column(names(table), gi_query_names)
  if (is.na(query) || "pair" %in% names(found$used)) {
    return(found)
  }
  genes <- lapply(found$genes, trimws)
  named <- trim_or_na(table[[query]])
  if (all(is.na(named) | named == genes$gene_a | named == genes$gene_b)) {
    found$genes$query <- named
    found$used <- c(found$used, query = query)
  }
  found
}

# One row per pair and line.
wide_rows <- function(input, entry, found, genes) {
  table <- input$table
  lines <- score_lines(table, entry, found, genes$used, input$name)
  n <- nrow(table)
  rows <- genes$genes[rep(seq_len(n), length(lines$score)), ]
  rows$line <- rep(names(lines$score), each = n)
  rows$score <- numbers_at(input, lines$score)
  if (isTRUE(entry$z_scores)) check_unit(rows, input$name)
  # The larger one of two orientations counts, or 1 if these disagree.
  rows$fdr <- pmax(
    fdr_at(input, lines$fdr), fdr_at(input, lines$fdr2),
    na.rm = TRUE
  )
  agree <- fold_case(unlist(table[lines$agree], use.names = FALSE))
  if (length(agree) == nrow(rows)) rows$fdr[agree %in% c("false", "0")] <- 1
  if (length(lines$call) > 0) {
    rows$call <- interaction_calls(
      unlist(table[lines$call], use.names = FALSE), input$name,
      names(table)[[lines$call[[1]]]]
    )
  }
  kept <- !is.na(rows$gene_a) | !is.na(rows$gene_b)
  list(
    rows = rows[kept, ], unsplit = genes$unsplit,
    roles = c(genes$used, unlist(unname(lapply(names(lines), function(role) {
      at <- lines[[role]][!is.na(lines[[role]])]
      set_names(at, rep(role, length(at)))
    }))))
  )
}

# The columns of each line: `score`, and `fdr`, `fdr2`, `call` in the same
# order, NA where a line has none. Where a layout has FDRs, a number without
# one is no line: ids, numbers of guides. An FDR without its line is an error.
score_lines <- function(table, entry, found, used, name) {
  by_role <- found$lines
  score <- by_role$score
  if (length(score) > 0 && length(by_role$significance) == length(score)) {
    # Both given by the user, in the same order.
    by_role$fdr <- set_names(by_role$significance, names(score))
  }
  if (!is.null(entry$mark)) {
    free <- bare_lines(table, setdiff(seq_along(table), used))
    score <- set_names(free, names(table)[free])
  }
  score <- score[!score %in% c(used, by_role$fdr)]
  fdr <- by_role$fdr[match(names(score), names(by_role$fdr))]
  lone <- setdiff(by_role$fdr, fdr)
  abort_file_if(length(lone) > 0, name, 1, c(
    x = "{.field {few(names(table)[lone])}} match{?es/} no column of scores.",
    i = "Scores and FDRs must have the same names of lines."
  ))
  if (!is.null(by_role$fdr)) {
    score <- score[!is.na(fdr)]
    fdr <- fdr[!is.na(fdr)]
  }
  abort_file_if(length(score) == 0, name, 1, c(
    x = "It has pairs, but no column of scores."
  ))
  of_lines <- function(role, all = FALSE) {
    columns <- by_role[[role]] %||% integer()
    at <- unname(columns[match(names(score), names(columns))])
    if (all && anyNA(at)) integer() else at
  }
  list(
    score = score, fdr = of_lines("fdr"), fdr2 = of_lines("fdr2"),
    call = of_lines("call", all = TRUE), agree = of_lines("agree", all = TRUE)
  )
}

# zdLFC are z-scores of all pairs of a line. Other scores have this layout, too.
check_unit <- function(rows, name) {
  spread <- tapply(rows$score, rows$line, stats::sd, na.rm = TRUE)
  many <- nrow(rows) >= 50 * length(spread)
  odd <- names(spread)[many & !is.na(spread) & (spread < 0.3 | spread > 3)]
  abort_file_if(length(odd) > 0, name, NULL, c(
    x = "{.field {few(odd)}} {?is/are} no zdLFC: these have a standard deviation
         of 1.",
    i = "Name the columns as {.field score} of {.arg columns}, and the threshold
         by {.arg hit}."
  ))
}

# A qGI table lists hits; `library` has the genes that were measured.
qgi_rows <- function(input, at, library) {
  abort_file_if(length(library) == 0, input$name, NULL, c(
    x = "A qGI table lists hits only.",
    i = "Pass the genes of the screen's library as {.arg library}: those not
         listed are non-hits."
  ))
  table <- input$table
  name <- table[[at[["query"]]]]
  is_numbered <- grepl("_[0-9]+_[^_]+$", name)
  listed <- tibble(
    gene_a = sub("_[0-9]+_[^_]+$", "", name),
    gene_b = clean_names(table[[at[["gene_b"]]]]),
    line = ifelse(is_numbered, paste("HAP1", sub("^.*_", "", name)), "HAP1"),
    score = numbers_at(input, at["score"]),
    fdr = fdr_at(input, at["significance"])
  )
  listed$screen <- name
  # With another kind of names every gene of the library would be a non-hit.
  abort_if(length(listed$gene_b) > 0 && !any(listed$gene_b %in% library), c(
    "{.arg library} must have the library genes of the table.",
    x = "The table has names such as {.val {few(unique(listed$gene_b))}},
         {.arg library} such as {.val {few(library)}}.",
    i = unknown_gene_hint(listed$gene_b, library) %||%
      "Map both to the same kind of identifier."
  ), "gene", argument = "library")
  rows <- rbind(listed, unlisted_rows(listed, library))
  rows$screen <- NULL
  rows$query <- rows$gene_a
  # Genes that a screen did not list are measured non-hits without a score.
  call_of <- ifelse(is.na(rows$score), "non_SL", NA)
  rows$call <- factor(call_of, levels = pair_labels)
  list(rows = rows, roles = at[!is.na(at)])
}

unlisted_rows <- function(listed, library) {
  screens <- listed[!duplicated(listed$screen), ]
  rows <- screens[rep(seq_len(nrow(screens)), each = length(library)), ]
  rows$gene_b <- rep(library, nrow(screens))
  rows$score <- rows$fdr <- rep(NA_real_, nrow(rows))
  known <- paste(listed$screen, listed$gene_b, sep = "\t")
  open <- !paste(rows$screen, rows$gene_b, sep = "\t") %in% known
  rows[open & rows$gene_b != rows$gene_a, ]
}
