# Where labels of pairs come from: the screens that measured a pair, their lines
# and how strong it was there, and the databases that record it. A model keeps
# this as `records` of its inputs; lists say it in words.

# A screen of so many pairs is kept by name alone: a pair that was measured and
# has no other record is its.
largest_record <- 20000L

# list(studies; gene_a, gene_b: places in `genes`; study: place in `studies`;
# hit; lines: of hits, joined by ", "; share: of the study's pairs that are at
# least as strong, in thousandths, NA if effects do not tell; rest: the study
# kept by name alone, "" for none; source, pubmed: of known pairs, each alone if
# all are the same)
make_records <- function(pairs, genes, known) {
  measured <- pairs[is_measured(pairs), ]
  c(screen_records(measured, genes), recorded_sources(pairs, known))
}

screen_records <- function(measured, genes) {
  if (nrow(measured) == 0) {
    return(list())
  }
  study <- as.character(measured$study)
  pair <- pair_keys(measured)
  key <- paste(pair, study, sep = "\t")
  first <- which(!duplicated(key))
  # Shares are of a study's pairs, so of all before any is left out.
  effect <- measured[["effect"]] %||% rep(NA_real_, nrow(measured))
  share <- strongest_shares(effect, key, study)
  n <- table(study[first])
  rest <- if (max(n) > largest_record) names(n)[[which.max(n)]] else ""
  kept <- first[study[first] != rest | pair[first] %in% pair[study != rest]]
  hit <- measured$label == "SL"
  line <- as.character(measured[["line"]] %||% rep(NA, nrow(measured)))
  of_hit <- hit & !is.na(line) & line != "mean"
  lines <- tapply(line[of_hit], key[of_hit], function(x) {
    paste(unique(x), collapse = ", ")
  })
  studies <- unique_bytes(study[kept])
  list(
    studies = studies, gene_a = match(measured$gene_a[kept], genes),
    gene_b = match(measured$gene_b[kept], genes),
    study = match(study[kept], studies),
    hit = as.integer(key[kept] %in% key[hit]),
    lines = as.character(lines[key[kept]]),
    share = share[kept], rest = rest
  )
}

# Of each row, in thousandths; NA in studies without effects of most pairs.
strongest_shares <- function(effect, key, study) {
  mean <- stats::ave(effect, key, FUN = function(x) mean(x, na.rm = TRUE))
  once <- !duplicated(key)
  out <- rep(NA_integer_, length(effect))
  for (one in unique(study)) {
    known <- mean[once & study == one]
    if (mean(is.finite(known)) > 0.9) {
      known <- known[is.finite(known)]
      rows <- which(study == one & is.finite(mean))
      at <- stats::ecdf(known)(mean[rows])
      out[rows] <- as.integer(ceiling(1000 * at))
    }
  }
  out
}

recorded_sources <- function(pairs, known) {
  pairs <- pairs[!is_measured(pairs) & !is_sampled(pairs), ]
  row <- match(pair_keys(known), pair_keys(pairs))
  column <- function(...) {
    for (name in c(...)) {
      found <- as.character(pairs[[name]])[row]
      if (any(!is.na(found))) {
        return(if (length(unique(found)) == 1) found[[1]] else found)
      }
    }
  }
  Filter(Negate(is.null), list(
    source = column("source", "study"), pubmed = column("pubmed", "pmid")
  ))
}

# What screens said of these pairs: one row a pair and screen: row, study, hit,
# lines, share (0 to 1), and of pairs that the named screen alone measured.
pair_records <- function(object, pairs) {
  kept <- object@inputs$records
  at <- function(genes) match(genes, object@genes)
  ends <- pair_numbers(at(pairs$gene_a), at(pairs$gene_b), object@genes)
  known <- pair_numbers(kept$gene_a, kept$gene_b, object@genes)
  found <- which(known %in% ends)
  listed <- tibble(
    row = match(known[found], ends), study = kept$studies[kept$study[found]],
    hit = kept$hit[found] == 1, lines = kept$lines[found],
    share = kept$share[found] / 1000
  )
  rest <- kept$rest
  if (!is_string(rest) || !nzchar(rest)) {
    return(listed)
  }
  hit <- found_in_screens(object, pairs)
  others <- setdiff(which(!is.na(hit)), listed$row)
  rbind(listed, tibble(
    row = others, study = rest, hit = hit[others], lines = NA_character_,
    share = NA_real_
  ))
}

# Where each recorded pair is from: list(source, pubmed), NA where unknown.
pair_sources <- function(object, pairs) {
  kept <- object@inputs$records
  row <- match(pair_keys(pairs), pair_keys(object@known))
  column <- function(values) {
    if (length(values) == 1) values <- rep(values, nrow(object@known))
    values[row] %||% rep(NA_character_, nrow(pairs))
  }
  list(source = column(kept$source), pubmed = column(kept$pubmed))
}

# Replaces what a model says of its pairs; see tools/human-model.
with_records <- function(object, records) {
  object@inputs$records <- records
  object
}
