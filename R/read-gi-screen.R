# nolint start: line_length_linter. Rows of a table are on one line.
#' Read a double-knockout screen
#'
#' Reads a screen's table of genetic interactions as measured pairs: hits,
#' non-hits and a score that is negative for synthetic lethality, whatever the
#' sign in the table.
#'
#' The layout is recognised by its whole header and the pairs of the first
#' column; a message says which column was read as what. Columns that may be a
#' standard error, a p-value or a count are not read as lines.
#'
#' | layout | columns | hit |
#' |---|---|---|
#' | `"gemini"` | pairs `A;B`, one column a line; higher is more lethal | score > 0.5 |
#' | `"zdlfc"` | pairs `A_B`, one column a line | score < -3 |
#' | `"parrish"` | `paralog_pair`, `LINE_GI_score` and `LINE_GI_fdr`, `GI_score_LINE` and `fdr_LINE`, or `LINE` and `LINE_fdr` | `LINE_GI_flag`; else score < -0.5, FDR < 0.1 |
#' | `"gimap"` | `pgRNA_target`, `gi_score` or `mean_GI_score`, `fdr` | score < -0.5, FDR < 0.1 |
#' | `"orthrus"` | `gene1`, `gene2`, `differential_`, `fdr1_` and `fdr2_combn_vs_single_LINE` | `effect_type_LINE`; else score < 0, FDR < 0.1 |
#' | `"horlbeck"` | `gene_pair`, `LINE_SL_score` | score < -3 |
#' | `"qgi"` | `library_gene`, `query_name` (`GENE_number_medium`), `qGI_score`, `FDR` | score < 0, FDR < 0.1 |
#' | `"zscore"` | `condition` (`LINE_day`), two genes, `pair_z_score`, `fdr_bh` | score < 0, FDR < 0.1 |
#' | `"per_line"` | `targetA`, `targetB`, `cell_line_label`, `mean_norm_gi`, `fdr` | `is_bassik_hit`; else score < -0.5, FDR < 0.01 |
#' | `"table"` | any other: those that `columns` names, or usual names | the calls; else `hit` |
#'
#' The calls of a study win over its scores: negative interactions count as
#' synthetic lethal. If Orthrus has two orientations, the larger FDR counts, 1
#' if they disagree. A qGI table lists hits only; genes of `library` that it
#' does not list for a query are non-hits of that query. A pair such as
#' `HLA-A_C1orf112` is split between two names that occur in other rows.
#'
#' @param path One file or several of the same layout; or a data frame.
#' @param ... Must be empty.
#' @param columns `NULL` to recognise the layout, or the names or positions of
#'   columns, named by role: `gene_a`, `gene_b`, `score`, `significance` (false
#'   discovery rate), `line`, `label` (the study's calls) and `study`, such as
#'   `c(gene_a = "query", gene_b = "gene", score = "gi")`; roles that it leaves
#'   out are recognised. Several columns of scores, and as many FDRs, are lines:
#'   `list(score = c("A549", "HELA"))`.
#' @param study Name of the study; `NULL` reads a column `study`, else the name
#'   of the file, "screen" for a data frame.
#' @param lines `"each"` for one row per pair and line; `"mean"` for the average
#'   over lines, a hit if the average is (by the study's calls, if half of the
#'   lines are), with the median FDR and the `line` `mean`, unless no pair of
#'   the study has two lines. Rows of a line called `mean` are such averages.
#' @param hit,fdr Numbers, `fdr` from 0 to 1 or `Inf` for none: a pair is a hit
#'   if its effect is below `hit` and its FDR below `fdr`. `NULL` uses the rule
#'   of the layout, without FDR if the table has none.
#' @param lethal `"negative"` or `"positive"`, which scores are synthetic
#'   lethal. `NULL` uses the rule of the layout; in a table with the study's
#'   calls, the sign with which scores and calls agree; in one without calls,
#'   positive for a score named after GEMINI or lethality, else negative.
#' @param library For qGI tables, and only these: the library's genes, as a
#'   character vector or a data frame with the column `gene`.
#' @inheritParams read_pairs
#' @returns A tibble of [measured pairs][musl_data()], one row per pair, study,
#'   line and query: `gene_a`, `gene_b` (in byte order), `label` (`NA` without a
#'   score, or with the effect of a hit and no FDR in a table that has FDRs),
#'   `study`, `line` (line or medium), `measured` (`TRUE`), `weight` (1),
#'   `effect`, `score` (as in the table), `fdr`, `n_rows` (of the table), and in
#'   directed screens `query` (a column `query` beside both genes is one if it
#'   names one of them in each row). The attribute `report` is a list of
#'   tibbles, named as below.
#' @section What is repaired:
#'   One message (`musl_message_report`) says how the table was read; the report
#'   lists each case. Left out: rows of a gene with itself (`self`), without a
#'   gene (`unnamed`), with several genes in one name (`several`), with a
#'   control such as AAVS1, safe, NT, non-targeting, intergenic, introns, LacZ
#'   or EGFP (`control`; `CTRL` in capitals is a gene), pairs whose names can't
#'   be separated (`unsplit`), and columns without a role (`ignored`; `roles`
#'   has the others). Averaged: rows of one pair, study, line and query
#'   (`duplicated`; `conflicting`, unlabelled, if their calls differ), rows
#'   without a column of lines (`several_rows`), and replicates (`runs`), of
#'   several days the last: a suffix such as `_rep2` or `_day28`, or `_T18` if
#'   all lines have one. Unlabelled: pairs without the FDR (`without_fdr`) or
#'   score (`unscored`) that a label needs. `turned`: studies whose scores were
#'   reversed; `folded`: names with odd blanks, hyphens, quotes or brackets, and
#'   ids as floats (`7157.0`). Kept: names that a spreadsheet turned into dates
#'   (`excel_names`) or that `annotation` lacks (`unmapped`).
#' @section Errors:
#'   `musl_error_format` for what can't be read, columns that are not found or
#'   not clear, or a qGI table without `library`; `musl_error_input` for an
#'   argument out of range, a table without calls, FDR and `hit`, or `fdr` for a
#'   table without FDRs; `musl_error_gene` if `library` has none of a qGI
#'   table's genes. `musl_warning_other` if a study or line has no hit or no
#'   non-hit, or its scores contradict its calls.
#' @section Source:
#'   Zamanighomi et al. (2019), Genome Biol 20:137 (GEMINI); Dede et al. (2020),
#'   Genome Biol 21:262 (zdLFC); Parrish et al. (2021), Cell Rep 36:109597; Ward
#'   et al. (2021), Nat Protoc 16:4766 (Orthrus); Horlbeck et al. (2018), Cell
#'   174:953 (-3 is the cut-off that SLKB states for that study). The file
#'   `R/read-catalogue.R` says where each layout was seen.
#' @seealso [musl_replication()] for the weight of a study's labels,
#'   [musl_data()].
#' @examples
#' screen <- data.frame(
#'   pair = c("ARID1A;ARID1B", "BRCA1;PARP1"), A549 = 1:0, HELA = c(0.7, 0.1)
#' )
#' read_gi_screen(screen, study = "mine", lines = "mean")
#' @export
# nolint end
read_gi_screen <- function(path, ..., columns = NULL, study = NULL,
                           lines = c("each", "mean"), hit = NULL, fdr = NULL,
                           lethal = NULL, library = NULL, annotation = NULL) {
  check_dots_empty()
  columns <- given_columns(columns, c(
    "gene_a", "gene_b", "score", "significance", "line", "label", "study"
  ))
  lines <- check_choice(lines, c("each", "mean"))
  check_string(study, allow_null = TRUE)
  check_number(hit, allow_null = TRUE)
  if (!identical(fdr, Inf)) check_number(fdr, 0, 1, allow_null = TRUE)
  lethal <- check_choice(lethal, c("negative", "positive"), allow_null = TRUE)
  library <- given_genes(library)

  read <- lapply(pair_inputs(path), function(input) {
    gi_rows(input, columns, study, library)
  })
  rules <- hit_rules(read, hit, fdr, lethal)
  if (!is.null(library)) check_lists_hits(rules$layout)
  rows <- do.call(rbind, lapply(read, `[[`, "rows"))
  cleaned <- clean_screen(rows, annotation)
  oriented <- orient_scores(cleaned$rows, rules)
  merged <- merge_screen(oriented$rows, lines)
  labelled <- label_screen(merged$rows, rules)
  each <- function(part) unique(do.call(rbind, lapply(read, `[[`, part)))
  report <- c(cleaned$report, oriented$report, merged$report, list(
    unsplit = each("unsplit"), ignored = each("ignored"), roles = each("roles"),
    without_fdr = rows_without_fdr(merged$rows, rules)
  ))
  tell_screen(report, oriented$wrong, labelled, rules)
  attr(labelled, "report") <- report
  labelled
}

given_genes <- function(library) {
  if (is.data.frame(library)) {
    library <- library[[find_column(names(library), "gene")]]
  }
  library <- factor_names(library)
  if (!is.null(library) && !is.character(library)) {
    abort_argument("library", "names of genes", library)
  }
  unique(library[!is_unnamed(library)])
}

check_lists_hits <- function(layout) {
  abort_if(layout != "qgi", c(
    "{.arg library} must be {.code NULL} unless {.arg path} is a qGI table.",
    x = "The layout is {.val {layout}}: pairs that it does not list were not
         measured.",
    i = "If it lists hits only, add the other genes of each query as rows
         that are no hits."
  ), argument = "library")
}

# The rule of hits; `lethal` NULL is derived from the calls.
hit_rules <- function(read, hit, fdr, lethal) {
  layouts <- unique(vapply(read, `[[`, "", "layout"))
  abort_if(length(layouts) > 1, c(
    "{.arg path} must hold tables of one layout.",
    x = "Found {.val {layouts}}.",
    i = "Read them separately, and join the pairs with {.fn rbind}."
  ), argument = "path")
  rule <- gi_layouts[[layouts]]
  rows <- lapply(read, `[[`, "rows")
  has <- function(column) {
    any(vapply(rows, function(x) any(!is.na(x[[column]])), TRUE))
  }
  called <- layouts != "qgi" && has("call") && is.null(hit) && is.null(fdr)
  abort_if(layouts == "table" && !called && is.null(hit) && !has("fdr"), c(
    "{.arg hit} must give the effect below which a pair is a hit.",
    x = "No column of calls or FDRs is recognised; without a role are
         {.field {few(unlist(lapply(read, `[[`, 'ignored')), 9)}}.",
    i = "Name one in {.arg columns}, as {.field label} or
         {.field significance}, or pass for example {.code hit = -3}."
  ), argument = "hit")
  abort_if(!is.null(fdr) && is.finite(fdr) && !has("fdr"), c(
    "{.arg fdr} needs a column of false discovery rates.",
    x = "The table has none.",
    i = "Name it in {.arg columns}, as {.field significance}, or leave
         {.arg fdr} out."
  ), argument = "fdr")
  fdr <- fdr %||% rule$fdr
  rising <- rows[vapply(read, `[[`, NA, "rises")]
  list(
    layout = layouts, called = called, hit = hit %||% rule$hit,
    fdr = if (has("fdr")) fdr else Inf, lethal = lethal %||% rule$lethal,
    rising = unique(unlist(lapply(rising, `[[`, "study")))
  )
}

# list(rows in canonical order, report) without rows that lack a pair of genes.
clean_screen <- function(rows, annotation) {
  ends <- c("gene_a", "gene_b")
  rows$query <- clean_names(rows$query)
  cleaned <- clean_ends(rows, "line")
  rows <- cleaned$rows
  report <- cleaned$report
  genes <- unique(c(rows$gene_a, rows$gene_b))
  report$excel_names <- tibble(name = genes[is_excel_name(genes)])
  mapped <- map_pair_genes(rows, annotation)
  rows <- mapped$rows
  report$unmapped <- mapped$unmapped
  rows[ends] <- order_pair(rows$gene_a, rows$gene_b)
  self <- rows$gene_a == rows$gene_b
  report$self <- unique(rows[self, "gene_a"])
  abort_if(all(self), c(
    "{.arg path} must have pairs of two genes.",
    x = "All its rows are controls, one gene with itself, or unnamed, such as
         {.val {few(c(report$control$gene_a, report$self$gene_a,
         report$several$gene_a))}}."
  ), argument = "path")
  list(rows = rows[!self, ], report = report)
}
