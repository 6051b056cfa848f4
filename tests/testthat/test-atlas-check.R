# list(job, path, written): tiles, and the file that was made of them.
assembled <- function(..., env = parent.frame()) {
  job <- unfinished_atlas(withr::local_tempdir(.local_envir = env))
  if (...length() > 0) {
    job$settings <- utils::modifyList(job$settings, list(...))
  }
  path <- file.path(job$directory, "written.h5")
  list(job = job, path = path, written = write_atlas(job, path))
}

expect_noticed <- function(file, name, change) {
  before <- rhdf5::h5read(file$path, name)
  rhdf5::h5write(change(before), file$path, name)
  expect_error(
    check_atlas(file$job, file$path, file$written),
    "differs from what was written"
  )
  rhdf5::h5write(before, file$path, name)
}

test_that("a single changed cell is noticed, wherever it is", {
  skip_without_hdf5()
  file <- assembled()
  cell <- function(row, column) {
    function(score) {
      score[row, column] <- score[row, column] + 1
      score
    }
  }
  expect_noticed(file, "score", cell(1, 2))
  # The mirror image of a tile.
  expect_noticed(file, "score", cell(10, 1))
  expect_noticed(file, "score", function(score) replace(score, 2, NaN))
  expect_noticed(file, "top/score", function(x) replace(x, 3, x[3] + 1))
  expect_noticed(file, "genes", function(x) replace(x, 2, "other"))
  expect_null(check_atlas(file$job, file$path, file$written))
  whole <- assembled(storage = "uint16")
  expect_null(check_atlas(whole$job, whole$path, whole$written))
})

test_that("packages that an atlas lacks are named, others not loaded", {
  expect_input_error(
    check_atlas_packages("noSuchOne"), "noSuchOne"
  )
  skip_if(isNamespaceLoaded("splines"))
  expect_silent(check_atlas_packages("splines"))
  expect_false(isNamespaceLoaded("splines"))
})
