# A model file is refused by name, whatever byte of it is changed, lost or
# forged. The archive's format itself is tested in tests/cpp/test_archive.cpp.

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
  cnd <- tryCatch(
    cpp_read_archive(path, part_prefixes),
    error = identity
  )
  inherits(cnd, "musl::FormatError")
}

# `edit(i)` gives the i-th damaged file; the first `n_told` go by musl_load().
expect_each_refused <- function(n, edit, n_told = 20) {
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

test_that("1,000 changed bytes of the payload are refused", {
  bytes <- model_bytes()
  start <- 8 + header_length(bytes)
  withr::local_seed(20)
  places <- sample(seq(start + 1, length(bytes)), 1000)
  expect_each_refused(1000, changed_bytes(bytes, places))
})

test_that("changed bytes of the header are refused", {
  bytes <- model_bytes()
  withr::local_seed(21)
  places <- c(1:100, sample(seq(101, 8 + header_length(bytes)), 400))
  expect_each_refused(500, changed_bytes(bytes, places), n_told = 60)
})

test_that("200 truncations, and bytes behind the end, are refused", {
  bytes <- model_bytes()
  withr::local_seed(22)
  sizes <- c(0:19, sample(length(bytes) - 1, 180))
  expect_each_refused(200, function(i) utils::head(bytes, sizes[[i]]))
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

test_that("forged headers under a right checksum are refused", {
  small <- withr::local_tempfile()
  musl_save(tiny_model(), small, keep = "none")
  good <- read_bytes(small)
  n <- header_length(good)
  header <- rawToChar(good[8 + seq_len(n)])
  data <- good[-seq_len(8 + n)]
  # The sum made here is that of the core.
  expect_identical(with_header(header, data), good)
  path <- withr::local_tempfile()
  entry <- "\"[a-z0-9_./]+\":\\{\"data_offsets\":\\[0[^}]*\\}"
  edits <- list(
    "a tensor twice" = function(x) {
      sub("^\\{", paste0("{", regmatches(x, regexpr(entry, x)), ","), x)
    },
    "a tensor lacking" = function(x) sub(paste0(entry, ","), "", x),
    "another type" = function(x) sub("\"F32\"", "\"I32\"", x),
    "an unknown type" = function(x) sub("\"F32\"", "\"F31\"", x),
    "a shape that is larger" = function(x) {
      sub("\"shape\":\\[([0-9]+)", "\"shape\":[9\\1", x)
    },
    "a shape that is negative" = function(x) {
      sub("\"shape\":\\[([0-9]+)", "\"shape\":[-\\1", x)
    },
    "a shape of text" = function(x) {
      sub("\"shape\":\\[([0-9]+)", "\"shape\":[\"\\1\"", x)
    },
    "offsets beyond the file" = function(x) {
      sub("\"data_offsets\":\\[0,", "\"data_offsets\":[0,9", x)
    },
    "another format" = function(x) sub("\"musl\"", "\"mous\"", x),
    "a newer version" = function(x) {
      sub("\"format_version\":\"[0-9]+\"", "\"format_version\":\"99\"", x)
    },
    "no JSON" = function(x) sub("\"shape\"", "\"shape", x, fixed = TRUE)
  )
  for (name in names(edits)) {
    changed <- edits[[name]](header)
    expect_false(identical(changed, header), label = name)
    expect_identical(not_a_model(with_header(changed, data), path), "",
      label = name
    )
  }
})

test_that("a forged size of a packed tensor is refused before there is room", {
  good <- model_bytes()
  n <- header_length(good)
  header <- rawToChar(good[8 + seq_len(n)])
  data <- good[-seq_len(8 + n)]
  packed <- "head.linear1.weight[|]coded[|]F32[|]64,128,"
  expect_match(header, packed)
  path <- withr::local_tempfile()
  name <- "head.linear1.weight"
  for (forged in c(
    paste0(name, "|coded|F32|", c(
      "64,129,", "64,127,", "128,64,", "64,-128,", "", "7000000000,6000000000,"
    )),
    paste0(name, "|coded|F16|64,128,"), paste0(name, "|coded|U9|64,128,"),
    paste0(name, "|deflate|F32|64,128,"), name, "scales|coded|F32|64,128,"
  )) {
    changed <- with_header(sub(packed, forged, header), data)
    expect_identical(not_a_model(changed, path), "", label = forged)
  }
})
