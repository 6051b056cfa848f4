# Chooses among pairs, and prints the choice; see musl_design().

design_pairs <- function(fit, candidates, known, ids, how,
                         call = caller_env()) {
  check_pair_table(candidates, "candidates", call = call)
  pairs <- tibble(
    gene_a = pair_genes(candidates, "gene_a", "candidates", call),
    gene_b = pair_genes(candidates, "gene_b", "candidates", call)
  )
  if (nrow(pairs) == 0) abort_no_candidate(0, call)
  genes <- told_genes(
    unique(c(pairs$gene_a, pairs$gene_b)), "candidates", known, ids, call
  )
  pairs <- pairs[pairs$gene_a %in% genes & pairs$gene_b %in% genes, ]
  pairs <- pairs[pairs$gene_a != pairs$gene_b, ]
  pairs <- pairs[!duplicated(pair_keys(pairs)), ]
  if (nrow(pairs) == 0) abort_no_candidate(0, call)
  pairs <- design_scores(fit, pairs, how, call)
  left <- pairs[!pairs$known & !is.na(pairs$p), ]
  if (nrow(left) == 0) abort_no_candidate(sum(pairs$known), call)
  left$expected <- left$p
  chosen <- choose_in_turn(left$expected, how,
    likeness = pair_likeness(left, how$groups), repeated = function(i) 0
  )
  rows <- left[chosen$row, ]
  rows$like <- paste(rows$gene_a, rows$gene_b, sep = " - ")[chosen$like]
  new_design(rows, chosen, left, how)
}

# function(i): 1 for pairs that share a gene with pair i, or whose genes are in
# the groups of its genes.
pair_likeness <- function(pairs, groups) {
  a <- pairs$gene_a
  b <- pairs$gene_b
  relatives <- function(gene) {
    own <- groups$group[groups$gene == gene]
    c(gene, groups$gene[groups$group %in% own])
  }
  function(i) {
    ends <- c(a[[i]], b[[i]])
    alike <- a %in% ends | b %in% ends
    if (nrow(groups) > 0) {
      one <- relatives(a[[i]])
      other <- relatives(b[[i]])
      alike <- alike | (a %in% one & b %in% other) |
        (a %in% other & b %in% one)
    }
    as.numeric(alike)
  }
}

#' @export
print.musl_design <- function(x, ...) {
  # Columns may have been left out since.
  if ("expected" %in% names(x)) cat(design_head(x), sep = "")
  print(as_tibble(unclass(x)[names(x)]), ...)
  invisible(x)
}

design_head <- function(x) {
  against <- attr(x, "against")
  what <- if ("anchor" %in% names(x)) "anchor" else "pair"
  n <- nrow(x)
  total <- if (n > 0) sum(x$expected) else 0
  c(
    "<musl_design> ", count_text(n), " ", what, if (n != 1) "s", ": ",
    format(total, digits = 3), " new hits expected\n",
    if (!is.null(against)) {
      c(
        "  ", count_text(n), " at random of ", count_text(against$n), ": ",
        format(random_hits(against, n), digits = 3), ", if ",
        format(100 * attr(x, "prior"), digits = 3), " % of all pairs are hits\n"
      )
    }
  )
}
