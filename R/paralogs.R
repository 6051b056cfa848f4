#' Find paralogs by protein alignment
#'
#' Compares proteins with each other and keeps the pairs of genes whose proteins
#' align. [musl_evidence()] takes the result as `paralogs`.
#'
#' The aligner "pairwise" is the Smith-Waterman alignment of Bioconductor
#' (pwalign, in older releases Biostrings), BLOSUM62, a gap of k residues
#' costing 11 + k, of each protein with the up to 20 others that share most
#' words. "diamond" calls this program if it is on the `PATH`; it is more
#' sensitive and recommended for a proteome. "auto" uses DIAMOND, else
#' "pairwise", with a message. If a gene has several proteins, the longest is
#' used, with a message.
#'
#' @param proteins Protein sequences, as in [musl_embed_proteins()]: an
#'   `AAStringSet`, a named character vector or the path of a FASTA file.
#' @param ... Must be empty.
#' @param genes As `genes` of [musl_embed_proteins()], if proteins
#'   have other names than genes: a character vector, or "header".
#' @param aligner "auto", "pairwise" or "diamond".
#' @param evalue Largest expected number of such alignments by chance in this
#'   set of proteins, a number >= 0.
#' @param threads Whole number of threads, 0 for all; "pairwise" aligns with
#'   one.
#' @returns A tibble of class `musl_paralogs`, one row per pair of genes that
#'   align: `gene_a`, `gene_b`; `identity`, identical residues over columns of
#'   the alignment, including gaps; `coverage`, the share of each protein that
#'   the alignment spans, the lower of the two; `bits`, its score; `rank_a`, the
#'   rank of `gene_b` among the paralogs of `gene_a` by bits, 1 for the closest,
#'   and `rank_b` likewise. Attribute `genes` names all genes that were
#'   compared.
#' @section Errors:
#'   `musl_error_input` and `musl_error_format` for proteins that can't be read,
#'   fewer than two genes, a program that is missing or fails.
#' @section Source:
#'   Smith and Waterman (1981), J Mol Biol 147:195; Karlin and Altschul (1990),
#'   PNAS 87:2264, with the constants of BLAST for these scores; Buchfink et al.
#'   (2021), Nat Methods 18:366.
#' @seealso [musl_evidence()], [musl_pair_features()]
#' @examplesIf rlang::is_installed("pwalign")
#' musl_paralogs(c(
#'   HBB = "MVHLTPEEKSAVTALWGKVNVDEVGGEALGRLLVVYPWTQRFFESFGDLSTPDAVMGNPKV",
#'   HBD = "MVHLTPEEKTAVNALWGKVNVDAVGGEALGRLLVVYPWTQRFFESFGDLSSPDAVMGNPKV"
#' ), aligner = "pairwise")
#' @export
musl_paralogs <- function(proteins, ..., genes = NULL,
                          aligner = c("auto", "pairwise", "diamond"),
                          evalue = 1e-5, threads = 0L) {
  check_dots_empty()
  check_number(evalue, 0)
  check_whole(threads, 0, 1024)
  aligner <- check_choice(aligner, c("auto", "pairwise", "diamond"))
  if (is.null(proteins)) abort_argument("proteins", "proteins", proteins)
  proteins <- protein_table(proteins, genes)
  abort_if(nrow(proteins) < 2, c(
    "{.arg proteins} must have proteins of at least two genes.",
    x = "Found {nrow(proteins)}.",
    i = "Does {.arg genes} name the genes?"
  ), argument = "proteins")
  # Letters that aligners accept.
  proteins$sequence <- chartr("UO.*-", "CKXXX", proteins$sequence)
  aligner <- which_aligner(aligner)
  found <- if (aligner == "pairwise") {
    align_pairwise(proteins, threads)
  } else {
    align_by_diamond(proteins, evalue, threads)
  }
  found <- found[found$evalue <= evalue & found$a != found$b, ]
  new_paralogs(tibble(
    gene_a = proteins$gene[found$a], gene_b = proteins$gene[found$b],
    found[c("identity", "coverage", "bits")]
  ), proteins$gene)
}

# Each pair of genes once, its best alignment, in byte order; the ranks of both
# genes.
new_paralogs <- function(pairs, genes) {
  pairs[c("gene_a", "gene_b")] <- order_pair(pairs$gene_a, pairs$gene_b)
  pairs <- pairs[order(-pairs$bits), ]
  pairs <- pairs[!duplicated(pairs[c("gene_a", "gene_b")]), ]
  pairs <- pairs[order(pairs$gene_a, pairs$gene_b, method = "radix"), ]
  n <- nrow(pairs)
  place <- stats::ave(
    -rep(pairs$bits, 2), c(pairs$gene_a, pairs$gene_b),
    FUN = function(x) rank(x, ties.method = "min")
  )
  pairs$rank_a <- place[seq_len(n)]
  pairs$rank_b <- place[n + seq_len(n)]
  tibble::new_tibble(
    as.list(pairs), nrow = n, genes = genes, class = "musl_paralogs"
  )
}

# The `paralogs` of musl_evidence() in any form.
paralog_table <- function(paralogs) {
  none <- inherits(paralogs, "musl_paralogs") && nrow(paralogs) == 0
  if (is.null(paralogs) || none) {
    return(paralogs)
  }
  check_evidence_table(paralogs, c("gene_a", "gene_b", "identity"), "paralogs")
  pairs <- tibble(
    gene_a = id_text(paralogs$gene_a),
    gene_b = id_text(paralogs$gene_b),
    identity = paralogs[["identity"]],
    coverage = paralogs[["coverage"]] %||% 1
  )
  pairs[["bits"]] <- paralogs[["bits"]]
  check_paralog_rows(pairs)
  # musl_paralogs() also compared genes that have none.
  genes <- unique(c(attr(paralogs, "genes"), pairs$gene_a, pairs$gene_b))
  if (!"bits" %in% names(pairs)) pairs$bits <- pairs$identity * pairs$coverage
  new_paralogs(pairs, genes)
}

check_paralog_rows <- function(pairs) {
  for (column in intersect(c("identity", "coverage", "bits"), names(pairs))) {
    x <- pairs[[column]]
    top <- if (column == "bits") Inf else 1
    bad <- if (is.numeric(x)) which(!is.finite(x) | x < 0 | x > top) else 1L
    abort_if(length(bad) > 0, c(
      "Column {.field {column}} of {.arg paralogs} must hold
       numbers{describe_range(0, top)}.",
      x = "{length(bad)} row{?s} {?has/have} other values, the first
           {.val {x[bad[[1]]]}}.",
      i = if (column != "bits") "Divide per cent by 100."
    ), argument = "paralogs", rows = bad)
  }
  check_no_self(pairs$gene_a, pairs$gene_b, "paralogs")
}

# Alignments of musl_paralogs(): tibbles of a, b (numbers of proteins),
# identity, coverage, bits and evalue, one row per alignment.

which_aligner <- function(aligner) {
  has_diamond <- nzchar(Sys.which("diamond"))
  if (aligner == "auto") {
    aligner <- if (has_diamond) "diamond" else "pairwise"
    inform_musl("Proteins are aligned with {.val {aligner}}.", "report")
  }
  abort_if(aligner == "pairwise" && is.null(pairwise_package()), c(
    "Aligning proteins needs the package {.pkg pwalign}.",
    x = "It is not installed, and no Biostrings below 2.72 is.",
    i = "Run {.code BiocManager::install(\"pwalign\")}, or install DIAMOND."
  ), argument = "aligner")
  abort_if(aligner == "diamond" && !has_diamond, c(
    "Can't align proteins with {.val {aligner}}.",
    x = "There is no program {.file diamond} on the {.envvar PATH}.",
    i = "Install it, or pass {.code aligner = \"pairwise\"}."
  ), argument = "aligner")
  aligner
}

# pairwiseAlignment() moved from Biostrings to pwalign with Bioconductor 3.19.
pairwise_package <- function() {
  if (is_installed("pwalign")) {
    "pwalign"
  } else if (is_installed("Biostrings") &&
    utils::packageVersion("Biostrings") < "2.72") {
    "Biostrings"
  }
}

align_pairwise <- function(proteins, threads) {
  pairs <- pairs_to_align(proteins$sequence, threads)
  sequences <- Biostrings::AAStringSet(proteins$sequence)
  rows <- split(pairs$b + 1L, pairs$a + 1L)
  each <- lapply(names(rows), function(a) {
    align_with(sequences, as.integer(a), rows[[a]])
  })
  found <- do.call(rbind, each) %||% no_alignments()
  found$evalue <- chance_alignments(
    found$bits, nchar(proteins$sequence), found$a, found$b
  )
  found
}

# How many alignments of these scores chance makes among proteins of these
# lengths; the residues of a proteome times those of a protein are no integer.
chance_alignments <- function(bits, lengths, a, b) {
  shorter <- pmin(lengths[a], lengths[b])
  sum(as.double(lengths)) * shorter * 2^-bits
}

# 0-based numbers of proteins: all pairs if few, else those that share words.
most_candidates <- 20L

pairs_to_align <- function(sequences, threads) {
  n <- length(sequences)
  if (n > most_candidates + 1) {
    return(with_core(cpp_alignment_candidates(
      sequences, most_candidates, as.integer(threads)
    )))
  }
  all <- utils::combn(n, 2) - 1L
  list(a = all[1, ], b = all[2, ])
}

# Protein `a` with each of `b`. Scores become bits with the constants of BLAST
# for BLOSUM62 with gaps of 11 + k.
align_with <- function(sequences, a, b) {
  package <- pairwise_package()
  value <- function(name) getExportedValue(package, name)
  x <- value("pairwiseAlignment")(sequences[b], sequences[[a]],
    type = "local", substitutionMatrix = "BLOSUM62", gapOpening = 11,
    gapExtension = 1
  )
  lengths <- BiocGenerics::width(sequences)
  share <- function(part, of) BiocGenerics::width(part@range) / lengths[of]
  tibble(
    a = a, b = b,
    identity = value("nmatch")(x) / pmax(value("nchar")(x), 1),
    coverage = pmin(
      share(value("pattern")(x), b), share(value("subject")(x), a)
    ),
    bits = (0.267 * BiocGenerics::score(x) - log(0.041)) / log(2)
  )
}

no_alignments <- function() {
  tibble(
    a = integer(), b = integer(), identity = double(), coverage = double(),
    bits = double(), evalue = double()
  )
}

align_by_diamond <- function(proteins, evalue, threads) {
  folder <- withr::local_tempdir(tmpdir = tempdir(check = TRUE))
  fasta <- file.path(folder, "proteins.fasta")
  number <- seq_len(nrow(proteins))
  write_lines(paste0(">", number, "\n", proteins$sequence), fasta)
  out <- file.path(folder, "aligned.tsv")
  threads <- if (threads == 0) cpp_available_threads() else threads
  base <- paste0(fasta, ".dmnd")
  for (step in list(
    c("makedb", "--quiet", "--in", fasta, "--db", base),
    c(
      "blastp", "--quiet", "--very-sensitive", "--query", fasta, "--db", base,
      "--out", out, "--evalue", evalue, "--threads", threads,
      "--max-target-seqs", "0", "--outfmt", "6", alignment_fields
    )
  )) {
    told <- suppressWarnings(system2(
      "diamond", shQuote(step),
      stdout = TRUE, stderr = TRUE
    ))
    status <- attr(told, "status") %||% 0L
    abort_if(status != 0, c(
      "{.file diamond} failed with status {status}.",
      x = "It said: {.val {utils::tail(told, 3)}}."
    ), argument = "aligner")
  }
  if (file.size(out) == 0) {
    return(no_alignments())
  }
  x <- utils::read.delim(
    text = file_lines(out), header = FALSE, col.names = alignment_fields
  )
  tibble(
    a = x$qseqid, b = x$sseqid, identity = x$nident / x$length,
    coverage = pmin(
      (x$qend - x$qstart + 1) / x$qlen, (x$send - x$sstart + 1) / x$slen
    ),
    bits = x$bitscore, evalue = x$evalue
  )
}

alignment_fields <- c(
  "qseqid", "sseqid", "nident", "length", "qstart", "qend", "qlen", "sstart",
  "send", "slen", "evalue", "bitscore"
)
