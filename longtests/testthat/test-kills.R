# A process that is killed at any moment loses nothing: the same call goes on to
# the bits of the run that nobody stopped.

test_that("training that is killed goes on to the same bits", {
  skip_without_backend()
  kills <- in_new_process(
    function(n) {
      kill_and_resume(n, seed = 201, work = function(directory) {
        control <- tiny_control(
          epochs = 30, patience = 1000,
          checkpoint = file.path(directory, "checkpoint")
        )
        tiny_fit(control = control)@archives$musl
      })
    },
    20
  )
  expect_survived(kills$outcome)
  expect_identical(sum(kills$left), 0L)
})

test_that("resampling that is killed goes on to the same bits", {
  skip_without_backend()
  kills <- in_new_process(
    function(n) {
      kill_and_resume(n, seed = 202, work = function(directory) {
        tiny_resample(seeds = 1:2, directory = directory)$scores
      })
    },
    10
  )
  expect_survived(kills$outcome)
  # Two folds, each of two seeds and the baselines.
  expect_identical(unique(kills$left), 6L)
})

test_that("an atlas that is killed goes on to the same bits", {
  skip_without_backend()
  skip_without_hdf5()
  kills <- in_new_process(
    function(n) {
      loadNamespace("HDF5Array")
      file <- tempfile(fileext = ".musl")
      in_fork(function() musl_save(tiny_model(), file))
      kill_and_resume(n, seed = 203, work = function(directory) {
        fit <- musl_load(file)
        score_matrix(tiny_atlas(
          file.path(directory, "atlas"), fit,
          genes = fit@genes[1:16], tile = 2L
        ))
      })
    },
    10
  )
  expect_survived(kills$outcome)
  expect_identical(unique(kills$left), 2L)
})
