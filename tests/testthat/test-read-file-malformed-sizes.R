# What a file announces is compared with what it is, before room is made.

readers_of_a_path <- list(
  read_pairs = read_pairs, read_network = read_network,
  slkb = function(path) read_pairs(path, "slkb"),
  hippie = function(path) read_network(path, "hippie"),
  read_gi_screen = read_gi_screen,
  read_depmap = function(path) read_depmap(c(effect = path)),
  read_embeddings = read_embeddings, read_gmt = read_gmt,
  musl_embed_kmers = musl_embed_kmers,
  musl_map_genes = function(path) musl_map_genes("TP53", annotation = path),
  musl_load = musl_load
)

test_that("endless and special files are refused at once, by every reader", {
  skip_on_os(c("windows", "mac"))
  pipe <- withr::local_tempfile()
  skip_if(system2("mkfifo", pipe) != 0)
  for (reader in names(readers_of_a_path)) {
    for (path in c("/dev/zero", "/dev/null", pipe)) {
      kind <- if (identical(path, pipe)) "pipe" else path
      expect_no_object(paste(reader, kind), readers_of_a_path[[reader]](path),
        c("input", "format"), basename(path)
      )
    }
  }
})

test_that("folders and missing files are refused by every reader", {
  empty <- withr::local_tempdir()
  for (reader in names(readers_of_a_path)) {
    paths <- list(
      "an empty folder" = empty, "no file" = file.path(empty, "none"),
      "no path" = "", "a missing path" = NA
    )
    for (case in names(paths)) {
      expect_no_object(paste(reader, case),
        readers_of_a_path[[reader]](paths[[case]]), c("input", "format")
      )
    }
  }
})

test_that("a row of one field under a wide header makes no room", {
  header <- paste(c("id", paste0("G", 1:5000)), collapse = ",")
  short <- rep("ACH-000001,1", 2000)
  bytes <- text_bytes(c(header, short))
  expect_refused("short rows of DepMap",
    function(path) read_depmap(c(effect = path)), bytes
  )
  expect_refused("short rows of embeddings", read_embeddings, bytes)
})

test_that("HDF5 data sets that announce what was never written are refused", {
  skip_if_not_installed("rhdf5")
  path <- withr::local_tempfile(fileext = ".h5")
  rhdf5::h5createFile(path)
  rhdf5::h5createDataset(path, "embeddings", c(1e6, 1e4),
    chunk = c(1e3, 1e2), level = 6
  )
  expect_no_object("announced embeddings", read_embeddings(path, ids = "A"),
    "format", "announces"
  )
})

test_that("a header of many columns is read or refused, however it is wrong", {
  n <- 50000
  row <- paste(c("ACH-000001", rep("1", n)), collapse = ",")
  headers <- list(
    "named twice" = rep(paste0("G", seq_len(n / 2)), 2),
    "models and others" = rep(c(sprintf("ACH-%06d", 1:9), "x"), n / 10),
    "empty" = rep("", n)
  )
  for (case in names(headers)) {
    bytes <- text_bytes(c(paste(c("id", headers[[case]]), collapse = ","), row))
    expect_refused(paste("header of DepMap", case),
      function(path) read_depmap(c(effect = path)), bytes
    )
    expect_refused(paste("header of pairs", case), read_pairs, bytes)
  }
  # A header longer than what is looked at first is still a header.
  wide <- c(
    paste(c("gene_a", "gene_b", paste0("column_", 1:9000)), collapse = ","),
    paste(c("TP53", "MDM2", rep("x", 9000)), collapse = ",")
  )
  pairs <- read_pairs(write_raw(text_bytes(wide)))
  expect_identical(dim(pairs), c(1L, 9004L))
})
