test_that("every descriptor and network column has a description", {
  for (set in descriptor_sets) {
    names <- with_core(cpp_descriptor_names(set))
    words <- network_words(rep("descriptors", length(names)), names)
    expect_true(all(endsWith(words, " (scaled)")))
    expect_identical(anyDuplicated(words), 0L)
  }
  expect_identical(
    network_words(
      rep("descriptors", 4),
      c("tcga: mean_min", "pearson", "a: b: shift_max", "other: odd")
    ),
    c(
      "mean expression, lower of the two in tcga (scaled)",
      "correlation (scaled)",
      paste(
        "change of one gene where the other is low, higher of the two in a: b",
        "(scaled)"
      ),
      "odd in other"
    )
  )
})

test_that("an explanation of a network is told in words", {
  d <- musl_simulate("small", seed = 1)
  fit <- suppressMessages(suppressWarnings(musl_fit(d,
    control = musl_control(seed = 1, epochs = 1, members = 1, threads = 1),
    progress = FALSE
  ), classes = "musl_warning_not_converged"))
  pair <- musl_pairs(d)[1, ]
  why <- musl_explain(fit, pair$gene_a, pair$gene_b)
  words <- tibble::as_tibble(as.list(why))
  named <- words$component %in% c("descriptors", "topology", "genes")
  expect_gt(sum(named), 40)
  expect_false(any(words$description[named] == words$term[named]))
  for (gene in c(pair$gene_a, pair$gene_b)) {
    expect_true(paste("embedding of", gene) %in% words$description)
    expect_true(
      paste0("network position of ", gene, "'s neighbours") %in%
        words$description
    )
  }
})

test_that("what is told of a gene alone has words", {
  term <- c(
    "A", "A, embedding", "A, coexpression:tcga", "A, marginals:tcga",
    "A, spectral", "A, degree", "A, spectral, 1 step",
    "A, coexpression:a:b, 2 steps", "A, odd:tcga"
  )
  expect_identical(network_words(rep("genes", 9), term), c(
    "A alone", "embedding of A", "co-expression in tcga of A",
    "expression alone in tcga of A", "network position of A",
    "network degree of A",
    "network position of A's neighbours",
    "co-expression in a:b of A's neighbours, 2 steps away",
    "odd in tcga of A"
  ))
})
