#' Protein embeddings by ESM2
#'
#' Computes one vector per protein with an ESM2 language model, for the
#' `embeddings` of [musl_data()].
#'
#' The vector is the mean over residues of the last layer after its final layer
#' norm, without the two tokens that mark the ends of a sequence. The number of
#' threads does not change it.
#'
#' # The model
#' `model_dir` is an ESM2 folder as distributed by Hugging Face
#' (`facebook/esm2_t6_8M_UR50D` with 320 dimensions up to
#' `facebook/esm2_t36_3B_UR50D` with 2560): `config.json`, `vocab.txt`, and
#' `model.safetensors`, or `model.safetensors.index.json` with its shards.
#' Nothing is downloaded; pickled weights are not read.
#'
#' # Sequences
#' Lower case counts as upper case; one `*` at the end, the stop, is dropped. X,
#' U, B, Z, O, `-` and `.` have separate tokens; J and an inner `*` are unknown
#' letters. All of them count as residues in the mean. A protein longer than
#' those that the model was trained on is read in evenly spaced windows of that
#' length, which share a quarter or more; the vector of a residue is the mean
#' over the windows that contain it.
#'
#' @param x Proteins: an `AAStringSet` of Biostrings, a character vector with
#'   names, or the path of one FASTA file, which may be gzipped.
#'   A protein's name ends at the first blank.
#' @param model_dir Path of the model folder.
#' @param genes `NULL` for one row per protein; for one row per gene, the gene
#'   of each protein, a character vector in their order or with their names,
#'   `NA` or "" for none; or "header" to read it from the names, after `GN=`
#'   (UniProt) or `gene_symbol:` (Ensembl).
#'   Proteins without a gene are left out with a warning. Of several proteins of
#'   a gene the longest counts, the first of equal lengths.
#' @param device "auto" (a GPU if there is one), "cpu", "cuda", "cuda:0" and
#'   so on.
#' @param precision "float32", or "bfloat16": half the memory and faster on a
#'   GPU, to two or three digits.
#' @param cache Path of a folder, created if missing, or `NULL` for none: each
#'   vector is stored under a hash of its sequence, and later calls compute only
#'   new sequences.
#' @param progress `TRUE` for a progress bar or, in a non-interactive session,
#'   one line per minute.
#' @param threads Whole number >= 0, number of CPU threads; 0 for all that this
#'   process may use.
#' @param ... Must be empty.
#' @returns A numeric matrix, proteins (or genes) x dimensions, with row names;
#'   proteins in their order, genes in the order of their first protein.
#' @section Errors:
#'   `musl_error_format` if a file of the folder or the FASTA file cannot be
#'   read, or the cache cannot be written; `musl_error_input` if there is no
#'   protein, a sequence is empty or contains invalid letters, names are missing
#'   or duplicate, or an argument is out of range; `musl_error_device` without
#'   the device or enough memory; `musl_error_cancelled` after Ctrl-C.
#'   `musl_warning_dropped_genes` for proteins without a gene.
#' @section Source:
#'   Lin et al. (2023), Science 379:1123. The overlapping windows are ours.
#' @seealso [musl_embed_kmers()] for vectors without a model.
#' @examplesIf musl_backend()$available
#' # The folder as downloaded from Hugging Face.
#' model_dir <- "esm2_t6_8M_UR50D"
#' if (dir.exists(model_dir)) {
#'   musl_embed_proteins(c(GCG = "HSQGTFTSDYSKYLDSRRAQDFVQWLMNT"), model_dir)
#' }
#' @export
musl_embed_proteins <- function(x, model_dir, ..., genes = NULL,
                                device = "auto",
                                precision = c("float32", "bfloat16"),
                                cache = NULL, progress = TRUE, threads = 0L) {
  check_dots_empty()
  check_string(model_dir)
  check_flag(progress)
  check_whole(threads, 0, 1024)
  check_string(cache, allow_null = TRUE)
  options <- list(
    device = resolve_device(device),
    precision = check_choice(precision, c("float32", "bfloat16")),
    threads = as.integer(threads), batch_tokens = 0L, # by the device
    cache = if (is.null(cache)) "" else path.expand(cache)
  )
  proteins <- longest_proteins(read_proteins(x), genes)
  result <- with_progress(progress, function(callback) {
    with_backend(cpp_embed_proteins(
      path.expand(model_dir), proteins$sequence, options, callback
    ))
  })
  damaged <- result$damaged
  warn_if(length(damaged) > 0, c(
    "{length(damaged)} damaged file{?s} of the cache {?was/were} skipped.",
    x = "{.file {utils::head(damaged, 3)}}.",
    i = "Delete {cli::qty(length(damaged))}{?it/them}; {?its/their} vectors were
         computed again."
  ), files = damaged)
  rownames(result$values) <- proteins$name
  result$values
}

#' Protein vectors by k-mer composition
#'
#' Counts the words of `k` residues in each protein: an alternative to
#' [musl_embed_proteins()] without the weights of a language model.
#'
#' Words with a letter outside the 20 amino acids are skipped, so a protein
#' without other words, or shorter than `k`, has only zeros, with a warning.
#'
#' @param x,genes As in [musl_embed_proteins()].
#' @param k Whole number from 1 to 3, residues in a word.
#' @param alphabet "amino_acids": the 20 amino acids; "conjoint": 7 classes of
#'   amino acids by dipole and side chain volume (AGV, ILFP, YMTS, HNQW, RK, DE,
#'   C), each named by its first letter; `k = 3` gives the conjoint triads.
#' @param threads Whole number >= 0; 0 for all that this process may use.
#' @param ... Must be empty.
#' @returns A numeric matrix, proteins (or genes) x words (20^k or 7^k), with
#'   row and column names: the share of each word among the words of the
#'   protein. Rows sum to 1, or are 0.
#' @section Errors:
#'   `musl_error_input` and `musl_error_format` as in [musl_embed_proteins()].
#' @section Source:
#'   Conjoint triads: Shen et al. (2007), PNAS 104:4337; we divide by the number
#'   of triads instead of scaling by the extremes.
#' @examples
#' x <- c(GCG = "HSQGTFTSDYSKYLDSRRAQDFVQWLMNT", INS = "FVNQHLCGSHLVEALYLVCG")
#' musl_embed_kmers(x)[, c("AA", "FV", "HL")]
#' @export
musl_embed_kmers <- function(x, k = 2L, alphabet = c("amino_acids", "conjoint"),
                             ..., genes = NULL, threads = 0L) {
  check_dots_empty()
  check_whole(k, 1, 3)
  alphabet <- check_choice(alphabet, c("amino_acids", "conjoint"))
  check_whole(threads, 0, 1024)
  proteins <- longest_proteins(read_proteins(x), genes)
  values <- with_core(cpp_embed_kmers(
    proteins$sequence, as.integer(k), alphabet == "conjoint",
    as.integer(threads)
  ))
  names <- proteins$name[rowSums(values) == 0]
  warn_if(length(names) > 0, c(
    "{length(names)} protein{?s} {?has/have} no word of amino acids and only
     zeros.",
    x = "{.val {utils::head(names, 3)}}."
  ), proteins = names)
  rownames(values) <- proteins$name
  values
}
