# style.R lintr|styler LIBRARY: lints the files named on standard input, or
# lists those that styler would change. Status 1 if there are any.
arguments <- commandArgs(trailingOnly = TRUE)
.libPaths(c(arguments[[2]], .libPaths()))
files <- readLines("stdin")

# Only spaces and indention; line breaks are left to the author.
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
  writeLines(sprintf("styler would change %s", changed))
  bad <- length(changed) > 0
}
quit(status = as.integer(bad))
