# Figures of documents are typed from bench/results, which name their source.

results_root <- function() {
  skip_without_sources()
  root <- source_root()
  skip_if_not(
    dir.exists(file.path(root, "bench")), "the built package has no bench/"
  )
  root
}

# A data frame of what the first line of each file says.
origins <- function(root) {
  files <- list.files(file.path(root, "bench/results"), full.names = TRUE)
  heads <- vapply(files, readLines, "", n = 1)
  fields <- strsplit(sub("^# ", "", heads), "; ")
  expect_identical(unique(lengths(fields)), 4L)
  data.frame(
    file = basename(files), command = vapply(fields, `[[`, "", 1),
    # Either order: date and commit.
    second = vapply(fields, `[[`, "", 2), third = vapply(fields, `[[`, "", 3)
  )
}

commit_pattern <- "^[0-9a-f]{7,8}$"

# The text of a script and of those that it takes in.
script_text <- function(root, script) {
  stem <- sub("[.](R|sh)$", "", basename(script))
  prefix <- sub("-.*", "", stem)
  beside <- list.files(file.path(root, "bench"), paste0("^", prefix, ".*[.]R$"))
  beside <- file.path(root, "bench", c(beside, "script.R"))
  unlist(lapply(unique(c(file.path(root, script), beside)), readLines))
}

# Options that a command gives to a script which does not take them.
unknown_options <- function(root, command) {
  script <- regmatches(command, regexpr("bench/[a-z/-]+[.](R|sh)", command))
  if (length(script) == 0) return(character())
  if (!file.exists(file.path(root, script))) return(script)
  given <- regmatches(command, gregexpr("--[a-z-]+", command))[[1]]
  text <- script_text(root, script)
  taken <- vapply(sub("^--", "", given), function(option) {
    any(grepl(sprintf("(--|\")%s\\b", option), text))
  }, NA)
  given[!taken]
}

has_history <- function(root) {
  dir.exists(file.path(root, ".git")) &&
    identical(0L, suppressWarnings(system2(
      "git", c("-C", shQuote(root), "rev-parse", "--verify", "HEAD"),
      stdout = FALSE, stderr = FALSE
    )))
}

unknown_commits <- function(root, commits) {
  skip_if_not(has_history(root), "the sources have no history")
  shallow <- system2(
    "git", c("-C", shQuote(root), "rev-parse", "--is-shallow-repository"),
    stdout = TRUE
  )
  skip_if(identical(shallow, "true"), "the history is shallow")
  known <- vapply(commits, function(commit) {
    identical(0L, system2(
      "git", c("-C", shQuote(root), "cat-file", "-e", commit),
      stdout = FALSE, stderr = FALSE
    ))
  }, NA)
  commits[!known]
}

test_that("tables of documents are those of the results", {
  root <- results_root()
  tool <- new.env()
  withr::local_dir(root)
  sys.source("tools/figures", tool)
  files <- tool$files_with_figures()
  expect_true(all(c("README.md", "R/save.R") %in% files))
  for (file in files) {
    lines <- readLines(file)
    expect_identical(lines, tool$with_figures(lines), label = file)
  }
})

test_that("the README's model is the one that is shipped", {
  root <- results_root()
  n <- format(length(musl_genes(musl_human_model())), big.mark = ",")
  expect_match(readLines(file.path(root, "README.md")), n, all = FALSE)
})

test_that("results say by which command, when and of which commit they are", {
  root <- results_root()
  found <- origins(root)
  dated <- grepl("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", c(found$second, found$third))
  commit <- grepl(commit_pattern, c(found$second, found$third))
  n <- nrow(found)
  expect_true(all(dated[1:n] | dated[n + 1:n]))
  expect_true(all(commit[1:n] | commit[n + 1:n]))
  wrong <- lapply(found$command, unknown_options, root = root)
  expect_identical(found$file[lengths(wrong) > 0], character())
})

test_that("results are of commits that exist", {
  root <- results_root()
  found <- origins(root)
  fields <- c(found$second, found$third)
  told <- readLines(file.path(root, "bench/RESULTS.md"))
  hash <- "\\b(?=[a-f]*[0-9])[0-9a-f]{8}\\b"
  told <- regmatches(told, gregexpr(hash, told, perl = TRUE))
  commits <- unique(c(fields[grepl(commit_pattern, fields)], unlist(told)))
  expect_identical(unknown_commits(root, commits), character())
})

test_that("RESULTS.md names files, scripts and options that exist", {
  root <- results_root()
  text <- paste(readLines(file.path(root, "bench/RESULTS.md")), collapse = " ")
  quoted <- gsub("`", "", regmatches(text, gregexpr("`[^`]+`", text))[[1]])
  tables <- grep("^[a-z0-9-]+[.]csv$", quoted, value = TRUE)
  expect_gt(length(tables), 3)
  missing <- !file.exists(file.path(root, "bench/results", tables))
  expect_identical(tables[missing], character())
  commands <- grep("^(bench/)?[a-z/-]+[.](R|sh)( |$)", quoted, value = TRUE)
  commands <- commands[!startsWith(commands, "test-")]
  commands <- sub("^(bench/)?", "bench/", commands)
  wrong <- lapply(commands, unknown_options, root = root)
  expect_length(unlist(wrong), 0)
})

# Lines of prose of README, vignettes and help, without code and typed tables.
prose <- function(root) {
  files <- c("README.md", list.files(
    file.path(root, c("vignettes", "R")), "[.]R(md)?$",
    full.names = TRUE, recursive = TRUE
  ))
  files <- ifelse(file.exists(files), files, file.path(root, files))
  unlist(lapply(files, function(file) {
    lines <- readLines(file, warn = FALSE)
    fence <- grepl("^```", lines)
    begun <- cumsum(grepl("figures: ", lines))
    typed <- begun > cumsum(grepl("figures end", lines))
    keep <- !typed & if (grepl("[.]R$", file)) {
      grepl("^#'", lines)
    } else {
      cumsum(fence) %% 2 == 0
    }
    paste0(basename(file), ": ", lines[keep], recycle0 = TRUE)
  }))
}

test_that("no document has a measured time, memory or AUROC of its own", {
  root <- results_root()
  lines <- prose(root)
  pattern <- paste0(
    "[0-9] ?(s|seconds|min|minutes|hours|GiB|MB|pairs/s)\\b|",
    "AUROC of [.][0-9]|[.][0-9]+ of AUROC"
  )
  found <- grep(pattern, lines, value = TRUE)
  # What a compiler needs is advice.
  found <- found[!startsWith(found, "backend-build.R:")]
  expect_identical(found, character())
})
