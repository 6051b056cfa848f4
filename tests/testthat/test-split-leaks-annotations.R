test_that("annotations of musl_annotations() are no leak, their families are", {
  d <- musl_simulate("small", screens = TRUE, seed = 1)
  split <- musl_split(d, folds = 3, seed = 1)
  families <- as.list(d)$truth$screen_genes
  families <- families[!is.na(families$duo), c("gene", "duo")]
  names(families)[[2]] <- "family"
  terms <- data.frame(gene = musl_genes(d), term = "T1", evidence = "IGI")
  terms$evidence[1:2] <- "IDA"
  annotations <- musl_annotations(terms, families = families)
  found <- musl_leaks(split, fold = 1, annotations = annotations)
  expect_false("annotation" %in% found$kind)
  groups <- data.frame(gene = families$gene, group = families$family)
  expect_identical(found, musl_leaks(split, fold = 1, families = groups))
  expect_true("family" %in% found$kind)
  # A family of more than thirty genes is a domain, not a relation.
  wide <- data.frame(gene = musl_genes(d)[1:40], family = "F")
  wide <- musl_annotations(terms, families = wide)
  expect_false(
    "family" %in% musl_leaks(split, fold = 1, annotations = wide)$kind
  )
})

test_that("terms without codes are told, of a table or musl_annotations()", {
  d <- musl_simulate("small", seed = 1)
  split <- musl_split(d, folds = 3, seed = 1)
  terms <- data.frame(gene = musl_genes(d)[1:2], term = "T1")
  expect_warning(
    annotations <- musl_annotations(terms), class = "musl_warning_leakage"
  )
  for (x in list(terms, annotations)) {
    expect_warning(
      musl_leaks(split, fold = 1, annotations = x),
      class = "musl_warning_leakage"
    )
  }
})

test_that("annotations and data of other identifiers are refused", {
  d <- musl_simulate("small", seed = 1)
  split <- musl_split(d, folds = 3, seed = 1)
  refused <- function(...) {
    expect_input_error(musl_leaks(split, ...))
  }
  terms <- data.frame(gene = c("7157", "672"), term = "T", evidence = "IGI")
  expect_identical(refused(annotations = terms)$argument, "annotations")
  terms$evidence <- "IDA"
  refused(annotations = musl_annotations(terms))
  other <- musl_data(id_type = "other",
    network = data.frame(from = c("1", "2"), to = c("2", "3"))
  )
  expect_identical(refused(data = other)$argument, "data")
  expect_identical(
    musl_leaks(split, annotations = terms[0, ]), musl_leaks(split)
  )
})
