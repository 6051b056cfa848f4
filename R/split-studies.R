# Folds that hold out the queries of directed screens, or whole studies.

# As random_folds(): list(assignment). Call it with a seed set.
query_folds <- function(pairs, plan, call) {
  query <- as.character(pairs[["query"]] %||% rep(NA, nrow(pairs)))
  names <- unique_bytes(query[!is.na(query)])
  if (length(names) < plan$folds) {
    abort_musl(c(
      "{.arg data} must hold directed screens of at least {plan$folds} queries
       for {.code setting = \"query\"}.",
      x = "The column {.field query} of its pairs names {length(names)}
           quer{?y/ies}.",
      i = "Name the query gene of each pair in that column, as
           {.fn read_gi_screen} does, or use fewer {.arg folds}."
    ), call = call)
  }
  row <- match(query, names)
  units <- list(
    genes = names, size = rep(1L, length(names)),
    degree = tabulate(row[which(pairs$label == "SL")], length(names))
  )
  keys <- pair_keys(pairs)
  assignment <- lapply(seq_len(plan$repeats), function(repeat_id) {
    fold <- deal_units(units, plan$folds, plan$strata)
    lapply(seq_len(plan$folds), function(f) {
      held <- hold_units(units, which(fold != f), plan$validation, plan$strata)
      part <- rep("train", nrow(pairs))
      part[row %in% held] <- "validation"
      part[row %in% which(fold == f)] <- "test"
      factor(without_shared(part, keys), split_parts)
    })
  })
  list(assignment = unlist(assignment, recursive = FALSE))
}

# list(assignment, held = the study of each fold, clean = one logical per fold).
study_folds <- function(pairs, plan, call) {
  measured <- is_measured(pairs)
  source <- as.character(pairs[["source"]] %||% rep(NA, nrow(pairs)))
  n <- table(
    factor(source[measured], unique(source[measured])), pairs$label[measured]
  )
  studies <- rownames(n)[n[, "SL"] > 0 & n[, "non_SL"] > 0]
  if (length(studies) == 0 || nrow(n) + any(!measured) < 2) {
    abort_musl(c(
      "{.arg data} must hold measured pairs of two studies at least, one of them
       with both labels, for {.code setting = \"study\"}.",
      x = "It holds {nrow(n)}, {length(studies)} of them with both.",
      i = "{.fn read_gi_screen} reads such pairs."
    ), call = call)
  }
  keys <- pair_keys(pairs)
  first <- which(!duplicated(keys))
  held <- rep(studies, plan$repeats)
  assignment <- lapply(held, function(study) {
    part <- rep("train", nrow(pairs))
    is_test <- measured & source %in% study
    part[is_test] <- "test"
    open <- first[!keys[first] %in% keys[is_test]]
    out <- held_pairs(pairs$label, open, plan$validation)
    part[keys %in% keys[out]] <- "validation"
    factor(without_shared(part, keys), split_parts)
  })
  clean <- lapply(held, function(study) {
    is_test <- measured & source %in% study
    is_test & !keys %in% keys[!is_test]
  })
  list(assignment = assignment, held = held, clean = clean)
}

# Marks pairs of the test part, from another study or in the other direction, as
# unused in validation and training, and those of validation in training.
without_shared <- function(part, keys) {
  test <- unique(keys[part == "test"])
  part[part != "test" & keys %in% test] <- "unused"
  validation <- unique(keys[part == "validation"])
  part[part == "train" & keys %in% validation] <- "unused"
  part
}
