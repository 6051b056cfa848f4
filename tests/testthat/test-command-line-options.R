# Options of inst/scripts/musl: how they are read, and named in messages.

test_that("arguments are told as options", {
  words <- script_functions()$shell_words
  expect_identical(
    words("Raise `epochs` in `musl_control()`.", "epochs"), "Raise --epochs."
  )
  expect_identical(
    words("Pass `scale = \"log\"` or `data`.", "scale"),
    "Pass --scale log or `data`."
  )
  expect_identical(
    words("`batch_size` must be", "batch-size"), "--batch-size must be"
  )
  # --network is a file.
  expect_identical(
    words("`network = TRUE` keeps.", "network"), "`network = TRUE` keeps."
  )
})

test_that("plots and tables have names that their formats are known by", {
  convert <- script_functions()$convert_option
  for (name in c("a.png", "a.PDF", "a.svg")) {
    expect_identical(convert(name, "plot", "plot"), name)
  }
  for (name in c("a.xyz", "a", "-")) {
    expect_error(
      convert(name, "plot", "plot"), "must end in .png, .pdf or .svg",
      class = "usage_error", fixed = TRUE
    )
  }
  expect_error(convert("a.xlsx", "out", "out"), "must end in .csv or .tsv",
    class = "usage_error", fixed = TRUE
  )
  skip_if_not(capabilities("cairo"))
  path <- withr::local_tempfile(fileext = ".svg")
  plot <- ggplot2::ggplot(data.frame(x = 1), ggplot2::aes(x, x)) +
    ggplot2::geom_point()
  script_functions()$put_plot(plot, path)
  expect_match(readLines(path), "<svg", all = FALSE)
})

test_that("options without effect are refused", {
  file <- withr::local_tempfile(lines = c("gene_a,gene_b,label", "A,B,1"))
  fit <- c("fit", "--pairs", file, "--network", file, "--out", tempfile())
  refused <- function(words, reason) {
    ran <- call_musl(words)
    expect_identical(ran$status, 2L)
    expect_match(ran$error, reason, fixed = TRUE)
  }
  refused(c(fit, "--samples", file), "--samples needs --expression")
  refused(c(fit, "--gi-lines", "mean"), "--gi-lines needs --gi-screen")
  refused(
    c(fit, "--setting", "query", "--folds", "3"),
    "--setting, --folds have no effect without --fold"
  )
  refused(
    c("evaluate", "--model", file, "--pairs", file, "--negatives", "random"),
    "--negatives has no effect without --fold"
  )
  refused(
    c("embed", "--fasta", file, "--kmers", "1", "--cache", "x"),
    "--cache has no effect without --model"
  )
})

test_that("families of a split are those of --families", {
  file <- withr::local_tempfile(lines = c("gene,family", "A,1", "B,1", "C,2"))
  held <- function(...) {
    options <- structure(list(...), class = "command_options")
    script_functions()$held_families(options)
  }
  expect_identical(
    held(setting = "family", families = file),
    data.frame(gene = c("A", "B", "C"), group = c(1L, 1L, 2L))
  )
  expect_null(held(setting = "random", families = file))
  expect_error(held(setting = "family"), "--setting family needs --families",
    class = "usage_error"
  )
})

known_option <- function(type, default = NULL, required = FALSE,
                         many = FALSE) {
  list(type = type, default = default, required = required, many = many)
}

test_that("types and defaults are those of the functions and of the core", {
  scripts <- script_functions()
  options <- function(name) {
    scripts$command_options(scripts$available_commands()[[name]], name)
  }
  fit <- options("fit")
  of <- function(f, argument) eval(formals(f)[[argument]])
  expect_identical(fit$schedule$type, of(musl_control, "schedule"))
  split <- getS3method("musl_split", "MuslData")
  expect_identical(fit$setting$type, of(split, "setting"))
  expect_identical(fit$epochs$type, "whole")
  expect_identical(fit[["learning-rate"]]$type, "number")
  expect_identical(fit$epochs$shown, formals(musl_control)$epochs)
  range <- cpp_config_fields()$control$epochs$rule
  expect_match(fit$epochs$help, paste(range$low, "to"), all = FALSE)
  fields <- gsub("_", "-", names(formals(musl_architecture)))
  expect_true(all(fields %in% names(fit)))
  method <- getS3method("predict", "MuslModel")
  expect_identical(options("predict")$type$type, of(method, "type"))
  expect_identical(options("partners")$by$type, of(musl_partners, "by"))
  for (name in names(scripts$available_commands())) {
    expect_identical(anyDuplicated(names(options(name))), 0L)
  }
})

test_that("options are read and wrong ones named", {
  scripts <- script_functions()
  known <- list(
    file = known_option("file", many = TRUE),
    n = known_option("whole", default = 5),
    x = known_option("number"),
    kind = known_option(c("a", "b"), default = "a"),
    flag = known_option("flag"),
    name = known_option("text", required = TRUE)
  )
  file <- withr::local_tempfile(lines = "x")
  found <- scripts$parse_options(
    c("--name=a=b", "--file", file, "--x", "0.5", "--flag", "--file", file),
    known
  )
  expect_identical(found$name, "a=b")
  expect_identical(found$file, c(file, file))
  expect_identical(found$n, 5)
  shown <- scripts$parse_options(c("--name", "x", "--kind=B"), known)
  expect_identical(shown$kind, "b")
  expect_identical(found$x, 0.5)
  expect_identical(found$kind, "a")
  expect_true(found$flag)
  refused <- function(words, reason) {
    expect_error(
      scripts$parse_options(c("--name", "x", words), known), reason,
      fixed = TRUE, class = "usage_error"
    )
  }
  refused("--other", "unknown argument '--other'")
  refused("word", "unknown argument 'word'; write a value after its option")
  refused("-z", "unknown argument '-z'")
  refused("--n", "--n needs a value")
  refused(c("--n", "-1"), "--n must be a whole number, not '-1'")
  refused(c("--x", "many"), "--x must be a number, not 'many'")
  refused(c("--kind", "c"), "--kind must be a or b, not 'c'")
  refused("--flag=1", "--flag takes no value")
  refused(c("--file", "/nowhere"), "--file: cannot read '/nowhere'")
  refused(c("--name", "y"), "--name is given twice")
  expect_error(
    scripts$parse_options("--name=", known), "--name is empty",
    class = "usage_error"
  )
  needed <- list(
    a = known_option("text", required = TRUE),
    b = known_option("text", required = TRUE)
  )
  expect_error(
    scripts$parse_options(character(), needed), "--a, --b are needed",
    class = "usage_error"
  )
  refused("--knid=a", "unknown argument '--knid'; did you mean --kind?")
})

test_that("a table is named where it does not tell what it holds", {
  scripts <- script_functions()
  file <- withr::local_tempfile(lines = "x")
  named <- paste0("effect=", file)
  known <- list(depmap = known_option("named", many = TRUE))
  found <- scripts$parse_options(c("--depmap", named, "--depmap", file), known)
  expect_identical(scripts$named_files(found$depmap), c(effect = file, file))
  expect_identical(scripts$named_files(file), file)
  expect_error(
    scripts$parse_options(c("--depmap", "effect=/nowhere"), known),
    "cannot read '/nowhere'",
    class = "usage_error"
  )
})

test_that("contexts are read as columns and their values", {
  scripts <- script_functions()
  read <- function(...) scripts$read_context(list(...))
  expect_null(read())
  expect_identical(
    read(context = c("lineage=Lung", "sex=F", "lineage=a=b"), expression = "x"),
    list(lineage = c("Lung", "a=b"), sex = "F")
  )
  expect_identical(read(context = "RT4"), "RT4") # a cell line
  expect_error(
    read(context = c("Lung", "Skin"), expression = "x"), "COLUMN=VALUE",
    class = "usage_error"
  )
  expect_error(
    read(context = "lineage=Lung"), "needs --expression",
    class = "usage_error"
  )
})

test_that("a command that was interrupted ends in 130", {
  file <- withr::local_tempfile(lines = "x")
  out <- withr::local_tempfile(fileext = ".musl")
  scripts <- script_functions()
  scripts$read_inputs <- function(options) NULL
  run_fit <- function(fit) {
    scripts$musl_fit <- fit
    words <- c("fit", "--pairs", file, "--network", file, "--out", out)
    status <- NULL
    told <- testthat::capture_messages(status <- scripts$run_command(words))
    list(status = status, told = paste(told, collapse = ""))
  }
  before <- run_fit(function(...) {
    rlang::abort("Training was interrupted.", "musl_error_cancelled")
  })
  expect_identical(before$status, 130L)
  expect_false(file.exists(out))

  skip_without_backend()
  # After the first epoch musl_fit() gives the best model so far.
  within <- run_fit(function(...) {
    rlang::inform("the best", c("musl_message_cancelled", "musl_message"))
    musl_example_model()
  })
  expect_identical(within$status, 130L)
  expect_match(within$told, "has the model so far", fixed = TRUE)
  expect_s4_class(musl_load(out), "MuslModel")
  whole <- run_fit(function(...) musl_example_model())
  expect_identical(whole$status, 0L)
})

test_that("partners come from a model or from an atlas", {
  both <- call_musl(
    "partners", "SIM001", "--model", package_file("example-model.musl"),
    "--atlas", tempdir()
  )
  expect_identical(both$status, 2L)
  expect_match(both$error, "give --model or --atlas, not both", fixed = TRUE)
  skip_without_backend()
  skip_if_not_installed("HDF5Array")
  path <- withr::local_tempdir()
  atlas <- musl_atlas(
    tiny_model(), file.path(path, "atlas"),
    genes = tiny_model()@genes[1:6], progress = FALSE
  )
  out <- file.path(path, "partners.csv")
  anchor <- tiny_model()@genes[[1]]
  ran <- call_musl(
    "partners", "--atlas", file.path(path, "atlas"), "--anchor", anchor,
    "--n", "3", "--out", out
  )
  expect_identical(ran$status, 0L)
  expect_identical(
    utils::read.csv(out)$partner, musl_partners(atlas, anchor, n = 3)$partner
  )
})

test_that("what is no table does not go to the standard output", {
  table <- withr::local_tempfile(lines = c("gene_a,gene_b,.score", "A,B,1"))
  folder <- withr::local_tempdir()
  withr::local_dir(folder)
  model <- withr::local_tempfile(lines = "x")
  commands <- list(
    c("fit", "--pairs", table, "--network", table),
    c("report", "--model", model), c("convert", "--predictions", table)
  )
  for (words in commands) {
    for (out in c("-", "/dev/stdout")) {
      ran <- call_musl(words, "--out", out)
      expect_identical(ran$status, 2L)
      expect_match(ran$error, "--out must be a file", fixed = TRUE)
    }
  }
  expect_length(list.files(folder, all.files = TRUE, no.. = TRUE), 0)
  scripts <- script_functions()
  expect_identical(scripts$convert_option("/dev/stdout", "out", "out"), "-")
})

test_that("one table goes to the standard output", {
  table <- withr::local_tempfile(lines = c("gene,x", "A,1"))
  words <- c(
    "compare", "--screen", table, "--predictions", table, "--joint", "-"
  )
  ran <- call_musl(words)
  expect_identical(ran$status, 2L)
  expect_match(ran$error, "--joint and --out can't both be", fixed = TRUE)
  ran <- call_musl(words, "--out", withr::local_tempfile(fileext = ".csv"))
  expect_no_match(ran$error, "can't both be")
})

test_that("without a locale names of genes keep their letters", {
  skip_on_cran()
  fit <- withr::local_tempfile()
  musl_save(musl_example_model(), fit)
  withr::local_envvar(LC_ALL = "C")
  ran <- run_musl("partners", "--model", fit, "--anchor", "\u00c4RGER1")
  expect_identical(ran$out, character())
  expect_identical(ran$status, 1L)
  expect_match(ran$error, "\u00c4RGER1", fixed = TRUE)
})

test_that("a terminal shows three digits, --format tsv and pipes all", {
  functions <- script_functions()
  table <- data.frame(gene = "A", x = 0.123456789, n = 12345L)
  expect_identical(
    functions$three_digits(table),
    data.frame(gene = "A", x = 0.123, n = 12345L)
  )
  printed <- function(format, terminal) {
    functions$isatty <- function(con) terminal
    utils::capture.output(functions$put_table(table, "-", format))[[2]]
  }
  expect_identical(printed("table", TRUE), "A\t0.123\t12345")
  expect_identical(printed("tsv", TRUE), "A\t0.123456789\t12345")
  expect_identical(printed("table", FALSE), "A\t0.123456789\t12345")
  help <- call_musl("partners", "--help")$out
  expect_match(help, "--format table|tsv|json", fixed = TRUE, all = FALSE)
})
