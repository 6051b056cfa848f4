# Whatever finds no room, an atlas goes on to the bits of a run that was never
# stopped.

# In the session of the full disk; what is listed there goes into each answer.
expect_resumed <- function(found) {
  expect_true(found$same)
  expect_identical(found$files, c("atlas.h5", "manifest.json"))
}

test_that("tiles that were finished before the disk was full are kept", {
  skip_without_backend()
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    job <- unfinished_atlas(dir, tiles = 1:2)
    tiles <- tile_paths(job)
    # The third is a smaller one, the fourth is not.
    limit <- file.size(tiles[[1]]) - 1
    before <- tools::md5sum(tiles[1:2])
    stopped <- with_limit(limit, tiny_atlas(dir, apart = TRUE))
    kept <- identical(tools::md5sum(tiles[1:2]), before)
    left <- all_files(dirname(tiles[[1]]))
    to_score <- tiles_to_score(job)
    again <- tiny_atlas(dir, apart = TRUE)
    same <- identical(score_matrix(again), score_matrix(tiny_atlas()))
    list(
      stopped = stopped, left = left, to_score = to_score, kept = kept,
      same = same, files = all_files(dir)
    )
  }, dir)
  tiles <- sprintf("tile-%06d.safetensors", 1:4)
  expect_unwritten(found$stopped, file.path(dir, "tiles", tiles[[4]]))
  expect_unwritten(found$stopped, tiles[[4]], "Finished tiles are kept")
  expect_identical(found$left, tiles[1:3])
  expect_identical(found$to_score, 4:6)
  expect_true(found$kept)
  expect_resumed(found)
})

test_that("an assembling that finds no room leaves tiles and a whole session", {
  skip_without_backend()
  skip_without_hdf5()
  # HDF5Array, which the session has used by now, takes rhdf5's errors away.
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    job <- unfinished_atlas(dir)
    tiles <- all_files(file.path(dir, "tiles"))
    whole <- tiny_atlas(apart = TRUE)
    # HDF5's own bookkeeping, some of the scores, all but the end; the seconds
    # told in it have two digits or three.
    size <- file.size(whole@path)
    stopped <- lapply(c(0, 500, 2000, size / 2, size - 64), function(limit) {
      with_limit(limit, tiny_atlas(dir, apart = TRUE))
    })
    left <- all_files(dir)
    # Looking at a file is what a broken HDF5 does not survive.
    scores <- score_matrix(whole)
    list(
      stopped = stopped, left = left, tiles = tiles,
      same = identical(score_matrix(tiny_atlas(dir, apart = TRUE)), scores),
      files = all_files(dir)
    )
  }, dir)
  for (stopped in found$stopped) {
    expect_unwritten(stopped, file.path(dir, "atlas.h5"))
    expect_unwritten(stopped, "atlas.h5", "Finished tiles are kept")
  }
  expect_length(found$tiles, 6)
  expect_identical(
    found$left,
    c("atlas.lock", "manifest.json", file.path("tiles", found$tiles))
  )
  expect_resumed(found)
})
