#' Facts of genes
#'
#' What is known of genes beside a model: their role in cancer, the tumours that
#' lose them, whether a drug may bind them, their paralogs and neighbours.
#'
#' @param genes Character, gene symbols, or `NULL` for all genes with facts.
#' @param cohort `NULL`, or a TCGA cohort such as "KIRC", for `loss_rate`.
#' @param drugs `NULL`, or the result of [read_tractability()], for `drug`.
#' @param x The result of `musl_gene_facts()`.
#' @param ... Must be empty.
#' @returns A tibble of class `musl_gene_facts`, one row per entry of `genes`,
#'   in order; `NA` where nothing is known:
#'   * `gene`, `role`: "loss", "gain" or "ambiguous", what tumours select;
#'   * `lost_in`: the three TCGA cohorts with the highest share of patients with
#'     a truncating mutation (nonsense, frameshift, splice site, start lost), in
#'     words; "at least" where the calls miss most frameshifts at repeats.
#'     Deletions and silencing are not counted;
#'   * `loss_rate`: this share in `cohort`, 0 to 1;
#'   * `druggable`, `inhibitor`: predicted probability that a drug can target
#'     the gene's protein, and that an inhibitor is a drug for it;
#'   * `drug`: drugs of `drugs` that inhibit it, the highest phase first;
#'   * `paralogs`: other genes of its smallest Pfam family, if that has at most
#'     ten;
#'   * `co_deleted`: genes within 0.5 Mb, the nearest first, at most five, which
#'     a deletion may take along.
#'
#'   The attribute `sources` is a tibble: `column`, `source`, `version`,
#'   `licence`. `tidy()` returns one row per gene and cohort with a loss:
#'   `gene`, `cohort`, `n_patients`, `n_lost`, `n_hyper` (of them with more than
#'   500 coding mutations, mostly passengers), `share`, `is_bound` (the share is
#'   a lower bound). [augment()] joins these facts to lists.
#' @section Errors:
#'   `musl_error_input` for an unknown cohort; `musl_warning_unknown_gene` for
#'   genes without facts.
#' @section Source:
#'   IntOGen: Martinez-Jimenez et al. (2020), Nature Reviews Cancer 20:555.
#'   TCGA mutations, MC3: Ellrott et al. (2018), Cell Systems 6:271.
#' @examples
#' musl_gene_facts(c("VHL", "PARP1"), cohort = "KIRC")
#' tidy(musl_gene_facts("VHL"))
#' partners <- musl_partners(musl_human_model(), "STAG2", n = 5)
#' augment(partners, musl_gene_facts())
#' @export
musl_gene_facts <- function(genes = NULL, cohort = NULL, drugs = NULL) {
  table <- package_table("gene_facts")$table
  genes <- factor_names(genes) %||% table$gene
  if (!is.character(genes)) abort_argument("genes", "gene symbols", genes)
  if (!is.null(cohort)) cohort <- check_cohort(cohort)
  if (!is.null(drugs)) check_drugs(drugs)
  warn_unknown(genes, "genes", table$gene, "without facts")
  row <- match(genes, table$gene)
  losses <- tumour_losses(unique(genes))
  out <- tibble(
    gene = genes, role = table$role[row], lost_in = lost_in_words(genes, losses)
  )
  if (!is.null(cohort)) out$loss_rate <- loss_share(genes, cohort)
  out[c("druggable", "inhibitor")] <- table[row, c("druggable", "inhibitor")]
  if (!is.null(drugs)) out$drug <- drug_words(genes, drugs)
  for (name in c("paralogs", "co_deleted")) {
    out[[name]] <- gsub(";", ", ", table[[name]][row], fixed = TRUE)
  }
  tibble::new_tibble(
    out, losses = losses, sources = fact_sources(names(out)),
    class = "musl_gene_facts"
  )
}

#' @rdname musl_gene_facts
#' @method tidy musl_gene_facts
#' @export
tidy.musl_gene_facts <- function(x, ...) {
  check_dots_empty()
  losses <- attr(x, "losses")
  losses[losses$gene %in% x$gene, ]
}

#' @rdname musl_gene_facts
#' @param data A data frame with the columns `anchor` and `partner`; lists of
#'   [musl_partners()] may come first, as in the example.
#' @method augment musl_gene_facts
#' @export
augment.musl_gene_facts <- function(x, data, ...) {
  check_dots_empty()
  abort_if(missing(data), c(
    "{.arg data} must be given: a data frame of pairs."
  ), argument = "data")
  if (!is.data.frame(data)) abort_argument("data", "a data frame", data)
  join_gene_facts(data, x)
}

# "KIRC 29 % (106 of 369); ...", the highest shares first; NA for none.
lost_in_words <- function(genes, losses, n = 3) {
  losses <- losses[order(-losses$share, losses$cohort), ]
  place <- stats::ave(seq_len(nrow(losses)), losses$gene, FUN = seq_along)
  losses <- losses[place <= n, ]
  by_gene <- split(loss_words(losses), losses$gene)
  words <- vapply(by_gene, paste, "", collapse = "; ")
  unname(words[genes])
}

loss_words <- function(losses) {
  few <- losses$n_hyper <= losses$n_lost / 2
  sprintf(
    "%s %s%s %% (%s of %s%s)", losses$cohort,
    ifelse(losses$is_bound, "at least ", ""), signif(100 * losses$share, 2),
    losses$n_lost, losses$n_patients,
    ifelse(few, "", sprintf(", %d hypermutated", losses$n_hyper))
  )
}

fact_sources <- function(columns) {
  table <- utils::read.csv(text = fact_source_text, strip.white = TRUE)
  as_tibble(table[table$column %in% columns, ])
}

fact_source_text <- "
column, source, version, licence
role, IntOGen, 2023-05-31, CC0
lost_in, TCGA mutations (MC3 and Firehose) by TCGAmutations, 2018, MIT
loss_rate, TCGA mutations (MC3 and Firehose) by TCGAmutations, 2018, MIT
druggable, DOE-prediction (github.com/robchiral), 40e5e535, MIT
inhibitor, DOE-prediction (github.com/robchiral), 40e5e535, MIT
drug, yours by read_tractability(), , as stated there
paralogs, Pfam by org.Hs.eg.db, 3.16, CC0
co_deleted, places of MinLibCas9's guides by CRISPRcleanR, 63112887, MIT
"

# Drugs that inhibit each gene, in words: "OLAPARIB (approved), ..."; NA for
# none. An activator of a partner does not kill.
drug_words <- function(genes, drugs, n = 3) {
  drugs <- drugs[drugs$direction %in% "inhibitor" & drugs$gene %in% genes, ]
  drugs <- drugs[order(-drugs$phase, drugs$drug), ]
  named <- paste0(drugs$drug, " (", phase_words(drugs$phase), ")",
    recycle0 = TRUE
  )
  words <- vapply(split(named, drugs$gene), first_three, "", ", ")
  unname(words[genes])
}

phase_words <- function(phase) {
  ifelse(is.na(phase), "phase unknown", ifelse(
    phase >= 4, "approved",
    ifelse(phase < 0.5, "preclinical", paste("phase", floor(phase)))
  ))
}

# How far a drug against each gene is, in words: of the drugs given, else by
# prediction.
drug_level <- function(genes, drugs = NULL) {
  table <- package_table("gene_facts")$table
  predicted <- table$druggable[match(genes, table$gene)]
  level <- ifelse(
    is.na(predicted), NA_character_,
    ifelse(predicted >= 0.5, "druggable, predicted", "hardly druggable")
  )
  if (!is.null(drugs)) {
    used <- drugs[drugs$direction %in% "inhibitor" & !is.na(drugs$phase), ]
    best <- tapply(used$phase, used$gene, max)[genes]
    level <- ifelse(is.na(best), level, phase_words(as.vector(best)))
  }
  unname(level)
}

check_drugs <- function(drugs) {
  if (!is.data.frame(drugs)) {
    abort_argument("drugs", "the result of read_tractability()", drugs)
  }
  check_columns(drugs, c("gene", "drug", "phase", "direction"), "drugs")
}

# ---- Facts beside a list ----

# Adds what is known of partners and anchors to a list; see augment.tbl_df().
join_gene_facts <- function(x, facts) {
  check_columns(x, c("anchor", "partner"), "x")
  of_partner <- match(as.character(x$partner), facts$gene)
  of_anchor <- match(as.character(x$anchor), facts$gene)
  columns <- function(names, prefix, row) {
    names <- intersect(names, names(facts))
    set_names(
      lapply(names, function(name) facts[[name]][row]),
      paste0(prefix, names, recycle0 = TRUE)
    )
  }
  more <- c(
    columns(c("druggable", "inhibitor", "drug"), "partner_", of_partner),
    columns(c("role", "lost_in", "loss_rate"), "anchor_", of_anchor)
  )
  x[names(more)] <- more
  x
}

# The anchor and partners of a list that augment() gave facts, with the drugs
# that it knows; NULL without facts.
listed_facts <- function(list) {
  if (!"partner_druggable" %in% names(list)) {
    return(NULL)
  }
  genes <- unique(c(list$anchor, list$partner))
  known <- genes[genes %in% package_table("gene_facts")$table$gene]
  if (length(known) > 0) {
    facts <- musl_gene_facts(known)
    facts$drug <- list[["partner_drug"]][match(known, list$partner)]
    shown <- c("gene", "role", "lost_in", "druggable", "inhibitor", "drug")
    as_tibble(as.list(facts)[intersect(shown, names(facts))])
  }
}

# "STAG2: lost in BLCA at least 11 % (...); druggable with probability .11, ..."
fact_sentences <- function(genes) {
  genes <- genes[genes %in% package_table("gene_facts")$table$gene]
  if (length(genes) == 0) {
    return(NULL)
  }
  facts <- musl_gene_facts(genes)
  lost <- ifelse(is.na(facts$lost_in), "", paste0("lost in ", facts$lost_in))
  drug <- ifelse(is.na(facts$druggable), "", sprintf(
    "druggable with probability %.2f, predicted", facts$druggable
  ))
  between <- ifelse(nzchar(lost) & nzchar(drug), "; ", "")
  words <- paste0(lost, between, drug)
  paste0(facts$gene, ": ", words, ".")[nzchar(words)]
}
