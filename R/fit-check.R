# What musl_fit() requires of its arguments, and what it says of the data.

check_fit_arguments <- function(data, split, architecture, control) {
  check_is(data, "MuslData")
  check_is(split, "musl_split", allow_null = TRUE)
  check_is(architecture, "musl_architecture")
  check_is(control, "musl_control")
  abort_if(!any(!is.na(data@pairs$label)) && is.null(split), c(
    "{.arg data} must hold labelled pairs.",
    x = "It holds {nrow(data@pairs)} pair{?s}, none with a label.",
    i = "Pass {.code pairs =} with a column {.field label} to {.fn musl_data}."
  ))
}

# An encoder without any input would only be masked throughout.
drop_empty_encoders <- function(architecture, data) {
  encoders <- architecture$encoders
  # Pairs are always there; an encoder that reads only them is no reason to fit.
  reading <- setdiff(encoders, usable_encoders(encoders, "pairs"))
  empty <- setdiff(reading, usable_encoders(reading, c(
    "pairs",
    if (length(data@cohorts) > 0) "expression",
    if (length(data@network$from) > 0) "network",
    if (!is.null(data@embeddings)) "embeddings"
  )))
  abort_if(length(reading) > 0 && length(empty) == length(reading), c(
    "{.arg data} must hold inputs of an encoder.",
    x = "Nothing for {.field {empty}}.",
    i = "Give {.fn musl_data} expression, a network or embeddings."
  ))
  if (length(empty) > 0) {
    inform_musl(
      "{cli::qty(empty)}The encoder{?s} {.field {empty}} {?is/are} left out,
       without an input in {.arg data}."
    )
    architecture$encoders <- setdiff(architecture$encoders, empty)
  }
  architecture
}

# Can an encoder read each of its inputs, given these kinds of data?
usable_encoders <- function(encoders, held) {
  inputs <- with_backend(cpp_encoders())
  usable <- vapply(encoders, function(encoder) {
    all(vapply(inputs[[encoder]], function(reads) any(reads %in% held), TRUE))
  }, TRUE)
  encoders[usable]
}

# Below these sizes a network learns the choice of pairs and samples; with a
# sample per bin, most cells of a histogram are empty by chance.
sensible_pairs <- 30L
sensible_samples <- 10L

# One warning for everything that is small.
warn_small <- function(parts, data, architecture) {
  n_pairs <- min(vapply(parts, function(x) nrow(x$training), 1L))
  encoders <- architecture$encoders
  needed <- max(
    if ("descriptors" %in% encoders) sensible_samples,
    if ("histogram" %in% encoders) architecture$bins, 0L
  )
  n_samples <- count_samples(data)
  few <- n_samples[n_samples < needed]
  cohorts <- paste0(names(few), " (", few, ")")
  warn_if(n_pairs < sensible_pairs || length(few) > 0, c(
    "There is too little to learn from.",
    x = if (n_pairs < sensible_pairs) {
      "{n_pairs} training pair{?s}; use at least {sensible_pairs}, better
       hundreds."
    },
    x = if (length(few) > 0) {
      "Cohorts with fewer than {needed} samples: {cohorts}."
    },
    i = if ("histogram" %in% encoders && length(few) > 0) {
      "Histograms of {architecture$bins} bins need {8L * architecture$bins}
       samples; leave the encoder {.field histogram} out."
    },
    i = if (n_pairs < sensible_pairs) {
      "{.fn musl_baselines} shows how simple scores perform with so few."
    }
  ), n_pairs = n_pairs, n_samples = n_samples)
}

kept_genes <- function(genes, data, split) {
  if (is.null(genes)) {
    return(NULL)
  }
  abort_if(!is.null(split), c(
    "{.arg keep_genes} must be {.code NULL} with a {.arg split}.",
    x = "The folds of the split define what is held out."
  ), argument = "keep_genes")
  labelled <- data@pairs[!is.na(data@pairs$label), ]
  check_anchors(
    genes, unique(c(labelled$gene_a, labelled$gene_b)),
    of = "a labelled pair", arg = "keep_genes"
  )
}

# An anchor with labelled pairs, all held out of training, is ranked as an
# unseen gene. Without a split only networks hold genes out.
warn_held_out <- function(object, anchor, by_network = TRUE) {
  has_split <- !is.na(object@split$fold %||% NA)
  unseen <- setdiff(anchor, trained_genes(object))
  ends <- c(object@known$gene_a, object@known$gene_b)
  n_known <- table(ends[ends %in% unseen])
  n <- length(n_known)
  shown <- paste0(names(n_known), " (", n_known, " labelled pairs)")
  warn_if(n > 0 && (has_split || by_network), c(
    "{n} anchor{?s} {?was/were} held out in training: {?its/their} partners are
     ranked as those of an unseen gene.",
    x = "Held out: {utils::head(shown, 3)}.",
    i = if (!has_split) {
      "Fit with {.code keep_genes} to train on {cli::qty(n)}{?it/them}."
    } else {
      "The model is for evaluation; fit one on all pairs, without
       {.arg split}, to rank partners."
    }
  ), genes = names(n_known))
}

# AUROC of the genes' numbers of SL pairs from which on a fit says so.
popularity_limit <- 0.8

tell_popularity <- function(training, split) {
  auroc <- popularity_auroc(training)
  remedy <- if (is.null(split)) {
    "{.code musl_negatives(policy = \"degree_matched\")} on only the SL pairs"
  } else {
    "{.code negatives = \"degree_matched\"} in {.fn musl_split}"
  }
  inform_if(isTRUE(auroc >= popularity_limit), c(
    "Genes of non-SL pairs are less studied than those of SL pairs: the number
     of SL pairs of their genes separates the two with an AUROC of
     {round(auroc, 2)}.",
    i = "Scores will follow it; {.fn musl_partners} orders lists by pair
         evidence too.",
    i = paste(remedy, "draws non-SL pairs of equally studied genes.")
  ), "popularity", auroc = auroc)
}

# The pair itself is not counted.
popularity_auroc <- function(pairs) {
  is_sl <- pairs$label == "SL"
  genes <- unique(c(pairs$gene_a, pairs$gene_b))
  a <- match(pairs$gene_a, genes)
  b <- match(pairs$gene_b, genes)
  degree <- tabulate(c(a[is_sl], b[is_sl]), length(genes))
  known <- log1p(degree[a] - is_sl) + log1p(degree[b] - is_sl)
  with_core(cpp_auroc(known, as.integer(is_sl)))
}
