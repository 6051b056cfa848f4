# Cell lines to test pairs in; see musl_experiment().

# Lines that lost each anchor (`state` "lost"), and lines of the same lineages
# that did not ("kept"): anchor, line, name, lineage, state. `asked`: NULL, a
# word of lineages or names, or ids.
experiment_lines <- function(anchors, asked, most = 10L) {
  brought <- package_table("lines")
  table <- asked_lines(brought$table, asked)
  lost <- split_list(table$lost)
  everywhere <- sub("^.*\t", "", brought$comment)
  everywhere <- split_list(everywhere)[[1]]
  bind_each(anchors, function(anchor) {
    is_lost <- vapply(lost, function(x) anchor %in% x, NA)
    looked <- table$sequenced == 1 | anchor %in% everywhere
    shown <- utils::head(which(is_lost), most)
    kept <- looked & !is_lost & table$lineage %in% table$lineage[shown]
    rows <- c(shown, utils::head(which(kept), most))
    tibble(
      anchor = rep(anchor, length(rows)), line = table$line[rows],
      name = table$name[rows], lineage = table$lineage[rows],
      state = ifelse(is_lost[rows], "lost", "kept")
    )
  })
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
