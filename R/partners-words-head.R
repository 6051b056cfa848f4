# The words above and below lists of partners, for the console, pages, pictures,
# the explorer and the shell: titles, heads, warnings, options. Those of rows
# are in partners-words.R.

# ---- Titles ----

# "lost", "activated": what happened to an anchor.
anchor_state <- function(x, anchor) attr(x, "about")[[anchor]]$state %||% "lost"

altered_anchor <- function(x, anchor) paste(anchor_state(x, anchor), anchor)

list_title <- function(x) {
  anchors <- unique(x$anchor)
  states <- unique(vapply(anchors, anchor_state, "", x = x))
  paste(
    count_text(nrow(x)), if (nrow(x) == 1) "partner" else "partners", "of",
    if (length(states) == 1) states, if (length(anchors) > 3) {
      paste(length(anchors), "genes")
    } else {
      paste(anchors, collapse = ", ")
    }
  )
}

# "partners of lost KRAS"
partners_of <- function(anchor, state = "lost") {
  paste("partners of", state, anchor)
}

table_title <- function(of) paste("The best", of)
picture_title <- "Best partners"
picture_alt <- function(of) {
  paste(
    "Bars of what ranks the best", of, "and of the parts of the score; the",
    "table has the numbers"
  )
}

# Below pages of lists.
page_note <- "Candidates for an experiment; not for decisions on patients."

# ---- Heads ----

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

# What the numbers of a list mean.
numbers_sentence <- function(x) {
  by <- attr(x, "by") %||% "score"
  by <- if (length(by) == 1) order_words[[by]] else ""
  told <- c(
    if (is_ranked(x) && "order" %in% names(x)) {
      paste0("`order`", by, ": 1 = average gene")
    },
    chance_words(attr(x, "prior"), "`.pred_SL`: chance of SL")
  )
  if (length(told) > 0) paste(told, collapse = "; ")
}

# "`.pred_SL`: chance of SL if 1.35 % of all pairs are", NULL without a prior.
chance_words <- function(prior, what, end = " % of all pairs are") {
  if (!is.null(prior)) {
    paste0(what, " if ", format(100 * prior, digits = 3), end)
  }
}

# What the panels of a picture of a list show.
picture_words <- function(x, parts) {
  paste0("Numbers: ", chance_words(
    attr(x, "prior"), "probability (.pred_SL),", " % of all pairs are SL"
  ) %||% "probability (.pred_SL)", ".", if ("order" %in% parts) {
    "\nOrder: log10 of the odds against those of the average gene."
  }, if ("difference" %in% parts) {
    "\nDifference: effect in lines with the loss less that in others."
  })
}

picture_axis <- function(x) {
  if ("single_gene" %in% names(x)) {
    "Relation and single genes (logits) add up to the score"
  } else {
    "Logit"
  }
}

# What orders lists, in heads and titles.
order_labels <- c(
  score = "score", combined = "score and relation", relation = "relation"
)
order_words <- c(score = " by score", combined = "", relation = " by relation")

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

# Why candidates are listed last.
last_words <- c(
  lethal_alone = "needed anyway", not_expressed = "hardly expressed",
  not_judged = "without evidence", rescued = "rescued",
  not_needed = "not needed"
)

# ---- Below heads and lists ----

# An anchor that cells cannot lose has no synthetic lethal partner: what is said
# of it, on pages too; `needed`: share of lines, `where`: see where_words().
status_warning <- function(anchor, status, needed, where) {
  c(
    if (status %in% "lethal_alone") {
      c(
        sprintf(
          "\"%s\" is lethal alone: %s need it.", anchor, share_of_lines(needed)
        ),
        i = paste(
          "A partner cannot kill cells that die without it; read the list as",
          "that of a partial loss."
        )
      )
    },
    if (status %in% "not_expressed") {
      c(
        sprintf("\"%s\" is hardly expressed in %s.", anchor, where),
        i = "Its loss changes nothing there; read the list with care."
      )
    }
  )
}

# Where expression was looked at.
where_words <- function(in_line, few_lines) {
  if (isTRUE(in_line)) {
    "this line"
  } else if (isTRUE(few_lines > 0)) {
    paste("any of", few_lines, "cell lines")
  } else {
    "any cell line"
  }
}

# The block below a list: those that cells need anyway.
essential_title <- "Needed by cells anyway"
essential_sentence <- paste(
  "Cells need these anyway; partial loss may do (drug targets: PRMT5, ATR,",
  "WEE1)"
)

# ---- Above explanations ----

# "Rank 1 of 19,197 partners of lost ARID1A (6,000x the average gene); ..."
rank_sentence <- function(lists) {
  lists <- lists[!is.na(lists[["rank"]]), ]
  if (NROW(lists) > 0) {
    last <- last_words[as.character(lists$status)]
    paste0("Ranks: ", paste0(
      lists$partner, " ", count_text(lists$rank), " of ",
      count_text(lists$n_candidates), " ", partners_of(lists$anchor), " (",
      number_text(lists$times_average, "order"), " the average gene",
      ifelse(is.na(last), "", paste0("; ", last)), ")",
      collapse = "; "
    ))
  }
}

screens_sentence <- function(screens) {
  if (NROW(screens) > 0) paste0(capital(measured_words(screens)), ".")
}

# The groups that add most to what ranks lists, NULL if it is not known.
order_sentence <- function(x, n = 3L) {
  groups <- attr(x, "tables")$groups
  groups <- groups[groups$group != "reference" & !is.na(groups[["order"]]), ]
  if (NROW(groups) == 0) {
    return(NULL)
  }
  groups <- utils::head(groups[order(-abs(groups$order)), ], n)
  lines <- unique(attr(x, "tables")$order$lines)
  paste0("Order in lists, log odds: ", paste0(c(
    paste0(sprintf("%+.2f", groups$order), " ", part_words(groups$group)),
    sprintf("%+.2f cell lines that lost one of them", lines[lines != 0])
  ), collapse = ", "))
}

# What a group of terms is about, a word a group; others stand as they are.
part_words <- function(group) {
  words <- c(
    fitness = "how much cells need the two and genes related to them",
    annotation = "shared terms", families = "protein family",
    modules = paste0(module_words, "s"), network = "interactions",
    coexpression = "co-expression", sequence = "similar proteins",
    genes = "each gene by itself", gene_table = "facts of each gene"
  )
  ifelse(group %in% names(words), words[group], group)
}

# What lines with an altered gene need, NULL if nothing is known.
direction_sentence <- function(overall) {
  if (isFALSE(is.na(overall[["direction"]]))) {
    paste0("Direction: ", overall$direction)
  }
}

# ---- Options ----

# What is asked of a list: options of the shell, inputs of the explorer.
list_options <- c(
  anchor = "gene whose partners are ranked", n = "partners to list",
  all = "all partners", exclude = "gene to leave out",
  known = "pairs whose label is known: mark them or leave them out",
  by = "what orders the list",
  lethal = paste(
    "candidates that cells need anyway: last, left out, or ranked like others"
  ),
  dependency = "table of `musl_dependency()`, which orders the list",
  state = "what happened to the gene",
  prior = "share of SL among all pairs, which .pred_SL is for"
)

# ---- Own cell lines in the explorer ----

# What may count as loss in a user's lines, the first by default.
loss_labels <- c(
  damaging = "damaging mutation", deletion = "deletion",
  expression = "hardly expressed", hotspot = "hotspot mutation",
  amplification = "amplification"
)

lines_title <- "Own cell lines"
lines_hint <- paste(
  "Choose a table of musl_dependency(), or files of DepMap together:",
  "CRISPRGeneEffect.csv; one that tells which lines lost a gene",
  "(OmicsSomaticMutationsMatrixDamaging.csv, or its expression, copy number or",
  "hotspots); Model.csv for lineages."
)

# What was read of them.
read_words <- function(own) {
  if (!is.null(own$x)) {
    return(paste(
      count_of(ncol(own$x), "cell line"), "and", count_of(nrow(own$x), "gene"),
      "are compared for each list."
    ))
  }
  anchors <- unique(own$table$anchor)
  paste0("A table of ", first_three(anchors, ", "), " orders their lists.")
}

untested_words <- function(gene, anchors) {
  paste0(
    "The table of own cell lines does not have ", gene, " (it has ",
    first_three(anchors, ", "), "): the list is the model's own"
  )
}
