# Whole proteins: the beginnings of human haemoglobins, and two that are alike
# to nothing.
globins <- c(
  HBA1 = "MVLSPADKTNVKAAWGKVGAHAGEYGAEALERMFLSFPTTKTYFPHFDLSHGSAQVKGHG",
  HBB = "MVHLTPEEKSAVTALWGKVNVDEVGGEALGRLLVVYPWTQRFFESFGDLSTPDAVMGNPKV",
  HBD = "MVHLTPEEKTAVNALWGKVNVDAVGGEALGRLLVVYPWTQRFFESFGDLSSPDAVMGNPKV",
  ODD = "GGSWWPQRNDCCHKKTTYYVVAAIIPPMMSSEELLQQDDFFRRNNGGHHWWCCKKTT",
  SHORT = "MKV"
)

# The score of a protein with itself.
score_with_itself <- function(protein) {
  blosum <- new.env()
  utils::data("BLOSUM62", package = pairwise_package(), envir = blosum)
  sum(diag(blosum$BLOSUM62)[strsplit(protein, "")[[1]]])
}

test_that("alignments have the facts of how the proteins were made", {
  skip_if(is.null(pairwise_package()), "no pwalign, no older Biostrings")
  whole <- globins[["HBB"]]
  half <- substr(whole, 16, 45)
  gapped <- paste0(substr(whole, 1, 28), substr(whole, 33, 61))
  of <- function(...) musl_paralogs(c(WHOLE = whole, ...), aligner = "pairwise")
  bits <- function(score) (0.267 * score - log(0.041)) / log(2)
  found <- of(HALF = half)
  expect_identical(c(found$identity, found$coverage), c(1, 30 / 61))
  expect_equal(found$bits, bits(score_with_itself(half)))
  # Four residues less cost 11 + 4; gaps count as columns.
  found <- of(GAPPED = gapped)
  expect_equal(found$identity, 57 / 61)
  expect_identical(found$coverage, 1)
  expect_equal(found$bits, bits(score_with_itself(gapped) - 15))
})

test_that("each pair of genes that align is there, with its ranks", {
  skip_if(is.null(pairwise_package()), "no pwalign, no older Biostrings")
  found <- musl_paralogs(globins, aligner = "pairwise")
  expect_identical(found$gene_a, c("HBA1", "HBA1", "HBB"))
  expect_identical(found$gene_b, c("HBB", "HBD", "HBD"))
  # HBB and HBD are closest to each other.
  expect_identical(found$rank_a[[3]], 1)
  expect_identical(found$rank_b[[3]], 1)
  expect_setequal(attr(found, "genes"), names(globins))
})

test_that("chance counts residues of a proteome, which no integer holds", {
  lengths <- c(3000L, rep(2000L, 1000))
  # 2,003,000 residues against the shorter protein, by Karlin and Altschul.
  expect_equal(
    chance_alignments(c(50, 100), lengths, c(1, 2), c(2, 1)),
    2003000 * 2000 * c(2^-50, 2^-100)
  )
})

test_that("of isoforms the longest is aligned, as a message says", {
  skip_if(is.null(pairwise_package()), "no pwalign, no older Biostrings")
  fasta <- withr::local_tempfile(fileext = ".fasta", lines = c(
    ">sp|P1|HBB GN=HBB", globins[["HBB"]], ">sp|P2|HBD GN=HBD",
    globins[["HBD"]], ">sp|P2-2|HBD GN=HBD", substr(globins[["HBD"]], 1, 30)
  ))
  expect_message(
    found <- musl_paralogs(
      fasta, genes = "header", aligner = "pairwise"
    ),
    "1 shorter isoform",
    class = "musl_message_report"
  )
  whole <- musl_paralogs(globins[c("HBB", "HBD")], aligner = "pairwise")
  expect_identical(found, whole)
})

# A program of that name that answers with these lines.
local_program <- function(name, lines, env = parent.frame()) {
  folder <- withr::local_tempdir(.local_envir = env)
  table <- file.path(folder, "answer.tsv")
  writeLines(lines, table)
  script <- file.path(folder, name)
  writeLines(c(
    "#!/bin/sh", "while [ $# -gt 0 ]; do",
    paste0("  if [ \"$1\" = --out ]; then cp '", table, "' \"$2\"; fi"),
    "  shift", "done"
  ), script)
  Sys.chmod(script, "755")
  withr::local_envvar(
    PATH = paste0(folder, ":", Sys.getenv("PATH")), .local_envir = env
  )
}

test_that("a program's table is read, its best alignment of a pair kept", {
  # qseqid sseqid nident length qstart qend qlen sstart send slen evalue bits
  local_program("diamond", c(
    "1\t1\t60\t60\t1\t60\t60\t1\t60\t60\t1e-30\t120",
    "1\t2\t30\t40\t11\t50\t60\t1\t40\t61\t1e-10\t50",
    "2\t1\t32\t40\t1\t40\t61\t11\t50\t60\t1e-11\t52",
    "1\t3\t10\t20\t1\t20\t60\t1\t20\t61\t1e-6\t30",
    "2\t3\t10\t20\t1\t20\t61\t1\t20\t61\t1\t20"
  ))
  found <- musl_paralogs(globins, aligner = "diamond")
  expect_identical(found$gene_b, c("HBB", "HBD"))
  expect_equal(found$identity, c(.8, .5))
  expect_equal(found$coverage, c(40 / 61, 20 / 61))
  expect_equal(found$bits, c(52, 30))
  expect_equal(found$rank_a, c(1, 2))
  expect_equal(found$rank_b, c(1, 1))
})

test_that("columns follow the table, genes outside the data count for ranks", {
  aligned <- data.frame(
    gene_a = c("A1", "Z9", "B1"), gene_b = c("B1", "A1", "A1"),
    identity = c(.4, .9, .3), coverage = c(.5, 1, .5)
  )
  evidence <- musl_evidence(paralogs = aligned)
  expect_identical(nrow(evidence$paralogs), 2L)
  d <- musl_data(toy_matrix(),
    pairs = toy_pairs(), scale = "log", evidence = evidence
  )
  expect_output(print(d), "evidence: paralogs")
  x <- musl_pair_features(d, data.frame(
    gene_a = c("B1", "A1"), gene_b = c("A1", "C1")
  ))
  expect_equal(x$paralog_identity, c(.4, NA), tolerance = 1e-6)
  expect_equal(x$paralog_coverage, c(.5, NA))
  # Z9 is closer to A1; of B1 there is only A1.
  expect_equal(x$paralog_rank_best, c(1, NA))
  expect_equal(x$paralog_rank_worst, c(2, NA))
  expect_equal(x$paralogs_max, c(2, NA))
  expect_equal(x[["evidence:paralog_likeness"]], c(.8, 0), tolerance = 1e-6)
  expect_equal(x[["evidence:closest_paralog"]], c(0, 0))
  # Z9 is not in the data, and so none that is expressed.
  expect_equal(x$other_expressed_paralogs_max, c(0, NA))
  columns <- feature_columns(evidence_store(d))
  expect_true(all(columns$group[grepl("paralog", columns$column)] ==
    "sequence"))
  without <- feature_columns(evidence_store(toy_data_with_evidence()))
  expect_false(any(grepl("paralog", without$column)))
})

test_that("tables and proteins that can't be meant are refused", {
  aligned <- data.frame(gene_a = "A1", gene_b = "B1", identity = .4)
  bad <- list(
    identity = 40, identity = NA, identity = -1, identity = "high",
    coverage = 1.5, bits = NA_real_, gene_b = "A1", gene_b = ""
  )
  for (i in seq_along(bad)) {
    x <- aligned
    x[[names(bad)[[i]]]] <- bad[[i]]
    expect_input_error(musl_evidence(paralogs = x), info = names(bad)[[i]])
  }
  expect_input_error(musl_evidence(paralogs = aligned[c("gene_a", "identity")]))
  withr::local_envvar(PATH = "/nonexistent")
  cnd <- expect_input_error(musl_paralogs(globins, aligner = "diamond"))
  expect_identical(cnd$argument, "aligner")
  # A fault of the proteins is told before a missing program.
  cnd <- expect_error(musl_paralogs(globins[1], aligner = "diamond"))
  expect_identical(cnd$argument, "proteins")
  skip_if(is.null(pairwise_package()), "no pwalign, no older Biostrings")
  for (proteins in list(globins[1], c("MKV", "MKL"), c(A = "M1V", B = "MKL"))) {
    expect_input_error(musl_paralogs(proteins, aligner = "pairwise"))
  }
})

test_that("members learn from alignments and keep them with the model", {
  d <- measured_data()
  pairs <- musl_pairs(d)
  aligned <- head(pairs[pairs$label %in% "SL", c("gene_a", "gene_b")], 30)
  aligned$identity <- seq(.3, .9, length.out = nrow(aligned))
  evidence <- d@evidence %||% musl_evidence()
  evidence$paralogs <- musl_evidence(paralogs = aligned)$paralogs
  d@evidence <- evidence
  fit <- measured_fit(d)
  asked <- head(pairs[c("gene_a", "gene_b")], 20)
  before <- predict(fit, asked, type = "parts")
  file <- withr::local_tempfile()
  musl_save(fit, file)
  expect_identical(predict(musl_load(file), asked, type = "parts"), before)
  words <- feature_columns(evidence_store(d))$column
  expect_true("evidence:closest_paralog" %in% words)
})
