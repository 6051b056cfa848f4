# Members of an ensemble that workers train.

# This process, which hands the inputs over as a worker gets them.
serial_worker <- function() {
  skip_if_not_installed("BiocParallel")
  BiocParallel::SerialParam(progressbar = FALSE)
}

expect_same_fit <- function(fit, expected) {
  expect_identical(fit@archives$musl, expected@archives$musl)
  expect_identical(fit@calibration, expected@calibration)
  expect_identical(fit@known, expected@known)
  expect_identical(fit@control, expected@control)
  expect_identical(fit@device, expected@device)
  timeless <- function(x) {
    history <- tidy(x, "history")
    history[names(history) != "seconds"]
  }
  expect_identical(timeless(fit), timeless(expected))
  pairs <- tiny_data()@pairs
  expect_identical(predict(fit, pairs), predict(expected, pairs))
}

test_that("workers train the ensemble of one process, to the bit", {
  workers <- snow_workers()
  withr::local_seed(1)
  before <- .Random.seed
  fit <- tiny_fit(control = tiny_control(ensemble = 2), BPPARAM = workers)
  expect_identical(.Random.seed, before)
  expect_same_fit(fit, tiny_ensemble())
})

test_that("jobs of a cluster train the ensemble of one process", {
  skip_where_forks_train_not()
  workers <- batchtools_workers()
  fit <- tiny_fit(control = tiny_control(ensemble = 2), BPPARAM = workers)
  expect_same_fit(fit, tiny_ensemble())
})

test_that("the members' news is that of an ensemble trained here", {
  skip_without_backend()
  train <- function(epochs, ...) {
    rlang::catch_cnd(
      musl_fit(
        tiny_data(),
        architecture = tiny_architecture(encoders = "descriptors"),
        control = tiny_control(ensemble = 2, epochs = epochs), progress = FALSE,
        ...
      ),
      "musl_warning_not_converged"
    )
  }
  worker <- serial_worker()
  for (epochs in c(1, 30)) {
    by_worker <- train(epochs, BPPARAM = worker)
    here <- train(epochs)
    expect_identical(is.null(by_worker), is.null(here))
    expect_identical(by_worker$epoch, here$epoch)
  }
})

test_that("a single network is trained here", {
  skip_if_not_installed("BiocParallel")
  # No one can work for these.
  workers <- structure(list(), class = "BiocParallelParam")
  expect_identical(
    tiny_fit(BPPARAM = workers)@archives$musl, tiny_model()@archives$musl
  )
})

test_that("workers must be BiocParallel's", {
  expect_input_error(tiny_fit(BPPARAM = 2), "BPPARAM")
})

# What workers need to train tiny_ensemble().
two_member_job <- function(...) {
  fit_job(
    tiny_data(), training_sets(tiny_data(), NULL, 1L, 1L, ensemble = 2L),
    tiny_architecture(), tiny_control(ensemble = 2, ...)
  )
}

test_that("an error of the core in a worker keeps its class", {
  skip_without_backend()
  workers <- snow_workers()
  path <- withr::local_tempfile()
  job <- two_member_job(checkpoint = path)
  # What stands where the second member wants to go on.
  writeLines("no checkpoint", paste0(path, ".2"))
  cnd <- expect_format_error(fit_in_workers(job, workers))
  # The first member is kept, and the same job goes on from it.
  expect_match(conditionMessage(cnd), "the same call", fixed = TRUE)
  expect_true(file.exists(path))
  unlink(paste0(path, ".2"))
  result <- fit_in_workers(job, workers)
  expect_identical(result$bytes, tiny_ensemble()@archives$musl)
  expect_false(file.exists(path))
  expect_false(file.exists(paste0(path, ".2")))
})

# Run in a process of its own: after a forked worker's death the next who forks
# may be handed what the dead one left.
fit_with_deadly_workers <- function(job) {
  # A worker that asks for its device dies; forked ones know the method.
  here <- Sys.getpid()
  registerS3method("$", "deadly", function(x, name) {
    if (name == "device" && Sys.getpid() != here) {
      tools::pskill(Sys.getpid(), tools::SIGKILL)
      Sys.sleep(10)
    }
    unclass(x)[[name]]
  })
  class(job$control) <- "deadly"
  workers <- BiocParallel::MulticoreParam(2, progressbar = FALSE)
  tryCatch(
    # BiocParallel warns, too.
    suppressWarnings(asNamespace("MuSL")$fit_in_workers(job, workers)),
    error = identity
  )
}

test_that("a worker that dies is a classed error, and members are kept", {
  skip_without_backend()
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("BiocParallel")
  skip_if_not_installed("callr")
  path <- withr::local_tempfile()
  job <- two_member_job(checkpoint = path)
  expect_type(fit_member(1L, job)$bytes, "raw")
  cnd <- callr::r(fit_with_deadly_workers, list(job), libpath = .libPaths())
  expect_s3_class(cnd, "musl_error_device")
  expect_match(conditionMessage(cnd), "the same call", fixed = TRUE)
  expect_true(file.exists(path))
  result <- fit_in_workers(job, serial_worker())
  expect_identical(result$bytes, tiny_ensemble()@archives$musl)
})

test_that("an interrupt of a worker ends training with a classed error", {
  stopped <- structure(
    class = c("interrupt", "condition"), list(message = "", call = NULL)
  )
  for (member in list(stopped, rlang::catch_cnd(
    abort_musl("Training was interrupted.", "cancelled")
  ))) {
    expect_error(
      check_results(list(list(), member), kept_members), "same call",
      class = "musl_error_cancelled"
    )
  }
  expect_silent(check_results(list(list(), list())))
})

test_that("damaged members are refused, without a crash", {
  skip_without_backend()
  job <- two_member_job()
  members <- lapply(1:2, fit_member, job = job)
  expect_identical(
    join_members(job, members)$bytes, tiny_ensemble()@archives$musl
  )
  refused <- function(members) {
    expect_format_error(with_core(join_members(job, members)))
  }
  second <- members[[2]]$bytes
  with_second <- function(bytes) list(members[[1]], list(bytes = bytes))
  refused(with_second(raw()))
  refused(with_second(tiny_ensemble()@archives$musl))
  refused(with_second(utils::head(second, -1)))
  withr::local_seed(1)
  for (at in sample.int(length(second), 20)) {
    flipped <- second
    flipped[at] <- xor(flipped[at], as.raw(1))
    refused(with_second(flipped))
  }
})
