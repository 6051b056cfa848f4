# From scores to outcomes: sign, averages, labels.

# list(rows with `effect`, report, wrong = of studies whose scores rise with
# their calls against the stated sign, the correlation by name).
orient_scores <- function(rows, rules) {
  finite <- is.finite(rows$score)
  rows$effect <- ifelse(finite, rows$score, NA_real_)
  # A study that only scores its hits left none out.
  listed <- is.na(rows$score) & rows$call %in% "non_SL"
  has_scores <- rows$study %in% rows$study[!is.na(rows$score)]
  unscored <- rows[
    !finite & !listed & has_scores,
    c("gene_a", "gene_b", "study", "line")
  ]
  r <- call_agreement(rows)
  # Calls tell the sign; without them the name of the score does.
  turned <- as.character(if (is.null(rules$lethal)) {
    unique(c(names(r)[r > 0], setdiff(rules$rising, names(r)[r != 0])))
  } else if (rules$lethal == "positive") {
    unique(rows$study)
  })
  turn <- rows$study %in% turned
  rows$effect[turn] <- -rows$effect[turn]
  # Scores that still rise with the calls have the wrong sign.
  r <- r * ifelse(names(r) %in% turned, -1, 1)
  list(
    rows = rows,
    report = list(
      unscored = unscored,
      turned = tibble(study = turned, correlation = unname(r[turned]))
    ),
    wrong = r[r > 0]
  )
}

# The correlation of each study's scores with its calls (1 for a hit); for a
# study that only scores its hits, 1 or -1 by the sign of most. By name.
call_agreement <- function(rows) {
  known <- rows[is.finite(rows$score) & !is.na(rows$call), ]
  vapply(split(known, known$study), function(study) {
    hit <- study$call == "SL"
    if (all(hit)) {
      return(sign(stats::median(study$score)))
    }
    if (!any(hit) || stats::sd(study$score) == 0) {
      return(0)
    }
    stats::cor(study$score, hit)
  }, 1)
}

# list(rows, report): one row per pair, study, line and query, or the average
# over lines.
merge_screen <- function(rows, lines) {
  runs <- strip_runs(rows)
  rows <- runs$rows
  is_mean <- rows$line %in% "mean"
  averaged <- unique(rows$study[is_mean])
  rows <- rows[if (lines == "mean") {
    is_mean | !rows$study %in% averaged
  } else {
    !is_mean | !rows$study %in% unique(rows$study[!is_mean])
  }, ]
  rows$n_rows <- rep(1L, nrow(rows))
  merged <- average_rows(rows, c("study", "line", "query"), conflict = TRUE)
  several <- merged$rows$n_rows > 1 & is.na(merged$rows$line)
  duplicated <- merged$rows[merged$rows$n_rows > 1 & !several, ]
  columns <- c("gene_a", "gene_b", "study", "line", "n_rows")
  report <- list(
    runs = runs$report,
    duplicated = duplicated[columns],
    several_rows = merged$rows[several, columns],
    conflicting = merged$conflicting
  )
  rows <- merged$rows
  if (lines == "mean") {
    rows <- average_rows(rows, c("study", "query"), conflict = FALSE)$rows
    # One name for all pairs of a study, also for those measured in one line.
    averaged <- unique(rows$study[rows$line %in% "mean"])
    rows$line[rows$study %in% averaged] <- "mean"
  }
  list(rows = rows, report = report)
}

# A word says what a suffix is. A letter may belong to the line's name, as in
# HuP-T3 or PC9-R1: it counts without a hyphen, if all lines have it with two
# digits or more, or all with the same numbers.
run_patterns <- c(
  "[ _.-]+rep(licate)?[ _.-]?([0-9]+|[a-c])$", "[ _.]+r([0-9]+)$"
)
day_patterns <- c("[ _.-]+day[ _.-]?([0-9]+)$", "[ _.]+[dt]([0-9]+)$")

# Removes the number of a replicate and a day from lines. Of several days of a
# line the last is kept.
strip_runs <- function(rows) {
  given <- unique(rows$line[!is.na(rows$line)])
  line <- without_run(without_run(given, run_patterns)$line, day_patterns)
  day <- line$number
  line <- without_run(line$line, run_patterns)$line
  at <- match(rows$line, given)
  rows$line <- line[at]
  last <- stats::ave(day[at], rows$study, rows$line, FUN = function(x) {
    max(-Inf, x, na.rm = TRUE)
  })
  changed <- line != given
  list(
    rows = rows[is.na(day[at]) | day[at] == last, ],
    report = tibble(
      given = given[changed], line = line[changed], day = day[changed]
    )
  )
}

# list(line, number = that of the suffix, NA for none)
without_run <- function(line, patterns) {
  folded <- fold_case(line)
  number <- rep(NA_real_, length(line))
  for (pattern in patterns) {
    has <- grepl(pattern, folded)
    found <- sub(paste0("^.*", pattern), "\\1", folded[has])
    bare <- substr(line[has], 1, nchar(sub(pattern, "", folded[has])))
    numbers <- split(found, bare)
    sure <- pattern == patterns[[1]] || all(has | line == "mean") &&
      (all(nchar(found) > 1) ||
        (length(numbers) > 1 || length(found) > 1) &&
          length(unique(lapply(numbers, sort))) == 1)
    if (any(has) && sure) {
      number[has] <- suppressWarnings(as.numeric(found))
      line[has] <- bare
      folded <- fold_case(line)
    }
  }
  list(line = line, number = number)
}

# One row per pair and value of `by`: means of scores, median of FDRs. Calls
# that differ make none (`conflict`), else half of them make a hit. list(rows,
# conflicting)
average_rows <- function(rows, by, conflict) {
  keys <- do.call(paste, c(rows[c("gene_a", "gene_b", by)], sep = "\t"))
  id <- match(keys, unique(keys))
  none <- rows[0, c("gene_a", "gene_b", "study", "line")]
  if (!anyDuplicated(id)) {
    return(list(rows = rows, conflicting = none))
  }
  n <- max(id)
  first <- which(!duplicated(id))
  out <- rows[first, ]
  for (column in c("score", "effect")) {
    out[[column]] <- each_group(rows[[column]], id, n, mean)
  }
  out$fdr <- each_group(rows$fdr, id, n, stats::median)
  out$n_rows <- tabulate(rep(id, rows$n_rows), n)
  calls <- count_labels(id, rows$call)
  both <- calls$SL > 0 & calls$non_SL > 0
  call <- ifelse(calls$SL >= calls$non_SL, "SL", "non_SL")
  call[calls$SL + calls$non_SL == 0] <- NA
  if (conflict) {
    call[both] <- NA
    none <- out[both, names(none)]
  } else {
    lines <- unique(rows$line)
    line <- match(rows$line, lines) + length(lines) * id
    lines <- tabulate(id[!duplicated(line)], n)
    out$line[lines > 1] <- "mean"
  }
  out$call <- factor(call, levels = pair_labels)
  list(rows = out, conflicting = none)
}

# Pairs that are hits or not by an FDR that they lack.
rows_without_fdr <- function(rows, rules) {
  lacks <- is.finite(rules$fdr) & !rules$called & is.na(rows$fdr) &
    (rows$effect < rules$hit) %in% TRUE
  rows[lacks, c("gene_a", "gene_b", "study", "line")]
}

# The pairs in the form of musl_data().
label_screen <- function(rows, rules) {
  effect <- rows$effect
  is_hit <- !is.na(effect) & effect < rules$hit
  if (is.finite(rules$fdr)) is_hit <- is_hit & rows$fdr < rules$fdr
  # NA if the FDR that decides is missing.
  label <- ifelse(is_hit, "SL", "non_SL")
  label[is.na(effect)] <- NA
  own <- !is.na(rows$call) & (rules$called | is.na(effect))
  label[own] <- as.character(rows$call[own])
  if (rules$called) label[is.na(rows$call)] <- NA
  n <- nrow(rows)
  out <- tibble(
    gene_a = rows$gene_a, gene_b = rows$gene_b,
    label = factor(label, levels = pair_labels), study = rows$study,
    line = rows$line, measured = rep(TRUE, n), weight = rep(1, n),
    effect = effect, score = ifelse(is.nan(rows$score), NA, rows$score),
    fdr = rows$fdr, n_rows = rows$n_rows
  )
  if (any(!is.na(rows$query))) out$query <- rows$query
  out
}

tell_screen <- function(report, wrong, pairs, rules) {
  n <- c(lapply(report, nrow), layout = 1, outcome = 1)
  hits <- table(pairs$label)
  texts <- c(
    layout = "Layout {.val {rules$layout}}: {told_roles(report$roles)}.",
    outcome = "{hits[['SL']]} hit{?s} and {hits[['non_SL']]} other{?s} by
               {told_rule(rules)}.",
    names_told, screen_told
  )
  tell_repairs(n, texts, report, "{.code attr(x, \"report\")} lists each case")
  r <- format(round(wrong, 2), trim = TRUE)
  warn_if(length(wrong) > 0, c(
    "Scores rise where the study's calls say synthetic lethal.",
    x = "{.val {paste0(names(wrong), ' (r = ', r, ')')}}.",
    i = "Is the sign wrong? {.arg lethal} reverses it."
  ), studies = wrong)
  known <- pairs[!is.na(pairs$label), ]
  line <- ifelse(is.na(known$line), "", paste0(", ", known$line))
  screen <- paste0(known$study, line)
  n <- table(factor(screen, unique(screen)), known$label)
  no_hit <- rownames(n)[n[, "SL"] == 0]
  all_hits <- rownames(n)[n[, "non_SL"] == 0]
  warn_if(nrow(known) == 0 || length(c(no_hit, all_hits)) > 0, c(
    "A screen should have hits and non-hits.",
    x = if (nrow(known) == 0) "No pair has a label.",
    x = if (length(no_hit) > 0) {
      "Without a hit: {.val {few(no_hit)}} ({length(no_hit)} in all)."
    },
    x = if (length(all_hits) > 0) {
      "Only hits: {.val {few(all_hits)}} ({length(all_hits)} in all)."
    },
    i = "{.arg hit} and {.arg fdr} set the thresholds."
  ), no_hit = no_hit, all_hits = all_hits)
}

# cli texts, evaluated in tell_screen(), by the name of the report's table.
screen_told <- c(
  unsplit = "{n$unsplit} pair{?s} whose names can't be separated left out:
             {.val {few(report$unsplit$pair)}}.",
  ignored = "{n$ignored} column{?s} left out:
             {.field {few(report$ignored$column)}}{and_more(n$ignored)}.",
  self = "{n$self} gene{?s} paired with {?itself/themselves} left out.",
  turned = "Scores of {.val {report$turned$study}} reversed: negative is
            synthetic lethal.",
  duplicated = "{n$duplicated} pair{?s} with several rows averaged.",
  several_rows = "{n$several_rows} pair{?s} with several rows averaged: no
                  column names the line ({.arg columns} can).",
  conflicting = "{n$conflicting} pair{?s} called both ways left without a
                 label: {show_pairs(report$conflicting)}.",
  runs = "{n$runs} line{?s} named with a replicate or day:
          {.val {few(report$runs$given)}}.",
  unscored = "{n$unscored} row{?s} with a score that is missing or not finite.",
  without_fdr = "{n$without_fdr} pair{?s} with the effect of a hit and no FDR
                 left without a label: {show_pairs(report$without_fdr)}."
)

and_more <- function(n) if (n > 3) ", ..."

told_rule <- function(rules) {
  if (rules$called) {
    return("the study's calls")
  }
  paste0(
    "effect < ", rules$hit,
    if (is.finite(rules$fdr)) paste0(" and FDR < ", rules$fdr)
  )
}
