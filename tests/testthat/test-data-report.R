# What musl_data() tells of its repairs.

empty_report <- function() {
  row <- tibble::tibble(
    gene = character(), gene_a = character(), gene_b = character(),
    n_other_type = integer()
  )
  sections <- c(
    "self_pairs", "duplicated_pairs", "opposite_pairs", "network_genetic",
    "network_loops", "network_duplicated", "constant_genes", "excel_names",
    "identifiers", "dropped_genes", "dropped_pairs", "gene_ids"
  )
  set_names(rep(list(row), length(sections)), sections)
}

with_rows <- function(section, n, n_other = 0L) {
  report <- empty_report()
  report[[section]] <- report[[section]][rep(NA_integer_, n), ]
  report[[section]]$gene <- rep("GENE", n)
  report[[section]]$n_other_type <- rep(n_other, n)
  report
}

test_that("each repair is told from one case on, none is without", {
  expect_silent(tell_report(empty_report(), character()))
  told <- function(...) {
    cnd <- expect_message(
      tell_report(with_rows(...), character()), class = "musl_message_report"
    )
    cnd_text(cnd)
  }
  lines <- c(
    self_pairs = "self pair", duplicated_pairs = "duplicated pair",
    opposite_pairs = "pair with opposite", network_genetic = "interaction edge",
    network_loops = "network loop", network_duplicated = "duplicated network",
    constant_genes = "gene with one value", excel_names = "gene name changed"
  )
  for (section in names(lines)) {
    expect_match(told(section, 1), paste0("1 [a-z -]*", lines[[section]]))
    expect_length(gregexpr("\n[*\u2022]", told(section, 1))[[1]], 1)
  }
  expect_match(told("identifiers", 1, 1L), "1 gene name of another kind")
  expect_match(told("identifiers", 2, 2L), "4 gene names of another kind")
  expect_silent(tell_report(with_rows("identifiers", 2), character()))
})

test_that("genes that no other input has are warned of from one on", {
  report <- with_rows("dropped_genes", 1)
  report$dropped_pairs <- with_rows("dropped_pairs", 3)$dropped_pairs
  report$gene_ids <- NULL
  cnd <- expect_warning(
    tell_report(report, "KNOWN"), class = "musl_warning_dropped_genes"
  )
  expect_match(cnd_text(cnd), "3 pairs dropped: 1 gene is in no")
  expect_identical(cnd$genes, "GENE")
})
