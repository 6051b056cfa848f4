# What a pair shares by name, what ranks it, and what screens said of it.

human_why <- function(a, b, ...) {
  musl_explain(musl_human_model(), a, b, nearest = 0, ...)
}

test_that("complexes, terms, modules and families are named", {
  why <- human_why("ARID1A", "ARID1B", ranks = FALSE)
  shared <- tidy(why, "shared")
  expect_true(all(c("complex", "term", "module", "family") %in% shared$kind))
  expect_lte(max(table(shared$kind)), 3)
  first <- shared[1, ]
  expect_identical(first$name, "bBAF complex")
  expect_identical(first$id, "GO:0140092")
  expect_identical(first$n_genes, 10L)
  expect_match(first$genes, "SMARCA2", fixed = TRUE)
  printed <- utils::capture.output(print(why, width = 300))
  expect_match(
    printed, "Both in the bBAF complex (GO:0140092, 10", fixed = TRUE,
    all = FALSE
  )
  expect_match(
    paste(trimws(printed), collapse = " "),
    "co-essential module with CSNK1A1, DPF2", fixed = TRUE
  )
  cohesin <- tidy(human_why("STAG2", "STAG1", ranks = FALSE), "shared")
  expect_identical(cohesin$name[[1]], "cohesin complex")
  # Nothing is said of a pair that shares nothing.
  none <- human_why("MTAP", "PRMT5", ranks = FALSE)
  expect_identical(nrow(tidy(none, "shared")), 0L)
  expect_false(any(grepl("Both in|Shared", explained_sentences(none))))
})

test_that("sets hold the genes that the annotation has", {
  source <- facts_source(musl_human_model())
  pair <- tibble(gene_a = "STAG1", gene_b = "STAG2")
  found <- shared_of_kind("terms", source, pair)
  small <- found$n_genes <= largest_listed
  expect_identical(lengths(found$members) > 0, small)
  # Genes outside of the model count in the size.
  expect_true(all(lengths(found$members) <= found$n_genes))
  expect_true(all(vapply(found$members[small], function(members) {
    all(c("STAG1", "STAG2") %in% members)
  }, NA)))
  skip_if_not_installed("org.Hs.eg.db")
  terms <- musl_annotations("org.Hs.eg.db")$terms
  both <- intersect(
    terms$term[terms$gene == "STAG1"], terms$term[terms$gene == "STAG2"]
  )
  expect_setequal(found$id, both)
})

test_that("sets of other data are told by their members", {
  terms <- data.frame(
    gene = c("A", "B", "C", "A", "B"), branch = "CC", evidence = "IDA",
    term = c("x", "x", "x", "y", "y")
  )
  store <- with_core(cpp_parts_store(list(
    terms = set_input(terms$gene, terms$term, terms$branch, c("A", "B", "C"))
  ), 3))
  source <- list(store = store, model = NULL, genes = c("A", "B", "C"))
  found <- shared_sets(source, tibble(gene_a = "A", gene_b = "B"))
  expect_identical(found$n_genes, c(2L, 3L))
  expect_identical(found$genes, c(NA, "C"))
  expect_true(all(is.na(found$name)))
  expect_identical(
    shared_words(found),
    c("both in the term (2 genes)", "both in the term with C (3 genes)")
  )
  pair <- tibble(gene_a = "B", gene_b = "C")
  expect_identical(shared_sets(source, pair)$genes, "A")
  expect_identical(nrow(shared_sets(NULL, pair)), 0L)
  expect_error(
    shared_of_kind("others", source, pair),
    class = "musl_error_input"
  )
})

test_that("contributions to the order add up, by a constant of the model", {
  constants <- vapply(list(
    c("ARID1A", "ARID1B"), c("MTAP", "PRMT5"), c("KRAS", "RAF1")
  ), function(pair) {
    why <- human_why(pair[1], pair[2], ranks = FALSE)
    expect_equal(sum(why$order), glance(why)$order)
    expect_equal(
      sum(tidy(why, "groups")$order), glance(why)$order
    )
    why$order[why$component == "reference"]
  }, 0)
  expect_equal(diff(constants), c(0, 0), tolerance = 1e-5)
})

test_that("an explanation has both ranks, as the lists have them", {
  model <- musl_human_model()
  for (pair in list(c("ARID1A", "ARID1B"), c("MTAP", "PRMT5"))) {
    why <- human_why(pair[1], pair[2])
    order <- tidy(why, "order")
    expect_equal(
      order$order, order$terms + order$lines + order$status_handicap
    )
    lists <- suppressWarnings(musl_partners(model, order$anchor, n = Inf))
    for (i in 1:2) {
      list <- lists[lists$anchor == order$anchor[[i]], ]
      row <- list[list$partner == order$partner[[i]], ]
      expect_identical(order$rank[[i]], row$rank)
      expect_equal(order$times_average[[i]], row$order)
      expect_identical(order$n_candidates[[i]], nrow(list))
      expect_identical(order$status[[i]], row$status)
    }
  }
  sentence <- rank_sentence(order)
  expect_match(sentence, "PRMT5 1 of 19,197 partners of lost MTAP")
  expect_match(sentence, "needed anyway")
  without <- human_why("MTAP", "PRMT5", ranks = FALSE)
  expect_null(rank_sentence(tidy(without, "order")))
})

test_that("screens of a pair are named", {
  why <- human_why("ARID1A", "ARID1B", ranks = FALSE)
  screens <- tidy(why, "screens")
  expect_setequal(screens$study, c("Ito", "Parrish", "CHyMErA"))
  expect_false(any(screens$hit))
  expect_true(
    "Measured in Ito, Parrish, CHyMErA: no hit (strongest 8 % in CHyMErA)." %in%
      explained_sentences(why)
  )
})
