# What takes a table of pairs, of screens or of scores is given.

wrong_pairs <- function(good) {
  changed <- function(column, value) {
    good[[column]] <- value
    good
  }
  list(
    "text" = "TP53", "a number" = 7, "TRUE" = TRUE, "a function" = mean,
    "a matrix" = as.matrix(good), "a list" = as.list(good),
    "no gene_a" = good[names(good) != "gene_a"],
    "no gene_b" = good[names(good) != "gene_b"],
    "no columns" = good[0], "numbers" = changed("gene_a", seq_len(nrow(good))),
    "dates" = changed("gene_a", as.Date("2020-03-01") + seq_len(nrow(good))),
    "truth values" = changed("gene_b", rep(TRUE, nrow(good))),
    "a list of genes" = changed("gene_b", I(as.list(good$gene_b))),
    "complex numbers" = changed("gene_b", rep(1i, nrow(good))),
    "a missing gene" = changed("gene_a", replace(good$gene_a, 1, NA)),
    "an empty gene" = changed("gene_b", replace(good$gene_b, 1, "")),
    "gene_A for gene_a" = stats::setNames(
      good, sub("gene_a", "gene_A", names(good))
    )
  )
}

test_that("wrong pairs are refused by all that asks a model of pairs", {
  skip_without_backend()
  model <- tiny_model()
  good <- data.frame(gene_a = model@genes[1:3], gene_b = model@genes[4:6])
  uses <- list(
    predict = function(x) predict(model, x),
    musl_balance = function(x) musl_balance(model, x),
    augment = function(x) augment(model, x),
    musl_contexts = function(x) {
      musl_contexts(model, x, tiny_data(), contexts = list(all = "s01"))
    },
    musl_atlas = function(x) musl_atlas(model, tempfile(), pairs = x),
    musl_pair_evidence = function(x) {
      musl_pair_evidence(toy_data_with_evidence(), x)
    },
    musl_descriptors = function(x) musl_descriptors(tiny_data(), x)
  )
  for (use in names(uses)) {
    cases <- wrong_pairs(good)
    # A matrix of two columns names pairs, too.
    if (use %in% c("predict", "augment")) cases$`a matrix` <- NULL
    for (case in names(cases)) {
      expect_no_object(paste0(use, "(): ", case), uses[[use]](cases[[case]]),
        c("input", "gene")
      )
    }
  }
})

test_that("wrong tables of scores are refused", {
  good <- scored_runs()
  changed <- function(column, value) {
    good[[column]] <- value
    good
  }
  no_tables <- wrong_pairs(good)[c("text", "a number", "TRUE", "a function")]
  cases <- c(no_tables, list(
    "no label" = good[names(good) != "label"],
    "no score" = good[names(good) != ".score"], "no columns" = good[0],
    "a label of 2" = changed("label", 2),
    "a label of text" = changed("label", "x"),
    "a list of labels" = changed("label", I(rep(list(1), nrow(good)))),
    "a score of text" = changed(".score", "high"),
    "NaN for a score" = changed(".score", NaN),
    "a complex score" = changed(".score", 1i),
    "a probability of 2" = changed(".pred_SL", 2),
    "a negative probability" = changed(".pred_SL", -.1),
    "a probability of text" = changed(".pred_SL", "likely"),
    "a list of scores" = changed(".score", I(rep(list(1), nrow(good))))
  ))
  for (case in names(cases)) {
    expect_no_object(paste("musl_metrics:", case), musl_metrics(cases[[case]]),
      "input"
    )
  }
})

test_that("wrong tables of screens are refused", {
  good <- measured_table(3)
  changed <- function(column, value) {
    good[[column]] <- value
    good
  }
  cases <- c(wrong_pairs(good), list(
    "a weight of 2" = changed("weight", 2),
    "a negative weight" = changed("weight", -1),
    "a weight of text" = changed("weight", "x"),
    "an effect of text" = changed("effect", "low"),
    "an infinite effect" = changed("effect", -Inf),
    "a source that is a list" = changed("source", I(rep(list(1), nrow(good)))),
    "measured by text" = changed("measured", "yes"),
    "no measured pair" = good[0, ]
  ))
  for (case in names(cases)) {
    expect_no_object(paste("musl_replication:", case),
      musl_replication(cases[[case]]), "input"
    )
  }
})

test_that("wrong pairs and nodes of two kinds are refused", {
  d <- musl_simulate_interactions(n_nodes = 60, n_pairs = 300, seed = 1)
  good <- d$pairs
  changed <- function(column, value) {
    good[[column]] <- value
    good
  }
  pairs <- list(
    "text" = "a", "a number" = 1, "a list" = as.list(good),
    "no from" = good[names(good) != "from"],
    "no to" = good[names(good) != "to"],
    "no rows" = good[0, ], "no columns" = good[0],
    "numbers" = changed("from", seq_len(nrow(good))),
    "a missing end" = changed("to", replace(good$to, 1, NA)),
    "an empty end" = changed("to", replace(good$to, 1, "")),
    "an unknown end" = changed("to", replace(good$to, 1, "nobody")),
    "a label of 2" = changed("label", 2),
    "a label of text" = changed("label", "x"),
    "an infinite label" = changed("label", Inf),
    "an unknown part" = changed("split", "somewhere")
  )
  for (case in names(pairs)) {
    expect_no_object(paste("pairs:", case),
      musl_interactions(pairs[[case]], d$nodes, progress = FALSE),
      c("input", "gene", "shape")
    )
    # A split reads only the ends, by whatever name.
    if (grepl("label|unknown|numbers", case)) next
    expect_no_object(paste("pairs to split:", case),
      musl_split_interactions(pairs[[case]]), c("input", "gene", "shape")
    )
  }
  nodes <- list(
    "text" = "a", "a number" = 1, "a function" = mean, "a list" = list(),
    "no names" = unname(c("MKV", "MKL")),
    "a name twice" = c(a = "MK", a = "MV"),
    "an empty sequence" = c(a = ""),
    "a missing sequence" = c(a = NA_character_),
    "a digit" = c(a = "MK1"), "a table without names" = data.frame(x = 1)
  )
  for (case in names(nodes)) {
    expect_no_object(paste("nodes:", case), musl_nodes(nodes[[case]]), "input")
  }
  smiles <- c(
    "C(", "C)", "C1CC", "[Na", "C%1", "Q", "C==C", "[]", "C[", "c1ccc", "(C)",
    "=C", "C1CC2", "[13", "C#", "*(", "C..C("
  )
  for (text in smiles) {
    expect_no_object(paste("SMILES", text),
      musl_nodes(c(a = text), as = "smiles"), c("input", "format")
    )
  }
})
