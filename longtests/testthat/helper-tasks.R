# What a new user does with real files: each task in at most three statements of
# R and, where that makes sense, in one command of the shell.

# `code` and `good` are evaluated where earlier tasks left their results; `good`
# says whether the result is what was wanted. `shell` are the words behind
# `musl`, and `written` judges what the command printed (`ran$out`) or wrote.
task <- function(name, code, good, shell = NULL, written = NULL) {
  list(
    name = name, code = substitute(code), good = substitute(good),
    shell = substitute(shell), written = substitute(written)
  )
}

statements <- function(code) {
  in_braces <- is.call(code) && identical(code[[1]], quote(`{`))
  if (in_braces) length(code) - 1L else 1L
}

# Rows: task, statements, `r` and `shell` ("yes", or what went wrong).
do_tasks <- function(tasks, world) {
  outcome <- function(doing) {
    tryCatch(
      withCallingHandlers(
        if (isTRUE(doing())) "yes" else "no: another result",
        warning = function(w) invokeRestart("muffleWarning"),
        message = function(m) invokeRestart("muffleMessage")
      ),
      error = function(e) paste("no:", conditionMessage(e))
    )
  }
  rows <- lapply(tasks, function(one) {
    r <- outcome(function() {
      eval(one$code, world)
      eval(one$good, world)
    })
    shell <- NA_character_
    if (!is.null(one$shell)) {
      shell <- outcome(function() {
        world$ran <- do.call(run_musl, as.list(eval(one$shell, world)))
        if (world$ran$status != 0L) stop(world$ran$error)
        eval(one$written, world)
      })
    }
    data.frame(
      task = one$name, statements = statements(one$code), r = r, shell = shell
    )
  })
  do.call(rbind, rows)
}

# What the shell takes in place of `d`.
input_words <- function(file) {
  c(
    "--expression", file("expression/tcga_crc.tsv.gz"),
    "--expression", file("expression/gse33072.tsv.gz"), "--scale", "log",
    "--network", file("ppi/string_v10.tsv.gz"),
    "--embeddings", file("sequence/kmer_svd64.tsv.gz"),
    "--annotations", "org.Hs.eg.db",
    "--pathways", file("genes/reactome.gmt.gz")
  )
}
label_words <- function(file, result) {
  c(
    "--pairs", result("pairs.csv"),
    "--gi-screen", file("screens/screens.tsv.gz"), "--gi-lines", "mean"
  )
}

# How many genes each two lists share.
shared_genes <- function(lists) {
  ends <- utils::combn(length(lists), 2)
  apply(ends, 2, function(i) length(intersect(lists[[i[1]]], lists[[i[2]]])))
}

# The files of the folder of real data, and where results go.
task_world <- function(root, folder) {
  world <- new.env(parent = globalenv())
  world$file <- function(...) file.path(root, ...)
  world$result <- function(...) file.path(folder, ...)
  world$table <- function(name) read_table_of(file.path(folder, name))
  helpers <- c("input_words", "label_words", "shared_genes")
  for (name in helpers) world[[name]] <- get(name)
  world
}

read_table_of <- function(path) {
  separator <- if (grepl("[.]csv$", path)) "," else "\t"
  utils::read.table(
    path,
    header = TRUE, sep = separator, quote = "\"", na.strings = "",
    comment.char = "", check.names = FALSE
  )
}
