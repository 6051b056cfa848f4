# Methods for the result of musl_resample().

#' @export
augment.musl_resample <- function(x, ...) {
  check_dots_empty()
  x$scores
}

#' @export
tidy.musl_resample <- function(x, ...) {
  check_dots_empty()
  scores <- x$scores
  if (!is.null(x$blocks)) {
    scores$block <- rep("all", nrow(scores))
    scores <- rbind(scores, x$blocks)
  }
  columns <- intersect(
    c("block", "fold", "seed", "part", "scorer"), names(scores)
  )
  cells <- row_numbers(scores[columns])
  rows <- lapply(split(seq_len(nrow(scores)), cells), function(rows) {
    cell_metrics(scores[rows[[1]], columns], scores[rows, ])
  })
  do.call(rbind, unname(rows))
}

cell_metrics <- function(cell, pairs) {
  pairs <- pairs[!is.na(pairs$.score), ]
  is_sl <- as.double(pairs$label == "SL")
  estimate <- if (length(unique(is_sl)) == 2) {
    c(
      with_core(cpp_auroc(pairs$.score, is_sl)),
      with_core(cpp_auprc(pairs$.score, is_sl))
    )
  } else {
    c(NA_real_, NA_real_)
  }
  tibble(
    cell,
    .metric = c("auroc", "auprc"),
    .estimator = "binary",
    .estimate = estimate,
    n_pairs = nrow(pairs),
    n_positive = as.integer(sum(is_sl))
  )
}

#' @method summary musl_resample
#' @export
summary.musl_resample <- function(object, ...) {
  check_dots_empty()
  values <- tidy(object)
  columns <- intersect(c("block", "part", "scorer", ".metric"), names(values))
  cells <- row_numbers(values[columns])
  rows <- lapply(split(seq_len(nrow(values)), cells), function(rows) {
    # A part of one label has no value in its fold, as in musl_metrics().
    estimate <- values$.estimate[rows]
    estimate <- estimate[!is.na(estimate)]
    tibble(
      values[rows[[1]], columns],
      mean = nan_to_na(mean(estimate)),
      sd = stats::sd(estimate),
      n = length(estimate)
    )
  })
  do.call(rbind, unname(rows))
}

#' @export
print.musl_resample <- function(x, ...) {
  n_folds <- length(x$settings$folds)
  n_seeds <- length(x$settings$seeds)
  cat(
    "<musl_resample> ", x$settings$setting, ", ", n_folds, " fold",
    if (n_folds > 1) "s", ", ", n_seeds, " seed", if (n_seeds > 1) "s",
    if (!x$complete) ", interrupted", "\n",
    sep = ""
  )
  values <- summary(x)
  values <- values[values$.metric == "auroc", ]
  has_blocks <- "block" %in% names(values)
  block <- if (has_blocks) values$block else rep("all", nrow(values))
  for (name in unique(block)) print_auroc(values[block == name, ], name)
  invisible(x)
}

print_auroc <- function(values, block) {
  cat(
    "AUROC, mean (sd)", if (block != "all") paste0(", block ", block), "\n",
    sep = ""
  )
  print(auroc_table(values), quote = FALSE, right = TRUE)
}

# Character matrix, scorers x parts.
auroc_table <- function(values) {
  scorers <- unique(values$scorer)
  parts <- intersect(test_parts, values$part)
  text <- ifelse(
    is.na(values$sd), sprintf("%.3f", values$mean),
    sprintf("%.3f (%.3f)", values$mean, values$sd)
  )
  out <- matrix(
    "", length(scorers), length(parts),
    dimnames = list(scorers, parts)
  )
  out[cbind(match(values$scorer, scorers), match(values$part, parts))] <- text
  out
}
