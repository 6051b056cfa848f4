# The words of rows of lists of partners, for the console, pages, pictures, the
# explorer and the shell: labels, reasons, statuses, names of columns, numbers.
# Those of heads, titles and options are in partners-words-head.R.

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

hit_words <- c("no hit", "hit")

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

# What lines that lost the anchor tell of a partner, and statuses, in words.
direction_kinds <- c(
  needed_more = "needed more", needed_less = "needed less",
  not_needed = "not needed"
)
status_words <- function(status) gsub("_", " ", status, fixed = TRUE)

# "needed more in 77 lines that lost RB1: effect -1.33 against -0.70 (90 % of
# lines against 47 %)", one a difference with its `direction`; `subject` is what
# is needed, "" for the partner of a row.
direction_words <- function(found, subject = "") {
  more <- found$direction %in% "needed_more"
  less <- found$direction %in% "needed_less"
  not <- found$direction %in% "not_needed"
  altered <- effect_text(found$altered)
  other <- effect_text(found$other)
  means <- ifelse(
    is.na(found$altered) | is.na(found$other), "",
    sprintf(": effect %s against %s", altered, other)
  )
  differ <- abs(found$share_altered - found$share_other) >= 0.02
  shares <- ifelse(
    more & differ %in% TRUE, sprintf(
      " (%s of lines against %s)", percent_of(found$share_altered),
      percent_of(found$share_other)
    ), ifelse(is.na(found$fdr), "", sprintf(" (FDR %.2g)", found$fdr))
  )
  explained <- ifelse(is.na(found$explained), "", sprintf(
    ", %s is lost with it", found$explained
  ))
  how <- direction_kinds[as.character(found$direction)]
  words <- paste0(
    subject, how, " in ", lines_words(found$n_lines, found$event),
    ifelse(not, sprintf(
      " (effect %s), others grow better without it (%s)", altered, other
    ), paste0(means, shares, explained))
  )
  as.character(ifelse(more | less | not, words, NA_character_))
}

lines_words <- function(n, event) paste(count_text(n), "lines", event)
effect_text <- function(x) sprintf("%+.2f", x)
percent_of <- function(share) paste0(round(100 * share), " %")

# ---- Reasons ----

# Alignment first, then families, then shared words of residues.
protein_words <- function(identity, family, words) {
  data.table::fcoalesce(
    identity_words(identity),
    told(family <= 30, sprintf("same protein family (%.0f genes)", family)),
    told(words >= 0.2, "similar proteins")
  )
}

identity_words <- function(share) {
  told(share > 0, sprintf("paralog, %.0f %% identical", 100 * share))
}

# The smallest shared term; `one_in` says how rare it is.
term_reason_words <- function(named, one_in) {
  rare <- paste("shared term of 1 in", count_text(one_in), "genes")
  ifelse(is.na(named$name), rare, paste0(
    ifelse(named$kind == "complex", "both in the ", "shared term: "),
    shortened(named$name), " (", named$n_genes, " genes)"
  ))
}

# Synonyms of the Gene Ontology that are shorter, and cut between words, or
# within a long one that says more than those before it.
shortened <- function(text, most = 40L) {
  text <- sub("positive regulation of", "upregulation of", text)
  text <- sub("negative regulation of", "downregulation of", text)
  part <- substr(text, 1, most - 2)
  cut <- sub("[ ,-]+[^ ,-]*$", "", part)
  ifelse(nchar(text) > most, ifelse(
    nchar(cut) < most / 2, paste0(part, "..."), paste(cut, "...")
  ), text)
}

network_words <- function(edge, shared) {
  data.table::fcoalesce(
    told(edge > 0, sprintf("proteins interact (score %.2g)", edge)),
    told(shared >= 5, sprintf("%.0f shared interactors", shared))
  )
}

module_words <- "co-essential module"

# Of pairs without a reason.
unlinked_words <- "no close link known"

coexpression_words <- function(r) sprintf("co-expressed (r = %.2f)", r)

# What is known of the partner: `needed`, `expressed`, `sampled` are shares of
# lines and of samples.
need_words <- function(needed, often) {
  told(!is.na(needed), paste0(
    "needed by ", share_of_lines(needed), ifelse(often, " (often lethal)", "")
  ))
}

silent_words <- "not expressed there"

expression_words <- function(expressed, few_lines, sampled, restricted) {
  paste0(share_of_lines(expressed, few_lines), " express it", ifelse(
    restricted, sprintf(", %s %% of samples do", signif(100 * sampled, 2)), ""
  ))
}

# Of few lines the count: a share would seem to be of many.
share_of_lines <- function(share, n = NULL) {
  text <- as.character(signif(100 * share, 2))
  text[which(share > 0 & share < 0.001)] <- "under 0.1"
  words <- paste0(text, " % of lines")
  words[which(share == 0)] <- "no line"
  if (!isTRUE(n > 0)) {
    return(words)
  }
  count <- round(share * n)
  of_few <- (abs(count - share * n) < 0.01) %in% TRUE
  ifelse(
    of_few, paste(ifelse(count == 0, "none", count), "of", n, "lines"), words
  )
}

# One string a row of shared_sets().
shared_words <- function(shared) {
  if (nrow(shared) == 0) {
    return(character())
  }
  named <- ifelse(
    is.na(shared$name),
    ifelse(is.na(shared$genes), "", paste0(" with ", shared$genes)),
    paste0(" ", shared$name)
  )
  what <- c(
    complex = "both in the", term = "both in the term",
    module = module_words, family = "protein family"
  )[shared$kind]
  paste0(
    what, named, " (", ifelse(is.na(shared$id), "", paste0(shared$id, ", ")),
    count_text(shared$n_genes), " genes)"
  )
}

# What a pair shares, the smallest of each kind; identity of the proteins, if it
# is known.
shared_sentences <- function(shared, identity = NA) {
  told <- c(
    shared_words(shared[!duplicated(shared$kind), ]),
    if (isTRUE(identity > 0)) identity_words(identity)
  )
  if (length(told) > 0) paste0(capital(paste(told, collapse = "; ")), ".")
}

# ---- Columns ----

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

# "6,300x", "13 %", and other numbers as lists print them.
number_text <- function(x, name) {
  if (name == "order") {
    few <- vapply(signif(x, 2), format, "", big.mark = ",", scientific = FALSE)
    few[which(x < 0.01)] <- "<.01"
    return(ifelse(is.na(x), "", paste0(few, "x")))
  }
  if (name == ".pred_SL") {
    return(ifelse(is.na(x), "", percent_text(x)))
  }
  cell_text(x)
}

# Two digits, or more where they would make a share near 1 certain.
percent_text <- function(p) {
  text <- vapply(signif(100 * p, 2), format, "", scientific = FALSE)
  low <- p > 0 & p < 1e-4
  text[which(low)] <- "<0.01"
  high <- which(p > 0.99 & p < 1)
  text[high] <- sub("[.]?0+$", "", sprintf("%.2f", pmin(100 * p[high], 99.99)))
  ifelse(is.na(p), NA_character_, paste0(text, " %"))
}
