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
    run_in_workers(1:3, die, workers = workers, kept = "All is kept."),
    "All is kept",
    class = "musl_error_device"
  ))
})

# One that has ended, and that nobody has waited for, has no command.
command_of <- function(process) {
  file <- file.path("/proc", process, "cmdline")
  if (file.exists(file)) readBin(file, "raw", 100)
}

test_that("workers find packages where the session does", {
  skip_if_not_installed("BiocParallel")
  library <- withr::local_tempdir()
  withr::local_envvar(R_LIBS = NA)
  withr::local_libpaths(c(library, .libPaths()))
  paths <- function(i) .libPaths()
  here <- normalizePath(.libPaths())
  for (workers in list(
    batchtools_workers(), BiocParallel::SnowParam(1, progressbar = FALSE)
  )) {
    found <- run_in_workers(1:2, paths, workers = workers, kept = NULL)
    expect_identical(normalizePath(found[[1]]), here)
  }
  expect_identical(Sys.getenv("R_LIBS", NA), NA_character_)
})

test_that("workers share the threads, jobs have what they asked for", {
  skip_if_not_installed("BiocParallel")
  expect_identical(worker_threads(0L, NULL), 0L)
  # Newer versions have no more than there are connections, and say so.
  many <- suppressWarnings(BiocParallel::SnowParam(1000))
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

test_that("a new process gives the value or the classed error of its work", {
  skip_if_not_installed("callr")
  withr::local_seed(1)
  before <- .Random.seed
  expect_identical(run_in_process("span_text", 30), "30 s")
  expect_identical(.Random.seed, before)
  expect_format_error(
    run_in_process("abort_musl", "It failed.", "format"), "It failed"
  )
  expect_error(run_in_process("quit", "no", 3), "started by MuSL died")
})

# A session in which such a process writes its id to the file and waits.
session_with_process <- function(file) {
  session <- callr::r_bg(
    function(file) {
      tryCatch(
        MuSL:::run_in_process(
          "system", paste("echo $PPID >", shQuote(file), "; exec sleep 30")
        ),
        interrupt = function(cnd) "interrupted"
      )
    },
    list(file)
  )
  wait_until(function() isTRUE(file.size(file) > 1), 60)
  session
}

test_that("an interrupt, or the end of the session, ends the process", {
  skip_on_os(c("windows", "mac"))
  skip_if_not_installed("callr")
  for (end in c("interrupt", "kill")) {
    file <- withr::local_tempfile()
    session <- session_with_process(file)
    process <- readLines(file)
    expect_gt(length(command_of(process)), 0)
    if (end == "interrupt") {
      interrupt_until_done(session)
      expect_identical(session$get_result(), "interrupted")
    } else {
      session$kill()
    }
    wait_until(function() length(command_of(process)) == 0, 30)
    expect_length(command_of(process), 0)
  }
})
