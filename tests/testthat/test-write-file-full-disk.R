# What is left when the disk is full: no part of a file under its name, and an
# error that tells where and what to do. The atlas has a file of its own.

test_that("a full disk leaves no part of a model, and the one that was there", {
  skip_without_backend()
  dir <- withr::local_tempdir()
  path <- file.path(dir, "model.musl")
  found <- on_full_disk(function(path) {
    fit <- tiny_model()
    save <- function(...) with_limit(2000, musl_save(fit, path, ...))
    first <- save()
    left <- all_files(dirname(path))
    musl_save(fit, path)
    before <- tools::md5sum(path)
    second <- save(overwrite = TRUE)
    list(
      first = first, left = left, second = second,
      same = identical(tools::md5sum(path), before),
      loads = identical(musl_load(path)@archives$musl, fit@archives$musl)
    )
  }, path)
  expect_unwritten(found$first, path)
  expect_identical(found$left, character())
  expect_unwritten(found$second, path)
  expect_true(found$same)
  expect_true(found$loads)
  expect_identical(all_files(dir), "model.musl")
})

test_that("a full disk leaves no part of a table", {
  dir <- withr::local_tempdir()
  path <- file.path(dir, "table.csv")
  found <- on_full_disk(function(path) {
    table <- data.frame(gene = sprintf("G%04d", 1:500))
    with_limit(1000, MuSL:::write_table(table, path))
  }, path)
  expect_unwritten(found, path)
  expect_identical(all_files(dir), character())
})

test_that("training whose checkpoint finds no room ends, and can begin anew", {
  skip_without_backend()
  dir <- withr::local_tempdir()
  path <- file.path(dir, "checkpoint")
  found <- on_full_disk(function(path) {
    control <- tiny_control(checkpoint = path)
    stopped <- with_limit(2000, tiny_fit(control = control))
    left <- all_files(dirname(path))
    again <- tiny_fit(control = control)
    list(
      stopped = stopped, left = left,
      same = identical(again@archives$musl, tiny_model()@archives$musl)
    )
  }, path)
  expect_unwritten(found$stopped, path)
  expect_identical(found$left, character())
  expect_true(found$same)
})

test_that("embeddings whose cache finds no room leave no part in it", {
  skip_without_backend()
  model <- tiny_esm2()
  cache <- withr::local_tempdir()
  found <- on_full_disk(function(model, cache) {
    x <- random_proteins(rep(20, 100))
    stopped <- with_limit(1000, embed_tiny(x, model, cache = cache))
    left <- all_files(cache)
    again <- embed_tiny(x, model, cache = cache)
    list(
      stopped = stopped, left = left,
      same = identical(again, embed_tiny(x, model))
    )
  }, model, cache)
  expect_unwritten(found$stopped, cache)
  expect_identical(found$left, character())
  expect_true(found$same)
  expect_length(all_files(cache), 1)
})

test_that("resampling keeps its finished jobs when the disk is full", {
  skip_without_backend()
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    run <- function(...) {
      tiny_resample(folds = 1, directory = file.path(dir, ...))
    }
    whole <- run("whole")
    jobs <- file.info(list.files(file.path(dir, "whole"), full.names = TRUE))
    jobs <- jobs[order(jobs$size), ]
    stopped <- with_limit(jobs$size[[2]] - 100, run("full"))
    left <- all_files(file.path(dir, "full"))
    again <- run("full")
    list(
      jobs = basename(rownames(jobs)), stopped = stopped, left = left,
      same = identical(again$scores, whole$scores)
    )
  }, dir)
  expect_length(found$jobs, 2)
  expect_identical(found$left, found$jobs[[1]])
  missing <- file.path(normalizePath(dir), "full", found$jobs[[2]])
  expect_unwritten(found$stopped, missing)
  expect_unwritten(found$stopped, missing, "Finished jobs are kept")
  expect_true(found$same)
})

test_that("the scripts' tables and plots are whole or not there", {
  dir <- withr::local_tempdir()
  found <- on_full_disk(function(dir) {
    scripts <- new.env(parent = asNamespace("MuSL"))
    file <- system.file("scripts", "shared", "files.R", package = "MuSL")
    sys.source(file, scripts)
    table <- data.frame(gene = sprintf("G%05d", 1:9000), x = runif(9000))
    write <- list(
      "a.csv" = function(path) scripts$put_table(table, path),
      "a.csv.gz" = function(path) scripts$put_table(table, path),
      "a.png" = function(path) {
        scripts$write_whole(path, function(file) {
          grDevices::png(file)
          plot(table$x)
          grDevices::dev.off()
        })
      }
    )
    lapply(names(write), function(name) {
      with_limit(2000, write[[name]](file.path(dir, name)))$message
    })
  }, dir)
  for (message in found) {
    expect_match(message, "(cannot be written|Can't write).*[Ii]s there room")
  }
  expect_identical(all_files(dir), character())
})

test_that("what goes through the temporary directory is whole or told", {
  dir <- withr::local_tempdir()
  gct <- file.path(dir, "levels.gct")
  rows <- paste(sprintf("G%05d", 1:500), "name", 1:500, sep = "\t")
  writeLines(c("#1.2", "500\t1", "gene\tDescription\ts1", rows), gct)
  found <- on_full_disk(function(gct, dir) {
    file <- tempfile(fileext = ".png")
    plot <- ggplot2::ggplot(data.frame(x = 1:9)) +
      ggplot2::geom_point(ggplot2::aes(x, x))
    table <- data.frame(x = runif(500))
    temporary <- all_files(tempdir())
    list(
      gct = with_limit(1000, read_expression(gct)),
      png = with_limit(1000, png_bytes(plot, file)),
      packed = with_limit(1000, MuSL:::write_table(
        table, file.path(dir, "table.csv.gz")
      )),
      file = basename(file),
      left = setdiff(all_files(tempdir()), c(temporary, basename(file)))
    )
  }, gct, dir)
  expect_unwritten(found$gct, ".tsv", "Set `TMPDIR`")
  expect_unwritten(found$png, found$file, "Set `TMPDIR`")
  expect_unwritten(found$packed, file.path(dir, "table.csv.gz"), "Set `TMPDIR`")
  # Once.
  expect_no_match(found$gct$message, "Can't write.*Can't write")
  expect_no_match(found$packed$message, "Can't write.*Can't write")
  expect_identical(found$left, character())
  expect_identical(all_files(dir), "levels.gct")
})

test_that("a backend that finds no room leaves the one that was there", {
  dir <- withr::local_tempdir()
  path <- file.path(dir, "backend.so")
  writeLines("old", path)
  found <- on_full_disk(function(path) {
    made <- tempfile()
    writeBin(raw(9000), made)
    with_limit(5000, publish_backend(made, path))
  }, path)
  expect_true("musl_error_backend" %in% found$class)
  expect_match(found$message, "Is there room")
  expect_identical(readLines(path), "old")
  expect_identical(all_files(dir), "backend.so")
})

test_that("a directory that can't be made is refused by name", {
  below <- file.path(withr::local_tempfile(lines = "a file"), "below")
  cnd <- expect_input_error(tiny_resample(directory = below))
  expect_identical(cnd$argument, "directory")
})
