# What the shell tools say when something is wrong. They run nothing here.

run_tool <- function(words, env = character()) {
  env <- c(env, paste0("R_HOME=", R.home()))
  withr::local_dir(source_root())
  out <- suppressWarnings(
    system2("sh", words, stdout = TRUE, stderr = TRUE, env = env)
  )
  status <- attr(out, "status")
  list(
    status = if (is.null(status)) 0L else status,
    text = paste(out, collapse = "\n")
  )
}

skip_without_tools <- function() {
  skip_without_sources()
  skip_if_not(
    file.exists(file.path(source_root(), "tools", "quickstart")),
    "the tools are not in the built package"
  )
}

test_that("configure names the directory that holds no LibTorch", {
  skip_without_sources()
  ran <- run_tool("configure", "LIBTORCH_HOME=/nowhere")
  expect_identical(ran$status, 1L)
  expect_match(ran$text, "LIBTORCH_HOME=/nowhere holds no LibTorch")
})

test_that("configure refuses a LibTorch that is too old and tells the remedy", {
  skip_without_sources()
  home <- withr::local_tempdir()
  header <- file.path(home, "include/torch/csrc/api/include/torch/version.h")
  dir.create(dirname(header), recursive = TRUE)
  dir.create(file.path(home, "lib"))
  writeLines(
    paste("#define", c("TORCH_VERSION_MAJOR 1", "TORCH_VERSION_MINOR 8")),
    header
  )
  file.create(file.path(home, "lib", "libtorch_cpu.so"))
  ran <- run_tool("configure", paste0("LIBTORCH_HOME=", home))
  expect_identical(ran$status, 1L)
  expect_match(ran$text, "LibTorch 1.8 in .* is too old: 1.13 or newer")
})

test_that("the quickstart answers bad arguments with status 2 and the reason", {
  skip_without_tools()
  expect_bad <- function(words, reason) {
    ran <- run_tool(c("tools/quickstart", words))
    expect_identical(ran$status, 2L)
    expect_match(ran$text, reason, fixed = TRUE)
  }
  expect_bad("--genes", "unknown argument '--genes'")
  expect_bad("--seed", "--seed needs a value")
  expect_bad(c("--seed", "one"), "--seed must be a whole number")
  expect_bad(c("--scale", "sqrt"), "--scale must be log or linear, not 'sqrt'")
  expect_bad(c("--pairs", "/nowhere"), "cannot read the file '/nowhere'")
  expect_bad(c("--pairs", "DESCRIPTION"), "your own files need")
  expect_bad(
    c("--network", "DESCRIPTION", "--anchor", "A"), "your own files need"
  )
})

test_that("the tools show their usage", {
  skip_without_tools()
  tools <- c("setup", "quickstart", "check", "document", "sanitize", "size")
  for (tool in tools) {
    ran <- run_tool(c(file.path("tools", tool), "--help"))
    expect_identical(ran$status, 0L)
    expect_match(ran$text, paste0("^tools/", tool))
  }
})

test_that("the tools refuse arguments they do not know", {
  skip_without_tools()
  for (tool in c("setup", "check", "document", "sanitize")) {
    ran <- run_tool(c(file.path("tools", tool), "--unknown"))
    expect_identical(ran$status, 2L)
    expect_match(ran$text, "unknown argument '--unknown'", fixed = TRUE)
  }
})

test_that("tools/setup installs every package that DESCRIPTION names", {
  skip_without_tools()
  fields <- read.dcf(
    file.path(source_root(), "DESCRIPTION"),
    c("Imports", "LinkingTo", "Suggests")
  )
  needed <- trimws(sub("\\(.*", "", unlist(strsplit(fields, ","))))
  base <- c("methods", "parallel", "stats", "tools", "utils")
  setup <- readLines(file.path(source_root(), "tools", "setup"))
  words <- unlist(strsplit(setup, "[^a-z0-9.-]+"))
  prefix <- "^r-(cran|bioc)-"
  offered <- sub(prefix, "", grep(prefix, words, value = TRUE))
  missing <- setdiff(tolower(setdiff(needed, base)), offered)
  expect_identical(missing, character())
})

test_that("a file compiled with -ffast-math still knows missing values", {
  skip_without_sources()
  dir <- withr::local_tempdir()
  writeLines(c(
    "#include \"base/error.h\"", "#include <cmath>",
    "extern \"C\" void tells_nan(double* x) { *x = std::isnan(*x) ? 1 : 0; }"
  ), file.path(dir, "nan.cpp"))
  # As Makevars orders them: R's and the user's flags before ours.
  makevars <- readLines(file.path(source_root(), "src", "Makevars.in"))
  exact <- makevars[grep("^EXACT =", makevars) + 0:1]
  expect_match(makevars, "^OPTIMISE = .*@ [$][(]EXACT[)]$", all = FALSE)
  expect_match(makevars, "^GLUE_COMPILE = .*[$][(]EXACT[)]$", all = FALSE)
  exact <- trimws(gsub("^EXACT =|[\\]$", "", exact))
  compiler <- system2(
    file.path(R.home("bin"), "R"), c("CMD", "config", "CXX17"), stdout = TRUE
  )
  compile <- function(...) {
    library <- file.path(dir, "nan.so")
    include <- file.path(source_root(), "src", "core")
    out <- suppressWarnings(system2("sh", c("-c", shQuote(paste(
      compiler, "-shared -fPIC", paste("-I", shQuote(include), sep = ""), ...,
      shQuote(file.path(dir, "nan.cpp")), "-o", shQuote(library)
    ))), stdout = TRUE, stderr = TRUE))
    list(library = library, failed = !is.null(attr(out, "status")), text = out)
  }
  hostile <- c("-Ofast -ffinite-math-only", "-O3 -ffast-math")
  for (flags in hostile) {
    refused <- compile(flags)
    expect_true(refused$failed)
    expect_match(refused$text, "MuSL needs NaN", all = FALSE)
    made <- compile(flags, paste(exact, collapse = " "))
    expect_false(made$failed)
    loaded <- dyn.load(made$library)
    told <- .C(getNativeSymbolInfo("tells_nan", loaded), x = NaN, NAOK = TRUE)
    dyn.unload(made$library)
    expect_identical(told$x, 1)
  }
})

test_that("configure names libraries as the linker of the system does", {
  skip_without_tools()
  dir <- withr::local_tempdir()
  system2("cp", c("-R", shQuote(file.path(
    source_root(), c("configure", "tools", "src", "DESCRIPTION")
  )), shQuote(dir)))
  withr::local_dir(dir)
  program <- file.path(dir, "uname")
  # Lines of Makevars on a system of that name.
  flags_on <- function(system) {
    writeLines(c("#!/bin/sh", paste("echo", system)), program)
    Sys.chmod(program)
    path <- paste0("PATH=", shQuote(dir), ":$PATH")
    env <- c(path, "MUSL_TORCH=no", paste0("R_HOME=", R.home()))
    ran <- system2("env", c(env, "sh configure"), stdout = NULL, stderr = NULL)
    expect_identical(ran, 0L)
    readLines("src/Makevars")
  }
  mac <- flags_on("Darwin")
  expect_match(mac, "^PKG_LIBS = -Wl,-install_name,@rpath/MuSL", all = FALSE)
  expect_match(mac, "'-Wl,-rpath,@loader_path'", fixed = TRUE, all = FALSE)
  expect_false(any(grepl("soname|ORIGIN|as-needed|allow-shlib", mac)))
  linux <- flags_on("Linux")
  expect_match(linux, "^PKG_LIBS = -Wl,-soname,MuSL", all = FALSE)
  expect_match(linux, "'-Wl,-rpath,$$ORIGIN'", fixed = TRUE, all = FALSE)
})
