# Nodes that are sequences, chains and molecules.

amino_acids <- strsplit("ACDEFGHIKLMNPQRSTVWY", "")[[1]]

# Proteins, every second with a motif, and drugs, every second with a ring; a
# pair interacts where both have theirs or neither.
protein_drug_world <- function(n_proteins = 30, n_drugs = 20, length = 40) {
  sequences <- withr::with_seed(1, vapply(seq_len(n_proteins), function(i) {
    letters <- sample(setdiff(amino_acids, c("W", "H")), length, TRUE)
    if (i %% 2 == 0) letters[10:15] <- c("W", "H", "W", "W", "H", "W")
    paste(letters, collapse = "")
  }, ""))
  smiles <- vapply(seq_len(n_drugs), function(i) {
    paste0(strrep("C", 1 + i %/% 2), "O", if (i %% 2 == 0) "c1ccncc1" else "CN")
  }, "")
  names(sequences) <- paste0("protein", seq_len(n_proteins))
  names(smiles) <- paste0("drug", seq_len(n_drugs))
  pairs <- expand.grid(
    from = names(smiles), to = names(sequences), stringsAsFactors = FALSE
  )
  even <- function(x) as.integer(sub("[a-z]+", "", x)) %% 2 == 0
  pairs$label <- as.integer(even(pairs$from) == even(pairs$to))
  pairs$split <- withr::with_seed(2, sample(
    rep(c("train", "train", "validation", "test"), length.out = nrow(pairs))
  ))
  list(
    pairs = pairs, smiles = smiles, sequences = sequences,
    nodes = list(smiles, musl_nodes(sequences))
  )
}

# A chain along a helix of 1.5 Angstrom a residue.
helix <- function(n) {
  i <- seq_len(n)
  cbind(2.3 * cos(1.745 * i), 2.3 * sin(1.745 * i), 1.5 * i)
}

chain_nodes <- function(sequences, coordinates = NULL) {
  if (is.null(coordinates)) {
    coordinates <- lapply(nchar(sequences), helix)
  }
  musl_nodes(sequences, coordinates = coordinates)
}

fit_nodes <- function(d, nodes = d$nodes, ..., epochs = 2, threads = 1,
                      strategy = "branches", learning_rate = 1e-3) {
  musl_interactions(
    d$pairs, nodes, ...,
    strategy = strategy, shape = c(width = 16), progress = FALSE,
    em = list(iterations = 1),
    control = musl_control(
      ensemble = 1, epochs = epochs, patience = epochs, seed = 1,
      threads = threads, batch_size = 64,
      learning_rate = learning_rate
    )
  )
}

test_that("motifs and rings are learned from sequences and SMILES", {
  skip_without_backend()
  d <- protein_drug_world()
  fit <- fit_nodes(d, epochs = 20, learning_rate = 3e-3)
  test <- d$pairs[d$pairs$split == "test", ]
  score <- predict(fit, test)$.pred_structure
  # The label means of nodes are alike: structure alone tells.
  gap <- outer(score[test$label == 1], score[test$label == 0], "-")
  expect_gt(mean(gap > 0), 0.9)
})

test_that("a file and threads leave the bits of every kind of nodes", {
  skip_without_backend()
  d <- protein_drug_world(8, 6, 12)
  ask <- d$pairs[1:15, c("from", "to")]
  kinds <- list(
    sequence = d$nodes, chain = list(d$smiles, chain_nodes(d$sequences))
  )
  for (nodes in kinds) {
    fit <- suppressWarnings(fit_nodes(d, nodes, strategy = "em"))
    out <- predict(fit, ask)
    expect_false(anyNA(out))
    expect_identical(out$from, ask$from)
    file <- withr::local_tempfile(fileext = ".safetensors")
    musl_save(fit, file)
    expect_identical(predict(musl_load(file), ask), out)
    two <- suppressWarnings(fit_nodes(d, nodes, strategy = "em", threads = 2))
    expect_identical(predict(two, ask, threads = 1), out)
  }
})

test_that("nodes of one type may be molecules or proteins, labels affinities", {
  skip_without_backend()
  d <- protein_drug_world(9, 2, 12)
  pairs <- as.data.frame(t(utils::combn(names(d$sequences), 2)))
  names(pairs) <- c("from", "to")
  pairs$label <- seq_len(nrow(pairs)) / 10
  one <- list(pairs = pairs, nodes = musl_nodes(d$sequences))
  fit <- suppressWarnings(fit_nodes(one, task = "affinity"))
  expect_true(all(is.finite(predict(fit, pairs)$.pred)))
  turned <- data.frame(from = pairs$to, to = pairs$from)
  expect_identical(predict(fit, turned)$.pred, predict(fit, pairs)$.pred)
})

test_that("AAStringSets and named SMILES are read as musl_nodes() reads them", {
  skip_without_backend()
  skip_if_not_installed("Biostrings")
  d <- protein_drug_world(8, 6, 12)
  boxed <- list(
    musl_nodes(d$smiles, "smiles"), Biostrings::AAStringSet(d$sequences)
  )
  expect_identical(
    predict(suppressWarnings(fit_nodes(d, boxed)), d$pairs),
    predict(suppressWarnings(fit_nodes(d)), d$pairs)
  )
})

test_that("proteins of one sequence are read as one", {
  skip_without_backend()
  d <- protein_drug_world(8, 6, 12)
  d$sequences[["protein3"]] <- d$sequences[["protein1"]]
  fit <- suppressWarnings(fit_nodes(d, list(d$smiles, musl_nodes(d$sequences))))
  first <- data.frame(from = names(d$smiles), to = "protein1")
  third <- data.frame(from = names(d$smiles), to = "protein3")
  # The product of a matrix rounds a row by its place.
  expect_equal(
    predict(fit, third)$.pred_structure, predict(fit, first)$.pred_structure,
    tolerance = 1e-6
  )
})

test_that("a chain may be turned and moved", {
  skip_without_backend()
  d <- protein_drug_world(8, 6, 12)
  turn <- qr.Q(qr(matrix(c(1, 2, 0, -1, 1, 3, 2, 0, 1), 3)))
  turn <- turn * sign(det(turn))
  moved <- lapply(nchar(d$sequences), function(n) {
    sweep(helix(n) %*% turn, 2, c(5, -3, 8), "+")
  })
  fit <- function(nodes) {
    suppressWarnings(fit_nodes(d, list(d$smiles, nodes), epochs = 1))
  }
  expect_equal(
    predict(fit(chain_nodes(d$sequences, moved)), d$pairs)$.pred_structure,
    predict(fit(chain_nodes(d$sequences)), d$pairs)$.pred_structure,
    tolerance = 1e-3
  )
})

test_that("salts, one residue, unknown residues and missing atoms are read", {
  expect_identical(musl_nodes(c(a = "[Na+].[Cl-]"), "smiles")$kind, "smiles")
  one <- musl_nodes(c(a = "M"), coordinates = list(matrix(0, 1, 3)))
  expect_identical(one$kind, "residues")
  expect_identical(musl_nodes(c(a = "mkXBzu"))$text, c(a = "MKXBZU"))
  gap <- rbind(helix(4), NA)
  read <- chain_nodes(c(a = "MKVLA"), list(gap))$coordinates[[1]]
  expect_true(is.nan(read[[5]]))
  expect_output(print(one), "1 sequences with coordinates")
})

test_that("nodes that cannot be read are named with place and reason", {
  refuse <- function(..., text) {
    expect_input_error(musl_nodes(...), text)
  }
  refuse(c(fine = "CC", bad = "C1CC"), "smiles", text = "bad.*place 2")
  refuse(c(bad = ""), "smiles", text = "bad")
  refuse(c(bad = NA_character_), "smiles", text = "NA")
  for (name in list(NULL, c("a", ""), c("a", NA))) {
    refuse(stats::setNames(c("CC", "C"), name), "smiles", text = "name each")
  }
  refuse(c(a = "CC", a = "C"), "smiles", text = "once")
  refuse(1, "smiles", text = "SMILES")
  refuse(c(bad = strrep("C", 10001)), "smiles", text = "bad")
  refuse(c(bad = "MKV1"), text = "place 4")
  refuse(c(bad = "MK-V"), text = "bad.*3")
  refuse(c(bad = strrep("A", 30001)), text = "30000|30,000")
  refuse(c(bad = "MKV"), coordinates = list(helix(4)), text = "bad")
  refuse(c(bad = "MKV"), coordinates = helix(3), text = "coordinates")
  refuse(c(bad = "MKV"), coordinates = list(helix(3) * NA), text = "bad")
  refuse(c(bad = "MKV"), coordinates = list(helix(3) * Inf), text = "bad")
  d <- protein_drug_world(8, 6, 12)
  expect_input_error(
    musl_interactions(d$pairs, list(d$smiles, d$sequences)), "AAStringSet"
  )
})

test_that("edges of a network between nodes are kept, the others told", {
  edges <- data.frame(
    from = c("drug", "p2", "p3", "p3"), to = c("p1", "drug", "p1", "p2")
  )
  graph <- function(rows) igraph::graph_from_data_frame(edges[rows, ])
  found <- function(rows, types = list(c("p1", "p2"), "drug")) {
    interaction_edges(graph(rows), types)
  }
  kept <- list(from = c(2L, 1L), to = c(0L, 2L))
  expect_message(all <- found(1:2), NA)
  expect_identical(all, kept)
  expect_message(one <- found(1:3), "1 of 3 edges of `network` is left out")
  expect_message(two <- found(1:4), "2 of 4 edges of `network` are left out")
  expect_identical(list(one, two), list(kept, kept))
  expect_input_error(
    found(1:2, list(c("p1", "p2"), c("drug", "p2"))), "1 name is in both.*p2"
  )
  expect_input_error(
    interaction_edges(igraph::make_ring(3), list("p1")),
    "3 vertices have no names"
  )
})
