#' Score every pair of the genome
#'
#' Scores all pairs of genes, some genes against all, or a table of pairs, in
#' tiles on disk, and assembles them into one HDF5 file that is read without
#' loading it.
#'
#' Everything per gene is computed once a run; a pair's score is that of
#' [predict()][predict.MuslModel] rounded to single precision, up to 1e-6: sums
#' are taken in another order when other pairs are scored beside a pair.
#' Threads, workers and interruptions do not change a bit of an atlas.
#'
#' # Interrupted runs
#' Each finished tile is a file of its own, written whole or not at all, with a
#' checksum.
#' Whatever ends a run (Ctrl-C, a kill, a full disk), the same call goes on with
#' the tiles that are missing; a damaged one is scored again, with a message.
#' The file is put together by a process of its own under another name, read
#' back and compared with every tile.
#' Only then it takes its name, and the tiles are removed.
#'
#' # Memory
#' At most
#' `M + R + 110 tile^2 + 60e6 threads` bytes: M of the model and its inputs (for
#' S samples of G genes 14 S G bytes a source, and 4 G for each column that the
#' networks compute per gene), R of the running session.
#' With `data`, what they take in the session comes on top.
#' Each worker takes as much for itself.
#' The file takes 4 bytes a cell ("float") or 2 ("uint16"): 1.3 GB and .65 GB
#' for all pairs of 18,000 genes; one with a shortlist takes little more than
#' its scored pairs.
#' Until it is whole, the tiles take 4 bytes a pair, .65 GB, beside it.
#'
#' # Shortlist
#' With `shortlist_top` a small network (the student) learns the model's scores
#' from `shortlist_pairs` unlabelled pairs: half drawn at random, half the best
#' of twenty times as many by the student's own first opinion.
#' It scores every pair, and the model those that the student puts into the best
#' `shortlist_top`, the shortlist; the others are `NA`.
#' What is lost is measured: `shortlist_test` pairs drawn at random are scored
#' by both, and the recall is the share of the model's own best .1 % among them
#' that the student lets pass.
#'
#' # Members for measured pairs
#' A model of measured pairs scores by its members, as in
#' [predict()][predict.MuslModel], and needs no LibTorch.
#' There is no shortlist: a million pairs take half a minute.
#' Probabilities of such an atlas are `NA`: they come from other weights of the
#' members than the score does; [predict()][predict.MuslModel] tells those of
#' the pairs that you list.
#'
#' # In parallel
#' `BPPARAM` scores tiles in workers, each with its share of the threads; the
#' bits are the same as without.
#' Workers read the model from a file in `directory`, so those of another
#' machine need the same file system, and the package; the file holds what the
#' model holds and is removed at the end.
#'
#' With a `BatchtoolsParam` workers are the jobs of a cluster, each with a share
#' of the tiles and the threads that its resource `ncpus` asks for.
#' A job that is killed, such as by its time limit, ends the call with an error,
#' and the same call goes on with the tiles that are missing.
#' On a cluster with Slurm:
#' ```r
#' workers <- BiocParallel::BatchtoolsParam(
#'   workers = 50, cluster = "slurm",
#'   template = system.file("templates", "slurm-simple.tmpl",
#'     package = "batchtools"),
#'   resources = list(ncpus = 4, memory = 4000, walltime = 7200)
#' )
#' musl_atlas(fit, "atlas", BPPARAM = workers)
#' ```
#' `vignette("MuSL")` runs one whose cluster is this machine.
#'
#' @param object A [MuslModel][musl_fit()].
#' @param directory Path of the atlas: a new or empty directory, or one that
#'   holds an atlas of the same model, pairs and settings, finished or not.
#' @param pairs "all": all pairs of `genes`; or a data frame with the columns
#'   `gene_a` and `gene_b`, one row a pair (in any order; duplicates count
#'   once).
#' @param ... Must be empty but for old names of arguments (`screen_top`, ...),
#'   which are taken with a warning for one version.
#' @param anchors Character, the genes whose pairs with all `genes` are scored,
#'   instead of all pairs; `NULL` for none.
#' @param genes Character, the genes of the atlas; `NULL` for all that the model
#'   (and `data`) has inputs for.
#' @param data,context,encoders,members,measured_in As in
#'   [predict()][predict.MuslModel].
#' @param shortlist_top `NULL`, or the share of the pairs (above 0, below 1)
#'   that the full model scores, the best by a student.
#' @param shortlist_pairs Whole number >= 1000, pairs that the student learns
#'   from.
#' @param shortlist_test Whole number >= 1000, pairs that the recall is measured
#'   on.
#' @param storage "float": single precision; "uint16": whole multiples of
#'   1/65534 of the range of the scores, off by half of that at most, which
#'   [summary()][MuslAtlas-methods] tells.
#' @param tile Whole number from 1 to 4096, genes at the side of a tile.
#' @param keep_top Whole number >= 0, how many of the best pairs are listed in
#'   the file.
#' @param seed Whole number that the pairs of the student are drawn under;
#'   `NULL` for one from R's generator, or that of the unfinished atlas.
#' @param BPPARAM `NULL`, or a parameter object of BiocParallel.
#' @param progress `TRUE` for a progress bar with the time left or, in a session
#'   that is not interactive, a line a minute (without `BPPARAM`).
#' @param threads Whole number >= 0 of threads, 0 for all that this process may
#'   use, or `NULL` for what the model was fitted with.
#' @returns A `MuslAtlas`; see [musl_scores()], [musl_partners()],
#'   [musl_top_pairs()] and [read_atlas()].
#' @section Errors:
#'   `musl_error_input` if an argument is out of range, there is no pair, the
#'   directory holds something else (another model's atlas, other pairs or
#'   settings: the message says which), cannot be made, or a package is missing;
#'   `musl_error_gene` for a gene that neither model nor `data` has;
#'   `musl_error_format` if a file cannot be written (a full disk) or read;
#'   `musl_error_device` if a worker died; `musl_error_cancelled` after Ctrl-C.
#'   Finished tiles are kept whatever the error.
#' @section Source:
#'   Distillation: Hinton, Vinyals and Dean (2015), arXiv 1503.02531.
#' @seealso [read_atlas()] to open it again.
#' @examplesIf requireNamespace("HDF5Array")
#' fit <- musl_example_model()
#' atlas <- musl_atlas(fit, tempfile(), genes = musl_genes(fit)[1:50])
#' atlas
#' musl_scores(atlas)
#' musl_partners(atlas, "SIM001", n = 5)
#' musl_top_pairs(atlas, n = 5)
#' @export
musl_atlas <- function(object, directory, pairs = "all", ..., anchors = NULL,
                       genes = NULL, data = NULL, context = NULL,
                       encoders = NULL, shortlist_top = NULL,
                       shortlist_pairs = 100000L, shortlist_test = 200000L,
                       storage = c("float", "uint16"), tile = 512L,
                       keep_top = 100000L, seed = NULL, BPPARAM = NULL,
                       progress = TRUE, threads = NULL, members = NULL,
                       measured_in = NULL) {
  list2env(take_renamed(list(...), atlas_renamed), current_env())
  check_is(object, "MuslModel")
  check_string(directory)
  check_hearing(object, encoders, members, measured_in)
  measured <- !asks_network(object, members, encoders)
  check_no_shortlist(measured, shortlist_top)
  check_shortlist(shortlist_top, shortlist_pairs, shortlist_test)
  storage <- check_choice(storage, c("float", "uint16"))
  check_whole(tile, 1, 4096)
  check_whole(keep_top, 0, 1e7)
  check_workers(BPPARAM)
  check_flag(progress)
  check_whole(threads, 0, allow_null = TRUE)
  check_atlas_packages()
  universe <- if (measured) {
    measured_inputs(object, data, context, current_env())
  } else {
    prediction_universe(object, data, context, current_env())
  }
  plan <- atlas_plan(pairs, anchors, genes, universe$genes, as.integer(tile))
  options <- list(
    device = if (measured) "cpu" else prediction_device(object),
    threads = as.integer(threads %||% object@control$threads),
    parts = FALSE, embedding = FALSE, encoders = as.character(encoders)
  )
  if (measured) {
    options$members <- as.character(members)
    options$rates <- as.character(measured_in)
  }
  settings <- list(
    encoders = options$encoders, tile = plan$tile, storage = storage,
    keep_top = as.integer(keep_top),
    shortlist = shortlist_settings(
      shortlist_top, shortlist_pairs, shortlist_test, seed
    )
  )
  if (measured) settings$measured <- options[c("members", "rates")]
  job <- new_atlas_job(
    object, directory, universe, options, plan, settings,
    list(fingerprints_or_null(data), context)
  )
  if (!file.exists(job$file)) {
    compute_atlas(job, BPPARAM, progress, current_env())
  }
  read_atlas(directory)
}

atlas_renamed <- c(
  screen_top = "shortlist_top", screen_pairs = "shortlist_pairs",
  screen_test = "shortlist_test"
)

# Files call the shortlist what 0.99.1 did.
stored_settings <- function(settings) {
  names(settings)[names(settings) == "shortlist"] <- "screen"
  settings
}

atlas_packages <- c("rhdf5", "HDF5Array", "DelayedArray")

check_atlas_packages <- function(call = caller_env(),
                                 needed = atlas_packages) {
  there <- vapply(needed, requireNamespace, TRUE, quietly = TRUE)
  if (!all(there)) {
    abort_musl(c(
      "An atlas needs the package{?s} {.pkg {needed[!there]}}.",
      x = "{cli::qty(sum(!there))}{?It is/They are} not installed.",
      i = "Install {cli::qty(sum(!there))}{?it/them} from Bioconductor, or on
           Debian {.pkg r-bioc-hdf5array}."
    ), call = call)
  }
}

check_no_shortlist <- function(measured, top, call = caller_env()) {
  if (measured && !is.null(top)) {
    abort_musl(c(
      "{.arg shortlist_top} must be {.code NULL} for members for measured
       pairs.",
      x = "A shortlist is drawn up by a student of the network.",
      i = "Leave it out, or pass {.code members = \"network\"}, if the model has
           one."
    ), argument = "shortlist_top", call = call)
  }
}

fingerprints_or_null <- function(data) {
  if (!is.null(data)) fingerprints(data)
}

# All that a run needs; what workers read is its `inputs`.
new_atlas_job <- function(object, directory, universe, options, plan, settings,
                          data_prints, call = caller_env()) {
  directory <- open_atlas_directory(directory, call)
  manifest <- read_manifest(directory, call)
  if (!is.null(settings$shortlist)) {
    settings$shortlist$seed <- settings$shortlist$seed %||% manifest$seed %||%
      draw_seed(NULL)
  }
  prints <- list(
    version = c(atlas_format, as.character(utils::packageVersion("MuSL"))),
    model = c(
      list(object@bytes, object@genes, object@calibration),
      if (!is.null(settings$measured)) list(measured_bytes(object))
    ),
    data = data_prints,
    pairs = plan[c("kind", "rows", "cols", "ends")],
    settings = stored_settings(settings)
  )
  prints <- lapply(prints, rlang::hash)
  check_same_atlas(directory, manifest, prints, call)
  job <- list(
    key = rlang::hash(prints), directory = directory,
    file = file.path(directory, atlas_file), plan = plan, settings = settings,
    inputs = list(object = object, universe = universe, options = options)
  )
  if (is.null(manifest)) {
    write_manifest(job, prints, call)
  }
  job
}

compute_atlas <- function(job, workers, progress, call) {
  keep_tiles <- function(cnd) stop(with_hint(cnd, kept_tiles))
  tryCatch(
    {
      job$shortlist <- make_shortlist(job, progress, call)
      score_tiles(job, workers, progress, call)
      assemble_atlas(job, call)
    },
    musl_error_format = keep_tiles,
    musl_error_device = keep_tiles
  )
  unlink(file.path(job$directory, atlas_parts), recursive = TRUE)
}
