#' Screen cell lines for partners of lost genes
#'
#' For each anchor gene, compares the effect of knocking out every other gene
#' between the cell lines that have lost the anchor and the rest.
#'
#' # Loss of the anchor
#' The default, low expression, misses mutations that leave expression: with the
#' files, `loss = c("damaging", "deletion")` finds these. One damaged copy is
#' enough for "damaging"; `c(damaging = 2)` asks for both, where DepMap counts
#' them. A line has lost the anchor if at least one of the definitions in `loss`
#' applies, and belongs to the rest if none does. Lines with a missing value in
#' a definition, and not lost by any other, are left out. "hotspot" and
#' "amplification" define lines that gained the anchor: what is said of loss
#' then holds for these.
#'
#' # Tests
#' Van Elteren's test, for anchors with at least `min_lines` lines of
#' both groups in lineages that have both, sums the ranks within those lineages;
#' Wilcoxon's rank-sum test, for others, is that of `wilcox.test(exact =
#' FALSE)`. With `covariates`, a linear regression of the gene effect on the
#' loss, the covariates and the lineage; its t test is of the loss. If more than
#' half of the lines have one value, the long tail is that of Pearson's type III
#' distribution. A gene with fewer than `min_lines` values in either group has
#' no test.
#'
#' # Flags
#' `common_essential` is `TRUE` for genes with a dependency probability above
#' 0.5 (without that assay, an effect below -0.5) in at least 90 % of lines.
#' `copy_number_delta` is Cliff's delta of the partner's copy number between the
#' groups, and `copy_number_flag` is `TRUE` from 0.33 on in either direction.
#' `lineage_marker` is `TRUE` if at least half of the lines with loss are of one
#' lineage and the other lines of that lineage differ from the rest in the same
#' direction, by a Hedges g of 0.8 or more: the lineage explains the difference.
#'
#' @param anchors Character, one or more genes (row names of `x`) whose loss is
#'   studied; with `groups` any names.
#' @param x A
#'   [SummarizedExperiment][SummarizedExperiment::SummarizedExperiment], genes x
#'   cell lines, as `read_depmap()` returns it. Its assays are known by their
#'   names: `effect`, the gene effect, negative if the knock-out harms; and, if
#'   there, `expression`, `damaging`, `hotspot`, `copy_number` and `dependency`,
#'   the probability of being dependent, 0 to 1. The column `lineage` of
#'   `colData(x)` stratifies the tests.
#' @param loss The definitions of loss, one or more of "expression", "damaging",
#'   "deletion", "hotspot", "amplification", or numbers of these names, their
#'   limits: the quantile of the anchor's expression over lines up to which it
#'   counts as lost (0.1 by default), the least value of the assay `damaging`,
#'   where DepMap counts damaged copies (1), the highest of `copy_number`, 1 for
#'   a diploid gene (0.3), the least of the assay `hotspot` (1), and the least
#'   of `copy_number` (2).
#' @param groups `NULL`, or your groups: a logical vector, one value per line
#'   (`TRUE` lost, `FALSE` rest, `NA` left out), matched by name if it has
#'   names; or a data frame with columns `line`, `lost` (`TRUE`, `FALSE` or
#'   `NA`, or 1 and 0) and, for groups of each anchor, `anchor`. Lines that are
#'   not named are left out.
#' @param lineage Name of the column of `colData(x)` to stratify by, or `NULL`
#'   for Wilcoxon's test. Lines without a lineage do not count in stratified
#'   tests.
#' @param covariates `NULL`, or names of columns of `colData(x)` that may
#'   explain a difference, such as microsatellite instability and mutation
#'   burden: numbers, flags or text. Missing numbers count as the mean, with a
#'   flag of their own.
#' @param min_lines Whole number >= 2, lines that each group must have.
#' @param spread Number >= 0 that widens the spread of each gene in effect sizes
#'   and regressions, as its square: genes that hardly vary have no large
#'   effects.
#' @param threads Whole number >= 0 of threads; 0 for all. Results do not depend
#'   on it.
#' @returns A tibble of class `musl_dependency`, one row for each anchor and
#'   partner, without the anchor itself: `anchor`, `partner`; `n_loss`, `n_rest`
#'   (lines with a value); `median_loss`, `median_rest`, `difference` (of the
#'   medians, below 0 if loss sensitises); `cliffs_delta` (-1 to 1, -1 if every
#'   line with loss is below all others); `mean_loss`, `mean_rest`; `hedges_g`,
#'   `g_lower`, `g_upper` (standardised difference of these means with its 95 %
#'   interval); `share_loss`, `share_rest` (lines with an effect below -0.5, 0
#'   to 1); `p_two_sided`, `p_less` (Wilcoxon); `n_strata` (lineages with both
#'   groups), `p_two_sided_stratified`, `p_less_stratified` (van Elteren); with
#'   `covariates`, `adjusted` (difference of means that they do not explain),
#'   `p_two_sided_adjusted`, `p_less_adjusted`; `test` ("wilcoxon",
#'   "van_elteren", "regression"), `p_value` (that the loss group is lower),
#'   `fdr` (Benjamini and Hochberg over the anchor's partners), `fdr_all` (over
#'   all rows of the call); `direction` (at an FDR of at most .1: "needed_more"
#'   where lines with loss need the partner more and suffer from its knock-out,
#'   by a mean effect of at most -0.2 or in a tenth of them; "needed_less",
#'   whose status in lists is `rescued`;
#'   "not_needed" where they do not suffer and the others grow better without
#'   it; else `NA`); `share_dependent` (of all lines), `common_essential`,
#'   `copy_number_delta`, `copy_number_flag` and `lineage_marker`; `NA` without
#'   data. `autoplot()` returns a ggplot, one panel per anchor.
#' @section Errors:
#'   `musl_error_gene` if an anchor is not in `x` or genes are duplicated;
#'   `musl_error_shape` if groups do not fit the lines; `musl_error_input` if an
#'   assay or column is missing, or no anchor has `min_lines` lines of each
#'   group. `musl_warning_dropped_genes` for anchors with too few lines;
#'   `musl_warning_other` for partners without a test, an `effect` without a
#'   value below 0, and anchors deleted in more than half of the lines.
#' @section Source: Van Elteren (1960), Bulletin of the International
#'   Statistical Institute 37:351; Cliff (1993), Psychological Bulletin 114:494;
#'   tails of tied values: Mielke, Berry and Johnson (1976), Commun Stat A
#'   5:1409; effect sizes: Hedges and Olkin (1985), Statistical Methods for
#'   Meta-Analysis, chapter 5.
#' @seealso [augment()][augment.musl_partners], [musl_compare()]
#' @examples
#' # Knocking out B harms the lines that do not express A.
#' lines <- sprintf("line%02d", 1:40)
#' expression <- rbind(A = rep(c(0, 5), c(10, 30)), B = 4, C = 5)
#' effect <- rbind(A = sin(1:40), B = cos(1:40), C = sin(41:80))
#' effect["B", 1:10] <- effect["B", 1:10] - 2
#' x <- SummarizedExperiment::SummarizedExperiment(
#'   list(expression = expression, effect = effect),
#'   colData = data.frame(
#'     lineage = rep(c("lung", "skin"), 20), row.names = lines
#'   )
#' )
#' dependency <- musl_dependency("A", x, loss = c(expression = 0.25))
#' dependency[c("partner", "difference", "p_value", "fdr")]
#' autoplot(dependency, "groups", x = x, partner = "B")
#' @export
musl_dependency <- function(anchors, x, loss = "expression", groups = NULL,
                            lineage = "lineage", covariates = NULL,
                            min_lines = 5L, spread = 0.1, threads = 0L) {
  check_whole(min_lines, 2)
  check_number(spread, 0)
  check_whole(threads, 0)
  check_dependency_data(x)
  assays <- dependency_assays(x)
  strata <- dependency_strata(x, lineage, is_given = !missing(lineage))
  adjust <- dependency_covariates(x, covariates, strata)
  limits <- loss_limits(loss)
  lost <- if (is.null(groups)) {
    anchor_losses(anchors, x, limits, assays)
  } else {
    user_groups(anchors, groups, x)
  }
  lost <- drop_small_groups(lost, min_lines)
  settings <- list(
    min_lines = as.integer(min_lines), threads = as.integer(threads),
    spread = as.double(spread)
  )
  rows <- dependency_rows(x, lost, strata, adjust, settings)
  rows <- add_flags(rows, x, assays, lost, settings)
  rows$lineage_marker <- lineage_markers(rows, x, lost, lineage, settings)
  rows <- rows[rows$anchor != rows$partner, ]
  rows <- add_directions(add_rates(rows))
  warn_untested(rows, min_lines)
  tibble::new_tibble(
    rows,
    class = "musl_dependency", design = list(
      lost = lost, event = if (is.null(groups)) event_words(names(limits))
    )
  )
}

# The columns of musl_dependency() before its flags.
dependency_rows <- function(x, lost, strata, adjust, settings) {
  values <- dependency_assay(x, "effect")
  # A probability of dependency or a category rises with harm.
  known <- range(0, values[is.finite(values)])
  largest <- format(known[[2]], digits = 3)
  warn_if(known[[1]] == 0 && any(is.finite(values)), c(
    "Assay {.val effect} must be negative where a knock-out harms.",
    x = "Its values go up to {largest}, and none is below 0.",
    i = "If they rise with harm, as a probability of dependency does, screen
         minus the values."
  ))
  out <- with_core(cpp_dependency(
    values, lost, strata, settings$min_lines, settings$threads
  ))
  is_number <- vapply(out, is.double, NA)
  out[is_number] <- lapply(out[is_number], nan_to_na)
  rows <- tibble(
    anchor = rep(colnames(lost), each = nrow(values)),
    partner = rep(rownames(x), times = ncol(lost))
  )
  rows[names(out)] <- out
  rows$difference <- nan_to_na(rows$median_loss - rows$median_rest)
  means <- with_core(cpp_group_means(
    values, lost, dependent_effect, settings$spread, settings$threads
  ))
  rows[names(means)] <- lapply(means, nan_to_na)
  adjusted <- adjusted_columns(values, lost, adjust, settings)
  rows[names(adjusted)] <- adjusted
  tests <- if (!is.null(adjust)) {
    rep("regression", ncol(lost))
  } else {
    anchor_tests(lost, strata, settings)
  }
  rows$test <- rep(tests, each = nrow(values))
  rows$p_value <- chosen_p_values(rows, "p_less")
  columns <- append(dependency_columns, names(adjusted), 13)
  rows[append(columns, names(means), 8)]
}

dependency_columns <- c(
  "anchor", "partner", "n_loss", "n_rest", "median_loss", "median_rest",
  "difference", "cliffs_delta", "p_two_sided", "p_less", "n_strata",
  "p_two_sided_stratified", "p_less_stratified", "test", "p_value"
)

# The test of each anchor, the same for all its partners, so that their false
# discovery rates use one kind of p-value.
anchor_tests <- function(lost, strata, settings) {
  allowed <- vapply(seq_len(ncol(lost)), function(a) {
    n <- stratified_lines(lost[, a], strata)
    min(n) >= settings$min_lines
  }, NA)
  if (any(strata >= 0)) {
    anchors <- colnames(lost)[!allowed]
    inform_if(length(anchors) > 0, c(
      "{length(anchors)} anchor{?s} {?is/are} tested without regard to lineage:
       {.val {utils::head(anchors, 3)}}.",
      x = "Fewer than {settings$min_lines} lines of a group are in lineages that
           have both groups: a difference may be one of lineages."
    ))
    alone <- colnames(lost)[allowed & vapply(seq_len(ncol(lost)), function(a) {
      length(unique(strata[which(lost[, a] & strata >= 0)])) == 1
    }, NA)]
    inform_if(length(alone) > 0, c(
      "All lines with loss of {.val {utils::head(alone, 3)}} are of one lineage:
       the test compares them with the other lines of that one.",
      i = "{.code lineage = NULL} compares with all lines; {.field
           lineage_marker} then tells what the lineage explains."
    ))
  }
  ifelse(allowed, "van_elteren", "wilcoxon")
}

# Lines of both groups in strata that have both.
stratified_lines <- function(lost, id) {
  if (length(id) == 0) {
    return(c(0L, 0L))
  }
  known <- id >= 0 & !is.na(lost)
  n_loss <- tabulate(id[known & lost] + 1L, max(id, 0L) + 1L)
  n_rest <- tabulate(id[known & !lost] + 1L, max(id, 0L) + 1L)
  both <- n_loss > 0 & n_rest > 0
  c(sum(n_loss[both]), sum(n_rest[both]))
}

chosen_p_values <- function(rows, column) {
  p <- rows[[column]]
  of_test <- c(van_elteren = "_stratified", regression = "_adjusted")
  for (test in names(of_test)) {
    own <- which(rows$test == test)
    if (length(own) > 0) p[own] <- rows[[paste0(column, of_test[[test]])]][own]
  }
  p
}

# False discovery rates, after `p_value`.
add_rates <- function(rows) {
  tibble::add_column(
    rows,
    fdr = stats::ave(rows$p_value, rows$anchor, FUN = discovery_rates),
    fdr_all = discovery_rates(rows$p_value), .after = "p_value"
  )
}

discovery_rates <- function(p) {
  nan_to_na(stats::p.adjust(p, "BH"))
}

# False discovery rates of a difference to either side; a table without its
# p-values has its own.
two_sided_rates <- function(dependency) {
  if (!has_tests(dependency)) {
    return(dependency$fdr)
  }
  p <- chosen_p_values(dependency, "p_two_sided")
  stats::ave(p, dependency$anchor, FUN = discovery_rates)
}

has_tests <- function(dependency) all(dependency_columns %in% names(dependency))

warn_untested <- function(rows, min_lines) {
  bad <- rows[is.na(rows$p_value), ]
  few <- pmin(bad$n_loss, bad$n_rest) < min_lines
  apart <- !few & bad$test == "van_elteren" & bad$n_strata == 0
  n <- function(rows) length(unique(bad$partner[rows]))
  empty <- unique(bad$partner[bad$n_loss + bad$n_rest == 0])
  genes <- unique(bad$partner)
  warn_if(nrow(bad) > 0, c(
    "{length(genes)} partner{?s} of some anchor {?has/have} no test:
     {.val {utils::head(genes, 3)}}.",
    x = if (any(few)) {
      "{n(few)}: fewer than {min_lines} lines with a value in a group."
    },
    x = if (any(apart)) {
      "{n(apart)}: no lineage has lines of both groups; {.code lineage = NULL}
       compares without lineages."
    },
    x = if (!all(few | apart)) {
      "{n(!few & !apart)}: all values the same."
    },
    i = if (length(empty) > 0) {
      "{length(empty)} {?has/have} no value in any line:
       {.val {utils::head(empty, 3)}}."
    }
  ), genes = genes)
}

# Print: best partners, not first rows -----------------------------------------

tested_columns <- c(
  "partner", "difference", "cliffs_delta", "p_value", "fdr", "common_essential"
)

#' @export
print.musl_dependency <- function(x, n = 10, ...) {
  if (!all(c("anchor", tested_columns[1:5]) %in% names(x))) {
    return(NextMethod())
  }
  anchors <- unique(x$anchor)
  best <- dependency_order(x)
  cat(cli::pluralize(
    "<musl_dependency> {length(anchors)} anchor{?s}, ",
    "{count_text(nrow(x))} rows\n\n"
  ))
  for (anchor in utils::head(anchors, 5)) {
    one <- as_tibble(unclass(x))[best[x$anchor[best] == anchor], ]
    cat(dependency_line(anchor, one), "\n", sep = "")
    print_list(one, tested_columns, n = n)
  }
  if (length(anchors) > 5) cat("and", length(anchors) - 5, "anchors more\n")
  invisible(x)
}

# Rows of a comparison, anchor by anchor, the best partners first. The command
# writes them so.
dependency_order <- function(x) {
  order(match(x$anchor, unique(x$anchor)), x$p_value, x$difference)
}

dependency_line <- function(anchor, one) {
  found <- sum(is_sensitised(one, 0.05), na.rm = TRUE)
  lines <- if (all(c("n_loss", "n_rest") %in% names(one))) {
    sprintf(
      " (%d lines with loss, %d others)", max(one$n_loss), max(one$n_rest)
    )
  }
  paste0(
    anchor, lines, ": ", found, " of ", count_text(nrow(one)),
    " partners at FDR .05 with a loss of fitness; the best are"
  )
}

# Partners whose loss harms more where the anchor is lost, by the side of the
# test: medians tie where few lines respond.
# NA without a test, unless it lacks because all values are the same.
is_sensitised <- function(dependency, fdr) {
  found <- dependency$fdr <= fdr & is_depleted(dependency)
  found[is.na(dependency$fdr) & dependency$cliffs_delta %in% 0] <- FALSE
  found
}

# The side on which the test found a partner; a table without its p-values has
# that of all lines.
is_depleted <- function(dependency) {
  if (!has_tests(dependency)) {
    return(dependency$cliffs_delta < 0)
  }
  p <- chosen_p_values(dependency, "p_less")
  ifelse(is.na(p), dependency$p_less, p) < 0.5
}
