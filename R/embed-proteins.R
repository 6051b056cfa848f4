#' Protein embeddings by ESM2
#'
#' Reads protein sequences with an ESM2 language model and returns one vector a
#' protein, for the `embeddings` of [musl_data()].
#'
#' The vector is the mean over residues of the last layer after its final layer
#' norm; the two tokens that mark the ends of a sequence are left out of the
#' mean.
#' Values agree with the reference implementation to 1e-4.
#' Batching moves them by less than 1e-5; the number of threads does not move
#' them at all.
#'
#' # The model
#' `model_dir` is a folder as Hugging Face distributes ESM2
#' (`facebook/esm2_t6_8M_UR50D` with 320 dimensions up to
#' `facebook/esm2_t36_3B_UR50D` with 2560): `config.json`, `vocab.txt`, and
#' `model.safetensors`, or `model.safetensors.index.json` with its shards.
#' Nothing is downloaded; pickled weights (`pytorch_model.bin`) are not read.
#'
#' # Letters
#' Lower case counts as upper case; one `*` at the end, the stop, is dropped.
#' X (any), U, B, Z, O, `-` and `.` are read by tokens of their own, as ESM
#' does; J and an inner `*` by its token for the unknown.
#' All of them count as residues in the mean.
#' Anything else is an error.
#'
#' # Long proteins
#' ESM2 was trained on up to 1,022 residues.
#' A longer protein is read in windows of that length that overlap by at least a
#' quarter and are spread evenly; the vector of a residue is the mean over the
#' windows that hold it.
#'
#' # Cache
#' With a `cache` each vector is stored under a hash of its sequence, in a
#' folder under a hash of the whole weights, precision and windows; a later
#' call computes new sequences only.
#' Files are written whole or not at all, at the end, after Ctrl-C and once a
#' minute.
#' Vectors computed on a GPU and on the CPU share the cache; they differ by
#' about 1e-5.
#'
#' @param x Proteins: an `AAStringSet` of Biostrings, a character vector with
#'   names, or the path of one FASTA file, which may be gzipped.
#'   A protein is called by its name up to the first blank.
#' @param model_dir Path of the folder with the model.
#' @param genes `NULL` for one row a protein, or what gives one row a gene:
#'   the gene of each protein, a character vector in their order or with their
#'   names, `NA` or "" for none; or "header" to take it from the names, by
#'   `GN=` (UniProt) or `gene_symbol:` (Ensembl).
#'   Proteins without a gene are left out with a warning.
#' @param isoforms How a gene's row comes from its proteins: "longest" (of equal
#'   lengths the first) or "mean".
#' @param device "auto" (a GPU where there is one), "cpu", "cuda", "cuda:<i>".
#' @param threads Whole number >= 0 of threads on the CPU; 0 for all that this
#'   process may use.
#' @param batch_tokens Whole number >= 1, residues and ends in a batch; `NULL`
#'   for 16,384 on a GPU and, by the size of the model, 256 to 2,048 on the CPU.
#'   A batch that does not fit the memory is halved.
#' @param window,overlap Whole numbers of residues: the length of windows
#'   (`NULL` for the most that the model was trained on) and how many of them
#'   neighbours share at least (0 or more and below `window`; `NULL` for a
#'   quarter of `window`).
#' @param precision "float32", or "bfloat16": half the memory and faster on a
#'   GPU, to two or three digits.
#' @param cache Path of a folder for the cache, made where it is missing, or
#'   `NULL` for none.
#' @param progress `TRUE` for a progress bar or, in a session that is not
#'   interactive, a line a minute.
#' @param ... Must be empty.
#' @returns A numeric matrix, proteins (or genes) x dimensions, with row names;
#'   proteins in their order, genes in the order of their first protein.
#' @section Errors:
#'   `musl_error_format` if a file of the folder is missing, damaged, of another
#'   model or has tensors of another shape, the FASTA file cannot be read, or
#'   the cache cannot be written (a full disk);
#'   `musl_error_input` if there is no protein, a sequence is empty or holds
#'   what is no residue, names are missing or there twice, or an argument is
#'   out of range; `musl_error_device` without the device or enough memory;
#'   `musl_error_cancelled` after Ctrl-C.
#'   `musl_warning_dropped_genes` for proteins without a gene.
#' @section Source:
#'   Lin et al. (2023), Science 379:1123.
#'   The overlapping windows are ours.
#' @seealso [musl_embed_kmers()] without a model.
#' @examplesIf musl_has_backend()
#' # The folder is what a download from Hugging Face gives.
#' model_dir <- "esm2_t6_8M_UR50D"
#' glucagon <- c(GCG = "HSQGTFTSDYSKYLDSRRAQDFVQWLMNT")
#' if (dir.exists(model_dir)) {
#'   dim(musl_embed_proteins(glucagon, model_dir))
#' }
#' @export
musl_embed_proteins <- function(x, model_dir, ..., genes = NULL,
                                isoforms = c("longest", "mean"),
                                device = "auto", threads = 0L,
                                batch_tokens = NULL, window = NULL,
                                overlap = NULL,
                                precision = c("float32", "bfloat16"),
                                cache = NULL, progress = TRUE) {
  check_dots_empty()
  check_string(model_dir)
  isoforms <- check_choice(isoforms, c("longest", "mean"))
  check_flag(progress)
  options <- embed_options(
    device, threads, batch_tokens, window, overlap, precision, cache
  )
  proteins <- read_proteins(x)
  plan <- gene_plan(proteins, genes, isoforms)
  result <- with_progress(progress, function(callback) {
    with_backend(cpp_embed_proteins(
      path.expand(model_dir), plan$proteins$sequence, options, callback
    ))
  })
  warn_damaged_cache(result$damaged)
  collect_genes(result$values, plan)
}

embed_options <- function(device, threads, batch_tokens, window, overlap,
                          precision, cache, call = caller_env()) {
  check_string(device, arg = "device", call = call)
  check_whole(threads, 0, 1024, arg = "threads", call = call)
  sizes <- list(
    batch_tokens = batch_tokens, window = window, overlap = overlap
  )
  for (name in names(sizes)) {
    check_whole(
      sizes[[name]], if (name == "overlap") 0 else 1, 1e9,
      arg = name, call = call, allow_null = TRUE
    )
  }
  check_string(cache, arg = "cache", call = call, allow_null = TRUE)
  list(
    device = with_backend(cpp_resolve_device(device), call = call),
    precision = check_choice(
      precision, c("float32", "bfloat16"),
      arg = "precision", call = call
    ),
    threads = as.integer(threads),
    batch_tokens = as.integer(batch_tokens %||% 0),
    window = as.integer(window %||% 0),
    overlap = as.integer(overlap %||% -1),
    cache = if (is.null(cache)) "" else path.expand(cache)
  )
}

warn_damaged_cache <- function(files) {
  if (length(files) > 0) {
    warn_musl(c(
      "{length(files)} file{?s} of the cache {?is/are} damaged and {?was/were}
       passed over.",
      x = "{.file {utils::head(files, 3)}}.",
      i = "Delete {cli::qty(length(files))}{?it/them}; what
           {?it/they} held was computed anew."
    ), files = files)
  }
}
