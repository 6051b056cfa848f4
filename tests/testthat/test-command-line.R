# inst/scripts/musl as a user runs it, on files.

test_that("help is shown on the standard output, usage errors end in 2", {
  ran <- run_musl("--help")
  expect_identical(ran$status, 0L)
  for (command in c(
    "fit", "predict", "partners", "explain", "evaluate", "dependency",
    "compare",
    "atlas", "design", "report", "explore", "convert", "embed",
    "download", "backend"
  )) {
    expect_match(ran$out, paste0("^  ", command, " "), all = FALSE)
    help <- call_musl(command, "--help")
    expect_identical(help$status, 0L)
    expect_match(help$out[[1]], paste("musl", command))
    expect_match(help$out, "--help", all = FALSE)
  }
  expect_identical(call_musl("help", "fit")$out, call_musl("fit", "-h")$out)
  expect_usage(character(), "a command is needed")
  expect_usage("fly", "unknown command 'fly'")
  expect_usage("predcit", "did you mean 'predict'")
})

test_that("a fit without options is that of the functions", {
  scripts <- script_functions()
  options <- scripts$parse_options(
    c("--out", tempfile(), "--pairs", withr::local_tempfile(lines = "x")),
    scripts$command_options(scripts$available_commands()$fit, "fit")
  )
  expect_identical(scripts$make_control(options), musl_control(seed = 1))
  expect_identical(scripts$make_architecture(options), musl_architecture())
})

test_that("a link to the script works from any folder", {
  folder <- withr::local_tempdir()
  link <- file.path(folder, "musl")
  skip_if_not(file.symlink(musl_script(), link))
  out <- withr::with_envvar(
    c(R_LIBS = paste(.libPaths(), collapse = ":"), R_TESTS = ""),
    system2(
      file.path(R.home("bin"), "Rscript"),
      shQuote(c("--vanilla", link, "--version")),
      stdout = TRUE
    )
  )
  expect_identical(out, paste("musl", utils::packageVersion("MuSL")))
})

test_that("a screen is written with the best partners of each anchor first", {
  folder <- withr::local_tempdir()
  lines <- sprintf("ACH-%06d", 1:24)
  write <- function(values, name) {
    path <- file.path(folder, name)
    genes <- sprintf("%s (%d)", colnames(values), seq_len(ncol(values)))
    table <- data.frame(lines, values)
    names(table) <- c("", genes)
    utils::write.csv(table, path, row.names = FALSE, quote = FALSE)
    path
  }
  lost <- cbind(Z1 = rep(c(2, 0), each = 12), Z2 = rep(c(0, 2), 12))
  effect <- withr::with_seed(1, matrix(
    rnorm(24 * 5, sd = 0.1), 24,
    dimnames = list(NULL, c("A1", "B1", "C1", "Z1", "Z2"))
  ))
  effect[1:12, "C1"] <- effect[1:12, "C1"] - 1
  effect[lost[, "Z2"] == 2, "B1"] <- effect[lost[, "Z2"] == 2, "B1"] - 1
  out <- file.path(folder, "screen.csv")
  ran <- call_musl(
    "dependency", "--depmap", write(effect, "CRISPRGeneEffect.csv"),
    "--depmap", write(
      cbind(A1 = 0, B1 = 0, C1 = 0, lost),
      "OmicsSomaticMutationsMatrixDamaging.csv"
    ),
    "--anchor", "Z2", "--anchor", "Z1", "--loss", "DAMAGING", "--out", out
  )
  expect_identical(ran$status, 0L, info = ran$error)
  found <- utils::read.csv(out)
  first <- found[!duplicated(found$anchor), ]
  expect_setequal(first$anchor, c("Z1", "Z2"))
  expect_identical(
    first$partner[match(c("Z1", "Z2"), first$anchor)], c("C1", "B1")
  )
  by_anchor <- split(found$p_value, found$anchor)
  expect_false(any(vapply(by_anchor, is.unsorted, TRUE)))
  expect_identical(rle(found$anchor)$lengths, as.integer(
    table(found$anchor)[unique(found$anchor)]
  ))

  # The same groups from a table, without the mutations.
  groups <- file.path(folder, "groups.tsv")
  by_groups <- function(table) {
    utils::write.table(table, groups, sep = "\t", row.names = FALSE)
    call_musl(
      "dependency", "--depmap", file.path(folder, "CRISPRGeneEffect.csv"),
      "--groups", groups, "--anchor", "Z1", "--anchor", "Z2", "--out", out
    )
  }
  table <- data.frame(
    line = rep(lines, 2), anchor = rep(c("Z1", "Z2"), each = 24),
    lost = as.integer(c(lost)) == 2L
  )
  ran <- by_groups(table)
  expect_identical(ran$status, 0L, info = ran$error)
  again <- utils::read.csv(out)
  same <- c("anchor", "partner", "p_value")
  expect_equal(again[do.call(order, again[same]), same],
    found[do.call(order, found[same]), same],
    ignore_attr = TRUE
  )
  expect_match(by_groups(table[1:2])$error, "must have the columns line and")
  ran <- call_musl(
    "dependency", "--depmap", file.path(folder, "CRISPRGeneEffect.csv"),
    "--anchor", "Z1", "--groups", groups, "--loss", "damaging"
  )
  expect_identical(ran$status, 2L)
  expect_match(ran$error, "--loss or --groups, not both", fixed = TRUE)
})

test_that("labels of any known name are read, unknown columns are named", {
  scripts <- script_functions()
  path <- withr::local_tempfile(lines = c(
    "gene_a,gene_b,class", "A,B,1", "A,C,0"
  ))
  read <- function(...) {
    scripts$read_labelled(list(pairs = path, ...))
  }
  expect_identical(as.character(read()$label), c("SL", "non_SL"))
  path <- withr::local_tempfile(lines = c(
    "gene_a,gene_b,verdict", "A,B,1", "A,C,0"
  ))
  expect_error(read(), "verdict.*--label")
  expect_identical(
    as.character(read(label = "verdict")$label), c("SL", "non_SL")
  )
  expect_identical(as.character(read(label = "SL")$label), c("SL", "SL"))
  path <- withr::local_tempfile(lines = c("gene_a,gene_b", "A,B"))
  expect_message(found <- read(), "all are treated as SL")
  expect_identical(as.character(found$label), "SL")
})

test_that("networks are read by their format", {
  scripts <- script_functions()
  file <- withr::local_tempfile(lines = c(
    "protein1 protein2 combined_score", "9606.A 9606.B 900"
  ))
  graph <- scripts$read_network_file(list(network = file))
  expect_equal(igraph::E(graph)$weight, 0.9)
  file <- withr::local_tempfile(lines = c(
    "gene_a,gene_b,note,weight", "A,B,seen,0.5"
  ))
  graph <- scripts$read_network_file(list(network = file))
  expect_equal(igraph::E(graph)$weight, 0.5)
})

test_that("tables are written whole or not at all", {
  scripts <- script_functions()
  dir <- withr::local_tempdir()
  table <- data.frame(gene = c("A,1", "NA"), x = c(0.1, NA))
  for (name in c("a.csv", "a.tsv", "a.csv.gz", "a.tsv.gz")) {
    scripts$put_table(table, file.path(dir, name))
    found <- scripts$read_table_file(file.path(dir, name))
    expect_identical(found$gene, table$gene)
    expect_equal(as.numeric(found$x), table$x)
  }
  file <- file.path(dir, "a.csv")
  before <- readLines(file)
  expect_error(scripts$write_whole(file, function(temporary) {
    writeLines("half", temporary)
    stop("the disk is full")
  }), "cannot be written: the disk is full", fixed = TRUE)
  expect_identical(readLines(file), before)
  expect_length(list.files(dir, all.files = TRUE, no.. = TRUE), 4)
  expect_format_error(scripts$put_table(table, "/nowhere/a.csv"))
})

test_that("embed writes the matrix that musl_embed_proteins() gives", {
  skip_without_backend()
  model <- tiny_esm2()
  dir <- withr::local_tempdir()
  fasta <- file.path(dir, "proteins of mine.fasta")
  lines <- c(">P1 GN=A", "MKVL", ">P2 GN=A", "MKVLA", ">P3 GN=B", "AA")
  writeLines(lines, fasta)
  out <- file.path(dir, "embeddings.tsv.gz")
  ran <- run_musl(
    "embed", "--fasta", fasta, "--model", model$dir, "--header", "--threads",
    "1", "--device", "cpu", "--out", out
  )
  expect_identical(ran$error, "")
  expect_identical(ran$status, 0L)
  found <- utils::read.delim(out, row.names = 1)
  expected <- embed_tiny(fasta, model, genes = "header")
  expect_identical(rownames(found), c("A", "B"))
  expect_equal(as.matrix(found), expected, tolerance = 1e-8, ignore_attr = TRUE)
})

test_that("embed by k-mers prints to the screen, with genes from a table", {
  dir <- withr::local_tempdir()
  fasta <- file.path(dir, "x.fasta")
  writeLines(c(">P1", "AAAC", ">P2", "CC"), fasta)
  genes <- file.path(dir, "genes.csv")
  writeLines(c("protein,gene", "P1,G1", "P2,G2"), genes)
  ran <- call_musl("embed", "--fasta", fasta, "--kmers", "1", "--genes", genes)
  expect_identical(ran$status, 0L)
  found <- utils::read.delim(text = ran$out, row.names = 1)
  expect_identical(rownames(found), c("G1", "G2"))
  expect_equal(found$A, c(0.75, 0))
  expect_identical(call_musl("embed", "--fasta", fasta)$status, 2L)
})

test_that("a MuSL error ends in 1, its message without a traceback", {
  fasta <- withr::local_tempfile(lines = c(">a", "MK1"))
  ran <- run_musl("embed", "--fasta", fasta, "--kmers", "2")
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "^musl: Sequences must hold one letter")
  expect_no_match <- function(text) expect_false(grepl(text, ran$error))
  expect_no_match("Traceback|Calls:|Execution halted")
})

test_that("fit, predict, partners and evaluate work on files", {
  skip_without_backend()
  skip_on_cran()
  dir <- withr::local_tempdir()
  at <- function(name) file.path(dir, name)
  data <- tiny_data(n_pairs = 300)
  values <- data@cohorts[[1]]$assays[[1]]
  write <- function(x, name) {
    utils::write.table(
      x, at(name),
      sep = "\t", quote = FALSE, row.names = FALSE
    )
  }
  write(data.frame(gene = rownames(values), values), "expression.tsv")
  pairs <- as.data.frame(musl_pairs(data))
  pairs <- pairs[
    pairs$gene_a %in% rownames(values) & pairs$gene_b %in% rownames(values),
  ]
  write(pairs, "pairs.tsv")
  inputs <- c("--pairs", at("pairs.tsv"), "--expression", at("expression.tsv"))
  small <- c("--epochs", "1", "--threads", "1", "--device", "cpu")

  scale <- c("--scale", "log")
  ran <- call_musl(
    "fit", inputs, scale, small, "--encoders", "descriptors,genes",
    "--keep-gene", "G01", "--out", at("model.musl")
  )
  expect_identical(ran$status, 0L)
  fit <- musl_load(at("model.musl"))
  expect_identical(fit@architecture$encoders, c("descriptors", "genes"))

  ran <- call_musl(
    "predict", "--model", at("model.musl"), "--pairs", at("pairs.tsv"),
    "--type", "class", "--out", at("scores.csv")
  )
  expect_identical(ran$status, 0L)
  found <- utils::read.csv(at("scores.csv"), na.strings = "")
  expected <- predict(fit, pairs, type = "class")
  expect_equal(found$.score, expected$.score, tolerance = 1e-12)
  expect_identical(found$.pred_class, as.character(expected$.pred_class))
  expect_true("label" %in% names(found))
  write(pairs[c("gene_a", "gene_b")], "asked.tsv") # without labels
  ran <- call_musl(
    "predict", "--model", at("model.musl"), "--pairs", at("asked.tsv")
  )
  found <- utils::read.delim(text = ran$out)
  expect_identical(names(found)[1:3], c("gene_a", "gene_b", ".score"))

  ran <- call_musl(
    "partners", "--model", at("model.musl"), "--anchor", "G01", "--n", "3"
  )
  found <- utils::read.delim(text = ran$out)
  expected <- suppressWarnings(musl_partners(fit, "G01", n = 3))
  expect_identical(found$partner, expected$partner)

  ran <- call_musl(
    "evaluate", "--model", at("model.musl"), "--pairs", at("pairs.tsv"),
    "--out", at("metrics.csv")
  )
  expect_match(ran$error, "known to the model")
  found <- utils::read.csv(at("metrics.csv"))
  expect_identical(unique(found$part), "known")
  expect_setequal(found$scorer, c("MuSL", "SL degree"))
  scored <- suppressMessages(musl_metrics(predict(fit, pairs), "auroc"))
  expect_equal(
    found$.estimate[found$.metric == "auroc" & found$scorer == "MuSL"],
    scored$.estimate
  )

  ran <- call_musl(
    "evaluate", inputs, scale, small, "--setting", "transductive", "--folds",
    "2", "--quick", "--encoders", "descriptors", "--metrics", "auroc",
    "--out", at("cv.csv"), "--scores", at("cv-scores.tsv")
  )
  expect_identical(ran$status, 0L)
  expect_true("SL degree" %in% utils::read.csv(at("cv.csv"))$scorer)
  scores <- utils::read.delim(at("cv-scores.tsv"))
  expect_true(".score" %in% names(scores))
  expect_setequal(scores$fold, 1:2)

  folds <- c(
    scale, small, "--setting", "transductive", "--folds", "2", "--fold", "2"
  )
  ran <- call_musl("fit", inputs, folds, "--out", at("fold.musl"))
  expect_identical(ran$status, 0L)
  ran <- call_musl(
    "evaluate", "--model", at("fold.musl"), inputs, folds, "--out",
    at("fold.csv")
  )
  expect_identical(ran$status, 0L)
  expect_true("C2" %in% utils::read.csv(at("fold.csv"))$part)

  ran <- call_musl(
    "partners", "--model", at("model.musl"), "--anchor", "G01", "--all",
    "--out", at("partners.csv")
  )
  write(data.frame(
    GENE = rownames(values)[-1], BF = seq(-20, 20, length.out = 69)
  ), "bagel.tsv")
  ran <- call_musl(
    "compare", "--predictions", at("partners.csv"), "--screen", at("bagel.tsv")
  )
  expect_identical(ran$status, 0L)
  expect_true("auroc" %in% utils::read.delim(text = ran$out)$.metric)
  ran <- call_musl(
    "compare", "--model", at("model.musl"), "--screen", at("bagel.tsv"),
    "--anchor", "G01", "--out", at("compared.csv"), "--joint", at("joint.csv")
  )
  expect_identical(ran$status, 0L)
  measures <- utils::read.csv(at("compared.csv"))
  joint <- utils::read.csv(at("joint.csv"))
  expect_true(all(c("gene", "joint", "joint_rank") %in% names(joint)))
  expect_identical(unique(measures$anchor), "G01")
  ran <- call_musl(
    "convert", "--predictions", at("partners.csv"),
    "--out", at("graph.graphml")
  )
  graph <- igraph::read_graph(at("graph.graphml"), "graphml")
  expect_true("G01" %in% igraph::V(graph)$name)

  ran <- call_musl("partners", "--model", at("model.musl"), "--anchor", "NOPE")
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "^musl: ")
  ran <- call_musl(
    "predict", "--model", at("pairs.tsv"), "--pairs", at("pairs.tsv")
  )
  expect_identical(ran$status, 1L)
})

test_that("the explorer's port is looked at before anything is served", {
  skip_if_not_installed("shiny")
  model <- withr::local_tempfile(fileext = ".musl")
  musl_save(explored_fit(), model)
  ran <- call_musl("explore", "--model", model, "--port", "80")
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "--port must be one whole number from 1024")
})

test_that("the explorer takes own cell lines, and says what they lack", {
  world <- own_world()
  ran <- call_musl("explore", "--depmap", world$files[[1]], "--port", "8123")
  expect_identical(ran$status, 1L)
  expect_match(
    gsub("\\s+", " ", ran$error), "must have what tells which lines lost a gene"
  )
  expect_match(ran$error, "OmicsSomaticMutationsMatrixDamaging.csv")
  ran <- call_musl("explore", "--dependency", world$files[[2]])
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "must have the columns anchor, partner")
})

test_that("genes may stand behind a command, and the human model answers", {
  ran <- call_musl("partners", "STAG2", "ARID1A", "--n", "2")
  expect_identical(ran$status, 0L)
  table <- utils::read.delim(text = ran$out)
  expect_identical(table$anchor, rep(c("STAG2", "ARID1A"), each = 2))
  expect_true("STAG1" %in% table$partner)
  ran <- call_musl("explain", "STAG2", "STAG1")
  expect_identical(ran$status, 0L)
  expect_true(any(grepl("fitness", ran$out)))
  ran <- call_musl("explain", "STAG2", "STAG1", "--n", "3")
  expect_length(ran$out, 4)
  ran <- call_musl("atlas", "STAG2")
  expect_identical(ran$status, 2L)
})

test_that("map finds genes, and other commands understand their names", {
  skip_if_not_installed("org.Hs.eg.db")
  skip_if_not_installed("RSQLite")
  ran <- call_musl("map", "HER2", "7157", "MLL2")
  table <- utils::read.delim(text = ran$out, na.strings = "")
  expect_identical(table$symbol, c("ERBB2", "TP53", NA))
  expect_identical(table$candidates[[3]], "KMT2B|KMT2D")
  ran <- call_musl("partners", "brg1", "--n", "1")
  expect_match(ran$error, "\"brg1\" is SMARCA4", fixed = TRUE)
  expect_identical(utils::read.delim(text = ran$out)$anchor, "SMARCA4")
  expect_identical(call_musl("partners", "MLL2")$status, 1L)
})

test_that("a report has a model, or lists alone", {
  page <- withr::local_tempfile(fileext = ".html")
  ran <- call_musl(
    "report", "--lists", "--anchor", "STAG2", "--n", "3", "--out", page
  )
  expect_identical(ran$status, 0L)
  text <- paste(readLines(page), collapse = "\n")
  expect_match(text, "Partners of lost STAG2")
  expect_no_match(text, "Intended use")
  expect_identical(call_musl("report", "--lists", "--out", page)$status, 2L)
})
