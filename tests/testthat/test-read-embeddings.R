quietly <- suppressMessages
plain <- function(x) {
  attr(x, "report") <- NULL
  x
}
vectors <- matrix(
  c(1, -2.5, .25, 4, 0, 65504), 2, byrow = TRUE,
  dimnames = list(c("A1", "TP53"), NULL)
)

test_that("safetensors of a vector a protein give a row each", {
  path <- write_raw(safetensors_bytes(list(
    TP53 = tensor_f32(vectors["TP53", ]),
    A1 = tensor_f32(vectors["A1", ], c(1, 3))
  )))
  expect_identical(plain(read_embeddings(path)), vectors)
})

test_that("each type of number is read exactly", {
  # IEEE half and brain floats of 1, -2.5, .25, written by hand.
  half <- as.raw(c(0x00, 0x3c, 0x00, 0xc1, 0x00, 0x34))
  brain <- as.raw(c(0x80, 0x3f, 0x20, 0xc0, 0x80, 0x3e))
  row <- vectors["A1", , drop = FALSE]
  read <- function(dtype, bytes) {
    plain(read_embeddings(write_raw(safetensors_bytes(list(
      A1 = list(dtype = dtype, shape = 3, bytes = bytes)
    )))))
  }
  expect_identical(read("F16", half), row)
  expect_identical(read("BF16", brain), row)
  expect_identical(read("F64", f64(row)), row)
})

test_that("one matrix needs ids, or a file of them", {
  bytes <- safetensors_bytes(list(embeddings = tensor_f32(t(vectors), c(2, 3))))
  path <- write_raw(bytes, name = "esm.safetensors")
  expect_input_error(read_embeddings(path))
  expect_error(
    read_embeddings(path, ids = c("a", "b", "c")), class = "musl_error_shape"
  )
  expect_identical(
    plain(read_embeddings(path, ids = rownames(vectors))), vectors
  )
  ids <- write_text(rownames(vectors), name = "esm.ids")
  expect_identical(plain(read_embeddings(path, ids = ids)), vectors)
})

test_that("tables are read with and without a header", {
  lines <- c("A1,1,-2.5,0.25", "TP53,4,0,65504")
  expect_identical(
    plain(read_embeddings(write_text("gene,d1,d2,d3", lines))), vectors
  )
  expect_identical(plain(read_embeddings(write_text(",0,1,2", lines))), vectors)
  expect_identical(plain(read_embeddings(write_text(lines))), vectors)
  # The row 1, 2, ... of numbers may be a header or the first protein's.
  unclear <- write_text("A,1,2", "B,3,4")
  expect_format_error(read_embeddings(unclear), "header")
  counted <- write_text("id,1,2", "A,1,2", "B,3,4")
  expect_identical(unname(plain(read_embeddings(counted))), rbind(1:2, 3:4) + 0)
  tabs <- gzip_file(write_text(gsub(",", "\t", c("id,a,b,c", rev(lines)))))
  expect_identical(plain(read_embeddings(tabs)), vectors)
})

test_that("HDF5 is read as UniProt writes it and as a matrix", {
  skip_if_not_installed("rhdf5")
  dir <- withr::local_tempdir()
  each <- file.path(dir, "per-protein.h5")
  rhdf5::h5createFile(each)
  for (id in c("TP53", "A1")) rhdf5::h5write(vectors[id, ], each, id)
  expect_identical(plain(read_embeddings(each)), vectors)
  one <- file.path(dir, "matrix.h5")
  rhdf5::h5createFile(one)
  rhdf5::h5write(t(unname(vectors)), one, "embeddings")
  rhdf5::h5write(rownames(vectors), one, "ids")
  expect_identical(plain(read_embeddings(one)), vectors)
  mixed <- file.path(dir, "mixed.h5")
  rhdf5::h5createFile(mixed)
  rhdf5::h5write(1:3, mixed, "a")
  rhdf5::h5write(1:4, mixed, "b")
  expect_format_error(read_embeddings(mixed))
})

test_that("vectors that are not finite are left out and told", {
  path <- write_text("id,a", "A,1", "B,NA", "C,3")
  expect_message(x <- read_embeddings(path), class = "musl_message_report")
  expect_identical(rownames(x), c("A", "C"))
  expect_identical(attr(x, "report")$not_finite$id, "B")
})

test_that("proteins become genes, several of one their mean", {
  genes <- data.frame(
    symbol = c("TP53", "MDM2"), uniprot = c("P04637|P04637X", "Q00987")
  )
  path <- write_text(
    "id,a,b", "sp|P04637|P53_HUMAN,1,2", "P04637-2,3,6", "Q00987,5,5",
    "P99999,1,1"
  )
  x <- quietly(read_embeddings(path, annotation = genes))
  expect_equal(
    plain(x),
    matrix(c(5, 2, 5, 4), 2, dimnames = list(c("MDM2", "TP53"), NULL))
  )
  report <- attr(x, "report")
  expect_identical(report$unmapped$id, "P99999")
  expect_identical(report$merged$symbol, "TP53")
})

test_that("the real table of embeddings is read as base R reads it", {
  path <- data_file("sequence", "kmer_svd64.tsv.gz")
  x <- plain(read_embeddings(path))
  base <- as.matrix(utils::read.delim(path, row.names = 1, na.strings = ""))
  expect_identical(unname(x), unname(base[rownames(x), ]))
  expect_identical(dim(x), dim(base))
})

test_that("a table of numbers alone has no ids, and keeps its first column", {
  values <- matrix(c(0.5, -1, 2, 0, 0.25, 3), 3)
  lines <- apply(values, 1, paste, collapse = ",")
  ids <- c("B", "A", "C")
  expected <- values[c(2, 1, 3), ]
  for (head in list(NULL, "d1,d2", "0,1", "1,2")) {
    x <- plain(read_embeddings(write_text(c(head, lines)), ids = ids))
    expect_identical(unname(x), expected)
    expect_identical(rownames(x), sort(ids))
  }
  expect_input_error(read_embeddings(write_text(lines)), "has no ids")
  # Whole numbers may be Entrez ids.
  x <- plain(read_embeddings(write_text("id,0,1", "7157,.5,1", "1,0,2")))
  expect_identical(rownames(x), c("1", "7157"))
})
