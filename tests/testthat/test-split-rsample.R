test_that("folds hold the rows of their parts as rsample keeps them", {
  split <- musl_split(
    pairs_data(), folds = 3, repeats = 2, negatives = "random", seed = 1
  )
  folds <- musl_folds(split)
  expect_s3_class(folds, "rset")
  expect_identical(nrow(folds), 12L)
  expect_identical(folds$id2, rep(c("C2", "C3"), 6))
  expect_identical(unique(folds$id), paste0(
    "Repeat", rep(1:2, each = 3), "_Fold", rep(1:3, 2)
  ))
  one <- folds$splits[[10]] # fold 5, C3
  expect_s3_class(one, "rsplit")
  parts <- musl_parts(split, 5)
  expect_identical(one$data[one$out_id, ], parts$C3)
  expect_setequal(
    pair_key_of(one$data[one$in_id, ]),
    pair_key_of(rbind(parts$train, parts$validation))
  )
  expect_output(print(folds), "Repeat2_Fold3")
  train <- musl_folds(split, "C3", analysis = "train")$splits[[5]]
  expect_identical(train$data[train$in_id, ], parts$train)
})

test_that("parts that a split lacks are refused", {
  split <- musl_split(pairs_data(), "random", folds = 3, seed = 1)
  expect_error(musl_folds(split, "C3"), "C3", class = "musl_error_input")
  expect_error(musl_folds(split, "C4"), class = "musl_error_input")
  expect_error(
    musl_folds(split, analysis = "test"), class = "musl_error_input"
  )
  expect_error(musl_folds(1), class = "musl_error_input")
})
