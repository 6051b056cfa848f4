#' Compare predictions between contexts
#'
#' Scores the same pairs in several contexts (cell types, lineages, cell lines)
#' with one model, and measures how far the contexts agree.
#'
#' @section Contexts:
#'   A context is a named list with an element for each source to restrict;
#'   other sources are used whole; if `data` has one source, the element alone
#'   is enough. An element is one of: sample names; one `TRUE` or `FALSE` per
#'   sample (`NA` counts as `FALSE`); a named list of values by column of the
#'   samples (`colData`), such as `list(cell_type = c("T cell", "NK cell"),
#'   donor = "d1")`, which selects samples that have one of the values in each
#'   of the columns. Network, embeddings and known pairs are the same in every
#'   context. Pool single cells by [musl_pseudobulk()] first.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param pairs The pairs to score: a data frame with `gene_a` and `gene_b`, or
#'   with `anchor` and `partner` as [musl_partners()] gives it.
#' @param data A [MuslData][musl_data()] with the samples.
#' @param contexts A named list of contexts; or the name of a column of the
#'   samples, each of whose values is a context (of all sources that have the
#'   column), factors by level, numbers by size, text in byte order; samples
#'   without a value, `NA` or blank, are in none.
#' @param ... Must be empty.
#' @param whole `TRUE` to score all samples together too, as context "all" ("all
#'   samples" if one of `contexts` is called "all").
#' @param min_samples Whole number >= 2: contexts of fewer samples in a source
#'   that they restrict are left out with a warning.
#' @param encoders,prior,threads,scorers,measured_in As in
#'   [predict()][predict.MuslModel].
#' @returns A tibble of class `musl_contexts`, one row per context and pair:
#'   `context` (factor, in the order given), `n_samples` (in the sources that
#'   the context restricts), the two gene columns of `pairs`, `.score`,
#'   `.pred_SL`, `n_unseen`, and `rank` by `.score` among the pairs in this
#'   context (1 is best, ties in the order given; `NA` without a score).
#'   `summary()` returns a tibble with one row per pair of contexts:
#'   `context_a`, `context_b`, `n_pairs` scored in both, `spearman` (rank
#'   correlation of the scores), `top` (pairs compared at the top), `overlap`
#'   (share of the `top` best pairs that both have) and `chance` (the overlap
#'   expected of random orders). `autoplot()` draws pairs against contexts.
#' @section Errors:
#'   `musl_error_input` if a context selects no sample or `contexts` is not
#'   named; else as [predict()][predict.MuslModel]. One warning if expression
#'   differs from that of training.
#' @examples
#' d <- musl_simulate("small", screens = TRUE, seed = 1)
#' fit <- musl_example_model()
#' halves <- list(
#'   first = rep(c(TRUE, FALSE), each = 60),
#'   second = rep(c(FALSE, TRUE), each = 60)
#' )
#' both <- musl_contexts(fit, head(musl_pairs(d), 20), d, halves)
#' both
#' summary(both, top = 5)
#' autoplot(both)
#' @order 1
#' @export
musl_contexts <- function(object, pairs, data, contexts, ..., whole = TRUE,
                          min_samples = 10L, encoders = NULL, prior = NULL,
                          threads = NULL, scorers = NULL, measured_in = NULL) {
  check_dots_empty()
  call <- current_env()
  check_is(object, "MuslModel")
  check_is(data, "MuslData")
  check_flag(whole)
  check_whole(min_samples, 2)
  check_prior(prior)
  how <- list(
    encoders = encoders, scorers = scorers, measured_in = measured_in,
    prior = prior, threads = threads
  )
  check_asked(object, how)
  given <- prediction_pairs(pairs, "pairs")
  table <- tibble(gene_a = given$gene_a, gene_b = given$gene_b)
  contexts <- chosen_contexts(contexts, data, min_samples, whole, call)
  matched <- match_contexts(object, data, contexts, call)
  contexts <- matched$contexts
  how$data <- data <- matched$data
  parts <- lapply(contexts, function(context) {
    how["context"] <- list(context)
    scored <- score_pairs(object, table, how, drift = FALSE, call = call)
    columns <- prediction_columns(object, scored, prior)
    c(
      columns, list(rank = rank(-columns$.score, "keep", "first")),
      unknown = list(scored$unknown), genes = list(scored$genes)
    )
  })
  warn_unscored(table, list(
    score = parts[[1]]$.score, unknown = parts[[1]]$unknown,
    genes = parts[[1]]$genes
  ), known_ids(object, data))
  new_contexts(parts, contexts, table, given$columns)
}

# Data and contexts by the model's names of their sources.
match_contexts <- function(object, data, contexts, call) {
  matched <- match_sources(object, data, call)
  warn_drift(object, matched)
  contexts <- lapply(contexts, function(context) {
    at <- match(names(context), names(data@sources))
    names(context) <- names(matched@sources)[at]
    context
  })
  list(data = matched, contexts = contexts)
}

new_contexts <- function(parts, contexts, table, columns) {
  n <- nrow(table)
  times <- length(parts)
  names <- c(".score", ".pred_SL", "n_unseen", "rank")
  scores <- lapply(set_names(names), function(name) {
    unlist(lapply(unname(parts), `[[`, name))
  })
  sizes <- vapply(contexts, attr, 1L, which = "n_samples")
  tibble::new_tibble(
    c(
      list(
        context = factor(rep(names(parts), each = n), names(parts)),
        n_samples = rep(unname(sizes), each = n)
      ),
      set_names(
        list(rep(table$gene_a, times), rep(table$gene_b, times)), columns
      ),
      scores
    ),
    nrow = n * times, class = "musl_contexts"
  )
}

# Contexts as lists of columns named by source, with attribute `n_samples`.
chosen_contexts <- function(contexts, data, min_samples, whole, call) {
  wanted <- if (is_string(contexts)) {
    column_contexts(contexts, data, call)
  } else {
    check_named_contexts(contexts, call)
  }
  chosen <- lapply(set_names(names(wanted)), function(name) {
    arg <- paste0("contexts$", name)
    context_columns(data, wanted[[name]], call, arg)
  })
  smallest <- vapply(chosen, function(x) min(lengths(x)), 1L)
  small <- smallest < min_samples
  warn_if(any(small), c(
    "{sum(small)} context{?s} with fewer than {min_samples} sample{?s} left
     out.",
    x = "{.val {utils::head(names(chosen)[small], 5)}}."
  ), contexts = names(chosen)[small])
  chosen <- chosen[!small]
  abort_if(length(chosen) == 0, c(
    "No context is left.",
    i = "Lower {.arg min_samples} or choose larger contexts."
  ), argument = "contexts", call = call)
  out <- lapply(chosen, function(columns) {
    named <- lapply(set_names(names(columns)), function(name) {
      colnames(data@sources[[name]]$assays[[1]])[columns[[name]]]
    })
    structure(named, n_samples = sum(lengths(columns)))
  })
  if (!whole) {
    return(out)
  }
  c(set_names(list(whole_context(data)), whole_name(names(out))), out)
}

whole_name <- function(taken) {
  if (!"all" %in% taken) {
    return("all")
  }
  utils::tail(make.unique(c(taken, "all samples")), 1)
}

# No restriction is an empty list of sources.
whole_context <- function(data) {
  samples <- count_samples(data)
  all <- lapply(data@sources, function(s) colnames(s$assays[[1]]))
  structure(all, n_samples = sum(samples))
}

column_contexts <- function(column, data, call) {
  there <- Filter(function(s) column %in% names(s$samples), data@sources)
  if (length(there) == 0) {
    known <- unique(unlist(lapply(data@sources, function(s) names(s$samples))))
    abort_musl(c(
      "{.arg contexts} must be a named list or name a column of samples.",
      x = "No source has {.val {column}}.",
      i = if (length(known) > 0) {
        "Columns are {.field {utils::head(known, 8)}}."
      }
    ), argument = "contexts", call = call)
  }
  columns <- lapply(there, function(s) s$samples[[column]])
  values <- lapply(columns, blank_to_na)
  # Each value in every source of the column that has it.
  lapply(set_names(ordered_values(columns)), function(one) {
    has <- vapply(values, function(x) one %in% x, TRUE)
    lapply(there[has], function(s) set_names(list(one), column))
  })
}

# The values of columns as text: those of factors by level, numbers by size,
# text in byte order.
ordered_values <- function(columns) {
  known <- lapply(columns, function(x) {
    as.character(if (is.factor(x)) levels(droplevels(x)) else sort(unique(x)))
  })
  known <- enc2utf8(blank_to_na(unlist(known)))
  known <- unique(known[!is.na(known)])
  is_text <- vapply(columns, is.character, NA)
  if (all(is_text)) sort_bytes(known) else known
}

check_named_contexts <- function(contexts, call) {
  names <- names2(contexts)
  ok <- is.list(contexts) && length(contexts) > 0 && all(nzchar(names)) &&
    !anyDuplicated(names) && all(lengths(contexts) > 0)
  abort_if(!ok, c(
    "{.arg contexts} must be a list that names each context once, or the name
     of a column.",
    x = if (is.list(contexts) && any(lengths(contexts) == 0)) {
      "Empty: {.val {names[lengths(contexts) == 0]}}."
    } else {
      "Found {describe_value(contexts)}."
    },
    i = "Write {.code list(T = list(cell_type = \"T cell\"), ...)}."
  ), argument = "contexts", call = call)
  contexts
}

#' @rdname musl_contexts
#' @param top Whole number >= 1, the best pairs of each context to compare, at
#'   most as many as are scored in both; `NULL` for 20, or half of those pairs
#'   if that is less.
#' @method summary musl_contexts
#' @export
summary.musl_contexts <- function(object, ..., top = NULL) {
  check_dots_empty()
  check_whole(top, 1, allow_null = TRUE)
  scores <- context_scores(object)
  ends <- utils::combn(names(scores), min(2, length(scores)), simplify = FALSE)
  rows <- lapply(ends[lengths(ends) == 2], function(pair) {
    compare_contexts(scores[[pair[[1]]]], scores[[pair[[2]]]], top)
  })
  tibble(
    context_a = vapply(ends[lengths(ends) == 2], `[[`, "", 1),
    context_b = vapply(ends[lengths(ends) == 2], `[[`, "", 2),
    n_pairs = vapply(rows, `[[`, 1L, "n_pairs"),
    spearman = vapply(rows, `[[`, 1, "spearman"),
    top = vapply(rows, `[[`, 1L, "top"),
    overlap = vapply(rows, `[[`, 1, "overlap"),
    chance = vapply(rows, `[[`, 1, "chance")
  )
}

# One vector of scores for each context that is left, of the same pairs in the
# same order: rows may have been filtered.
context_scores <- function(object) {
  ends <- c("anchor", "partner", "gene_a", "gene_b")
  ends <- unclass(object)[intersect(ends, names(object))]
  pair <- do.call(paste, c(list(rep("", nrow(object))), ends, sep = "\t"))
  # A pair may have been asked for several times.
  rows <- paste(pair, object$context, sep = "\t")
  time <- stats::ave(seq_along(rows), rows, FUN = seq_along)
  key <- paste(pair, time, sep = "\t")
  by_context <- split(seq_along(key), object$context, drop = TRUE)
  lapply(by_context, function(i) object$.score[i][match(unique(key), key[i])])
}

compare_contexts <- function(a, b, top) {
  both <- which(!is.na(a) & !is.na(b))
  n <- length(both)
  # All pairs would agree with any scores.
  top <- as.integer(min(top %||% max(1, min(20, n %/% 2)), n))
  best <- function(x) utils::head(order(-x[both]), top)
  varies <- n > 1 && length(unique(a[both])) > 1 && length(unique(b[both])) > 1
  list(
    n_pairs = n,
    spearman = if (varies) {
      stats::cor(a[both], b[both], method = "spearman")
    } else {
      NA_real_
    },
    top = top,
    overlap = if (n > 0) {
      length(intersect(best(a), best(b))) / top
    } else {
      NA_real_
    },
    chance = if (n > 0) top / n else NA_real_
  )
}
