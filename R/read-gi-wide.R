# Layouts with one column per line, and those that list hits only.

# Columns after the first that hold numbers.
wide_columns <- function(table) {
  is_value <- vapply(table[-1], function(x) {
    x <- with_point(missing_to_na(utils::head(x, 1000)))
    any(!is.na(x)) && !anyNA(suppressWarnings(as.numeric(x[!is.na(x)])))
  }, TRUE)
  names(table)[-1][is_value]
}

# One row per pair and line. `score` is the part of the names of score columns
# besides the line, `fdr` likewise.
wide_rows <- function(input, score = "", fdr = NULL, call) {
  table <- input$table
  values <- if (nzchar(score)) names(table) else wide_columns(table)
  if (!is.null(fdr)) values <- setdiff(values, grep(fdr, values, value = TRUE))
  values <- grep(score, values, value = TRUE, ignore.case = TRUE)
  genes <- find_both(
    squash_name(names(table)), c(pair_gene_names, gi_gene_names)
  )
  pairs <- if (is.null(genes)) {
    split_screen_pairs(table[[1]])
  } else {
    list(genes = tibble(
      gene_a = trimws(table[[genes[[1]]]]), gene_b = trimws(table[[genes[[2]]]])
    ))
  }
  values <- setdiff(values, names(table)[c(genes, if (is.null(genes)) 1L)])
  abort_file_if(length(values) == 0, input$name, 1, c(
    x = "It has pairs, but no column of scores."
  ), call)
  line <- sub(score, "", values, ignore.case = TRUE)
  fdr_of <- fdr_columns(line, table, fdr)
  # Where no name tells the lines, a number without FDRs beside lines that have
  # them is none: ids, numbers of guides.
  is_line <- nzchar(score) | !is.na(fdr_of) | all(is.na(fdr_of))
  ignored <- values[!is_line]
  values <- values[is_line]
  line <- line[is_line]
  n <- nrow(table)
  rows <- pairs$genes[rep(seq_len(n), length(values)), ]
  rows$context <- rep(line, each = n)
  rows$score <- unlist(lapply(values, function(column) {
    score_numbers(table[[column]], column, input$name, call)
  }))
  rows$fdr <- unlist(lapply(fdr_of[is_line], function(column) {
    if (is.na(column)) {
      return(rep(NA_real_, n))
    }
    score_numbers(table[[column]], column, input$name, call)
  }))
  kept <- !is.na(rows$gene_a) | !is.na(rows$gene_b)
  list(rows = rows[kept, ], unsplit = pairs$unsplit, ignored = ignored)
}

# The column of FDRs of each line, NA for none.
fdr_columns <- function(lines, table, fdr) {
  if (is.null(fdr)) {
    return(rep(NA_character_, length(lines)))
  }
  columns <- grep(fdr, names(table), value = TRUE)
  columns[match(lines, sub(fdr, "", columns))]
}

# A qGI table lists hits; `library` has the genes that were measured.
qgi_rows <- function(input, library, call) {
  abort_file_if(length(library) == 0, input$name, NULL, c(
    x = "A qGI table lists hits only.",
    i = "Pass the genes of the screen's library as {.arg library}: those not
         listed are non-hits."
  ), call)
  table <- input$table
  columns <- c("library_gene", "query_name", "qGI_score")
  lacking <- columns[!squash_name(columns) %in% squash_name(names(table))]
  abort_file_if(length(lacking) > 0, input$name, 1, c(
    x = "A qGI table must have the column{?s} {.field {lacking}}.",
    i = "Its columns are {.field {utils::head(names(table), 12)}}."
  ), call)
  at <- function(name) table[[match(name, squash_name(names(table)))]]
  query <- strsplit(at("queryname"), "_", fixed = TRUE)
  last <- vapply(query, function(x) x[[length(x)]], "")
  is_numbered <- grepl("_[0-9]+_[^_]+$", at("queryname"))
  listed <- tibble(
    gene_a = sub("_[0-9]+_[^_]+$", "", at("queryname")),
    gene_b = trimws(at("librarygene")),
    context = ifelse(is_numbered, paste("HAP1", last), "HAP1"),
    score = score_numbers(at("qgiscore"), "qGI_score", input$name, call),
    fdr = score_numbers(
      at("fdr") %||% rep(NA, nrow(table)), "FDR", input$name, call
    )
  )
  listed$screen <- at("queryname")
  check_screen_library(library, listed$gene_b, call)
  rows <- rbind(listed, unlisted_rows(listed, library))
  rows$screen <- NULL
  rows$query <- rows$gene_a
  # Genes that a screen did not list are measured non-hits without a score.
  call_of <- ifelse(is.na(rows$score), "non_SL", NA)
  rows$call <- factor(call_of, levels = pair_labels)
  list(rows = rows)
}

# With another kind of names every gene of the library would be a non-hit.
check_screen_library <- function(library, genes, call) {
  abort_if(length(genes) > 0 && !any(genes %in% library), c(
    "{.arg library} must have the library genes of the table.",
    x = "The table has names such as {.val {few(unique(genes))}},
         {.arg library} such as {.val {few(library)}}.",
    i = unknown_gene_hint(genes, library) %||%
      "Map both to the same kind of identifier."
  ), "gene", argument = "library", call = call)
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
