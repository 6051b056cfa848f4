# Simple rivals of bench/muse.R: boosted trees (gbm) over what the training
# pairs say of two nodes, without the pair itself, and over the nodes' words;
# and profiles: nodes that share partners are alike.

label_columns <- function(set) {
  if (set$task != "multilabel") {
    return(as.matrix(set$pairs["label"]))
  }
  as.matrix(set$pairs[setdiff(names(set$pairs), c("from", "to", "split"))])
}

# The threshold with the largest micro-F1, halfway to the next score.
best_threshold <- function(score, label) {
  by_score <- order(score, decreasing = TRUE)
  sorted <- score[by_score]
  f1 <- 2 * cumsum(label[by_score]) / (seq_along(sorted) + sum(label))
  f1[duplicated(sorted, fromLast = TRUE)] <- 0
  best <- which.max(f1)
  mean(sorted[seq(best, min(best + 1, length(sorted)))])
}

# Rows of a rival. `learned(learn, asked)` gives (pairs asked x labels) scores
# after learning from the pairs `learn`. Several labels are called from the
# threshold with the largest micro-F1 on the validation part, as those of MuSL.
judge_learner <- function(set, scorer, learned) {
  part <- set$pairs$split
  threshold <- if (set$task == "multilabel") {
    best_threshold(
      learned(part == "train", part == "validation"),
      label_columns(set)[part == "validation", , drop = FALSE]
    )
  } else {
    0.5
  }
  rival_rows(
    set, learned(part != "test", part == "test"), scorer, threshold
  )
}

# One row a part and metric, parts as in musl_metrics(); scores are
# (test pairs x labels).
rival_rows <- function(set, scores, scorer, threshold = 0.5) {
  test <- set$pairs$split == "test"
  train <- set$pairs[set$pairs$split == "train", ]
  is_new <- function(end) !set$pairs[[end]][test] %in% c(train$from, train$to)
  part <- paste0("C", 1 + is_new("from") + is_new("to"))
  label <- label_columns(set)[test, , drop = FALSE]
  rows <- lapply(c(sort(unique(part)), "all"), function(one) {
    use <- one == "all" | part == one
    measured <- if (set$task == "affinity") {
      MuSL:::cpp_affinity_metrics(scores[use, 1], label[use, 1])
    } else {
      MuSL:::cpp_label_metrics(
        scores[use, , drop = FALSE], label[use, , drop = FALSE], threshold
      )
    }
    tibble::tibble(
      part = one, scorer = scorer, .metric = names(measured),
      .estimate = unname(measured), n_pairs = sum(use)
    )
  })
  do.call(rbind, rows)
}

# (nodes x labels) sums and (nodes) numbers of the training labels.
node_sums <- function(set, names, label, train) {
  ends <- c(set$pairs$from[train], set$pairs$to[train])
  at <- factor(ends, names)
  known <- label[train, , drop = FALSE]
  sums <- rowsum(rbind(known, known), as.integer(at))
  out <- matrix(0, length(names), ncol(label))
  out[as.integer(rownames(sums)), ] <- sums
  list(sum = out, n = tabulate(at, length(names)))
}

# (pairs x labels) shrunk mean label of one end, without the pair's own.
end_means <- function(sums, at, label, train, prior) {
  own <- label * train
  own[!train, ] <- 0
  n <- sums$n[at] - train
  list(
    mean = (sums$sum[at, , drop = FALSE] - own + 3 * prior[col(label)]) /
      (n + 3),
    n = n
  )
}

# Columns about neighbours that two nodes of one type share.
shared_columns <- function(a, b, label, train, n_nodes) {
  square <- function(values) {
    half <- Matrix::sparseMatrix(
      c(a[train], b[train]), c(b[train], a[train]),
      x = c(values, values), dims = c(n_nodes, n_nodes)
    )
  }
  links <- square(rep(1, sum(train)))
  rows <- function(x, y) as.matrix(Matrix::tcrossprod(x, y))[cbind(a, b)]
  number <- rows(links, links)
  labels <- apply(label[train, , drop = FALSE], 2, function(y) {
    labelled <- square(y)
    (rows(labelled, links) + rows(links, labelled)) / pmax(2 * number, 1)
  })
  cbind(log1p(number), labels)
}

# The first `k` principal directions of what is known of the nodes of a type.
main_columns <- function(x, k = 20) {
  x <- scale(x[, apply(x, 2, stats::sd) > 0, drop = FALSE])
  found <- svd(x, nu = min(k, ncol(x), nrow(x)), nv = 0)
  rownames(found$u) <- rownames(x)
  found$u * sqrt(nrow(x))
}

word_columns <- function(set, types) {
  words <- lapply(types, main_columns)
  own <- list(
    words[[1]][set$pairs$from, ], words[[length(words)]][set$pairs$to, ]
  )
  if (length(types) == 2) {
    return(do.call(cbind, own))
  }
  cbind(abs(own[[1]] - own[[2]]), own[[1]] * own[[2]])
}

mean_columns <- function(set, types, label, train) {
  names <- unlist(lapply(types, rownames))
  prior <- colMeans(label[train, , drop = FALSE])
  sums <- node_sums(set, names, label, train)
  at <- list(match(set$pairs$from, names), match(set$pairs$to, names))
  ends <- lapply(at, function(end) end_means(sums, end, label, train, prior))
  if (length(types) == 2) {
    return(cbind(
      ends[[1]]$mean, ends[[2]]$mean, ends[[1]]$n, ends[[2]]$n
    ))
  }
  cbind(
    ends[[1]]$mean + ends[[2]]$mean, abs(ends[[1]]$mean - ends[[2]]$mean),
    pmin(ends[[1]]$n, ends[[2]]$n), pmax(ends[[1]]$n, ends[[2]]$n),
    shared_columns(at[[1]], at[[2]], label, train, length(names))
  )
}

# What is known of the nodes of each type, matrices.
known_types <- function(set) {
  types <- if (is.null(set$words)) set$nodes else set$words
  if (is.matrix(types)) list(types) else types
}

# In training every node has means: without them the trees must read words, as
# they do where both nodes are new.
judge_boosting <- function(set, reads_means = TRUE) {
  label <- label_columns(set)
  types <- known_types(set)
  words <- word_columns(set, types)
  is_number <- set$task == "affinity"
  scorer <- if (reads_means) "boosting" else "boosting, words alone"
  judge_learner(set, scorer, function(learn, asked) {
    features <- as.data.frame(cbind(
      if (reads_means) mean_columns(set, types, label, learn), words
    ))
    names(features) <- paste0("x", seq_along(features))
    apply(label, 2, function(y) {
      model <- withr::with_seed(1, gbm::gbm.fit(
        features[learn, ], y[learn],
        distribution = if (is_number) "gaussian" else "bernoulli",
        n.trees = if (is_smoke()) 10 else 300, interaction.depth = 6,
        shrinkage = 0.05, bag.fraction = 0.5, verbose = FALSE
      ))
      gbm::predict.gbm(
        model, features[asked, ],
        n.trees = model$n.trees, type = "response"
      )
    })
  })
}

# (nodes x nodes) of one label: each known value less the means of both nodes
# counts for alike nodes, by the cosine of their rows to a power.
profile_scores <- function(at, label, n, powers) {
  known <- values <- matrix(0, n, n)
  both <- rbind(at, at[, 2:1])
  known[both] <- 1
  middle <- mean(label)
  values[both] <- label - middle
  effect <- rowSums(values) / (rowSums(known) + 3)
  base <- outer(effect, effect, "+")
  size <- pmax(sqrt(rowSums(values^2)), 1e-9)
  alike <- pmax(tcrossprod(values / size), 0)
  diag(alike) <- 0
  rest <- (values - base) * known
  lapply(powers, function(power) {
    weight <- alike^power
    found <- (weight %*% rest) / (weight %*% known + 0.1)
    pmin(pmax(middle + base + (found + t(found)) / 2, 0), 1)
  })
}

# The power is chosen on the validation part; then both parts are learned from.
judge_profile <- function(set) {
  names <- rownames(set$words)
  at <- cbind(match(set$pairs$from, names), match(set$pairs$to, names))
  part <- set$pairs$split
  powers <- c(1, 2, 4, 8)
  scores <- function(use, powers) {
    found <- profile_scores(
      at[use, ], set$pairs$label[use], length(names), powers
    )
    lapply(found, function(x) x[at])
  }
  quality <- vapply(scores(part == "train", powers), function(found) {
    auroc(found[part == "validation"], set$pairs$label[part == "validation"])
  }, 0)
  power <- powers[[which.max(quality)]]
  found <- scores(part != "test", power)[[1]]
  rival_rows(
    set, as.matrix(found[part == "test"]),
    paste0("network profile (power ", power, ")")
  )
}
