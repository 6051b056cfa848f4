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
    of_gene <- intersect(
      c("dependent", "expressed", "judged", "sampled"), names(facts)
    )
    known <- known_direction(facts$source)
    c(
      list(genes = genes), lapply(facts[of_gene], function(x) x[row]),
      facts["few_lines"],
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

# Adds `status`, `tier`, `order`, `rank` (0: not listed) and, where lines tell
# of pairs, columns of difference_columns() to pairs of anchors (gene_a) with
# candidates, which `order` ranks within their tier. list(pairs, found: with
# `direction`, activated, about: for the heads of the lists)
place_candidates <- function(pairs, order, by, facts, differences, how) {
  found <- differences$found
  order[is.na(order) & !is.na(pairs$.score)] <- -Inf
  placed <- with_core(cpp_place_candidates(
    as.list(facts[intersect(fact_fields, names(facts))]),
    list(
      list = match(pairs$gene_a, unique(pairs$gene_a)),
      gene = match(pairs$gene_b, facts$genes, 0L) - 1L, order = order,
      relation = as.double(pairs[["relation"]]), hit = found_by_screen(pairs),
      twins = as.double(facts$twins)
    ),
    as.list(found), list(
      lethal = match(how$lethal, lethal_places) - 1L,
      combined = by == "combined"
    )
  ))
  pairs$status <- status_factor(placed$status)
  pairs$order <- nan_to_na(placed$ratio)
  pairs[c("tier", "rank")] <- placed[c("tier", "rank")]
  if (!is.null(found)) {
    found$direction <- called_direction(placed$call)
    pairs <- difference_columns(pairs, found)
  }
  list(
    pairs = pairs, found = found, activated = differences$activated,
    about = list_facts(pairs, found, facts, how)
  )
}

# What the core reads of facts.
fact_fields <- c(
  "dependent", "expressed", "judged", "in_line", "few_lines", "sampled"
)

lethal_places <- c("last", "drop", "rank")

# Of each pair: did a screen find it?
found_by_screen <- function(pairs) {
  measured <- pairs[["measured"]] %||% rep(FALSE, nrow(pairs))
  measured %in% TRUE & (pairs[["label"]] %||% measured) %in% "SL"
}

# For the head of each list, by anchor: list(counts: statuses of the candidates
# that are listed last, unknown, n, lethal; direction, who: see
# direction_facts()).
list_facts <- function(pairs, found, facts, how) {
  anchors <- unique(pairs$gene_a)
  at <- split(seq_len(nrow(pairs)), factor(pairs$gene_a, anchors))
  lapply(set_names(anchors), function(anchor) {
    rows <- at[[anchor]]
    status <- pairs$status[rows]
    c(
      list(
        counts = table(status[pairs$tier[rows] == 1L]),
        unknown = sum(is.na(status)), lines = facts$few_lines,
        sampled = !all(is.na(facts$sampled)),
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

# The differences of rows of first_ranked(), list(found, activated): NA for
# none, NULL if nothing is known of any.
said_of <- function(placed, rows) {
  lapply(placed[c("found", "activated")], function(found) {
    found[match(rows$place, found$row), ]
  })
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

# Of one anchor, on pages too.
anchor_warnings <- function(anchor, facts) {
  status_warning(
    anchor, gene_status(anchor, facts),
    facts$dependent[match(anchor, facts$genes)],
    where_words(facts$in_line, facts$few_lines)
  )
}

warn_anchor_status <- function(anchor, facts) {
  for (gene in anchor) {
    said <- anchor_warnings(gene, facts)
    if (length(said) > 0) warn_musl(without_markup(said))
  }
}
