# Code of README and vignettes that no build runs: it parses, and its calls of
# the package give arguments that the functions have. The test of the same name
# in longtests/ runs README and all vignettes.

# The code of chunks of R that are shown and not evaluated, one text a file.
unevaluated_code <- function(file) {
  lines <- readLines(file, warn = FALSE)
  fence <- grep("^```", lines)
  starts <- fence[c(TRUE, FALSE)]
  ends <- fence[c(FALSE, TRUE)]
  shown <- grepl("^```r$", lines[starts]) |
    grepl("^```\\{r.*eval = FALSE", lines[starts])
  code <- Map(function(first, last) {
    lines[seq_len(last - first - 1) + first]
  }, starts[shown], ends[shown])
  vapply(code, paste, "", collapse = "\n")
}

# Calls of the package's functions in an expression.
package_calls <- function(e, names) {
  if (!is.call(e)) {
    return(list())
  }
  name <- if (is.name(e[[1]])) as.character(e[[1]]) else ""
  inner <- unlist(lapply(as.list(e), package_calls, names), recursive = FALSE)
  c(if (name %in% names) list(e), inner)
}

# Arguments that neither the function nor one of its methods has.
unknown_arguments <- function(call) {
  name <- as.character(call[[1]])
  space <- asNamespace("MuSL")
  methods <- c(name, ls(space, pattern = paste0("^", name, "[.]")))
  own <- unlist(lapply(methods, function(m) names(formals(get(m, space)))))
  behind_dots <- switch(name,
    musl_explain = names(formals(predict.MuslModel)),
    musl_simulate = c("screens", "n_genes", "n_samples", "n_pairs"),
    character()
  )
  setdiff(as.character(names(call)[-1]), c("", own, behind_dots))
}

test_that("code that is only shown names arguments that exist", {
  skip_without_sources()
  root <- source_root()
  files <- c(
    file.path(root, "README.md"),
    list.files(
      file.path(root, "vignettes"), "[.]Rmd$",
      full.names = TRUE, recursive = TRUE
    )
  )
  files <- files[file.exists(files)]
  exported <- grep("^(musl|read)_", getNamespaceExports("MuSL"), value = TRUE)
  n_calls <- 0
  for (file in files) {
    for (code in unevaluated_code(file)) {
      calls <- lapply(parse(text = code), package_calls, c(exported, "predict"))
      for (call in unlist(calls, recursive = FALSE)) {
        n_calls <- n_calls + 1
        unknown <- if (identical(call[[1]], quote(predict))) {
          setdiff(
            as.character(names(call)[-1]),
            c("", names(formals(predict.MuslModel)))
          )
        } else {
          unknown_arguments(call)
        }
        expect_identical(unknown, character(),
          label = paste(basename(file), deparse(call)[[1]])
        )
      }
      named <- all.names(parse(text = code))
      ours <- grep("^(musl|read)_", named, value = TRUE)
      others <- c("read_h5ad")
      expect_identical(setdiff(ours, c(exported, others)), character())
    }
  }
  expect_gt(n_calls, 20)
})

# Chunks that are shown and not run need files that a reader has to fetch.
test_that("the chunks that no build runs are these", {
  skip_without_sources()
  files <- list.files(
    file.path(source_root(), "vignettes"), "[.]Rmd$",
    full.names = TRUE, recursive = TRUE
  )
  shown <- unlist(lapply(files, function(file) {
    heads <- grep("^```\\{r.*eval = FALSE", readLines(file), value = TRUE)
    names <- sub("^```\\{r ([^,}]+).*", "\\1", heads)
    paste(sub("[.]Rmd$", "", basename(file)), names, recycle0 = TRUE)
  }))
  expect_setequal(shown, c(
    "MuSL own", "MuSL human-depmap", "depmap cells-files", "screens own",
    paste("inputs", c(
      "cache", "screen", "depmap", "depmap-groups", "depmap-package", "string",
      "annotation", "esm"
    ))
  ))
})
