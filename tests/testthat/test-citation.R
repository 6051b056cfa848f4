cited <- function() {
  file <- system.file("CITATION", package = "MuSL")
  meta <- utils::packageDescription("MuSL")
  utils::readCitationFile(file, meta)
}

test_that("citation() has the package with its version and both papers", {
  entries <- cited()
  text <- format(entries, style = "text")
  version <- as.character(utils::packageVersion("MuSL"))
  expect_match(text, version, fixed = TRUE, all = FALSE)
  expect_setequal(
    unlist(entries$doi),
    c("10.1109/JBHI.2026.3698476", "10.1038/s41467-024-48801-4")
  )
  muse <- entries[vapply(entries, function(x) {
    identical(x$journal, "Nature Communications")
  }, NA)]
  expect_identical(
    vapply(muse$author, function(x) x$family, ""),
    c("Rao", "Xie", "Yuan", "Liu", "Wang", "Lu", "Zheng", "Yang")
  )
})

test_that("citation() names the human model that is shipped", {
  titles <- unlist(cited()$title)
  expect_match(titles, human_version, fixed = TRUE, all = FALSE)
})

test_that("the repository has one address", {
  skip_without_sources()
  root <- source_root()
  fields <- read.dcf(file.path(root, "DESCRIPTION"), c("URL", "BugReports"))
  expect_identical(fields[[2]], paste0(fields[[1]], "/issues"))
  owner <- sub("^https://github.com/([^/]+)/.*", "\\1", fields[[1]])
  files <- list.files(root, "[.](md|yml)$", full.names = TRUE)
  text <- unlist(lapply(files, readLines, warn = FALSE))
  address <- regexpr("[A-Za-z-]+/MuSL\\b(?=\")", text, perl = TRUE)
  named <- regmatches(text, address)
  expect_identical(setdiff(named, paste0(owner, "/MuSL")), character())
})
