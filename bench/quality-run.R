# Training on each fold of a cell (negatives x scheme), with every finished job
# kept on disk.

# A list with one list a cell: negatives, scheme, data, split and runs, one
# musl_resample() a preset.
judge_cells <- function(inputs, options) {
  grid <- expand.grid(
    scheme = options$schemes, negatives = options$negatives,
    stringsAsFactors = FALSE
  )
  lapply(seq_len(nrow(grid)), function(i) {
    cell <- benchmark_cell(inputs, grid$negatives[[i]], grid$scheme[[i]])
    cell$runs <- lapply(
      stats::setNames(options$presets, options$presets), run_preset,
      cell = cell, options = options
    )
    cell
  })
}

# The published network is there to compare with: the first seed will do.
preset_seeds <- function(preset, options) {
  if (preset == "default") options$seeds else options$seeds[[1]]
}

train <- function(cell, preset, options, ...) {
  resample(
    cell, options, quality_architecture(options, preset),
    quality_control(options),
    folds = options$folds, seeds = preset_seeds(preset, options), ...
  )
}

resample <- function(cell, options, architecture, control, ...) {
  workers <- if (options$cores > 1) BiocParallel::SnowParam(options$cores)
  run <- suppressMessages(musl_resample(
    cell$data, cell$split, architecture, control, ...,
    directory = options$directory, BPPARAM = workers, progress = FALSE
  ))
  if (!run$complete) {
    stop("Interrupted: the same --directory goes on from here.", call. = FALSE)
  }
  run
}

run_preset <- function(preset, cell, options) {
  is_default <- preset == "default"
  run <- train(
    cell, preset, options,
    baselines = if (is_default) options$baselines else "none",
    controls = if (is_default) options$controls else FALSE
  )
  if (is_default) {
    return(if (options$biology == "trained") {
      with_trained_biology(run, cell, options)
    } else {
      run
    })
  }
  # Without known partners the published network is all biology.
  run$scores$scorer <- rep(preset, nrow(run$scores))
  run
}

# "biology" is a second model, trained without known partners.
with_trained_biology <- function(run, cell, options) {
  encoders <- setdiff(run$settings$architecture$encoders, "partners")
  biology <- resample(
    cell, options, quality_architecture(options, encoders = encoders),
    quality_control(options),
    folds = options$folds, seeds = options$seeds, baselines = "none"
  )
  run$scores <- rbind(
    run$scores[run$scores$scorer != "biology", ], biology$scores
  )
  run
}

# Scores of all presets of a cell, with its negatives.
cell_scores <- function(cell) {
  scores <- do.call(rbind, lapply(cell$runs, `[[`, "scores"))
  is_control <- startsWith(scores$scorer, "control: ")
  scores[!is_control, ]
}
