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

test_that("a model reads the set of descriptors that it was fitted with", {
  data <- tiny_data()
  fit <- tiny_fit(
    data,
    tiny_architecture(encoders = "descriptors", descriptors = "paper")
  )
  names <- paste0("bulk: ", cpp_descriptor_names("paper"))
  of_pair <- function(i) {
    pair <- musl_pairs(data)[i, ]
    why <- musl_explain(fit, pair$gene_a, pair$gene_b, nearest = 0)
    why[why$component == "descriptors", ]
  }
  has <- rownames(data@sources$bulk$assays$expression)
  pairs <- musl_pairs(data)
  rows <- which(pairs$gene_a %in% has & pairs$gene_b %in% has)[1:4]
  found <- lapply(rows, of_pair)
  for (one in found) expect_setequal(one$term, names)
  # Standardised, and otherwise the same numbers; levels keep the bins.
  value <- vapply(found, function(one) {
    one$value[one$term == "bulk: wasserstein"]
  }, 0)
  pairs <- pairs[rows, ]
  expected <- musl_descriptors(data, pairs, bins = 8, set = "paper")
  expect_gt(cor(value, expected$wasserstein), 1 - 1e-5)

  scores <- predict(fit, pairs)$.score
  file <- withr::local_tempfile()
  musl_save(fit, file)
  again <- musl_load(file)
  expect_identical(again@architecture$descriptors, "paper")
  expect_identical(predict(again, pairs)$.score, scores)
})

test_that("what is advised for a set of one class fits the class it lacks", {
  refused <- function(label, n, split, told) {
    pairs <- data.frame(label = rep(label, n))
    conditionMessage(expect_error(
      check_set(pairs, "training", split, NULL), told,
      class = "musl_error_input"
    ))
  }
  for (split in list(NULL, list())) {
    for (n in c(1, 3)) {
      text <- refused("SL", n, split, paste(n, "SL and 0 non-SL"))
      expect_match(text, "musl_negatives")
      text <- refused("non_SL", n, split, paste("0 SL and", n, "non-SL"))
      expect_no_match(text, "musl_negatives")
    }
  }
})
