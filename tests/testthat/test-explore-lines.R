# A user's own cell lines in the explorer: what is chosen orders lists as it
# does in R, what is no such file is met with a sentence.

# As a browser sends files: under names of its own, beside the user's.
sent <- function(...) {
  files <- c(...)
  folder <- new_tempfile()
  dir.create(folder)
  datapath <- file.path(folder, paste0(seq_along(files) - 1, ".csv"))
  file.copy(files, datapath)
  data.frame(
    name = basename(files), size = file.size(files), type = "text/csv",
    datapath = datapath
  )
}

written_text <- function(name, ..., env = parent.frame()) {
  file <- file.path(withr::local_tempdir(.local_envir = env), name)
  writeLines(as.character(c(...)), file)
  file
}

test_that("a written table orders lists as the table does", {
  table <- own_world()$table
  file <- withr::local_tempfile(fileext = ".csv")
  write_table(table, file)
  files <- sent(file)
  own <- uploaded_lines(files)
  expect_false(any(file.exists(files$datapath)))
  said <- own_dependency(own, "ARID1A", NULL)
  list_by <- function(dependency) {
    musl_partners(
      musl_human_model(), "ARID1A", n = Inf,
      candidates = c("ARID1B", "PARP1", "STAG2"), dependency = dependency
    )
  }
  expect_equal(
    as.data.frame(list_by(said$dependency)), as.data.frame(list_by(table))
  )
  # It was read as numbers, and makes ARID1B the first row.
  expect_type(said$dependency$fdr, "double")
  expect_match(list_by(said$dependency)$why[[1]], "^needed more in 10 lines")
  expect_identical(read_words(own), "A table of ARID1A orders their lists.")
  # A gene that it does not have keeps the model's list, and is told.
  other <- own_dependency(own, "KRAS", NULL)
  expect_null(other$dependency)
  expect_identical(other$note, paste(
    "The table of own cell lines does not have KRAS (it has ARID1A): the list",
    "is the model's own"
  ))
})

test_that("files of DepMap are compared by what they have", {
  world <- own_world()
  own <- suppressMessages(uploaded_lines(sent(world$files)))
  expect_identical(own$losses, c("damaging", "expression"))
  expect_identical(
    read_words(own), "50 cell lines and 60 genes are compared for each list."
  )
  expect_equal(
    as.data.frame(own_dependency(own, "ARID1A", "damaging")$dependency),
    as.data.frame(world$table)
  )
  # In any order, from R, and as an experiment.
  for (given in list(rev(world$files), world$x)) {
    expect_identical(suppressMessages(own_lines(given))$losses, own$losses)
  }
  expect_identical(own_lines(world$table)$table, world$table)
  expect_null(own_lines(NULL))
  # No line that lost it: a sentence of the page.
  note <- own_dependency(own, "NOGENE", "damaging")$note
  expect_match(note, "^The gene must be genes? of the files")
  expect_no_match(note, "`|\n")
})

test_that("files that are none of these are met with a sentence", {
  met <- function(..., class = "musl_error") {
    cnd <- expect_error(
      suppressMessages(uploaded_lines(sent(...))), class = class
    )
    text <- page_words(cnd)
    # No argument of R, no folder of the server, no line break.
    expect_no_match(text, "`(path|dependency|lines|x)`|file[0-9a-f]{6}|\n")
    text
  }
  expect_identical(
    met(written_text("own.csv", "a,b", "1,2"), class = "musl_error_input"),
    paste(
      "The table must have the columns anchor, partner, difference, and fdr.",
      "It lacks anchor, partner, difference, and fdr; its columns are a and b."
    )
  )
  effect <- written_text("CRISPRGeneEffect.csv", "a,b", "1,2")
  expect_match(
    met(effect, class = "musl_error_format"),
    "^File \"CRISPRGeneEffect.csv\", line 2: can't be read. \"1\" is no model"
  )
  empty <- written_text("Empty_CRISPRGeneEffect.csv")
  expect_match(
    met(empty, class = "musl_error_format"), "It is empty.", fixed = TRUE
  )
  binary <- written_text("OmicsExpression.csv")
  writeBin(as.raw(c(65, 0, 0, 255)), binary)
  expect_match(met(binary), "zero byte, so it is not text", fixed = TRUE)
  # Effects alone do not tell who lost a gene.
  world <- own_world()
  alone <- met(world$files[[1]], class = "musl_error_input")
  expect_match(alone, "must have what tells which lines lost a gene")
  expect_match(alone, "OmicsSomaticMutationsMatrixDamaging.csv", fixed = TRUE)
  expect_match(
    met(world$files[[1]], written_text("notes.csv", "a,b")),
    "must have the names that DepMap gives them. \"notes.csv\" has another."
  )
  expect_match(
    met(world$files[[3]], world$files[[2]]),
    "^The files must have the effects of knock-outs. Found \"expression\""
  )
  expect_input_error(musl_explore(explored_fit(), lines = 1))
  expect_input_error(own_lines(own_world()$files[[1]]))
})

test_that("files beyond the limit are refused, and told how to be read", {
  expect_identical(upload_limit(), 1e9)
  # A file of DepMap's effects has some 400 MB.
  expect_silent(check_upload("CRISPRGeneEffect.csv", 420e6))
  cnd <- expect_input_error(check_upload("CRISPRGeneEffect.csv", 1200e6))
  expect_identical(page_words(cnd), paste(
    "A file must have at most 1000 MB. 'CRISPRGeneEffect.csv' has 1,200 MB. R",
    "reads larger ones from its own disk:",
    "`musl_explore(lines = \"CRISPRGeneEffect.csv\")`."
  ))
  withr::local_options(MuSL.explore_hosts = "musl.example.org")
  expect_identical(upload_limit(), 20e6)
  withr::local_options(MuSL.explore_upload = 50)
  expect_identical(upload_limit(), 50e6)
  withr::local_options(MuSL.explore_upload = "much")
  expect_input_error(upload_limit())
})

test_that("a session takes files, says what it read, and lets them go", {
  skip_if_not_installed("shiny")
  world <- own_world()
  explorer <- new_explorer(musl_human_model(), NULL)
  plain <- musl_partners(musl_human_model(), "ARID1A", n = 20)
  shiny::testServer(function(input, output, session) {
    explore_session(explorer, input, output, session)
  }, {
    session$setInputs(
      tab = "partners", n = "20", by = "auto", known = "mark", ask = "pairs",
      genes = "", ask_genes = 0, gene = "ARID1A"
    )
    why <- function() utils::read.csv(output[["partners-csv"]])$why
    expect_identical(why(), plain$why)
    expect_match(page_text(output$own_lines$html), "CRISPRGeneEffect.csv")
    session$setInputs(own = sent(world$files))
    expect_match(page_text(output$own_lines$html), "50 cell lines and 60 genes")
    expect_match(page_text(output$own_lines$html), "What counts as loss")
    expect_match(why()[[1]], "^needed more in 10 lines that lost ARID1A: ")
    # What is no file of these leaves the list as it was without.
    session$setInputs(own = sent(written_text("own.csv", "a,b", "1,2")))
    expect_match(page_text(output$own_lines$html), "It lacks anchor")
    expect_match(page_text(output$own_lines$html), "role=\"alert\"")
    expect_identical(why(), plain$why)
    session$setInputs(own = sent(world$files))
    session$setInputs(gene = "STAG2")
    expect_match(page_text(output$partners_page$html), "STAG2")
    expect_match(page_text(output$partners_page$html), "must be genes? of the")
    session$setInputs(without_own = 1, gene = "ARID1A")
    expect_identical(why(), plain$why)
    session$setInputs(too_large = list("big.csv", "2e9"))
    expect_match(page_text(output$own_lines$html), "at most 1000 MB")
  })
})
