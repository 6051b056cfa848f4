# Alignments of musl_paralogs(): tibbles of a, b (numbers of proteins),
# identity, coverage, bits and evalue, one row per alignment.

which_aligner <- function(aligner) {
  programs <- c(diamond = "diamond", blastp = "blastp")
  there <- names(programs)[nzchar(Sys.which(programs))]
  if (aligner == "auto") {
    aligner <- c(there, "pairwise")[[1]]
    inform_musl("Proteins are aligned with {.val {aligner}}.", "report")
  }
  abort_if(aligner == "pairwise" && is.null(pairwise_package()), c(
    "Aligning proteins needs the package {.pkg pwalign}.",
    x = "It is not installed, and no Biostrings below 2.72 is.",
    i = "Run {.code BiocManager::install(\"pwalign\")}, or install DIAMOND."
  ), argument = "aligner")
  abort_if(!aligner %in% c("pairwise", there), c(
    "Can't align proteins with {.val {aligner}}.",
    x = "There is no program {.file {programs[[aligner]]}} on the
         {.envvar PATH}.",
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

align_pairwise <- function(proteins, candidates, threads) {
  pairs <- pairs_to_align(proteins$sequence, candidates, threads)
  sequences <- Biostrings::AAStringSet(proteins$sequence)
  rows <- split(pairs$b + 1L, pairs$a + 1L)
  each <- lapply(names(rows), function(a) {
    align_with(sequences, as.integer(a), rows[[a]])
  })
  found <- do.call(rbind, each) %||% no_alignments()
  length_of <- nchar(proteins$sequence)
  shorter <- pmin(length_of[found$a], length_of[found$b])
  found$evalue <- sum(length_of) * shorter * 2^-found$bits
  found
}

# 0-based numbers of proteins: all pairs if few, else those that share words.
pairs_to_align <- function(sequences, candidates, threads) {
  n <- length(sequences)
  if (n > candidates + 1) {
    return(with_core(cpp_alignment_candidates(
      sequences, as.integer(candidates), as.integer(threads)
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

# DIAMOND and BLAST+ read FASTA and write the same table.
align_by_program <- function(proteins, aligner, evalue, threads) {
  folder <- withr::local_tempdir()
  fasta <- file.path(folder, "proteins.fasta")
  number <- seq_len(nrow(proteins))
  write_lines(paste0(">", number, "\n", proteins$sequence), fasta)
  out <- file.path(folder, "aligned.tsv")
  threads <- if (threads == 0) cpp_available_threads() else threads
  for (step in aligner_steps[[aligner]](fasta, out, evalue, threads)) {
    told <- suppressWarnings(system2(
      step[[1]], shQuote(step[-1]),
      stdout = TRUE, stderr = TRUE
    ))
    status <- attr(told, "status") %||% 0L
    abort_if(status != 0, c(
      "{.file {step[[1]]}} failed with status {status}.",
      x = "It said: {.val {utils::tail(told, 3)}}."
    ), argument = "aligner")
  }
  if (file.size(out) == 0) {
    return(no_alignments())
  }
  x <- utils::read.delim(out, header = FALSE, col.names = alignment_fields)
  tibble(
    a = x$qseqid, b = x$sseqid, identity = x$nident / x$length,
    coverage = pmin(
      (x$qend - x$qstart + 1) / x$qlen, (x$send - x$sstart + 1) / x$slen
    ),
    bits = x$bitscore, evalue = x$evalue
  )
}

aligner_steps <- list(
  diamond = function(fasta, out, evalue, threads) {
    base <- paste0(fasta, ".dmnd")
    list(
      c("diamond", "makedb", "--quiet", "--in", fasta, "--db", base),
      c(
        "diamond", "blastp", "--quiet", "--very-sensitive", "--query", fasta,
        "--db", base, "--out", out, "--evalue", evalue, "--threads", threads,
        "--max-target-seqs", "0", "--outfmt", "6", alignment_fields
      )
    )
  },
  blastp = function(fasta, out, evalue, threads) {
    list(
      c("makeblastdb", "-in", fasta, "-dbtype", "prot"),
      c(
        "blastp", "-query", fasta, "-db", fasta, "-out", out, "-evalue", evalue,
        "-num_threads", threads, "-max_target_seqs", "100000", "-outfmt",
        paste(c("6", alignment_fields), collapse = " ")
      )
    )
  }
)

alignment_fields <- c(
  "qseqid", "sseqid", "nident", "length", "qstart", "qend", "qlen", "sstart",
  "send", "slen", "evalue", "bitscore"
)
