#' Score every pair of the genome
#'
#' Scores all pairs of genes, or some genes against all, in tiles on disk, and
#' assembles the tiles into one HDF5 file.
#' Accessors read from the file without loading it.
#'
#' A pair's score is that of [predict()][predict.MuslModel] rounded to single
#' precision, up to 1e-6. Threads, workers and interruptions do not change a bit
#' of an atlas. A model of measured pairs scores with its scorers and needs no
#' LibTorch and no shortlist.
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
#' # Shortlist
#' With `shortlist_top`, a small network (the student) learns the model's scores
#' from `shortlist_pairs` unlabelled pairs and scores every pair. The model
#' scores the best `shortlist_top` of them and, so that each gene has a list,
#' the best `shortlist_top / 2` of its partners; the others are `NA`. Both score
#' `shortlist_test` random pairs to measure the recall: the share of the model's
#' best .1 % of them that the student passes.
#'
#' # In parallel
#' `BPPARAM` scores tiles in workers, each with its share of the threads.
#' Workers on another machine need the same file system and the package. With a
#' `BatchtoolsParam`, workers are cluster jobs, each with as many threads as its
#' resource `ncpus`. `vignette("MuSL")` has an example.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param directory Path of the atlas: a new or empty directory, or one that
#'   holds an atlas of the same model, pairs and settings, finished or not.
#' @param ... Must be empty.
#' @param anchors Character, genes whose pairs with all `genes` are scored,
#'   instead of all pairs; `NULL` for none.
#' @param genes Character, the genes of the atlas; `NULL` for all genes with
#'   inputs in the model (and `data`).
#' @param data,context,encoders,scorers,measured_in As in
#'   [predict()][predict.MuslModel].
#' @param by What orders lists of partners, as in [musl_partners()]: "auto",
#'   "score" (nothing is stored beside it) or "combined".
#' @param shortlist_top `NULL`, or the share of the pairs (above 0, below 1)
#'   that the full model scores, as chosen by a student.
#' @param shortlist_pairs Whole number >= 1000, number of pairs that the student
#'   learns from.
#' @param shortlist_test Whole number >= 1000, number of pairs on which the
#'   recall is measured.
#' @param storage "float": single precision; "uint16": whole multiples of
#'   1/65534 of the range of the scores; the error is at most half of that.
#' @param tile Whole number from 1 to 4096, side of a tile in genes.
#' @param keep_top Whole number >= 0, number of best pairs listed in the file.
#' @param seed Whole number, seed for drawing the student's pairs; `NULL` for
#'   the seed of the unfinished atlas, or else one from R's generator.
#' @param BPPARAM `NULL`, or a parameter object of BiocParallel.
#' @param progress `TRUE` for a progress bar with the remaining time or, in a
#'   non-interactive session, one line per minute (without `BPPARAM`).
#' @param threads Whole number >= 0, number of threads; 0 for all that this
#'   process may use, `NULL` for the number that the model was fitted with.
#' @returns A `MuslAtlas`; see [as.list()][as.list.MuslAtlas],
#'   [musl_partners()], [musl_top_pairs()] and [read_atlas()].
#' @section Errors:
#'   `musl_error_input` if an argument is out of range, there is no pair, the
#'   directory cannot be created or holds something else, another process works
#'   on the atlas, or a package is missing; `musl_error_gene` for a gene that
#'   neither model nor `data` has; `musl_error_format` if a file cannot be
#'   written (a full disk) or read; `musl_error_device` if a worker died;
#'   `musl_error_cancelled` after Ctrl-C. Finished tiles are kept.
#' @section Source:
#'   Distillation: Hinton, Vinyals and Dean (2015), arXiv 1503.02531.
#' @seealso [read_atlas()] to open it again.
#' @examplesIf requireNamespace("HDF5Array")
#' fit <- musl_example_model()
#' atlas <- musl_atlas(fit, tempfile(), genes = musl_genes(fit)[1:50])
#' atlas
#' as.list(atlas)$scores
#' musl_partners(atlas, "SIM001", n = 5)
#' musl_top_pairs(atlas, n = 5)
#' @export
musl_atlas <- function(object, directory, ..., anchors = NULL,
                       genes = NULL, data = NULL, context = NULL,
                       encoders = NULL, shortlist_top = NULL,
                       shortlist_pairs = 100000L, shortlist_test = 200000L,
                       storage = c("float", "uint16"), tile = 512L,
                       keep_top = 100000L, seed = NULL, BPPARAM = NULL,
                       progress = TRUE, threads = NULL, scorers = NULL,
                       measured_in = NULL,
                       by = c("auto", "score", "combined")) {
  check_dots_empty()
  check_is(object, "MuslModel")
  check_string(directory)
  how <- list(
    data = data, context = context, encoders = encoders, scorers = scorers,
    measured_in = measured_in, threads = threads
  )
  asked <- check_asked(object, how)
  by <- check_choice(by, c("auto", "score", "combined"))
  by <- check_order(by, object, asked)
  check_no_shortlist(asked, shortlist_top)
  check_shortlist(shortlist_top, shortlist_pairs, shortlist_test)
  storage <- check_choice(storage, c("float", "uint16"))
  check_whole(tile, 1, 4096)
  check_whole(keep_top, 0, 1e7)
  check_workers(BPPARAM)
  check_flag(progress)
  check_whole(threads, 0, allow_null = TRUE)
  check_atlas_packages(needed = c(atlas_packages, "callr"))
  universe <- scored_universe(object, asked, how)
  plan <- atlas_plan(
    anchors, genes, universe$genes, as.integer(tile), known_ids(object, data)
  )
  options <- scoring_options(
    object, asked, how, as.integer(threads %||% object@control$threads)
  )
  shortlist <- shortlist_settings(
    shortlist_top, shortlist_pairs, shortlist_test, seed
  )
  settings <- atlas_settings(
    options, asked, plan, storage, keep_top, shortlist, by
  )
  inputs <- list(
    object = object, universe = universe, asked = asked, options = options,
    by = by, facts = facts_of(plan$universe, gene_facts(object, how))
  )
  if (by != "score" && asked$annotation) {
    inputs$annotation <- packed_annotation(
      object, universe$genes, data, options$threads
    )
  }
  lock <- lock_atlas(directory)
  on.exit(if (!is.null(lock)) with_core(cpp_unlock(lock)))
  job <- new_atlas_job(
    inputs, directory, plan, settings,
    list(if (!is.null(data)) fingerprints(data), context)
  )
  if (!file.exists(job$file)) {
    compute_atlas(job, BPPARAM, progress)
  }
  read_atlas(directory)
}

# What must be the same when an atlas is resumed.
atlas_settings <- function(options, asked, plan, storage, keep_top, shortlist,
                           by) {
  list(
    archive = asked$archive,
    scorers = options[c("encoders", "scorers", "rates")],
    tile = plan$tile, storage = storage,
    keep_top = as.integer(keep_top), shortlist = shortlist, by = by
  )
}

atlas_packages <- c("rhdf5", "HDF5Array", "DelayedArray")

check_atlas_packages <- function(needed = atlas_packages) {
  # Loading may fail for other reasons, such as a full disk.
  there <- nzchar(vapply(needed, function(x) system.file(package = x), ""))
  abort_if(!all(there), c(
    "An atlas needs the package{?s} {.pkg {needed[!there]}}.",
    x = "{cli::qty(sum(!there))}{?It is/They are} not installed.",
    i = "Install {cli::qty(sum(!there))}{?it/them} from Bioconductor, or on
         Debian {.pkg r-bioc-hdf5array}."
  ))
}

check_no_shortlist <- function(asked, top) {
  abort_if(!asked$student && !is.null(top), c(
    "{.arg shortlist_top} must be {.code NULL} for scorers of features.",
    x = "A shortlist needs a student of the network.",
    i = "Leave it out, or pass {.code scorers = \"musl\"}, if the model has
         it."
  ), argument = "shortlist_top")
}

# All that a run needs; workers read its `inputs`.
new_atlas_job <- function(inputs, directory, plan, settings, data_prints) {
  object <- inputs$object
  directory <- open_atlas_directory(directory)
  manifest <- read_manifest(directory)
  if (!is.null(settings$shortlist)) {
    settings$shortlist$seed <- settings$shortlist$seed %||% manifest$seed %||%
      draw_seed(NULL)
  }
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
  check_same_atlas(directory, manifest, prints)
  job <- list(
    key = rlang::hash(prints), directory = directory,
    file = file.path(directory, atlas_file), plan = plan, settings = settings,
    inputs = inputs, own = new.env(parent = emptyenv())
  )
  if (is.null(manifest)) {
    write_manifest(job, prints)
  }
  job
}

compute_atlas <- function(job, workers, progress) {
  keep_tiles <- function(cnd) stop(with_hint(cnd, kept_tiles))
  tryCatch(
    {
      job$shortlist <- make_shortlist(job, progress)
      score_tiles(job, workers, progress)
      job$means <- list_means(job)
      assemble_atlas(job)
    },
    musl_error_format = keep_tiles,
    musl_error_device = keep_tiles
  )
  unlink(file.path(job$directory, atlas_parts), recursive = TRUE)
}
