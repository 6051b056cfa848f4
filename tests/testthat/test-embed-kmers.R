# All words of a sequence, by substring().
plain_words <- function(sequence, k) {
  starts <- seq_len(max(nchar(sequence) - k + 1, 0))
  substring(sequence, starts, starts + k - 1)
}

amino_acids <- strsplit("ACDEFGHIKLMNPQRSTVWY", "")[[1]]

all_words <- function(letters, k) {
  words <- do.call(expand.grid, rep(list(letters), k))
  sort(do.call(paste0, words), method = "radix")
}

test_that("shares are counts of words over the number of words", {
  x <- c(a = "MKVLLMKV", b = "AAAAAXAA", c = "WYWYB")
  for (k in 1:3) {
    found <- musl_embed_kmers(x, k = k)
    words <- all_words(amino_acids, k)
    expect_setequal(colnames(found), words)
    for (name in names(x)) {
      counts <- table(factor(plain_words(x[[name]], k), levels = words))
      expect_equal(
        found[name, words], as.numeric(counts / sum(counts)),
        tolerance = 1e-6, ignore_attr = TRUE
      )
    }
  }
})

test_that("conjoint triads are words of the seven classes", {
  x <- c(a = "MKVLLMKVGGCDERHWQNPTSY")
  groups <- c("AGV", "ILFP", "YMTS", "HNQW", "RK", "DE", "C")
  class_of <- function(letter) {
    substr(groups[grepl(letter, groups, fixed = TRUE)], 1, 1)
  }
  letters <- vapply(strsplit(x, "")[[1]], class_of, "")
  counts <- table(plain_words(paste(letters, collapse = ""), 3))
  found <- musl_embed_kmers(x, k = 3, alphabet = "conjoint")
  expect_identical(dim(found), c(1L, 343L))
  expect_setequal(colnames(found)[found > 0], names(counts))
  expect_equal(
    found[1, names(counts)], as.numeric(counts / 20),
    tolerance = 1e-6, ignore_attr = TRUE
  )
})

test_that("a protein without a word is zeros with a warning", {
  expect_warning(
    found <- musl_embed_kmers(c(a = "MK", b = "XXXX", c = "MKV"), k = 3),
    class = "musl_warning_other"
  )
  expect_identical(unname(rowSums(found)), c(0, 0, 1))
})

test_that("threads and isoforms work as for ESM2", {
  x <- c(a = "MKVL", b = "MKVLLL", c = "AAAA")
  expect_identical(
    musl_embed_kmers(x, threads = 1), musl_embed_kmers(x, threads = 3)
  )
  all <- musl_embed_kmers(x)
  genes <- c("G", "G", "H")
  expect_identical(
    unname(musl_embed_kmers(x, genes = genes)), unname(all[c("b", "c"), ])
  )
})

test_that("k outside 1 to 3 is refused", {
  for (k in list(0, 4, 1.5, "2")) {
    expect_input_error(musl_embed_kmers(c(a = "MKV"), k = k))
  }
})
