# Compares screens of several queries with the predictions of their anchors.

# The column of `screen` with the query of each row; NULL for none.
query_column <- function(screen, columns) {
  if (!is.null(columns) && "anchor" %in% names(columns)) {
    check_screen_columns(columns[["anchor"]], screen)
    return(columns[["anchor"]])
  }
  if (is_musl_dependency(screen)) "anchor"
}

check_screen_columns <- function(columns, screen) {
  missing <- setdiff(columns, names(screen))
  abort_if(length(missing) > 0, c(
    "{.arg columns} must be columns of {.arg screen}.",
    x = "Not there: {.field {missing}}.",
    i = "Its columns are {.field {utils::head(names(screen), 8)}}."
  ), argument = "columns")
}

# The other named columns; NULL if the format must be recognised.
without_anchor <- function(columns) {
  if (!is.character(columns)) {
    return(columns)
  }
  rest <- columns[names2(columns) != "anchor"]
  if (length(rest) > 0) rest
}

# What to compare: the given anchor, or the queries in both tables; NULL if the
# predictions determine it.
queries_to_compare <- function(predictions, screen, anchor, column) {
  if (!is.null(anchor) || is.null(column)) {
    return(anchor)
  }
  screened <- unique(id_text(screen[[column]]))
  pairs <- prediction_pairs(predictions, "predictions")
  predicted <- predicted_queries(pairs, screened)
  both <- intersect(screened, predicted)
  if (length(both) > 0 || length(screened) == 1) {
    return(if (length(both) > 0) both)
  }
  abort_musl(c(
    "{.arg predictions} and {.arg screen} must share an anchor.",
    x = "Examples of predicted anchors: {.val {utils::head(predicted, 3)}};
         of screened queries: {.val {utils::head(screened, 3)}}."
  ), argument = "screen")
}

# The genes whose pairs are a list of partners. In pairs without a direction a
# gene may be screened and yet be only a partner of them.
predicted_queries <- function(pairs, screened) {
  shared <- shared_anchors(pairs$gene_a, pairs$gene_b, pairs$directed)
  if (pairs$directed || length(shared) == 1) {
    return(shared)
  }
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  n <- tabulate(c(a, b), length(genes))
  fuller <- intersect(screened, genes[c(a[n[a] >= n[b]], b[n[b] >= n[a]])])
  # In lists of few candidates these are the fuller genes: then queries have
  # pairs that no fuller query has.
  n_pairs <- function(of) sum(pairs$gene_a %in% of | pairs$gene_b %in% of)
  few_others <- n_pairs(fuller) >= compared_share * n_pairs(screened)
  if (length(fuller) > 0 && few_others) fuller else genes
}

# Rows of the screen that belong to an anchor; all rows if the table has only
# one query, whatever its name.
rows_of_query <- function(screen, column, anchor) {
  if (is.null(column) || is.null(anchor)) {
    return(screen)
  }
  query <- id_text(screen[[column]])
  found <- query %in% anchor
  abort_if(!any(found) && length(unique(query)) > 1, c(
    "{.arg screen} must hold the anchor {.val {anchor}}.",
    x = "It holds {.val {utils::head(unique(query), 3)}}."
  ), argument = "screen")
  if (any(found)) screen[found, ] else screen
}

# One comparison per query, and their mean. Warnings of several queries are
# merged into one.
compare_queries <- function(queries, compare_one, plan) {
  told <- new.env(parent = emptyenv())
  each <- lapply(queries, function(query) {
    withCallingHandlers(compare_one(query), musl_warning_other = function(cnd) {
      assign(query, cnd_text(cnd), envir = told)
      invokeRestart("muffleWarning")
    })
  })
  warn_queries(mget(ls(told), envir = told), queries)
  rows <- lapply(each, function(one) as_tibble(unclass(one$comparison)))
  genes <- lapply(each, function(one) {
    anchor <- one$comparison$anchor[[1]]
    genes <- attr(one$comparison, "genes")
    cbind_tibble(tibble(anchor = rep(anchor, nrow(genes))), genes)
  })
  whole <- mean_of_queries(rows, lapply(each, `[[`, "replicates"), plan)
  tibble::new_tibble(
    do.call(rbind, c(rows, list(whole))),
    class = "musl_comparison", genes = do.call(rbind, genes)
  )
}

warn_queries <- function(told, queries) {
  warn_if(length(told) > 0, c(
    "{length(told)} of {length(queries)} queries gave a warning; the one of
     {.val {names(told)[[1]]}} is:",
    x = gsub("([{}])", "\\1\\1", told[[1]]),
    i = if (length(told) > 1) "The others: {.val {names(told)[-1]}}."
  ), queries = names(told))
}

# Rows for all queries: means of the measures over queries that have them, and
# total numbers of genes and hits of these.
mean_of_queries <- function(rows, replicates, plan) {
  # A query of few genes lacks the large depths; the longest has all.
  longest <- rows[[which.max(vapply(rows, nrow, 1L))]]
  metrics <- longest$.metric
  at <- lapply(rows, function(one) match(metrics, one$.metric))
  column <- function(name) {
    parts <- Map(function(one, place) one[[name]][place], rows, at)
    matrix(unlist(parts), nrow = length(metrics))
  }
  total <- function(name) {
    of_depth <- !is.na(longest$k) | !name %in% c("hits", "expected")
    ifelse(of_depth, rowSums(column(name), na.rm = TRUE), NA)
  }
  estimate <- nan_to_na(rowMeans(column(".estimate"), na.rm = TRUE))
  limits <- vapply(seq_along(metrics), function(m) {
    defined <- which(!is.na(column(".estimate")[m, ]))
    means <- lapply(defined, function(i) replicates[[i]][at[[i]][[m]], ])
    mean_interval(means, estimate[[m]], plan$level, metric_range(metrics[[m]]))
  }, numeric(2))
  known <- rep(NA_real_, length(metrics))
  formats <- unique(unlist(lapply(rows, `[[`, "format")))
  tibble(
    anchor = rep("all", length(metrics)), format = formats[[1]],
    .metric = metrics, .estimate = estimate,
    .lower = limits[1, ], .upper = limits[2, ],
    k = longest$k,
    n_genes = as.integer(total("n_genes")),
    n_hits = as.integer(total("n_hits")),
    hits = total("hits"), expected = total("expected"),
    p_value = known, chance_lower = known, chance_upper = known
  )
}
