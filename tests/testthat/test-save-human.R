# The model of human genes that comes with MuSL.

golden <- function() {
  path <- test_path("..", "fixtures", "human-model.csv")
  skip_if_not(file.exists(path), "the fixtures are not at hand")
  utils::read.csv(path, na.strings = "")
}

test_that("the human model fits into the package", {
  expect_lt(file.size(package_file("human.musl")), 4.9e6)
})

test_that("it gives the golden answers, after saveRDS and in a file too", {
  table <- golden()
  model <- musl_human_model()
  listed <- table[!is.na(table$rank), ]
  lists <- suppressWarnings(musl_partners(model, unique(listed$anchor), n = 10))
  expect_identical(lists$partner, listed$partner)
  expect_identical(as.character(lists$status), listed$status)
  pairs <- stats::setNames(table[c("anchor", "partner")], c("gene_a", "gene_b"))
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(model, file, compress = FALSE)
  saved <- withr::local_tempfile(fileext = ".musl")
  musl_save(model, saved)
  for (one in list(model, readRDS(file), musl_load(saved))) {
    scores <- predict(one, pairs)
    expect_lt(max(abs(scores$.score - table$.score)), 1e-6)
    expect_lt(max(abs(scores$.pred_SL - table$.pred_SL)), 1e-6)
  }
})

test_that("it gives them in another process", {
  skip_on_cran()
  skip_if_not_installed("callr")
  table <- utils::head(golden(), 5)
  pairs <- stats::setNames(table[c("anchor", "partner")], c("gene_a", "gene_b"))
  score <- callr::r(function(pairs) {
    stats::predict(MuSL::musl_human_model(), pairs)$.score
  }, list(pairs))
  expect_lt(max(abs(score - table$.score)), 1e-6)
})

test_that("its first partners are those that biologists know", {
  lists <- musl_partners(
    musl_human_model(), c("ARID1A", "STAG2", "KRAS"), n = 10
  )
  known <- c(ARID1A = "ARID1B", STAG2 = "STAG1", KRAS = "RAF1")
  for (anchor in names(known)) {
    expect_true(known[[anchor]] %in% lists$partner[lists$anchor == anchor])
  }
  expect_false(any(lists$status %in% c("lethal_alone", "not_expressed")))
  expect_true(all(nzchar(lists$why)))
})

test_that("its card names cohorts, licences, figures and limits", {
  card <- musl_report(musl_human_model())
  expect_identical(card$name, paste("human", human_version))
  expect_match(card$sources$md5, "^[0-9a-f]{32}$")
  expect_true(all(nzchar(card$sources$licence)))
  expect_true(all(c("Ito", "Parrish", "CHyMErA") %in% card$metrics$part))
  expect_match(card$intended_use, "Not for decisions on patients", all = FALSE)
  expect_false(any(grepl("before you share it", card$limits)))
  page <- withr::local_tempfile(fileext = ".html")
  musl_report(musl_human_model(), page, anchors = "STAG2", n = 5)
  expect_match(readLines(page), "RNAseqDB", all = FALSE)
})

test_that("another version is refused by name", {
  cnd <- expect_input_error(musl_human_model("1999.1"), "1999.1")
  expect_identical(cnd$argument, "version")
  expect_s4_class(musl_human_model(human_version), "MuslModel")
})

test_that("it tells what is known of a gene", {
  model <- musl_human_model()
  known <- musl_genes(model, c("STAG2", "CALM2", "STAG2"))
  expect_identical(known$gene, c("STAG2", "CALM2", "STAG2"))
  expect_identical(known[1, ], known[3, ])
  # STAG1 and STAG2 share a family and a STRING edge.
  expect_gt(known$n_interactions[[1]], 10)
  expect_gt(known$n_families[[1]], 0)
  expect_true(all(known$n_hits <= known$n_measured))
  lists <- musl_partners(model, "STAG2", n = Inf)
  expect_equal(known$n_measured[[1]], sum(lists$measured))
  cnd <- expect_gene_error(musl_genes(model, "STAG9"))
  expect_identical(cnd$genes, "STAG9")
  expect_input_error(musl_genes(musl_simulate("small", seed = 1), "A"))
})
