test_that("checks return what they accept", {
  expect_identical(check_string("a"), "a")
  expect_identical(check_whole(3, 1, 5), 3)
  expect_identical(check_whole(3L), 3L)
  expect_identical(check_number(.5, 0, 1), .5)
  expect_identical(check_flag(FALSE), FALSE)
  expect_null(check_whole(NULL, allow_null = TRUE))
  expect_null(check_choice(NULL, "a", allow_null = TRUE))
})

test_that("checks refuse what does not fit", {
  refused <- function(expr) expect_input_error(expr)
  for (x in list(NULL, NA, "", NA_character_, c("a", "b"), 1)) {
    refused(check_string(x))
  }
  for (x in list(NULL, 1, character(), NA_character_, c("a", NA))) {
    refused(check_files(x))
  }
  for (x in list(NULL, NA_real_, Inf, 1.5, 0, 6, 1:2, "1", TRUE)) {
    refused(check_whole(x, 1, 5))
  }
  for (x in list(NULL, NaN, Inf, -.1, 1.1, "a")) {
    refused(check_number(x, 0, 1))
  }
  for (x in list(NULL, NA, 1, "TRUE", c(TRUE, FALSE))) {
    refused(check_flag(x))
  }
  for (x in list(NULL, "c", 1, character())) {
    refused(check_choice(x, c("a", "b")))
  }
})

test_that("a vector of all choices means the first", {
  types <- c("prob", "class")
  f <- function(type = c("prob", "class")) check_choice(type, types)
  expect_identical(f(), "prob")
  expect_identical(f("class"), "class")
  expect_input_error(f("pro"))
})

test_that("errors of checks name the argument and show the value", {
  f <- function(bins, flag = TRUE, mode = "a", ...) {
    check_dots_empty()
    check_whole(bins, 8, 64)
    check_flag(flag)
    check_choice(mode, c("a", "b"))
  }
  expect_snapshot(f(7.5), error = TRUE, cran = TRUE)
  expect_snapshot(f(c(8, NA, 10, 11)), error = TRUE, cran = TRUE)
  expect_snapshot(f(8, flag = NULL), error = TRUE, cran = TRUE)
  expect_snapshot(f(8, mode = "c"), error = TRUE, cran = TRUE)
  expect_snapshot(f(8, TRUE, "a", n_bins = 3, 4), error = TRUE, cran = TRUE)
})

test_that("strings sort by their bytes in every locale", {
  x <- c("b", "B", "a1", "a", "_", "Z", "\u00e9", "a10", "a-1")
  sorted <- sort_bytes(x)
  for (i in seq_along(sorted)[-1]) {
    expect_true(precedes(sorted[i - 1], sorted[i]))
  }
  withr::with_collate("C", expect_identical(sort_bytes(x), sorted))
})

test_that("a seed is kept, or drawn from R's generator", {
  expect_identical(draw_seed(7), 7L)
  withr::with_seed(1, first <- draw_seed(NULL))
  withr::with_seed(1, expect_identical(draw_seed(NULL), first))
  expect_type(first, "integer")
  expect_input_error(draw_seed(-1))
  expect_input_error(draw_seed(1.5))
  expect_input_error(draw_seed(2^31))
})

test_that("with_seed_kept() repeats its draws and leaves the generator", {
  withr::local_seed(5)
  before <- get(".Random.seed", globalenv())
  x <- with_seed_kept(3, stats::runif(4))
  expect_identical(get(".Random.seed", globalenv()), before)
  withr::with_seed(9, expect_identical(with_seed_kept(3, stats::runif(4)), x),
    .rng_kind = "Wichmann-Hill"
  )
})

test_that("limits belong to the values that checks accept", {
  for (x in c(1, 5)) expect_identical(check_whole(x, 1, 5), x)
  for (x in c(0, 1)) expect_identical(check_number(x, 0, 1), x)
  largest <- .Machine$integer.max
  expect_identical(check_whole(largest), largest)
  expect_identical(draw_seed(largest), largest)
  expect_identical(draw_seed(0), 0L)
  expect_input_error(check_whole(largest + 1), "below 2^31", fixed = TRUE)
})

test_that("objects of a package that is absent are refused, and nothing else", {
  absent <- structure(list(), class = structure("Odd", package = "no.package"))
  expect_message(
    cnd <- expect_error(load_class_package(absent), class = "musl_error"), NA
  )
  expect_match(cnd_text(cnd), "Package no.package must be", fixed = TRUE)
  attr(class(absent), "package") <- ".GlobalEnv"
  for (x in list(absent, 1:3, new("numeric"), Matrix::Diagonal(2))) {
    expect_identical(load_class_package(x), x)
  }
})

test_that("text in another encoding is refused with its argument", {
  bad <- "G\xe9ne"
  cnd <- caught(musl_map_genes(bad, annotation = data.frame(symbol = "A")))
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "x")
  expect_match(conditionMessage(cnd), "G<e9>ne.*latin1")
  x <- toy_matrix()
  rownames(x)[[1]] <- bad
  expect_s3_class(caught(musl_data(x, scale = "log")), "musl_error_input")
  pairs <- toy_pairs()
  pairs$gene_a <- bad
  cnd <- caught(musl_data(toy_matrix(), pairs = pairs, scale = "log"))
  expect_identical(cnd$argument, "pairs")
  names(pairs)[[1]] <- bad
  cnd <- caught(musl_data(toy_matrix(), pairs = pairs, scale = "log"))
  expect_identical(cnd$argument, "pairs")
  expect_match(conditionMessage(cnd), "G<e9>ne", fixed = TRUE)
  model <- musl_example_model()
  for (argument in c("anchor", "candidates", "exclude")) {
    given <- list(model, anchor = "SIM001")
    given[[argument]] <- bad
    expect_identical(caught(do.call(musl_partners, given))$argument, argument)
  }
  cnd <- caught(musl_explain(model, "SIM001", bad))
  expect_identical(cnd$argument, "gene_b")
  expect_identical(caught(resolve_device(bad))$argument, "device")
  # R can't make the path of a file in such a directory.
  expect_identical(caught(read_atlas(bad))$argument, "directory")
  expect_identical(caught(musl_atlas(model, bad))$argument, "directory")
  expect_identical(caught(musl_backend_build(dir = bad))$argument, "dir")
  # Declared Latin-1 is text.
  latin <- bad
  Encoding(latin) <- "latin1"
  rownames(x)[[1]] <- latin
  data <- suppressMessages(musl_data(x, scale = "log", id_type = "other"))
  expect_true("G\u00e9ne" %in% musl_genes(data))
})

test_that("numbers of class integer64 are refused in tables and matrices", {
  long <- function(x) structure(x * 2^-1074, class = "integer64")
  x <- toy_matrix()
  genes <- rownames(x)
  pairs <- data.frame(gene_a = genes[[1]], gene_b = genes[[2]], label = "SL",
    study = "s", measured = TRUE
  )
  for (column in c("weight", "effect")) {
    given <- pairs
    given[[column]] <- long(1)
    cnd <- caught(musl_data(x, pairs = given, scale = "log"))
    expect_identical(cnd$argument, "pairs")
    expect_match(conditionMessage(cnd), "integer64.*as.numeric")
  }
  edges <- data.frame(from = genes[[1]], to = genes[[2]])
  edges$combined_score <- long(900)
  cnd <- caught(musl_data(x, network = edges, scale = "log"))
  expect_identical(cnd$argument, "network")
  expect_match(conditionMessage(cnd), "integer64.*as.numeric")
  table <- data.frame(gene = "A1")
  table$length <- long(5)
  cnd <- caught(musl_evidence(genes = table))
  expect_identical(cnd$argument, "genes")
  expect_match(conditionMessage(cnd), "length.*integer64.*as.numeric")
  effects <- long(matrix(1:4, 2, dimnames = list(c("A1", "B1"), NULL)))
  expect_identical(caught(musl_evidence(lines = effects))$argument, "lines")
  expect_identical(caught(node_matrix(effects))$argument, "nodes")
  expect_s3_class(caught(musl_nodes(igraph::make_ring(3))), "musl_error_input")
  cnd <- caught(
    musl_dependency("G01", dependency_panel(), loss = c(deletion = long(1)))
  )
  expect_identical(cnd$argument, "loss")
  scores <- scored_runs()
  scores$.score <- long(seq_len(nrow(scores)))
  expect_identical(caught(musl_metrics(scores))$argument, "object")
})

test_that("an annotation in another encoding is refused", {
  annotation <- data.frame(symbol = "G\xe9ne", entrez = "1")
  cnd <- caught(musl_map_genes("x", annotation = annotation))
  expect_s3_class(cnd, "musl_error_input")
  expect_identical(cnd$argument, "annotation")
  expect_match(conditionMessage(cnd), "symbol.*G<e9>ne.*latin1")
  annotation <- tibble::tibble(symbol = list("A", "B"))
  cnd <- caught(musl_map_genes("A", annotation = annotation))
  expect_identical(cnd$argument, "annotation")
})
