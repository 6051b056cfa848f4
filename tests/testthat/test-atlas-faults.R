test_that("a run that was stopped between tiles goes on to the same bits", {
  skip_without_hdf5()
  whole <- score_matrix(tiny_atlas())
  dir <- withr::local_tempdir()
  job <- unfinished_atlas(dir, tiles = c(1, 3))
  expect_equal(tiles_to_score(job), c(2, 4, 5, 6))
  expect_identical(score_matrix(tiny_atlas(dir)), whole)
})

test_that("damaged tiles are scored again, with a message", {
  skip_without_hdf5()
  whole <- score_matrix(tiny_atlas())
  dir <- withr::local_tempdir()
  job <- unfinished_atlas(dir)
  bytes <- readBin(tile_paths(job)[2], "raw", 1e6)
  bytes[length(bytes)] <- xor(bytes[length(bytes)], as.raw(1))
  writeBin(bytes, tile_paths(job)[2])
  writeBin(bytes[1:50], tile_paths(job)[4])
  # A tile of another place, under this one's name.
  file.copy(tile_paths(job)[1], tile_paths(job)[5], overwrite = TRUE)
  expect_message(
    atlas <- tiny_atlas(dir),
    "3 damaged tiles",
    class = "musl_message_other"
  )
  expect_identical(score_matrix(atlas), whole)
})

test_that("a finished atlas is not computed again", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  tiny_atlas(dir)
  made <- file.mtime(file.path(dir, "atlas.h5"))
  tiny_atlas(dir)
  expect_identical(file.mtime(file.path(dir, "atlas.h5")), made)
})

test_that("what a process that was killed at the end left is removed", {
  skip_without_hdf5()
  directory <- withr::local_tempdir()
  atlas <- tiny_atlas(directory)
  files <- list.files(directory, recursive = TRUE)
  file.create(file.path(directory, lock_file))
  dir.create(file.path(directory, tile_directory))
  file.create(file.path(directory, tile_directory, "tile"))
  expect_identical(tiny_atlas(directory)@path, atlas@path)
  expect_identical(list.files(directory, recursive = TRUE), files)
})

test_that("an atlas of another model, other pairs or settings is refused", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  tiny_atlas(dir)
  other <- tiny_fit(control = tiny_control(epochs = 1, seed = 2))
  cnd <- expect_input_error(tiny_atlas(dir, object = other))
  expect_identical(cnd$different, "model")
  cnd <- expect_input_error(tiny_atlas(dir, genes = tiny_model()@genes[1:3]))
  expect_identical(cnd$different, "pairs")
  cnd <- expect_input_error(tiny_atlas(dir, storage = "uint16"))
  expect_identical(cnd$different, "settings")
  cnd <- suppressWarnings(expect_input_error(
    tiny_atlas(dir, data = tiny_data())
  ))
  expect_identical(cnd$different, "data")
})

test_that("a directory that can't be an atlas's is refused", {
  skip_without_hdf5()
  file <- withr::local_tempfile()
  writeLines("text", file)
  expect_input_error(tiny_atlas(file))
  expect_input_error(tiny_atlas(file.path(file, "below")))
  dir <- withr::local_tempdir()
  writeLines("text", file.path(dir, "mine.txt"))
  expect_input_error(tiny_atlas(dir))
  expect_identical(list.files(dir), "mine.txt")
  expect_input_error(read_atlas(dir))
})

test_that("a damaged file of an atlas is refused", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  tiny_atlas(dir)
  writeBin(as.raw(1:100), file.path(dir, "atlas.h5"))
  expect_format_error(read_atlas(dir))
})

test_that("workers give the bits of a single process", {
  skip_without_hdf5()
  skip_if_not_installed("BiocParallel")
  skip_on_cran()
  whole <- score_matrix(tiny_atlas())
  dir <- withr::local_tempdir()
  workers <- BiocParallel::SnowParam(2, progressbar = FALSE)
  library_paths <- paste(.libPaths(), collapse = .Platform$path.sep)
  withr::local_envvar(R_LIBS = library_paths)
  expect_identical(score_matrix(tiny_atlas(dir, BPPARAM = workers)), whole)
  # The model is not left there.
  expect_setequal(list.files(dir), c("atlas.h5", "manifest.json"))
  skip_on_os("windows")
  forked <- BiocParallel::MulticoreParam(2, progressbar = FALSE)
  expect_identical(score_matrix(tiny_atlas(BPPARAM = forked)), whole)
})

test_that("a worker that dies ends in a classed error, and tiles stay", {
  skip_without_hdf5()
  skip_if_not_installed("BiocParallel")
  skip_on_os("windows")
  skip_on_cran()
  job <- unfinished_atlas(withr::local_tempdir(), tiles = 2)
  # Whoever looks into this tile dies; forked workers know the method.
  registerS3method("$", "deadly", function(x, name) {
    tools::pskill(Sys.getpid(), tools::SIGKILL)
    Sys.sleep(10)
  })
  tiles <- list(structure(list(), class = "deadly"))
  workers <- BiocParallel::MulticoreParam(2, progressbar = FALSE)
  # BiocParallel warns, too.
  expect_error(
    suppressWarnings(run_in_workers(
      tiles, score_in_worker, job = job, workers = workers, kept = kept_tiles
    )),
    class = "musl_error_device"
  )
  expect_true(file.exists(tile_paths(job)[2]))
})

# Keeps the lock of an atlas until it is killed.
hold_lock <- function(directory, told) {
  lock <- asNamespace("MuSL")$lock_atlas(directory)
  file.create(told)
  Sys.sleep(600)
}

test_that("one process at a time works on an atlas", {
  skip_without_hdf5()
  skip_on_cran()
  skip_if_not_installed("callr")
  directory <- withr::local_tempdir()
  unfinished_atlas(directory, tiles = 1)
  told <- withr::local_tempfile()
  other <- callr::r_bg(hold_lock, list(directory, told), libpath = .libPaths())
  withr::defer(other$kill())
  for (i in 1:600) if (file.exists(told)) break else Sys.sleep(0.1)
  kept <- list.files(directory, recursive = TRUE)
  cnd <- expect_input_error(tiny_atlas(directory), "Another process")
  expect_identical(cnd$argument, "directory")
  expect_identical(list.files(directory, recursive = TRUE), kept)
  # A killed process locks nobody out.
  other$kill()
  atlas <- tiny_atlas(directory)
  expect_identical(score_matrix(atlas), score_matrix(tiny_atlas()))
  expect_setequal(list.files(directory), c(atlas_file, manifest_file))
  expect_null(lock_atlas(directory))
})

test_that("an atlas knows the file that it was opened from", {
  skip_without_hdf5()
  fit <- tiny_model()
  folder <- withr::local_tempdir()
  directory <- file.path(folder, "atlas")
  atlas <- tiny_atlas(directory)
  partners <- musl_partners(atlas, fit@genes[1])
  # A copy is the same file.
  copy <- file.path(folder, "copy.h5")
  file.copy(atlas@path, copy)
  file.rename(copy, atlas@path)
  Sys.setFileTime(atlas@path, Sys.time() - 1000)
  expect_identical(musl_partners(atlas, fit@genes[1]), partners)
  asked <- list(
    function() musl_partners(atlas, fit@genes[1]),
    function() musl_top_pairs(atlas),
    function() as.list(atlas)
  )
  unlink(directory, recursive = TRUE)
  for (ask in asked) {
    expect_format_error(ask(), "removed or moved")
  }
  expect_output(print(atlas), "removed or moved")
  # As many other genes, whose scores passed for those of the first.
  tiny_atlas(directory, genes = fit@genes[11:20])
  for (ask in asked) {
    expect_format_error(ask(), "replaced")
  }
})
