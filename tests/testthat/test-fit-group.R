# Several processes of one machine train one network.

skip_without_groups <- function() {
  skip_if(length(musl_sitrep()$groups) == 0, "built without Gloo's headers")
  skip_if_not_installed("callr")
}

# What the processes of a group need, as musl_fit() gathers it.
tiny_job <- function(control, data = tiny_data()) {
  parts <- training_sets(data, NULL, 1L, control$seed)
  fit_job(data, parts, tiny_architecture(), control, init = NULL)
}

left_behind <- function() {
  list.files(tempdir(), pattern = "^musl-group-")
}

test_that("two processes train the network of one, but for rounding", {
  skip_without_groups()
  data <- tiny_data(400)
  alone <- tiny_fit(data)
  withr::with_seed(5, {
    before <- .Random.seed
    pair <- tiny_fit(data, control = tiny_control(device = c("cpu", "cpu")))
    expect_identical(.Random.seed, before)
  })
  expect_equal(
    musl_history(pair)$valid_auroc, musl_history(alone)$valid_auroc,
    tolerance = 0.005
  )
  new <- data.frame(gene_a = "G01", gene_b = sprintf("G%02d", 2:60))
  # Two epochs of single precision, added up in another order.
  expect_equal(
    predict(pair, new)$.score, predict(alone, new)$.score,
    tolerance = 1e-3
  )
  expect_identical(pair@control$device, c("cpu", "cpu"))
  expect_identical(pair@device, "cpu + cpu")
  expect_identical(prediction_device(pair), "cpu")
  expect_identical(left_behind(), character())

  path <- withr::local_tempfile(fileext = ".musl")
  musl_save(pair, path)
  loaded <- musl_load(path)
  expect_identical(loaded@control$device, c("cpu", "cpu"))
  expect_identical(predict(loaded, new), predict(pair, new))
})

test_that("what a worker fails of is told, and nothing is left behind", {
  skip_without_groups()
  job <- tiny_job(tiny_control(device = c("cpu", "cpu")))
  broken <- job
  broken$architecture$bins <- 1L
  cnd <- expect_error(
    with_group(broken, function(place, watch) {
      with_core(do_fit(job, place, watch(NULL)))
    }),
    class = "musl_error_device"
  )
  expect_match(conditionMessage(cnd), "Process 2, on \"cpu\": .*bins")
  expect_identical(left_behind(), character())
})

test_that("a worker that is killed ends the call with an error", {
  skip_without_groups()
  job <- tiny_job(tiny_control(device = c("cpu", "cpu"), epochs = 1000))
  job$control$patience <- 1000L
  group <- new_group(job$control$device, NULL)
  withr::defer(end_group(group))
  start_workers(group, job, NULL)
  await_workers(group, NULL)
  cnd <- expect_error(
    run_watched(group, function(place, watch) {
      kill_at_second <- watch(function(event) {
        if (event$epoch == 2) {
          group$workers[[1]]$kill()
        }
        TRUE
      })
      with_core(do_fit(job, place, kill_at_second))
    }),
    class = "musl_error_device"
  )
  expect_match(conditionMessage(cnd), "Training on several devices failed")
  expect_s3_class(cnd$failures[[1]], "musl_error_device")
  expect_s3_class(cnd$failures[[2]], "error")
})

test_that("an interrupt of the session ends the workers, too", {
  skip_without_groups()
  job <- tiny_job(tiny_control(device = c("cpu", "cpu"), epochs = 1000))
  expect_error(
    with_group(job, function(place, watch) {
      with_core(do_fit(job, place, watch(function(event) FALSE)))
    }),
    class = "musl_error_cancelled"
  )
  expect_identical(left_behind(), character())
})

test_that("devices that can't train together are refused", {
  refused <- function(device) {
    expect_error(musl_control(device = device), class = "musl_error_input")
  }
  refused(character())
  refused(c("cpu", "cuda"))
  refused(c("auto", "auto"))
  refused(c("cpu", NA))
  refused(c("cuda:0", "gpu"))
  refused(c("cpu", "abacus"))
  refused(c("cuda", "cuda:0"))
  refused(c("cuda:1", "cuda:1"))
  refused(list("cpu", "cpu"))
  expect_identical(
    musl_control(device = c("cuda:0", "cuda:1"))$device, c("cuda:0", "cuda:1")
  )
})

test_that("GPUs that are not there are refused before anything starts", {
  skip_if(isTRUE(musl_sitrep()$cuda_devices > 1), "there are two GPUs")
  expect_error(
    tiny_fit(control = tiny_control(device = c("cuda:0", "cuda:1"))),
    class = "musl_error_device"
  )
})

test_that("GPUs prefer NCCL, and a build without process groups says so", {
  gpus <- c("cuda:0", "cuda:1")
  expect_identical(choose_backend(gpus, c("gloo", "nccl")), "nccl")
  expect_identical(choose_backend(gpus, "gloo"), "gloo")
  expect_identical(choose_backend(c("cpu", "cpu"), c("gloo", "nccl")), "gloo")
  cnd <- expect_error(
    choose_backend(c("cpu", "cpu"), character()),
    class = "musl_error_device"
  )
  expect_match(conditionMessage(cnd), "libgloo-dev")
  expect_error(
    choose_backend(c("cpu", "cpu"), "nccl"),
    class = "musl_error_device"
  )
})

test_that("the report of the installation tells of several devices", {
  skip_without_backend()
  report <- musl_sitrep()
  expect_true(all(report$groups %in% c("gloo", "nccl")))
  report$groups <- character()
  expect_output(print(report), "Several devices: no")
  report$groups <- "gloo"
  expect_output(print(report), "Several devices: over gloo")
})

test_that("the time that one waits for the others is an option", {
  withr::local_options(MuSL.group_timeout = 5)
  expect_identical(group_timeout(), 5)
  # A day at most.
  withr::local_options(MuSL.group_timeout = 86400)
  expect_identical(group_timeout(), 86400)
  withr::local_options(MuSL.group_timeout = 86401)
  expect_error(group_timeout(), class = "musl_error_input")
  withr::local_options(MuSL.group_timeout = "soon")
  expect_error(group_timeout(), class = "musl_error_input")
})

test_that("all others are waited for, not the first alone", {
  folder <- withr::local_tempdir()
  waiting <- list(is_alive = function() TRUE)
  group <- list(
    directory = folder, workers = list(waiting, waiting),
    device = rep("cpu", 3), place = list(timeout = 0.1)
  )
  file.create(ready_file(folder, 1))
  expect_error(
    await_workers(group, current_env()), "did not answer in time",
    class = "musl_error_device"
  )
  file.create(ready_file(folder, 2))
  expect_null(await_workers(group, current_env()))
})
