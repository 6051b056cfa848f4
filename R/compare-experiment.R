# What a screen says of the experiment that was planned; see musl_compare().

compare_experiment <- function(plan, screen, fdr, columns) {
  found <- screened_pairs(screen, fdr, columns)
  check_once(
    pair_keys(found), "screen", "pair",
    "Pass the table of pairs, not of guides."
  )
  pairs <- plan$pairs
  pairs$hit <- found$hit[match(pair_keys(pairs), pair_keys(found))]
  tested <- pairs[!is.na(pairs$hit), ]
  abort_if(nrow(tested) == 0, c(
    "{.arg screen} must have pairs of the experiment.",
    x = "It has none of {show_pairs(as.data.frame(pairs[1:2]))}."
  ), "gene")
  asked <- attr(plan, "asked")
  at <- plan$power$effect == "typical" &
    plan$power$replicates == asked$replicates
  power <- plan$power$power[at]
  # Of the interactions a screen finds the share that it has power for.
  range <- expected_hits(tested$.pred_SL * power)
  hits <- sum(tested$hit)
  out <- tibble(
    n_pairs = nrow(pairs), n_tested = nrow(tested), n_hits = hits,
    power = power, expected = range$expected, .lower = range$.lower,
    .upper = range$.upper,
    verdict = c("fewer", "as expected", "more")[
      1 + (hits >= range$.lower) + (hits > range$.upper)
    ],
    # A gamma prior of mean 1 and the weight of one hit.
    rate = (hits + 1) / (range$expected + 1),
    rate_lower = stats::qgamma(0.025, hits + 1, range$expected + 1),
    rate_upper = stats::qgamma(0.975, hits + 1, range$expected + 1)
  )
  tibble::new_tibble(out, pairs = pairs, class = "musl_verdict")
}

# Pairs of a screen with hit calls: of read_gi_screen(), of gimap, or a table
# with a flag: gene_a, gene_b, hit.
screened_pairs <- function(screen, fdr, columns) {
  names <- if (is.null(columns)) names(screen) else names2(columns)
  values <- function(name) {
    screen[[if (is.null(columns)) name else columns[[name]]]]
  }
  if (!is.null(columns)) check_columns(screen, columns, "screen")
  plain <- squash_name(names)
  ends <- find_both(plain, pair_gene_names)
  target <- match("pgrnatarget", plain)
  abort_if(is.null(ends) && is.na(target), c(
    "{.arg screen} must have columns of two genes, or {.field pgRNA_target}.",
    x = "Its columns are {.field {few(names, 12)}}."
  ), argument = "screen")
  genes <- if (is.null(ends)) {
    parts <- strsplit(as.character(values(names[[target]])), "_", fixed = TRUE)
    lapply(1:2, function(i) vapply(parts, `[`, "", i))
  } else {
    lapply(names[ends], function(name) trimws(as.character(values(name))))
  }
  out <- tibble(gene_a = genes[[1]], gene_b = genes[[2]])
  out$hit <- pair_hits(values, names, plain, fdr)
  out[!is.na(out$hit) & !is.na(out$gene_a) & !is.na(out$gene_b), ]
}

pair_hits <- function(values, names, plain, fdr) {
  flag <- match(c("hit", "label"), plain)
  flag <- flag[!is.na(flag)][1]
  if (!is.na(flag)) {
    x <- values(names[[flag]])
    return(if (is.factor(x) || is.character(x)) x == "SL" else as.logical(x))
  }
  score <- find_column(names, c(
    "giscore", "meangiscore", "gi", "score", "effect", "strength"
  ))
  rate <- find_column(names, c("fdr", "padj", "qvalue"))
  abort_if(is.na(score) || is.na(rate), c(
    "{.arg screen} must have the column {.field hit}, or a score and an
     {.field fdr}.",
    x = "Its columns are {.field {few(names, 12)}}."
  ), argument = "screen")
  values(names[[score]]) < 0 & values(names[[rate]]) <= fdr
}

#' @export
print.musl_verdict <- function(x, ...) {
  if (nrow(x) != 1 || !all(c("n_hits", "verdict", "rate") %in% names(x))) {
    return(NextMethod())
  }
  writeLines(strwrap(c(
    sprintf(
      "<musl_verdict> %s of %s: %s", count_of(x$n_hits, "hit"),
      count_of(x$n_tested, "pair"),
      sub("^(fewer|more)$", "\\1 than expected", x$verdict)
    ),
    sprintf(
      "Expected: %.1f (%d to %d) at a power of %.2f", x$expected, x$.lower,
      x$.upper, x$power
    ),
    sprintf(
      "Rate: %.2g times the model's probabilities (%.2g to %.2g)", x$rate,
      x$rate_lower, x$rate_upper
    )
  ), getOption("width"), exdent = 2))
  invisible(x)
}
