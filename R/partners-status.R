# Whether cells can lose a candidate, which a synthetic lethal partner must
# allow: statuses, their cut-offs, and what they say of a list.

status_levels <- c(
  "selective", "often_lethal", "lethal_alone", "not_expressed", "not_judged",
  "rescued"
)

# Pairs of this FDR or a lower one have a differential dependency.
differential_fdr <- 0.1

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

# The facts of these genes alone.
facts_of <- function(genes, facts) {
  if (!is.null(facts)) {
    row <- match(genes, facts$genes)
    of_gene <- c("dependent", "expressed", "judged")
    c(list(genes = genes), lapply(facts[of_gene], function(x) x[row]))
  }
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

# Adds `status` and, with differential dependencies, `difference` and `fdr` to
# pairs of anchors (gene_a) with candidates, and drops those that `lethal` says.
# `order` ranks the pairs; in a combined order (`by`) some have a handicap.
# list(pairs, order, tier, about: for the head of the list)
place_candidates <- function(pairs, order, by, facts, how) {
  places <- candidate_places(pairs$gene_b, facts)
  pairs$status <- places$status
  found <- differential_of(pairs, how$dependency)
  shown <- intersect(c("difference", "fdr"), names(found))
  pairs[shown] <- found[shown]
  significant <- found$fdr <= differential_fdr
  rescued <- which(significant & found$depleted %in% FALSE)
  pairs$status[rescued] <- "rescued"
  places$tier[rescued] <- TRUE
  # Lines that lost the anchor need it more: an effect of the pair.
  places$tier[which(significant & found$depleted)] <- FALSE
  lethal <- pairs$status %in% "lethal_alone"
  if (how$lethal == "rank") places$tier[lethal] <- FALSE
  kept <- how$lethal != "drop" | !(lethal & places$tier)
  if (by == "combined" && how$lethal != "rank") order <- order - places$handicap
  list(
    pairs = pairs[kept, ], order = order[kept],
    tier = as.integer(places$tier[kept]),
    about = list(
      counts = table(pairs$status[places$tier]),
      unknown = sum(is.na(pairs$status)), n = nrow(pairs),
      lethal = how$lethal, differential = length(found) > 0
    )
  )
}

# list(difference, fdr, depleted) of the pairs, by the anchor whose loss was
# studied. Tests of one side say nothing of partners that are needed less: these
# have the FDR of a difference.
differential_of <- function(pairs, dependency) {
  if (is.null(dependency)) {
    return(list())
  }
  row <- match(
    paste(pairs$gene_a, pairs$gene_b, sep = "\r"),
    paste(dependency$anchor, dependency$partner, sep = "\r")
  )
  depleted <- is_depleted(dependency)
  fdr <- ifelse(depleted, dependency$fdr, two_sided_rates(dependency))
  list(
    difference = dependency$difference[row], fdr = fdr[row],
    depleted = depleted[row]
  )
}

check_dependency <- function(dependency, anchor) {
  check_is(dependency, "musl_dependency", allow_null = TRUE)
  abort_if(!is.null(dependency) && !any(anchor %in% dependency$anchor), c(
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
    rescued = "rescued by the loss"
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
    if (!about$differential) {
      c(Note = "lethal and rescuing pairs look alike without `dependency`")
    }
  )
}
