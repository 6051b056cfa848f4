# What musl_data() and its kin are given: each wrong table ends in a condition
# of a class that names the argument, and in no object.

one_of <- function(...) list(...)

test_that("wrong cohorts of expression are refused", {
  x <- toy_matrix()
  with_value <- function(value, at = 3) {
    x[[at]] <- value
    x
  }
  named <- function(names) {
    rownames(x) <- names
    x
  }
  cases <- list(
    "text" = one_of("TP53", "input"), "a number" = one_of(1, "input"),
    "TRUE" = one_of(TRUE, "input"), "a function" = one_of(mean, "input"),
    "a list of numbers" = one_of(list(a = 1), "input"),
    "an empty list" = one_of(list(), "input"),
    "an environment" = one_of(new.env(), "input"),
    "a formula" = one_of(y ~ x, "input"),
    "a factor" = one_of(factor("a"), "input"),
    "a matrix of text" = one_of(matrix("a", 4, 4), "input"),
    "a matrix of lists" = one_of(matrix(list(), 0, 4), "input"),
    "complex numbers" = one_of(x + 1i, "input"),
    "raw bytes" = one_of(matrix(as.raw(1:16), 4), "input"),
    "three dimensions" = one_of(array(1, c(2, 2, 2)), "input"),
    "no gene" = one_of(x[0, ], "input"), "no sample" = one_of(x[, 0], "input"),
    "one sample" = one_of(x[, 1, drop = FALSE], "input"),
    "no names" = one_of(unname(x), "gene"),
    "a gene twice" = one_of(named(c("A1", "A1", "C1", "D1")), "gene"),
    "a gene without a name" = one_of(named(c("A1", "", "C1", "D1")), "gene"),
    "a gene called NA" = one_of(named(c("A1", NA, "C1", "D1")), "gene"),
    "genes that differ by a blank" = one_of(
      named(c("A1", "A1 ", "C1", "D1")), "gene"
    ),
    "a missing value" = one_of(with_value(NA), "input"),
    "not a number" = one_of(with_value(NaN), "input"),
    "infinite" = one_of(with_value(Inf), "input"),
    "minus infinite" = one_of(with_value(-Inf, 16), "input"),
    "all missing" = one_of(x * NA, "input")
  )
  for (case in names(cases)) {
    value <- cases[[case]][[1]]
    kind <- cases[[case]][[2]]
    expect_no_object(paste("source:", case),
      musl_data(value, scale = "log"), kind
    )
    expect_no_object(
      paste("source:", case, "beside a good one"),
      musl_data(list(good = x, bad = value), scale = "log"), kind
    )
  }
  sample_twice <- x
  colnames(sample_twice)[[2]] <- "s1"
  expect_no_object("a sample twice", musl_data(sample_twice, scale = "log"),
    "input"
  )
  expect_no_object("negative", musl_data(-x, scale = "linear"), "input")
  expect_no_object("no scale", musl_data(x), "input")
  for (scale in list("", "Log", 1, NA, NULL, "linear ")) {
    expect_no_object(paste("scale", format(scale)),
      musl_data(list(a = x, b = x, c = x), scale = scale), "input"
    )
  }
  expect_no_object("two scales for three cohorts",
    musl_data(list(a = x, b = x, c = x), scale = c("log", "log")), "shape"
  )
  expect_no_object("nothing", musl_data(), "input")
  expect_no_object("a typing error", musl_data(x, scale = "log", pair = 1),
    "input"
  )
})

test_that("wrong pairs are refused", {
  x <- toy_matrix()
  good <- toy_pairs()
  changed <- function(column, value) {
    good[[column]] <- value
    good
  }
  cases <- list(
    "text" = "TP53", "a number" = 7, "a matrix" = as.matrix(good),
    "a list" = list(gene_a = "A1", gene_b = "B1"),
    "no gene_b" = good["gene_a"], "no columns" = good[0],
    "numbers for genes" = changed("gene_a", 1:2),
    "dates for genes" = changed("gene_a", as.Date("2020-03-01") + 0:1),
    "truth values for genes" = changed("gene_b", c(TRUE, FALSE)),
    "a list for genes" = changed("gene_b", list("B1", "C1")),
    "a missing gene" = changed("gene_a", c("A1", NA)),
    "an empty gene" = changed("gene_b", c("", "C1")),
    "a label of 11" = changed("label", c(11, 0)),
    "a label of -1" = changed("label", c(-1, 1)),
    "a label of 0.5" = changed("label", c(.5, 1)),
    "an infinite label" = changed("label", c(Inf, 1)),
    "a label of text" = changed("label", c("SL", "perhaps")),
    "a label in other letters" = changed("label", c("sl", "non_sl")),
    "a label with a blank" = changed("label", c("SL ", "non_SL")),
    "a label of dates" = changed("label", as.Date("2020-03-01") + 0:1)
  )
  for (case in names(cases)) {
    expect_no_object(paste("pairs:", case),
      musl_data(x, pairs = cases[[case]], scale = "log"), "input", "pairs"
    )
  }
})

# Names that a terminal, a page, a shell or cli itself might take for its own.
hostile_names <- c(
  "{stop('no')}", "{.emph x}", "{{", "}", "<script>alert(1)</script>",
  "`rm -rf /`", "$(reboot)", "; DROP TABLE genes", "**bold**", "[x](http://y)",
  "a\tb", "\033[31mred", "\\", "%s%n", "=1+1", "\u202egnp", "A'--", "{", "!"
)

test_that("hostile names come out of conditions as they went in", {
  x <- toy_matrix()
  for (name in hostile_names) {
    bad <- x
    rownames(bad) <- c(name, name, "C1", "D1")
    expect_no_object(paste("gene", name), musl_data(bad, scale = "log"), "gene")
    pairs <- toy_pairs()
    pairs$label[[1]] <- name
    expect_no_object(paste("label", name),
      musl_data(x, pairs = pairs, scale = "log"), "input"
    )
    lines <- c("gene_a,gene_b,label", "A,B,1")
    lines <- c(lines, paste0("C,D,\"", gsub("\"", "", name), "\""))
    expect_refused(paste("label of a file", name), read_pairs,
      text_bytes(lines)
    )
    cnd <- caught(read_pairs(write_raw(text_bytes(lines))))
    expect_no_match(conditionMessage(cnd), "\033", fixed = TRUE)
    header <- paste0(",\"", name, "\",\"", name, "\"")
    expect_refused(paste("column", name),
      function(path) read_depmap(c(effect = path)),
      text_bytes(c(header, "ACH-000001,1,2", "ACH-000002,1,2"))
    )
    path <- file.path(withr::local_tempdir(), gsub("/", "_", name))
    writeLines("x", path)
    expect_no_object(paste("file", name), read_network(path), "format")
  }
  odd <- x
  rownames(odd)[1:3] <- c("{stop('no')}", "<b>x</b>", "$(x)")
  data <- musl_data(odd, scale = "log", id_type = "other")
  expect_output(print(data), "MuslData")
})

test_that("wrong kinds of scales, tables and roles are refused", {
  x <- toy_matrix()
  expect_no_object("a table without columns",
    musl_data(data.frame(), scale = "log"), "input", "expression"
  )
  expect_no_object("a scale without a value",
    musl_data(x, scale = character()), "input", "scale"
  )
  twice <- cbind(toy_pairs(), label = 0)
  expect_no_object("labels twice",
    musl_data(x, pairs = twice, scale = "log"), "input", "pairs"
  )
})

test_that("a delayed matrix of text is refused as such", {
  skip_if_not_installed("DelayedArray")
  x <- toy_matrix()
  text <- DelayedArray::DelayedArray(
    matrix("a", nrow(x), ncol(x), dimnames = dimnames(x))
  )
  cnd <- caught(musl_data(text, scale = "log"))
  expect_s3_class(cnd, "musl_error_input")
  expect_match(conditionMessage(cnd), "character DelayedMatrix")
})
