# The cases of a file of tables of malformed inputs, and what became of each.
run_table <- function(file) {
  cases <- withr::local_tempfile()
  file.create(cases)
  died <- tryCatch(
    {
      in_new_process(
        run_test_file, file,
        env = c(MUSL_MALFORMED = cases, NOT_CRAN = "true")
      )
      NULL
    },
    error = conditionMessage
  )
  found <- utils::read.delim(
    cases,
    header = FALSE, quote = "", colClasses = "character",
    col.names = c("case", "outcome")
  )
  if (!is.null(died)) {
    found <- rbind(found, data.frame(case = died, outcome = "died"))
  }
  cbind(file = rep(basename(file), nrow(found)), found)
}

run_test_file <- function(file) {
  space <- environment(sys.function())
  # Annotations of human genes load it; its database then stays open.
  requireNamespace("org.Hs.eg.db", quietly = TRUE)
  testthat::source_test_helpers(dirname(file), space)
  testthat::test_file(
    file,
    package = "MuSL", load_package = "installed", load_helpers = FALSE,
    env = new.env(parent = space), reporter = "silent",
    stop_on_failure = FALSE
  )
  invisible()
}
