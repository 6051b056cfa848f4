# style.R lintr|styler LIBRARY: lints files, or tells which ones styler would
# change; their names come from standard input. Status 1 if there is one.
arguments <- commandArgs(trailingOnly = TRUE)
.libPaths(c(arguments[[2]], .libPaths()))
files <- readLines("stdin")

# Spaces and indention alone: line breaks, and what stands on one line, are the
# writer's.
changed_by_styler <- function(files) {
  options(styler.cache_name = NULL, styler.quiet = TRUE)
  style <- styler::tidyverse_style(scope = "indention")
  result <- styler::style_file(files, transformers = style, dry = "on")
  result$file[is.na(result$changed) | result$changed]
}

if (arguments[[1]] == "lintr") {
  lints <- unlist(lapply(files, function(file) lapply(lintr::lint(file), list)),
    recursive = FALSE
  )
  for (lint in lints) print(lint[[1]])
  bad <- length(lints) > 0
} else {
  changed <- changed_by_styler(files)
  writeLines(sprintf("%s is not as styler leaves it", changed))
  bad <- length(changed) > 0
}
quit(status = as.integer(bad))
