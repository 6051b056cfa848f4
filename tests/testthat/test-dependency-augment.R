# Two anchors of which each is a partner of the other.
two_way_screen <- function() {
  x <- dependency_panel(gaps = 0)
  lost <- panel_lost(x)
  musl_dependency(
    c("G01", "G02"), x,
    groups = anchor_groups(x, G01 = lost, G02 = rev(lost))
  )
}

evidence_of <- function(dependency, anchor, partner) {
  known <- paste(dependency$anchor, dependency$partner)
  dependency[match(paste(anchor, partner), known), ]
}

test_that("partners get the evidence of their anchor, in order", {
  dependency <- two_way_screen()
  predictions <- new_musl_partners(tibble::tibble(
    anchor = c("G02", "G01", "G03"), partner = c("G05", "G02", "G01"),
    rank = 1L, .score = 3:1, known = FALSE
  ))
  out <- augment(dependency, predictions)
  expect_s3_class(out, "musl_partners")
  expect_identical(out[names(predictions)], predictions)
  expected <- evidence_of(dependency, predictions$anchor, predictions$partner)
  expect_identical(out$dependency_anchor, c("G02", "G01", NA))
  for (column in c("difference", "cliffs_delta", "p_value", "fdr")) {
    expect_identical(out[[paste0("dependency_", column)]], expected[[column]])
  }
  expect_identical(out$independent, c(TRUE, TRUE, NA))
})

test_that("pairs get the better direction at twice its p-value", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(
    gene_a = c("G02", "G05", "G05"), gene_b = c("G01", "G01", "G06")
  )
  out <- augment(dependency, pairs)
  both <- evidence_of(dependency, c("G01", "G02"), c("G02", "G01"))
  best <- both[which.min(both$p_value), ]
  expect_identical(out$dependency_anchor[[1]], best$anchor)
  expect_equal(out$dependency_p_value[[1]], min(1, 2 * best$p_value))
  expect_equal(out$dependency_fdr[[1]], min(1, 2 * best$fdr))
  # Only the loss of G01 was screened for this pair.
  one <- evidence_of(dependency, "G01", "G05")
  expect_identical(out$dependency_anchor[[2]], "G01")
  expect_identical(out$dependency_p_value[[2]], one$p_value)
  expect_true(is.na(out$dependency_p_value[[3]]))
})

test_that("labels from the same kind of data make evidence dependent", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(
    gene_a = "G01", gene_b = sprintf("G%02d", 2:8),
    label = c(rep("SL", 6), NA),
    source = c(
      "CRISPR/CRISPRi", "GenomeRNAi;Text Mining", "Computational Prediction",
      "Text Mining", "Synlethality;Text Mining", NA, NA
    )
  )
  out <- augment(dependency, pairs)
  expect_identical(
    out$independent, c(FALSE, FALSE, FALSE, TRUE, TRUE, FALSE, TRUE)
  )
  expect_identical(out$label_source, pairs$source)
  own <- augment(dependency, pairs, dependent = "mining")
  expect_identical(
    own$independent, c(TRUE, FALSE, TRUE, FALSE, FALSE, FALSE, TRUE)
  )
  none <- augment(dependency, pairs, dependent = character())
  expect_identical(none$independent, c(rep(TRUE, 5), FALSE, TRUE))
})

test_that("sources may come with the training labels, in either order", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(gene_a = "G01", gene_b = c("G03", "G04", "G05"))
  labels <- data.frame(
    gene_a = c("G03", "G01"), gene_b = c("G01", "G04"),
    source = c("RNAi Screen", "Text Mining")
  )
  out <- augment(dependency, pairs, labels = labels)
  expect_identical(out$independent, c(FALSE, TRUE, TRUE))
  expect_identical(out$label_source, c("RNAi Screen", "Text Mining", NA))
})

test_that("all labelled rows of a pair count, and no others", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(gene_a = "G01", gene_b = sprintf("G%02d", 3:7))
  labels <- data.frame(
    gene_a = "G01",
    gene_b = c("G03", "G03", "G04", "G05", "G05", "G06", "G06"),
    label = c("SL", "SL", NA, "SL", "SL", NA, "non_SL"),
    source = c(
      "Text Mining", "CRISPR/CRISPRi", "RNAi Screen", "Text Mining", NA,
      "RNAi Screen", "Low Throughput"
    )
  )
  out <- augment(dependency, pairs, labels = labels)
  expect_identical(out$independent, c(FALSE, TRUE, FALSE, TRUE, TRUE))
  expect_identical(out$label_source, c(
    "Text Mining;CRISPR/CRISPRi", NA, "Text Mining", "Low Throughput", NA
  ))
  expect_identical(
    augment(dependency, pairs, labels = labels[7:1, ])$independent,
    out$independent
  )
})

test_that("tables without genes, screens or shared pairs are refused", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(gene_a = "G01", gene_b = "G03")
  expect_input_error(augment(dependency), "data")
  expect_input_error(augment(dependency, "pairs"), "data frame")
  expect_input_error(augment(dependency, pairs["gene_a"]), "gene_b")
  expect_input_error(augment(dependency, pairs, labels = pairs), "source")
  expect_input_error(augment(dependency, pairs, dependent = 1))
  expect_input_error(augment(dependency, pairs, dependent = c("rnai", "[")))
  other <- tibble::tibble(gene_a = "BRCA1", gene_b = "PARP1")
  expect_gene_error(augment(dependency, other), "BRCA1 - PARP1")
  expect_identical(nrow(augment(dependency, pairs[0, ])), 0L)
})

test_that("a model's predictions and partners can be augmented", {
  fit <- tiny_model()
  x <- dependency_panel(n_genes = 80, gaps = 0)
  dependency <- musl_dependency("G01", x, loss = quarter)
  partners <- suppressWarnings(
    musl_partners(fit, "G01", n = 5),
    classes = "musl_warning_other"
  )
  expect_identical(
    augment(partners, dependency)$dependency_anchor, rep("G01", 5)
  )
  pairs <- data.frame(gene_a = "G03", gene_b = c("G01", "G02"))
  out <- augment(predict(fit, pairs), dependency)
  expect_identical(out$dependency_anchor, c("G01", NA))
})

# The partners of G1 by differential dependency.
partners_in_order <- function(effect, lost, lineage) {
  x <- SummarizedExperiment::SummarizedExperiment(
    list(effect = effect), colData = data.frame(
      lineage = lineage, row.names = colnames(effect)
    )
  )
  dependency <- musl_dependency("G1", x, groups = lost)
  dependency$partner[dependency_order(dependency)]
}

noisy_effect <- function(n_genes, n_lines) {
  with_seed_kept(1, {
    matrix(stats::rnorm(n_genes * n_lines), n_genes, dimnames = list(
      paste0("G", seq_len(n_genes)), paste0("L", seq_len(n_lines))
    ))
  })
}

test_that("dependency is ordered by its p-value, depleted genes first", {
  lost <- rep(c(TRUE, FALSE), c(40, 60))
  effect <- noisy_effect(6, 100)
  # From strongly depleted to so enriched that the one-sided p-value is 1.
  shift <- c(0, -2, -1, 0, 3, 5)
  effect[, lost] <- effect[, lost] + shift
  expected <- c("G2", "G3", "G4", "G5", "G6")
  expect_identical(partners_in_order(effect, lost, rep("a", 100)), expected)
})

test_that("the direction is that of the test, not that of the medians", {
  lineage <- rep(c("a", "b"), each = 100)
  lost <- rep(c(TRUE, FALSE, TRUE, FALSE), c(10, 90, 90, 10))
  effect <- noisy_effect(8, 200)
  # Depleted in both lineages, but the loss is common where effects are high.
  effect["G2", ] <- effect["G2", ] + 4 * (lineage == "b") - 1.5 * lost
  effect["G3", ] <- effect["G3", ] - 4 * (lineage == "b") + 1.5 * lost
  difference <- function(gene) {
    diff(unname(tapply(effect[gene, ], !lost, stats::median)))
  }
  expect_lt(difference("G2"), 0)
  found <- partners_in_order(effect, lost, lineage)
  expect_identical(found[c(1, 7)], c("G2", "G3"))
})

test_that("the direction with the smaller p-value counts, either way", {
  dependency <- two_way_screen()
  pairs <- tibble::tibble(gene_a = "G01", gene_b = c("G02", "G03"), .score = 0)
  turned <- dependency
  known <- paste(dependency$anchor, dependency$partner)
  swap <- match(c("G01 G02", "G02 G01"), known)
  turned$p_value[swap] <- c(0.9, 0.1)
  expect_identical(augment(turned, pairs)$dependency_anchor, c("G02", "G01"))
})

test_that("a data frame of predictions is joined as a tibble is", {
  dependency <- two_way_screen()
  predictions <- data.frame(
    anchor = "G01", partner = c("G03", "G02"), .score = 2:1
  )
  table <- tibble::as_tibble(predictions)
  expect_identical(augment(dependency, predictions), augment(dependency, table))
  for (class in c("musl_partners", "musl_predictions")) {
    ours <- tibble::new_tibble(predictions, class = class)
    expect_identical(
      augment(ours, dependency)$dependency_fdr,
      augment(dependency, table)$dependency_fdr
    )
    expect_input_error(augment(ours), "dependency")
    expect_input_error(augment(ours, predictions))
  }
})

test_that("labels of other identifiers are told", {
  dependency <- two_way_screen()
  predictions <- tibble::tibble(anchor = "G01", partner = "G02")
  labels <- data.frame(gene_a = "7157", gene_b = "672", source = "CRISPR")
  expect_musl_warning(
    out <- augment(dependency, predictions, labels = labels), "share no gene"
  )
  expect_true(out$independent)
  labels$gene_b <- "G02"
  expect_warning(augment(dependency, predictions, labels = labels), NA)
})
