# The labelled pairs, those trained on among them.
heard_pairs <- function() {
  tiny_data()@pairs[c("gene_a", "gene_b")]
}

score_by <- function(encoders, pairs = heard_pairs()) {
  predict(tiny_model(), pairs, type = "parts", scorers = encoders)
}

biology <- c("histogram", "descriptors", "genes", "graph")

test_that("encoders to hear must be the model's, each once", {
  for (bad in list(
    "sequence", c("graph", "graph"), character(), NA_character_, 1,
    list("graph")
  )) {
    expect_input_error(
      predict(tiny_model(), heard_pairs(), scorers = bad), "scorers"
    )
  }
  cnd <- expect_input_error(
    predict(tiny_model(), heard_pairs(), scorers = "sequence")
  )
  for (name in c("sequence", biology, "partners")) {
    expect_match(conditionMessage(cnd), name, fixed = TRUE)
  }
})

test_that("to hear all is to hear as usual", {
  all <- tiny_model()@architecture$encoders
  expect_identical(all, c(biology, "partners"))
  expect_identical(score_by(rev(all)), score_by(NULL))
})

test_that("biology alone gives known partners no weight", {
  out <- score_by(biology)
  full <- score_by(NULL)
  expect_identical(unique(out$.gate_partners[!is.na(out$.score)]), 0)
  gates <- setdiff(paste0(".gate_", biology), ".gate_genes")
  has <- rowSums(full[gates]) > 0
  expect_identical(is.na(out$.score), !has)
  expect_equal(
    rowSums(out[gates]), ifelse(has, 1, NA),
    tolerance = 1e-6, ignore_attr = TRUE
  )
  expect_true(any(full$.gate_partners > 0))
  expect_false(isTRUE(all.equal(out$.score, full$.score)))
  expect_identical(out$n_unseen, full$n_unseen)
})

test_that("known partners alone say nothing about genes they do not know", {
  seen <- tiny_model()@n_seen > 0
  genes <- tiny_model()@genes
  expect_gte(sum(!seen), 2)
  pairs <- tibble::tibble(
    gene_a = c(genes[seen][1], genes[seen][1], genes[!seen][1]),
    gene_b = c(genes[seen][2], genes[!seen][1], genes[!seen][2])
  )
  expect_warning(
    out <- score_by("partners", pairs), "1 pair without a modality"
  )
  expect_identical(is.na(out$.score), c(FALSE, FALSE, TRUE))
  expect_equal(out$.gate_partners[1:2], c(1, 1), tolerance = 1e-6)
})
