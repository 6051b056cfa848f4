# Why a partner is listed, in words: the column `why` of partner lists, made of
# the facts that evidence knows of the pair and of the partner.

# Facts of the pair told at most, the strongest kinds first; those of the
# partner follow.
most_reasons <- 3L

# One string a row of a list; `said`: what lines tell of each row, of said_of();
# `x`: features of the rows.
reasons_of <- function(object, list, facts, said = NULL, x = NULL) {
  of <- function(column) x[[column]] %||% rep(NA_real_, nrow(list))
  words <- cbind(
    direction_reason(list, said),
    label_reasons(list, object),
    protein_reason(of),
    term_reason(list, of("term_max"), facts$source),
    told(of("module_shared") > 0, "co-essential module"),
    network_reason(of),
    told(
      of("pearson_mean") >= 0.3,
      sprintf("co-expressed (r = %.2f)", of("pearson_mean"))
    )
  )
  shown <- t(apply(!is.na(words), 1, cumsum)) <= most_reasons
  words[!shown] <- NA
  words <- cbind(words, lines_reason(list, facts))
  apply(words, 1, function(row) paste(row[!is.na(row)], collapse = "; "))
}

list_pairs <- function(list) {
  tibble(gene_a = list$anchor, gene_b = list$partner)
}

# Adds to what is known of each list the share of its rows that are beyond what
# screens measured: `beyond`, one a row.
with_beyond <- function(about, anchor, beyond) {
  share <- tapply(beyond > 0, anchor, mean)
  lapply(set_names(names(about)), function(anchor) {
    c(about[[anchor]], list(beyond = unname(share[anchor])))
  })
}

# What lines that lost either gene need; for an anchor that tumours activate,
# what these lines need if nothing is known of its loss.
direction_reason <- function(list, said) {
  words <- rep(NA_character_, nrow(list))
  for (found in said) {
    if (is.null(found)) next
    subject <- ifelse(found$turned, paste0(list$anchor, " "), "")
    words <- data.table::fcoalesce(words, direction_words(found, subject))
  }
  words
}

# Alignment first, then families, then shared words of residues.
protein_reason <- function(of) {
  identity <- of("paralog_identity")
  family <- of("family_smallest")
  words <- of("word_containment")
  data.table::fcoalesce(
    told(identity > 0, sprintf("paralog, %.0f %% identity", 100 * identity)),
    told(family <= 30, sprintf("protein family of %.0f", family)),
    told(words >= 0.2, "similar proteins")
  )
}

# The smallest shared term, by name if it is known. Information is the log of
# how rare a term is.
term_reason <- function(list, information, source) {
  one_in <- round(signif(exp(information), 2))
  words <- told(
    one_in >= 100, paste("shared term of 1 in", count_text(one_in), "genes")
  )
  rows <- which(!is.na(words))
  named <- smallest_terms(source, list_pairs(list)[rows, ])
  at <- rows[named$row]
  words[at] <- ifelse(
    is.na(named$name), words[at], paste0(
      ifelse(named$kind == "complex", "both in the ", "shared term: "),
      shortened(named$name), " (", named$n_genes, " genes)"
    )
  )
  words
}

# Cut between words.
shortened <- function(text, most = 40L) {
  long <- nchar(text) > most
  cut <- sub("[ ,-]+[^ ,-]*$", "", substr(text, 1, most - 2))
  ifelse(long, paste(cut, "..."), text)
}

network_reason <- function(of) {
  edge <- of("edge")
  shared <- of("common_neighbours")
  data.table::fcoalesce(
    told(edge > 0, sprintf("proteins interact (%.2g)", edge)),
    told(shared >= 5, sprintf("%.0f shared interactors", shared))
  )
}

# What is known of the partner: how many lines need it, and whether cells
# express it where that says something.
lines_reason <- function(list, facts) {
  row <- match(list$partner, facts$genes)
  unknown <- rep(NA_real_, nrow(list))
  needed <- facts$dependent[row] %||% unknown
  expressed <- facts$expressed[row] %||% unknown
  often <- list[["status"]] %in% "often_lethal"
  elsewhere <- ifelse(
    list[["status"]] %in% "restricted",
    sprintf(", %s %% of samples do", signif(100 * facts$sampled[row], 2)), ""
  )
  where <- if (isTRUE(facts$in_line)) {
    told(expressed < 0.5, "not expressed there")
  } else {
    # Of few lines one or two say little.
    told(
      expressed < if (isTRUE(facts$few_lines > 0)) 0.5 else 0.9,
      paste0(
        share_of_lines(expressed, facts$few_lines), " express it", elsewhere
      )
    )
  }
  words <- cbind(
    told(!is.na(needed), paste0(
      "needed by ", share_of_lines(needed),
      ifelse(often, " (often lethal)", "")
    )), where
  )
  out <- apply(words, 1, function(one) paste(one[!is.na(one)], collapse = ", "))
  told(nzchar(out), out)
}
