# Against the plain implementation of helper-esm2.R and stored answers of the
# reference. Single precision: sums of some tens of terms of size one.
tolerance <- 2e-6

expect_close <- function(object, expected, tolerance) {
  expect_lt(max(abs(object - expected)), tolerance)
}

test_that("embeddings agree with a plain double precision implementation", {
  model <- tiny_esm2()
  x <- random_proteins(c(1, 2, 7, 7, 30))
  expected <- t(vapply(x, slow_esm2, numeric(8), model = model))
  found <- embed_tiny(x, model)
  expect_identical(rownames(found), names(x))
  expect_close(found, expected, tolerance)
})

test_that("embeddings agree with the reference to 1e-4", {
  skip_without_backend()
  dir <- esm2_fixture()
  expected <- as.matrix(utils::read.delim(
    file.path(dir, "expected_mean_embeddings.tsv"),
    row.names = 1
  ))
  found <- musl_embed_proteins(
    file.path(dir, "sequences.fasta"), dir,
    device = "cpu", progress = FALSE
  )
  expect_identical(rownames(found), rownames(expected))
  expect_close(found, expected, 1e-4)
})

test_that("the options of a config are heeded", {
  x <- random_proteins(c(5, 9))
  for (changes in list(
    list(token_dropout = FALSE), list(emb_layer_norm_before = TRUE),
    list(layer_norm_eps = 0.1), list(num_attention_heads = 1L),
    list(num_hidden_layers = 1L)
  )) {
    model <- do.call(tiny_esm2, changes)
    expected <- t(vapply(x, slow_esm2, numeric(8), model = model))
    expect_close(embed_tiny(x, model), expected, tolerance)
  }
})

test_that("letters without a token of their own are the unknown token", {
  model <- tiny_esm2()
  x <- c(rare = "MXUBZO", gaps = "M-.A", unknown = "MJA", inner = "M*A")
  expected <- t(vapply(x, slow_esm2, numeric(8), model = model))
  expect_close(embed_tiny(x, model), expected, tolerance)
  expect_identical(
    unname(embed_tiny(c(a = "MKV*", b = "mkv", c = "MKV"), model)),
    unname(embed_tiny(c(a = "MKV", b = "MKV", c = "MKV"), model))
  )
})

test_that("shards and a model without prefix read the same", {
  x <- random_proteins(c(3, 11))
  model <- tiny_esm2()
  expected <- embed_tiny(x, model)
  expect_identical(embed_tiny(x, tiny_esm2(shards = TRUE)), expected)
  names(model$weights) <- sub("^esm[.]", "", names(model$weights))
  write_esm2(model$dir, model$config, model$weights)
  expect_identical(embed_tiny(x, model), expected)
})

test_that("long proteins are the mean over windows, then over residues", {
  model <- tiny_esm2() # windows of up to 30 residues
  x <- random_proteins(c(31, 75))
  plain <- function(sequence, starts, window) {
    n <- nchar(sequence)
    sums <- matrix(0, n, 8)
    holders <- numeric(n)
    for (start in starts) {
      rows <- start + seq_len(window)
      part <- substr(sequence, start + 1, start + window)
      sums[rows, ] <- sums[rows, ] + slow_residues(part, model)
      holders[rows] <- holders[rows] + 1
    }
    colMeans(sums / holders)
  }
  # Windows of 30 that share at least 7.
  expect_close(
    embed_tiny(x, model),
    rbind(plain(x[[1]], c(0, 1), 30), plain(x[[2]], c(0, 22, 45), 30)),
    tolerance
  )
})

test_that("threads do not move a bit, batches no more than rounding", {
  model <- tiny_esm2()
  x <- random_proteins(c(30, 1, 45, 12, 12, 12, 29, 3, 100, 12))
  alone <- embed_by_core(x, model)$values
  for (budget in c(1L, 40L, 100000L)) {
    one <- embed_by_core(x, model, budget)$values
    three <- embed_by_core(x, model, budget, threads = 3L)$values
    expect_identical(three, one)
    expect_close(one, alone, tolerance)
  }
})

test_that("bfloat16 is near single precision", {
  model <- tiny_esm2()
  x <- random_proteins(c(6, 25))
  found <- embed_tiny(x, model, precision = "bfloat16")
  # Eight bits of mantissa, a dozen roundings.
  expect_close(found, embed_tiny(x, model), 0.1)
})

test_that("genes are found in headers, proteins without one are dropped", {
  model <- tiny_esm2()
  x <- c(
    "sp|P1|A_HUMAN Protein A OS=Homo sapiens GN=AAA PE=1" = "MKV",
    "ENSP1.1 pep gene:ENSG1 gene_symbol:BBB description:x" = "MKVA",
    "other" = "MKVAA"
  )
  expect_warning(
    found <- embed_tiny(x, model, genes = "header"),
    class = "musl_warning_dropped_genes"
  )
  expect_identical(rownames(found), c("AAA", "BBB"))
  expect_input_error(embed_tiny(x["other"], model, genes = "header"))
})

test_that("an AAStringSet, names and a FASTA file say the same", {
  model <- tiny_esm2()
  x <- random_proteins(c(4, 70))
  expected <- embed_tiny(x, model)
  file <- withr::local_tempfile()
  writeLines(c(
    ">P01 first", x[[1]], ">P02", substr(x[[2]], 1, 60), substr(x[[2]], 61, 70)
  ), file)
  expect_identical(embed_tiny(file, model), expected)
  packed <- withr::local_tempfile()
  connection <- gzfile(packed, "w")
  writeLines(readLines(file), connection)
  close(connection)
  expect_identical(embed_tiny(packed, model), expected)
  skip_if_not_installed("Biostrings")
  expect_identical(embed_tiny(Biostrings::AAStringSet(x), model), expected)
})
