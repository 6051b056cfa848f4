edges_of <- function(d) {
  n <- d@network
  tibble::tibble(a = d@genes[n$from], b = d@genes[n$to], weight = n$weight)
}

test_that("edges are undirected, ascending and weighted", {
  x <- data.frame(from = c("C", "A", "b"), to = c("A", "b", "C"), weight = 1:3)
  d <- musl_data(network = x)
  expect_identical(musl_genes(d), c("A", "C", "b"))
  expect_identical(
    edges_of(d),
    tibble::tibble(
      a = c("A", "A", "C"), b = c("C", "b", "b"), weight = c(1, 2, 3)
    )
  )
})

test_that("loops and parallel edges agree with igraph's simplify()", {
  withr::local_seed(4)
  x <- data.frame(
    from = sample(c("A", "b", "C", "d"), 40, TRUE),
    to = sample(c("A", "b", "C", "d", "E"), 40, TRUE), score = stats::runif(40)
  )
  d <- suppressMessages(musl_data(network = x))
  graph <- igraph::graph_from_data_frame(x, directed = FALSE)
  simple <- igraph::simplify(graph, edge.attr.comb = list(score = "max"))
  reference <- igraph::as_data_frame(simple)
  ours <- edges_of(d)
  expect_setequal(
    paste(pair_key(ours$a, ours$b), ours$weight),
    paste(pair_key(reference$from, reference$to), reference$score)
  )
  report <- musl_report(d)
  expect_identical(nrow(report$network_loops), sum(x$from == x$to))
  n_parallel <- table(pair_key(x$from, x$to)[x$from != x$to])
  expect_identical(nrow(report$network_duplicated), sum(n_parallel > 1))
})

test_that("an igraph and its edge table give the same network", {
  x <- data.frame(from = c("A", "C"), to = c("B", "B"), weight = c(.2, .7))
  graph <- igraph::graph_from_data_frame(x)
  expect_identical(
    musl_data(network = graph)@network, musl_data(network = x)@network
  )
})

test_that("isolated nodes of a graph belong to the universe", {
  graph <- igraph::make_graph(c("A", "B"), isolates = "Z", directed = FALSE)
  expect_identical(musl_genes(musl_data(network = graph)), c("A", "B", "Z"))
})

test_that("as.list() gives back the edges as igraph", {
  x <- data.frame(from = c("A", "b"), to = c("C", "C"), weight = c(.5, .25))
  graph <- as.list(musl_data(network = x))$network
  expect_false(igraph::is_directed(graph))
  back <- igraph::as_data_frame(graph)
  expect_identical(back$weight, c(.5, .25))
  expect_identical(back$from, c("A", "C"))
  expect_identical(back$to, c("C", "b"))
  again <- musl_data(network = graph)
  expect_identical(edges_of(again), edges_of(musl_data(network = x)))
})

test_that("the weight is the first known column, and 1 without any", {
  x <- data.frame(from = "A", to = c("B", "C"))
  weights <- function(...) edges_of(musl_data(network = cbind(x, ...)))$weight
  expect_identical(weights(note = "x"), c(1, 1))
  expect_identical(weights(score = 2:3, weight = c(.1, .2)), c(.1, .2))
  expect_identical(weights(score = c(15, 900)), c(15, 900))
})

test_that("only a combined_score in thousandths is divided", {
  x <- data.frame(from = "A", to = c("B", "C"))
  weights <- function(score) {
    edges_of(musl_data(network = cbind(x, combined_score = score)))$weight
  }
  expect_identical(weights(c(150, 900)), c(.15, .9))
  expect_identical(weights(c(.15, .9)), c(.15, .9))
  expect_identical(weights(c(150, 1900)), c(150, 1900))
})

test_that("genetic interactions are dropped and reported", {
  x <- data.frame(
    from = "A", to = c("B", "C", "D", "E", "F"),
    evidence = c(
      "physical", "genetic", "Synthetic Lethality", "phenogenetics", NA
    )
  )
  expect_message(d <- musl_data(network = x), class = "musl_message_report")
  expect_identical(edges_of(d)$b, c("B", "E", "F"))
  expect_identical(musl_report(d)$network_genetic$gene_b, c("C", "D"))

  names(x)[3] <- "Experimental System Type"
  d <- suppressMessages(musl_data(network = x))
  expect_identical(edges_of(d)$b, c("B", "E", "F"))
})

test_that("all genetic systems of BioGRID are genetic, in any spelling", {
  # As BioGRID's help lists them.
  genetic <- c(
    "Dosage Growth Defect", "Dosage Lethality", "Dosage Rescue",
    "Negative Genetic", "Phenotypic Enhancement", "Phenotypic Suppression",
    "Positive Genetic", "Synthetic Growth Defect",
    "Synthetic Haploinsufficiency", "Synthetic Lethality", "Synthetic Rescue"
  )
  physical <- c(
    "Affinity Capture-MS", "Biochemical Activity", "Co-crystal Structure",
    "Co-fractionation", "FRET", "Far Western", "PCA", "Protein-RNA",
    "Proximity Label-MS", "Reconstituted Complex", "Two-hybrid",
    "non-genetic", "not genetic", "rescued by dosage", NA
  )
  spellings <- list(
    identity, tolower, toupper, function(x) gsub(" ", "_", x),
    function(x) gsub(" ", "-", x)
  )
  for (spell in spellings) {
    for (system in genetic) {
      expect_true(is_genetic(list(experimental_system = spell(system))))
    }
    for (system in physical) {
      expect_false(is_genetic(list(experimental_system = spell(system))))
    }
  }
  expect_true(is_genetic(list(evidence = "non-genetic;genetic interaction")))
})

test_that("errors of a network say what was found", {
  bad <- function(x) musl_data(network = x)
  for (end in c(NA_character_, "")) {
    expect_input_error(bad(data.frame(from = "A", to = end)))
  }
  edge <- data.frame(from = "A", to = c("B", "C"))
  unnamed <- igraph::make_ring(3)
  twice <- igraph::set_vertex_attr(unnamed, "name", value = c("A", "A", "B"))
  expect_snapshot(bad(unnamed), error = TRUE, cran = TRUE)
  expect_snapshot(bad(twice), error = TRUE, cran = TRUE)
  expect_snapshot(bad(1:3), error = TRUE, cran = TRUE)
  expect_snapshot(bad(data.frame(x = "A", y = "B")), error = TRUE, cran = TRUE)
  expect_snapshot(bad(data.frame(from = 1, to = 2)), error = TRUE, cran = TRUE)
  expect_snapshot(
    bad(cbind(edge, score = c(.5, NA))),
    error = TRUE, cran = TRUE
  )
  expect_snapshot(bad(cbind(edge, weight = c(0, 1))), error = TRUE, cran = TRUE)
  expect_snapshot(bad(cbind(edge, weight = "a")), error = TRUE, cran = TRUE)
  expect_snapshot(
    bad(data.frame(from = "A", to = c("A", "B"), evidence = c("", "genetic"))),
    error = TRUE, cran = TRUE
  )
})

test_that("STRING's thousandths in a column `score` are recognised and told", {
  edges <- data.frame(from = "A1", to = c("B1", "C1"), score = c(150, 900))
  expect_message(
    d <- musl_data(toy_matrix(), edges, scale = "log"), "thousandths"
  )
  expect_equal(sort(igraph::E(as.list(d)$network)$weight), c(0.15, 0.9))
  edges$score <- c(3, 900)
  expect_silent(d <- musl_data(toy_matrix(), edges, scale = "log"))
  expect_equal(sort(igraph::E(as.list(d)$network)$weight), c(3, 900))
})

test_that("columns of weights are read in any letter case", {
  edges <- data.frame(from = "A1", to = "B1", SCORE = .2, Weight = .7)
  expect_identical(musl_data(network = edges)@network$weight, .7)
  expect_identical(musl_data(network = edges[-4])@network$weight, .2)
  names(edges)[[3]] <- "Combined_Score"
  expect_identical(musl_data(network = edges[-4])@network$weight, .2)
  edges$weight <- .4
  expect_identical(musl_data(network = edges)@network$weight, .4)
})

test_that("columns that a network has twice are refused", {
  for (column in c("from", "weight")) {
    edges <- data.frame(from = "a", to = "b", weight = 1)
    edges <- cbind(edges, edges[column])
    cnd <- caught(musl_data(toy_matrix(), scale = "log", network = edges))
    expect_s3_class(cnd, "musl_error_input")
    expect_identical(cnd$argument, "network")
    expect_match(conditionMessage(cnd), column)
  }
})

test_that("genetic edges in the words of other sources are left out", {
  # The model of Biolink, PSI-MI's codes and their names in BioGRID's MITAB, the
  # Relation Ontology, SynLethDB's graph.
  genetic <- c(
    "biolink:genetically_interacts_with", "geneticallyInteractsWith",
    "psi-mi:\"MI:0794\"(synthetic genetic interaction defined by inequality)",
    "MI:0208", "MI:2373", "http://purl.obolibrary.org/obo/RO_0002435",
    "SL_GsG", "SR_GsrG", "NONSL_GnsG", "GI", "gi;physical",
    "syntheticLethality", "Genetic Interactions", "epistatic"
  )
  physical <- c(
    "biolink:physically_interacts_with",
    "psi-mi:\"MI:0407\"(direct interaction)", "MI:0915", "genetics",
    "SLC transporters", "GI tract", "Proximity Label-MS"
  )
  expect_true(all(is_genetic_text(genetic)))
  expect_false(any(is_genetic_text(physical)))
  edges <- data.frame(
    subject = paste0("A", 1:3), object = paste0("B", 1:3),
    predicate = c(genetic[[1]], physical[[1]], genetic[[4]])
  )
  path <- write_text(
    "subject,object,predicate",
    do.call(paste, c(edges, sep = ",")), name = "edges.csv"
  )
  ends <- c(gene_a = "subject", gene_b = "object")
  x <- suppressMessages(read_network(path, columns = ends))
  expect_identical(igraph::V(x)$name, c("A2", "B2"))
  expect_identical(igraph::graph_attr(x, "report")$n_genetic, 2L)
  bare <- write_text(
    do.call(paste, c(edges[c(1, 3, 2)], sep = "\t")), name = "edges.sif"
  )
  x <- suppressMessages(
    read_network(bare, columns = c(1, 3), header = FALSE)
  )
  expect_identical(igraph::V(x)$name, c("A2", "B2"))
  names(edges)[1:2] <- c("from", "to")
  for (network in list(edges, igraph::graph_from_data_frame(edges, FALSE))) {
    d <- suppressMessages(musl_data(network = network))
    expect_identical(musl_report(d)$network_genetic$gene_a, c("A1", "A3"))
  }
  edges$predicate <- NULL
  edges$is_synthetic_lethal <- c(TRUE, FALSE, FALSE)
  d <- suppressMessages(musl_data(network = edges))
  expect_identical(musl_report(d)$network_genetic$gene_a, "A1")
})
