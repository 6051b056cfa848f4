# Lost genes of a cohort, their partners, and whom these reach.

mutation_rows <- function(gene, patient, class) {
  data.frame(
    Hugo_Symbol = gene, Tumor_Sample_Barcode = patient,
    Variant_Classification = class
  )
}

quiet_cohort <- function(...) suppressWarnings(musl_cohort(...))

test_that("a named cohort has the shares of the source", {
  data <- Sys.getenv("MUSL_DATA")
  skip_if(!nzchar(data), "needs MUSL_DATA")
  loss <- utils::read.delim(
    gzfile(file.path(data, "genes", "tumour_loss.tsv.gz")), na.strings = ""
  )
  asked <- list(
    KIRC = c("VHL", "PBRM1", "BAP1", "SETD2"), MESO = c("NF2", "BAP1"),
    UCEC = c("ARID1A", "PTEN"), GBM = c("PTEN", "RB1")
  )
  for (name in names(asked)) {
    found <- quiet_cohort(name, anchors = asked[[name]], n = 1)
    of <- loss[loss$cohort == name, ]
    of <- of[match(found$anchor, of$gene), ]
    expect_setequal(found$anchor, asked[[name]])
    expect_equal(found$share, of$n_truncating / of$n_patients)
  }
  expect_output(print(quiet_cohort("UCEC", anchors = "PTEN")), "lower bound")
  expect_false(any(grepl("lower bound", utils::capture.output(
    print(quiet_cohort("KIRC", anchors = "PBRM1"))
  ))))
})

test_that("drivers by loss are asked by default", {
  found <- quiet_cohort("KIRC")
  expect_true(all(c("VHL", "PBRM1", "BAP1", "SETD2") %in% found$anchor))
  expect_true(all(found$share >= .02))
  expect_lte(max(table(found$anchor)), 5)
  role <- musl_gene_facts(unique(found$anchor))$role
  expect_false("gain" %in% role)
  # What is reached if losses are independent, by multiplication.
  cover <- tidy(found)
  first <- strsplit(cover$anchors[[1]], ", ", fixed = TRUE)[[1]]
  share <- found$share[match(first, found$anchor)]
  expect_equal(cover$share_reached[[1]], 1 - prod(1 - share))
  expect_false(is.unsorted(cover$n_reached))
  expect_false(is.unsorted(-cover$n_added))
})

test_that("the cover counts each patient once", {
  model <- musl_human_model()
  list <- suppressWarnings(musl_partners(model, c("STAG2", "ARID1A"), n = 2))
  partner <- list$partner[list$anchor == "STAG2"][[1]]
  # P4 lost the partner as well.
  x <- mutation_rows(
    c("STAG2", "STAG2", "ARID1A", "STAG2", "ARID1A", "STAG2", partner),
    c("P1", "P1", "P2", "P2", "P3", "P4", "P4"), "Nonsense_Mutation"
  )
  found <- quiet_cohort(
    x, anchors = c("STAG2", "ARID1A"), n = 1, patients = 10
  )
  expect_equal(found$n_patients[found$anchor == "STAG2"], 3)
  expect_equal(found$share[found$anchor == "ARID1A"], 2 / 10)
  cover <- tidy(found)
  # Each partner reaches two of P1, P2, P3; the second adds one.
  expect_equal(cover$n_added, c(2, 1))
  expect_equal(cover$share_reached, c(.2, .3))
  expect_identical(
    found$n_reached, cover$n_reached[match(found$partner, cover$partner)]
  )
})

test_that("classes of mutations are read in the words of each source", {
  x <- data.frame(
    hugoGeneSymbol = "STAG2", sampleId = paste0("S", 1:9),
    mutationType = c(
      "Nonsense_Mutation", "Frame_Shift_Ins", "stop_gained",
      "frameshift_variant", "Splice_Site", "splice_acceptor_variant",
      "start_lost", "HOMDEL", "Missense_Mutation"
    )
  )
  of <- function(...) quiet_cohort(x, ..., n = 1)$n_patients
  expect_equal(of(), 8)
  expect_equal(of(loss = "truncating"), 4)
  expect_equal(of(loss = c("splice", "deletion")), 3)
  expect_equal(of(loss = "missense"), 1)
  names(x) <- c("g", "s", "c")
  expect_error(musl_cohort(x), class = "musl_error_input")
  expect_equal(of(columns = c(gene = "g", sample = "s", class = "c")), 8)
  x$c[9] <- "Splice_Region"
  x$s <- paste0("TCGA-AA-000", 1, "-0", 1:9, "A")
  # Samples of one patient.
  expect_equal(of(columns = c(gene = "g", sample = "s", class = "c")), 1)
})

test_that("gains stand apart", {
  x <- mutation_rows(
    c("STAG2", "KRAS", "KRAS", "ERBB2"), c("P1", "P2", "P3", "P4"),
    c("Nonsense_Mutation", "Missense_Mutation", "Frame_Shift_Del", "AMP")
  )
  found <- quiet_cohort(x, n = 1)
  expect_identical(found$anchor, "STAG2")
  gains <- tidy(found, "gains")
  expect_identical(gains$gene, c("KRAS", "ERBB2"))
  expect_equal(gains$n_patients, c(2, 1))
  expect_output(print(found), "KRAS")
})

test_that("a logical matrix and a MAF object are read", {
  x <- mutation_rows(
    c("STAG2", "STAG2", "TTN"), c("P1", "P2", "P3"), "Nonsense_Mutation"
  )
  m <- matrix(
    c(TRUE, FALSE, TRUE, FALSE, FALSE, TRUE), 2,
    dimnames = list(c("STAG2", "TTN"), c("P1", "P2", "P3"))
  )
  by_table <- quiet_cohort(x, n = 3)
  expect_equal(quiet_cohort(m, n = 3), by_table)
  maf <- methods::setClass("MAF", slots = c(
    data = "data.frame", variants.per.sample = "data.frame",
    maf.silent = "data.frame"
  ), where = environment())
  object <- maf(
    data = x, variants.per.sample = data.frame(
      Tumor_Sample_Barcode = factor(c("P1", "P2", "P3", "P4"))
    )
  )
  expect_equal(quiet_cohort(object, n = 3)$share, rep(2 / 4, 3))
})

test_that("what has no loss is refused by class", {
  x <- mutation_rows("STAG2", "P1", "Nonsense_Mutation")
  refused <- function(..., class = "musl_error_input") {
    expect_error(quiet_cohort(...), class = class)
  }
  refused("NOCOHORT")
  refused("SKCM")
  refused(x[0, ])
  refused(mutation_rows("STAG2", "P1", "Silent"))
  refused(mutation_rows("STAG2", "P1", "whatever"))
  refused(mutation_rows("NOGENE", "P1", "Nonsense_Mutation"))
  refused(x, anchors = "RB1", class = "musl_error_gene")
  refused(x, patients = 0)
  refused(x, loss = "silent")
  refused(matrix(1, 1, 1, dimnames = list("STAG2", "P1")))
  refused(matrix(FALSE, 1, 1, dimnames = list("STAG2", "P1")))
  refused(1)
})

test_that("the cover is drawn", {
  found <- quiet_cohort("KIRC", anchors = c("PBRM1", "SETD2"), n = 2)
  plot <- autoplot(found)
  expect_s3_class(plot, "ggplot")
  expect_equal(
    ggplot2::layer_data(plot, 1)$x, tidy(found)$n_reached,
    tolerance = 1e-6
  )
})
