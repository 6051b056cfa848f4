# Whether cells that lost an anchor need a partner more or less: what lines tell
# of the pairs of lists, by the evidence of a model or by musl_dependency().

# What lines tell of pairs of lists, list(found, activated: by lines in which
# either gene is activated, where its loss is asked for); NULL where nothing is
# known. One row a difference: `row` of the pair, columns of cpp_differences(),
# `lost` (the gene that these lines lost), `event` (in words), `explained` (a
# gene lost with it that may explain the difference), `direction` far from the
# anchor, `fdr`, `significant` and `difference` of the user's own table. That
# table replaces what a model knows of its anchors.
list_differences <- function(pairs, facts, how) {
  own <- how$dependency
  known <- if (!isFALSE(own)) {
    facts$differences %||% core_differences(pairs, facts)
  }
  found <- known_differences(pairs, facts, how$state, known)
  activated <- if (how$state == "lost") {
    known_differences(pairs, facts, "activated", known)
  }
  if (is.data.frame(own)) {
    found <- rbind(
      found[!found$lost %in% own$anchor, ], tested_differences(pairs, own)
    )
  }
  list(found = found, activated = activated)
}

# cpp_differences() of pairs.
core_differences <- function(pairs, facts) {
  if (!is.null(facts$source) && nrow(pairs) > 0) {
    with_core(cpp_differences(
      facts$source$store, facts$source$model,
      pair_input(pairs[pair_ends_of], facts$genes)
    ))
  }
}

# Those of one state (see list_differences()), NULL if no gene is in it.
known_differences <- function(pairs, facts, state, known) {
  all <- alterations_of(facts)
  altered <- facts$genes[unlist(lapply(all, `[[`, state))]
  found <- known[[state]]
  if (is.null(found) || !any(pairs$gene_a %in% altered |
    pairs$gene_b %in% altered)) {
    return(NULL)
  }
  one <- all[found$alteration]
  direction <- called_direction(found$call)
  found[c("call", "bonus")] <- NULL
  out <- as_tibble(lapply(found, function(x) {
    if (is.double(x)) nan_to_na(x) else x
  }))
  out$lost <- ifelse(out$turned, pairs$gene_b[out$row], pairs$gene_a[out$row])
  out$event <- vapply(one, `[[`, "", "event")
  out$explained <- vapply(out$explained_by, function(k) {
    if (k > 0) facts$genes[all[[k]]$lost[1]] else NA_character_
  }, "")
  out$direction <- direction
  out$fdr <- NA_real_
  out$significant <- NA
  out$difference <- out$altered - out$other
  out
}

# Those of musl_dependency(), by the anchor whose loss was studied, or else by
# the candidate. Tests of one side say nothing of partners that are needed less:
# these have the FDR of a difference.
tested_differences <- function(pairs, dependency) {
  tested <- paste(dependency$anchor, dependency$partner, sep = "\r")
  forth <- match(paste(pairs$gene_a, pairs$gene_b, sep = "\r"), tested)
  back <- match(paste(pairs$gene_b, pairs$gene_a, sep = "\r"), tested)
  at <- ifelse(is.na(forth), back, forth)
  row <- which(!is.na(at))
  x <- as_tibble(unclass(dependency))[at[row], ]
  depleted <- is_depleted(dependency)[at[row]]
  fdr <- ifelse(depleted, x$fdr, two_sided_rates(dependency)[at[row]])
  number <- function(...) {
    for (name in c(...)) if (!is.null(x[[name]])) return(as.double(x[[name]]))
    rep(NA_real_, nrow(x))
  }
  event <- attr(dependency, "design")$event %||% "that lost"
  tibble(
    row = as.double(row), alteration = NA_integer_, turned = is.na(forth[row]),
    n_lines = as.integer(number("n_loss")),
    z = tested_scores(x, depleted), effect_size = number("hedges_g"),
    altered = number("mean_loss", "median_loss"),
    other = number("mean_rest", "median_rest"),
    share_altered = number("share_loss"), share_other = number("share_rest"),
    explained_by = 0L, asks_relation = FALSE, lost = x$anchor,
    event = paste(event, x$anchor, recycle0 = TRUE),
    explained = NA_character_, direction = called_direction(0L), fdr = fdr,
    significant = (fdr <= differential_fdr) %in% TRUE,
    difference = data.table::fcoalesce(
      number("mean_loss") - number("mean_rest"), as.double(x$difference)
    )
  )
}

# Those of a model, of pairs that count as near their anchors or far from them.
called_differences <- function(pairs, facts, state, near = FALSE) {
  known <- core_differences(pairs, facts)
  found <- known_differences(pairs, facts, state, known)
  if (near && NROW(found) > 0) {
    found$direction <- called_direction(with_core(
      cpp_call_directions(as.list(found), near, NULL)
    ))
  }
  found
}

# ---- Words ----

# What the head of a list says of the sign, list(direction: how it is known,
# n_lines, event: of lines; more, less: how many partners these need more or are
# rescued; back: rows that lines without the partner tell of).
direction_facts <- function(anchor, pairs, found, facts, how) {
  own <- if (is.data.frame(how$dependency)) how$dependency
  known <- altered_anchors(facts)
  if (isFALSE(how$dependency) || nrow(known) == 0 && is.null(own)) {
    kind <- if (isFALSE(how$dependency)) "left_out" else "nothing"
    return(list(direction = kind))
  }
  calls <- found[which(pairs$gene_a[found$row] == anchor), ]
  known <- known[known$gene == anchor, ]
  at <- match(how$state, known$state)
  is_own <- anchor %in% own$anchor
  if (!is_own && is.na(at)) {
    called <- sum(!is.na(calls[["direction"]]))
    return(c(
      list(direction = if (nrow(known) > 0) "other_state" else "none"),
      as.list(known[1, c("state", "n_lines", "event")]), list(back = called)
    ))
  }
  of <- function(...) sum(calls$direction %in% c(...))
  forth <- calls[!calls$turned, ]
  list(
    direction = "measured", more = of("needed_more"),
    less = of("needed_less", "not_needed"),
    n_lines = if (is_own) max(forth$n_lines, 0L) else known$n_lines[[at]],
    event = if (is_own) forth$event[1] else known$event[[at]]
  )
}

# Data frame: gene, state, event, n_lines of all altered genes.
altered_anchors <- function(facts) {
  all <- alterations_of(facts)
  of_state <- function(state) {
    n <- lengths(lapply(all, `[[`, state))
    of <- function(field, type) rep(vapply(all, `[[`, type, field), n)
    data.frame(
      gene = facts$genes[unlist(lapply(all, `[[`, state))],
      state = rep(state, sum(n)), event = of("event", ""),
      n_lines = of("n_lines", 0L)
    )
  }
  rbind(of_state("lost"), of_state("activated"))
}
