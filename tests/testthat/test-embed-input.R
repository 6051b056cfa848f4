# What musl_embed_proteins() and musl_embed_kmers() refuse, and how they say it.

expect_refused <- function(expr, class, text) {
  cnd <- expect_error(expr, class = paste0("musl_error_", class))
  expect_match(
    cli::ansi_strip(conditionMessage(cnd)), text,
    fixed = TRUE, all = FALSE
  )
  cnd
}

fasta_file <- function(..., .local_envir = parent.frame()) {
  file <- withr::local_tempfile(.local_envir = .local_envir)
  content <- paste0(..., collapse = "")
  writeBin(charToRaw(content), file)
  file
}

test_that("proteins must be there, named, once, and have sequences", {
  refused <- function(x, text) {
    expect_refused(musl_embed_kmers(x), "input", text)
  }
  refused(c("MKV", "MKL"), "must name its proteins")
  refused(c(a = "MKV", "MKL"), "without a name: number 2")
  refused(c(a = "MKV", a = "MKL"), "occurs more than once: \"a\"")
  refused(c("a 1" = "MKV", "a 2" = "MKL"), "occurs more than once: \"a\"")
  refused(character(), "at least one protein")
  refused(c(a = "MKV", b = ""), "must not be empty; \"b\" is")
  refused(c(a = "*"), "must not be empty; \"a\" is")
  refused(c(a = NA_character_), "must not hold missing sequences")
  refused(list(a = "MKV"), "must be an <AAStringSet>")
  refused("/nowhere/proteins.fasta", "There is no")
})

test_that("what is no residue is named with its place", {
  refused <- function(x, text) {
    expect_refused(musl_embed_kmers(x), "input", text)
  }
  refused(c(ok = "MKV", bad = "MK1V"), "\"bad\" has `1` at place 3")
  refused(c(bad = "MK V"), "a blank or foreign byte at place 3")
  refused(c(bad = "MK\u00e9"), "a blank or foreign byte at place 3")
})

test_that("FASTA files with comments, CR LF, a mark and blanks are read", {
  plain <- musl_embed_kmers(c(a = "MKVLL", b = "AAAA"), k = 1)
  file <- fasta_file(
    "\ufeff>a first protein\r\nMK V\r\nLL\r\n\r\n;comment\r\n>b\r\nAAAA"
  )
  expect_identical(musl_embed_kmers(file, k = 1), plain)
})

test_that("files that are no FASTA are refused with the line", {
  refused <- function(content, text) {
    expect_refused(musl_embed_kmers(fasta_file(content)), "format", text)
  }
  refused("", "It is empty")
  refused("\n;nothing\n", "at least one protein")
  refused("MKV\n>a\nMKV\n", "line 1: can't be read.\nx A sequence comes before")
  refused("\n<!DOCTYPE html>\n", "It is a web page")
  refused(">a\nMKV\n>\nMKV\n", "read.\nx A line \">\" has no name")
  refused(">a\nMKV\n>b\n>c\nMKV\n", "line 3: can't be read.\nx \"b\" has no")
  refused(">a\nMKV\n>b more\n", "line 3: can't be read.\nx \"b more\" has")
  file <- withr::local_tempfile()
  writeBin(as.raw(c(0xff, 0xfe, 0x3e, 0, 0x61, 0, 0x0a, 0)), file)
  expect_refused(musl_embed_kmers(file), "format", "has no sequence")
})

test_that("a gzip file that ends too early is refused", {
  withr::local_seed(1)
  whole <- withr::local_tempfile()
  connection <- gzfile(whole, "w")
  writeLines(c(">a", random_protein(50000)), connection)
  close(connection)
  bytes <- readBin(whole, "raw", file.size(whole))
  cut <- withr::local_tempfile()
  writeBin(utils::head(bytes, length(bytes) / 2), cut)
  expect_refused(musl_embed_kmers(cut), "format", "It is truncated")
})

test_that("genes must fit the proteins", {
  x <- c(a = "MKV", b = "MKL")
  expect_error(musl_embed_kmers(x, genes = "A"), class = "musl_error_shape")
  expect_input_error(musl_embed_kmers(x, genes = 1:2))
  expect_input_error(musl_embed_kmers(x, genes = c(NA, "")))
  expect_warning(
    found <- musl_embed_kmers(x, genes = c(b = "B")),
    class = "musl_warning_dropped_genes"
  )
  expect_identical(rownames(found), "B")
})

test_that("options out of range are refused", {
  model <- tiny_esm2()
  x <- c(a = "MKV")
  refused <- function(...) {
    expect_input_error(embed_tiny(x, model, ...))
  }
  refused(precision = "float16")
  refused(device = "tpu")
  refused(threads = -1)
  refused(windows = 5)
  expect_error(
    musl_embed_proteins(x, model$dir, device = "cuda:99"),
    class = "musl_error_device"
  )
})

edit_config <- function(model, ...) {
  write_esm2(
    model$dir, utils::modifyList(model$config, list(...)), model$weights
  )
}

test_that("folders of other models are refused by what they say", {
  model <- tiny_esm2()
  refused <- function(text, ...) {
    edit_config(model, ...)
    expect_refused(embed_tiny(c(a = "MKV"), model), "format", text)
  }
  refused("`model_type` must be \"esm\", not \"bert\"", model_type = "bert")
  refused(
    "`position_embedding_type` must be \"rotary\"",
    position_embedding_type = "absolute"
  )
  refused("it is ESMFold", is_folding_model = TRUE)
  refused("`hidden_act` must be \"gelu\"", hidden_act = "relu")
  refused("`hidden_size` must be a whole number", hidden_size = "8")
  refused("promises 34 tokens, it has 33", vocab_size = 34L)
})

test_that("missing and damaged files of a folder are named", {
  refused <- function(text, damage) {
    model <- tiny_esm2()
    damage(model$dir)
    expect_refused(embed_tiny(c(a = "MKV"), model), "format", text)
  }
  drop <- function(name) function(dir) unlink(file.path(dir, name))
  put <- function(name, ...) {
    function(dir) writeLines(c(...), file.path(dir, name))
  }
  refused("must hold `config.json`", drop("config.json"))
  refused("must hold `vocab.txt`", drop("vocab.txt"))
  refused("must hold `model.safetensors`", drop("model.safetensors"))
  refused("is a pickle", function(dir) {
    drop("model.safetensors")(dir)
    put("pytorch_model.bin", "x")(dir)
  })
  refused("must be a JSON object", put("config.json", "<html>"))
  refused("each token once; \"L\"", put(
    "vocab.txt", replace(esm2_vocabulary, 6, "L")
  ))
  expect_refused(
    musl_embed_proteins(c(a = "MKV"), "/nowhere"), "format", "is none"
  )
})

test_that("shards must be files of the folder", {
  refused <- function(text, map) {
    model <- tiny_esm2(shards = TRUE)
    jsonlite::write_json(
      map, file.path(model$dir, "model.safetensors.index.json"),
      auto_unbox = TRUE
    )
    expect_refused(embed_tiny(c(a = "MKV"), model), "format", text)
  }
  refused("must have a `weight_map`", list(a = 1))
  refused("must name a file of the folder", list(
    weight_map = list(x = "../a.safetensors")
  ))
  refused("must hold `c.safetensors`, which its index names", list(
    weight_map = list(x = "c.safetensors")
  ))
})

test_that("tensors must be there, of their shape, of a float type, finite", {
  refused <- function(text, change) {
    model <- tiny_esm2()
    write_esm2(model$dir, model$config, change(model$weights))
    expect_refused(embed_tiny(c(a = "MKV"), model), "format", text)
  }
  name <- "esm.encoder.layer.1.output.dense.weight"
  refused(paste0("must hold the tensor `", name), function(w) {
    w[setdiff(names(w), name)]
  })
  refused("the shape (8, 12) that config.json says, not (12, 8)", function(w) {
    w[[name]] <- t(w[[name]])
    w
  })
  refused("must hold finite values", function(w) {
    w[[name]][2, 2] <- NaN
    w
  })
})
