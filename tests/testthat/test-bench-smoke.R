# Smoke runs of bench/: scripts at a tiny size, which CI runs.

test_that("demo files read back as what they were made of", {
  skip_without_bench()
  root <- withr::local_tempdir()
  withr::local_envvar(MUSL_DATA = root)
  bench <- bench_functions(c("read-data", "quality-data", "demo-files"))
  made <- bench$demo_inputs()
  bench$write_demo_files(root, made)
  read <- bench$benchmark_inputs()
  whole <- do.call(cbind, made$expression)
  for (values in read$expression[bench$bulk_cohorts]) {
    genes <- rownames(values)
    expect_lt(length(genes), length(rownames(made$embeddings)))
    expect_equal(values, whole[genes, colnames(values)], tolerance = 1e-12)
  }
  lines <- read$expression$depmap
  expect_equal(unname(lines), unname(whole[-(1:5), 1:9]), tolerance = 1e-12)
  cells <- read$expression$lung
  expect_identical(dim(cells), c(300L, 111L)) # without nine doublets
  counts <- 2^as.matrix(SummarizedExperiment::assay(cells)) - 1
  expect_equal(unname(colSums(counts)), rep(1e4, 111))
  embeddings <- made$embeddings[-(1:20), ]
  expect_identical(rownames(read$embeddings), rownames(embeddings))
  expect_equal(
    read$embeddings, embeddings,
    tolerance = 1e-12, ignore_attr = "dimnames"
  )
  for (negatives in c("random", "degree_matched")) {
    folds <- made$table(negatives)
    folds$label <- as.character(folds$label)
    expect_equal(read$table(negatives), folds, ignore_attr = "row.names")
  }
  expect_identical(
    sort(read$network$score), sort(igraph::E(made$network)$weight)
  )
})

test_that("every script of bench/ tells of its smoke run", {
  skip_without_bench()
  files <- list.files(bench_file(), pattern = "[.]R$", full.names = TRUE)
  heads <- vapply(files, function(file) {
    lines <- readLines(file)
    paste(lines[seq_len(match(FALSE, startsWith(lines, "#")))], collapse = "\n")
  }, "")
  scripts <- heads[grepl("Rscript bench/", heads, fixed = TRUE)]
  expect_gte(length(scripts), 10)
  without <- scripts[!grepl("--smoke", scripts, fixed = TRUE)]
  expect_identical(basename(names(without)), character())
})
