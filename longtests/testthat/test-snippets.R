# The code of README and vignettes is run in the order in which a reader runs
# it, each file in a process of its own.

# A folder with the files that README and shown chunks name.
snippet_files <- function(env = parent.frame()) {
  dir <- withr::local_tempdir(.local_envir = env)
  genes <- musl_genes(musl_human_model())
  genes <- c("ARID1A", "ARID1B", "PARP1", "STAG2", genes[seq(1, 19000, 250)])
  withr::local_seed(1)
  table_of <- function(n) {
    values <- round(stats::rnorm(n * length(genes), 5), 3)
    data.frame(gene = genes, matrix(values, length(genes)))
  }
  pairs <- t(utils::combn(genes, 2))
  pairs <- as.data.frame(pairs[sample(nrow(pairs), 600), ])
  names(pairs) <- c("gene_a", "gene_b")
  pairs$label <- rep(c("SL", rep("non-SL", 4)), 120)
  hits <- pairs[pairs$label == "SL", ]
  others <- pairs[pairs$label != "SL", ]
  tables <- list(
    expression.tsv.gz = table_of(30), esm2.csv = table_of(8),
    network.tsv = data.frame(from = genes[-1], to = genes[[1]], weight = 0.5),
    screen.csv = pairs[1:400, ],
    pairs.csv = rbind(hits, others[1:200, ])
  )
  for (name in names(tables)) {
    path <- file.path(dir, name)
    con <- if (endsWith(name, ".gz")) gzfile(path) else path
    sep <- if (grepl("csv", name)) "," else "\t"
    utils::write.table(
      tables[[name]], con,
      sep = sep, quote = FALSE, row.names = FALSE
    )
  }
  dir
}

# Runs an R script in a new process; its output, with the status as attribute.
run_script <- function(code, dir) {
  script <- file.path(dir, "script.R")
  writeLines(code, script)
  withr::local_dir(dir)
  withr::local_envvar(R_LIBS = paste(.libPaths(), collapse = ":"))
  suppressWarnings(system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", "script.R"),
    stdout = TRUE, stderr = TRUE
  ))
}

expect_ran <- function(out, name) {
  failed <- attr(out, "status") %||% 0L
  told <- if (failed != 0) paste(utils::tail(out, 15), collapse = "\n")
  expect_identical(failed, 0L, label = name, info = told)
}

test_that("the README's code runs", {
  skip_without_sources()
  lines <- readLines(file.path(source_root(), "README.md"))
  fence <- grep("^```", lines)
  starts <- fence[c(TRUE, FALSE)]
  ends <- fence[c(FALSE, TRUE)]
  is_r <- lines[starts] == "```r"
  code <- unlist(Map(function(from, to) {
    lines[seq(from + 1, to - 1)]
  }, starts[is_r], ends[is_r]))
  # Neither a download nor 184 million pairs.
  code <- grep("install_github|musl_atlas", code, value = TRUE, invert = TRUE)
  expect_ran(run_script(code, snippet_files()), "README.md")
})

# Chunks with eval = FALSE that need no other file than those above.
test_that("shown chunks that read a screen run", {
  skip_without_sources()
  dir <- snippet_files()
  for (name in c("MuSL", "inputs", "screens")) {
    file <- file.path(source_root(), "vignettes", paste0(name, ".Rmd"))
    lines <- readLines(file)
    from <- grep("^```\\{r (own|screen), eval = FALSE", lines)
    to <- from + which(lines[-seq_len(from)] == "```")[[1]]
    code <- c("library(MuSL)", lines[seq(from + 1, to - 1)])
    expect_ran(run_script(code, dir), name)
  }
})

vignette_names <- function() {
  files <- list.files(
    file.path(source_root(), "vignettes"), "[.]Rmd$",
    recursive = TRUE
  )
  sub("[.]Rmd$", "", files)
}

if (!is.null(source_root())) {
  for (name in vignette_names()) {
    test_that(paste("the code of vignette", name, "runs"), {
      skip_if_not_installed("knitr")
      dir <- withr::local_tempdir()
      from <- dirname(file.path(source_root(), "vignettes", name))
      file.copy(list.files(from, full.names = TRUE), dir, recursive = TRUE)
      out <- run_script(c(
        "knitr::opts_chunk$set(error = FALSE)",
        sprintf("knitr::knit('%s.Rmd', envir = globalenv())", basename(name))
      ), dir)
      expect_ran(out, name)
    })
  }
}
