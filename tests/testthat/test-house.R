# Who may include or call whom; CONTRIBUTING.md draws the picture.

# A named character vector: the text of each file below `src` whose path, from
# there, matches `pattern`.
cpp_files <- function(pattern) {
  src <- file.path(source_root(), "src")
  files <- grep(pattern, list.files(src, recursive = TRUE), value = TRUE)
  files <- grep("^joined/", files, invert = TRUE, value = TRUE) # configure's
  files <- grep("[.](h|cpp)$", files, value = TRUE) # objects may lie there
  lines <- lapply(file.path(src, files), readLines, warn = FALSE)
  stats::setNames(lines, files)
}

r_files <- function() {
  dir <- file.path(source_root(), "R")
  files <- setdiff(list.files(dir, pattern = "[.]R$"), "RcppExports.R")
  lines <- lapply(file.path(dir, files), readLines, warn = FALSE)
  # Comments may speak of what code may not do.
  stats::setNames(lapply(lines, sub, pattern = "#.*", replacement = ""), files)
}

# "file: line" for each line of the files that matches.
offences <- function(files, pattern) {
  found <- lapply(files, grep, pattern = pattern, value = TRUE, perl = TRUE)
  paste0(
    rep(names(found), lengths(found)), ": ", unlist(found),
    recycle0 = TRUE
  )
}

includes_of <- function(files) {
  pattern <- "^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*"
  found <- lapply(files, function(lines) {
    sub(pattern, "\\1", grep(pattern, lines, value = TRUE))
  })
  data.frame(
    file = rep(as.character(names(found)), lengths(found)),
    header = as.character(unlist(found))
  )
}

none <- character()
torch_header <- "^(torch|ATen|c10|caffe2)/"
r_header <- "^(R|Rinternals|Rmath|Rdefines|Rcpp[A-Za-z]*)[.]h$|^(R_ext|Rcpp)/"

test_that("the core includes neither R nor Rcpp", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/"))
  expect_gt(nrow(uses), 0)
  expect_identical(uses$file[grepl(r_header, uses$header)], none)
})

test_that("LibTorch is included in core/nn alone", {
  skip_without_sources()
  uses <- includes_of(cpp_files("[.](h|cpp)$"))
  outside <- !startsWith(uses$file, "core/nn/")
  leaks <- outside & grepl(paste0(torch_header, "|^nn/"), uses$header)
  expect_identical(uses$file[leaks], none)
})

# The rooms of the core, and those that each may look into beside itself.
core_rooms <- list(
  base = none,
  expression = "base",
  graph = "base",
  protein = c("base", "io"),
  io = "base",
  store = c("base", "expression", "graph", "protein", "io"),
  data = c("base", "store", "expression", "graph", "protein", "io"),
  judge = c("base", "store", "expression", "graph", "protein", "io", "data"),
  dependency = c("base", "store", "data", "judge"),
  features = c(
    "base", "store", "expression", "graph", "protein", "io", "data", "judge"
  ),
  learners = c("base", "store", "protein", "io", "data", "judge", "features"),
  atlas = c("base", "store", "expression", "graph", "io", "data"),
  muse = c("base", "store", "protein", "io", "data", "judge", "learners"),
  model = c(
    "base", "store", "expression", "graph", "protein", "io", "data", "judge",
    "features", "learners", "atlas", "muse"
  )
)
nn_rooms <- list(
  base = none,
  encoders = "base",
  embed = "base",
  inputs = "base",
  nets = c("base", "encoders"),
  infer = c("base", "inputs", "nets"),
  learn = c("base", "encoders", "inputs", "nets", "infer"),
  muse = c("base", "encoders", "inputs", "nets", "infer", "learn"),
  train = c("base", "learn"),
  model = c("base", "encoders", "inputs", "nets", "infer", "learn", "muse",
    "train", "embed")
)

# The room that a path below src/core lies in.
room_of <- function(path) sub("/.*", "", path)

test_that("headers of the core include the standard library, Eigen, JSON", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/.*[.]h$"))
  uses <- uses[!startsWith(uses$file, "core/nn/"), ]
  ours <- room_of(uses$header) %in% names(core_rooms)
  foreign <- !ours & !grepl("^(Eigen/|nlohmann/|[a-z_]+$)", uses$header)
  found <- paste(uses$file, uses$header)[foreign]
  expect_identical(found, "core/io/zlib.h zlib.h")
})

test_that("glue reaches the core through its headers, and none of networks", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^[^/]+[.](h|cpp)$"))
  allowed <- grepl(
    paste0(r_header, "|^r_[a-z_]+[.]h$|^[a-z_]+$|^Eigen/"), uses$header
  )
  ours <- room_of(uses$header) %in% names(core_rooms)
  expect_identical(uses$header[!allowed & !ours], none)
})

test_that("the rooms of the core look into those before them alone", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/"))
  uses$file <- sub("^core/", "", uses$file)
  uses <- uses[room_of(uses$header) %in% names(core_rooms), ]
  from <- room_of(uses$file)
  to <- room_of(uses$header)
  expect_false(anyNA(c(from, to)))
  may <- from == to | from == "nn" |
    mapply(function(a, b) b %in% core_rooms[[a]], from, to)
  expect_identical(paste(uses$file, uses$header)[!may], none)
})

test_that("the rooms of core/nn look into those before them alone", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/nn/"))
  uses <- uses[startsWith(uses$header, "nn/"), ]
  from <- sub("^core/nn/([a-z]+)/.*", "\\1", uses$file)
  to <- sub("^nn/([a-z]+)/.*", "\\1", uses$header)
  expect_setequal(unique(from), names(nn_rooms))
  may <- from == to | mapply(function(a, b) b %in% nn_rooms[[a]], from, to)
  expect_identical(paste(uses$file, uses$header)[!may], none)
})

test_that("training knows learners and no network by name", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/nn/train/"))
  learn <- uses$header[startsWith(uses$header, "nn/learn/")]
  expect_identical(unique(learn), "nn/learn/learner.h")
})

test_that("inputs of pairs need no LibTorch but where they become tensors", {
  skip_without_sources()
  files <- cpp_files("^core/nn/inputs/")
  tensors <- basename(names(files)) %in% c("batcher.h", "batcher.cpp")
  uses <- includes_of(files[!tensors])
  direct <- grepl(paste0(torch_header, "|^nn/base/"), uses$header)
  expect_identical(paste(uses$file, uses$header)[direct], none)
})

test_that("the core has few rooms", {
  skip_without_sources()
  core <- file.path(source_root(), "src", "core")
  expect_lte(length(list.dirs(core, recursive = FALSE)), 16)
  expect_lte(length(list.dirs(file.path(core, "nn"), recursive = FALSE)), 12)
  expect_identical(list.files(core, "[.](h|cpp)$"), none)
  expect_identical(list.files(file.path(core, "nn"), "[.](h|cpp)$"), none)
})

test_that("encoders, stages and embed reach LibTorch by tensor.h", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/nn/(encoders|embed)/"))
  direct <- grepl(torch_header, uses$header)
  expect_identical(paste(uses$file, uses$header)[direct], none)
})

test_that("headers of the core include each other without a cycle", {
  skip_without_sources()
  uses <- includes_of(cpp_files("^core/.*[.]h$"))
  uses$file <- sub("^core/", "", uses$file)
  uses <- uses[uses$header %in% uses$file, ]
  # Headers that include none of those left drop out; a cycle never does.
  repeat {
    leaf <- !uses$header %in% uses$file
    if (!any(leaf)) break
    uses <- uses[!leaf, ]
  }
  expect_identical(uses$file, none)
})

test_that("headers are included once and open no namespace", {
  skip_without_sources()
  headers <- cpp_files("^(core/.*|r_[a-z_]+)[.]h$")
  guarded <- vapply(headers, function(x) any(x == "#pragma once"), logical(1))
  expect_identical(names(headers[!guarded]), none)
  expect_identical(offences(headers, "^\\s*using namespace"), none)
})

# Lines of namespaces that have names, without comments; clang-format puts what
# they declare, and nothing else, at the start of a line.
named_lines <- function(lines) {
  depth <- cumsum(grepl("^namespace [{]", lines)) -
    cumsum(grepl("^[}]  // namespace$", lines))
  lines <- sub("//.*", "", lines[depth == 0])
  lines <- grep("^[A-Za-z[]", lines, value = TRUE)
  grep("^(using|namespace|template|static|inline)\\b", lines,
    invert = TRUE, value = TRUE
  )
}

# The names before the parameters of functions: "f", "Class::f".
function_names <- function(lines) {
  repeat { # without arguments of templates
    bare <- gsub("<[^<>]*>", "", lines)
    if (identical(bare, lines)) break
    lines <- bare
  }
  pattern <- "^[^(=]*?((\\w+::)*~?\\w+)[(].*"
  sub(pattern, "\\1", grep(pattern, lines, value = TRUE, perl = TRUE),
    perl = TRUE
  )
}

# A data frame of `file` and `name` from a function of the lines of a file.
names_in <- function(files, find) {
  found <- lapply(files, find)
  data.frame(
    file = rep(as.character(names(found)), lengths(found)),
    name = as.character(unlist(found))
  )
}

# The backend's functions are declared by the types of their pointers, all in
# nn/model/backend_functions.h.
test_that("what a header declares is defined in the source of its name", {
  skip_without_sources()
  headers <- cpp_files("^core/.*[.]h$")
  types <- names_in(headers, function(lines) {
    pattern <- "^(class|struct) (\\w+)[^;]*$"
    sub(pattern, "\\2", grep(pattern, named_lines(lines), value = TRUE))
  })
  functions <- names_in(headers, function(lines) {
    function_names(named_lines(lines))
  })
  sources <- cpp_files("^core/.*[.]cpp$")
  defined <- names_in(sources, function(lines) {
    function_names(named_lines(lines))
  })
  class <- sub("::.*", "", defined$name)
  is_method <- class != defined$name & class %in% types$name
  defined$name <- ifelse(is_method, class, sub(".*::", "", defined$name))
  expect_gt(sum(is_method), 300)
  expect_gt(sum(defined$name %in% functions$name), 500)
  astray <- mapply(function(file, name, is_method) {
    known <- if (is_method) types else functions
    from <- known$file[known$name == name]
    # The core knows none of the headers of networks.
    if (!startsWith(file, "core/nn/")) {
      from <- from[!startsWith(from, "core/nn/")]
    }
    length(from) > 0 && !sub("cpp$", "h", file) %in% from
  }, defined$file, defined$name, is_method)
  found <- paste(defined$file, defined$name)[astray]
  expect_identical(unique(found), none)
})

# Two ideas in a file have two unnamed namespaces, each above what it serves.
test_that("a file of the core has one unnamed namespace", {
  skip_without_sources()
  unnamed <- vapply(cpp_files("^core/.*[.]cpp$"), function(lines) {
    sum(grepl("^namespace [{]", lines))
  }, numeric(1))
  expect_identical(names(unnamed)[unnamed > 1], none)
})

test_that("the core neither prints nor owns memory by hand", {
  skip_without_sources()
  core <- cpp_files("^core/")
  core <- lapply(core, sub, pattern = "//.*", replacement = "")
  expect_identical(offences(core, "std::(cout|cerr)|\\bf?printf\\("), none)
  by_hand <- "\\bnew [A-Za-z_:]+[({\\[]|\\bdelete [a-z]"
  expect_identical(offences(core, by_hand), none)
})

test_that("os.cpp alone names an operating system", {
  skip_without_sources()
  files <- cpp_files("[.](h|cpp)$")
  files <- files[!startsWith(names(files), "core/base/os.")]
  pattern <- paste0(
    "_WIN32|__linux__|__APPLE__|__unix__|__GLIBC__|#include <(sys/|(unistd|",
    "fcntl|dlfcn|pthread|sched|malloc|poll|spawn|signal|windows|io)[.]h)"
  )
  expect_identical(offences(files, pattern), none)
})

test_that("only the generated exports call C++ by name", {
  skip_without_sources()
  expect_identical(offences(r_files(), "\\.Call\\("), none)
})

test_that("the R face keeps R's generator and the caller's variables alone", {
  skip_without_sources()
  pattern <- "\\bset\\.seed\\(|<<-|\\bsapply\\(|\\b1:n(row|col)?\\b"
  expect_identical(offences(r_files(), pattern), none)
  # In Turkish "I" is no capital "i".
  pattern <- "\\bto(lower|upper)\\(|ignore[.]case"
  code <- lapply(r_files(), sub, pattern = "#.*", replacement = "")
  expect_identical(offences(code, pattern), none)
})

test_that("no name of the package is defined twice", {
  skip_without_sources()
  pattern <- "^([A-Za-z_][A-Za-z0-9_.]*) <- .*"
  defined <- lapply(r_files(), function(lines) {
    sub(pattern, "\\1", grep(pattern, lines, value = TRUE))
  })
  defined <- unlist(defined, use.names = FALSE)
  expect_gt(length(defined), 0)
  expect_identical(unique(defined[duplicated(defined)]), none)
})

# Names of the core's functions that `e` calls outside of calls of `guards`.
unguarded_calls <- function(e, guards) {
  name <- if (is.call(e) && is.name(e[[1]])) as.character(e[[1]]) else ""
  if (name %in% guards || !(is.call(e) || is.pairlist(e))) {
    return(character())
  }
  parts <- Filter(function(i) !rlang::is_missing(e[[i]]), seq_along(e))
  c(
    grep("^cpp_", name, value = TRUE),
    unlist(lapply(parts, function(i) unguarded_calls(e[[i]], guards)))
  )
}

test_that("errors of the core become those of the package", {
  guards <- c("with_core", "with_backend", "as_model_file", "tryCatch")
  files <- lapply(rlang::set_names(names(r_files())), function(file) {
    parsed <- parse(file.path(source_root(), "R", file), keep.source = FALSE)
    unlist(lapply(parsed, unguarded_calls, guards))
  })
  found <- paste0(rep(names(files), lengths(files)), ": ", unlist(files))
  # Neither fails nor takes memory, or is called within one of these.
  harmless <- c("cpp_available_threads", "cpp_return_memory")
  within <- c("fit-network.R: cpp_fit", "fit-network.R: cpp_join_members")
  found <- found[!sub(".*: ", "", found) %in% harmless]
  expect_identical(setdiff(found, within), character())
})

# Calls of the core's functions in `e` that do not give all of their arguments.
short_calls <- function(e) {
  if (!(is.call(e) || is.pairlist(e))) {
    return(character())
  }
  name <- if (is.call(e) && is.name(e[[1]])) as.character(e[[1]]) else ""
  parts <- Filter(function(i) !rlang::is_missing(e[[i]]), seq_along(e))
  takes <- if (startsWith(name, "cpp_")) {
    length(formals(asNamespace("MuSL")[[name]]))
  }
  c(
    if (!is.null(takes) && takes != length(e) - 1) name,
    unlist(lapply(parts, function(i) short_calls(e[[i]])))
  )
}

test_that("calls of the core give all arguments that it takes", {
  found <- lapply(names(r_files()), function(file) {
    path <- file.path(source_root(), "R", file)
    unlist(lapply(parse(path, keep.source = FALSE), short_calls))
  })
  expect_identical(as.character(unlist(found)), character())
})

test_that("threads are the model's or all, unless a call says otherwise", {
  exported <- lapply(
    set_names(getNamespaceExports("MuSL")), getExportedValue,
    ns = "MuSL"
  )
  asked <- Filter(function(f) {
    is.function(f) && "threads" %in% names(formals(f))
  }, exported)
  expect_gt(length(asked), 5)
  usual <- lapply(asked, function(f) eval(formals(f)$threads))
  other <- Filter(function(n) !is.null(n) && n != 0, usual)
  expect_identical(names(other), character())
})

# That of testthat 3.1.6 looks for a "messsage"; expect_message(x, NA) can fail.
test_that("no test relies on an expectation that never fails", {
  skip_without_sources()
  files <- list.files(
    file.path(source_root(), c("tests/testthat", "longtests/testthat")),
    "[.]R$", full.names = TRUE
  )
  expect_gt(length(files), 0)
  lines <- lapply(stats::setNames(files, basename(files)), readLines)
  expect_identical(offences(lines, "expect_no_message[(]"), none)
})

# The floors of R: a file calls those of its own floor and of floors before it.
floors <- c(
  ground = paste0(
    "(All.*|MuSL-package|backend|conditions|gene.*|pairs.*|print-list|",
    "classes|progress|read-(catalogue|file|names|table|text|words)|session|",
    "utils|write-file)"
  ),
  read = "read-.*",
  data = "(data.*|descriptors|embed.*|evidence.*|histogram|paralogs.*)",
  split = paste0(
    "(calibrate|dependency(-adjust|-data|-groups)?|negatives.*|replication|",
    "split.*)"
  ),
  model = paste0(
    "(atlas.*|design.*|drift|experiment-power|explain.*|fit.*|model.*|",
    "partners.*|predict.*)"
  ),
  muse = "(muse|simulate).*",
  judge = paste0(
    "(baselines.*|calibrate-reliability|compare.*|metrics.*|resample.*|save|",
    "dependency-augment)"
  ),
  show = paste0(
    "(backend-build|card.*|cohort.*|experiment.*|explore.*|export|plot-.*|",
    "report.*)"
  )
)

# The place of each file's floor; a name of an earlier pattern counts first.
floor_of <- function(file) {
  at <- vapply(paste0("^", floors, "[.]R$"), grepl, logical(length(file)), file)
  apply(at, 1, function(row) which(row)[1])
}

# `from` uses the object `name` of file `to`.
uses_between_files <- function() {
  files <- names(r_files())
  parsed <- lapply(stats::setNames(files, files), function(file) {
    parse(file.path(source_root(), "R", file), keep.source = FALSE)
  })
  defined <- lapply(parsed, function(file) {
    named <- Filter(function(e) {
      is.call(e) && identical(e[[1]], quote(`<-`))
    }, file)
    vapply(named, function(e) as.character(e[[2]])[1], "")
  })
  home <- stats::setNames(rep(files, lengths(defined)), unlist(defined))
  used <- lapply(parsed, function(file) {
    intersect(unlist(lapply(file, all.names)), names(home))
  })
  uses <- data.frame(
    from = rep(files, lengths(used)), name = unlist(used, use.names = FALSE)
  )
  uses$to <- unname(home[uses$name])
  uses[uses$from != uses$to, ]
}

test_that("a file of R calls no floor above its own", {
  skip_without_sources()
  uses <- uses_between_files()
  from <- floor_of(uses$from)
  to <- floor_of(uses$to)
  expect_false(anyNA(c(from, to)))
  up <- uses[from < to, ]
  expect_identical(paste(up$from, up$name, up$to), none)
})

test_that("few files of R call each other in a circle", {
  skip_without_sources()
  uses <- unique(uses_between_files()[c("from", "to")])
  circles <- igraph::components(igraph::graph_from_data_frame(uses), "strong")
  expect_lte(max(circles$csize), 6)
})

# Tests of the whole package or repository, of several sources at once.
tests_of_all <- c(
  "bench-data", "bench-smoke", "citation", "command-line",
  "command-line-measured", "command-line-options", "conventions", "format-1",
  "house", "pictures", "pictures-tables", "simd", "site", "snippets", "tools",
  "usage", "workflow"
)
cpp_tests_of_all <- c(
  "extension", "fake_device", "gpu", "human_model", "refusals"
)

# `tests` without those that bear the name of a source, perhaps before a topic.
without_source <- function(tests, sources, mark) {
  named <- vapply(tests, function(test) {
    any(test == sources | startsWith(test, paste0(sources, mark)))
  }, NA)
  tests[!named]
}

test_that("tests bear the names of their sources", {
  skip_without_sources()
  stems <- function(path, pattern, ...) {
    found <- list.files(file.path(source_root(), path), pattern, ...)
    sub("[.][a-zA-Z]+$", "", basename(found))
  }
  sources <- c(stems("R", "[.]R$"), stems("tools", "^[a-z-]+([.]sh)?$"))
  tests <- sub("^test-", "", stems("tests/testthat", "^test-.*[.]R$"))
  expect_setequal(without_source(tests, sources, "-"), tests_of_all)
  sources <- stems("src/core", "[.](cpp|h)$", recursive = TRUE)
  tests <- stems("tests/cpp", "^test_.*[.]cpp$", recursive = TRUE)
  tests <- sub("^test_", "", tests)
  expect_setequal(without_source(tests, sources, "_"), cpp_tests_of_all)
})
