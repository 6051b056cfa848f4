# Tables of what altered lines need, as evidence and as a model returns them.

tables <- function() {
  list(
    alterations = data.frame(
      alteration = "one", gene = c("A1", "B1"), state = c("lost", "activated"),
      event = "that lost A1", n_lines = 40
    ),
    differences = data.frame(
      alteration = "one", partner = c("C1", "B1"), z = c(-4.5, 3),
      effect_size = c(-.5, NA), mean_altered = c(-.5, 0),
      mean_other = c(0, -.25)
    )
  )
}

test_that("tables come back from a model's store as they went in", {
  evidence <- musl_evidence(direction = tables())
  d <- musl_data(toy_matrix(),
    pairs = toy_pairs(), scale = "log", evidence = evidence
  )
  source <- list(
    store = evidence_store(d), model = NULL, genes = musl_genes(d)
  )
  known <- known_direction(source)
  expect_setequal(known$differences$partner, c("C1", "B1"))
  row <- match(c("C1", "B1"), known$differences$partner)
  expect_equal(known$differences$z[row], c(-4.5, 3))
  expect_equal(known$differences$effect_size[row], c(-.5, NA))
  expect_true(all(is.na(known$differences$share_altered)))
  expect_identical(known$alterations$n_lines, c(40L, 40L))
  expect_setequal(
    paste(known$alterations$gene, known$alterations$state),
    c("A1 lost", "B1 activated")
  )
})

test_that("tables that do not fit are refused by name", {
  refused <- function(change, pattern) {
    expect_error(musl_evidence(direction = change(tables())), pattern,
      class = "musl_error_input"
    )
  }
  refused(function(x) x["differences"], "alterations")
  refused(function(x) {
    x$alterations$state <- "mutated"
    x
  }, "mutated")
  refused(function(x) {
    x$alterations$n_lines <- c(40, 41)
    x
  }, "number of lines")
  refused(function(x) {
    x$alterations$n_lines <- c(.5, .5)
    x
  }, "counts of lines")
  refused(function(x) {
    x$differences$alteration <- "two"
    x
  }, "two")
  refused(function(x) {
    x$differences$partner <- "C1"
    x
  }, "one row per partner")
  refused(function(x) {
    x$differences$z[2] <- NA
    x
  }, "must have z")
  refused(function(x) {
    x$differences$z[2] <- Inf
    x
  }, "finite")
  refused(function(x) {
    x$differences$z <- NULL
    x
  }, "z")
})

test_that("the human model knows the differences of two laboratories' signs", {
  known <- musl_direction(musl_human_model(), c("MTAP", "RB1", "TP53"))
  z <- function(anchor, partner) {
    known$z[known$anchor == anchor & known$partner == partner]
  }
  # Kryukov 2016, Mavrakis 2016; Aubry 2021; the p53 feedback loop.
  expect_lt(z("MTAP", "PRMT5"), -4)
  expect_lt(z("RB1", "SKP2"), -4)
  expect_gt(z("TP53", "MDM2"), 4)
  expect_false(is.unsorted(known$z[known$anchor == "MTAP"]))
  expect_identical(unique(known$anchor), c("MTAP", "RB1", "TP53"))
  expect_identical(nrow(musl_direction(musl_human_model(), "STAG2")), 0L)
  expect_gene_error(musl_direction(musl_human_model(), "NOGENE"), "anchor")
  kras <- musl_direction(musl_human_model(), "KRAS", state = "activated")
  expect_lt(kras$z[kras$partner == "RAF1"], -4)
})

test_that("the human model's differences agree with another program's", {
  path <- file.path(
    Sys.getenv("MUSL_DATA"), "..", "fixtures", "direction", "z.tsv.gz"
  )
  skip_if_not(file.exists(path), "MUSL_DATA has no reference differences")
  reference <- utils::read.delim(path)
  known <- known_direction(facts_source(musl_human_model()))$differences
  both <- merge(reference, known,
    by.x = c("context", "gene"), by.y = c("alteration", "partner")
  )
  expect_gt(nrow(both), 1500)
  expect_gt(stats::cor(both$z.x, both$z.y), 0.995)
  expect_gt(mean(sign(both$z.x) == sign(both$z.y)), 0.999)
})
