# Results for programs: JSON by the schema, and the card of a pair.

# Faults of a value against a schema: the keywords that ours has.
schema_faults <- function(x, schema, at = "") {
  kind <- if (is.null(x)) {
    "null"
  } else if (is.list(x)) {
    if (is.null(names(x))) "array" else "object"
  } else {
    c(
      character = "string", double = "number", integer = "integer",
      logical = "boolean"
    )[[typeof(x)]]
  }
  kinds <- c(kind, if (kind == "integer") "number")
  if (kind == "array" && length(x) == 0) kinds <- c(kinds, "object")
  type <- unlist(schema$type)
  choices <- lapply(schema$enum, identity)
  found <- c(
    if (!is.null(type) && !any(kinds %in% type)) paste(at, "is", kind),
    if (length(choices) > 0 && !any(vapply(choices, identical, NA, x))) {
      paste(at, "is none of its choices")
    },
    if (!is.null(schema$const) && !identical(x, schema$const)) {
      paste(at, "is another constant")
    },
    if (is.numeric(x) && !is.null(schema$minimum) && x < schema$minimum) {
      paste(at, "is low")
    },
    if (is.numeric(x) && !is.null(schema$maximum) && x > schema$maximum) {
      paste(at, "is high")
    },
    if (is.character(x) && !is.null(schema$pattern) &&
      !grepl(schema$pattern, x)) {
      paste(at, "has another pattern")
    }
  )
  lacks <- if (is.list(x)) setdiff(unlist(schema$required), names(x))
  found <- c(found, paste(at, "lacks", lacks, recycle0 = TRUE))
  for (name in intersect(names(schema$properties), names(x))) {
    found <- c(found, schema_faults(
      x[[name]], schema$properties[[name]], paste0(at, "/", name)
    ))
  }
  if (!is.null(schema$items)) {
    found <- c(found, unlist(lapply(x, schema_faults, schema$items, at)))
  }
  if (!is.null(schema$oneOf)) {
    faults <- lapply(schema$oneOf, function(one) schema_faults(x, one, at))
    fits <- lengths(faults) == 0
    if (sum(fits) != 1) {
      found <- c(found, faults[[which.min(lengths(faults))]], paste(
        at, "fits", sum(fits), "kinds"
      ))
    }
  }
  found
}

read_json <- function(path) {
  jsonlite::fromJSON(path, simplifyVector = FALSE)
}

json_of <- function(object) {
  path <- withr::local_tempfile(fileext = ".json")
  musl_report(object, path)
  read_json(path)
}

schema <- function() {
  read_json(system.file("schema", "result.json", package = "MuSL"))
}

test_that("results are JSON by the schema", {
  model <- musl_human_model()
  list <- musl_partners(model, "STAG2", n = 3)
  results <- list(
    partners = list, explanation = musl_explain(model, "STAG2", "STAG1"),
    cohort = musl_cohort("KIRC", anchors = c("PBRM1", "SETD2"), n = 2),
    experiment = musl_experiment(list, lines = "lung")
  )
  for (kind in names(results)) {
    found <- json_of(results[[kind]])
    expect_identical(found$kind, kind)
    expect_identical(schema_faults(found, schema()), character())
  }
  # What breaks the schema is found.
  broken <- json_of(list)
  broken$rows[[1]]$.pred_SL <- 2
  expect_gt(length(schema_faults(broken, schema())), 0)
  broken$rows[[1]] <- NULL
  broken$rows[[1]]$anchor <- NULL
  expect_gt(length(schema_faults(broken, schema())), 0)
})

test_that("JSON has the values of the table", {
  list <- musl_partners(musl_human_model(), "STAG2", n = 3)
  rows <- json_of(list)$rows
  expect_identical(vapply(rows, `[[`, "", "partner"), list$partner)
  expect_equal(vapply(rows, `[[`, 0, ".score"), list$.score, tolerance = 1e-12)
  expect_null(rows[[3]]$label)
  expect_true("label" %in% names(rows[[3]]))
})

test_that("the card of a pair is one page", {
  why <- musl_explain(musl_human_model(), "STAG2", "STAG1")
  page <- withr::local_tempfile(fileext = ".html")
  musl_report(why, page)
  text <- paste(readLines(page), collapse = "\n")
  expect_match(text, "<h2>Where to test</h2>", fixed = TRUE)
  expect_match(text, "BLCA at least 11 %", fixed = TRUE)
  expect_match(text, "refute", fixed = TRUE)
  expect_false(grepl("<script", text, fixed = TRUE))
  expect_error(musl_report(why, page), class = "musl_error_input")
  expect_error(musl_report(why), class = "musl_error_input")
  card <- json_of(why)
  expect_identical(card$pair$gene_a, "STAG1")
  lost <- Filter(function(x) x$anchor == "STAG2" && x$state == "lost",
    card$lines
  )
  expect_equal(length(lost), 10)
})

test_that("the shell writes JSON, cohorts and order sheets", {
  shell <- function(...) call_musl(...)
  found <- shell("partners", "STAG2", "--n", "2", "--format", "json")
  expect_equal(found$status, 0)
  rows <- read_json(paste(found$out, collapse = "\n"))$rows
  expect_length(rows, 2)
  found <- shell("cohort", "KIRC", "--anchor", "PBRM1", "--n", "2")
  expect_equal(found$status, 0)
  expect_match(found$out[[1]], "^anchor\tn_patients\tshare")
  sheet <- withr::local_tempfile(fileext = ".csv")
  found <- shell(
    "experiment", "STAG2", "--n", "3", "--cell-lines", "lung", "--layout",
    "mageck", "--out", sheet
  )
  expect_equal(found$status, 0)
  expect_named(utils::read.csv(sheet), c("id", "sequence", "gene"))
  expect_equal(shell("cohort", "NOCOHORT")$status, 1)
})
