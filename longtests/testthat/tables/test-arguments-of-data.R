# Arguments of what makes, draws, splits and judges data.

test_that("wrong arguments of simulations are refused", {
  expect_arguments_refused("musl_simulate", musl_simulate, list(
    scenario = choice("large"), n_genes = whole(-1, 0),
    n_samples = whole(-1, 1), n_pairs = whole(-1, 0), flip = number(-.1, 1.1),
    zipf = number(-1),
    embedding_dim = whole(-1), screens = flag, noise = choice("none "),
    seed = whole(-1, 2^31)
  ))
  expect_arguments_refused(
    "musl_simulate_interactions", musl_simulate_interactions, list(
      n_nodes = whole(-1, 0), n_pairs = whole(-1, 0), task = choice("Binary"),
      types = whole(0, 3), noise = number(-1), seed = whole(-1)
    )
  )
  expect_arguments_refused("musl_simulate_sites", musl_simulate_sites, list(
    n_proteins = whole(-1, 0), n_residues = whole(-1, 0), seed = whole(-1)
  ))
})

test_that("wrong arguments of histograms and descriptors are refused", {
  data <- tiny_data()
  expect_arguments_refused("musl_histogram",
    given(musl_histogram, x = 1:50 / 7, y = sin(1:50)), list(
      bins = whole(1, 257, -1), binning = choice("Value"), smooth = number(-1),
      zeros = choice("no")
    )
  )
  expect_arguments_refused("musl_descriptors",
    given(musl_descriptors, data = data), list(
      bins = whole(1, 257), set = choice("papers")
    )
  )
})

test_that("wrong arguments of splits and negatives are refused", {
  data <- tiny_data()
  expect_arguments_refused("musl_negatives", given(musl_negatives, data = data),
    list(
      policy = choice("Random"), ratio = number(-1, 1001),
      seed = whole(-1, 2^31)
    )
  )
  expect_arguments_refused("musl_split", given(musl_split, data = data), list(
    setting = choice("C2"), folds = whole(0, 1, -1),
    validation = number(-.1, 1), repeats = whole(0, -1),
    strata = choice("Hubs"),
    ratio = number(0, -1), leakage = choice("warn"), seed = whole(-1, 2^31)
  ))
  d <- musl_simulate_interactions(n_nodes = 60, n_pairs = 300, seed = 1)
  expect_arguments_refused("musl_split_interactions",
    given(musl_split_interactions, pairs = d$pairs), list(
      setting = choice("BFS"), test = number(-.1, 1, 0),
      validation = number(-.1, 1), seed = whole(-1)
    )
  )
})

test_that("wrong arguments of metrics and comparisons are refused", {
  scored <- scored_runs()
  expect_arguments_refused("musl_metrics",
    given(musl_metrics, object = scored), list(
      metrics = choice("AUROC"), threshold = number(-.1, 1.1),
      summarise = flag,
      bootstrap = whole(-1), seed = whole(-1), threads = whole(-1)
    )
  )
  expect_arguments_refused("musl_compare_scorers",
    given(musl_compare_scorers, object = scored), list(
      against = choice("none of these"), threshold = number(-.1, 1.1),
      interval = number(0, 1, -1), bootstrap = whole(-1), seed = whole(-1),
      threads = whole(-1)
    )
  )
  expect_arguments_refused("musl_calibration",
    given(musl_calibration, object = cbind(scored, n_unseen = 1L)), list(
      bins = whole(0, -1), replicates = whole(1, -1)
    )
  )
})

test_that("wrong arguments of screens are refused", {
  panel <- screen_panel()
  expect_arguments_refused("musl_screen",
    given(musl_screen, anchors = "G01", x = panel), list(
      effect = choice("effects"), expression = choice("Expression"),
      test = choice("t"), alternative = choice("greater"), correct = flag,
      min_lines = whole(0, 1, -1), low = number(-.1, 1.1),
      threads = whole(-1)
    )
  )
  expect_arguments_refused("musl_gene_table",
    given(musl_gene_table, dependency = panel_effect(panel)), list(
      cut = number()
    )
  )
})

test_that("wrong arguments of embeddings and paralogs are refused", {
  proteins <- c(A = "MKVLLAAC", B = "ACDEFGHI", C = "MKVLLAAG")
  expect_arguments_refused("musl_embed_kmers",
    given(musl_embed_kmers, x = proteins), list(
      k = whole(0, 9, -1), alphabet = choice("dna"), isoforms = choice("all"),
      threads = whole(-1)
    )
  )
  expect_arguments_refused("musl_paralogs",
    given(musl_paralogs, proteins = proteins), list(
      aligner = choice("BLAST"), evalue = number(-1), candidates = whole(0, -1),
      threads = whole(-1)
    )
  )
})

test_that("wrong arguments of replication are refused", {
  expect_arguments_refused("musl_replication",
    given(musl_replication, data = measured_table(3)), list(
      min_hits = whole(-1, 0), threshold = number(-.1, 1.1), graded = flag,
      level = number(0, 1, -1)
    )
  )
})
