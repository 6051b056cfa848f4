test_that("an error carries its class, its root and the caller's fields", {
  f <- function(n) {
    abort_musl("{.arg n} must not be {n}.", "shape", n_found = n)
  }
  cnd <- expect_error(f(3), class = "musl_error_shape")
  expect_s3_class(cnd, "musl_error")
  expect_identical(cnd$n_found, 3)
  expect_match(conditionMessage(cnd), "must not be 3")
})

test_that("an error names the function of the package that the user called", {
  cnd <- caught(musl_simulate("small", seed = -1))
  expect_identical(conditionCall(cnd)[[1]], quote(musl_simulate))
  cnd <- caught(lapply(1, function(i) musl_control(seed = "a")))
  expect_identical(conditionCall(cnd)[[1]], quote(musl_control))
})

test_that("a warning and a message carry their class and root", {
  warning <- expect_warning(
    warn_musl("Lost {2}.", "dropped_genes", genes = "A"),
    class = "musl_warning_dropped_genes"
  )
  expect_s3_class(warning, "musl_warning")
  expect_identical(warning$genes, "A")
  expect_message(inform_musl("Done.", "report"), class = "musl_message_report")
})

test_that("a class that is not documented is refused", {
  expect_error(abort_musl("x", "typo"), "error_kinds")
  expect_error(warn_musl("x", "typo"), "warning_kinds")
})

core_error <- function(type, message) {
  structure(
    class = c(type, "C++Error", "error", "condition"),
    list(message = message, call = NULL)
  )
}

test_that("each error of the core becomes the R error of its name", {
  types <- c(
    Input = "input", Gene = "gene", Shape = "shape", Leakage = "leakage",
    Device = "device", Diverged = "diverged", Cancelled = "cancelled",
    Format = "format", Internal = "internal"
  )
  for (name in names(types)) {
    type <- paste0("musl::", name, "Error")
    expect_error(
      with_core(stop(core_error(type, "bins must be > 1."))),
      class = paste0("musl_error_", types[[name]])
    )
  }
})

test_that("text of the core is shown as it is, whatever braces it holds", {
  text <- "Shape {B, D} must be (2, 3).\nFound {4}."
  cnd <- expect_error(
    with_core(stop(core_error("musl::ShapeError", text))),
    class = "musl_error_shape"
  )
  expect_match(conditionMessage(cnd), "Shape {B, D} must", fixed = TRUE)
  expect_match(conditionMessage(cnd), "Found {4}.", fixed = TRUE)
})

test_that("an error from LibTorch loses its stack trace", {
  text <- "sizes differ\nException raised from f at /x.cpp:3\nframe #0: 0x12"
  cnd <- expect_error(
    with_core(stop(core_error("c10::Error", text))),
    class = "musl_error_internal"
  )
  expect_match(conditionMessage(cnd), "sizes differ")
  expect_no_match(conditionMessage(cnd), "frame|Exception")
})

test_that("memory that runs out is an error of the device", {
  for (cnd in list(
    core_error("std::bad_alloc", "std::bad_alloc"),
    core_error("c10::OutOfMemoryError", "CUDA out of memory."),
    core_error("c10::Error", "DefaultCPUAllocator: can't allocate memory")
  )) {
    expect_error(with_core(stop(cnd)), class = "musl_error_device")
  }
  expect_error(
    with_core(stop(core_error("std::bad_alloc", "std::bad_alloc"))),
    "ran out of memory.*fewer threads"
  )
})

test_that("an R error inside a call of the core passes unchanged", {
  expect_error(with_core(stop("plain")), "^plain$", class = "simpleError")
})

test_that("an internal error asks for a report", {
  expect_snapshot(
    with_core(stop(core_error("std::out_of_range", "at 7"))),
    error = TRUE, cran = TRUE
  )
})

test_that("jobs tell what they all have to tell once", {
  told <- character()
  out <- withCallingHandlers(
    tell_once({
      for (i in c(1, 2, 1)) inform_musl("Job of {i}.")
      message("foreign")
      message("foreign")
      7
    }),
    message = function(cnd) {
      told <<- c(told, trimws(conditionMessage(cnd)))
      rlang::cnd_muffle(cnd)
    }
  )
  expect_identical(out, 7)
  expect_identical(told, c("Job of 1.", "Job of 2.", "foreign", "foreign"))
})
