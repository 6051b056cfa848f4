# The part "joint" of bench/screens.R: the model's score, what another library
# measured of the same pairs, and the `joint` that musl_compare() makes of both,
# each judged by the hits of a library that neither saw.

report_joint <- function(inputs, settings) {
  rows <- library_rows(inputs)
  runs <- study_runs(inputs, settings)
  studies <- unique(rows$study)
  grid <- expand.grid(
    other = studies, study = studies, stringsAsFactors = FALSE
  )
  grid <- grid[grid$other != grid$study, ]
  found <- do.call(rbind, Map(function(study, other) {
    figures <- lapply(runs, joint_figures, rows, study, other)
    if (any(lengths(figures) == 0)) {
      return(NULL)
    }
    out <- Reduce(`+`, figures) / length(figures)
    data.frame(hits_of = study, screen = other, t(out), check.names = FALSE)
  }, grid$study, grid$other))
  cat("\nHits of a study, by the score, by another study, by both\n\n")
  if (is.null(found)) {
    cat("No two studies share enough pairs.\n")
    return(invisible())
  }
  last <- data.frame(
    hits_of = "mean", screen = "", t(colMeans(found[-(1:2)])),
    check.names = FALSE
  )
  found <- rbind(found, last)
  found[-(1:2)] <- round(found[-(1:2)], 3)
  cat(knitr::kable(found, row.names = FALSE, format = "pipe"), sep = "\n")
}

# AUROC and AP of each for the hits of `study` among the pairs that `other`
# measured too; NULL where they share fewer than 80 pairs (a smoke run: 5) or 8
# hits (1).
joint_figures <- function(scores, rows, study, other) {
  judged <- data.frame(
    pair = pair_names(rows), hit = rows$label == "SL", .score = scores[, "score"]
  )[rows$study == study, ]
  judged <- judged[!duplicated(judged$pair), ]
  screen <- data.frame(
    pair = pair_names(rows), strength = -rows$effect, hit = rows$label == "SL"
  )[rows$study == other & !is.na(rows$effect), ]
  # Of several lines the strongest effect.
  screen <- screen[order(-screen$strength), ]
  screen <- screen[!duplicated(screen$pair), ]
  hit <- stats::setNames(judged$hit, judged$pair)
  shared <- judged$pair %in% screen$pair
  least <- if (is_smoke()) c(5, 1) else c(80, 8)
  if (sum(shared) < least[[1]] || sum(judged$hit[shared]) < least[[2]]) {
    return(NULL)
  }
  compared <- quietly(musl_compare(
    data.frame(anchor = "-", partner = judged$pair, .score = judged$.score),
    screen, columns = c(gene = "pair", strength = "strength", hit = "hit"),
    k = 10L, bootstrap = 2L, seed = 1
  ))
  genes <- augment(compared)
  hit <- hit[genes$gene]
  by <- cbind(
    score = genes$.score, screen = genes$strength, joint = genes$joint
  )
  figures <- figures_by_group(by, hit, rep(1, nrow(by)))[, c("AUROC", "AP")]
  stats::setNames(c(nrow(by), sum(hit), figures), c(
    "pairs", "hits",
    paste(rep(colnames(figures), each = 3), rep(rownames(figures), 2))
  ))
}
