# Screens and evidence from the shell: the same models as in R.

network_edges <- function(data) {
  genes <- musl_genes(data)
  edges <- data@network
  data.frame(
    from = genes[edges$from], to = genes[edges$to], weight = edges$weight
  )
}

# Numbers of pairs.
table_of <- function(pairs) {
  data.frame(pairs[c("gene_a", "gene_b")], distance = sin(seq_len(nrow(pairs))))
}

# A simulated set's screens and evidence as files; paths by name.
screen_files <- function(data, directory) {
  at <- function(name) file.path(directory, paste0(name, ".tsv"))
  put <- function(table, name) {
    utils::write.table(
      as.data.frame(table), at(name),
      sep = "\t", row.names = FALSE, quote = FALSE
    )
  }
  pairs <- musl_pairs(data)
  for (name in c("library_A", "library_B")) {
    found <- pairs[pairs$study == name, ]
    put(data.frame(
      gene_a = found$gene_a, gene_b = found$gene_b, cell = found$line,
      score = found$effect, label = as.character(found$label)
    ), name)
  }
  recorded <- pairs[!pairs$measured, c("gene_a", "gene_b", "label")]
  put(recorded, "recorded")
  put(data@evidence$annotations$families, "families")
  put(data@evidence$genes, "genes")
  put(network_edges(data), "network")
  put(table_of(recorded), "distances")
  function(name) at(name)
}

test_that("a model of screens is fitted, explained and measured as in R", {
  data <- musl_simulate("small", screens = TRUE, seed = 1)
  directory <- withr::local_tempdir()
  file <- screen_files(data, directory)
  model <- file.path(directory, "model.musl")
  evidence <- c(
    "--network", file("network"), "--families", file("families"),
    "--gene-table", file("genes"),
    "--tables", paste0("mine=", file("distances"))
  )
  ran <- call_musl(
    "fit", "--gi-screen", file("library_A"), "--gi-screen", file("library_B"),
    "--gi-line", "cell", evidence, "--scorers", "features", "--threads", "1",
    "--out", model
  )
  expect_identical(ran$status, 0L)

  families <- data@evidence$annotations$families
  terms <- data.frame(gene = families$gene, term = families$family)
  screens <- lapply(c("library_A", "library_B"), function(name) {
    read_gi_screen(file(name), columns = c(line = "cell"))
  })
  own <- suppressWarnings(suppressMessages(musl_fit(
    musl_data(
      network = read_network(file("network")),
      pairs = do.call(rbind, screens), evidence = musl_evidence(
        annotations = musl_annotations(terms, families),
        genes = data@evidence$genes,
        tables = list(mine = utils::read.delim(file("distances")))
      )
    ),
    control = musl_control(seed = 1, threads = 1), scorers = "features",
    progress = FALSE
  )))
  asked <- utils::head(musl_pairs(data)[c("gene_a", "gene_b")], 5)
  fit <- musl_load(model)
  expect_equal(
    predict(fit, asked)$.score, predict(own, asked)$.score,
    tolerance = 1e-12
  )

  pair <- c("--gene-a", asked$gene_a[[1]], "--gene-b", asked$gene_b[[1]])
  picture <- file.path(directory, "terms.png")
  ran <- call_musl("explain", "--model", model, pair, "--plot", picture)
  expect_identical(ran$status, 0L)
  expect_gt(file.size(picture), 1000)
  found <- utils::read.delim(text = ran$out)
  expect_equal(
    sum(found$contribution), predict(fit, asked[1, ])$.score,
    tolerance = 1e-6
  )

  ran <- call_musl("design", "--model", model, "--budget", "3")
  expect_identical(ran$status, 0L)
  found <- utils::read.delim(text = ran$out)
  expect_identical(found$anchor, musl_design(fit, 3)$anchor)

  page <- file.path(directory, "report.html")
  ran <- call_musl("report", "--model", model, "--out", page)
  expect_identical(ran$status, 0L)
  expect_match(readLines(page), "</html>", all = FALSE)

  ran <- call_musl(
    "evaluate", "--model", model, "--gi-screen", file("library_A"),
    "--gi-line", "cell", evidence, "--metrics", "auroc"
  )
  expect_identical(ran$status, 0L)
  expect_match(ran$out, "auroc", all = FALSE)
})

test_that("gene sets and packages are annotations in the shell", {
  data <- musl_simulate("small", screens = TRUE, seed = 1)
  directory <- withr::local_tempdir()
  file <- screen_files(data, directory)
  model <- file.path(directory, "model.musl")
  fit_with <- function(...) {
    call_musl(
      "fit", "--gi-screen", file("library_A"), "--gi-line", "cell",
      "--network", file("network"), "--scorers", "features", "--threads", "1",
      ...,
      "--out", model
    )
  }
  families <- data@evidence$annotations$families
  members <- split(families$gene, families$family)
  gmt <- file.path(directory, "sets.gmt")
  writeLines(
    paste(names(members), "", vapply(members, paste, "", collapse = "\t"),
      sep = "\t"
    ),
    gmt
  )
  score <- function() {
    asked <- utils::head(musl_pairs(data)[c("gene_a", "gene_b")], 5)
    predict(musl_load(model), asked)$.score
  }
  expect_identical(fit_with("--families", file("families"))$status, 0L)
  by_table <- score()
  expect_identical(fit_with("--families", gmt)$status, 0L)
  expect_identical(score(), by_table)
  expect_identical(fit_with("--pathways", gmt)$status, 0L)

  ran <- fit_with()
  expect_match(ran$error, "musl_evidence", fixed = TRUE)
  ran <- fit_with("--annotations", "nowhere.tsv")
  expect_identical(ran$status, 2L)
  expect_match(ran$error, "there is no file 'nowhere.tsv'", fixed = TRUE)
  ran <- fit_with("--annotations", "org.Nobody.eg.db")
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "org.Nobody.eg.db", fixed = TRUE)
})

test_that("recorded and measured pairs go into one fit", {
  skip_without_backend()
  data <- musl_simulate("small", screens = TRUE, seed = 1)
  directory <- withr::local_tempdir()
  file <- screen_files(data, directory)
  model <- file.path(directory, "model.musl")
  ran <- suppressWarnings(call_musl(
    "fit", "--pairs", file("recorded"), "--gi-screen", file("library_A"),
    "--gi-line", "cell", "--families", file("families"), "--network",
    file("network"), "--epochs", "1", "--ensemble", "1", "--out", model
  ))
  expect_identical(ran$status, 0L)
  members <- tidy(musl_load(model))$phase
  expect_true(all(c("linear", "boosting") %in% members))
})

test_that("a fit without pairs of either kind is refused", {
  network <- withr::local_tempfile(lines = c("from,to", "A,B"))
  expect_usage(
    c("fit", "--network", network, "--out", "m.musl"),
    "--pairs or --gi-screen is needed"
  )
})
