# What quality.R was asked for, and the model that it judges.

# The model judged: the package's default but for the histogram encoder, which
# is left out (see judged_encoders); where a preset or a variant has it, it
# reads coarser histograms. `...` are arguments of musl_architecture().
quality_architecture <- function(options, preset = "default", ...) {
  size <- if (options$smoke) tiny_size else list(bins = 16L)
  given <- list(...)
  if (preset == "default") {
    given$encoders <- given$encoders %||% options$encoders
  }
  do.call(
    musl_architecture, c(list(preset = preset), utils::modifyList(size, given))
  )
}

# `...` are arguments of musl_control().
quality_control <- function(options, ...) {
  fields <- list(ensemble = options$ensemble)
  if (!is.null(options$epochs)) fields$epochs <- options$epochs
  # Tiny networks gain nothing from a second thread.
  if (options$smoke) fields$threads <- 1L
  do.call(musl_control, utils::modifyList(fields, list(...)))
}

tiny_size <- list(width = 16L, bins = 8L, spectral = 8L)

# A cohort has 64 to 104 samples, a tenth of what 32 x 32 cells ask for.
judged_encoders <- c("descriptors", "genes", "graph", "partners")

# AUROC that the default model must reach, and what it goes for.
targets <- data.frame(
  negatives = rep(c("degree_matched", "random"), c(6, 3)),
  scorer = rep(c("full", "biology", "full"), each = 3),
  part = c("C1", "C2", "C3"),
  floor = c(.915, .700, .625, .75, .685, .625, .962, .860, .742),
  goal = c(.935, .725, .645, .80, .71, .645, .972, .880, .765)
)

# By how much the best boosting must be beaten.
margin <- c(C1 = 0, C2 = 0.02, C3 = 0.02)

read_options <- function(words) {
  given <- split_words(words)
  known <- c(
    "pilsl", "main", "controls", "smoke", "folds", "schemes", "negatives",
    "cohorts", "seeds", "ensemble", "presets", "epochs", "encoders", "biology",
    "no-baselines", "directory", "cores", "csv"
  )
  bad <- setdiff(names(given), known)
  if (length(bad) > 0) bad_usage("unknown option --", bad[[1]])
  smoke <- !is.null(given$smoke)
  list(
    words = words,
    smoke = smoke,
    main = !is.null(given$main) || is.null(given$pilsl),
    pilsl = !is.null(given$pilsl),
    controls = read_controls(given$controls) %||% smoke_controls(smoke),
    folds = read_numbers(given$folds %||% if (smoke) "1-2" else "1-5", "folds"),
    schemes = read_choices(given$schemes, c("pair", "gene"), "schemes"),
    negatives = read_choices(
      given$negatives %||% if (smoke) "degree_matched",
      c("degree_matched", "random"), "negatives"
    ),
    cohorts = given$cohorts,
    seeds = read_numbers(given$seeds %||% if (smoke) "1" else "1-3", "seeds"),
    ensemble = read_numbers(
      given$ensemble %||% if (smoke) "2" else "5", "ensemble"
    ),
    presets = read_choices(given$presets, c("default", "paper"), "presets"),
    epochs = read_numbers(given$epochs %||% if (smoke) "2", "epochs"),
    encoders = if (!is.null(given$encoders)) {
      strsplit(given$encoders, ",")[[1]]
    } else if (!smoke) {
      judged_encoders
    },
    biology = read_choices(
      given$biology %||% if (smoke) "masked" else "trained",
      c("masked", "trained"), "biology"
    ),
    baselines = if (is.null(given[["no-baselines"]])) "all" else "none",
    directory = given$directory %||% tempfile("quality-"),
    cores = read_numbers(given$cores %||% "1", "cores"),
    csv = given$csv
  )
}

# Each encoder alone and left out would take the most of two minutes.
smoke_controls <- function(smoke) {
  if (smoke) c("labels", "features", "network") else FALSE
}

# "--name value", "--name=value" and "--name" as a named list of strings.
split_words <- function(words) {
  if (length(words) == 0) return(list())
  words <- unlist(lapply(words, function(word) {
    if (startsWith(word, "--")) sub("=", "\r", word) else word
  }))
  words <- unlist(strsplit(words, "\r"))
  starts <- which(startsWith(words, "--"))
  if (!identical(starts[1], 1L)) {
    bad_usage("no option: ", words[[1]])
  }
  ends <- c(starts[-1] - 1L, length(words))
  values <- Map(function(from, to) {
    paste(words[seq_len(to - from) + from], collapse = ",")
  }, starts, ends)
  stats::setNames(values, sub("^--", "", words[starts]))
}

read_numbers <- function(text, name) {
  if (is.null(text)) return(NULL)
  if (!grepl("^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$", text)) {
    bad_usage("--", name, " takes whole numbers such as 1-3,5")
  }
  ranges <- strsplit(strsplit(text, ",")[[1]], "-")
  unique(unlist(lapply(ranges, function(ends) {
    ends <- as.integer(ends)
    seq(ends[[1]], ends[[length(ends)]])
  })))
}

read_choices <- function(text, choices, name) {
  chosen <- if (is.null(text)) choices else strsplit(text, ",")[[1]]
  if (length(chosen) == 0 || !all(chosen %in% choices)) {
    bad_usage("--", name, " takes some of ", paste(choices, collapse = ", "))
  }
  chosen
}

# Those of the expression cohorts that were asked for, all by default.
chosen_cohorts <- function(expression, options) {
  expression[read_choices(options$cohorts, names(expression), "cohorts")]
}

control_kinds <- c("labels", "features", "network", "only", "without")

read_controls <- function(text) {
  if (is.null(text)) return(NULL)
  if (text %in% c("", "all")) return(TRUE)
  read_choices(text, control_kinds, "controls")
}

bad_usage <- function(...) {
  stop(..., " (the head of bench/quality.R shows the usage)", call. = FALSE)
}
