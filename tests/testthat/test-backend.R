# Each of these runs in a process of its own: a session keeps its backend.
in_new_session <- function(fun, ...) {
  testthat::skip_if_not_installed("callr")
  libraries <- c(dirname(system.file(package = "MuSL")), .libPaths())
  withr::local_envvar(MUSL_BACKEND = NA)
  callr::r(fun, list(...), libpath = libraries)
}

backend_path <- function() {
  skip_without_backend()
  musl_backend()$path
}

test_that("library(MuSL) loads no LibTorch, and the first use does", {
  skip_without_backend()
  skip_if_not(file.exists("/proc/self/maps"), "there is no /proc")
  found <- in_new_session(function() {
    has_torch <- function() any(grepl("libtorch", readLines("/proc/self/maps")))
    library(MuSL)
    before <- has_torch()
    musl_backend()
    c(before, has_torch())
  })
  expect_identical(found, c(FALSE, TRUE))
})

test_that("a device is resolved, or refused by name", {
  skip_without_backend()
  expect_identical(resolve_device("cpu"), "cpu")
  expect_match(resolve_device("auto"), "^(cpu|cuda:0)$")
  expect_input_error(resolve_device("abacus"))
  skip_if(length(musl_backend()$devices) > 1, "there is a GPU")
  expect_identical(resolve_device("auto"), "cpu")
  expect_error(resolve_device("cuda"), class = "musl_error_device")
})

test_that("the report names LibTorch, devices and who multiplies matrices", {
  skip_without_backend()
  report <- musl_backend()
  expect_true(report$available)
  expect_match(report$libtorch, "^[0-9]+[.][0-9]+")
  expect_true(report$products %in% c("oneDNN", "BLAS"))
  expect_identical(report$device, resolve_device("auto"))
  expect_true(all(c("cpu", report$device) %in% report$devices))
  expect_gte(report$threads, 1)
  expect_output(print(report), report$libtorch, fixed = TRUE)
  expect_output(print(report), paste("products by", report$products))
})

test_that("without a backend the error tells the three ways to one", {
  cnd <- in_new_session(function() {
    assignInNamespace("found_backends", function() character(), "MuSL")
    library(MuSL)
    data <- musl_simulate("small", seed = 1)
    list(
      fit = tryCatch(musl_fit(data, progress = FALSE), error = identity),
      backend = musl_backend()
    )
  })
  expect_s3_class(cnd$fit, "musl_error_backend")
  expect_s3_class(cnd$fit, "musl_error")
  text <- cli::ansi_strip(conditionMessage(cnd$fit))
  expect_match(text, "apt-get install")
  expect_match(text, "musl_backend_build(libtorch = )", fixed = TRUE)
  expect_match(text, "options(MuSL.backend = )", fixed = TRUE)
  expect_identical(as.character(cnd$fit$call[[1]]), "musl_fit")
  expect_false(cnd$backend$available)
  expect_identical(cnd$backend$path, NA_character_)
  expect_match(cnd$backend$reason, "without a backend")
  expect_identical(cnd$backend$libtorch, NA_character_)
  expect_output(print(cnd$backend), "LibTorch: none")
})

test_that("what needs no network works without a backend", {
  done <- in_new_session(function() {
    assignInNamespace("found_backends", function() character(), "MuSL")
    library(MuSL)
    data <- musl_simulate("small", seed = 1)
    split <- musl_split(data, folds = 3, seed = 1)
    pairs <- musl_pairs(data)[1:5, ]
    list(
      split = inherits(split, "musl_split"),
      descriptors = nrow(musl_descriptors(data, pairs)),
      histogram = length(musl_histogram(rnorm(50), rnorm(50), bins = 8)),
      baselines = length(musl_baselines(data, split, learned = FALSE)),
      has = musl_backend()$available
    )
  })
  expect_true(done$split)
  expect_identical(done$descriptors, 5L)
  expect_gt(done$histogram, 0)
  expect_gt(done$baselines, 0)
  expect_false(done$has)
})

test_that("scorers of features are resampled without a backend", {
  resample <- function() {
    library(MuSL)
    data <- musl_simulate("small", screens = TRUE, seed = 1)
    musl_resample(
      data, musl_split(data, folds = 3, seed = 1),
      scorers = c("linear", "boosting"), folds = 1, seeds = 1L,
      progress = FALSE
    )
  }
  without <- in_new_session(function(resample) {
    assignInNamespace("found_backends", function() character(), "MuSL")
    resample()
  }, resample)
  expect_null(without$versions$LibTorch)
  skip_without_backend()
  expect_identical(without$scores, resample()$scores)
})

test_that("a model with a network tells what it is without a backend", {
  told <- in_new_session(function() {
    assignInNamespace("found_backends", function() character(), "MuSL")
    library(MuSL)
    fit <- musl_example_model()
    list(
      shown = capture.output(print(fit)), glance = glance(fit),
      summary = capture.output(print(summary(fit))),
      partners = nrow(musl_partners(fit, "SIM001", n = 5))
    )
  })
  expect_match(told$shown, "unknown without LibTorch", all = FALSE)
  expect_true(is.na(told$glance$n_parameters))
  expect_true(is.na(told$glance$keeps_inputs))
  expect_identical(told$glance$n_genes, 200L)
  expect_match(told$summary, "musl_architecture", all = FALSE)
  expect_identical(told$partners, 5L)
})

test_that("the option and the environment choose among backends", {
  path <- backend_path()
  other <- withr::local_tempdir()
  file.copy(path, other)
  used <- in_new_session(function(other) {
    options(MuSL.backend = other)
    library(MuSL)
    musl_backend()
  }, other)
  expected <- normalizePath(file.path(other, basename(path)))
  expect_identical(used$path, expected)
  expect_true(used$available)
  from_environment <- in_new_session(function(other) {
    Sys.setenv(MUSL_BACKEND = other)
    MuSL::musl_backend()$path
  }, other)
  expect_identical(from_environment, expected)
})

test_that("a session keeps the backend that it opened", {
  path <- backend_path()
  other <- withr::local_tempdir()
  file.copy(path, other)
  withr::local_options(MuSL.backend = other)
  cnd <- expect_error(resolve_device("cpu"), class = "musl_error_backend")
  expect_match(cnd$reasons, "a process can't have")
  expect_match(cli::ansi_strip(conditionMessage(cnd)), "Restart R")
  withr::local_options(MuSL.backend = path)
  expect_identical(resolve_device("cpu"), "cpu")
})

test_that("what is no backend of this build is refused before it is loaded", {
  path <- backend_path()
  refused <- function(file) {
    in_new_session(function(file) {
      options(MuSL.backend = file)
      cnd <- tryCatch(MuSL:::resolve_device("cpu"), error = identity)
      torch <- file.exists("/proc/self/maps") &&
        any(grepl("libtorch", readLines("/proc/self/maps")))
      list(class = class(cnd), reasons = cnd$reasons, torch = torch)
    }, file)
  }
  expect_refused <- function(file, reason) {
    found <- refused(file)
    expect_true("musl_error_backend" %in% found$class)
    expect_match(found$reasons, reason)
    expect_false(found$torch)
  }
  directory <- withr::local_tempdir()
  expect_refused(file.path(directory, "absent.so"), "absent.so")
  text <- file.path(directory, "text.so")
  writeLines("no library", text)
  expect_refused(text, "is no backend of MuSL")
  # The same library, said to be of another version.
  bytes <- readBin(path, "raw", file.size(path))
  mark <- charToRaw("MuSL backend: ")
  at <- grepRaw(mark, bytes, fixed = TRUE) + length(mark)
  bytes[at] <- charToRaw("9")
  older <- file.path(directory, "older.so")
  writeBin(bytes, older)
  expect_refused(older, "belongs to another build of MuSL")
})

test_that("a fork before the first fit can fit, to the same bits", {
  skip_without_backend()
  skip_on_os("windows")
  found <- in_new_session(function() {
    library(MuSL)
    data <- musl_simulate("small", seed = 1)
    fit <- function(...) {
      musl_fit(
        data,
        architecture = musl_architecture(encoders = "descriptors"),
        control = musl_control(ensemble = 1, epochs = 2, seed = 1, threads = 2,
          device = "cpu"),
        progress = FALSE
      )@archives$musl
    }
    suppressWarnings({
      before <- parallel::mclapply(1:2, fit, mc.cores = 2)
      here <- fit()
      after <- parallel::mclapply(1:2, fit, mc.cores = 2)
    })
    vapply(c(before, after), identical, TRUE, here)
  })
  later <- forks_train_after()
  expect_identical(found, c(TRUE, TRUE, later, later))
})

test_that("a build without arguments is kept by the versions of both", {
  skip_on_os("windows")
  skip_if_not_installed("RcppEigen")
  # Builds nothing: writes its first word to the file that was asked for.
  bin <- withr::local_tempdir()
  builds <- function(word) {
    writeLines(c(
      "#!/bin/sh", sprintf("echo %s > \"$3\"", word),
      "echo 'LibTorch 2.1.0 from torch (/opt/torch/lib)'"
    ), file.path(bin, "sh"))
    Sys.chmod(file.path(bin, "sh"), "755")
  }
  builds("first")
  withr::local_path(bin)
  home <- withr::local_tempdir()
  withr::local_envvar(R_USER_DATA_DIR = home)
  path <- suppressMessages(musl_backend_build())
  own <- as.character(utils::packageVersion("MuSL"))
  expect_identical(path, file.path(
    home, "R", "MuSL", "backend", paste0("MuSL-", own, "-libtorch-2.1.0"),
    backend_file()
  ))
  expect_identical(readLines(path), "first")
  builds("second")
  expect_message(again <- musl_backend_build(), "The backend is")
  expect_identical(again, path)
  expect_identical(readLines(path), "second")
})

test_that("a problem of a build comes with the ten lines before it", {
  log <- withr::local_tempfile()
  lines <- sprintf("error %02d", 1:15)
  writeLines(c(lines, "PROBLEM: it does not compile", "cleaning up"), log)
  expect_identical(
    build_problem(log), c("it does not compile", lines[6:15])
  )
  writeLines(lines, log)
  expect_identical(
    build_problem(log), c("The build ended early.", lines[6:15])
  )
  writeLines(c(lines[1:2], "PROBLEM: LIBTORCH_HOME=/x is empty"), log)
  expect_identical(
    build_problem(log, "/x"), c("`libtorch` = /x is empty", lines[1:2])
  )
})

test_that("a build that can't be ends in an error and leaves nothing", {
  skip_if_not_installed("RcppEigen")
  to <- withr::local_tempdir()
  nowhere <- withr::local_tempdir()
  cnd <- expect_error(
    musl_backend_build(libtorch = nowhere, dir = to),
    class = "musl_error_backend"
  )
  expect_match(cnd$reasons[[1]], "^`libtorch` = /.* holds no LibTorch")
  expect_identical(list.files(to, all.files = TRUE, no.. = TRUE), character())
  expect_input_error(musl_backend_build(jobs = 0))
})
