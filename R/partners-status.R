# Whether cells can lose a candidate, which a synthetic lethal partner must
# allow: statuses, their cut-offs, and what they say of a list.

# Statuses by the core's numbers, 0 or NA if unknown.
status_factor <- function(code) {
  levels <- status_kinds()$name
  factor(levels[replace(code, code %in% 0L, NA)], levels)
}

# list(status: a factor, NA where nothing tells whether cells need the gene;
# tier: does it stand last?; handicap: taken off a combined order)
candidate_places <- function(genes, facts) {
  if (is.null(facts)) {
    return(list(
      status = status_factor(rep(NA_integer_, length(genes))),
      tier = logical(length(genes)), handicap = numeric(length(genes))
    ))
  }
  of <- facts$places %||% status_places(facts)
  row <- match(genes, facts$genes)
  list(
    status = status_factor(of$status[row]),
    tier = of$tier[row] %in% 1, handicap = of$handicap[row]
  )
}

# list(status: a number, 0 if unknown; tier, handicap), of each gene of `facts`.
status_places <- function(facts) {
  with_core(cpp_gene_status(facts))
}

gene_status <- function(genes, facts) candidate_places(genes, facts)$status

# A list as it is shown: a score of relation says nothing of a pair that is
# known to rescue.
hide_rescued_chances <- function(rows) {
  rows$.pred_SL[rows[["status"]] %in% c("rescued", "not_needed")] <- NA
  rows
}

# The facts of these genes alone, as an atlas keeps them.
facts_of <- function(genes, facts) {
  if (!is.null(facts)) {
    row <- match(genes, facts$genes)
    of_gene <- c("dependent", "expressed", "judged")
    known <- known_direction(facts$source)
    c(
      list(genes = genes), lapply(facts[of_gene], function(x) x[row]),
      if (nrow(known$alterations) > 0) list(direction = known)
    )
  }
}

# With what the core asks of them.
with_source <- function(facts) {
  if (!is.null(facts$direction)) {
    facts$source <- direction_source(facts$direction, facts$genes)
  }
  facts
}

# One tier a gene, or none without facts.
gene_tiers <- function(facts) {
  as.integer(candidate_places(facts$genes, facts)$tier)
}

# Of the statuses of two genes the one that is listed later.
status_of_pair <- function(pairs, facts) {
  both <- as.integer(gene_status(c(pairs$gene_a, pairs$gene_b), facts))
  a <- seq_len(nrow(pairs))
  later <- pmax(both[a], both[-a], na.rm = TRUE)
  status_factor(later)
}

# Adds `status`, `order` and, where lines tell of pairs, columns of
# difference_columns() to pairs of anchors (gene_a) with candidates, and drops
# those that `lethal` says. `order` ranks the pairs; in a combined order (`by`)
# some have a handicap. `found` is that of pair_differences(), whose calls
# depend on pairs$relation. list(pairs, order, tier, found: with `direction`,
# kept: rows of the pairs given, about: for the heads of the lists)
place_candidates <- function(pairs, order, by, facts, found, how) {
  places <- candidate_places(pairs$gene_b, facts)
  pairs$status <- places$status
  if (by == "combined" && how$lethal != "rank") order <- order - places$handicap
  tier <- as.integer(places$tier)
  lethal <- pairs$status %in% "lethal_alone"
  tier[lethal & seems_lethal(pairs, lethal, order, how)] <- 0L
  if (!is.null(found)) {
    calls <- direction_calls(found, pairs, pairs[["relation"]] %||% order)
    found$direction <- calls$direction
    pairs <- difference_columns(pairs, found)
    last <- found$direction %in% c("needed_less", "not_needed")
    pairs$status[found$row[last]] <- ifelse(
      found$direction[last] == "not_needed", "not_needed", "rescued"
    )
    tier[found$row[last]] <- 1L
    # Lines that lost the anchor need it more: an effect of the pair.
    more <- found$direction %in% "needed_more"
    tier[found$row[more]] <- 0L
    leading <- more & (found$fdr <= leading_fdr) %in% TRUE
    tier[found$row[leading]] <- -1L
    if (by == "combined") {
      order[found$row] <- order[found$row] + calls$bonus
    }
  }
  lethal <- pairs$status %in% "lethal_alone"
  if (how$lethal == "rank") tier[lethal] <- pmin(tier[lethal], 0L)
  pairs$order <- order_ratios(order, tier, pairs$gene_a)
  kept <- which(how$lethal != "drop" | !(lethal & tier == 1L))
  list(
    pairs = pairs[kept, ], order = order[kept], tier = tier[kept],
    found = found, kept = kept,
    about = list_facts(pairs, tier, found, facts, how)
  )
}

# Candidates that cells need anyway and that are ranked all the same: hits of
# screens with the anchor, and its paralogs, which may only seem to be needed
# where lines lack the anchor; of larger families the first by `order`.
seems_lethal <- function(pairs, lethal, order, how) {
  hit <- pairs[["measured"]] %in% TRUE & pairs[["label"]] %in% "SL"
  if (is.null(how$paralogs) || !any(lethal)) {
    return(hit)
  }
  twins <- rep(NA_real_, nrow(pairs))
  twins[lethal] <- how$paralogs(pairs[lethal, pair_ends_of])
  large <- which(twins > few_twins)
  large <- large[order(-order[large])]
  first <- large[!duplicated(pairs$gene_a[large])]
  hit | (twins <= few_twins) %in% TRUE | seq_along(twins) %in% first
}

# Of pairs of genes how many genes have their families, if the two have all of
# them in common and fewer than `most_twins` genes do, NA of others; 2 if their
# proteins align.
family_twins <- function(object, data, bound, facts) {
  function(pairs) {
    x <- scorer_features(object, pairs, data, bound)
    of <- function(column) x[[column]] %||% rep(NA_real_, nrow(pairs))
    twins <- of("family_twins_max")
    expressed <- facts$expressed[match(pairs$gene_a, facts$genes)]
    # Where all lines have the anchor, they need the other one in spite of it.
    most <- ifelse((expressed < 0.9) %in% TRUE, most_twins, few_twins)
    alike <- of("family_jaccard") == 1 & twins <= most
    twins[!alike %in% TRUE] <- NA
    twins[(of("paralog_identity") > 0) %in% TRUE] <- 2
    twins
  }
}
few_twins <- 4
most_twins <- 30

# For the head of each list, by anchor: list(counts: statuses of the candidates
# that are listed last, unknown, n, lethal; direction, who: see
# direction_facts()).
list_facts <- function(pairs, tier, found, facts, how) {
  anchors <- unique(pairs$gene_a)
  at <- split(seq_len(nrow(pairs)), factor(pairs$gene_a, anchors))
  lapply(set_names(anchors), function(anchor) {
    rows <- at[[anchor]]
    status <- pairs$status[rows]
    c(
      list(
        counts = table(status[tier[rows] == 1L]), unknown = sum(is.na(status)),
        n = length(rows), lethal = how$lethal, state = how$state,
        warnings = anchor_warnings(anchor, facts)
      ),
      direction_facts(anchor, pairs, found, facts, how)
    )
  })
}

# What lines tell of pairs, as columns of lists.
difference_columns <- function(pairs, found) {
  fill <- function(values) {
    out <- rep(values[NA_integer_], nrow(pairs))
    out[found$row] <- values
    out
  }
  columns <- c("direction", "difference", "n_lines", "z")
  if (!all(is.na(found$fdr))) columns <- c(columns, "fdr")
  pairs[columns] <- lapply(as.list(found)[columns], fill)
  pairs
}

# The differences of rows of first_ranked(): rows of `found`, NA for none.
said_of <- function(placed, first) {
  if (!is.null(placed$found)) {
    placed$found[match(placed$kept[first$place], placed$found$row), ]
  }
}

check_dependency <- function(dependency, anchor) {
  if (isFALSE(dependency)) {
    return(invisible())
  }
  check_is(dependency, "musl_dependency", allow_null = TRUE)
  tested <- c(dependency$anchor, dependency$partner)
  abort_if(!is.null(dependency) && !any(anchor %in% tested), c(
    "{.arg dependency} must have an anchor of the list.",
    x = "It has {.val {utils::head(unique(dependency$anchor), 3)}}, the list
         is of {.val {utils::head(anchor, 3)}}.",
    i = "Make it with {.code musl_dependency({utils::head(anchor, 1)}, x)}."
  ), "gene", argument = "dependency")
}

# An anchor that cells cannot lose has no synthetic lethal partner: what is said
# of it, on pages too.
anchor_warnings <- function(anchor, facts) {
  status <- gene_status(anchor, facts)
  where <- if (isTRUE(facts$in_line)) "this line" else "any cell line"
  c(
    if (status %in% "lethal_alone") {
      c(
        sprintf(
          "\"%s\" is lethal alone: %s need it.", anchor,
          share_of_lines(facts$dependent[match(anchor, facts$genes)])
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

warn_anchor_status <- function(anchor, facts) {
  for (gene in anchor) {
    said <- anchor_warnings(gene, facts)
    if (length(said) > 0) warn_musl(without_markup(said))
  }
}

share_of_lines <- function(share) {
  paste0(as.character(signif(100 * share, 2)), " % of lines")
}
