# The simple rival of bench/muse.R: boosted trees (gbm) over what the training
# pairs say of two nodes, without the pair itself, and over the nodes' words.

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
  rows <- function(x, y) Matrix::rowSums(x[a, ] * y[b, ])
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

boosting_columns <- function(set, label, train) {
  types <- if (is.null(set$words)) set$nodes else set$words
  types <- if (is.matrix(types)) list(types) else types
  names <- unlist(lapply(types, rownames))
  prior <- colMeans(label[train, , drop = FALSE])
  sums <- node_sums(set, names, label, train)
  at <- list(match(set$pairs$from, names), match(set$pairs$to, names))
  ends <- lapply(at, function(end) end_means(sums, end, label, train, prior))
  words <- lapply(types, main_columns)
  own <- list(
    words[[1]][set$pairs$from, ], words[[length(words)]][set$pairs$to, ]
  )
  if (length(types) == 2) {
    return(cbind(
      ends[[1]]$mean, ends[[2]]$mean, ends[[1]]$n, ends[[2]]$n, own[[1]],
      own[[2]]
    ))
  }
  cbind(
    ends[[1]]$mean + ends[[2]]$mean, abs(ends[[1]]$mean - ends[[2]]$mean),
    pmin(ends[[1]]$n, ends[[2]]$n), pmax(ends[[1]]$n, ends[[2]]$n),
    shared_columns(at[[1]], at[[2]], label, train, length(names)),
    abs(own[[1]] - own[[2]]), own[[1]] * own[[2]]
  )
}

judge_boosting <- function(set) {
  columns <- if (set$task == "multilabel") {
    setdiff(names(set$pairs), c("from", "to", "split"))
  } else {
    "label"
  }
  label <- as.matrix(set$pairs[columns])
  learn <- set$pairs$split != "test"
  features <- as.data.frame(boosting_columns(set, label, learn))
  names(features) <- paste0("x", seq_along(features))
  is_number <- set$task == "affinity"
  scores <- apply(label, 2, function(y) {
    model <- withr::with_seed(1, gbm::gbm.fit(
      features[learn, ], y[learn],
      distribution = if (is_number) "gaussian" else "bernoulli",
      n.trees = if (is_smoke()) 10 else 300, interaction.depth = 6,
      shrinkage = 0.05, bag.fraction = 0.5, verbose = FALSE
    ))
    gbm::predict.gbm(
      model, features[!learn, ],
      n.trees = model$n.trees, type = "response"
    )
  })
  measured <- if (is_number) {
    MuSL:::cpp_affinity_metrics(scores[, 1], label[!learn, 1])
  } else {
    MuSL:::cpp_label_metrics(scores, label[!learn, , drop = FALSE], 0.5)
  }
  tibble::tibble(
    part = "all", scorer = "boosting", metric = names(measured),
    estimate = unname(measured), n_pairs = sum(!learn)
  )
}
