# Each place where LibTorch may lie, as a tree of files that only look like it.

script <- "tools/find-libtorch.sh"

# Headers and library below `prefix`.
fake_torch <- function(prefix, version = "2.4.1", lib = "lib",
                       header = TRUE, library = TRUE) {
  include <- file.path(prefix, "include/torch/csrc/api/include/torch")
  dir.create(include, recursive = TRUE)
  dir.create(file.path(prefix, lib), recursive = TRUE)
  if (header) {
    parts <- strsplit(version, ".", fixed = TRUE)[[1]]
    names <- paste0("TORCH_VERSION_", c("MAJOR", "MINOR", "PATCH"))
    lines <- c("#pragma once", paste("#define", names, parts))
    writeLines(lines, file.path(include, "version.h"))
  }
  if (library) file.create(file.path(prefix, lib, "libtorch_cpu.so"))
  normalizePath(prefix)
}

# A machine with a compiler and awk, and nothing else.
fake_machine <- function(.local_envir = parent.frame()) {
  root <- withr::local_tempdir(.local_envir = .local_envir)
  dir.create(file.path(root, "bin"))
  file.symlink(Sys.which("awk"), file.path(root, "bin", "awk"))
  add_program(root, "g++", "echo some-linux-gnu")
  root
}

add_program <- function(root, name, line) {
  path <- file.path(root, "bin", name)
  writeLines(c("#!/bin/sh", line), path)
  Sys.chmod(path)
}

# What stands behind the shims of version managers, which need a whole machine.
real_python <- function() {
  skip_if_not(nzchar(Sys.which("python3")), "python3 is not installed")
  system2("python3", c("-c", shQuote("import sys; print(sys.executable)")),
    stdout = TRUE
  )
}

# c(origin, include, lib, version) of what is found, or NULL.
find_on <- function(root, env = character(), body = "find_libtorch") {
  script <- file.path(source_root(), script)
  code <- paste0(
    ". ", shQuote(script), "; ", body, " || exit 3; ",
    "printf '%s\\n' \"$torch_origin\" \"$torch_include\" \"$torch_lib\" ",
    "\"$torch_version\""
  )
  env <- c(
    paste0("PATH=", file.path(root, "bin")), paste0("MUSL_SYSTEM_ROOT=", root),
    paste0("R_HOME=", file.path(root, "none")), env
  )
  sh <- Sys.which("sh")
  out <- suppressWarnings(system2(
    Sys.which("env"), c("-i", shQuote(env), sh, "-c", shQuote(code)),
    stdout = TRUE
  ))
  if (!is.null(attr(out, "status"))) {
    return(NULL)
  }
  as.list(rlang::set_names(out, c("origin", "include", "lib", "version")))
}

skip_without_script <- function() {
  skip_without_sources()
  skip_on_os("windows")
}

expect_found <- function(found, origin, prefix, lib = "lib",
                         version = "2.4.1") {
  expect_identical(found, list(
    origin = origin, include = file.path(prefix, "include"),
    lib = file.path(prefix, lib), version = version
  ))
}

test_that("a machine without LibTorch has none", {
  skip_without_script()
  expect_null(find_on(fake_machine()))
})

test_that("LIBTORCH_HOME alone decides where it is set", {
  skip_without_script()
  root <- fake_machine()
  system <- fake_torch(file.path(root, "usr"), version = "1.13.0")
  home <- fake_torch(file.path(root, "my torch"))
  env <- paste0("LIBTORCH_HOME=", home)
  expect_found(find_on(root, env), "LIBTORCH_HOME", home)
  # Not what lies elsewhere, where it holds nothing.
  expect_null(find_on(root, "LIBTORCH_HOME=/nowhere"))
  expect_found(find_on(root), "/usr", system, version = "1.13.0")
})

test_that("Python's torch is found without importing it", {
  skip_without_script()
  root <- fake_machine()
  add_program(root, "python3", paste("exec", real_python(), "\"$@\""))
  fake_torch(file.path(root, "usr"))
  site <- file.path(root, "site")
  home <- fake_torch(file.path(site, "torch"), version = "2.1.0")
  writeLines("raise ImportError()", file.path(site, "torch", "__init__.py"))
  env <- paste0("PYTHONPATH=", site)
  expect_found(find_on(root, env), "Python's torch", home, version = "2.1.0")
})

test_that("the R package torch is found by its library or TORCH_HOME", {
  skip_without_script()
  root <- fake_machine()
  fake_torch(file.path(root, "usr"))
  library <- file.path(root, "library")
  home <- fake_torch(file.path(library, "torch"))
  writeLines(
    c("Package: torch", "Version: 0.13.0"),
    file.path(home, "DESCRIPTION")
  )
  # Rscript needs more of the machine than its tree has.
  env <- c(
    paste0("R_HOME=", R.home()), paste0("R_LIBS=", library),
    paste0("PATH=", file.path(root, "bin"), ":/usr/bin:/bin")
  )
  python <- "python_torch() { return 1; }; find_libtorch"
  expect_found(find_on(root, env, python), "the R package torch", home)

  other <- fake_torch(file.path(root, "other"))
  env <- paste0("TORCH_HOME=", other)
  expect_found(find_on(root, env), "the R package torch", other)
})

test_that("/usr/local goes before /usr", {
  skip_without_script()
  root <- fake_machine()
  fake_torch(file.path(root, "usr"))
  local <- fake_torch(file.path(root, "usr", "local"), version = "2.6.0")
  expect_found(find_on(root), "/usr/local", local, version = "2.6.0")
})

test_that("the library may lie in lib, in lib64 or the multiarch's place", {
  skip_without_script()
  for (lib in c("lib", "lib64", "lib/some-linux-gnu")) {
    root <- fake_machine()
    prefix <- fake_torch(file.path(root, "usr"), lib = lib)
    expect_found(find_on(root), "/usr", prefix, lib = lib)
  }
})

test_that("on macOS the library is one that ends in .dylib", {
  skip_without_script()
  root <- fake_machine()
  add_program(root, "uname", "echo Darwin")
  prefix <- fake_torch(file.path(root, "usr"))
  expect_null(find_on(root))
  library <- file.path(prefix, "lib", "libtorch_cpu")
  file.rename(paste0(library, ".so"), paste0(library, ".dylib"))
  expect_found(find_on(root), "/usr", prefix)
})

test_that("half a LibTorch is none, and the next place is asked", {
  skip_without_script()
  for (lacks in c("header", "library")) {
    root <- fake_machine()
    half <- list(file.path(root, "usr", "local"), FALSE)
    do.call(fake_torch, rlang::set_names(half, c("prefix", lacks)))
    expect_null(find_on(root))
    prefix <- fake_torch(file.path(root, "usr"))
    expect_found(find_on(root), "/usr", prefix)
  }
})

test_that("versions are compared by number", {
  skip_without_script()
  at_least <- function(version, major, minor) {
    root <- fake_machine()
    fake_torch(file.path(root, "usr"), version = version)
    body <- paste("find_libtorch && version_at_least", major, minor)
    !is.null(find_on(root, body = body))
  }
  expect_true(at_least("1.13.0", 1, 13))
  expect_true(at_least("2.0.0", 1, 13))
  expect_true(at_least("2.12.1", 2, 12))
  expect_false(at_least("1.9.1", 1, 13))
  expect_false(at_least("1.12.9", 1, 13))
  expect_false(at_least("2.9.0", 2, 12))
})
