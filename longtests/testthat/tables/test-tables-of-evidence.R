# What musl_evidence(), musl_annotations() and their kin are given.

replaced <- function(table, column, value) {
  table[[column]] <- value
  table
}

# A table of genes and something else, wrong in many ways. `keys` are columns
# that must be there; values of `number` columns are numbers.
wrong_tables <- function(table, keys, numbers = character()) {
  all <- list(
    "text" = "A1", "a number" = 1, "a list" = as.list(table), "TRUE" = TRUE,
    "a matrix" = as.matrix(table), "a function" = mean,
    "no rows" = table[0, , drop = FALSE], "no columns" = table[0]
  )
  for (key in keys) {
    lacking <- table[setdiff(names(table), key)]
    all[[paste("no", key)]] <- lacking
    all[[paste("capital", key)]] <- stats::setNames(
      table, sub(paste0("^", key, "$"), toupper(key), names(table))
    )
    all[[paste("a list for", key)]] <- replaced(
      table, key, I(rep(list(1:2), nrow(table)))
    )
    all[[paste("a missing", key)]] <- replaced(
      table, key, replace(table[[key]], 1, NA)
    )
  }
  for (column in numbers) {
    all[[paste("text for", column)]] <- replaced(table, column, "high")
    all[[paste("infinite", column)]] <- replaced(table, column, Inf)
    all[[paste("a list for", column)]] <- replaced(
      table, column, I(rep(list(1:2), nrow(table)))
    )
  }
  all
}

test_that("wrong annotations are refused", {
  terms <- data.frame(
    gene = c("A1", "B1", "C1"), term = "T1", evidence = "IDA"
  )
  cases <- wrong_tables(terms, c("gene", "term"))
  for (case in names(cases)) {
    expect_no_object(paste("annotations:", case),
      musl_annotations(cases[[case]]), "input"
    )
  }
  families <- data.frame(gene = c("A1", "B1"), family = "F1")
  cases <- wrong_tables(families, c("gene", "family"))
  for (case in names(cases)) {
    expect_no_object(paste("families:", case),
      musl_annotations(terms, families = cases[[case]]), "input", "families"
    )
  }
})

test_that("wrong tables of evidence are refused", {
  tables <- list(
    genes = list(
      data.frame(gene = c("A1", "B1"), fitness = c(-1, 0)), "gene", "fitness"
    ),
    modules = list(
      data.frame(gene = c("A1", "B1"), module = 1:2), c("gene", "module"),
      character()
    ),
    layout = list(
      data.frame(gene = c("A1", "B1"), x = c(0, 3), y = c(0, 4)),
      c("gene", "x", "y"), c("x", "y")
    )
  )
  for (argument in names(tables)) {
    cases <- do.call(wrong_tables, tables[[argument]])
    for (case in names(cases)) {
      given <- stats::setNames(cases[case], argument)
      expect_no_object(paste0(argument, ": ", case),
        do.call(musl_evidence, given), c("input", "gene"), argument
      )
    }
    twice <- tables[[argument]][[1]][c(1, 1), ]
    given <- stats::setNames(list(twice), argument)
    if (argument != "modules") {
      expect_no_object(paste0(argument, ": a gene twice"),
        do.call(musl_evidence, given), c("input", "gene")
      )
    }
  }
})

test_that("wrong proteins are refused", {
  cases <- list(
    "a number" = 1, "TRUE" = TRUE, "a function" = mean,
    "a list" = list(A = "MK"),
    "no names" = c("MKV", "MKL"), "one name" = c(A = "MKV", "MKL"),
    "a name twice" = c(A = "MKV", A = "MKL"), "none" = character(),
    "an empty one" = c(A = "MKV", B = ""),
    "a missing one" = c(A = NA_character_),
    "a digit" = c(A = "MK1"), "a blank" = c(A = "MK V"),
    "a letter of another alphabet" = c(A = "MK\u0416"),
    "a stop alone" = c(A = "*"),
    "no file" = "/no/such/proteins.fasta", "a missing name" =
      stats::setNames(c("MK", "MV"), c("A", NA)),
    "a factor" = factor(c(A = "MKV")), "a table" = data.frame(A = "MKV")
  )
  uses <- list(
    musl_embed_kmers = musl_embed_kmers, musl_paralogs = musl_paralogs,
    musl_evidence = function(x) musl_evidence(proteins = x)
  )
  for (use in names(uses)) {
    for (case in names(cases)) {
      # The longest protein of a gene counts.
      if (use == "musl_evidence" && case == "a name twice") next
      expect_no_object(paste0(use, ": ", case), uses[[use]](cases[[case]]),
        "input"
      )
    }
  }
})

test_that("wrong embeddings in matrices are refused", {
  good <- matrix(1:4 / 4, 2, dimnames = list(c("A", "B"), NULL))
  with_names <- function(names) {
    rownames(good) <- names
    good
  }
  cases <- list(
    "names that differ by a blank" = with_names(c("A", "A ")),
    "a missing name" = with_names(c("A", NA)),
    "an empty name" = with_names(c("A", "")), "complex numbers" = good + 1i,
    "bytes" = matrix(as.raw(1:4), 2, dimnames = dimnames(good)),
    "truth values" = good > 0, "a list" = list(A = 1:2, B = 3:4),
    "dates" = as.Date("2020-01-01") + 1:2, "a function" = mean
  )
  for (case in names(cases)) {
    expect_no_object(paste("embeddings:", case),
      musl_data(toy_matrix(), embeddings = cases[[case]], scale = "log"),
      c("input", "gene", "shape")
    )
  }
})
