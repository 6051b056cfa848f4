test_that("an atlas by a cluster's jobs has the bits of one process", {
  skip_without_hdf5()
  workers <- batchtools_workers()
  dir <- withr::local_tempdir()
  withr::local_seed(1)
  before <- .Random.seed
  atlas <- tiny_atlas(dir, BPPARAM = workers)
  expect_identical(.Random.seed, before)
  expect_identical(score_matrix(atlas), score_matrix(tiny_atlas()))
  expect_identical(all_files(dir), c("atlas.h5", "manifest.json"))
  # Without its tiles, one that a job left damaged is scored again.
  other <- withr::local_tempdir()
  job <- unfinished_atlas(other, tiles = c(1, 4))
  writeBin(as.raw(1:50), tile_paths(job)[[4]])
  expect_message(
    atlas <- tiny_atlas(other, BPPARAM = workers),
    "1 damaged tile",
    class = "musl_message_other"
  )
  expect_identical(score_matrix(atlas), score_matrix(tiny_atlas()))
})

test_that("folds and seeds by a cluster's jobs have the bits of one process", {
  skip_where_forks_train_not()
  workers <- batchtools_workers()
  d <- resample_data()
  directory <- withr::local_tempfile()
  by_jobs <- tiny_resample(
    d,
    seeds = 1:2, BPPARAM = workers, directory = directory
  )
  expect_identical(by_jobs$scores, tiny_resample(d, seeds = 1:2)$scores)
  # Two folds, each of two seeds and the baselines.
  expect_length(list.files(directory, "^job-"), 6)
})

test_that("a job of a cluster that dies is a classed error", {
  workers <- batchtools_workers()
  die <- function(i) tools::pskill(Sys.getpid(), tools::SIGKILL)
  # batchtools warns, too.
  suppressWarnings(expect_error(
    run_in_workers(1, die, workers = workers, kept = "All is kept."),
    "All is kept",
    class = "musl_error_device"
  ))
  expect_false(BiocParallel::bpisup(workers))
})

test_that("workers share the threads, jobs have what they asked for", {
  skip_if_not_installed("BiocParallel")
  expect_identical(worker_threads(0L, NULL), 0L)
  many <- BiocParallel::SnowParam(1000)
  expect_identical(worker_threads(0L, many), 1L)
  expect_identical(worker_threads(3L, many), 3L)
  # Workers without a task need none.
  expect_identical(worker_threads(0L, many, 1), share_threads(0L, 1))
  asked <- batchtools_workers(resources = list(ncpus = 4))
  expect_identical(worker_threads(0L, asked), 4L)
  expect_identical(worker_threads(3L, asked), 3L)
  expect_identical(
    worker_threads(0L, batchtools_workers()),
    share_threads(0L, 2)
  )
})
