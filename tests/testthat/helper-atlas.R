skip_without_hdf5 <- function() {
  testthat::skip_if_not_installed("rhdf5")
  testthat::skip_if_not_installed("HDF5Array")
}

# The file of an atlas is written and checked by processes of their own, which
# take longer than all else of a small one. Here this process does it.
local_one_process <- function(env = parent.frame()) {
  own <- run_in_process
  put <- function(f) utils::assignInNamespace("run_in_process", f, "MuSL")
  put(function(name, ...) get(name, asNamespace("MuSL"))(...))
  withr::defer(put(own), envir = env)
}

# An atlas of some of the tiny model's genes in tiles of four; `apart` leaves it
# its processes.
tiny_atlas <- function(directory = withr::local_tempdir(
                         .local_envir = parent.frame()
                       ),
                       object = tiny_model(), ...,
                       genes = object@genes[c(1:9, 75)], tile = 4L,
                       apart = FALSE) {
  if (!apart) local_one_process()
  musl_atlas(
    object, directory,
    genes = genes, tile = tile, progress = FALSE, ...
  )
}

# Scores of predict(), as a symmetric matrix.
predicted_matrix <- function(object, genes, ...) {
  ends <- utils::combn(genes, 2)
  pairs <- tibble::tibble(gene_a = ends[1, ], gene_b = ends[2, ])
  score <- suppressWarnings(predict(object, pairs, ...))$.score
  n <- length(genes)
  out <- matrix(NaN, n, n, dimnames = list(genes, genes))
  out[cbind(pairs$gene_a, pairs$gene_b)] <- score
  out[cbind(pairs$gene_b, pairs$gene_a)] <- score
  out[is.na(out)] <- NaN
  out
}

score_matrix <- function(atlas) as.matrix(as.list(atlas)$scores)

# Single precision, and sums in another order.
score_tolerance <- 2e-6

# As if killed before assembling, with these of its tiles done (`NULL`: all).
unfinished_atlas <- function(directory, ..., tiles = NULL) {
  job <- atlas_job_of(directory, ...)
  score_tiles(job, NULL, progress = FALSE)
  paths <- tile_paths(job)
  if (!is.null(tiles)) {
    unlink(paths[-tiles])
  }
  job
}

atlas_job_of <- function(directory, object = tiny_model(),
                         genes = object@genes[c(1:9, 75)], tile = 4L) {
  planned_job(directory, object, tile, function(universe) {
    atlas_plan(NULL, genes, universe, tile)
  })
}

planned_job <- function(directory, object, tile, plan) {
  asked <- asked_scorers(object, list())
  universe <- scored_universe(object, asked, list())
  options <- scoring_options(object, asked, list(), 1L)
  new_atlas_job(
    list(
      object = object, universe = universe, asked = asked, options = options,
      by = "auto"
    ),
    directory, plan(universe$genes),
    atlas_settings(options, asked, list(tile = tile), "float", "auto"),
    list(NULL, NULL)
  )
}
