#' Evidence on genes for pair features
#'
#' Collects facts about genes besides expression, network and embeddings, such
#' as terms, families and paralogs. Pass the result to [musl_data()] as
#' `evidence`; models of measured pairs learn from it, and
#' [musl_pair_features()] shows it. Genes outside [musl_data()] count in the
#' sizes of terms, families and modules.
#'
#' @param annotations Result of [musl_annotations()], or `NULL`.
#' @param genes `NULL` or a data frame with one row per gene: `gene` and columns
#'   of numbers or flags, which may be missing. Names tell roles: `tpm` or
#'   `expression` a mean level on the log scale, for example in the screened
#'   line; `dependent` the share of cell lines that depend on the gene;
#'   `essential` a flag; `fitness`, `chronos` or `effect` that of its loss;
#'   others have none. Text and names that end in `_sd` or start with `entrez`
#'   are left out. No column but expression may have the name of a column that
#'   [musl_pair_features()] has of genes, such as `degree`.
#' @param modules `NULL` or a data frame with columns `gene` and `module`, such
#'   as modules of co-essential genes; a gene may be in several.
#' @param layout `NULL` or a data frame with columns `gene`, `x` and `y`:
#'   positions at which genes with similar essentiality are close.
#' @param proteins `NULL` or protein sequences by gene, as in
#'   [musl_embed_proteins()]: an `AAStringSet`, a character vector with names or
#'   the path of a FASTA file.
#'   If a gene has several proteins, the longest is used, with a message.
#' @param paralogs `NULL`, the result of [musl_paralogs()], or a data frame of
#'   other aligned pairs: `gene_a`, `gene_b`, `identity` from 0 to 1, optionally
#'   `coverage` from 0 to 1 (default 1) and `bits` (default identity times
#'   coverage). If a pair has several rows, the closest counts. In a data frame,
#'   genes without rows count as genes with unknown proteins.
#' @param lines `NULL` or the expression of genes in cell lines: a numeric
#'   matrix of genes x lines, log2(x + 1) of TPM or the like, or a
#'   `SummarizedExperiment` such as the result of [read_depmap()] (its assay
#'   `expression`, or its first other than `effect`). A gene above 1 counts as
#'   expressed. `NA` is unknown. Scores of models of measured pairs fall where
#'   few lines express the lower expressed gene. Without `lines`, cohorts of
#'   logged counts or TPM in [musl_data()] and columns of expression in `genes`
#'   take their place. An assay `effect` (DepMap's gene effect) adds the column
#'   `dependent` to `genes`: the share of lines with an effect below -0.5.
#' @param models `NULL` or a named list of one [MuslModel][musl_fit()] of
#'   measured pairs to start from, such as `list(human = musl_human_model())`.
#'   Its genes and its evidence are added to the data where they have none, and
#'   a model fitted to measured pairs averages its own score with that of this
#'   one. A message states the weights: with h hits of its own, its own counts
#'   by what ranks best out of fold, drawn towards h / (h + 50). All scores
#'   change; the order of lists only where its own pairs hold both genes. Before
#'   you evaluate the fit, see *Models to start from* in [musl_resample()].
#' @param tables `NULL` or a named list of data frames of numbers of pairs, such
#'   as `list(mine = data.frame(gene_a, gene_b, value))`: columns `gene_a` and
#'   `gene_b` and at least one of numbers; columns of text are left out. A pair
#'   without a row is missing, as `NA` is. Each column of numbers is a feature
#'   of pairs, `table:<name>:<column>`. Numbers that were derived from the
#'   labels of test pairs make metrics too good.
#' @param direction `NULL` or how much more or less cell lines with an altered
#'   gene need others: a list of two data frames. `alterations` has a row for
#'   each altered gene: `alteration` (a name), `gene`, `state` ("lost" or
#'   "activated"), `event` (words that follow "lines", such as "that lost
#'   RB1"), `n_lines` (with the alteration) and optionally `together` (names of
#'   alterations that come with it, such as deletions of neighbours, separated
#'   by ";"). `differences` has a row for each `alteration` and `partner`: `z`
#'   (standard score; below 0 if altered lines need the partner more),
#'   `effect_size` (Hedges g, of the same sign), `mean_altered` and `mean_other`
#'   (gene effect) and optionally `share_altered` and `share_other` (lines that
#'   need the partner). Scores do not read it; lists do: see *Direction* in
#'   [musl_partners()].
#' @param embeddings `TRUE` to make features of pairs of the embeddings in
#'   [musl_data()], too; on measured screens they gained next to nothing.
#' @returns A list of class `musl_evidence` with these parts.
#' @section Errors:
#'   `musl_error_input` and `musl_error_gene` if a part is invalid, and for
#'   identities in per cent. `musl_warning_other` if no effect is below -0.5.
#' @examples
#' terms <- data.frame(
#'   gene = c("ARID1A", "ARID1B"), term = "GO:0016514", evidence = "IDA"
#' )
#' musl_evidence(
#'   annotations = musl_annotations(terms),
#'   genes = data.frame(gene = c("ARID1A", "ARID1B"), fitness = c(-.2, 0)),
#'   proteins = c(
#'     ARID1A = "MAAQVAPAAASSLGNPPPPP", ARID1B = "MAHNAGAAAAAGTHSAKSGG"
#'   )
#' )
#' @export
musl_evidence <- function(annotations = NULL, genes = NULL, modules = NULL,
                          layout = NULL, proteins = NULL, paralogs = NULL,
                          lines = NULL, models = NULL, tables = NULL,
                          direction = NULL, embeddings = FALSE) {
  check_is(annotations, "musl_annotations", allow_null = TRUE)
  check_flag(embeddings)
  lines <- line_matrices(lines)
  structure(
    list(
      annotations = annotations,
      genes = evidence_gene_table(genes, lines$effect),
      modules = if (!is.null(modules)) set_table(modules, "module", "modules"),
      layout = layout_table(layout),
      proteins = protein_table(proteins),
      paralogs = paralog_table(paralogs),
      lines = lines$expression,
      models = check_start_models(models),
      tables = pair_tables(tables),
      direction = direction_tables(direction)
    ),
    class = "musl_evidence", embeddings = embeddings
  )
}

layout_table <- function(layout) {
  if (is.null(layout)) {
    return(NULL)
  }
  check_evidence_table(layout, c("gene", "x", "y"), "layout")
  if (!is.numeric(layout$x) || !is.numeric(layout$y)) {
    abort_argument("layout", "a table with numbers in x and y", layout)
  }
  check_finite_columns(layout, c("x", "y"), "layout")
  check_gene_rows(layout$gene)
  tibble(
    gene = id_text(layout$gene), x = as.double(layout$x),
    y = as.double(layout$y)
  )
}

# The longest protein of each gene.
protein_table <- function(proteins, genes = NULL) {
  if (is.null(proteins)) {
    return(NULL)
  }
  named <- is.null(genes)
  all <- read_proteins(proteins, arg = "proteins", distinct = !named)
  # Names of proteins are genes unless told otherwise.
  genes <- genes %||% set_names(all$name)
  longest <- longest_proteins(all, genes)
  gene <- longest$name
  n_shorter <- sum(genes_of(all, genes) %in% gene) - length(gene)
  inform_if(
    n_shorter > 0,
    "{n_shorter} shorter isoform{?s} of {.arg proteins} {?is/are} left out:
     only the longest of each gene counts.", "report"
  )
  tibble(gene = gene, sequence = longest$sequence)
}

# The names of the parts that are present.
evidence_parts <- function(evidence) {
  unique(sub("^table .*", "tables", names(evidence_genes(evidence))))
}

# The genes in each part that is present, and in each of the tables of pairs.
evidence_genes <- function(evidence) {
  parts <- list(
    terms = evidence$annotations$terms$gene,
    families = evidence$annotations$families$gene,
    pathways = evidence$annotations$pathways$gene,
    genes = evidence$genes$gene, modules = evidence$modules$gene,
    layout = evidence$layout$gene, proteins = evidence$proteins$gene,
    paralogs = attr(evidence$paralogs, "genes"),
    lines = rownames(evidence$lines),
    direction = c(
      evidence$direction$alterations$gene,
      evidence$direction$differences$partner
    ),
    models = unlist(lapply(evidence$models, function(model) model@genes))
  )
  tables <- lapply(evidence$tables, function(x) c(x$gene_a, x$gene_b))
  names(tables) <- sprintf("table %s", names(tables))
  lapply(Filter(length, c(parts, tables)), unique)
}

# A part that shares no gene with the universe probably has other identifiers.
check_evidence <- function(evidence, genes, cohorts) {
  if (inherits(evidence, "musl_annotations")) {
    evidence <- musl_evidence(annotations = evidence)
  }
  check_is(evidence, "musl_evidence", allow_null = TRUE)
  # Expression of the gene table forms columns as a cohort of its name does.
  roles <- attr(evidence$genes, "roles")
  twice <- intersect(names(roles)[roles == "expression"], cohorts)
  abort_if(length(twice) > 0, c(
    "Sources and columns of expression in {.arg evidence} must have different
     names.",
    x = "Both have {.field {twice}}."
  ), argument = "evidence", columns = twice)
  inside <- evidence_genes(evidence)
  for (part in names(inside)) {
    of_part <- inside[[part]]
    # Few genes may be in no pathway; those of an OrgDb come unasked.
    may_lack <- part == "pathways" &&
      describe_ids(of_part)$type == describe_ids(genes)$type
    abort_if(!any(of_part %in% genes) && !may_lack, c(
      "{.arg evidence} must share genes with the other inputs.",
      x = "Part {.field {part}} shares none: it has names such as
           {.val {utils::head(of_part, 3)}}, they have
           {.val {utils::head(genes, 3)}}.",
      i = "Is it another kind of identifier or another species?"
    ), "gene", argument = "evidence")
  }
  evidence
}

#' @export
print.musl_evidence <- function(x, ...) {
  genes <- evidence_genes(x)
  lines <- sprintf("  %s: %s genes", names(genes), count_text(lengths(genes)))
  writeLines(c("Evidence on genes", lines))
  invisible(x)
}

# Interface to the core's evidence: converts names to 0-based indices.

# A pointer to the evidence of `data` over the universe `genes`. Genes outside
# the universe get further indices, so sizes of sets count them. `wide` adds
# evidence on single genes, `line` names a cell line whose levels are needed,
# `columns` are further ones of gene_column_input(). Evidence may have `bits`, 8
# or fewer, of each coordinate of sets, network and profiles: the human model
# has 4, which halve its file.
evidence_store <- function(data, genes = data@genes, seed = 1L, threads = 0L,
                           wide = FALSE, line = NULL, columns = NULL) {
  input <- dataset_input(data, genes)
  if (!isTRUE(attr(data@evidence, "embeddings"))) {
    input["embeddings"] <- list(NULL)
  }
  terms <- data@evidence$annotations$terms
  families <- data@evidence$annotations$families
  modules <- data@evidence$modules
  tables <- list(
    terms = set_input(terms$gene, terms$term, terms$branch, genes),
    families = set_input(families$gene, families$family, "family", genes),
    modules = set_input(modules$gene, modules$module, "module", genes),
    layout = if (!is.null(data@evidence$layout)) {
      row <- match(genes, data@evidence$layout$gene)
      cbind(data@evidence$layout$x[row], data@evidence$layout$y[row])
    },
    sequences = if (!is.null(data@evidence$proteins)) {
      row <- match(genes, data@evidence$proteins$gene)
      sequence <- data@evidence$proteins$sequence[row]
      ifelse(is.na(sequence), "", sequence)
    },
    paralogs = paralog_input(data@evidence$paralogs, genes),
    genes = gene_column_input(data@evidence$genes, genes),
    tables = pair_table_input(data@evidence$tables, genes),
    direction = direction_input(data@evidence$direction, genes)
  )
  named <- c(line, unique(data@pairs[["line"]]))
  tables$lines <- line_input(data@evidence$lines, genes, named)
  tables$genes <- c(tables$genes, columns)
  if (wide) {
    tables <- with_wide(tables, data@evidence$annotations, genes)
  }
  store <- with_core(
    cpp_evidence_store(
      input, Filter(Negate(is.null), tables),
      attr(data@evidence, "bits") %||% 8L, seed, as.integer(threads)
    )
  )
  start <- start_model(data)
  if (is.null(start)) {
    return(store)
  }
  with_core(
    cpp_features_complete(
      live_features(start), store, gene_index(genes, start@genes)
    )
  )
}

set_input <- function(gene, set, branch, genes) {
  if (length(gene) == 0) {
    return(NULL)
  }
  sets <- unique_bytes(set)
  branches <- unique_bytes(branch)
  branch <- rep_len(branch, length(set))
  list(
    gene = match(gene, c(genes, setdiff(gene, genes))) - 1L,
    set = match(set, sets) - 1L,
    branch_of_set = match(branch[match(sets, set)], branches) - 1L,
    branches = branches
  )
}

# Adds the sets that describe single genes, and their number per gene.
with_wide <- function(tables, annotations, genes) {
  sets <- list(
    wide = annotations$wide$term, pathways = annotations$pathways$pathway
  )
  for (part in names(sets)[lengths(sets) > 0]) {
    gene <- annotations[[part]]$gene
    tables[[part]] <- set_input(gene, sets[[part]], part, genes)
    count <- tabulate(match(gene, genes), length(genes))
    column <- list(
      name = paste0("number_", part), role = "gene", value = log1p(count)
    )
    tables$genes <- c(tables$genes, list(column))
  }
  tables
}

paralog_input <- function(paralogs, genes) {
  if (is.null(paralogs)) {
    return(NULL)
  }
  searched <- attr(paralogs, "genes")
  known <- c(genes, setdiff(searched, genes))
  list(
    a = match(paralogs$gene_a, known) - 1L,
    b = match(paralogs$gene_b, known) - 1L,
    identity = paralogs$identity, coverage = paralogs$coverage,
    score = paralogs$bits, searched = as.raw(genes %in% searched)
  )
}

gene_column_input <- function(table, genes) {
  row <- match(genes, table$gene)
  roles <- attr(table, "roles")
  lapply(unname(names(roles)), function(column) {
    list(name = column, role = roles[[column]], value = table[[column]][row])
  })
}
