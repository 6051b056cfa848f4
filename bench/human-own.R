# The part of bench/human.R that gives some labels of a left-out study back: a
# model of these alone, the human model without the study, and a fit of the
# labels that starts from it.

own_sizes <- c(50, 200, Inf)

report_own <- function(inputs, settings) {
  studies <- library_studies(inputs)
  rows <- do.call(rbind, lapply(studies, own_rows, inputs, settings))
  each <- stats::aggregate(
    cbind(AUROC, AP) ~ scorer + given + study, rows, mean
  )
  each$given <- ifelse(is.finite(each$given), each$given, "half of all")
  each[c("AUROC", "AP")] <- round(each[c("AUROC", "AP")], 3)
  cat("\nOwn labels and the human model\n\n")
  cat(knitr::kable(each, row.names = FALSE, format = "pipe"), sep = "\n")
}

# Half of the study, hits and non-hits alike, is given back in part; the other
# half is judged.
own_rows <- function(study, inputs, settings) {
  rows <- inputs$measured[inputs$measured$study == study, ]
  hit <- rows$label == "SL"
  judged <- withr::with_seed(1, drawn_share(hit, 1 / 2))
  test <- rows[judged, ]
  human <- kept(settings, paste0("own-", study, "-human"), {
    fit_without(
      inputs, pair_names(rows), inputs$measured$study != study, 1L, settings
    )
  })
  out <- own_figures(predicted(human, test), test, study, "human model", 0)
  for (size in own_sizes) {
    for (draw in seq_len(if (is.finite(size)) 2 else 1)) {
      given <- rows[!judged, ]
      share <- min(1, size / nrow(given))
      given <- given[
        withr::with_seed(draw, drawn_share(given$label == "SL", share)),
      ]
      name <- paste("own", study, size, draw, sep = "-")
      scores <- kept(settings, name, {
        own_scores(inputs, human, given, test, settings)
      })
      for (scorer in names(scores)) {
        out <- rbind(
          out, own_figures(scores[[scorer]], test, study, scorer, size)
        )
      }
    }
  }
  out
}

# That share of the hits and of the others, two hits at least.
drawn_share <- function(hit, share) {
  out <- logical(length(hit))
  for (one in c(TRUE, FALSE)) {
    at <- which(hit == one)
    out[sample(at, max(2, round(share * length(at))))] <- TRUE
  }
  out
}

own_scores <- function(inputs, human, given, test, settings) {
  fit <- function(data) {
    quietly(musl_fit(data,
      control = musl_control(
        seed = 1, threads = settings$threads, replication = 0
      ),
      progress = FALSE, scorers = "features"
    ))
  }
  start <- musl_evidence(models = list(human = human))
  list(
    `own labels` = predicted(fit(inputs$make(given)), test),
    both = predicted(
      fit(quietly(musl_data(pairs = given, evidence = start))), test
    )
  )
}

predicted <- function(fit, test) {
  quietly(stats::predict(fit, asked_pairs(test)))$.score
}

own_figures <- function(score, test, study, scorer, given) {
  figures <- group_figures(
    ranked_rows(score, test$label == "SL", rep(1, nrow(test)))
  )
  data.frame(
    study = study, scorer = scorer, given = given,
    AUROC = figures[, "AUROC"], AP = figures[, "AP"]
  )
}
