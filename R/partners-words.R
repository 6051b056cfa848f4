# The words of lists of partners, for the console, pages, pictures, the explorer
# and the shell: what is known of a pair's label, statuses, what became of an
# anchor.

# What is known of a pair beside its score. A pair below the cut-off of a screen
# was not found; that does not make it "not synthetic lethal".
label_kinds <- c(
  "new", "hit in a screen", "no hit in a screen", "recorded as SL",
  "recorded as not SL"
)

# Of each row of a table with `known`, `label` and, where screens are told from
# databases, `measured`.
label_kind <- function(x) {
  measured <- (x[["measured"]] %||% logical(nrow(x))) %in% TRUE
  kind <- rep("new", nrow(x))
  kind[x$known & x$label %in% "SL"] <- "recorded as SL"
  kind[x$known & x$label %in% "non_SL"] <- "recorded as not SL"
  kind[measured & x$label %in% "SL"] <- "hit in a screen"
  kind[x$label %in% "no_hit"] <- "no hit in a screen"
  factor(kind, label_kinds)
}

# The labels of lists: those of pairs, and measured pairs below the cut-off of
# each screen.
list_labels <- c(pair_labels, "no_hit")

listed_label <- function(label, measured) {
  label <- as.character(label)
  label[measured & label %in% "non_SL"] <- "no_hit"
  factor(label, list_labels)
}

# One string a row, NA for new pairs; with a model it names screens and
# databases.
label_reasons <- function(list, object = NULL) {
  kind <- label_kind(list)
  words <- told(kind != "new", as.character(kind))
  if (is.null(object) || nrow(list) == 0) {
    return(words)
  }
  pairs <- tibble(gene_a = list$anchor, gene_b = list$partner)
  screened <- grepl("in a screen$", kind)
  found <- pair_records(object, pairs)
  found <- split(found, factor(found$row, which(screened)))
  told_of <- vapply(found, measured_words, "")
  words[screened] <- ifelse(is.na(told_of), words[screened], told_of)
  recorded <- grepl("^recorded", kind)
  words[recorded] <- paste0(
    words[recorded], source_words(pair_sources(object, pairs[recorded, ]))
  )
  words
}

# `x`: rows of pair_records() of one pair.
measured_words <- function(x) {
  if (nrow(x) == 0) {
    return(NA_character_)
  }
  x <- x[order(!x$hit), ]
  if (!any(x$hit)) {
    strong <- x[which.min(x$share), ]
    return(paste0(
      "measured in ", paste(x$study, collapse = ", "), ": no hit",
      if (NROW(strong) == 1 && strong$share <= 0.25) {
        sprintf(
          " (strongest %s in %s)", percent_of(max(strong$share, 0.01)),
          strong$study
        )
      }
    ))
  }
  hits <- x[x$hit, ]
  if (nrow(x) == 1) {
    lines <- if (!is.na(hits$lines)) sprintf(" (%s)", hits$lines)
    return(paste0("hit in ", hits$study, lines))
  }
  lines <- ifelse(is.na(hits$lines), "", sprintf(" (%s)", hits$lines))
  sprintf(
    "hit in %d of %d screens: %s", nrow(hits), nrow(x),
    paste0(hits$study, lines, collapse = ", ")
  )
}

# " in BioGRID (PMID 123)"
source_words <- function(of) {
  paste0(
    ifelse(is.na(of$source), "", paste(" in", of$source)),
    ifelse(is.na(of$pubmed), "", sprintf(" (PMID %s)", of$pubmed))
  )
}

# Why candidates are listed last.
last_words <- c(
  lethal_alone = "needed anyway", not_expressed = "hardly expressed",
  not_judged = "without evidence", rescued = "rescued",
  not_needed = "not needed"
)

# What lines that lost the anchor tell of a partner, and statuses, in words.
direction_kinds <- c(
  needed_more = "needed more", needed_less = "needed less",
  not_needed = "not needed"
)
status_words <- function(status) gsub("_", " ", status, fixed = TRUE)

# The block below a list: those that cells need anyway.
essential_title <- "Needed by cells anyway"
essential_sentence <- paste(
  "Cells need these anyway; partial loss may do (drug targets: PRMT5, ATR,",
  "WEE1)"
)

# What orders lists, in heads and titles.
order_labels <- c(
  score = "score", combined = "score and relation", relation = "relation"
)
order_words <- c(score = " by score", combined = "", relation = " by relation")

# Columns of lists on pages, and panels of their pictures.
partner_labels <- c(
  anchor = "Gene", rank = "Rank", partner = "Partner", order = "Order",
  .pred_SL = "Probability", why = "Why", recorded = "Known",
  status = "Status", direction = "Direction", .score = "Score (logit)",
  relation = "Relation", single_gene = "Single genes",
  n_unseen = "Unseen genes"
)

# What tables name their columns.
column_labels <- c(
  partner_labels,
  gene_a = "Gene", gene_b = "Other gene", .status = "Status", label = "Label",
  distance = "Distance", component = "Input", group = "Group",
  description = "Meaning", column = "Column", value = "Value",
  contribution = "Contribution"
)

partner_parts <- c(
  order = "Order", .score = "Score", relation = "Relation",
  single_gene = "Single genes",
  difference = "Difference"
)
