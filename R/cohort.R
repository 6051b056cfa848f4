#' Partners for the patients of a cohort
#'
#' Finds the genes that a cohort's tumours lost, ranks partners of each, and
#' says how many patients the first partners reach together.
#'
#' Partners are chosen one by one, each the one that reaches most patients whom
#' no earlier one reaches (greedy cover). A partner reaches the patients who
#' lost a gene in whose list it is, unless they lost the partner, too. Partners
#' that cells cannot lose or do not express, and those whose loss rescues, reach
#' nobody. A TCGA cohort comes as shares of patients who lost each gene: losses
#' then count as independent of each other.
#'
#' @param x One of
#'   * a data frame of mutations with columns of gene, sample and class, as in
#'     MAF files and cBioPortal's tables; classes of copy number, such as
#'     HOMDEL and AMP, may be among them;
#'   * a `MAF` object of maftools;
#'   * a logical matrix, genes x patients: who lost which gene;
#'   * the name of a TCGA cohort, such as "KIRC" or "TCGA-KIRC": shares of
#'     patients with a truncating mutation come with the package.
#'
#'   Samples of one TCGA patient count once.
#' @param object A [MuslModel][musl_fit()].
#' @param ... Must be empty.
#' @param loss Character, which classes are a loss: some of "truncating"
#'   (nonsense, frameshift), "splice", "start_lost", "deletion" (deep),
#'   "missense", "inframe".
#' @param anchors Character, the lost genes to ask, or `NULL` for the twenty
#'   that most patients lost among IntOGen's drivers by loss and the genes whose
#'   loss the model knows of cell lines.
#' @param n Whole number >= 1, partners of each lost gene.
#' @param min_share Number from 0 to 1: genes that fewer patients lost are left
#'   out, unless `anchors` names them.
#' @param patients `NULL`, or the number of patients, if some of them have no
#'   mutation in `x`.
#' @param columns `NULL`, or a named character vector that says which columns
#'   hold `gene`, `sample` and `class`.
#' @param drugs `NULL`, or the result of [read_tractability()].
#' @returns A tibble of class `musl_cohort`, one row per lost gene and partner,
#'   by `step`, then `n_patients`: `anchor`, `n_patients` who lost it, `share`
#'   of all, `partner`, `rank` in the list of the anchor, `status`, `direction`,
#'   `.pred_SL`, `drug_level` (highest phase of an inhibitor in `drugs`, else a
#'   prediction), `why`, `step` of the cover at which the partner was chosen
#'   (`NA` for never) and `n_reached`, patients whom the partners up to it
#'   reach.
#'
#'   `tidy()` returns the cover: `step`, `partner`, `anchors`, `n_added`,
#'   `n_reached`, `share_reached`; or with `what = "gains"` the genes that
#'   tumours select to gain (IntOGen) and that at least `min_share` of the
#'   patients altered, amplified or lost: `gene`, `n_patients`, `share`. The
#'   tumours keep them, so they are anchors only if named.
#'   `autoplot()` draws the cover.
#' @section Errors:
#'   `musl_error_input` for a table without rows, columns or known classes, an
#'   unknown cohort, and patients none of whom lost a gene to ask;
#'   `musl_error_gene` if `anchors` names genes that nobody lost or the model
#'   does not know.
#' @seealso [musl_partners()], [musl_gene_facts()], [musl_experiment()]
#' @examples
#' kirc <- musl_cohort("KIRC", anchors = c("PBRM1", "SETD2"), n = 3)
#' kirc
#' tidy(kirc)
#' mutations <- data.frame(
#'   Hugo_Symbol = c("STAG2", "STAG2", "KRAS", "STAG2"),
#'   Tumor_Sample_Barcode = c("P1", "P2", "P2", "P3"),
#'   Variant_Classification = c(
#'     "Nonsense_Mutation", "Frame_Shift_Del", "Missense_Mutation", "Silent"
#'   )
#' )
#' autoplot(musl_cohort(mutations, n = 3))
#' @export
musl_cohort <- function(x, object = musl_human_model(), ...,
                        loss = c("truncating", "splice", "start_lost",
                                 "deletion"),
                        anchors = NULL, n = 5L, min_share = 0.02,
                        patients = NULL, columns = NULL, drugs = NULL) {
  check_dots_empty()
  check_is(object, "MuslModel")
  kinds <- setdiff(names(mutation_classes), c("other", "amplification"))
  loss <- check_some(loss, kinds)
  check_whole(n, 1)
  check_number(min_share, 0, 1)
  check_whole(patients, 1, allow_null = TRUE)
  if (!is.null(drugs)) check_drugs(drugs)
  found <- if (is_string(x)) {
    named_losses(x)
  } else {
    counted_losses(patient_losses(x, loss, columns), patients)
  }
  asked <- asked_anchors(found, anchors, object, min_share)
  lists <- musl_partners(object, asked$gene, n = n)
  new_cohort(found, asked, lists, min_share, drugs)
}

# Lost genes asked by default at most, those that most patients lost.
most_anchors <- 20L

# Losses of a TCGA cohort: list(genes: tibble gene, n_patients, share; gains;
# n_patients; name; is_bound; lost: who lost what, NULL if unknown)
named_losses <- function(name) {
  name <- check_cohort(name, "x")
  losses <- tumour_losses(package_table("gene_facts")$table$gene)
  losses <- losses[losses$cohort == name, ]
  cohorts <- tumour_cohorts()
  one <- cohorts[cohorts$cohort == name, ]
  genes <- tibble(
    gene = losses$gene, n_patients = losses$n_lost, share = losses$share
  )
  list(
    genes = genes, altered = genes, n_patients = one$n_patients,
    name = paste("TCGA", name), is_bound = one$is_bound
  )
}

counted_losses <- function(losses, patients) {
  n <- patients %||% length(losses$patients)
  abort_if(n < length(losses$patients), c(
    "{.arg patients} must be at least the number of patients in {.arg x}.",
    x = "Found {patients}; {.arg x} has {length(losses$patients)}."
  ), argument = "patients")
  count <- function(x) {
    genes <- unique_bytes(x$gene)
    n_patients <- tabulate(match(x$gene, genes), length(genes))
    tibble(gene = genes, n_patients = n_patients, share = n_patients / n)
  }
  list(
    genes = count(losses$lost), altered = count(losses$altered),
    n_patients = n, name = paste(count_text(n), "patients"), is_bound = FALSE,
    lost = losses$lost
  )
}

# The lost genes whose partners are asked, as rows of found$genes.
asked_anchors <- function(found, anchors, object, min_share) {
  genes <- found$genes[order(-found$genes$n_patients, found$genes$gene), ]
  abort_if(nrow(genes) == 0, c(
    "{.arg x} must have patients who lost a gene.",
    x = "None of {found$n_patients} did.",
    i = "{.arg loss} says which classes count as a loss."
  ), argument = "x")
  if (!is.null(anchors)) {
    anchors <- check_anchors(anchors, genes$gene, "patients lost", "anchors")
    check_anchors(anchors, object@genes, "the model", "anchors")
    return(genes[genes$gene %in% anchors, ])
  }
  facts <- package_table("gene_facts")$table
  known <- known_direction(facts_source(object))$alterations
  drivers <- union(
    facts$gene[facts$role %in% c("loss", "ambiguous")],
    known$gene[known$state == "lost"]
  )
  # Whose gain some tumours select is no anchor by the model's lines alone.
  drivers <- setdiff(drivers, facts$gene[facts$role %in% "gain"])
  asked <- genes[
    genes$gene %in% drivers & genes$gene %in% object@genes &
      genes$share >= min_share,
  ]
  abort_if(nrow(asked) == 0, c(
    "{.arg x} must have patients who lost a driver gene that the model knows.",
    x = "No such gene was lost by {signif(100 * min_share, 2)} % or more.",
    i = "Lost most often: {.val {few(genes$gene)}}; {.arg anchors} asks them.",
    i = unknown_gene_hint(utils::head(genes$gene, 100), object@genes)
  ), "input", argument = "x")
  utils::head(asked, most_anchors)
}

new_cohort <- function(found, asked, lists, min_share, drugs) {
  cover <- cohort_cover(found, asked, lists)
  row <- match(lists$anchor, asked$gene)
  out <- tibble(
    anchor = lists$anchor, n_patients = asked$n_patients[row],
    share = asked$share[row], partner = lists$partner, rank = lists$rank,
    status = lists$status,
    direction = lists[["direction"]] %||% factor(rep(NA, nrow(lists))),
    .pred_SL = lists$.pred_SL,
    drug_level = drug_level(lists$partner, drugs), why = lists$why,
    step = match(lists$partner, cover$partner)
  )
  # Of partners that reach nobody neither step nor reach is known.
  out$step[!reaches(lists)] <- NA
  out$n_reached <- cover$n_reached[out$step]
  facts <- package_table("gene_facts")$table
  gains <- found$altered[
    found$altered$gene %in% facts$gene[facts$role %in% "gain"] &
      found$altered$share >= min_share &
      !found$altered$gene %in% asked$gene,
  ]
  tibble::new_tibble(
    out[order(out$step, -out$n_patients, out$anchor, out$rank), ],
    cover = cover,
    gains = gains[order(-gains$n_patients, gains$gene), ],
    found = found[c("n_patients", "name", "is_bound")],
    by_patient = !is.null(found$lost), asked = asked, class = "musl_cohort"
  )
}

# Rows of lists whose partner cells can lose and express, and lethal if known.
reaches <- function(lists) {
  can <- is.na(lists$status) | lists$status %in% c("selective", "often_lethal")
  can | lists[["direction"]] %in% "needed_more"
}

# Who is reached by the first partners: step, partner, anchors, n_added,
# n_reached, share_reached.
cohort_cover <- function(found, asked, lists) {
  lists <- lists[reaches(lists), ]
  partners <- unique(lists$partner[order(lists$rank)])
  anchors <- split(lists$anchor, factor(lists$partner, partners))
  # Without patients, of independent losses: logs of who lost none add up.
  elements <- if (is.null(found$lost)) {
    list(
      sets = lapply(anchors, function(x) match(x, asked$gene) - 1L),
      weights = -log1p(-pmin(asked$share, 1 - 1e-9))
    )
  } else {
    patient_sets(found$lost, anchors)
  }
  steps <- with_core(cpp_greedy_cover(elements$sets, elements$weights))
  reached <- cumsum(steps$gained)
  if (is.null(found$lost)) reached <- found$n_patients * -expm1(-reached)
  chosen <- steps$set + 1L
  tibble(
    step = seq_along(chosen), partner = partners[chosen],
    anchors = vapply(anchors[chosen], toString, "", USE.NAMES = FALSE),
    n_added = diff(c(0, reached)), n_reached = reached,
    share_reached = reached / found$n_patients
  )
}

# The patients who lost one of each partner's anchors but not the partner.
patient_sets <- function(lost, anchors) {
  ids <- unique(lost$patient)
  of_gene <- split(match(lost$patient, ids) - 1L, lost$gene)
  sets <- Map(function(anchors, partner) {
    reached <- unlist(of_gene[anchors], use.names = FALSE)
    setdiff(reached, of_gene[[partner]])
  }, anchors, names(anchors))
  list(sets = unname(sets), weights = rep(1, length(ids)))
}

#' @rdname musl_cohort
#' @param what "cover" or "gains".
#' @method tidy musl_cohort
#' @export
tidy.musl_cohort <- function(x, what = c("cover", "gains"), ...) {
  check_dots_empty()
  attr(x, check_choice(what, c("cover", "gains")))
}

#' @rdname musl_cohort
#' @rawNamespace S3method(ggplot2::autoplot, musl_cohort)
autoplot.musl_cohort <- function(object, ...) {
  check_dots_empty()
  cover <- utils::head(attr(object, "cover"), 20)
  abort_if(NROW(cover) == 0, c(
    "{.arg object} must have a partner that reaches patients."
  ), argument = "object")
  cover$partner <- factor(cover$partner, rev(cover$partner))
  found <- attr(object, "found")
  ggplot2::ggplot(cover, ggplot2::aes(.data$n_reached, .data$partner)) +
    ggplot2::geom_col(fill = "grey80") +
    ggplot2::geom_col(ggplot2::aes(.data$n_added), fill = musl_colours[[1]]) +
    ggplot2::geom_text(
      ggplot2::aes(label = .data$anchors),
      hjust = 0, nudge_x = found$n_patients / 100, size = 3
    ) +
    ggplot2::expand_limits(x = found$n_patients) +
    ggplot2::labs(
      x = sprintf(
        "patients reached, of %s: with all partners above (grey), added (blue)",
        count_text(found$n_patients)
      ),
      y = NULL
    ) +
    ggplot2::theme_minimal()
}
