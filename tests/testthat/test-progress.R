event <- function(...) {
  utils::modifyList(
    list(
      kind = "batch", phase = "joint", phase_index = 0, n_phases = 1, epoch = 1,
      n_epochs = 10, batch = 0, n_batches = 4, loss = 0.5, valid_auprc = NaN,
      valid_auroc = NaN, seconds = 1
    ),
    list(...)
  )
}

# Trains the tiny network with a callback of the core's.
train_with <- function(data, callback, control = tiny_control()) {
  parts <- training_sets(data, NULL, 1L, 1)
  cpp_fit(
    dataset_input(data), lapply(parts, lapply, pair_input, genes = data@genes),
    unclass(tiny_architecture()), core_control(control), callback
  )
}

test_that("the share of work grows with batch, epoch and phase", {
  expect_identical(event_fraction(event()), 0)
  expect_identical(event_fraction(event(batch = 2)), 0.05)
  expect_identical(event_fraction(event(epoch = 3, batch = 4)), 0.3)
  expect_identical(event_fraction(event(kind = "epoch", epoch = 3)), 0.3)
  expect_identical(
    event_fraction(event(kind = "epoch", epoch = 10, phase_index = 1,
      n_phases = 2)),
    1
  )
  expect_identical(event_fraction(event(kind = "phase", epoch = 0)), 0)
  expect_identical(event_fraction(event(n_batches = 0, n_epochs = 0)), 0)
  predicting <- event(kind = "predict", batch = 1, n_batches = 4)
  expect_identical(event_fraction(predicting), 0.25)
})

test_that("a session that nobody watches says a line a minute", {
  state <- new_progress()
  said <- function(now, ...) {
    out <- character()
    withCallingHandlers(
      say_event(state, event(...), now),
      musl_message_progress = function(m) {
        out <<- c(out, conditionMessage(m))
        invokeRestart("muffleMessage")
      }
    )
    out
  }
  expect_length(said(1000), 0)
  expect_length(said(1059, epoch = 2), 0)
  line <- said(1061, epoch = 3, batch = 4, seconds = 61)
  expect_match(line, "^61 s: joint, epoch 3/10, loss 0.500")
  expect_match(line, "at most 2 min left", fixed = TRUE)
  expect_length(said(1070, epoch = 4), 0)
  expect_length(said(1125, epoch = 5), 1)
})

test_that("the time left is that of a phase if there are several", {
  expect_identical(left_text(new_progress(), event(n_phases = 4)), "")
  expect_identical(
    left_text(new_progress(), event(epoch = 6, seconds = 10, n_phases = 4)),
    "; phase 1 of 4, at most 10 s left of it"
  )
})

test_that("training without progress prints nothing", {
  data <- tiny_data()
  expect_silent(tiny_fit(data, scorers = "musl"))
})

test_that("the callback hears of phases, epochs and their values", {
  skip_without_backend()
  heard <- list()
  data <- tiny_data()
  result <- train_with(data, function(event) {
    heard[[length(heard) + 1]] <<- event
    TRUE
  })
  kinds <- vapply(heard, function(event) event$kind, "")
  epochs <- heard[kinds == "epoch"]
  numbers <- vapply(epochs, function(event) event$epoch, 1)
  expect_true(all(1:2 %in% numbers))
  last <- epochs[[max(which(numbers == 2))]]
  end <- nrow(result$history)
  expect_equal(last$loss, result$history$loss[end])
  expect_equal(last$valid_auprc, result$history$valid_auprc[end])
  expect_identical(last$n_epochs, 2)
})

test_that("the bar is drawn and closed", {
  withr::local_options(
    cli.progress_show_after = 0, cli.dynamic = FALSE, cli.ansi = FALSE,
    cli.progress_clear = FALSE
  )
  state <- new_progress()
  report <- progress_callback(state, show_event)
  shown <- utils::capture.output(type = "message", {
    expect_true(report(event()))
    expect_true(report(event(epoch = 5, batch = 2)))
    expect_true(report(event(kind = "epoch", epoch = 10)))
    expect_true(report(event(kind = "epoch", epoch = 10)))
    close_bar(state)
  })
  expect_null(state$error)
  expect_match(shown, "joint, epoch [0-9]+/10, loss 0.500", all = FALSE)
})

test_that("a progress bar changes no bit of the model", {
  skip_without_backend()
  withr::local_options(cli.progress_show_after = 0)
  data <- tiny_data()
  utils::capture.output(type = "message", {
    fit <- suppressWarnings(
      musl_fit(
        data,
        architecture = tiny_architecture(), control = tiny_control(),
        progress = TRUE
      ),
      classes = "musl_warning_not_converged"
    )
  })
  expect_identical(fit@archives$musl, tiny_model()@archives$musl)
})

test_that("an R error in the callback ends training and is raised in R", {
  skip_without_backend()
  data <- tiny_data()
  local_mocked_show <- function(state, event) stop("the bar is broken")
  state <- new_progress()
  callback <- progress_callback(state, show = local_mocked_show)
  expect_error(
    with_core(train_with(data, callback)),
    class = "musl_error_cancelled"
  )
  expect_match(conditionMessage(state$error), "the bar is broken")
})

test_that("an error or jump of a bare callback does not pass over C++", {
  skip_without_backend()
  data <- tiny_data()
  run <- function(callback) with_core(train_with(data, callback))
  expect_error(run(function(event) FALSE), class = "musl_error_cancelled")
  expect_error(run(function(event) NULL), class = "musl_error_cancelled")
  expect_error(
    suppressMessages(run(function(event) invokeRestart("abort"))),
    class = "musl_error_cancelled"
  )
  # The core still works.
  expect_s4_class(tiny_fit(data), "MuslModel")
})

test_that("stopping after an epoch gives the best model so far", {
  skip_without_backend()
  result <- with_core(train_with(
    tiny_data(),
    function(event) !(event$kind == "epoch" && event$epoch >= 2),
    tiny_control(epochs = 500)
  ))
  expect_true(result$cancelled)
  expect_gte(max(result$history$epoch), 1)
  expect_lt(max(result$history$epoch), 500)
  expect_message(
    report_fit(result), "interrupted",
    class = "musl_message_cancelled"
  )
})

test_that("an interrupt ends training within the call and keeps the model", {
  skip_without_backend()
  skip_on_os("windows")
  skip_if_not_installed("callr")
  skip_if_not("MuSL" %in% rownames(installed.packages()), "not installed")
  # Interrupted before its first epoch, the call would have no model yet: a
  # checkpoint tells that it has one, however busy the machine.
  checkpoint <- withr::local_tempfile()
  job <- callr::r_bg(
    function(data, architecture, control) {
      MuSL::musl_fit(
        data,
        architecture = architecture, control = control, progress = FALSE
      )
    },
    list(
      tiny_data(), tiny_architecture(),
      tiny_control(epochs = 100000, patience = 100000, checkpoint = checkpoint)
    )
  )
  withr::defer(job$kill())
  wait_until(function() file.exists(checkpoint), 120)
  interrupt_until_done(job)
  fit <- job$get_result()
  expect_s4_class(fit, "MuslModel")
  expect_lt(max(fit@history$epoch), 100000)
})
