#' Plan an experiment from a list of partners
#'
#' Makes the order sheet of a screen of chosen pairs: constructs of two guides
#' with their controls, cell lines to test in, the power of the screen, and how
#' many hits to expect.
#'
#' # Constructs
#' Each pair has `guides` x `guides` constructs, each single gene as many with a
#' guide that cuts a gene which cells neither need nor express. Controls are
#' two such cuts, ten constructs of non-targeting guides (of 19 bases, as
#' published), three essential genes and two pairs that three screens of
#' paralogs found. Guides are your own or those of MinLibCas9; both for Cas9.
#'
#' # Power
#' The interaction of a pair is the mean of its constructs, tested on one side
#' by a t-test with a standard deviation pooled over all pairs and corrected by
#' Benjamini and Hochberg; the chance to call it is exact under this model if
#' pairs are independent. A construct has variance .10 between constructs and
#' 1.15 between replicates (0 means none, -1 the effect of losing an
#' essential gene), and interactions the quartiles of effects ("weak",
#' "typical", "strong") of hits whose probability by the human model is about
#' that of the list's median. Both were measured in Parrish et al.: the variance
#' on pairs without an interaction, the effects of hits of one cell line in the
#' other one. It is the power of paired guides in kept lines, not of a single
#' knock-out in lost and kept lines, which depends on how these differ:
#' `power.t.test(delta = , sd = )` gives the lines a group, with `difference` of
#' the list and the standard deviation of the gene's effect over lines.
#'
#' @param list The result of [musl_partners()], or the rows of it to test; or a
#'   data frame with `anchor` and `partner`, or `gene_a` and `gene_b`, and
#'   `.pred_SL`.
#' @param replicates Whole number >= 1, replicates of each construct.
#' @param guides Whole number from 1 to 10, guides per gene; MinLibCas9 has two.
#' @param lines `NULL` for all lines, or character: lineages ("lung"), names or
#'   DepMap ids.
#' @param power Number from 0 to 1, the power to reach.
#' @param fdr Number from 0 to 1, the false discovery rate of a hit.
#' @param ... Must be empty.
#' @param library `NULL` for MinLibCas9, or a data frame of guides of 20 bases:
#'   columns `gene` and `guide`, the best of a gene first.
#' @param expression `NULL`, or the levels of genes in cell lines as `lines` of
#'   [musl_evidence()] has them, such as those of [read_depmap()]: lines are
#'   left out that express fewer than half of the partners, from 1 TPM. `NULL`
#'   knows nine lines.
#' @param write `NULL`, or the path of a CSV file for the constructs; `.tsv` and
#'   `.gz` work, too.
#' @param overwrite `TRUE` to replace an existing file.
#' @returns A list of class `musl_experiment` of tibbles:
#'   * `pairs`: `gene_a` (the anchor), `gene_b`, `.pred_SL`, and `status` if the
#'     list has it;
#'   * `guides`: `construct`, `gene_1`, `gene_2`, `guide_1`, `guide_2`, `kind`
#'     ("pair", "single", "safe_control", "nontargeting_control",
#'     "essential_control", "positive_control");
#'   * `lines`: `anchor`, `line` (DepMap id), `name`, `lineage`, `state`:
#'     "lost", or "kept" for lines of the same lineages, at most ten of either
#'     for each anchor, and `expressed`: the share of the anchor's partners that
#'     the line expresses, `NA` if not known. No rows for an anchor that no line
#'     lost;
#'   * `power`: `effect`, `size`, `replicates`, `guides`, `power`;
#'   * `expected`: one row: `n_pairs`, `expected` hits, `.lower`, `.upper`
#'     (95 %, of independent pairs).
#'
#'   `tidy()` returns one of them, or `guides` in the columns of "gimap" or
#'   "mageck"; `autoplot()` draws the power by replicates. Give the result and
#'   the table of your screen to [musl_compare()].
#' @section Errors:
#'   `musl_error_input` for a list without pairs or probabilities, an unknown
#'   lineage, or guides that are no 20-mers; `musl_error_gene` if no pair has
#'   guides of both genes; `musl_warning_other` for pairs that are left out for
#'   lack of guides.
#' @section Source:
#'   MinLibCas9: Goncalves et al. (2021), Genome Biology 22:40. Effects and
#'   noise: Parrish et al. (2021), Cell Reports 36:109597. Columns: gimap; Li et
#'   al. (2014), Genome Biology 15:554.
#' @examples
#' partners <- musl_partners(musl_human_model(), "STAG2", n = 5)
#' plan <- musl_experiment(partners, lines = "lung")
#' plan
#' autoplot(plan)
#' tidy(plan, "gimap")
#' @export
musl_experiment <- function(list, replicates = 3L, guides = 2L, lines = NULL,
                            power = 0.8, fdr = 0.1, ..., library = NULL,
                            expression = NULL, write = NULL,
                            overwrite = FALSE) {
  check_dots_empty()
  check_whole(replicates, 1, 100)
  check_whole(guides, 1, 10)
  check_number(power, 0.01, 0.999)
  check_number(fdr, 0.001, 0.5)
  check_flag(overwrite)
  if (!is.null(write)) {
    check_path(write)
    check_new_file(write, overwrite)
  }
  sheet <- guide_library(library)
  pairs <- with_guides(experiment_pairs(list), sheet)
  constructs <- experiment_constructs(pairs, guides, sheet)
  n_controls <- sum(grepl("^(safe|nontargeting)_control$", constructs$kind))
  plan <- structure(list(
    pairs = pairs, guides = constructs,
    lines = experiment_lines(pairs, lines, line_levels(expression)),
    power = power_table(pairs$.pred_SL, guides, replicates, fdr, n_controls),
    expected = expected_hits(pairs$.pred_SL)
  ), asked = list(
    replicates = replicates, guides = guides, power = power, fdr = fdr
  ), class = "musl_experiment")
  if (!is.null(write)) write_table(constructs, write)
  plan
}

# The pairs of a list, each once; one whose loss rescues is no hit.
experiment_pairs <- function(list) {
  ends <- prediction_pairs(list, "list")
  probability <- list[[".pred_SL"]]
  abort_if(!is_plain_number(probability), c(
    "{.arg list} must have the numeric column {.field .pred_SL}.",
    x = "Its columns are {.field {few(names(list), 12)}}."
  ), argument = "list")
  abort_if(any(probability < 0 | probability > 1, na.rm = TRUE), c(
    "Column {.field .pred_SL} of {.arg list} must be from 0 to 1."
  ), argument = "list")
  pairs <- tibble(
    gene_a = ends$gene_a, gene_b = ends$gene_b,
    .pred_SL = as.double(probability)
  )
  if (!is.null(list[["status"]])) pairs$status <- list$status
  pairs$.pred_SL[pairs[["status"]] %in% c("rescued", "not_needed")] <- 0
  pairs <- pairs[!is.na(pairs$.pred_SL) & pairs$gene_a != pairs$gene_b, ]
  pairs <- pairs[!duplicated(pair_keys(pairs)), ]
  abort_if(nrow(pairs) == 0, c(
    "{.arg list} must have pairs of two genes with a probability.",
    x = "None of {NROW(list)} row{?s} is one."
  ), argument = "list")
  pairs
}

with_guides <- function(pairs, library) {
  has <- pairs$gene_a %in% library$gene & pairs$gene_b %in% library$gene
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  lacking <- setdiff(genes, library$gene)
  abort_if(!any(has), c(
    "{.arg list} must have pairs of genes with guides.",
    x = "No guide is known of {.val {few(lacking)}}.",
    i = unknown_gene_hint(lacking, unique(library$gene))
  ), "gene", genes = lacking)
  warn_if(!all(has), c(
    "{sum(!has)} pair{?s} left out: no guide is known of {.val {few(lacking)}}."
  ), genes = lacking)
  pairs[has, ]
}

# The fewest replicates that reach the power asked for an effect; NA for none.
replicates_for <- function(x, effect) {
  rows <- x$power[x$power$effect == effect, ]
  enough <- rows$replicates[rows$power >= attr(x, "asked")$power]
  if (length(enough) > 0) min(enough) else NA_integer_
}

#' @rdname musl_experiment
#' @param x,object The result of `musl_experiment()`.
#' @param what "guides", "gimap", "mageck", "pairs", "lines", "power" or
#'   "expected".
#' @method tidy musl_experiment
#' @export
tidy.musl_experiment <- function(x, what = c(
                                   "guides", "gimap", "mageck", "pairs",
                                   "lines", "power", "expected"
                                 ), ...) {
  check_dots_empty()
  what <- check_choice(what, c(
    "guides", "gimap", "mageck", "pairs", "lines", "power", "expected"
  ))
  switch(what,
    gimap = gimap_layout(x$guides), mageck = mageck_layout(x$guides),
    x[[what]]
  )
}

#' @rdname musl_experiment
#' @rawNamespace S3method(ggplot2::autoplot, musl_experiment)
autoplot.musl_experiment <- function(object, ...) {
  check_dots_empty()
  asked <- attr(object, "asked")
  ggplot2::ggplot(
    object$power,
    ggplot2::aes(.data$replicates, .data$power, colour = .data$effect)
  ) +
    ggplot2::geom_hline(yintercept = asked$power, linetype = "dashed") +
    ggplot2::geom_line() +
    ggplot2::geom_point() +
    ggplot2::scale_colour_manual(
      values = c(weak = "#56B4E9", typical = "#0072B2", strong = "#D55E00")
    ) +
    ggplot2::coord_cartesian(ylim = c(0, 1)) +
    ggplot2::labs(
      x = "replicates", y = sprintf("power at FDR %s", format(asked$fdr)),
      colour = "interaction"
    ) +
    ggplot2::theme_minimal()
}
