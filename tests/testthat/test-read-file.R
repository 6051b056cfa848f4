# What readers repair is told: each kind alone, and none that did not occur.

# The lines of the one message; none if nothing was told.
told_lines <- function(expr) {
  lines <- character()
  withCallingHandlers(expr, musl_message_report = function(cnd) {
    lines <<- strsplit(conditionMessage(cnd), "\n")[[1]]
    rlang::cnd_muffle(cnd)
  })
  lines
}

# One row of a table: 1 for numbers, NA for the rest.
one_case <- function(table) {
  row <- table[NA_integer_, ]
  row[] <- lapply(row, function(x) if (is.numeric(x)) 1 else x)
  row
}

# tell(report) when one of its tables has a row and the others have none: one
# line, of one case.
expect_told_alone <- function(report, tell) {
  tables <- names(report)[vapply(report, is.data.frame, NA)]
  clean <- report
  clean[tables] <- lapply(report[tables], function(table) table[0, ])
  expect_identical(told_lines(tell(clean)), character())
  for (name in tables) {
    fault <- clean
    fault[[name]] <- one_case(report[[name]])
    lines <- told_lines(tell(fault))
    expect_identical(length(lines), 2L, label = name)
    if (!name %in% c("turned", "not_entrez")) {
      expect_match(lines[[2]], "^\\* 1 ", label = name)
    }
  }
}

test_that("readers tell each kind of repair alone, and none without a case", {
  screen <- read_gi_screen(data.frame(
    gene_a = "A", gene_b = c("B", "C"), score = c(-3, 0), label = 1:0
  ))
  pairs <- read_pairs(data.frame(gene_a = "A", gene_b = "B", label = "SL"))
  depmap <- read_depmap(c(effect = write_text(depmap_lines)))
  embeddings <- read_embeddings(write_text("id,x,y", "A,1,2"))
  right <- data.frame(source = character(), correlation = double())
  expect_told_alone(attr(screen, "report"), function(report) {
    tell_screen(report, right, screen)
  })
  expect_told_alone(attr(pairs, "report"), function(report) {
    tell_pairs(report, "drop")
  })
  expect_told_alone(S4Vectors::metadata(depmap)$report, function(report) {
    tell_depmap(report, "symbol")
  })
  expect_told_alone(attr(embeddings, "report"), tell_embeddings)
})

test_that("musl_data() tells each kind of repair alone", {
  report <- musl_data(toy_matrix(), scale = "log")@report
  # Dropped pairs and genes are a warning.
  apart <- c("conflicting_pairs", "dropped_pairs", "dropped_genes")
  expect_told_alone(report[setdiff(names(report), apart)], function(some) {
    report[names(some)] <- some
    tell_report(report, "A")
  })
})

test_that("networks are told what was left out of them alone", {
  counts <- c("n_unmapped", "n_genetic", "n_other_taxon", "n_without")
  report <- as.list(stats::setNames(rep(0, 4), counts))
  expect_identical(told_lines(tell_network(report, "protein")), character())
  for (name in counts) {
    report[[name]] <- 1
    lines <- told_lines(tell_network(report, "protein"))
    expect_match(lines[-1], "^\\* 1 ", label = name)
    expect_identical(length(lines), 2L)
    report[[name]] <- 0
  }
})

test_that("a value in a message has 40 characters at most, and no control", {
  long <- c(strrep("a", 40), strrep("b", 41), NA, "\033[1m\n", "left out")
  expect_identical(
    few(long, 4), c(long[[1]], paste0(strrep("b", 40), "..."), NA, "?[1m?")
  )
})

test_that("names are compared whatever their type", {
  expect_identical(squash_name(c(NA, TRUE)), c(NA, "true"))
  expect_identical(squash_name(factor("DepMap_ID")), "depmapid")
})
