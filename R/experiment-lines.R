# Cell lines to test pairs in; see musl_experiment().

# Lines that lost each anchor (`state` "lost"), and lines of the same lineages
# that did not ("kept"): anchor, line, name, lineage, state, expressed (share of
# the anchor's partners, NA if not known). `asked`: NULL, a word of lineages or
# names, or ids; `levels`: of line_levels(). Lines that express fewer than half
# of the partners are left out.
experiment_lines <- function(pairs, asked, levels = NULL, most = 10L) {
  anchors <- unique(pairs$gene_a)
  brought <- package_table("lines")
  table <- asked_lines(brought$table, asked)
  known <- known_levels(levels, table)
  lost <- split_list(table$lost)
  everywhere <- sub("^.*\t", "", brought$comment)
  everywhere <- split_list(everywhere)[[1]]
  bind_each(anchors, function(anchor) {
    expressed <- expressed_partners(
      known, pairs$gene_b[pairs$gene_a == anchor], nrow(table)
    )
    silent <- (expressed < 0.5) %in% TRUE
    is_lost <- vapply(lost, function(x) anchor %in% x, NA) & !silent
    looked <- (table$sequenced == 1 | anchor %in% everywhere) & !silent
    shown <- utils::head(which(is_lost), most)
    kept <- looked & !is_lost & table$lineage %in% table$lineage[shown]
    rows <- c(shown, utils::head(which(kept), most))
    tibble(
      anchor = rep(anchor, length(rows)), line = table$line[rows],
      name = table$name[rows], lineage = table$lineage[rows],
      state = ifelse(is_lost[rows], "lost", "kept"),
      expressed = expressed[rows]
    )
  })
}

# log2(TPM + 1) from which on a gene counts as expressed.
expressed_level <- 1

# A matrix of genes x lines that a user brings, or NULL.
line_levels <- function(expression) {
  if (!is.null(expression)) {
    levels <- line_assays(expression)$expression
    levels <- check_line_matrix(levels, "expression")
    check_line_levels(levels, "expression")
    known <- package_table("lines")$table
    lines <- fold_case(colnames(levels))
    abort_if(!any(lines %in% fold_case(c(known$line, known$name))), c(
      "{.arg expression} must name lines of DepMap as its columns.",
      x = "None is known of {.val {few(colnames(levels))}}."
    ), argument = "expression")
    levels
  }
}

# list(levels: genes x lines; row: of each line in `table`); without levels of
# the lines that the human model knows.
known_levels <- function(levels, table) {
  if (is.null(levels)) levels <- human_levels()
  lines <- fold_case(colnames(levels))
  row <- match(lines, fold_case(table$line))
  row[is.na(row)] <- match(lines, fold_case(table$name))[is.na(row)]
  list(levels = levels[, !is.na(row), drop = FALSE], row = row[!is.na(row)])
}

# log2(x + 1) of genes in the lines of the human model, genes x lines.
human_levels <- function() {
  object <- musl_human_model()
  model <- live_features(object)
  lines <- with_core(cpp_line_names(model, NULL))
  out <- with_core(cpp_line_levels(model, NULL, seq_along(lines) - 1L))
  dimnames(out) <- list(object@genes, lines)
  out
}

# Share of the partners that each of `n` lines expresses, NA if not known.
expressed_partners <- function(known, partners, n) {
  at <- match(partners, rownames(known$levels))
  told <- known$levels[at[!is.na(at)], , drop = FALSE] >= expressed_level
  out <- rep(NA_real_, n)
  out[known$row] <- nan_to_na(colMeans(told, na.rm = TRUE))
  out
}

asked_lines <- function(table, asked) {
  asked <- factor_names(asked, "lines")
  if (is.null(asked)) {
    return(table)
  }
  if (!is.character(asked) || length(asked) == 0 || anyNA(asked)) {
    abort_argument("lines", "lineages, names or DepMap ids of lines", asked)
  }
  word <- fold_case(asked)
  is_asked <- function(x) fold_case(x) %in% word
  found <- is_asked(table$line) | is_asked(table$name) |
    is_asked(table$lineage) |
    vapply(strsplit(fold_case(table$lineage), "/", fixed = TRUE), function(x) {
      any(x %in% word)
    }, NA)
  abort_if(!any(found), c(
    "{.arg lines} must name lineages or lines of DepMap.",
    x = "None is {.val {few(asked)}}.",
    i = "Lineages are {.val {sort(unique(table$lineage))}}."
  ), argument = "lines")
  table[found, ]
}
