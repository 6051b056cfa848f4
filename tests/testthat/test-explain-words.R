test_that("every descriptor and network column has a description", {
  for (set in descriptor_sets) {
    names <- with_core(cpp_descriptor_names(set))
    inputs <- rep("descriptors", length(names))
    words <- term_words(inputs, names, 0 * nchar(names), names)
    expect_true(all(endsWith(words, " (scaled)")))
    expect_identical(anyDuplicated(words), 0L)
  }
})

test_that("an explanation of a network is told in words", {
  d <- musl_simulate("small", seed = 1)
  fit <- suppressMessages(suppressWarnings(musl_fit(d,
    control = musl_control(seed = 1, epochs = 1, ensemble = 1, threads = 1),
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
