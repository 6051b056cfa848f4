#' Protein vectors by k-mer composition
#'
#' Counts the words of `k` residues in each protein: an alternative to
#' [musl_embed_proteins()] without the weights of a language model.
#'
#' Composition ignores order beyond `k` residues and evolution; as node
#' features, expect much less from it than from ESM2.
#' Words with a letter outside the 20 amino acids are skipped, so a protein
#' without other words, or shorter than `k`, has only zeros, with a warning.
#'
#' @param x,genes,isoforms As in [musl_embed_proteins()].
#' @param k Whole number from 1 to 3, residues in a word.
#' @param alphabet "amino_acids": the 20 amino acids; "conjoint": 7 classes of
#'   amino acids by dipole and side chain volume (AGV, ILFP, YMTS, HNQW, RK, DE,
#'   C), each named by its first letter; `k = 3` gives the conjoint triads.
#' @param threads Whole number >= 0, number of threads; 0 for all that this
#'   process may use.
#' @param ... Must be empty.
#' @returns A numeric matrix, proteins (or genes) x words (20^k or 7^k), with
#'   row and column names: the share of each word among the words of the
#'   protein.
#'   Rows sum to 1, or are 0.
#' @section Errors:
#'   `musl_error_input` and `musl_error_format` as in [musl_embed_proteins()].
#' @section Source:
#'   Conjoint triads: Shen et al. (2007), PNAS 104:4337; we divide by the number
#'   of triads instead of scaling by the extremes.
#' @examples
#' x <- c(GCG = "HSQGTFTSDYSKYLDSRRAQDFVQWLMNT", INS = "FVNQHLCGSHLVEALYLVCG")
#' embeddings <- musl_embed_kmers(x)
#' embeddings[, c("AA", "FV", "HL")]
#' @export
musl_embed_kmers <- function(x, k = 2L, alphabet = c("amino_acids", "conjoint"),
                             ..., genes = NULL,
                             isoforms = c("longest", "mean"), threads = 0L) {
  check_dots_empty()
  check_whole(k, 1, 3)
  alphabet <- check_choice(alphabet, c("amino_acids", "conjoint"))
  isoforms <- check_choice(isoforms, c("longest", "mean"))
  check_whole(threads, 0, 1024)
  plan <- gene_plan(read_proteins(x), genes, isoforms)
  values <- with_core(cpp_embed_kmers(
    plan$proteins$sequence, as.integer(k), alphabet == "conjoint",
    as.integer(threads)
  ))
  warn_without_words(plan$proteins$name[rowSums(values) == 0])
  collect_genes(values, plan)
}

warn_without_words <- function(names) {
  if (length(names) > 0) {
    warn_musl(c(
      "{length(names)} protein{?s} {?has/have} no word of amino acids and only
       zeros.",
      x = "{.val {utils::head(names, 3)}}."
    ), proteins = names)
  }
}
