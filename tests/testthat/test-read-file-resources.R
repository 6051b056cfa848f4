test_that("resources are named once and read by functions of the package", {
  x <- musl_resources()
  expect_identical(anyDuplicated(x$name), 0L)
  expect_identical(anyDuplicated(x$address), 0L)
  expect_true(all(grepl("^https://", x$address)))
  called <- sub("\\(.*$", "", x$reader)
  expect_true(all(called %in% getNamespaceExports("MuSL")))
})
