# Markdown of the main tables.

describe_run <- function(options) {
  machine <- "/proc/cpuinfo"
  lines <- if (file.exists(machine)) readLines(machine)
  model <- grep("model name", lines, value = TRUE)
  processor <- if (length(model) > 0) sub(".*: ", "", model[[1]]) else "unknown"
  say(
    command(options), ": ", format(Sys.Date()), ", ", processor, ", ",
    parallel::detectCores(), " cores, R ", format(getRversion()), ", MuSL ",
    format(utils::packageVersion("MuSL")), ", LibTorch ",
    musl_backend()$libtorch, "."
  )
  say(
    if (options$smoke) "Demo data: figures mean nothing. ",
    "Seeds ", paste(options$seeds, collapse = ", "), "; members ",
    options$ensemble, "; folds ", paste(options$folds, collapse = ", "), "."
  )
  for (preset in options$presets) {
    say("`", preset, "`: ", fields(quality_architecture(options, preset)))
  }
  say("Training: ", fields(quality_control(options)))
}

# Without what says where files lie, and not what is measured.
command <- function(options) {
  words <- split_words(options$words)
  words <- words[!names(words) %in% c("directory", "csv", "cores")]
  words <- paste0(
    rep("--", length(words)), names(words), ifelse(words == "", "", " "), words
  )
  paste0("`", paste(c("Rscript bench/quality.R", words), collapse = " "), "`")
}

fields <- function(x) {
  paste(trimws(utils::capture.output(print(x))[-1]), collapse = " ")
}

# Tables are also seen as they come, not when the buffer is full.
say <- function(...) {
  writeLines(c(paste0(...), ""))
  flush(stdout())
}

# `columns` is a named list of vectors or a data frame; missing text is empty.
say_table <- function(title, columns) {
  text <- as.data.frame(columns, check.names = FALSE)
  if (nrow(text) == 0) return(invisible())
  text[] <- lapply(text, function(x) ifelse(is.na(x), "", as.character(x)))
  say("### ", title)
  writeLines(c(
    paste0("| ", paste(names(text), collapse = " | "), " |"),
    paste0("|", strrep("---|", ncol(text))),
    paste0("| ", do.call(paste, c(unname(text), sep = " | ")), " |"), ""
  ))
  flush(stdout())
}

decimal <- function(x, digits = 4) {
  text <- formatC(x, format = "f", digits = digits)
  ifelse(is.na(x), NA_character_, text)
}

with_sd <- function(mean, sd) {
  ifelse(
    is.na(sd), decimal(mean), paste0(decimal(mean), " +- ", decimal(sd))
  )
}

shown_metrics <- c("auroc", "auprc", "auroc_per_anchor")

# One row a part and scorer of a cell: negatives, part, scorer, n, n_pairs, and
# mean and sd of each metric.
cell_means <- function(cell) {
  values <- suppressWarnings(musl_metrics(cell_scores(cell), shown_metrics))
  wide <- lapply(shown_metrics, function(metric) {
    rows <- values[values$.metric == metric, ]
    out <- data.frame(rows$.estimate, rows$sd)
    stats::setNames(out, c(metric, paste0(metric, "_sd")))
  })
  rows <- values[values$.metric == "auroc", ]
  first <- data.frame(
    negatives = cell$negatives, part = rows$part, scorer = rows$scorer,
    n = rows$n, n_pairs = round(rows$n_pairs)
  )
  do.call(cbind, c(list(first), wide))
}

is_boosting <- function(scorer) grepl("boost", scorer)
ours <- c("full", "biology", "paper")

# Adds our paired difference to the best boosting of the part: `best`, `less`
# and `less_sd`, NA for other scorers.
add_difference <- function(means, cell) {
  means$best <- NA_character_
  means$less <- means$less_sd <- means$lower <- means$upper <- NA_real_
  scores <- cell_scores(cell)
  for (part in unique(means$part)) {
    rows <- means[means$part == part & is_boosting(means$scorer), ]
    if (nrow(rows) == 0) next
    best <- rows$scorer[[which.max(rows$auroc)]]
    here <- scores$part == part & scores$scorer %in% c(ours, best)
    compared <- musl_metrics(
      scores[here, ], "auroc",
      against = best, bootstrap = 200, seed = 1
    )
    at <- match(
      paste(part, compared$scorer), paste(means$part, means$scorer)
    )
    means$best[at] <- best
    means$less[at] <- compared$.estimate
    means$less_sd[at] <- compared$sd
    means$lower[at] <- compared$.lower
    means$upper[at] <- compared$.upper
  }
  means
}

report_main <- function(judged, options) {
  means <- do.call(rbind, lapply(judged, function(cell) {
    add_difference(cell_means(cell), cell)
  }))
  means <- means[order(means$negatives, means$part), ]
  aim <- match(
    paste(means$negatives, means$part, means$scorer),
    paste(targets$negatives, targets$part, targets$scorer)
  )
  means$floor <- targets$floor[aim]
  means$goal <- targets$goal[aim]
  say_table("Test parts: mean +- sd over folds and seeds", list(
    negatives = means$negatives, part = means$part, scorer = means$scorer,
    AUROC = with_sd(means$auroc, means$auroc_sd),
    AUPRC = with_sd(means$auprc, means$auprc_sd),
    "AUROC per anchor" = decimal(means$auroc_per_anchor),
    "floor / goal" = ifelse(
      is.na(means$goal), NA, paste(means$floor, "/", means$goal)
    ),
    reached = reached(means),
    runs = means$n, "pairs a fold" = means$n_pairs
  ))
  report_differences(means[!is.na(means$best), ])
  if (!is.null(options$csv)) {
    write_csv(
      means[csv_columns], options,
      "less: AUROC less that of the best boosting, paired"
    )
  }
}

reached <- function(means) {
  ifelse(
    means$auroc >= means$goal, "goal",
    ifelse(means$auroc >= means$floor, "floor", "below")
  )
}

report_differences <- function(means) {
  if (nrow(means) == 0) return(invisible())
  asked <- margin[means$part]
  say_table("AUROC less that of the best boosting, paired by run", list(
    negatives = means$negatives, part = means$part, scorer = means$scorer,
    against = means$best, difference = with_sd(means$less, means$less_sd),
    "95 % interval" = paste(decimal(means$lower), "to", decimal(means$upper)),
    asked = decimal(asked, 2),
    reached = ifelse(means$less >= asked, "yes", "no")
  ))
}

csv_columns <- c(
  "negatives", "part", "scorer", "auroc", "auroc_sd", "auprc", "auprc_sd",
  "auroc_per_anchor", "best", "less", "less_sd", "n"
)

# What the vignette reads: a table, and above it where it comes from.
write_csv <- function(values, options, meaning) {
  numbers <- vapply(values, is.double, NA)
  values[numbers] <- lapply(values[numbers], round, 4)
  connection <- file(options$csv, "w")
  on.exit(close(connection))
  writeLines(c(
    paste0(
      "# ", command(options), ", ", Sys.Date(), ", MuSL ",
      utils::packageVersion("MuSL"), "; ",
      if (options$smoke) "demo data" else "the project's fixed benchmark"
    ),
    paste0(
      "# means over folds ", paste(options$folds, collapse = " "),
      " and seeds ", paste(options$seeds, collapse = " "), "; ", meaning
    )
  ), connection)
  utils::write.csv(values, connection, row.names = FALSE, na = "")
}
