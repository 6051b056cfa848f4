# Trainings of two scales on the fixed benchmark for balance.R, kept on disk one
# by one: expression (descriptors) and network (genes, graph, partners).
#
# Two tables: means over folds of AUROC and AUPRC on the validation part, which
# chose epochs and weights, and on test parts, with the difference from "joint"
# (interval: genes drawn anew, the same for both); and what each branch counts
# for in C3.

real_settings <- function() {
  smoke <- is_smoke()
  epochs <- option("epochs", if (smoke) "1" else NULL)
  list(
    smoke = smoke, encoders = judged_encoders, members = 1L,
    epochs = if (!is.null(epochs)) as.integer(epochs),
    folds = as.integer(option("folds", if (smoke) "1" else c("1", "2"))),
    seed = as.integer(option("seed", "1")),
    trainings = option("trainings", NULL),
    directory = option("directory", NULL)
  )
}

pair_scale <- "descriptors"
network_scale <- setdiff(judged_encoders, pair_scale)

# list(fields of the architecture, fields of the control) by name. "joint" is
# the package's default: some modality dropout, losses of single branches.
real_trainings <- list(
  `pair alone` = list(list(encoders = pair_scale), list()),
  `network alone` = list(list(encoders = network_scale), list()),
  joint = list(list(), list()),
  ensemble = list(list(), list(strategy = "branches")),
  em = list(list(), list(strategy = "em")),
  distill = list(list(), list(strategy = "distill")),
  `joint + modality dropout` = list(list(modality_dropout = 0.3), list()),
  `joint without balance` = list(
    list(auxiliary = 0, branch_weight = 0, modality_dropout = 0), list()
  ),
  `ensemble by sum` = list(
    list(), list(strategy = "branches", joined_by = "sum")
  ),
  `em by sum` = list(list(), list(strategy = "em", joined_by = "sum"))
)

# musl_fit() by one of the trainings.
fit_real <- function(name, settings, ...) {
  how <- real_trainings[[name]]
  quietly(musl_fit(
    ...,
    architecture = do.call(
      quality_architecture, c(list(settings), how[[1]])
    ),
    control = do.call(quality_control, c(
      list(settings, seed = settings$seed, threads = 1L), how[[2]]
    )),
    progress = FALSE
  ))
}

# The name under which a training is kept; `where` tells what it learned from.
real_key <- function(name, settings, kind, where = NULL) {
  paste(c(kind, gsub("[^a-z]+", "-", name), where, "seed", settings$seed,
    if (!is.null(settings$epochs)) c("epochs", settings$epochs)
  ), collapse = "-")
}

# list(scores, balance, seconds, memory) of one training on one fold.
train_real <- function(name, cell, fold, settings) {
  reset_peak()
  seconds <- cpu_seconds(
    fit <- fit_real(name, settings, cell$data, cell$split, fold = fold)
  )
  parts <- musl_parts(cell$split, fold)
  parts <- parts[intersect(c("validation", "C2", "C3"), names(parts))]
  balance <- quietly(musl_balance(
    fit, parts$C3,
    repeats = if (settings$smoke) 2L else 10L, seed = 1, threads = 1
  ))
  memory <- peak_memory()
  list(
    scores = part_scores(fit, parts, name, fold),
    balance = data.frame(
      training = name, fold = fold,
      balance[c("encoder", "use_auroc", "own_auroc")]
    ),
    cost = data.frame(training = name, seconds = seconds, memory = memory)
  )
}

part_scores <- function(fit, parts, name, fold) {
  do.call(rbind, Map(function(pairs, part) {
    predicted <- quietly(stats::predict(
      fit, pairs[c("gene_a", "gene_b")],
      threads = 1
    ))
    data.frame(
      fold = fold, part = part, scorer = name,
      pairs[c("gene_a", "gene_b", "label")], .score = predicted$.score
    )
  }, parts, names(parts)))
}

run_real <- function(settings) {
  asked <- settings$trainings %or% if (settings$smoke) {
    c("pair alone", "joint", "em")
  } else {
    names(real_trainings)
  }
  inputs <- if (settings$smoke) demo_inputs() else benchmark_inputs()
  cell <- benchmark_cell(inputs, "degree_matched", "gene")
  jobs <- expand.grid(
    training = asked, fold = settings$folds,
    stringsAsFactors = FALSE
  )
  done <- lapply(seq_len(nrow(jobs)), function(i) {
    name <- jobs$training[[i]]
    fold <- jobs$fold[[i]]
    found <- kept(
      settings, real_key(name, settings, "balance", c("fold", fold)),
      train_real(name, cell, fold, settings)
    )
    message(
      format(Sys.time()), " ", name, ", fold ", fold, ": ",
      round(found$cost$seconds), " s"
    )
    found
  })
  report_real(lapply(
    c(scores = "scores", balance = "balance", cost = "cost"),
    function(what) do.call(rbind, lapply(done, `[[`, what))
  ), settings)
}

report_real <- function(found, settings) {
  where <- paste0(
    "genes held out, degree-matched negatives, folds ",
    paste(settings$folds, collapse = ", "), ", seed ", settings$seed
  )
  say_table(
    paste0("Trainings on the benchmark (", where, ")"),
    real_table(found)
  )
  say_table(
    "AUROC of C3 lost when a branch is dealt anew, and of its own logit",
    branch_table(found$balance)
  )
  joint <- found$scores[found$scores$scorer == "joint", ]
  stopifnot(nrow(joint) > 0, mean(is.finite(joint$.score)) > 0.9)
}

real_table <- function(found) {
  measured <- quietly(musl_metrics(found$scores, c("auroc", "auprc")))
  less <- quietly(musl_metrics(
    found$scores, "auroc",
    against = "joint", bootstrap = 500, seed = 1, threads = 1
  ))
  names <- as.character(unique(found$scores$scorer))
  value <- function(part, metric) {
    rows <- measured$part == part & measured$.metric == metric
    decimal(measured$.estimate[rows][match(names, measured$scorer[rows])])
  }
  difference <- function(part) {
    rows <- less[less$part == part, ]
    text <- sprintf(
      "%+.4f (%+.4f to %+.4f)", rows$.estimate, rows$.lower, rows$.upper
    )
    text[match(names, rows$scorer)]
  }
  columns <- list(training = names)
  for (part in unique(found$scores$part)) {
    columns[[paste(part, "AUROC")]] <- value(part, "auroc")
    columns[[paste(part, "less joint")]] <- difference(part)
    columns[[paste(part, "AUPRC")]] <- value(part, "auprc")
  }
  most <- function(what) tapply(found$cost[[what]], found$cost$training, max)
  columns[["CPU s"]] <- decimal(most("seconds")[names], 0)
  columns[["peak GiB"]] <- decimal(most("memory")[names], 2)
  columns
}

# Means over folds; a training without the branch is blank.
branch_table <- function(balance) {
  mean_of <- function(column, encoder) {
    rows <- balance[balance$encoder == encoder, ]
    means <- tapply(rows[[column]], rows$training, mean)
    decimal(unname(means[unique(balance$training)]), 3)
  }
  columns <- list(training = unique(balance$training))
  for (encoder in intersect(judged_encoders, balance$encoder)) {
    columns[[paste("use of", encoder)]] <- mean_of("use_auroc", encoder)
    columns[[paste(encoder, "alone")]] <- mean_of("own_auroc", encoder)
  }
  columns
}
