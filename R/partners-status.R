# Whether cells can lose a candidate, which a synthetic lethal partner must
# allow: statuses, their cut-offs, and what they say of a list.

status_levels <- c(
  "selective", "often_lethal", "lethal_alone", "not_expressed", "not_judged",
  "rescued", "not_needed"
)

# list(status: a factor, NA where nothing tells whether cells need the gene;
# tier: does it stand last?; handicap: taken off a combined order)
candidate_places <- function(genes, facts) {
  if (is.null(facts)) {
    return(list(
      status = factor(rep(NA, length(genes)), status_levels),
      tier = logical(length(genes)), handicap = numeric(length(genes))
    ))
  }
  of <- with_core(cpp_gene_status(facts, as.list(status_cuts)))
  row <- match(genes, facts$genes)
  code <- replace(of$status, of$status == 0, NA)
  list(
    status = factor(status_levels[code][row], status_levels),
    tier = of$tier[row] %in% 1, handicap = of$handicap[row]
  )
}

gene_status <- function(genes, facts) candidate_places(genes, facts)$status

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
  factor(status_levels[later], status_levels)
}

# Adds `status` and, where lines tell of pairs, columns of difference_columns()
# to pairs of anchors (gene_a) with candidates, and drops those that `lethal`
# says. `order` ranks the pairs; in a combined order (`by`) some have a
# handicap. `found` is that of pair_differences(), whose calls depend on
# pairs$relation. list(pairs, order, tier, found: with `direction`, kept: rows
# of the pairs given, about: for the head of the list)
place_candidates <- function(pairs, order, by, facts, found, how) {
  places <- candidate_places(pairs$gene_b, facts)
  pairs$status <- places$status
  if (by == "combined" && how$lethal != "rank") order <- order - places$handicap
  tier <- as.integer(places$tier)
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
  kept <- which(how$lethal != "drop" | !(lethal & tier == 1L))
  list(
    pairs = pairs[kept, ], order = order[kept], tier = tier[kept],
    found = found, kept = kept,
    about = list(
      counts = table(pairs$status[tier == 1L]),
      unknown = sum(is.na(pairs$status)), n = nrow(pairs),
      lethal = how$lethal, direction = direction_lines(pairs, found, facts, how)
    )
  )
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

# An anchor that cells cannot lose has no synthetic lethal partner.
warn_anchor_status <- function(anchor, facts) {
  status <- gene_status(anchor, facts)
  share <- facts$dependent[match(anchor, facts$genes)]
  where <- if (isTRUE(facts$in_line)) "this line" else "any cell line"
  for (i in which(status %in% "lethal_alone")) {
    warn_musl(c(
      "{.val {anchor[[i]]}} is lethal alone: {share_of_lines(share[[i]])} need
       it.",
      i = "A partner cannot kill cells that die without it; read the list as
           that of a partial loss."
    ))
  }
  for (i in which(status %in% "not_expressed")) {
    warn_musl(c(
      "{.val {anchor[[i]]}} is hardly expressed in {where}.",
      i = "Its loss changes nothing there; read the list with care."
    ))
  }
}

share_of_lines <- function(share) {
  paste0(as.character(signif(100 * share, 2)), " % of lines")
}

# Sentences for the head of a list: named, one a line.
status_lines <- function(about) {
  if (is.null(about)) {
    return(NULL)
  }
  if (about$unknown == about$n) {
    return(c(Status = paste(
      "no evidence tells which candidates cells need anyway;",
      "`genes` or `lines` of musl_evidence() add it"
    )))
  }
  counts <- about$counts
  words <- c(
    lethal_alone = "that cells need anyway",
    not_expressed = "hardly expressed", not_judged = "without evidence",
    rescued = "rescued", not_needed = "not needed"
  )
  found <- counts[names(words)] > 0
  last <- paste(
    vapply(counts[names(words)][found], count_text, ""), words[found],
    collapse = ", "
  )
  where <- if (about$lethal == "drop") "last or dropped" else "last"
  c(
    if (any(found)) set_names(last, paste("Candidates", where)),
    if (about$unknown > 0) {
      c("Not known to be needed" = paste(
        count_text(about$unknown), "candidates, ranked as selective"
      ))
    },
    about$direction
  )
}
