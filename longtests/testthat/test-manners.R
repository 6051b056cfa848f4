# The session is as it was after every call.

test_that("examples of all functions leave the session as it was", {
  skip_on_os(c("windows", "mac"))
  skip_without_backend()
  tried <- in_new_process(
    run_all_examples, min(1, as.numeric(Sys.getenv("MUSL_LONG_SCALE", "1")))
  )
  outcomes <- ifelse(
    tried$outcome != "done", tried$outcome,
    ifelse(tried$changed == "", "same", paste(
      tried$page, tried$expr, "changed", tried$changed
    ))
  )
  calls <- unique(unlist(strsplit(tried$called, " ", fixed = TRUE)))
  exported <- getNamespaceExports("MuSL")
  expect_survived(outcomes, "examples, session as before", sprintf(
    "calls of %d of %d exported functions",
    sum(exported %in% calls), length(grep("^[.]__", exported, invert = TRUE))
  ))
})
