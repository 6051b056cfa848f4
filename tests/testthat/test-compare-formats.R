genes <- sprintf("G%02d", 1:20)
predictions <- data.frame(anchor = "A", partner = genes, .score = 20:1)

# What musl_compare() read of a table: gene, strength, hit in order of genes.
read_as <- function(screen, ...) {
  out <- suppressWarnings(musl_compare(
    predictions, screen, ...,
    k = 5, bootstrap = 2, seed = 1
  ), classes = "musl_warning_other")
  list(format = unique(out$format), genes = attr(out, "genes"))
}

mageck_rra <- function() {
  fdr <- seq(0.01, 0.2, by = 0.01)
  data.frame(
    id = genes, num = 4, `neg|score` = fdr / 10, `neg|p-value` = fdr / 5,
    `neg|fdr` = fdr, `neg|rank` = 1:20, `neg|goodsgrna` = 3,
    `neg|lfc` = -rev(fdr), `pos|score` = 1 - fdr, `pos|p-value` = 1,
    `pos|fdr` = rev(fdr), `pos|rank` = 20:1, `pos|goodsgrna` = 0,
    `pos|lfc` = -rev(fdr), check.names = FALSE
  )
}

test_that("MAGeCK's gene summary is read by its negative selection", {
  table <- mageck_rra()
  out <- read_as(table, fdr = 0.05)
  expect_identical(out$format, "mageck_rra")
  expect_identical(out$genes$strength, -table[["neg|score"]])
  expect_identical(out$genes$hit, table[["neg|fdr"]] <= 0.05)
  expect_identical(read_as(data.frame(table), fdr = 0.05), out)
  expect_identical(sum(read_as(table, fdr = 0.1)$genes$hit), 10L)
})

mageck_mle <- function(conditions = "drug") {
  out <- data.frame(Gene = genes, sgRNA = 4)
  for (condition in conditions) {
    z <- seq(-10, 9) + match(condition, conditions)
    columns <- list(
      beta = z / 10, z = z, `p-value` = 0.01, fdr = abs(z) / 100,
      `wald-p-value` = 0.01, `wald-fdr` = 0.01
    )
    out[paste0(condition, "|", names(columns))] <- columns
  }
  out
}

test_that("MAGeCK's MLE table is read by its condition", {
  one <- read_as(mageck_mle())
  expect_identical(one$format, "mageck_mle")
  z <- seq(-9, 10)
  expect_equal(one$genes$strength, -z)
  expect_identical(one$genes$hit, z < 0 & abs(z) <= 5)
  two <- mageck_mle(c("ctrl", "drug"))
  expect_input_error(read_as(two), "ctrl")
  expect_input_error(read_as(two, condition = "mock"))
  expect_equal(read_as(two, condition = "drug")$genes$strength, -z - 1)
  expect_equal(read_as(data.frame(two), condition = "ctrl")$genes$strength, -z)
})

test_that("DrugZ is read by its synthetic side", {
  table <- data.frame(
    GENE = genes, sumZ = -1, numObs = 4, normZ = seq(-10, 9),
    pval_synth = 0.01, rank_synth = 1:20, fdr_synth = 1:20 / 100,
    pval_supp = 1, rank_supp = 20:1, fdr_supp = 20:1 / 100
  )
  out <- read_as(table)
  expect_identical(out$format, "drugz")
  expect_identical(out$genes$strength, -as.double(table$normZ))
  expect_identical(out$genes$hit, 1:20 <= 5)
})

test_that("BAGEL is read by its Bayes factor", {
  table <- data.frame(GENE = genes, BF = 10.5 - 1:20, STD = 1, NumObs = 4)
  out <- read_as(table)
  expect_identical(out$format, "bagel")
  expect_identical(out$genes$strength, table$BF)
  expect_identical(out$genes$hit, table$BF >= 6)
  expect_identical(read_as(table[c("GENE", "BF")]), out)
})

test_that("a screen of cell lines can be compared too", {
  x <- dependency_panel(n_genes = 21)
  screen <- musl_dependency(c("G21", "G20"), x, loss = quarter)
  other <- transform(predictions, anchor = "G21")
  out <- suppressWarnings(
    musl_compare(other, screen, k = 5, bootstrap = 2, seed = 1),
    classes = "musl_warning_other"
  )
  rows <- screen[screen$anchor == "G21", ]
  rows <- rows[match(genes, rows$partner), ]
  expect_identical(unique(out$format), "musl_dependency")
  expect_identical(attr(out, "genes")$strength, -rows$cliffs_delta)
  written <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(screen, written, row.names = FALSE)
  again <- suppressWarnings(
    musl_compare(
      other, utils::read.csv(written),
      k = 5, bootstrap = 2, seed = 1
    ),
    classes = "musl_warning_other"
  )
  expect_equal(as.data.frame(again), as.data.frame(out))
  expect_input_error(musl_compare(predictions, screen), "G21")
})

test_that("unknown tables and columns of another type are refused", {
  expect_input_error(read_as(data.frame(symbol = genes, score = 1)), "columns")
  text <- mageck_rra()
  text[["neg|fdr"]] <- sub(".", ",", text[["neg|fdr"]], fixed = TRUE)
  expect_input_error(read_as(text), "decimal comma")
  expect_input_error(read_as(mageck_rra(), columns = c(gene = "id")))
  named <- c(gene = "id", strength = "num", hit = "found")
  expect_input_error(read_as(mageck_rra(), columns = named), "found")
  named[["hit"]] <- "num"
  expect_input_error(read_as(mageck_rra(), columns = named), "1 and 0")
  # Calls as most programs write them.
  called <- mageck_rra()
  called$called <- called[["neg|rank"]] <= 5
  named[["hit"]] <- "called"
  named[["strength"]] <- "pos|rank"
  as_flags <- read_as(called, columns = named)
  expect_identical(sum(as_flags$genes$hit), 5L)
  called$called <- as.integer(called$called)
  expect_identical(read_as(called, columns = named), as_flags)
  called$called[[1]] <- 2L
  expect_input_error(read_as(called, columns = named), "1 and 0")
})

test_that("hits with the lower strength are warned of", {
  predictions <- data.frame(
    anchor = "A", partner = sprintf("G%02d", 1:40), .score = 40:1
  )
  own <- c(gene = "gene", strength = "value", hit = "hit")
  compare <- function(value) {
    musl_compare(
      predictions,
      data.frame(
        gene = predictions$partner, value = value, hit = 1:40 %in% c(2, 5, 9)
      ),
      columns = own, k = 5, bootstrap = 10, seed = 1
    )
  }
  # A fold change.
  change <- ifelse(1:40 %in% c(2, 5, 9), -3, sin(1:40))
  cnd <- expect_musl_warning(compare(change), "lower strength")
  expect_match(conditionMessage(cnd), "is -3 for hits")
  expect_warning(compare(-change), NA)
  # By chance.
  expect_warning(compare(sin(1:40)), NA)
})
