# One page of HTML that shows what is in the model and trusts no text.

written <- function(..., fit = explored_fit()) {
  file <- withr::local_tempfile(fileext = ".html")
  expect_identical(
    withVisible(musl_report(fit, file, ...)),
    list(value = file, visible = FALSE)
  )
  paste(readLines(file, encoding = "UTF-8"), collapse = "\n")
}

count_of <- function(pattern, text) {
  lengths(regmatches(text, gregexpr(pattern, text)))
}

# Tags that are opened and not closed, or closed out of turn.
open_tags <- function(page) {
  page <- sub("<style>.*</style>", "", page)
  tags <- regmatches(page, gregexpr("</?[a-z][a-z0-9]*", page))[[1]]
  stack <- character()
  for (tag in setdiff_tags(tags)) {
    if (startsWith(tag, "</")) {
      if (!identical(utils::tail(stack, 1), sub("/", "", tag))) {
        return(c(stack, tag))
      }
      stack <- utils::head(stack, -1)
    } else {
      stack <- c(stack, tag)
    }
  }
  stack
}

# Without those that hold nothing.
setdiff_tags <- function(tags) tags[!tags %in% c("<meta", "<img")]

test_that("a page holds the card, the partners and their pictures", {
  fit <- explored_fit()
  anchors <- fit@genes[c(3, 8)]
  page <- written(anchors = anchors, n = 4, title = "My model")
  expect_match(page, "<title>My model</title>", fixed = TRUE)
  partners <- musl_partners(fit, anchors, n = 4)
  for (partner in partners$partner) {
    expect_match(page, paste0("<td>", partner, "</td>"), fixed = TRUE)
  }
  expect_equal(count_of("data:image/png;base64,", page), 2)
  expect_equal(count_of("<img ", page), count_of(" alt=\"[^\"]+\"", page))
  for (limit in musl_report(fit)$limits) {
    expect_match(page, MuSL:::html_text(limit), fixed = TRUE)
  }
  expect_equal(
    count_of("<tr>", page) - count_of("<table>", page),
    nrow(musl_report(fit)$data) + nrow(musl_report(fit)$labels) + 1 +
      nrow(tidy(fit)) + nrow(partners)
  )
})

test_that("a list of partners is a page of its own", {
  fit <- explored_fit()
  anchors <- fit@genes[c(3, 8)]
  partners <- musl_partners(fit, anchors, n = 4)
  page <- written(fit = partners)
  title <- paste("Synthetic lethal partners of lost", toString(anchors))
  expect_match(page, paste0("<h1>", title, "</h1>"), fixed = TRUE)
  expect_equal(count_of("<section", page), 2)
  rows <- count_of("<tr>", page) - count_of("<table>", page)
  expect_equal(rows, nrow(partners))
  expect_match(page, "1 = average gene; .pred_SL: chance", fixed = TRUE)
  expect_input_error(musl_report(partners))
  # The rows as a file, and no links of genes that are not human.
  expect_equal(count_of("data:text/csv;base64,", page), 2)
  expect_no_match(page, "ncbi")
  expect_match(page, as.character(Sys.Date()))
})

test_that("a page of human genes has what the console says, and links", {
  lists <- suppressWarnings(
    musl_partners(musl_human_model(), c("KRAS", "VHL"), n = 20)
  )
  page <- written(fit = lists)
  for (anchor in c("KRAS", "VHL")) {
    for (line in head_lines(lists, anchor)) {
      expect_match(page, html_text(plain_words(line)), fixed = TRUE)
    }
  }
  # Warnings of the console, and counts of each anchor.
  expect_match(page, "VHL&quot; is lethal alone", fixed = TRUE)
  expect_equal(count_of("Last: ", page), 2)
  expect_match(page, "https://depmap.org/portal/gene/HIF1A", fixed = TRUE)
  expect_match(page, "term=KRAS[+]AND[+]NRAS")
  expect_equal(count_of("<tr>", page) - count_of("<table>", page), 2 * 25)
  expect_equal(open_tags(page), character())
})

test_that("the page is well-formed, loads nothing and runs nothing", {
  page <- written(n = 3)
  expect_no_match(page, "https?://|<script|<link|@import", perl = TRUE)
  expect_equal(open_tags(page), character())
  part <- function(pattern) {
    found <- regmatches(page, gregexpr(pattern, page, perl = TRUE))[[1]]
    expect_gt(length(found), 3)
    found
  }
  expect_identical(
    part("(?<=<a href=\"#)[^\"]+"), part("(?<=<section id=\")[^\"]+")
  )
})

test_that("a user's text is shown and not read", {
  bad <- "<img src=x onerror=alert(1)> & \"a\" 'b' {{footer}} \\1"
  fit <- musl_describe(explored_fit(), limits = bad)
  page <- written(fit = fit, anchors = character(), title = bad)
  expect_no_match(page, "<img", fixed = TRUE)
  shown <- "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;a&quot; &#39;b&#39;"
  expect_match(page, paste0("<h1>", shown, " {{footer}} \\1"), fixed = TRUE)
  expect_match(page, paste0("<li>", shown), fixed = TRUE)
})

test_that("a network's report draws its training and calibration", {
  skip_without_backend()
  fit <- tiny_model()
  file <- withr::local_tempfile(fileext = ".html")
  judged <- suppressWarnings(
    musl_calibration(fit, musl_pairs(tiny_data()), seed = 1)
  )
  musl_report(fit, file, anchors = character(), calibration = judged)
  page <- paste(readLines(file), collapse = "\n")
  expect_equal(count_of("data:image/png;base64,", page), 2)
})

test_that("a report is written whole or not at all", {
  fit <- explored_fit()
  dir <- withr::local_tempdir()
  file <- file.path(dir, "report.html")
  writeLines("mine", file)
  expect_input_error(musl_report(fit, file))
  expect_gene_error(
    musl_report(fit, file, anchors = "NOGENE", overwrite = TRUE)
  )
  expect_identical(readLines(file), "mine")
  expect_identical(list.files(dir), "report.html")
  expect_format_error(
    musl_report(fit, file.path(dir, "none", "x.html"), anchors = character())
  )
  for (wrong in list(
    list(n = 0), list(title = NA), list(calibration = 1), list(x = 1)
  )) {
    expect_input_error(
      do.call(musl_report, c(list(fit, file.path(dir, "y")), wrong))
    )
  }
})
