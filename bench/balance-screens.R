# The trainings of balance-real.R judged on the development screens: networks
# that learned the recorded pairs of the benchmark's fold 1, without any pair of
# a screen, score the pairs of all screens.
#
# One table: AUROC and average precision, means over the studies of libraries
# and over the queries of the genome-scale screen, with the difference from
# "joint" (interval: genes drawn anew, the same for both).

screen_trainings <- c(
  "pair alone", "network alone", "joint", "ensemble", "em", "distill",
  "joint + modality dropout"
)

# list(data, tests): pairs to learn from, and rows of the screens by kind.
screen_world <- function(settings) {
  inputs <- if (settings$smoke) demo_inputs() else benchmark_inputs()
  measured <- if (settings$smoke) {
    simulated_screens()$measured
  } else {
    rbind(read_library_screens(), read_genome_screen())
  }
  learned <- inputs$table("degree_matched")
  learned <- learned[learned$scheme == "gene" & learned$fold == 1 &
    learned$part == "train", ]
  learned <- learned[!pair_names(learned[c("gene_a", "gene_b")]) %in%
    pair_names(measured), ]
  by_query <- !is.na(measured$query)
  list(
    data = aligned_data(inputs, learned),
    tests = list(studies = measured[!by_query, ], queries = measured[by_query, ])
  )
}

train_screens <- function(name, world, settings) {
  seconds <- cpu_seconds(fit <- fit_real(name, settings, world$data))
  list(
    scores = lapply(world$tests, function(rows) {
      quietly(stats::predict(fit, asked_pairs(rows), threads = 1))$.score
    }),
    seconds = seconds
  )
}

run_screens <- function(settings) {
  asked <- settings$trainings %or%
    if (settings$smoke) c("joint", "ensemble") else screen_trainings
  world <- screen_world(settings)
  done <- lapply(stats::setNames(asked, asked), function(name) {
    found <- kept(
      settings, real_key(name, settings, "screens"),
      train_screens(name, world, settings)
    )
    message(format(Sys.time()), " ", name, ": ", round(found$seconds), " s")
    found
  })
  columns <- list(training = asked)
  for (kind in names(world$tests)) {
    columns <- c(columns, screen_columns(done, world$tests[[kind]], kind))
  }
  columns[["CPU s"]] <- decimal(vapply(done, `[[`, 0, "seconds"), 0)
  say_table(paste0(
    "Trainings on recorded pairs, judged on screens (seed ", settings$seed, ")"
  ), columns)
}

screen_columns <- function(done, test, kind) {
  scores <- vapply(done, function(x) x$scores[[kind]], numeric(nrow(test)))
  group <- if (kind == "queries") test$query else test$source
  figures <- figures_by_group(scores, test$label == "SL", group)
  less <- vapply(colnames(scores), function(name) {
    at <- gene_intervals(
      list(scores), test, group, name, "joint",
      query = if (kind == "queries") test$query
    )[, "AUROC"]
    sprintf(
      "%+.3f (%+.3f to %+.3f)",
      figures[name, "AUROC"] - figures["joint", "AUROC"], at[[1]], at[[2]]
    )
  }, "")
  less[["joint"]] <- ""
  stats::setNames(
    list(
      decimal(figures[, "AUROC"], 3), less, decimal(figures[, "AP"], 3)
    ),
    paste(kind, c("AUROC", "less joint", "AP"))
  )
}
