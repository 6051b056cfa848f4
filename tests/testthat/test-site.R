# The site's index of topics, _pkgdown.yml, against the pages there are.

# What a part of the settings lists: its lines that start with two blanks and a
# dash, which needs no reader of YAML.
listed <- function(part) {
  skip_without_sources()
  file <- file.path(source_root(), "_pkgdown.yml")
  skip_if_not(file.exists(file), "the built package has no _pkgdown.yml")
  lines <- readLines(file)
  starts <- grep("^[a-z]+:", lines)
  first <- match(paste0(part, ":"), lines)
  last <- min(starts[starts > first], length(lines) + 1) - 1
  sub("^  - ", "", grep("^  - ", lines[first:last], value = TRUE))
}

# The name of each page of man/ that readers shall find.
topic_names <- function() {
  pages <- list.files(
    file.path(source_root(), "man"), "[.]Rd$",
    full.names = TRUE
  )
  lines <- lapply(pages, readLines, warn = FALSE)
  internal <- vapply(lines, function(page) {
    any(page == "\\keyword{internal}")
  }, TRUE)
  names <- vapply(lines[!internal], function(page) {
    sub("^\\\\name\\{(.*)\\}$", "\\1", grep("^\\\\name\\{", page, value = TRUE))
  }, "")
  sub("\\%", "%", names, fixed = TRUE)
}

# pkgdown's starts_with("...") names the topics that start so.
expand_topics <- function(entries, topics) {
  start <- sub('^starts_with\\("(.*)"\\)$', "\\1", entries)
  unlist(Map(function(entry, start) {
    if (entry == start) entry else topics[startsWith(topics, start)]
  }, entries, start), use.names = FALSE)
}

test_that("every topic stands in the site's reference, once", {
  entries <- listed("reference")
  topics <- topic_names()
  expect_gt(length(topics), 50)
  shown <- expand_topics(entries, topics)
  expect_identical(setdiff(topics, shown), character())
  expect_identical(setdiff(shown, topics), character())
  expect_identical(shown[duplicated(shown)], character())
})

test_that("every vignette stands among the site's articles", {
  articles <- listed("articles")
  vignettes <- list.files(
    file.path(source_root(), "vignettes"), "[.]Rmd$",
    recursive = TRUE
  )
  expect_setequal(articles, sub("[.]Rmd$", "", vignettes))
})

# The lines of a vignette's code before it attaches the package.
code_before_attaching <- function(path) {
  lines <- readLines(path)
  fence <- cumsum(grepl("^```", lines))
  code <- lines[fence %% 2 == 1]
  attached <- match(TRUE, grepl("library(MuSL)", code, fixed = TRUE))
  utils::head(code, if (is.na(attached)) length(code) else attached - 1)
}

test_that("vignettes name the package until they attach it", {
  skip_without_sources()
  paths <- list.files(
    file.path(source_root(), "vignettes"), "[.]Rmd$",
    full.names = TRUE, recursive = TRUE
  )
  own <- grep("^(musl|read|as)_", getNamespaceExports("MuSL"), value = TRUE)
  bare <- paste0("(?<!MuSL::)\\b(", paste(own, collapse = "|"), ")\\(")
  for (path in paths) {
    code <- sub("#.*", "", code_before_attaching(path))
    expect_identical(grep(bare, code, perl = TRUE, value = TRUE), character())
  }
})
