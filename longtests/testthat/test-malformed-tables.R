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
    augment = function(x) augment(model, x),
    musl_pair_features = function(x) {
      musl_pair_features(toy_data_with_evidence(), x)
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
