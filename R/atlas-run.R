# Scores the tiles of an atlas one after the other or in workers, and stores
# each on disk when it is finished.

score_tiles <- function(job, workers, progress) {
  dir.create(file.path(job$directory, tile_directory), showWarnings = FALSE)
  todo <- tiles_to_score(job)
  if (length(todo) == 0) {
    return(invisible())
  }
  tryCatch(
    if (is.null(workers)) {
      score_in_turn(job, todo, progress)
    } else {
      score_in_workers(job, todo, workers)
    },
    musl_error_cancelled = function(cnd) abort_stopped(job),
    interrupt = function(cnd) abort_stopped(job)
  )
  invisible()
}

kept_tiles <- "Finished tiles are kept; repeat the call to resume."

abort_stopped <- function(job) {
  n_tiles <- nrow(job$plan$tiles)
  n_done <- sum(file.exists(tile_paths(job)))
  abort_musl(c(
    "Interrupted.",
    x = "{n_done} of {n_tiles} tile{?s} {?is/are} scored and kept.",
    i = "Repeat the call to resume."
  ), "cancelled", n_done = n_done, n_tiles = n_tiles)
}

tile_paths <- function(job) {
  file.path(job$directory, tile_directory, job$plan$tiles$file)
}

# Numbers of the tiles that are missing or damaged.
tiles_to_score <- function(job) {
  there <- which(file.exists(tile_paths(job)))
  damaged <- Filter(function(i) !is.null(reason_of(read_tile(job, i))), there)
  inform_if(
    length(damaged) > 0,
    "{length(damaged)} damaged tile{?s} {?is/are} scored again:
     {.file {utils::head(basename(tile_paths(job)[damaged]), 3)}}."
  )
  sort(c(setdiff(job$plan$tiles$number, there), damaged))
}

# list(score, order: NULL if scores order lists) of tile i, each rows x columns.
read_tile <- function(job, i) {
  size <- lengths(tile_cells(job$plan$tiles[i, ]))
  with_core(cpp_atlas_read_shard(
    tile_paths(job)[i], job$key, i, size[[1]], size[[2]]
  ))
}

score_in_turn <- function(job, todo, progress) {
  scorer <- own_scorer(job)
  sizes <- job$plan$tiles$size[todo]
  with_progress(progress, function(callback) {
    for (k in seq_along(todo)) {
      work <- list(
        before = sum(sizes[seq_len(k - 1)]), size = sizes[k], all = sum(sizes)
      )
      score_one_tile(plan_tile(job$plan, todo[k]), job, scorer, work, callback)
    }
  })
}

score_one_tile <- function(tile, job, scorer, work, callback) {
  with_core(cpp_atlas_score_tile(
    scorer, tile, file.path(job$directory, tile$file), job$key, work, callback
  ))
}

# The core's scorer for a job's inputs.
atlas_scorer <- function(inputs) {
  threads <- inputs$options$threads
  object <- inputs$object
  universe <- inputs$universe
  # Tiles compute the genes' vectors themselves.
  universe$keep <- FALSE
  store <- if (inputs$asked$lines) {
    scored_store(object, universe, threads)
  }
  scorer <- make_scorer(object, inputs$asked, universe, store, threads)
  options <- inputs$options
  options$line <- line_number(object, store, universe$line)
  with_core(cpp_tile_scorer(scorer, options, list(
    sum = sum_evidence[[inputs$by]],
    sl = known_sl(object, universe$genes),
    annotation = load_annotation(inputs$annotation)
  )))
}

# The scorer of this process.
own_scorer <- function(job) {
  job$own$scorer <- job$own$scorer %||% atlas_scorer(job$inputs)
  job$own$scorer
}

# What lists need of each gene of the universe, NULL if scores order them.
list_means <- function(job) {
  if (is.null(read_tile(job, 1)$order)) {
    return(NULL)
  }
  plan <- job$plan
  others <- match(list_reference(job$inputs$object), plan$universe) - 1L
  genes <- sort(unique(c(plan$rows, plan$cols)))
  means <- with_core(cpp_atlas_mean_scores(own_scorer(job), genes, others))
  out <- rep(NaN, length(plan$universe))
  out[genes + 1L] <- if (length(means) > 0) means else NaN
  out
}

score_in_workers <- function(job, todo, workers) {
  inputs <- job$inputs
  inputs$options$threads <- worker_threads(inputs$options$threads, workers)
  path <- file.path(job$directory, inputs_file)
  on.exit(unlink(path))
  write_rds(inputs, path)
  results <- run_in_workers(
    lapply(todo, plan_tile, plan = job$plan), score_in_worker,
    job = job[c("key", "directory")],
    workers = workers, kept = kept_tiles
  )
  check_results(results, kept_tiles)
}

# NULL, or the condition that prevented scoring.
score_in_worker <- function(tile, job) {
  tryCatch(
    {
      work <- list(before = 0, size = tile$size, all = tile$size)
      score_one_tile(tile, job, worker_scorer(job), work, NULL)
      NULL
    },
    error = identity,
    interrupt = identity
  )
}

# What a worker keeps from one tile to the next.
worker_cache <- new.env(parent = emptyenv())

worker_scorer <- function(job) {
  key <- c(job$key, Sys.getpid())
  if (!identical(worker_cache$key, key)) {
    inputs <- readRDS(file.path(job$directory, inputs_file))
    list2env(list(scorer = atlas_scorer(inputs), key = key), worker_cache)
  }
  worker_cache$scorer
}
