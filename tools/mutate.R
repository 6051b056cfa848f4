# mutate.R DIR CORE R SEED LIBRARY ROOMS LIST AGAIN: tools/mutate runs this once
# the unchanged code is built. Samples mutants, runs tests, lists the survivors.
source("mutants.R")
source("mutate-core.R")
source("mutate-r.R")

named <- c(
  "directory", "core", "r", "seed", "library", "rooms", "list", "again"
)
run <- stats::setNames(as.list(commandArgs(trailingOnly = TRUE)), named)
run$tree <- file.path(run$directory, "tree")
run$results <- file.path(run$directory, "results.tsv")

result_columns <- c(
  "key", "kind", "file", "line", "column", "from", "to", "outcome", "by",
  "seconds", "before", "after"
)

# Without what survived: it runs again.
forget_survivors <- function() {
  done <- results_now()
  utils::write.table(done[done$outcome != "survived", ], run$results,
    quote = FALSE, sep = "\t", row.names = FALSE
  )
}

read_table <- function(path) {
  utils::read.delim(path, colClasses = "character", quote = "", header = TRUE)
}

results_now <- function() {
  done <- if (file.exists(run$results)) read_table(run$results)
  if (identical(names(done), result_columns)) return(done)
  writeLines(paste(result_columns, collapse = "\t"), run$results)
  results_now()
}

keep_result <- function(kind, place, answer, before, after) {
  row <- c(
    place$key, kind, place$file, place$line, place$column, place$from, place$to,
    answer$outcome, answer$by, round(answer$seconds, 1), trimws(before),
    trimws(after)
  )
  row <- gsub("\t", " ", row)
  cat(row, file = run$results, sep = "\t", append = TRUE)
  cat("\n", file = run$results, append = TRUE)
}

# Mutants with an answer, one row each; `tries` are those that did not compile.
run_kind <- function(kind, wanted, places, try_mutant) {
  done <- results_now()
  found <- NULL
  for (i in seq_len(nrow(places))) {
    if (NROW(found) >= wanted) break
    place <- places[i, ]
    lines <- readLines(file.path(run$tree, place$file))
    before <- lines[[place$line]]
    after <- mutated_line(before, place)
    if (!place$key %in% done$key) {
      lines[[place$line]] <- after
      row <- data.frame(
        file = place$file, before = trimws(before), after = trimws(after)
      )
      # No test could tell it: it need not run.
      answer <- if (is_equivalent(row)) {
        list(outcome = "survived", by = "", seconds = 0)
      } else {
        try_mutant(place, lines)
      }
      keep_result(kind, place, answer, before, after)
      tell(kind, place, answer, NROW(found) + 1L, wanted)
      done <- results_now()
    }
    row <- done[match(place$key, done$key), ]
    if (row$outcome != "uncompiled") found <- rbind(found, row)
  }
  found
}

tell <- function(kind, place, answer, n, wanted) {
  cat(sprintf(
    "%s %d/%s %s:%d %s -> %s: %s %s (%.0f s)\n", kind, n, wanted, place$file,
    place$line, place$from, place$to, answer$outcome, answer$by, answer$seconds
  ))
}

is_equivalent <- function(found) {
  known <- read_table("equivalent-mutants.tsv")
  key <- function(x) paste(x$file, x$before, x$after, sep = "\n")
  key(found) %in% key(known)
}

show_survivor <- function(row) {
  cat(sprintf(
    "%s:%s survived\n- %s\n+ %s\n", row$file, row$line, row$before, row$after
  ))
}

places <- list(core = cpp_places(run$tree, run$rooms), r = r_places(run$tree))
places <- lapply(places, drawn, seed = run$seed)
if (run$list == "yes") {
  for (kind in names(places)) {
    shown <- head(places[[kind]], as.integer(run[[kind]]))
    cat(sprintf("%s:%d %s -> %s", shown$file, shown$line, shown$from, shown$to),
      sep = "\n"
    )
  }
  quit()
}
if (run$again == "yes") forget_survivors()
found <- rbind(
  run_kind("core", as.integer(run$core), places$core, try_core_mutant),
  run_kind("r", as.integer(run$r), places$r, try_r_mutant)
)
survived <- found$outcome == "survived"
equivalent <- survived & is_equivalent(found)
open <- which(survived & !equivalent)
for (i in open) show_survivor(found[i, ])
cat(sprintf(
  "%d mutants, %d killed, %d equivalent, %d survived\n",
  nrow(found), sum(!survived), sum(equivalent), length(open)
))
