# A cluster's jobs under a real Slurm give the bits of one process; after one is
# cancelled the same call goes on.

test_that("the jobs of a Slurm give the bits of one process", {
  skip_without_backend()
  skip_without_hdf5()
  slurm <- local_slurm()
  data <- musl_simulate("small", seed = 1)
  shape <- tiny_architecture(encoders = c("descriptors", "genes"))
  control <- tiny_control(ensemble = 2)
  split <- musl_split(data, "inductive", folds = 2, seed = 1)
  run <- function(workers) {
    fit <- suppressWarnings(musl_fit(
      data,
      architecture = shape, control = control, BPPARAM = workers,
      progress = FALSE
    ))
    resampled <- suppressWarnings(musl_resample(
      data, split, shape, control,
      seeds = 1, baselines = "simple", BPPARAM = workers, progress = FALSE
    ))
    atlas <- musl_atlas(
      fit, tempfile("atlas"),
      tile = 100L, BPPARAM = workers, progress = FALSE
    )
    list(fit@archives$musl, resampled$scores, score_matrix(atlas))
  }
  by_slurm <- run(slurm_workers())
  in_turn <- run(BiocParallel::SerialParam(progressbar = FALSE))
  same <- vapply(1:3, function(i) identical(by_slurm[[i]], in_turn[[i]]), TRUE)
  expect_identical(same, rep(TRUE, 3))
  expect_length(list.files(getwd()), 0)
})

test_that("after a cancelled job the same call goes on", {
  skip_without_backend()
  skip_without_hdf5()
  local_slurm()
  fit <- tiny_model()
  genes <- fit@genes[seq_len(60)]
  whole <- score_matrix(tiny_atlas(object = fit, genes = genes, tile = 2L))
  outcomes <- vapply(1:3, function(i) {
    directory <- tempfile("atlas", "/tmp")
    withr::defer(unlink(directory, recursive = TRUE))
    cancel_when(file.path(directory, tile_directory), 10 * i)
    run <- function(...) {
      tiny_atlas(
        directory, fit,
        genes = genes, tile = 2L, BPPARAM = slurm_workers(), ...
      )
    }
    cnd <- expect_error(suppressWarnings(run()), class = "musl_error_device")
    expect_match(conditionMessage(cnd), "repeat the call to resume")
    expect_length(system2("squeue", "--noheader", stdout = TRUE), 0)
    kept <- length(list.files(file.path(directory, tile_directory)))
    expect_gte(kept, 10 * i)
    compared(list(value = score_matrix(run())), whole)
  }, "")
  expect_survived(outcomes)
  expect_length(list.files(getwd()), 0)
})
