# Loops that src/core/base/simd.h compiles for each set of instructions, seen in
# what a compiler for arm64 makes of them.

# The assembly of a file of the core, as the package is compiled.
assembly_of <- function(file, compiler) {
  core <- file.path(source_root(), "src", "core")
  eigen <- system.file("include", package = "RcppEigen")
  out <- withr::local_tempfile(fileext = ".s")
  status <- system2(compiler, c(
    "-std=c++17 -O3 -fPIC -ffp-contract=off -w -S -o", shQuote(out),
    paste0("-I", shQuote(c(core, file.path(core, "include"), eigen))),
    shQuote(file.path(core, file))
  ))
  expect_identical(status, 0L)
  readLines(out)
}

# Functions by name, each with its instructions.
functions_of <- function(assembly) {
  starts <- grepl("^_Z[A-Za-z0-9_]+:", assembly)
  name <- sub(":.*", "", assembly[starts])
  split(assembly, factor(cumsum(starts), seq_along(name), name))
}

test_that("on arm64 the loops of the core use NEON", {
  skip_on_cran()
  skip_without_sources()
  skip_if_not_installed("RcppEigen")
  compiler <- Sys.which("aarch64-linux-gnu-g++")
  skip_if_not(nzchar(compiler), "there is no compiler for arm64")
  files <- file.path("expression", c("histogram.cpp", "pair_sums.cpp"))
  functions <- unlist(
    lapply(files, function(file) functions_of(assembly_of(file, compiler))),
    recursive = FALSE
  )
  # arm64 has one set of instructions, and the loops the name `plain`.
  loops <- functions[grepl("Compiled.*5plain", names(functions)) |
    grepl("joint_histogram", names(functions))]
  expect_gte(length(loops), 6)
  wide <- "\\bv[0-9]+[.](16b|8h|4s|2d)\\b"
  used <- vapply(loops, function(lines) sum(grepl(wide, lines)), 0)
  expect_true(all(used > 0), info = toString(names(loops)[used == 0]))
})
