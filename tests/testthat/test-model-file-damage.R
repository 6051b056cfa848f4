# A model file is refused by name, whatever byte of it is changed, lost or
# forged. tests/cpp/test_archive.cpp changes every byte of a small archive.

model_bytes <- function(env = parent.frame()) {
  file <- withr::local_tempfile(.local_envir = env)
  musl_save(tiny_model(), file)
  read_bytes(file)
}

# The message of a refusal as a model file; "" if it was read.
not_a_model <- function(bytes, path) {
  writeBin(bytes, path)
  cnd <- tryCatch(musl_load(path), error = identity)
  if (!inherits(cnd, "musl_error_format")) {
    return(paste("it gave", class(cnd)[[1]]))
  }
  text <- gsub("\\s+", " ", conditionMessage(cnd))
  named <- grepl("must be a model saved by", text) || grepl("Update MuSL", text)
  if (named && grepl(basename(path), text, fixed = TRUE)) "" else text
}

# Whether the core itself refuses the bytes: conditions take ten times as long.
core_refuses <- function(bytes, path) {
  writeBin(bytes, path)
  cnd <- tryCatch(cpp_read_archive(path, part_prefixes), error = identity)
  inherits(cnd, "musl::FormatError")
}

# `edit(i)` gives the i-th damaged file; the first `n_told` go by musl_load().
expect_each_refused <- function(n, edit, n_told = 10) {
  path <- withr::local_tempfile()
  refused <- vapply(seq_len(n), function(i) core_refuses(edit(i), path), NA)
  expect_identical(which(!refused), integer())
  told <- vapply(seq_len(n_told), function(i) not_a_model(edit(i), path), "")
  expect_identical(unique(told), "")
}

changed_bytes <- function(bytes, places) {
  function(i) {
    at <- places[[i]]
    bytes[[at]] <- xor(bytes[[at]], as.raw(1 + i %% 255))
    bytes
  }
}

test_that("changed bytes of the payload are refused", {
  bytes <- model_bytes()
  start <- 8 + header_length(bytes)
  withr::local_seed(20)
  places <- sample(seq(start + 1, length(bytes)), 100)
  expect_each_refused(100, changed_bytes(bytes, places))
})

test_that("changed bytes of the header are refused", {
  bytes <- model_bytes()
  withr::local_seed(21)
  places <- c(1:50, sample(seq(51, 8 + header_length(bytes)), 50))
  expect_each_refused(100, changed_bytes(bytes, places))
})

test_that("truncations, and bytes behind the end, are refused", {
  bytes <- model_bytes()
  withr::local_seed(22)
  sizes <- c(0:19, sample(length(bytes) - 1, 40))
  expect_each_refused(60, function(i) utils::head(bytes, sizes[[i]]))
  path <- withr::local_tempfile()
  expect_identical(not_a_model(c(bytes, as.raw(0)), path), "")
})

test_that("other files are said to be no model", {
  path <- withr::local_tempfile()
  files <- c(
    list(
      table = text_bytes(c("gene_a,gene_b,label", "TP53,MDM2,1")),
      zeros = raw(1e5), pickle = as.raw(c(0x80, 2, 0x7d, 0x71, 0)),
      tensors = safetensors_bytes(list(A = tensor_f32(1:3))),
      npy = c(as.raw(0x93), charToRaw("NUMPY"), as.raw(c(1, 0)), f32(1:6))
    ),
    lapply(file_damages, function(damage) damage(c("a,b", "1,2")))
  )
  for (name in names(files)) {
    expect_identical(not_a_model(files[[name]], path), "", label = name)
  }
  rds <- withr::local_tempfile()
  saveRDS(tiny_model(), rds)
  expect_identical(not_a_model(read_bytes(rds), path), "")
  # The length that the first eight bytes would announce tells nobody anything.
  cnd <- caught(musl_load(write_raw(files$table)))
  expect_no_match(conditionMessage(cnd), "7[0-9]{17}")
})

test_that("what the R side of a file says is not believed", {
  good <- model_bytes()
  path <- withr::local_tempfile()
  parts <- cpp_read_archive(write_raw(good), part_prefixes)
  record <- rawToChar(cpp_model_record(parts[[4]]))
  edited <- function(edit) {
    cpp_model_file(parts[1], charToRaw(edit(record)))
  }
  texts <- list(
    "nothing" = function(x) "", "null" = function(x) "null",
    "an array" = function(x) "[]", "no object" = function(x) "1",
    "cut off" = function(x) substr(x, 1, nchar(x) / 2),
    "no slot" = function(x) "{}",
    "R code" = function(x) {
      "{\"genes\":{\"type\":\"language\",\"value\":\"q()\"}}"
    },
    "a closure" = function(x) gsub("\"character\"", "\"closure\"", x),
    "other types" = function(x) gsub("\"double\"", "\"integer\"", x),
    "a foreign class" = function(x) gsub("tbl_df", "evil", x),
    "names of fields" = function(x) gsub("\"value\"", "\"val\"", x),
    "deep" = function(x) paste0(strrep("[", 1e5), strrep("]", 1e5))
  )
  for (name in names(texts)) {
    expect_identical(not_a_model(edited(texts[[name]]), path), "", label = name)
  }
})
