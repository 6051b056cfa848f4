#' What a biologist would look for in a pair
#'
#' Gathers what is known of genes beside expression, network and embeddings: do
#' two genes share a term, a small family, a co-essential module, words of
#' sequence; is either needed by cells?
#' [musl_data()] takes it as `evidence`; models of measured pairs learn from it,
#' and [musl_pair_evidence()] shows it.
#'
#' Each part may be absent, and then its columns are.
#' Genes beyond those of [musl_data()] count for the sizes of terms, families
#' and modules: a family is of two if the genome has two.
#'
#' @param annotations What [musl_annotations()] makes, or `NULL`.
#' @param genes What [musl_gene_table()] makes, a data frame for it, or `NULL`.
#' @param modules `NULL` or a data frame with columns `gene` and `module`, such
#'   as modules of co-essential genes; a gene may be in several.
#' @param layout `NULL` or a data frame with columns `gene`, `x` and `y`:
#'   positions such that genes which cells need alike are near.
#' @param proteins `NULL` or protein sequences by gene, as
#'   [musl_embed_proteins()] takes them: an `AAStringSet`, a character vector
#'   with names or the path of a FASTA file.
#'   Of several proteins of a gene the longest counts, as a message says.
#' @param isoform_genes,isoforms As `genes` and `isoforms` of
#'   [musl_embed_proteins()], where proteins bear other names than genes;
#'   `"longest"` alone makes sense here.
#' @param paralogs `NULL`, what [musl_paralogs()] makes, or a data frame of
#'   aligned pairs from elsewhere: `gene_a`, `gene_b`, `identity` from 0 to 1,
#'   optionally `coverage` from 0 to 1 (without, 1) and `bits`, which orders the
#'   paralogs of a gene (without, identity times coverage).
#'   Of several rows of a pair the closest counts; genes that no row names have
#'   unknown proteins then.
#' @param ... Must be empty.
#' @returns A list of class `musl_evidence` with these parts.
#' @section Errors:
#'   `musl_error_input` and `musl_error_gene` if a part is not of its form, and
#'   for identities in per cent.
#' @seealso [musl_evidence_columns()] for the columns made from it.
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
                          layout = NULL, proteins = NULL, ...,
                          paralogs = NULL, isoform_genes = NULL,
                          isoforms = "longest") {
  check_dots_empty()
  call <- current_env()
  check_is(annotations, "musl_annotations", allow_null = TRUE)
  check_choice(isoforms, "longest")
  if (!is.null(genes) && !inherits(genes, "musl_gene_table")) {
    check_evidence_table(genes, "gene", "genes", call)
    numbers <- names(genes)[vapply(genes, is.numeric, NA)]
    check_finite_columns(genes, numbers, "genes", call)
    genes <- musl_gene_table(genes)
  }
  structure(
    list(
      annotations = annotations,
      genes = genes,
      modules = module_table(modules, call),
      layout = layout_table(layout, call),
      proteins = protein_table(proteins, isoform_genes, call),
      paralogs = paralog_table(paralogs, call)
    ),
    class = "musl_evidence"
  )
}

module_table <- function(modules, call) {
  if (is.null(modules)) {
    return(NULL)
  }
  check_evidence_table(modules, c("gene", "module"), "modules", call)
  modules <- tibble(
    gene = as.character(modules$gene), module = as.character(modules$module)
  )
  modules[!duplicated(modules), ]
}

layout_table <- function(layout, call) {
  if (is.null(layout)) {
    return(NULL)
  }
  check_evidence_table(layout, c("gene", "x", "y"), "layout", call)
  if (!is.numeric(layout$x) || !is.numeric(layout$y)) {
    abort_argument("layout", "a table with numbers in x and y", layout, call)
  }
  check_finite_columns(layout, c("x", "y"), "layout", call)
  check_gene_rows(layout$gene, call)
  tibble(
    gene = as.character(layout$gene), x = as.double(layout$x),
    y = as.double(layout$y)
  )
}

# The longest protein of each gene.
protein_table <- function(proteins, genes, call) {
  if (is.null(proteins)) {
    return(NULL)
  }
  all <- read_proteins(proteins, arg = "proteins", call = call)
  plan <- gene_plan(all, genes, "longest", call, "isoform_genes")
  gene <- plan$gene %||% plan$proteins$name
  n_shorter <- sum(genes_of_all(all, genes) %in% gene) - length(gene)
  if (n_shorter > 0) {
    inform_musl(
      "{n_shorter} shorter isoform{?s} of {.arg proteins} {?is/are} left out:
       of a gene the longest counts.", "report"
    )
  }
  tibble(gene = gene, sequence = plan$proteins$sequence)
}

genes_of_all <- function(proteins, genes) {
  if (is.null(genes)) proteins$name else genes_of(proteins, genes)
}

# The names of the parts that are there.
evidence_parts <- function(evidence) {
  if (is.null(evidence)) {
    return(character())
  }
  parts <- c(
    if (NROW(evidence$annotations$terms) > 0) "terms",
    if (NROW(evidence$annotations$families) > 0) "families",
    setdiff(names(evidence)[!vapply(evidence, is.null, TRUE)], "annotations")
  )
  parts
}

# The genes that each part tells of.
evidence_genes <- function(evidence) {
  parts <- list(
    terms = evidence$annotations$terms$gene,
    families = evidence$annotations$families$gene,
    genes = evidence$genes$gene, modules = evidence$modules$gene,
    layout = evidence$layout$gene, proteins = evidence$proteins$gene,
    paralogs = attr(evidence$paralogs, "genes")
  )
  lapply(parts[evidence_parts(evidence)], unique)
}

# A part that shares no gene with the universe has other identifiers.
check_evidence <- function(evidence, genes, call) {
  if (inherits(evidence, "musl_annotations")) {
    evidence <- musl_evidence(annotations = evidence)
  }
  check_is(evidence, "musl_evidence", call = call, allow_null = TRUE)
  for (part in evidence_parts(evidence)) {
    of_part <- evidence_genes(evidence)[[part]]
    if (!any(of_part %in% genes)) {
      abort_musl(c(
        "{.arg evidence} must tell of genes that the other inputs have.",
        x = "Part {.field {part}} has none of them: its names are such as
             {.val {utils::head(of_part, 3)}}, theirs
             {.val {utils::head(genes, 3)}}.",
        i = "Are they identifiers of another kind or another species?"
      ), "gene", argument = "evidence", call = call)
    }
  }
  evidence
}

#' @export
print.musl_evidence <- function(x, ...) {
  genes <- evidence_genes(x)
  cat("Evidence on genes\n")
  for (part in names(genes)) {
    cat("  ", part, ": ", count_text(length(genes[[part]])), " genes\n",
      sep = ""
    )
  }
  invisible(x)
}
