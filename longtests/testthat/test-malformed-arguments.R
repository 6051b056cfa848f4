# Every argument that takes one value, given one of another kind, none, two, or
# one out of its documented range: a condition that names the argument.

not_one_value <- list(
  "none" = logical(), "two" = c("a", "b"), "a list" = list(1),
  "a factor" = factor("1"), "a function" = mean, "a formula" = y ~ x,
  "an environment" = globalenv(), "a table" = data.frame(a = 1),
  "missing" = NA, "a symbol" = quote(a), "bytes" = as.raw(1),
  "an array" = array(1, c(1, 1, 2))
)

wrong_values <- list(
  number = c(not_one_value, list(
    "text" = "a", "a number as text" = "1", "TRUE" = TRUE, "NaN" = NaN,
    "infinite" = Inf, "minus infinite" = -Inf, "two numbers" = c(.1, .2),
    "a complex number" = 1i, "a missing number" = NA_real_
  )),
  flag = c(not_one_value, list(
    "TRUE as text" = "TRUE", "1" = 1, "yes" = "yes",
    "two flags" = c(TRUE, FALSE)
  )),
  choice = c(not_one_value, list(
    "empty" = "", "unknown" = "no such", "a number" = 1, "TRUE" = TRUE,
    "missing text" = NA_character_, "letters of two choices" = "AB"
  )),
  string = c(not_one_value, list(
    "empty" = "", "a number" = 1, "TRUE" = TRUE,
    "missing text" = NA_character_
  ))
)
wrong_values$whole <- c(
  wrong_values$number, list("a half" = 1.5, "large" = 1e300)
)
# `Inf` means all.
wrong_values$rank <- wrong_values$whole
wrong_values$rank$infinite <- NULL

# `kind` of each argument; of numbers, what is out of range.
with_range <- function(kind, ...) list(kind = kind, out = c(...))
whole <- function(...) with_range("whole", ...)
number <- function(...) with_range("number", ...)
rank <- function(...) with_range("rank", ...)
flag <- with_range("flag")
choice <- function(...) with_range("choice", ...)
string <- with_range("string")

wrong_for <- function(argument) {
  out <- as.list(argument$out)
  names(out) <- vapply(out, format, "")
  c(wrong_values[[argument$kind]], out)
}

# `call(argument = value)` of each argument and wrong value of it.
expect_arguments_refused <- function(name, call, arguments,
                                     kinds = "input") {
  for (argument in names(arguments)) {
    values <- wrong_for(arguments[[argument]])
    for (case in names(values)) {
      given <- stats::setNames(values[case], argument)
      expect_no_object(paste0(name, "(", argument, "): ", case),
        do.call(call, given, quote = TRUE), kinds, argument
      )
    }
  }
}

# f(...) of these arguments unless others are given.
given <- function(f, ...) {
  good <- list(...)
  function(...) {
    arguments <- utils::modifyList(good, list(...), keep.null = TRUE)
    do.call(f, arguments, quote = TRUE)
  }
}

test_that("wrong fields of an architecture are refused", {
  expect_arguments_refused("musl_architecture", musl_architecture, list(
    preset = choice("Paper", "paper "), width = whole(0, -1, 2^31),
    bins = whole(1, 0, 257), binning = choice("ranks"),
    smooth = number(-.1), descriptors = choice("all"),
    graph_net = choice("GCN"), spectral = whole(-1), coexpression = whole(-1),
    fusion = choice("sum"), alignment = number(-1), auxiliary = number(-1),
    dropout = number(-.1, 1)
  ))
})

test_that("wrong fields of a control are refused", {
  expect_arguments_refused("musl_control", musl_control, list(
    threads = whole(-1), seed = whole(-1, 2^31), epochs = whole(0, -1),
    patience = whole(0), batch_size = whole(0),
    learning_rate = number(0, -1), weight_decay = number(-1),
    schedule = choice("cosine"), clip = number(0), ensemble = whole(0, 101),
    checkpoint = string, preset = choice("Paper")
  ))
})

test_that("wrong arguments of splits and negatives are refused", {
  data <- tiny_data()
  expect_arguments_refused("musl_negatives", given(musl_negatives, data = data),
    list(
      policy = choice("Random"), ratio = number(-1, 1001),
      seed = whole(-1, 2^31)
    )
  )
  expect_arguments_refused("musl_split", given(musl_split, data = data), list(
    setting = choice("C2"), folds = whole(0, 1, -1),
    validation = number(-.1, 1),
    ratio = number(0, -1), leakage = choice("warn"), seed = whole(-1, 2^31)
  ))
})

test_that("wrong arguments of metrics and comparisons are refused", {
  scored <- scored_runs()
  expect_arguments_refused("musl_metrics",
    given(musl_metrics, object = scored), list(
      metrics = choice("AUROC"), summarise = flag,
      against = choice("none of these"),
      bootstrap = whole(-1), seed = whole(-1), threads = whole(-1)
    )
  )
  expect_arguments_refused("musl_calibration",
    given(musl_calibration, object = cbind(scored, n_unseen = 1L)), list(
      bins = whole(0, -1), replicates = whole(1, -1)
    )
  )
})

test_that("wrong arguments of predictions are refused", {
  skip_without_backend()
  model <- tiny_model()
  pairs <- data.frame(gene_a = model@genes[1:2], gene_b = model@genes[3:4])
  expect_arguments_refused("predict",
    given(predict, object = model, new_pairs = pairs), list(
      type = choice("Score"), prior = number(0, 1, -1), threads = whole(-1),
      scorers = choice("networks")
    )
  )
  expect_arguments_refused("musl_partners",
    given(musl_partners, object = model, anchor = model@genes[[1]]), list(
      anchor = choice("no gene"), n = rank(0, -1), known = choice("keep"),
      prior = number(0, 1), by = choice("Score"), threads = whole(-1),
      scorers = choice("networks"), measured_in = choice("A549")
    ), c("input", "gene")
  )
  expect_arguments_refused("musl_explain",
    given(musl_explain,
      object = model, gene_a = model@genes[[1]], gene_b = model@genes[[2]]
    ), list(
      gene_a = choice("no gene"), gene_b = choice("no gene"),
      nearest = whole(-1), threads = whole(-1)
    ), c("input", "gene")
  )
  expect_arguments_refused("musl_design",
    given(musl_design, object = model, budget = 10L), list(
      budget = whole(0, -1), diversity = number(-1), prior = number(0, 1),
      threads = whole(-1)
    )
  )
})

test_that("wrong arguments of writers are refused, and nothing is written", {
  path <- file.path(withr::local_tempdir(), "out")
  model <- musl_example_model()
  expect_arguments_refused("musl_save",
    given(musl_save, object = model, path = path), list(
      path = string, keep = choice("all"), overwrite = flag
    )
  )
  expect_arguments_refused("musl_report",
    given(musl_report, object = model, path = path), list(
      path = string, n = whole(0, -1), overwrite = flag
    )
  )
  expect_false(file.exists(path))
})
