#' Score every pair of the genome
#'
#' Scores all pairs of genes, or some genes against all, in tiles on disk, and
#' assembles the tiles into one HDF5 file.
#' Accessors read from the file without loading it.
#'
#' A pair's score is that of [predict()][predict.MuslModel] rounded to single
#' precision, up to 1e-6. Threads, workers and interruptions do not change a bit
#' of an atlas. A model of measured pairs scores with its scorers and needs no
#' LibTorch.
#'
#' # Order of lists
#' Beside the scores, an atlas stores what orders lists of partners, so that
#' [musl_partners()] lists the same partners from it as from the model. By
#' default it is left out where scores order lists. [musl_top_pairs()] ranks by
#' the score.
#'
#' # Interrupted runs
#' After any interruption (Ctrl-C, a kill, a full disk), the same call resumes
#' with the missing tiles; damaged tiles are scored again, with a message. One
#' process at a time works on an atlas; another one's call is an error.
#'
#' # Memory
#' A run needs at most `M + R + 160 tile^2 + 60e6 threads` bytes: M for the
#' model and its inputs (14 S G bytes per cohort of S samples and G genes, and 4
#' G per column that the networks compute per gene), R for the running session,
#' and the memory of `data`; each worker needs as much again. The file takes 4
#' bytes per cell ("float") or 2 ("uint16"), twice that with an order of lists.
#' Until it is complete, the tiles take another 4 or 8 bytes per pair.
#'
#' # In parallel
#' `BPPARAM` scores tiles in workers, each with its share of the threads.
#' Workers on another machine need the same file system and the package. With a
#' `BatchtoolsParam`, workers are cluster jobs, each with as many threads as its
#' resource `ncpus`. `vignette("training")` has an example.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param directory Path of the atlas: a new or empty directory, or one that
#'   holds an atlas of the same model, pairs and settings, finished or not.
#' @param anchors Character, genes whose pairs with all `genes` are scored,
#'   instead of all pairs; `NULL` for none.
#' @param genes Character, the genes of the atlas; `NULL` for all genes with
#'   inputs in the model (and `data`).
#' @param storage "float": single precision; "uint16": whole multiples of
#'   1/65534 of the range of the scores; the error is at most half of that.
#' @param tile Whole number from 1 to 4096, side of a tile in genes.
#' @param BPPARAM `NULL`, or a parameter object of BiocParallel.
#' @param progress `TRUE` for a progress bar with the remaining time or, in a
#'   non-interactive session, one line per minute (without `BPPARAM`).
#' @param ... Must be empty.
#' @param data,context,scorers,measured_in,threads As in
#'   [predict()][predict.MuslModel].
#' @returns A `MuslAtlas`; see [read_atlas()], [musl_partners()] and
#'   [musl_top_pairs()].
#' @section Errors:
#'   `musl_error_input` if an argument is out of range, there is no pair, the
#'   directory cannot be created or holds something else, another process works
#'   on the atlas, or a package is missing; `musl_error_gene` for a gene that
#'   neither model nor `data` has; `musl_error_format` if a file cannot be
#'   written (a full disk) or read; `musl_error_device` if a worker died;
#'   `musl_error_cancelled` after Ctrl-C. Finished tiles are kept.
#' @seealso [read_atlas()] to open it again.
#' @examplesIf requireNamespace("HDF5Array")
#' fit <- musl_example_model()
#' atlas <- musl_atlas(fit, tempfile(), genes = musl_genes(fit)[1:50])
#' atlas
#' as.list(atlas)$scores
#' musl_partners(atlas, "SIM001", n = 5)
#' musl_top_pairs(atlas, n = 5)
#' @export
musl_atlas <- function(object, directory, anchors = NULL, genes = NULL,
                       storage = c("float", "uint16"),
                       tile = 512L, BPPARAM = NULL, progress = TRUE, ...,
                       data = NULL, context = NULL, scorers = NULL,
                       measured_in = NULL, threads = NULL) {
  how <- scoring_arguments(
    ...,
    data = data, context = context, scorers = scorers,
    measured_in = measured_in, threads = threads, but = "prior"
  )
  check_is(object, "MuslModel")
  check_string(directory)
  asked <- check_asked(object, how)
  by <- check_order("auto", object, asked)
  storage <- check_choice(storage, c("float", "uint16"))
  check_whole(tile, 1, 4096)
  check_workers(BPPARAM)
  check_flag(progress)
  check_atlas_packages("callr")
  universe <- scored_universe(object, asked, how)
  plan <- atlas_plan(anchors, genes, universe$genes, as.integer(tile))
  options <- scoring_options(
    object, asked, how, as.integer(how$threads %||% object@control$threads)
  )
  settings <- atlas_settings(options, asked, plan, storage, by)
  inputs <- list(
    object = object, universe = universe, asked = asked, options = options,
    by = by, facts = facts_of(plan$universe, gene_facts(object, how))
  )
  if (by != "score" && asked$annotation) {
    inputs$annotation <- packed_annotation(
      object, universe$genes, how$data, options$threads
    )
  }
  lock <- lock_atlas(directory)
  on.exit(if (!is.null(lock)) with_core(cpp_unlock(lock)))
  job <- new_atlas_job(
    inputs, directory, plan, settings,
    list(if (!is.null(how$data)) fingerprints(how$data), how$context)
  )
  if (!file.exists(job$file)) {
    compute_atlas(job, BPPARAM, progress)
  }
  read_atlas(directory)
}

# What must be the same when an atlas is resumed.
atlas_settings <- function(options, asked, plan, storage, by) {
  list(
    archive = asked$archive,
    scorers = options[c("encoders", "scorers", "rates")],
    tile = plan$tile, storage = storage, keep_top = atlas_top, by = by
  )
}

# How many of the best pairs the file lists.
atlas_top <- 100000L

# Not loaded here, which takes seconds.
check_atlas_packages <- function(further = NULL) {
  for (package in c("rhdf5", "HDF5Array", "DelayedArray", further)) {
    check_installed(package, "to make or read an atlas")
  }
}

# All that a run needs; workers read its `inputs`.
new_atlas_job <- function(inputs, directory, plan, settings, data_prints) {
  object <- inputs$object
  directory <- open_atlas_directory(directory)
  manifest <- read_manifest(directory)
  prints <- list(
    version = c(atlas_format, as.character(utils::packageVersion("MuSL"))),
    model = list(
      object@archives[[settings$archive]], object@genes, object@calibration,
      inputs$annotation
    ),
    data = data_prints,
    facts = inputs$facts,
    pairs = plan[c("kind", "rows", "cols")],
    settings = settings
  )
  prints <- lapply(prints, rlang::hash)
  job <- list(
    key = rlang::hash(prints), directory = directory,
    file = file.path(directory, atlas_file), plan = plan, settings = settings,
    inputs = inputs, own = new.env(parent = emptyenv())
  )
  if (is.null(manifest)) {
    write_manifest(job, prints)
  } else {
    check_same_atlas(directory, manifest, prints)
  }
  job
}

compute_atlas <- function(job, workers, progress) {
  keep_tiles <- function(cnd) stop(with_hint(cnd, kept_tiles))
  tryCatch(
    {
      score_tiles(job, workers, progress)
      job$means <- list_means(job)
      assemble_atlas(job)
    },
    musl_error_format = keep_tiles,
    musl_error_device = keep_tiles
  )
  unlink(file.path(job$directory, c(lock_file, atlas_parts)), recursive = TRUE)
}
