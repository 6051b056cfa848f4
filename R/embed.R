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
#'   Proteins without a gene are left out with a warning. If a gene has
#'   several proteins, the longest counts, the first of equal lengths.
#' @param device "auto" (a GPU if there is one), "cpu", "cuda", "cuda:0" and
#'   so on.
#' @param precision "float32", or "bfloat16": half the memory and faster on a
#'   GPU, to two or three digits.
#' @param cache Path of a folder, created if missing, or `NULL` for none: each
#'   vector is stored under a hash of its sequence, and later calls compute only
#'   new sequences.
#' @inheritParams musl_fit
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
#' @inheritParams musl_embed_proteins
#' @param k Whole number from 1 to 3, residues in a word.
#' @param alphabet "amino_acids": the 20 amino acids; "conjoint": 7 classes of
#'   amino acids by dipole and side chain volume (AGV, ILFP, YMTS, HNQW, RK, DE,
#'   C), each named by its first letter; `k = 3` gives the conjoint triads.
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

# Reads proteins from any kind of input: list(name, label, sequence), cleaned
# and checked. `name` identifies a protein, `label` is its whole header.

# With `distinct = FALSE` several may have one name.
read_proteins <- function(x, arg = caller_arg(x), distinct = TRUE) {
  load_class_package(x)
  raw <- if (inherits(x, "AAStringSet")) {
    list(name = names(x), sequence = unname(as.character(x)))
  } else if (is_string(x) && is.null(names(x)) && !is.na(x)) {
    read_fasta(x, arg)
  } else if (is.character(x)) {
    list(name = names(x), sequence = unname(x))
  } else {
    abort_musl(c(
      "{.arg {arg}} must be an {.cls AAStringSet}, a character vector with names
       or the path of a FASTA file.",
      x = "Found {.cls {class(x)}}."
    ), argument = arg)
  }
  check_proteins(raw, arg)
  label <- enc2utf8(raw$name)
  name <- sub("[[:space:]].*$", "", label)
  check_each_named(name, "protein", arg, distinct,
    "Only the part of a name before the first blank counts. Make names unique,
     for example with {.fn make.unique}; functions that return one row per gene
     take the gene of each protein in {.code genes =}."
  )
  sequence <- with_core(cpp_clean_sequences(name, raw$sequence))
  list(name = name, label = label, sequence = sequence)
}

check_proteins <- function(raw, arg) {
  abort_if(length(raw$sequence) == 0, c(
    "{.arg {arg}} must hold at least one protein.", x = "It is empty."
  ), argument = arg)
  abort_if(is.null(raw$name), c(
    "{.arg {arg}} must name its proteins.",
    x = "It has {length(raw$sequence)} sequence{?s} without names."
  ), argument = arg)
  lost <- which(is.na(raw$sequence))
  abort_if(length(lost) > 0, c(
    "{.arg {arg}} must not hold missing sequences.",
    x = "{length(lost)} {?is/are} {.code NA}: {.val {few(raw$name[lost])}}."
  ), argument = arg, proteins = raw$name[lost])
}

# Each protein or node has a name and, if `distinct`, one of its own.
check_each_named <- function(names, what, arg, distinct = TRUE, hint = NULL) {
  unnamed <- which(is_unnamed(names))
  abort_if(is.null(names) || length(unnamed) > 0, c(
    "{.arg {arg}} must name each {what}.",
    x = if (is.null(names)) "It has no names.",
    x = if (length(unnamed) > 0) {
      "{length(unnamed)} without a name: number {utils::head(unnamed, 3)}."
    }
  ), argument = arg)
  twice <- unique(names[duplicated(names)])
  abort_if(distinct && length(twice) > 0, c(
    "{.arg {arg}} must name each {what} once.",
    x = "{length(twice)} name{?s} occur{?s/} more than once:
         {.val {few(twice)}}.",
    i = hint
  ), argument = arg, repeated = twice)
}

read_fasta <- function(path, arg) {
  path <- check_file(path, arg)
  lines <- read_lines(path)
  # Lines that begin with ";" are comments.
  line <- which(nzchar(lines) & !startsWith(lines, ";"))
  lines <- lines[line]
  is_name <- startsWith(lines, ">")
  abort_file_if(!any(is_name), path, NULL, c(
    x = "A FASTA file must hold at least one protein."
  ))
  abort_file_if(!is_name[[1]], path, line[[1]], c(
    x = "A sequence comes before the first {.val >}."
  ))
  name <- trimws(sub(">", "", lines[is_name], fixed = TRUE))
  of <- factor(cumsum(is_name)[!is_name], seq_along(name))
  parts <- split(gsub("[ \t]", "", lines[!is_name]), of)
  bad <- which(!nzchar(name) | lengths(parts) == 0)[1]
  abort_file_if(!is.na(bad), path, line[is_name][bad], c(
    x = if (nzchar(name[bad])) {
      "{.val {few(name[bad])}} has no sequence."
    } else {
      "A line {.val >} has no name."
    }
  ))
  list(
    name = name,
    sequence = unname(vapply(parts, paste, "", collapse = ""))
  )
}

# The longest protein of each gene, named by it, genes by first occurrence; all
# proteins if `genes` is NULL.
longest_proteins <- function(proteins, genes) {
  if (is.null(genes)) {
    return(proteins)
  }
  gene <- genes_of(proteins, genes)
  kept <- which(!is.na(gene) & nzchar(gene))
  abort_if(length(kept) == 0, c(
    "{.arg genes} must assign at least one protein to a gene.",
    x = "None of {length(gene)} protein{?s} has one."
  ), argument = "genes")
  if (length(kept) < length(gene)) {
    lost <- proteins$name[-kept]
    warn_musl(c(
      "{length(lost)} protein{?s} without a gene {?is/are} left out.",
      x = "{.val {utils::head(lost, 3)}}."
    ), "dropped_genes", proteins = lost)
  }
  length <- nchar(proteins$sequence)[kept]
  by_length <- kept[order(-length, kept, method = "radix")]
  best <- by_length[!duplicated(gene[by_length])]
  kept <- best[match(unique(gene[kept]), gene[best])]
  list(name = gene[kept], sequence = proteins$sequence[kept])
}

genes_of <- function(proteins, genes) {
  if (identical(genes, "header")) {
    # "... GN=TP53 PE=1" of UniProt, "... gene_symbol:TP53 ..." of Ensembl
    pattern <- "^.*[[:space:]](GN=|gene_symbol:)([^[:space:]]+).*$"
    has <- grepl(pattern, proteins$label)
    return(ifelse(has, sub(pattern, "\\2", proteins$label), NA_character_))
  }
  if (!is.character(genes)) {
    abort_argument("genes", "a character vector or \"header\"", genes)
  }
  if (!is.null(names(genes))) {
    return(unname(genes[match(proteins$name, names(genes))]))
  }
  abort_if(length(genes) != length(proteins$name), c(
    "{.arg genes} must have names, or one value per protein.",
    x = "{length(genes)} value{?s} for {length(proteins$name)} protein{?s}."
  ), "shape", argument = "genes")
  genes
}
