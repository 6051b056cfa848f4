test_that("every input of an encoder is listed, with what it is made from", {
  inputs <- musl_inputs()
  expect_s3_class(inputs, "tbl_df")
  expect_named(inputs, c("input", "reads", "shape", "encoders", "about"))
  expect_identical(inputs$input, sort(inputs$input, method = "radix"))
  expect_false(any(
    inputs$reads == "" | inputs$shape == "" | inputs$about == ""
  ))
  needed <- unique(unlist(encoder_inputs()))
  expect_setequal(inputs$input[inputs$encoders != ""], needed)
  histogram <- inputs[inputs$input == "histogram", ]
  expect_identical(histogram$reads, "expression")
  expect_identical(histogram$encoders, "histogram")
  expect_match(
    inputs$reads[inputs$input == "genes"], "embeddings",
    fixed = TRUE
  )
})

test_that("the encoders are those of musl_architecture()", {
  expect_setequal(names(encoder_inputs()), known_encoders)
})

test_that("an encoder is usable if the data hold something for each input", {
  all <- c("histogram", "descriptors", "genes", "graph", "partners")
  expect_identical(usable_encoders(all, "pairs"), "partners")
  expect_identical(
    usable_encoders(all, c("pairs", "expression")),
    c("histogram", "descriptors", "genes", "partners")
  )
  for (held in c("network", "embeddings")) {
    expect_identical(
      usable_encoders(all, c("pairs", held)), c("genes", "graph", "partners")
    )
  }
  expect_identical(usable_encoders(character(), "pairs"), character())
})
