# The head of a list of partners: what holds for all rows, at most five lines in
# plain words, the same in the console, on pages and in the explorer.

# "lost KRAS", "activated KRAS"
altered_anchor <- function(x, anchor) {
  paste(attr(x, "about")[[anchor]]$state %||% "lost", anchor)
}

list_title <- function(x) {
  anchors <- unique(x$anchor)
  states <- unique(sub(" .*", "", vapply(anchors, altered_anchor, "", x = x)))
  paste(
    count_text(nrow(x)), if (nrow(x) == 1) "partner" else "partners", "of",
    if (length(states) == 1) states, if (length(anchors) > 3) {
      paste(length(anchors), "genes")
    } else {
      paste(anchors, collapse = ", ")
    }
  )
}

# The sentences of one anchor: named, NULL where attributes were lost.
head_lines <- function(x, anchor) {
  about <- attr(x, "about")[[anchor]]
  c(
    Lines = if (!is.null(about)) lines_sentence(anchor, about),
    Known = known_sentence(x, anchor),
    Numbers = numbers_sentence(x),
    Last = if (!is.null(about)) last_sentence(about)
  )
}

# The warnings of an anchor, for pages.
head_warnings <- function(x, anchor) {
  unname(attr(x, "about")[[anchor]]$warnings)
}

# What lines tell of the sign, and what tumours do with the anchor.
lines_sentence <- function(anchor, about) {
  lost <- about$state == "lost"
  role <- gene_roles(anchor)
  if (about$direction == "measured") {
    return(measured_sentence(about))
  }
  if (about$direction == "other_state" && lost || role %in% "gain" && lost) {
    where <- if (about$direction == "other_state") {
      "`state = \"activated\"`"
    } else {
      "`musl_dependency(loss = \"hotspot\")`"
    }
    return(sprintf(
      "Tumours activate %s; this list is for its loss (else %s)", anchor,
      where
    ))
  }
  verb <- if (lost) "lost" else "activated"
  told <- switch(about$direction,
    left_out = "What lines need is left out: a partner may kill or rescue",
    nothing = "Nothing tells lethal from rescuing partners: see `dependency`",
    sprintf(
      "No set of lines %s %s%s: a partner may kill or rescue", verb,
      anchor, if (isTRUE(about$back > 0)) {
        sprintf(" (some lost %d partners)", about$back)
      } else {
        ""
      }
    )
  )
  if (role %in% "both" && lost) {
    told <- sprintf(
      "Tumours lose or activate %s; this is the list for its loss. %s", anchor,
      told
    )
  }
  told
}

measured_sentence <- function(about) {
  partners <- function(n) paste(n, if (n == 1) "partner" else "partners")
  paste0(
    capital(lines_words(about$n_lines, about$event)), " need ",
    if (about$more == 0) {
      "no partner clearly more"
    } else {
      paste(partners(about$more), "more")
    },
    if (about$less > 0) sprintf(", %d less (last)", about$less)
  )
}

# So many recorded SL partners follow what laboratories study.
studied_share <- 0.05
studied_partners <- 200L

known_sentence <- function(x, anchor) {
  of <- attr(x, "anchors")
  of <- of[of$anchor == anchor, ]
  if (NROW(of) == 0 || is.null(of[["n_recorded"]])) {
    return(NULL)
  }
  share <- of$n_recorded / max(1, attr(x, "candidates")$n %||% 0)
  bias <- if (share >= studied_share && of$n_recorded >= studied_partners) {
    sprintf(" (%s of genes: study bias)", percent_of(share))
  }
  # Short, since the head has five lines.
  long <- is.null(bias)
  source <- if (!is.na(of$source)) paste(" in", of$source)
  parts <- c(
    if (of$n_recorded > 0) {
      paste0(
        count_text(of$n_recorded), if (long) " recorded as", " SL", source, bias
      )
    },
    if (of$n_not > 0) paste(count_text(of$n_not), label_kinds[[5]]),
    if (of$n_measured > 0) {
      paste0(
        count_text(of$n_measured), " measured", if (long) " in screens", ", ",
        count_text(of$n_hits), if (of$n_hits == 1) " hit" else " hits"
      )
    }
  )
  known <- if (length(parts) > 0) paste(parts, collapse = "; ") else "no pair"
  told <- paste0("Known: ", known)
  unlike <- "; most rows are unlike all measured pairs"
  # If there is room on the line.
  beyond <- isTRUE(attr(x, "about")[[anchor]]$beyond > 0.5) &&
    nchar(told) + nchar(unlike) < 78
  paste0(told, if (beyond) unlike)
}

numbers_sentence <- function(x) {
  prior <- attr(x, "prior")
  by <- attr(x, "by") %||% "score"
  by <- if (length(by) == 1) order_words[[by]] else ""
  told <- c(
    if (is_ranked(x) && "order" %in% names(x)) {
      paste0("`order`", by, ": 1 = average gene")
    },
    if (!is.null(prior)) {
      paste0(
        "`.pred_SL`: chance of SL if ", format(100 * prior, digits = 3),
        " % of all pairs are"
      )
    }
  )
  if (length(told) > 0) paste(told, collapse = "; ")
}

last_sentence <- function(about) {
  if (about$unknown == about$n) {
    return(paste(
      "Nothing tells which genes cells need anyway:",
      "`musl_evidence(genes = )` adds it"
    ))
  }
  found <- about$counts[names(last_words)]
  found <- found[found > 0]
  where <- if (about$lethal == "drop") "Last or dropped: " else "Last: "
  words <- last_words
  # Where few lines and nothing else tell.
  if (isTRUE(about$lines > 0) && !isTRUE(about$sampled)) {
    words[["not_expressed"]] <- sprintf("silent in %d lines", about$lines)
  }
  paste0(
    if (length(found) > 0) {
      paste0(where, paste(
        vapply(found, count_text, ""), words[names(found)],
        collapse = ", "
      ))
    },
    if (about$unknown > often_unknown * about$n) {
      paste0(
        if (length(found) > 0) "; ", count_text(about$unknown),
        " of unknown need are ranked"
      )
    }
  )
}

# A larger share of the candidates is told.
often_unknown <- 0.1

# Whether each anchor's rows still stand by rank: not once they were sorted.
is_ranked <- function(x) {
  is.numeric(x[["rank"]]) && !anyNA(x$rank) &&
    !any(vapply(split(x$rank, x$anchor), is.unsorted, TRUE))
}

# So many of the best candidates that cells need anyway are told.
essential_shown <- 5L

# Rows of a list, of candidates that are listed last for their need alone; NULL
# without any.
essential_rows <- function(x, anchor = unique(x$anchor)) {
  rows <- attr(x, "essential")
  rows <- rows[rows$anchor %in% anchor, ]
  if (NROW(rows) > 0) rows
}
