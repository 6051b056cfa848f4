# Whether cells that lost an anchor need a partner more or less: what lines tell
# of the pairs of lists, by the evidence of a model or by musl_dependency().

# Partners of the user's own table at this FDR, needed more where the anchor is
# lost, stand before all others.
leading_fdr <- 0.01

# One row a difference that lines tell of a pair of lists: `row` of the pair,
# columns of cpp_differences(), `lost` (the gene that these lines lost), `event`
# (in words), `explained` (a gene lost with it that may explain the difference),
# `fdr`, `significant` and `difference` of the user's own table. That table
# replaces what a model knows of its anchors.
pair_differences <- function(pairs, facts, how) {
  own <- how$dependency
  known <- if (!isFALSE(own)) model_differences(pairs, facts, how$state)
  if (!is.data.frame(own)) {
    return(known)
  }
  known <- known[!known$lost %in% own$anchor, ]
  rbind(known, tested_differences(pairs, own))
}

model_differences <- function(pairs, facts, state) {
  if (is.null(facts$source) || nrow(pairs) == 0) {
    return(NULL)
  }
  all <- known_alterations(facts$source)
  if (length(all) == 0) {
    return(NULL)
  }
  found <- with_core(cpp_differences(
    facts$source$store, facts$source$model,
    pair_input(pairs[pair_ends_of], facts$genes), state == "activated"
  ))
  one <- all[found$alteration]
  out <- as_tibble(lapply(found, function(x) {
    if (is.double(x)) nan_to_na(x) else x
  }))
  out$lost <- ifelse(out$turned, pairs$gene_b[out$row], pairs$gene_a[out$row])
  out$event <- vapply(one, `[[`, "", "event")
  out$explained <- vapply(out$explained_by, function(k) {
    if (k > 0) facts$genes[all[[k]]$lost[1]] else NA_character_
  }, "")
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
    explained = NA_character_, fdr = fdr,
    significant = (fdr <= differential_fdr) %in% TRUE,
    difference = data.table::fcoalesce(
      number("mean_loss") - number("mean_rest"), as.double(x$difference)
    )
  )
}

# Those of a model with `direction`, NULL without any; without `relation` all
# candidates count as far from the anchor.
called_differences <- function(pairs, facts, state,
                               relation = rep(NA_real_, nrow(pairs))) {
  found <- model_differences(pairs, facts, state)
  if (!is.null(found) && nrow(found) > 0) {
    found$direction <- direction_calls(found, pairs, relation)$direction
    found
  }
}

# list(direction: a factor, bonus), one a difference. Calls of the model's
# differences depend on the candidate's place by `relation`, those of tests on
# their FDR.
direction_calls <- function(found, pairs, relation) {
  tested <- which(!is.na(found$significant))
  of <- with_core(cpp_call_directions(
    as.list(found), match(pairs$gene_a, unique(pairs$gene_a)) - 1L, relation,
    NULL
  ))
  out <- list(direction = called_direction(of$call), bonus = of$bonus)
  out$direction[tested] <- tested_calls(found[tested, ])$direction
  out
}

# ---- Words ----

# "77 lines that lost RB1 need it more: effect -1.33 against -0.70 (-9 sd); 90 %
# of them, 47 % of the others need it", one a difference with its `direction`;
# `needed` names what the lines need.
direction_words <- function(found, needed) {
  more <- found$direction %in% "needed_more"
  less <- found$direction %in% "needed_less"
  who <- paste(count_text(found$n_lines), "lines", found$event)
  means <- ifelse(is.na(found$altered) | is.na(found$other), "", sprintf(
    ": effect %s against %s%s", effect_text(found$altered),
    effect_text(found$other), found_by(found)
  ))
  shares <- ifelse(
    more & !is.na(found$share_altered) & !is.na(found$share_other), sprintf(
      "; %s of them, %s of the others need it",
      percent_of(found$share_altered), percent_of(found$share_other)
    ), ""
  )
  explained <- ifelse(is.na(found$explained), "", sprintf(
    " (%s is lost with it)", found$explained
  ))
  not <- sprintf(
    "%s do not need %s (%s); the others grow better without it (%s)", who,
    needed, effect_text(found$altered), effect_text(found$other)
  )
  ifelse(
    found$direction %in% "not_needed", not,
    paste0(
      who, " need ", needed, ifelse(more, " more", " less"), means, shares,
      explained
    )
  ) |> told(more | less | found$direction %in% "not_needed", words = _)
}

effect_text <- function(x) sprintf("%+.2f", x)
percent_of <- function(share) paste0(round(100 * share), " %")

found_by <- function(found) {
  ifelse(is.na(found$fdr), sprintf(" (%+.0f sd)", found$z), sprintf(
    " (FDR %.2g)", found$fdr
  ))
}

# What lines with an activated anchor need, of each row of pairs that one of
# these lines tells of; NA elsewhere.
activated_words <- function(pairs, facts) {
  found <- called_differences(pairs, facts, "activated")
  out <- rep(NA_character_, nrow(pairs))
  if (!is.null(found)) {
    needed <- ifelse(found$turned, pairs$gene_a[found$row], "it")
    out[found$row] <- direction_words(found, needed)
  }
  out
}

# Sentences for the head of a list, one an anchor: what is known of the sign.
direction_lines <- function(pairs, found, facts, how) {
  if (isFALSE(how$dependency)) {
    return(c(Direction = "left out; lethal and rescuing pairs look alike"))
  }
  anchors <- unique(pairs$gene_a)
  known <- altered_anchors(facts)
  own <- if (is.data.frame(how$dependency)) how$dependency
  if (nrow(known) == 0 && is.null(own)) {
    return(c(
      Note = "lethal and rescuing pairs look alike without `dependency`"
    ))
  }
  lines <- vapply(utils::head(anchors, 3), function(anchor) {
    direction_line(anchor, pairs, found, known, own, how$state, facts)
  }, "")
  set_names(lines, rep("Direction", length(lines)))
}

direction_line <- function(anchor, pairs, found, known, own, state, facts) {
  calls <- found[which(pairs$gene_a[found$row] == anchor), ]
  is_own <- !is.null(own) && anchor %in% own$anchor
  one <- known[known$gene == anchor & known$state == state, ]
  if (is_own || nrow(one) > 0) {
    return(measured_line(calls, pairs, if (!is_own) one, anchor))
  }
  other <- known[known$gene == anchor, ]
  if (nrow(other) > 0) {
    return(other_state_line(anchor, other[1, ], pairs, facts))
  }
  n <- sum(!is.na(calls[["direction"]]))
  paste0(
    "no set of cell lines ", if (state == "lost") "lost " else "activated ",
    anchor, if (n > 0) sprintf(" (%d row%s from its partners' loss)", n, if (
      n == 1
    ) "" else "s"), "; without `direction` a partner may rescue"
  )
}

# What lines need in which something else happened to the anchor.
other_state_line <- function(anchor, other, pairs, facts) {
  pairs <- pairs[pairs$gene_a == anchor, ]
  found <- called_differences(pairs, facts, other$state)
  more <- found[
    found$turned %in% FALSE & found$direction %in% "needed_more",
  ]
  names <- pairs$gene_b[more$row[order(more$z)]]
  sprintf(
    "%s lines %s need %s; state = \"%s\" ranks by that",
    count_text(other$n_lines), other$event,
    if (length(names) == 0) {
      "nothing more for sure"
    } else {
      paste(first_three(names, ", "), "more")
    },
    other$state
  )
}

measured_line <- function(calls, pairs, one, anchor) {
  who <- if (is.null(one)) {
    paste(
      count_text(max(calls$n_lines, 0L)), "lines",
      (calls$event[!calls$turned] %||% "")[1]
    )
  } else {
    paste(count_text(one$n_lines[1]), "lines", one$event[1])
  }
  more <- calls[calls$direction %in% "needed_more", ]
  more <- more[order(more$z), ]
  last <- sum(calls$direction %in% c("needed_less", "not_needed"))
  names <- pairs$gene_b[more$row]
  paste0(
    "measured in ", who, ": ", nrow(more), " partner",
    if (nrow(more) == 1) "" else "s", " needed more",
    if (length(names) > 0) sprintf(" (%s)", first_three(names, ", ")), ", ",
    last, " rescued or not needed, last; no clear difference in the others"
  )
}

# Data frame: gene, state, event, n_lines of all altered genes.
altered_anchors <- function(facts) {
  all <- known_alterations(facts$source)
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
