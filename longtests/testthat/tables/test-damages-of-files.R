# Every damage of a file, for the readers that the short tests leave out.

more_files <- list(
  expression = list(read_expression, c("gene,s1,s2", "A,1,2", "B,3,4")),
  nodes = list(
    function(path) musl_nodes(path), c(">a", "MKVLLA", ">b", "ACDEFG")
  ),
  paralogs = list(
    function(path) musl_paralogs(path, aligner = "pairwise"),
    c(">a", "MKVLLA", ">b", "ACDEFG")
  ),
  evidence = list(
    function(path) musl_evidence(proteins = path),
    c(">a", "MKVLLA", ">b", "ACDEFG")
  )
)

test_that("damaged files of expression and proteins are refused", {
  for (kind in names(more_files)) {
    if (kind == "paralogs" && !has_pairwise()) next
    read <- more_files[[kind]][[1]]
    lines <- more_files[[kind]][[2]]
    expect_null(caught(suppressWarnings(read(write_raw(text_bytes(lines))))))
    cases <- if (kind == "expression") damages else file_damages
    for (case in names(cases)) {
      expect_refused(paste(kind, case, sep = ", "), read, cases[[case]](lines))
    }
  }
})

test_that("what is no model and no file of cells is refused by name", {
  readers <- list(musl_load = musl_load, read_h5ad = read_h5ad)
  lines <- c("gene,s1,s2", "A,1,2", "B,3,4")
  for (reader in names(readers)) {
    for (case in names(file_damages)) {
      expect_refused(paste(reader, case, sep = ", "), readers[[reader]],
        file_damages[[case]](lines), name = "x.bin"
      )
    }
  }
})

test_that("damaged bytes of a model are refused", {
  path <- file.path(withr::local_tempdir(), "whole.musl")
  musl_save(musl_example_model(), path)
  bytes <- read_bytes(path)
  header <- sum(as.integer(bytes[1:4]) * 256^(0:3))
  withr::local_seed(1)
  at <- c(1:24, 8 + sample.int(header, 60), 8 + header + sample.int(
    length(bytes) - header - 8, 60
  ))
  for (place in unique(at)) {
    changed <- bytes
    changed[[place]] <- xor(changed[[place]], as.raw(2^sample(0:7, 1)))
    expect_refused(paste("a model, byte", place), musl_load, changed,
      name = "x.musl"
    )
  }
  for (n in c(1, 7, 8, 9, 100, header, header + 8, length(bytes) - 1)) {
    expect_refused(paste("a model, first bytes", n), musl_load,
      utils::head(bytes, n), name = "x.musl"
    )
  }
  longer <- list(
    "a byte" = as.raw(0), "a line" = charToRaw("\n"), "itself" = bytes
  )
  for (case in names(longer)) {
    expect_refused(paste("a model and", case), musl_load,
      c(bytes, longer[[case]]), name = "x.musl"
    )
  }
})

test_that("objects whose slots were edited are refused by what uses them", {
  skip_without_backend()
  model <- tiny_model()
  data <- tiny_data()
  edited <- function(object, name, value) {
    methods::slot(object, name, check = FALSE) <- value
    object
  }
  slots <- list(
    model = c("bytes", "genes", "n_seen", "prior", "seed", "id_type", "known"),
    data = c("genes", "sources", "network", "embeddings", "pairs", "id_type")
  )
  values <- list(
    "a function" = mean, "an environment" = globalenv(),
    "a factor" = factor("a"),
    "a list of lists" = list(list(1)), "a missing value" = NA, "NaN" = NaN,
    "many texts" = c("b", "a", "b")
  )
  uses <- list(
    model = list(
      predict = function(x) predict(x, data@pairs), musl_genes = musl_genes,
      musl_save = function(x) musl_save(x, tempfile())
    ),
    data = list(
      musl_split = musl_split, musl_negatives = musl_negatives,
      musl_descriptors = musl_descriptors, musl_replication = musl_replication
    )
  )
  objects <- list(model = model, data = data)
  for (kind in names(slots)) {
    for (slot in slots[[kind]]) {
      for (case in names(values)) {
        bad <- edited(objects[[kind]], slot, values[[case]])
        for (use in names(uses[[kind]])) {
          expect_no_object(paste0(use, ": ", slot, " is ", case),
            uses[[kind]][[use]](bad), "input"
          )
        }
      }
    }
  }
})
