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
    protein_words(
      paralog_identity(of("paralog_identity"), list$anchor, list$partner),
      of("family_smallest"), of("word_containment")
    ),
    term_reason(list, of("term_max"), facts$source),
    told(of("module_shared") > 0, module_words),
    network_words(of("edge"), of("common_neighbours")),
    told(of("pearson_mean") >= 0.3, coexpression_words(of("pearson_mean")))
  )
  shown <- t(apply(!is.na(words), 1, cumsum)) <= most_reasons
  words[!shown] <- NA
  words[rowSums(!is.na(words)) == 0, 1] <- unlinked_words
  words <- cbind(words, lines_reason(list, facts))
  apply(words, 1, function(row) paste(row[!is.na(row)], collapse = "; "))
}

# By the evidence of a model or, without any, of human proteins.
paralog_identity <- function(of_evidence, a, b) {
  known <- ifelse(of_evidence > 0, of_evidence, NA_real_)
  data.table::fcoalesce(as.double(known), protein_identity(a, b))
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

# The smallest shared term, by name if it is known. Information is the log of
# how rare a term is.
term_reason <- function(list, information, source) {
  one_in <- round(signif(exp(information), 2))
  rows <- which(one_in >= 100)
  named <- smallest_terms(source, list_pairs(list)[rows, ])
  shown <- named[match(seq_along(rows), named$row), ]
  words <- rep(NA_character_, nrow(list))
  words[rows] <- term_reason_words(shown, one_in[rows])
  words
}

# What is known of the partner: how many lines need it, and whether cells
# express it where that says something.
lines_reason <- function(list, facts) {
  row <- match(list$partner, facts$genes)
  unknown <- rep(NA_real_, nrow(list))
  needed <- facts$dependent[row] %||% unknown
  expressed <- facts$expressed[row] %||% unknown
  status <- list[["status"]]
  # Of few lines one or two say little.
  least <- if (isTRUE(facts$few_lines > 0)) 0.5 else 0.9
  where <- if (isTRUE(facts$in_line)) {
    told(expressed < 0.5, silent_words)
  } else {
    told(expressed < least, expression_words(
      expressed, facts$few_lines, facts$sampled[row] %||% unknown,
      status %in% "restricted"
    ))
  }
  words <- cbind(need_words(needed, status %in% "often_lethal"), where)
  out <- apply(words, 1, function(one) paste(one[!is.na(one)], collapse = ", "))
  told(nzchar(out), out)
}
