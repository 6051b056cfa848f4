# The core's list of fields against the arguments, checks and pages of R.

fields <- cpp_config_fields()
sides <- list(
  architecture = list(make = musl_architecture, page = "musl_architecture"),
  control = list(make = musl_control, page = "musl_control")
)
# What R's side alone knows: the core is given the members' parts instead of
# their number, what a preset of the control set, and the studies to learn from.
r_alone <- list(
  architecture = character(), control = c("ensemble", "replication", "preset")
)

expect_refused <- function(expr, field) {
  cnd <- expect_input_error(expr)
  expect_match(conditionMessage(cnd), field, fixed = TRUE)
}

test_that("arguments are the fields of the core, in their order", {
  for (side in names(sides)) {
    arguments <- names(formals(sides[[side]]$make))
    expect_identical(setdiff(arguments, r_alone[[side]]), names(fields[[side]]))
  }
})

test_that("defaults are those of the core", {
  core <- lapply(fields, lapply, `[[`, "default")
  # Encoders and bins are left to the data; the core has what they may become.
  most <- decided(musl_architecture(), n_samples = 10000L)
  expect_equal(unclass(most), core$architecture, tolerance = 0)
  control <- musl_control()
  expect_null(control$seed)
  expect_null(control$checkpoint)
  expect_equal(core_control(control, seed = 1), core$control, tolerance = 0)
})

test_that("choices are those of the core, the default first", {
  for (side in names(sides)) {
    for (name in names(fields[[side]])) {
      field <- fields[[side]][[name]]
      if (is.null(field$rule$choices)) next
      choices <- eval(formals(sides[[side]]$make)[[name]])
      expect_identical(choices, field$rule$choices)
      expect_identical(choices[[1]], field$default)
      expect_refused(do.call(sides[[side]]$make, rlang::set_names(
        list("no such choice"), name
      )), name)
    }
  }
})

test_that("numbers are taken within the core's range and refused outside", {
  # The R side draws whole numbers of 31 bits.
  whole_limit <- .Machine$integer.max
  for (side in names(sides)) {
    for (name in names(fields[[side]])) {
      rule <- fields[[side]][[name]]$rule
      if (is.null(rule$low)) next
      make <- function(value) {
        do.call(sides[[side]]$make, rlang::set_names(list(value), name))
      }
      expect_refused(make(rule$low - 1), name)
      if (rule$open_low) {
        expect_refused(make(rule$low), name)
      } else {
        expect_identical(as.double(make(rule$low)[[name]]), rule$low)
      }
      if (is.infinite(rule$high)) next
      expect_refused(make(rule$high + 1), name)
      if (rule$open_high) {
        expect_refused(make(rule$high), name)
      } else {
        value <- min(rule$high, whole_limit)
        expect_identical(as.double(make(value)[[name]]), value)
      }
    }
  }
})

test_that("every field has its paragraph on the help page", {
  skip_without_sources()
  for (side in names(sides)) {
    rd <- file.path(source_root(), "man", paste0(sides[[side]]$page, ".Rd"))
    items <- grep("^\\\\item\\{", readLines(rd), value = TRUE)
    documented <- sub("^\\\\item\\{([^}]*)\\}.*", "\\1", items)
    expect_identical(
      setdiff(names(formals(sides[[side]]$make)), documented), character()
    )
  }
})
