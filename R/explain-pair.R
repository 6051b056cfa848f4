# How the scorers of a model explain a pair; see musl_explain().

# Number of training pairs searched for the nearest ones, besides those of the
# two genes; and how many of them novelty is measured on.
nearest_pool <- 700L
novelty_pool <- 200L
nearest_seed <- 21L

explain_pair <- function(object, pair, how, bound, ranks) {
  vectors <- "embedding" %in% bound$asked$types
  chosen <- nearest_candidates(object, pair, if (vectors) how$nearest else 0)
  scored <- score_pairs(
    object, rbind(pair, chosen[pair_ends_of]), how,
    embedding = vectors, bound = bound
  )
  why <- with_core(cpp_explain_pairs(
    bound$scorer, pair_input(pair, bound$genes), bound$options
  ))[[1]]
  terms <- explained_terms(why, pair)
  facts <- gene_facts(object, how, bound)
  shared <- shared_sets(facts$source, pair)
  near <- nearest_pairs(chosen, scored$embedding, how$nearest)
  new_explanation(
    terms,
    tibble(
      pair, explained_score(object, scored),
      prior = used_prior(object, scored),
      reference_score = terms$contribution[terms$component == "reference"],
      error = why$error,
      novelty = near$novelty,
      direction = pair_direction(pair, facts),
      identity = pair_identity(object, pair, how, bound),
      order = nan_to_na(why$order)
    ),
    list(
      branches = branch_table(object, why$branches),
      histogram = cell_table(why, object@architecture$transforms),
      known_partners = gene_shares(why$partners, bound$genes, TRUE),
      neighbours = gene_shares(why$neighbours, bound$genes, FALSE),
      nearest = near$pairs,
      order = pair_orders(
        pair, nan_to_na(why$order), facts,
        if (ranks) pair_ranks(object, pair, how, bound)
      ),
      screens = pair_screens(object, pair),
      shared = shared[setdiff(names(shared), c("row", "set"))]
    )
  )
}

# Share of the aligned residues that are equal, NA if it is not known.
pair_identity <- function(object, pair, how, bound) {
  x <- scorer_features(object, pair, how$data, bound)
  paralog_identity(
    x[["paralog_identity"]] %||% NA_real_, pair$gene_a, pair$gene_b
  )
}

# The pair and the pair turned: of each gene with the other one as partner.
both_ways <- function(pair) {
  tibble(
    gene_a = c(pair$gene_a, pair$gene_b), gene_b = c(pair$gene_b, pair$gene_a)
  )
}

# What ranks either gene in the list of the other one: `order` of the terms, and
# what lines with the loss and the partner's status add, as place_candidates()
# does; `ranks` of pair_ranks() or NULL.
pair_orders <- function(pair, order, facts, ranks) {
  both <- both_ways(pair)
  places <- candidate_places(both$gene_b, facts)
  found <- core_differences(both, facts)$lost
  bonus <- numeric(2)
  bonus[found$row] <- found$bonus
  tibble(
    anchor = both$gene_a, partner = both$gene_b, terms = order, lines = bonus,
    status = ranks$status %||% places$status,
    status_handicap = -places$handicap,
    order = order + bonus - places$handicap,
    rank = ranks$rank %||% NA_integer_,
    n_candidates = ranks$n_candidates %||% NA_integer_,
    times_average = ranks$times_average %||% NA_real_
  )
}

# The rank of each gene in the list of the other one, of how many, and the
# `order` of lists; see musl_partners().
pair_ranks <- function(object, pair, how, bound) {
  both <- both_ways(pair)
  how$by <- check_order("auto", object, bound$asked)
  how$placing <- list(lethal = "last", dependency = NULL, state = "lost")
  pairs <- mark_known(
    anchor_pairs(both$gene_a, scored_genes(object, how$data)),
    model_labels(object)
  )
  facts <- gene_facts(object, how, bound, pairs)
  placed <- placed_lists(object, pairs, how, bound, facts)$pairs
  placed <- placed[placed$rank > 0L, ]
  at <- match(
    paste(both$gene_a, both$gene_b), paste(placed$gene_a, placed$gene_b)
  )
  list(
    rank = placed$rank[at], times_average = placed$order[at],
    status = placed$status[at],
    n_candidates = as.vector(table(placed$gene_a)[both$gene_a])
  )
}

# What each screen found of the pair: study, hit, lines (of the hit), share (of
# the screen's pairs that are at least as strong, NA if not known).
pair_screens <- function(object, pair) {
  found <- pair_records(object, pair)
  columns <- c("study", "hit", "lines", "share")
  if (NROW(found) == 0) {
    return(tibble(
      study = character(), hit = logical(), lines = character(),
      share = double()
    ))
  }
  as_tibble(as.list(found)[columns])
}

# What lines in which either gene is altered need, in words; NA if nothing is
# known.
pair_direction <- function(pair, facts) {
  both <- both_ways(pair)
  words <- unlist(lapply(c("lost", "activated"), function(state) {
    # The two are related to no one else here.
    found <- called_differences(both, facts, state, near = TRUE)
    found <- found[found$turned %in% FALSE, ]
    if (NROW(found) > 0) {
      direction_words(found, paste(both$gene_b[found$row], "is "))
    }
  }))
  words <- unique(words[!is.na(words)])
  if (length(words) > 0) paste(words, collapse = "; ") else NA_character_
}

# As in predict(type = "interval"), for the first of the scored pairs.
explained_score <- function(object, scored) {
  first <- c("score", "n_unseen", "is_unknown", "probability")
  first <- lapply(scored[intersect(first, names(scored))], `[[`, 1)
  interval <- if (is.null(first$probability)) {
    suppressWarnings(
      interval_columns(object@calibration, first, NULL),
      classes = "musl_warning"
    )
  } else {
    list(.pred_lower = NA_real_, .pred_upper = NA_real_)
  }
  columns <- c(prediction_columns(object, first, NULL), interval)
  as_tibble(columns[c(
    ".score", ".pred_SL", ".pred_lower", ".pred_upper", "n_unseen"
  )])
}

# One row per value, but only one per histogram of a cohort and per block of a
# gene; without a reference pair the rest of the score is a constant, and
# columns that no scorer reads are left out.
explained_terms <- function(why, pair) {
  rows <- bind_each(why$inputs, input_terms, why = why, pair = pair)
  of_pair <- !is.nan(why$reference_score)
  if (!of_pair) {
    rows <- rows[rows$contribution != 0 | (rows$order != 0) %in% TRUE, ]
  }
  rbind(rows, term_rows(
    "reference", if (of_pair) "reference pair" else "constant", NA_real_,
    if (of_pair) why$reference_score else why$score - sum(rows$contribution),
    order = nan_to_na(why$order) - sum(rows$order)
  ))
}

# `words` are those of features, if the core knows them; `order` contributes to
# what ranks lists, NA if that is not known.
term_rows <- function(component, term, value, contribution, beyond = FALSE,
                      words = term, order = NA_real_) {
  tibble(component, term, value, contribution, order, beyond, words)
}

input_terms <- function(input, why, pair) {
  if (input$input == "histogram") {
    return(histogram_terms(input, why$cohorts))
  }
  if (grepl("^gene_[ab]\\b", input$input)) {
    return(gene_terms(input, pair))
  }
  terms <- input$term
  if (length(terms) == 0) terms <- as.character(seq_along(input$value))
  terms <- gsub("{a}", pair$gene_a, terms, fixed = TRUE)
  terms <- gsub("{b}", pair$gene_b, terms, fixed = TRUE)
  terms <- sub(":$", "", terms) # if all cohorts share a space
  term_rows(
    input$input, terms, nan_to_na(input$value), input$contribution,
    if (length(input$beyond) > 0) input$beyond else FALSE,
    if (length(input$words) > 0) input$words else terms,
    if (length(input$order) > 0) input$order else NA_real_
  )
}

histogram_terms <- function(input, cohorts) {
  cohort <- rep(
    vapply(cohorts, `[[`, "", "name"), vapply(cohorts, cohort_cells, 0)
  )
  sums <- tapply(input$contribution, factor(cohort, unique(cohort)), sum)
  term_rows("histogram", names(sums), NA_real_, as.vector(sums))
}

cohort_cells <- function(cohort) cohort$channels * cohort$bins^2

# "gene_a", "gene_a:embedding", "gene_a:1 steps:embedding"
gene_terms <- function(input, pair) {
  words <- strsplit(input$input, ":", fixed = TRUE)[[1]]
  steps <- length(words) > 1 && grepl("^[0-9]+ steps$", words[[2]])
  what <- words[-seq_len(if (steps) 2 else 1)]
  term <- paste(
    c(
      pair[[words[[1]]]], paste(what, collapse = ":"),
      if (steps) sub("^1 steps$", "1 step", words[[2]])
    )[c(TRUE, length(what) > 0, if (steps) TRUE)],
    collapse = ", "
  )
  term_rows(
    if (steps) "neighbours" else "genes", term, NA_real_,
    sum(input$contribution)
  )
}

branch_table <- function(object, branches) {
  names <- branches$branch
  encoders <- intersect(names, object@architecture$encoders)
  gated <- names %in% encoders[is_gated(encoders)]
  tibble(
    branch = names, logit = branches$logit, weight = branches$weight,
    contribution = branches$logit * branches$weight,
    gate = ifelse(gated, branches$gate, NA_real_)
  )
}

cell_table <- function(why, transforms) {
  found <- Filter(function(input) input$input == "histogram", why$inputs)
  if (length(found) == 0) {
    return(tibble())
  }
  last <- cumsum(vapply(why$cohorts, cohort_cells, 0))
  rows <- Map(function(cohort, last) {
    at <- last - cohort_cells(cohort) + seq_len(cohort_cells(cohort))
    if (cohort$has_pair) {
      explained_cells(cohort, transforms, lapply(found[[1]][3:5], `[`, at))
    }
  }, why$cohorts, last)
  do.call(rbind, rows) %||% tibble()
}

# Cells of a channel are stored row by row, rows along the first gene; all
# transforms have the same number of channels.
explained_cells <- function(cohort, transforms, cells) {
  bins <- cohort$bins
  where <- expand.grid(
    bin_b = seq_len(bins), bin_a = seq_len(bins),
    channel = seq_len(cohort$channels)
  )
  n_assays <- cohort$n_assays
  n_channels <- cohort$channels / length(transforms)
  view <- (where$channel - 1) %/% n_channels
  channel <- (where$channel - 1) %% n_channels %% n_assays^2
  edges <- function(ranges, assay, bin) {
    bin_edges(ranges, view * n_assays + assay, bin, bins)
  }
  edges_a <- edges(cohort$range_a, channel %/% n_assays, where$bin_a)
  edges_b <- edges(cohort$range_b, channel %% n_assays, where$bin_b)
  tibble(
    cohort = cohort$name, channel = where$channel,
    transform = transforms[view + 1], bin_a = where$bin_a, bin_b = where$bin_b,
    low_a = edges_a$low, high_a = edges_a$high,
    low_b = edges_b$low, high_b = edges_b$high,
    share = cells$value, expected = cells$reference,
    contribution = cells$contribution
  )
}

bin_edges <- function(ranges, at, bin, bins) {
  range <- do.call(rbind, ranges)[at + 1, , drop = FALSE]
  width <- (range[, 2] - range[, 1]) / bins
  list(low = range[, 1] + (bin - 1) * width, high = range[, 1] + bin * width)
}

gene_shares <- function(shares, genes, recorded) {
  record <- ifelse(shares$is_sl == 1, "SL", "non_SL")
  if (!recorded) record[] <- NA
  out <- tibble(
    gene = genes[shares$gene], partner = genes[shares$partner],
    record = factor(record, pair_labels), contribution = shares$contribution
  )
  out[order(-abs(out$contribution)), ]
}

# Training pairs by their distance to the first of the vectors, and novelty; the
# other vectors are those of `chosen`.
nearest_pairs <- function(chosen, vectors, n) {
  none <- list(pairs = tibble(
    gene_a = character(), gene_b = character(),
    label = factor(character(), pair_labels), distance = numeric()
  ), novelty = NA_real_)
  if (is.null(vectors)) {
    return(none)
  }
  # Branches outside the fusion, "genes" alone, make no vector: it is 0.
  placed <- !is.na(rowSums(vectors)) & rowSums(vectors != 0) > 0
  chosen <- chosen[placed[-1], ]
  vectors <- vectors[placed, , drop = FALSE]
  if (!placed[[1]] || nrow(chosen) < 2) {
    return(none)
  }
  # Of all rows (rows) to those numbered `to` (columns); distances among the
  # training pairs leave out the first row, the pair itself.
  to <- seq_len(min(novelty_pool + 1, nrow(vectors)))
  squares <- rowSums(vectors^2)
  apart <- outer(squares, squares[to], `+`) -
    2 * tcrossprod(vectors, vectors[to, , drop = FALSE])
  apart <- sqrt(pmax(apart, 0))
  own <- apart[-1, 1]
  order <- utils::head(order(own), n)
  pairs <- chosen[order, ]
  pairs$distance <- own[order]
  # How many of the training pairs are closer to another than this pair is.
  others <- apart[-1, -1, drop = FALSE]
  others[cbind(seq_len(ncol(others)), seq_len(ncol(others)))] <- Inf
  usual <- apply(others, 2, min, na.rm = TRUE)
  list(pairs = as_tibble(pairs), novelty = mean(usual < min(own, na.rm = TRUE)))
}

# Labelled pairs other than this one: a sample first, then those of the two
# genes.
nearest_candidates <- function(object, pair, n) {
  known <- object@known
  known <- known[!is.na(known$label), c("gene_a", "gene_b", "label")]
  itself <- known$gene_a == pair$gene_a & known$gene_b == pair$gene_b
  known <- known[!itself, ]
  if (n == 0 || nrow(known) < 2) {
    return(known[0, ])
  }
  ends <- c(pair$gene_a, pair$gene_b)
  of_genes <- which(known$gene_a %in% ends | known$gene_b %in% ends)
  sampled <- with_seed_kept(
    nearest_seed, sample.int(nrow(known), min(nearest_pool, nrow(known)))
  )
  known[unique(c(sampled, utils::head(of_genes, nearest_pool))), ]
}
