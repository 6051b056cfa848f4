# The explorer's calls of the package, without Shiny.

# The columns of a partner list that a page shows.
partner_rows <- function(list) {
  list <- hide_rescued_chances(list)
  list$status <- status_words(list$status)
  if (!all(is.na(list[["direction"]]))) {
    list$direction <- unname(direction_kinds[as.character(list$direction)])
  } else {
    list <- list[setdiff(names(list), "direction")]
  }
  list$recorded <- as.character(label_kind(list))
  as_tibble(unclass(list)[intersect(names(partner_labels), names(list))])
}

# Those in the file alone: `why` says them in words.
unseen_columns <- c(
  "status", "direction", ".score", "relation", "single_gene", "n_unseen"
)

# The genes that a name may mean, if the model has none of that name.
gene_choices <- function(name, genes) {
  if (name %in% genes) {
    return(character())
  }
  choices <- find_names(name, genes)$choices
  if (is.na(choices)) character() else strsplit(choices, ", ")[[1]]
}

# list(explanation; status: in words; parts: logits of the relation and of
# the single genes, NULL where scorers tell none) of one pair.
explorer_pair <- function(explorer, gene, partner) {
  why <- musl_explain(explorer$fit, gene, partner, data = explorer$scored_by)
  pair <- glance(why)[c("gene_a", "gene_b")]
  list(
    explanation = why,
    status = as.character(label_kind(mark_known(pair, explorer$labels))),
    parts = stats::predict(
      explorer$fit, pair, type = "parts", data = explorer$scored_by
    )
  )
}

# Why a pair has its score, in words: list(lead: sentences; raises, lowers:
# terms of the largest contributions).
pair_reasons <- function(shown, n = 4L) {
  terms <- pool_scaled(described_terms(shown$explanation))
  # Less than five per cent of the odds is no reason.
  terms <- terms[abs(terms$contribution) >= log(1.05), ]
  terms <- terms[terms$component != "reference", ]
  # Values on a scale that only the model knows are left out.
  scaled <- " [(]scaled[)]$"
  terms$value[grepl(scaled, terms$description)] <- NA
  terms$description <- sub(scaled, "", terms$description)
  words <- paste0(
    told_with_value(terms), " (odds ",
    ifelse(terms$contribution > 0, "\u00d7", "\u00f7"), " ",
    vapply(exp(abs(terms$contribution)), format, "", digits = 2), ")"
  )
  list(
    lead = c(
      chance_sentence(glance(shown$explanation)), parts_sentence(shown$parts),
      explained_sentences(shown$explanation),
      fact_sentences(unlist(glance(shown$explanation)[c("gene_a", "gene_b")]))
    ),
    raises = utils::head(words[terms$contribution > 0], n),
    lowers = utils::head(words[terms$contribution < 0], n)
  )
}

parts_sentence <- function(parts) {
  if (all(c("relation", "single_gene") %in% names(parts))) {
    sprintf(
      paste(
        "Of its log odds, %+.2f come from what relates the two genes and",
        "%+.2f from each gene alone, whoever its partner is."
      ), parts$relation, parts$single_gene
    )
  }
}

# The boxes of a pair's page: list of c(title, value, text).
pair_facts <- function(shown) {
  overall <- glance(shown$explanation)
  ends <- c(overall$.pred_lower, overall$.pred_upper)
  novelty <- paste(
    share_text(overall$novelty), "of training pairs are closer to another one"
  )
  unseen <- c("None", "One of the two", "Both")[overall$n_unseen + 1]
  list(
    c(
      "Probability", share_text(overall$.pred_SL),
      if (!anyNA(ends)) paste(share_text(ends), collapse = " to "),
      paste("if", share_text(overall$prior), "of all pairs are SL")
    ),
    c("Score", format(overall$.score, digits = 3), "Log odds; ranks pairs"),
    c(
      partner_labels[["recorded"]], capital(shown$status),
      "When the model was fitted"
    ),
    c("Genes not trained on", unseen, if (!is.na(overall$novelty)) novelty)
  )
}

explorer_histogram <- function(data, pair) {
  few <- ncol(cohort_with_genes(data, pair, NULL)$assays[[1]])
  bins <- max(2L, min(32L, 2L^floor(log2(few / 8))))
  autoplot(musl_histogram(data, pair[[1]], pair[[2]], bins = bins))
}

# One row per column with a value: group, meaning and value for the pair.
explorer_evidence <- function(explorer, pair) {
  values <- musl_pair_features(
    explorer$data, tibble(gene_a = pair[[1]], gene_b = pair[[2]])
  )
  columns <- attr(values, "columns")
  columns$value <- as.numeric(values[columns$column])
  shown <- columns[!columns$evidence & !is.na(columns$value), ]
  shown[c("group", "description", "column", "value")]
}

# Genes of a pasted text, separated by lines, commas, semicolons or tabs, or by
# blanks unless the names contain them.
listed_genes <- function(text, known) {
  words <- trimws(strsplit(text, "[,;\t\r\n]+")[[1]])
  words <- ifelse(words %in% known, words, strsplit(words, "[[:space:]]+"))
  words <- unique(as.character(unlist(words)))
  words[nzchar(words)]
}

# All pairs of some genes, best first, or the partners of each.
explorer_list <- function(explorer, genes, ask, n) {
  unknown <- setdiff(genes, explorer$genes)
  inform_if(length(unknown) > 0, c(
    "{length(unknown)} name{?s} unknown: {.val {utils::head(unknown, 20)}}.",
    i = unknown_gene_hint(unknown, explorer$genes)
  ))
  most <- c(pairs = 150L, partners = 25L)[[ask]]
  genes <- utils::head(intersect(genes, explorer$genes), most)
  if (length(genes) < if (ask == "pairs") 2 else 1) {
    abort_musl("Pairs need two genes of the model, partners one.")
  }
  if (ask == "partners") {
    return(musl_partners(explorer$fit, genes, n = n, data = explorer$scored_by))
  }
  ends <- utils::combn(sort_bytes(genes), 2)
  pairs <- tibble(gene_a = ends[1, ], gene_b = ends[2, ])
  scored <- stats::predict(explorer$fit, pairs, data = explorer$scored_by)
  scored <- scored[order(-scored$.score), ]
  scored[c("gene_a", "gene_b", ".score", ".pred_SL", "n_unseen", ".status")]
}
