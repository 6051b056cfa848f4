cache_files <- function(cache) {
  list.files(cache, recursive = TRUE, full.names = TRUE)
}

test_that("a second call takes the same bits from the cache", {
  model <- tiny_esm2()
  cache <- withr::local_tempdir()
  x <- random_proteins(c(5, 40, 9))
  plain <- embed_tiny(x, model)
  expect_identical(embed_tiny(x, model, cache = cache), plain)
  expect_length(cache_files(cache), 1)
  expect_identical(embed_tiny(rev(x), model, cache = cache), plain[3:1, ])
  expect_length(cache_files(cache), 1)
})

test_that("what is in the cache is not computed, what is new is added", {
  model <- tiny_esm2()
  cache <- withr::local_tempdir()
  x <- random_proteins(c(5, 9, 7))
  first <- embed_tiny(x[1:2], model, cache = cache)
  both <- embed_tiny(x, model, cache = cache)
  expect_identical(both[1:2, ], first)
  expect_length(cache_files(cache), 2)
  result <- embed_by_core(x, model, 0L, cache = cache)
  expect_identical(result$n_cached, 3)
  expect_identical(result$n_computed, 0)
})

test_that("other weights and another precision have their own cache", {
  cache <- withr::local_tempdir()
  x <- random_proteins(25)
  model <- tiny_esm2()
  embed_tiny(x, model, cache = cache)
  expect_close <- function(...) {
    expect_identical(
      embed_tiny(x, model, ..., cache = cache), embed_tiny(x, model, ...)
    )
  }
  expect_close(precision = "bfloat16")
  model$weights[["esm.encoder.layer.1.LayerNorm.bias"]][[3]] <- 0.25
  write_esm2(model$dir, model$config, model$weights)
  expect_close()
  model$config$layer_norm_eps <- 1e-3
  write_esm2(model$dir, model$config, model$weights)
  expect_close()
  expect_length(list.dirs(cache, recursive = FALSE), 4)
})

test_that("a damaged file of the cache is passed over with a warning", {
  model <- tiny_esm2()
  cache <- withr::local_tempdir()
  x <- random_proteins(c(5, 9))
  plain <- embed_tiny(x, model, cache = cache)
  file <- cache_files(cache)
  bytes <- readBin(file, "raw", file.size(file))
  for (damaged in list(
    replace(bytes, length(bytes) - 3, as.raw(0x55)), utils::head(bytes, 100),
    raw()
  )) {
    writeBin(damaged, file)
    expect_warning(
      found <- embed_tiny(x, model, cache = cache),
      class = "musl_warning_other"
    )
    expect_identical(found, plain)
  }
})

test_that("a cache that cannot be made is an error", {
  model <- tiny_esm2()
  file <- withr::local_tempfile(lines = "a file")
  expect_format_error(
    embed_tiny(c(a = "MKV"), model, cache = file.path(file, "cache"))
  )
})

test_that("what was finished before an interrupt is in the cache", {
  skip_without_backend()
  model <- tiny_esm2()
  cache <- withr::local_tempdir()
  x <- random_proteins(rep(20, 4000))
  # Stops at the first event after some work was done.
  stop_soon <- function(event) event$batch < 200
  expect_error(
    embed_by_core(x, model, callback = stop_soon, cache = cache),
    class = "musl_error_cancelled"
  )
  rest <- embed_by_core(x, model, cache = cache)
  expect_gt(rest$n_cached, 0)
  expect_gt(rest$n_computed, 0)
  expect_identical(rest$n_cached + rest$n_computed, 4000)
  expect_identical(rest$values, embed_by_core(x, model)$values)
})
