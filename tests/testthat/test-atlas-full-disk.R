# Whatever finds no room, an atlas goes on to the bits of a run that was never
# stopped.

# In the session of the full disk; what is listed there goes into each answer.
expect_resumed <- function(found) {
  expect_true(found$same)
  expect_identical(found$files, c("atlas.h5", "manifest.json"))
}

test_that("an atlas whose manifest finds no room is not begun", {
  skip_without_backend()
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    stopped <- with_limit(1000, tiny_atlas(dir))
    left <- all_files(dir)
    same <- identical(score_matrix(tiny_atlas(dir)), score_matrix(tiny_atlas()))
    list(stopped = stopped, left = left, same = same, files = all_files(dir))
  }, dir)
  expect_unwritten(found$stopped, file.path(dir, "manifest.json"))
  expect_identical(found$left, character())
  expect_resumed(found)
})

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
    stopped <- with_limit(limit, tiny_atlas(dir))
    kept <- identical(tools::md5sum(tiles[1:2]), before)
    left <- all_files(dirname(tiles[[1]]))
    to_score <- tiles_to_score(job)
    same <- identical(score_matrix(tiny_atlas(dir)), score_matrix(tiny_atlas()))
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

test_that("workers tell of a full disk, and leave the tiles", {
  skip_without_backend()
  skip_without_hdf5()
  skip_if_not_installed("BiocParallel")
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    workers <- BiocParallel::MulticoreParam(2, progressbar = FALSE)
    job <- unfinished_atlas(dir, tiles = 2)
    limit <- file.size(tile_paths(job)[[2]]) - 1
    for_inputs <- with_limit(limit, tiny_atlas(dir, BPPARAM = workers))
    left <- all_files(dir)
    write_rds(job$inputs, file.path(dir, inputs_file), compress = FALSE)
    todo <- lapply(c(1, 3), plan_tile, plan = job$plan)
    for_tiles <- with_limit(limit, run_workers(todo, job, workers, NULL))
    list(
      for_inputs = for_inputs, left = left, small = for_tiles$value[[2]],
      large = list(
        class = class(for_tiles$value[[1]]),
        message = conditionMessage(for_tiles$value[[1]])
      ),
      scored = tiles_to_score(job)
    )
  }, dir)
  expect_unwritten(found$for_inputs, file.path(dir, "inputs.rds"))
  expect_identical(
    found$left, c("manifest.json", "tiles/tile-000002.safetensors")
  )
  expect_unwritten(found$large, "tile-000001.safetensors")
  expect_null(found$small)
  expect_identical(found$scored, c(1L, 4:6))
})

test_that("a student that finds no room is made again", {
  skip_without_backend()
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    atlas <- function(dir) {
      tiny_atlas(
        dir,
        genes = tiny_model()@genes, tile = 100L, shortlist_top = 0.1,
        shortlist_pairs = 1000L, shortlist_test = 1000L, seed = 1
      )
    }
    stopped <- with_limit(10000, atlas(dir))
    left <- all_files(dir)
    same <- identical(
      score_matrix(atlas(dir)), score_matrix(atlas(tempfile("atlas-")))
    )
    list(stopped = stopped, left = left, same = same, files = all_files(dir))
  }, dir)
  expect_unwritten(found$stopped, file.path(dir, "student.safetensors"))
  expect_identical(found$left, "manifest.json")
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
    whole <- tiny_atlas()
    # HDF5's own bookkeeping, some of the scores, all but the end; the seconds
    # told in it have two digits or three.
    size <- file.size(whole@path)
    stopped <- lapply(c(0, 500, 2000, size / 2, size - 64), function(limit) {
      with_limit(limit, tiny_atlas(dir))
    })
    left <- all_files(dir)
    # Looking at a file is what a broken HDF5 does not survive.
    scores <- score_matrix(whole)
    list(
      stopped = stopped, left = left, tiles = tiles,
      same = identical(score_matrix(tiny_atlas(dir)), scores),
      files = all_files(dir)
    )
  }, dir)
  for (stopped in found$stopped) {
    expect_unwritten(stopped, file.path(dir, "atlas.h5"))
    expect_unwritten(stopped, "atlas.h5", "Finished tiles are kept")
  }
  expect_length(found$tiles, 6)
  expect_identical(
    found$left, c("manifest.json", file.path("tiles", found$tiles))
  )
  expect_resumed(found)
})

test_that("half a manifest that could not be removed is in nobody's way", {
  skip_without_hdf5()
  dir <- withr::local_tempdir()
  writeLines("{", file.path(dir, "manifest.json.tmp-12-0"))
  path <- open_atlas_directory(dir, rlang::current_env())
  expect_identical(path, normalizePath(dir))
  lock <- lock_atlas(dir)
  expect_identical(all_files(dir), lock_file)
  unlock_atlas(lock)
  expect_identical(all_files(dir), character())
})
