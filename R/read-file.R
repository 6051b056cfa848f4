# Shared by the readers of files: checks, messages and repairs.

check_file <- function(path, arg = caller_arg(path)) {
  check_path(path, arg = arg)
  path <- path.expand(path)
  abort_if(!file.exists(path), c(
    "{.arg {arg}} must name a file.",
    x = "There is no {.file {path}}.",
    i = "The working directory is {.file {getwd()}}."
  ), argument = arg)
  # Pipes and devices may never end.
  abort_if(!with_core(cpp_is_regular_file(path)), c(
    "{.arg {arg}} must name a regular file.",
    x = "{.file {path}} is a directory, a pipe or a device."
  ), argument = arg)
  path
}

check_files <- function(path, arg = caller_arg(path)) {
  if (!is.character(path) || length(path) == 0 || anyNA(path)) {
    abort_argument(arg, "the path of a file", path)
  }
  set_names(
    vapply(path, check_file, "", arg = arg, USE.NAMES = FALSE),
    names(path)
  )
}

# The same name for every spelling: "DepMap_ID", "DepMap ID", "depmap_id".
squash_name <- function(x) gsub("[^a-z0-9]", "", fold_case(x))

# Each of the names in a file is there, and there once; `what` they name.
check_named_once <- function(names, what, path, line, remedy) {
  unnamed <- sum(is_unnamed(names))
  twice <- unique(names[duplicated(names) & !is_unnamed(names)])
  abort_file_if(unnamed + length(twice) > 0, path, line, c(
    "Each {what} must have a unique name.",
    x = if (unnamed > 0) "{unnamed} {what}{?s} without a name.",
    x = if (length(twice) > 0) {
      "{length(twice)} name{?s} {?is/are} repeated: {.val {few(twice)}}."
    },
    i = remedy
  ))
}

# A first line of numbers beside a name that no column of identifiers has is
# rather a row. `first` is the field of the identifier, `numbers` the others.
check_is_header <- function(first, numbers, path) {
  number <- suppressWarnings(as.numeric(numbers))
  unclear <- length(numbers) > 0 && !anyNA(number) &&
    !squash_name(first) %in% id_column_names
  abort_file_if(unclear, path, 1, c(
    x = "It is not clear whether this line is a header or a row:
         {.val {few(c(first, numbers), 4)}}.",
    i = "If it is a row, put a header before it; if it is a header, call its
         first column {.val id}."
  ))
}

# A defect of a file: its place, then problem and remedy.
abort_file <- function(path, line, lines, .envir = parent.frame()) {
  where <- if (is.null(line)) "" else paste0(", line ", line)
  where <- gsub("([{}])", "\\1\\1", paste0("\"", path, "\"", where))
  abort_musl(
    c(paste0("File ", where, ": can't be read."), lines),
    "format",
    file = path, line = line, .envir = .envir
  )
}

abort_file_if <- function(condition, path, line, lines,
                          .envir = parent.frame()) {
  if (condition) abort_file(path, line, lines, .envir)
}

# Values of a user's column as text. Only blanks are missing there: "None" may
# be a treatment.
blank_to_na <- function(x) {
  x <- as.character(x)
  x[!nzchar(trimws(x))] <- NA_character_
  x
}

# f(x) for a function that treats each text alone, called once per distinct
# text: columns of tables repeat theirs.
each_once <- function(x, f) {
  known <- unique(x)
  f(known)[match(x, known)]
}

# Reports all repairs in one message: those of the cli texts, named as the
# numbers in `n` and evaluated in the caller's frame, whose number is there and
# not 0; at most five of them.
tell_repairs <- function(n, texts, report, where, .envir = parent.frame()) {
  lines <- texts[vapply(n[names(texts)], function(x) isTRUE(x > 0), NA)]
  more <- length(lines) - 4
  if (more > 1) lines <- c(lines[1:4], paste(more, "more kinds of repair."))
  inform_if(
    length(lines) > 0,
    c(paste0("How it was read; ", where, "."),
      set_names(lines, rep("*", length(lines)))
    ),
    "report",
    report = report, .envir = .envir
  )
}

# "gene_a = Gene1; score = A549, HELA"
told_roles <- function(roles) {
  by_role <- split(roles$column, factor(roles$role, unique(roles$role)))
  shown <- vapply(by_role, function(columns) {
    more <- if (length(columns) > 4) "..."
    paste(c(few(columns, 4), more), collapse = ", ")
  }, "")
  paste(names(by_role), shown, sep = " = ", collapse = "; ")
}

# Checks for a suggested package.
check_installed <- function(package, purpose) {
  if (!is_installed(package)) abort_not_installed(package, purpose)
}

abort_not_installed <- function(package, purpose) {
  abort_musl(c(
    "Package {.pkg {package}} must be installed {purpose}.",
    i = "Install it from your distribution, CRAN or Bioconductor."
  ), argument = package)
}

#' Public files that MuSL reads
#'
#' Lists public data sets of the field with their address, the function that
#' reads them and their licence.
#'
#' This function downloads nothing.
#' `BiocFileCache::bfcrpath(BiocFileCache::BiocFileCache(), address)` downloads
#' a file once, keeps it and returns its path.
#' Read the licence before you use a file: the package has none of these files
#' (`system.file("LICENCES", package = "MuSL")` lists what it has).
#'
#' @returns A tibble with one row per file: `name`, `what`, `version` (`latest`
#'   if the content at the address changes), `address`, `direct` (`TRUE` if
#'   `address` is the file, `FALSE` if it is a page where you must choose it),
#'   `format`, `licence` as stated by the authors (`NA` if none is stated),
#'   `reader`.
#' @examples
#' files <- musl_resources()
#' files[c("name", "version", "licence", "reader")]
#' string <- files[files$name == "string_info", ]
#' if (interactive()) { # It downloads.
#'   path <- BiocFileCache::bfcrpath(
#'     BiocFileCache::BiocFileCache(), string$address
#'   )
#' }
#' @export
musl_resources <- function() {
  as_tibble(utils::read.csv(
    text = file_lines(package_file("resources.csv")),
    colClasses = c(version = "character")
  ))
}
