# The explorer's calls of the package, without Shiny.

explorer_partners <- function(explorer, gene, n, by, new_only) {
  known <- if (new_only) "drop" else "mark"
  atlas <- explorer$atlas
  by_atlas <- by == "score" || !explorer$scores
  if (!is.null(atlas) && by_atlas && gene %in% atlas_anchors(atlas)) {
    by <- if (by == "score") by else "auto"
    return(musl_partners(atlas, gene, n = n, known = known, by = by))
  }
  musl_partners(
    explorer$fit, gene,
    n = n, known = known, by = by, data = explorer$scored_by
  )
}

# Rows of a partner list that pass the filters of its page.
filter_partners <- function(list, text, least) {
  kept <- rep(TRUE, nrow(list))
  if (is_string(text) && nzchar(text)) {
    kept <- grepl(tolower(text), tolower(list$partner), fixed = TRUE)
  }
  if (is_one_number(least)) kept <- kept & list$.score >= least
  list[kept, ]
}

status_text <- function(known, label) {
  status <- rep("new", length(known))
  status[known] <- "known"
  status[known & label %in% "SL"] <- "known SL"
  status[known & label %in% "non_SL"] <- "known non-SL"
  status
}

partner_labels <- c(
  rank = "Rank", partner = "Partner", .score = "Score (logit)",
  .pred_SL = "Probability", pair_evidence = "Pair evidence",
  gene_effect = "Gene effect", specific = "Specific",
  rank_in_partner = "Rank in partner's list", n_unseen = "Genes not trained on",
  status = "Status"
)

# The columns of a partner list that a page shows.
partner_rows <- function(list) {
  list$status <- status_text(list$known, list$label)
  as_tibble(unclass(list)[intersect(names(partner_labels), names(list))])
}

# list(explanation, facts) of one pair.
explorer_pair <- function(explorer, gene, partner) {
  why <- musl_explain(
    explorer$fit, gene, partner,
    data = explorer$scored_by
  )
  list(explanation = why, facts = pair_facts(explorer, why))
}

# Named character: the facts at the top of a pair's page.
pair_facts <- function(explorer, why) {
  overall <- glance(why)
  probability <- percent_text(overall$.pred_SL)
  if (!is.na(overall$.pred_lower)) {
    probability <- paste0(
      probability, " (", percent_text(overall$.pred_lower), " to ",
      percent_text(overall$.pred_upper), ")"
    )
  }
  prior <- paste(format(100 * overall$prior, digits = 3), "%")
  unseen <- c("None", "One of the two", "Both")
  facts <- c(
    "Score (logit)" = format(overall$.score, digits = 3),
    "Probability" = paste0(
      probability, if (learned_screens(explorer$fit)) {
        ", of a hit in a genome-scale screen"
      } else {
        paste0(", if ", prior, " of all pairs are SL")
      }
    ),
    "Status" = pair_status_text(explorer, overall),
    "Genes not trained on" = unseen[overall$n_unseen + 1],
    "Novelty" = novelty_text(overall$novelty),
    parts_facts(explorer, overall)
  )
  facts[!is.na(facts)]
}

pair_status_text <- function(explorer, pair) {
  scored <- stats::predict(explorer$fit, pair, data = explorer$scored_by)
  if (!scored$.status %in% "known") {
    return("New: no label when the model was fitted")
  }
  ends <- pair[c("gene_a", "gene_b")]
  label <- as.character(mark_known(ends, explorer$labels)$label)
  recorded <- as.character(mark_known(ends, explorer$fit@known)$label)
  words <- c(SL = "SL", non_SL = "non-SL")[[label]]
  if (identical(label, recorded)) {
    return(paste("Known", words, "when the model was fitted"))
  }
  hit <- c(SL = "hit", non_SL = "no hit")[[label]]
  paste0("Known ", words, ": ", hit, " in a screen that the model learned from")
}

novelty_text <- function(novelty) {
  if (is.na(novelty)) {
    return(NA)
  }
  paste0(
    format(novelty, digits = 2), ": ", percent_text(novelty),
    " of training pairs are closer to another one than this pair is"
  )
}

# Logits of the pair evidence and of the single genes.
parts_facts <- function(explorer, pair) {
  if (!has_measured_members(explorer$fit)) {
    return(character())
  }
  scored <- stats::predict(
    explorer$fit, pair[c("gene_a", "gene_b")],
    type = "parts", data = explorer$scored_by
  )
  c(
    "Pair evidence" = format(scored$pair_evidence, digits = 3),
    "Gene effect" = format(scored$gene_effect, digits = 3)
  )
}

# The joint expression in the data or, without data, the contributions of the
# network's histogram, which the model keeps.
explorer_histogram <- function(explorer, pair, why) {
  data <- explorer$data
  if (!is.null(data)) {
    few <- ncol(source_with_genes(data, pair, NULL)$assays[[1]])
    bins <- max(2L, min(32L, 2L^floor(log2(few / 8))))
    return(autoplot(musl_histogram(data, pair[[1]], pair[[2]], bins = bins)))
  }
  if (nrow(tidy(why, "histogram")) == 0 &&
    has_network(explorer$fit) && has_measured_members(explorer$fit)) {
    why <- musl_explain(
      explorer$fit, pair[[1]], pair[[2]],
      members = "network", nearest = 0
    )
  }
  if (nrow(tidy(why, "histogram")) == 0) {
    abort_musl(c(
      "There is no joint histogram to show.",
      x = "The model uses none, and no data were given.",
      i = "{.code musl_explore(fit, data = )} shows expression."
    ))
  }
  autoplot(why, what = "histogram")
}

# One row per column with a value: column, group and value for the pair.
explorer_evidence <- function(explorer, pair) {
  values <- musl_pair_evidence(
    explorer$data, tibble(gene_a = pair[[1]], gene_b = pair[[2]])
  )
  columns <- musl_evidence_columns(explorer$data)
  columns$value <- as.numeric(values[columns$column])
  shown <- columns[!columns$evidence & !is.na(columns$value), ]
  shown[c("group", "column", "value")]
}

# All pairs of some genes, or the partners of each, best first.
explorer_list <- function(explorer, genes, ask, n) {
  if (ask == "partners") {
    genes <- utils::head(genes, most_listed[["partners"]])
    return(musl_partners(
      explorer$fit, genes,
      n = n, data = explorer$scored_by
    ))
  }
  genes <- utils::head(genes, most_listed[["pairs"]])
  if (length(genes) < 2) {
    abort_musl("Pairs need at least two genes of the model.")
  }
  ends <- utils::combn(sort_bytes(genes), 2)
  pairs <- tibble(gene_a = ends[1, ], gene_b = ends[2, ])
  scored <- stats::predict(explorer$fit, pairs, data = explorer$scored_by)
  scored <- scored[order(-scored$.score), ]
  scored[c("gene_a", "gene_b", ".score", ".pred_SL", "n_unseen", ".status")]
}

# The best pairs of a list in the contexts of a column of the samples.
explorer_contexts <- function(explorer, list, column) {
  musl_contexts(explorer$fit, utils::head(list, 20), explorer$data, column)
}

# One row per pair, its ranks in the contexts as columns.
context_rows <- function(contexts) {
  names <- levels(contexts$context)
  first <- contexts[contexts$context == names[[1]], ]
  ranks <- lapply(rlang::set_names(names), function(name) {
    contexts$rank[contexts$context == name]
  })
  tibble::as_tibble(c(list(partner = first$partner), ranks))
}
