test_that("each task and number of types gives its columns and row order", {
  skip_without_backend()
  expected <- list(
    binary = c(".pred_1", ".pred_structure", ".pred_network"),
    multilabel = c(
      ".pred_partner", ".pred_same", ".pred_structure_partner",
      ".pred_structure_same", ".pred_network_partner", ".pred_network_same"
    ),
    affinity = c(".pred", ".pred_structure", ".pred_network")
  )
  for (task in names(expected)) {
    for (types in 1:2) {
      d <- small_world(task = task, types = types)
      fit <- fit_quick(d, task = task, strategy = "em")
      out <- predict(fit, d$pairs)
      kernels <- if (task == "binary" || task == "affinity" && types == 2) {
        ".pred_kernels"
      }
      expect_identical(columns(out), c(expected[[task]], kernels))
      expect_identical(out$from, d$pairs$from)
      expect_false(anyNA(out))
      expect_identical(out$part, paste0("C", out$n_unseen + 1))
      expect_identical(out$known, d$pairs$split != "test")
      if (task != "affinity") {
        expect_true(all(out[[columns(out)[[1]]]] >= 0))
        expect_true(all(out[[columns(out)[[1]]]] <= 1))
      }
    }
  }
})

test_that("every strategy learns partners that features and network tell", {
  skip_without_backend()
  d <- musl_simulate("interactions", n_nodes = 100, n_pairs = 900, seed = 2)
  test <- d$pairs[d$pairs$split == "test", ]
  for (strategy in c("em", "branches", "joint")) {
    fit <- fit_quick(
      d, strategy = strategy, width = 64,
      control = quick(epochs = 40, patience = 40, learning_rate = 3e-3)
    )
    out <- musl_metrics(fit, test)
    auroc <- out$.estimate[
      out$part == "all" & out$scorer == "MuSL" & out$.metric == "macro_auroc"
    ]
    # 1 label in 20 is wrong, so that even the truth stays below 1.
    expect_gt(auroc, 0.8)
  }
})

test_that("the same seed gives the same bits, and another does not", {
  skip_without_backend()
  d <- small_world()
  ask <- d$pairs[1:20, c("from", "to")]
  first <- predict(fit_quick(d, strategy = "em"), ask)
  again <- fit_quick(d, strategy = "em", fresh = TRUE)
  expect_identical(predict(again, ask), first)
  threads <- fit_quick(d, strategy = "em", control = quick(threads = 2))
  expect_identical(predict(threads, ask, threads = 1), first)
  other <- fit_quick(d, strategy = "em", control = quick(seed = 2))
  expect_false(identical(predict(other, ask), first))
})

test_that("em without iterations is branches, bit for bit", {
  skip_without_backend()
  d <- small_world()
  none <- fit_quick(d, strategy = "em", em = list(iterations = 0))
  ensemble <- fit_quick(d, strategy = "branches")
  expect_identical(predict(none, d$pairs), predict(ensemble, d$pairs))
})

test_that("settings of em are refused by name", {
  skip_without_backend()
  d <- small_world()
  for (bad in list(
    list(iterations = 9), list(prior = 0), list(rounds = 2)
  )) {
    told <- if (names(bad) == "rounds") "iterations" else names(bad)
    expect_input_error(fit_quick(d, strategy = "em", em = bad), told)
  }
})

test_that("em keeps an iteration that validation finds best", {
  skip_without_backend()
  fit <- fit_quick(small_world(), strategy = "em", control = quick(epochs = 3))
  em <- summary(fit)$em
  expect_identical(em$iteration, 0:1)
  expect_identical(which(em$best), which.max(em$valid_fused))
  expect_identical(em$n_unlabelled[[1]], 0)
  expect_false(anyNA(em$share_positive))
  # Affinities are neither positive nor negative.
  d <- small_world(task = "affinity")
  em <- summary(fit_quick(d, task = "affinity", strategy = "em"))$em
  expect_identical(em$share_positive, rep(NA_real_, 2))
})

test_that("em learns from the unlabelled pairs given, and only em does", {
  skip_without_backend()
  d <- small_world()
  names <- rownames(d$nodes)
  given <- tibble::tibble(from = names[1:30], to = names[60:31])
  told <- paste(c(d$pairs$from, d$pairs$to), c(d$pairs$to, d$pairs$from))
  given <- given[!paste(given$from, given$to) %in% told, ]
  # Long enough to be sure of some.
  control <- quick(epochs = 12, learning_rate = 1e-2)
  learn_from <- function(pairs, strategy = "em") {
    em <- list(iterations = 1, unlabelled = pairs)
    fit_quick(d, strategy = strategy, control = control, em = em)
  }
  fit <- learn_from(given)
  used <- summary(fit)$em$n_unlabelled
  expect_gt(max(used), 0)
  expect_true(all(used <= nrow(given)))
  drawn <- fit_quick(d, strategy = "em", control = control)
  expect_gt(max(summary(drawn)$em$n_unlabelled), nrow(given))
  expect_input_error(learn_from(given, "branches"), "em")
  expect_input_error(
    learn_from(rbind(given, d$pairs[7, c("from", "to")])),
    paste(d$pairs$from[[7]], d$pairs$to[[7]], sep = "-")
  )
})

test_that("the order of a pair of one type makes no difference", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  ask <- d$pairs[1:30, c("from", "to")]
  turned <- tibble::tibble(from = ask$to, to = ask$from)
  keep <- c(".pred_1", ".pred_structure", ".pred_network")
  expect_identical(predict(fit, turned)[keep], predict(fit, ask)[keep])
})

test_that("a pair's own label is not read from the graph", {
  skip_without_backend()
  d <- small_world()
  # One epoch at next to no rate: what is learned of the pair itself is nothing.
  still <- quick(epochs = 1, learning_rate = 1e-12)
  row <- which(d$pairs$split == "train" & d$pairs$label == 1)[[1]]
  ask <- d$pairs[row, c("from", "to")]
  with <- predict(fit_quick(d, control = still), ask)
  d$pairs$split[[row]] <- "test"
  without <- predict(fit_quick(d, control = still), ask)
  # The mean label of all training pairs differs by one pair.
  expect_equal(
    with$.pred_network, without$.pred_network, tolerance = 5e-3
  )
  d$pairs$label[[row]] <- 0L
  turned <- predict(fit_quick(d, control = still), ask)
  expect_identical(turned$.pred_network, without$.pred_network)
})

test_that("held-out pairs of a given network are no edges", {
  skip_without_backend()
  d <- small_world()
  test <- d$pairs[d$pairs$split == "test", ]
  known <- d$pairs[d$pairs$split == "train" & d$pairs$label == 1, ]
  graph <- function(pairs) {
    igraph::graph_from_data_frame(
      pairs[c("from", "to")], FALSE, data.frame(name = rownames(d$nodes))
    )
  }
  clean <- fit_quick(d, network = graph(known))
  leaky <- fit_quick(d, network = graph(rbind(known, test)))
  expect_identical(predict(leaky, test), predict(clean, test))
})

test_that("known edges are links without their labels", {
  skip_without_backend()
  d <- small_world(task = "multilabel")
  still <- quick(epochs = 1, learning_rate = 1e-12)
  known <- function(d, ...) {
    fit_quick(d, task = "multilabel", known_edges = TRUE, control = still, ...)
  }
  network <- c(".pred_network_partner", ".pred_network_same")
  fit <- known(d)
  ask <- d$pairs[d$pairs$split == "test", ]
  found <- predict(fit, ask)[network]
  # Other labels of the test part are as unknown as before.
  turned <- d
  at <- d$pairs$split == "test"
  turned$pairs[at, c("partner", "same")] <- 1 - ask[c("partner", "same")]
  expect_identical(predict(known(turned), ask)[network], found)
  # Pairs that the fit lacks are edges once they are asked for.
  less <- known(list(pairs = d$pairs[!at, ], nodes = d$nodes))
  expect_equal(predict(less, ask)[network], found, tolerance = 1e-5)
  expect_true(glance(fit)$known_edges)
  scorers <- unique(musl_metrics(fit, d$pairs[at, ])$scorer)
  expect_true("known edges" %in% scorers)
  expect_output(print(fit), "all pairs, without their labels")
})

test_that("known edges are refused where the label is the edge", {
  d <- small_world()
  refuse <- function(..., text) {
    expect_input_error(
      musl_interactions(d$pairs, d$nodes, known_edges = TRUE, ...), text
    )
  }
  refuse(task = "binary", text = "whether it is an edge")
  refuse(task = "site", text = "of residues")
  refuse(task = "affinity", strategy = "em", text = "not known to interact")
})

test_that("the names of nodes and the order of rows do not matter", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  renamed <- d
  rownames(renamed$nodes) <- paste0("x", rownames(d$nodes))
  renamed$pairs$from <- paste0("x", d$pairs$from)
  renamed$pairs$to <- paste0("x", d$pairs$to)
  keep <- c(".pred_1", ".pred_structure", ".pred_network", "part")
  expect_identical(
    predict(fit_quick(renamed), renamed$pairs)[keep],
    predict(fit, d$pairs)[keep]
  )
})

test_that("pairs may be asked for again, but not a node with itself", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  ask <- d$pairs[c(1, 2, 1), c("from", "to")]
  found <- predict(fit, ask)
  expect_equal(found$.pred_1[[3]], found$.pred_1[[1]])
  ask$to[[2]] <- ask$from[[2]]
  cnd <- expect_input_error(predict(fit, ask))
  expect_identical(cnd$rows, 2L)
})

test_that("a saved model gives the same bits in a new process", {
  skip_without_backend()
  skip_if_not_installed("callr")
  for (task in c("binary", "multilabel", "affinity", "known edges")) {
    knows <- task == "known edges"
    if (knows) task <- "multilabel"
    d <- small_world(task = task)
    fit <- fit_quick(d, task = task, known_edges = knows)
    file <- withr::local_tempfile(fileext = ".safetensors")
    musl_save(fit, file)
    ask <- d$pairs[1:10, c("from", "to")]
    again <- callr::r(function(file, ask) {
      predict(MuSL::musl_load(file), ask)
    }, list(file, ask))
    expect_identical(again, predict(fit, ask))
    # Its pointer is dead, as in a session that R restores.
    kept <- withr::local_tempfile()
    saveRDS(fit, kept)
    expect_identical(predict(readRDS(kept), ask), again)
    loaded <- musl_load(file)
    expect_identical(glance(loaded), glance(fit))
    expect_identical(tidy(loaded), tidy(fit))
    expect_input_error(musl_save(fit, file))
  }
})

# What networks make of the nodes is kept from the first call on.
test_that("scores do not depend on what a model was asked before", {
  skip_without_backend()
  d <- small_world()
  for (strategy in c("branches", "joint")) {
    fit <- fit_quick(d, strategy = strategy, control = quick(ensemble = 2))
    saved <- withr::local_tempfile()
    musl_save(fit, saved)
    few <- d$pairs[c(40, 7, 22), ]
    expected <- predict(musl_load(saved), few)
    all <- predict(fit, d$pairs)
    expect_identical(predict(fit, few), expected)
    expect_identical(predict(fit, few), expected)
    expect_identical(predict(fit, d$pairs, threads = 2L), all)
  }
})

test_that("metrics are those of plain R", {
  skip_without_backend()
  d <- small_world(task = "multilabel")
  fit <- fit_quick(d, task = "multilabel")
  test <- d$pairs[d$pairs$split == "test", ]
  found <- musl_metrics(fit, test, threshold = 0.5)
  score <- as.matrix(predict(fit, test)[c(".pred_partner", ".pred_same")])
  label <- as.matrix(test[c("partner", "same")])
  called <- score >= 0.5
  f1 <- 2 * sum(called & label == 1) / (sum(called) + sum(label))
  area <- function(score, label) {
    gap <- outer(score[label == 1], score[label == 0], "-")
    mean((gap > 0) + (gap == 0) / 2)
  }
  estimate <- function(metric) {
    found$.estimate[
      found$part == "all" & found$scorer == "MuSL" & found$.metric == metric
    ]
  }
  expect_equal(estimate("micro_f1"), f1)
  expect_equal(
    estimate("macro_auroc"),
    mean(c(area(score[, 1], label[, 1]), area(score[, 2], label[, 2])))
  )
})

test_that("classes are matched by name, whatever the order of levels", {
  skip_without_backend()
  d <- small_world()
  label <- d$pairs$label
  of <- function(...) factor(ifelse(label == 1, "yes", "no"), ...)
  d$pairs$label <- of(levels = c("no", "yes"))
  fit <- fit_quick(d, control = quick(epochs = 1))
  test <- d$pairs$split == "test"
  expected <- musl_metrics(fit, d$pairs[test, ])
  judged <- function(x) {
    d$pairs$label <- x
    musl_metrics(fit, d$pairs[test, ])
  }
  expect_identical(judged(of(levels = c("yes", "no"))), expected)
  expect_identical(judged(label), expected)
  expect_identical(judged(label == 1), expected)
  expect_input_error(
    judged(factor(label, labels = c("A", "B"))),
    "\"A\" and \"B\" are not among \"no\" and \"yes\""
  )
})

test_that("no pairs give no rows, and their own columns are never lost", {
  skip_without_backend()
  for (task in c("binary", "multilabel")) {
    d <- small_world(task = task)
    fit <- fit_quick(d, task = task, control = quick(epochs = 1))
    for (type in c("prob", "class")) {
      full <- predict(fit, d$pairs[1:2, ], type = type)
      none <- predict(fit, d$pairs[0, ], type = type)
      expect_identical(none, full[0, ])
    }
  }
  for (name in c("part", "known", ".pred_same", ".class_partner")) {
    ask <- d$pairs
    ask[[name]] <- "mine"
    expect_input_error(predict(fit, ask), name)
  }
})

test_that("labels named as a scale are refused", {
  d <- small_world()
  for (name in c("network", "structure", "kernels")) {
    pairs <- d$pairs
    pairs$label <- factor(pairs$label, labels = c("none", name))
    expect_input_error(
      musl_interactions(pairs, d$nodes, progress = FALSE), name
    )
  }
  several <- small_world(task = "multilabel")
  names(several$pairs)[3:4] <- c("structure_x", "x")
  expect_input_error(
    musl_interactions(several$pairs, several$nodes,
      task = "multilabel", progress = FALSE
    ), "structure_x"
  )
})

test_that("autoplot() draws and print() counts", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d, control = quick(epochs = 2))
  drawn <- autoplot(fit)
  expect_s3_class(drawn, "ggplot")
  shown <- drawn$data
  expect_setequal(as.character(shown$phase), fit$history$phase)
  expect_identical(
    shown$value[shown$series == "training loss"], fit$history$loss
  )
  expect_setequal(shown$panel, c("Loss", "Validation"))
  expect_identical(nrow(glance(fit)), 1L)
  expect_output(print(fit), "180 training, 60 validation, 60 test")
})

test_that("the mean of the nodes' labels is that of a loop in R", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  test <- d$pairs[d$pairs$split == "test", ]
  train <- d$pairs[d$pairs$split == "train", ]
  prior <- mean(train$label)
  of_node <- function(node) {
    own <- train$label[train$from == node | train$to == node]
    (sum(own) + 3 * prior) / (length(own) + 3)
  }
  expected <- (vapply(test$from, of_node, 1) + vapply(test$to, of_node, 1)) / 2
  brier <- score_interactions(fit, test, NULL, FALSE)$node_mean[, 1]
  expect_equal(brier, unname(expected), tolerance = 1e-5)
})

test_that("bad input is refused, and told by name", {
  d <- small_world()
  refuse <- function(pairs = d$pairs, nodes = d$nodes, ..., text = NULL) {
    expect_input_error(
      musl_interactions(pairs, nodes, ..., progress = FALSE), text
    )
  }
  pairs <- d$pairs
  change <- function(...) utils::modifyList(pairs, list(...))
  refuse(change(from = c("nobody", pairs$from[-1])), text = "nobody")
  refuse(change(to = c(pairs$from[[1]], pairs$to[-1])), text = "once")
  refuse(rbind(pairs, pairs[1, ]), text = "once")
  refuse(change(label = c(2, pairs$label[-1])), text = "label")
  refuse(change(label = rep(1, nrow(pairs))), text = "both classes")
  refuse(change(label = c(NA, pairs$label[-1]), split = NULL), text = "missing")
  refuse(change(label = c(Inf, pairs$label[-1])), task = "affinity")
  refuse(
    change(label = rep(3, nrow(pairs))), task = "affinity", text = "affinities"
  )
  refuse(change(split = rep("exam", nrow(pairs))), text = "exam")
  refuse(pairs[c("from", "to")], text = "labels")
  refuse(as.list(pairs))
  refuse(nodes = unname(d$nodes), text = "name each")
  refuse(nodes = rbind(d$nodes, d$nodes[1, , drop = FALSE]), text = "once")
  refuse(nodes = replace(d$nodes, 3, NaN), text = "1 node has other values")
  refuse(nodes = list(d$nodes, d$nodes, d$nodes), text = "two")
  refuse(network = 1, text = "igraph")
  other <- igraph::make_ring(3)
  igraph::V(other)$name <- c("ENSG1", "ENSG2", "ENSG3")
  refuse(network = other, text = "ENSG1.*not.*node1")
  refuse(shape = c(width = 1))
  refuse(shape = c(depth = 3), text = "width, dropout")
  refuse(control = quick(checkpoint = "x"), text = "checkpoint")
})

test_that("a small validation part is warned of", {
  skip_without_backend()
  d <- small_world()
  d$pairs$split <- ifelse(seq_len(nrow(d$pairs)) <= 15, "validation", "train")
  expect_warning(fit_quick(d), "15 pairs", class = "musl_warning_other")
})

test_that("matrices, factors and SummarizedExperiments are read alike", {
  skip_without_backend()
  d <- small_world()
  d$pairs$split <- NULL
  fit <- fit_quick(d)
  ask <- d$pairs[1:5, c("from", "to")]
  named <- d
  named$pairs$label <- factor(c("no", "yes")[d$pairs$label + 1])
  expect_identical(
    predict(fit_quick(named), ask)$.pred_yes, predict(fit, ask)$.pred_1
  )
  boxed <- d
  boxed$nodes <- SummarizedExperiment::SummarizedExperiment(list(x = d$nodes))
  expect_identical(predict(fit_quick(boxed), ask), predict(fit, ask))
})

test_that("numbers name nodes however R writes them", {
  skip_without_backend()
  d <- small_world()
  id <- seq(1e5, by = 1e5, length.out = nrow(d$nodes))
  old <- rownames(d$nodes)
  rename <- function(x) id[match(x, old)]
  fit <- fit_quick(d)
  numbered <- d
  numbered$pairs$from <- rename(d$pairs$from)
  numbered$pairs$to <- rename(d$pairs$to)
  in_full <- function(x) format(x, scientific = FALSE, trim = TRUE)
  for (text in list(as.character, in_full)) {
    rownames(numbered$nodes) <- text(id)
    own <- fit_quick(numbered)
    expect_identical(
      predict(own, numbered$pairs)$.pred_1, predict(fit, d$pairs)$.pred_1
    )
  }
})

test_that("swapped columns and other columns than labels are told of", {
  d <- small_world(types = 2)
  swapped <- stats::setNames(
    d$pairs, c("to", "from", names(d$pairs)[-(1:2)])
  )
  expect_input_error(
    musl_interactions(swapped, d$nodes, progress = FALSE), "rename the columns"
  )
  d <- small_world(task = "multilabel")
  refuse <- function(x, text) {
    expect_input_error(
      musl_interactions(x, d$nodes, task = "multilabel", progress = FALSE), text
    )
  }
  d$pairs$same <- factor(d$pairs$same)
  refuse(d$pairs, "of <factor>")
  d$pairs$same <- as.character(d$pairs$same)
  refuse(d$pairs, "of <character>")
  d$pairs$same <- seq_len(nrow(d$pairs))
  refuse(d$pairs, "leave others out")
})

test_that("metrics of learned pairs are warned of", {
  skip_without_backend()
  d <- small_world()
  fit <- fit_quick(d)
  test <- d$pairs[d$pairs$split == "test", ]
  expect_silent(musl_metrics(fit, test))
  learned <- d$pairs[d$pairs$split == "validation", ][1:3, ]
  expect_warning(
    musl_metrics(fit, rbind(test, learned)), "learned 3 of 63 pairs",
    class = "musl_warning_leakage"
  )
  d <- musl_simulate("sites", n_proteins = 12, n_residues = 40, seed = 1)
  fit <- musl_interactions(
    d$sites, d$nodes, task = "site", shape = c(width = 8), progress = FALSE,
    control = quick(epochs = 1)
  )
  test <- d$sites$split == "test"
  expect_silent(musl_metrics(fit, d$nodes, d$sites[test, ]))
  n <- length(unique(d$sites$protein))
  expect_warning(
    musl_metrics(fit, d$nodes, d$sites),
    paste("learned", n - length(unique(d$sites$protein[test])), "of", n),
    class = "musl_warning_leakage"
  )
})

test_that("metrics find several labels by name among other columns", {
  skip_without_backend()
  d <- small_world(task = "multilabel")
  fit <- fit_quick(d, task = "multilabel")
  test <- d$pairs[d$pairs$split == "test", ]
  known <- musl_metrics(fit, test)
  expect_identical(
    musl_metrics(fit, test[c("same", "to", "from", "partner")]), known
  )
  test$fold <- "a"
  expect_identical(musl_metrics(fit, test), known)
  expect_identical(musl_metrics(fit, predict(fit, test)), known)
  refuse <- function(pairs, text) {
    expect_input_error(musl_metrics(fit, pairs), text)
  }
  refuse(test[c("from", "to", "same")], "missing: partner")
  test$same[2] <- NA
  refuse(test, "1 of them with a missing label")
})
