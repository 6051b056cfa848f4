# Explanations of members that learned from measured pairs; see musl_explain().

explain_measured <- function(object, pair, how, call = caller_env()) {
  # predict() warns of data unlike the model's.
  evidence <- measured_universe(
    object, how$data, how$context, how$threads, call, drift = FALSE
  )
  check_explained_genes(
    how$asked, evidence$genes, known_ids(object, how$data, call), call
  )
  others <- other_pairs(object, pair, how$against)
  scored <- predict(
    object, rbind(pair, others[c("gene_a", "gene_b")]), data = how$data,
    context = how$context, members = how$members, type = "parts"
  )
  shares <- measured_shares(object, evidence, pair, how, call)
  against <- lapply(which(is.finite(scored$.score[-1])), function(i) {
    measured_terms(
      measured_shares(object, evidence, others[i, ], how, call),
      scored$.score[[i + 1]]
    )
  })
  scored <- scored[1, ]
  new_explanation(
    held_against(measured_terms(shares, scored$.score), against, how$against),
    measured_glance(pair, scored, shares),
    list(
      branches = member_branches(shares, scored),
      histogram = cell_table(list(inputs = list())),
      known_partners = gene_shares(no_shares, character(), TRUE),
      neighbours = gene_shares(no_shares, character(), FALSE),
      nearest = no_nearest()
    )
  )
}

measured_shares <- function(object, evidence, pair, how, call) {
  with_core(cpp_measured_explain(
    live_members(object), evidence$store, evidence$gene_of,
    pair_input(pair, evidence$genes),
    list(
      members = as.character(how$members), threads = as.integer(how$threads),
      line = evidence$line
    )
  ), call = call)
}

no_shares <- list(
  gene = integer(), partner = integer(), is_sl = integer(),
  contribution = numeric()
)

# Columns that no member reads contribute nothing.
measured_terms <- function(shares, score) {
  rows <- tibble(
    component = shares$group, term = shares$term,
    value = nan_to_na(shares$value), contribution = shares$contribution
  )
  rows$description <- gate_words(
    rows$term, rows$value, column_words(rows$term)
  )
  rows$description[shares$beyond] <- paste(
    rows$description[shares$beyond], "(beyond what screens measured)"
  )
  constant <- tibble(
    component = "reference", term = "constant", value = NA_real_,
    contribution = score - sum(rows$contribution), description = "constant"
  )
  rbind(rows[rows$contribution != 0, ], constant)
}

# In words, what the scores take off for the lower expressed gene.
gate_words <- function(term, value, words) {
  lines <- term == "expressed_lines"
  share <- sprintf("expressed in %.0f %% of lines", 100 * value[lines])
  share[is.na(value[lines])] <- "expression of a gene unknown"
  words[lines] <- paste("lower expressed gene:", share)
  here <- term == "expressed_here"
  words[here] <- sprintf(
    "lower expressed gene: level %.1f in the line asked for", value[here]
  )
  words
}

measured_glance <- function(pair, scored, shares) {
  tibble(
    pair, scored[c(".score", ".pred_SL")],
    .pred_lower = NA_real_, .pred_upper = NA_real_, scored["n_unseen"],
    prior = screen_prior,
    reference_score = scored$.score - sum(shares$contribution),
    error = 0, novelty = NA_real_
  )
}

member_branches <- function(shares, scored) {
  logit <- vapply(paste0(".member_", shares$members), function(name) {
    as.double(scored[[name]])
  }, 0)
  tibble(
    branch = shares$members, logit = unname(logit), weight = shares$weights,
    contribution = unname(logit) * shares$weights, gate = NA_real_
  )
}
