# Shared by the readers of files. The core reads; here columns are recognised
# by name and repairs are reported.

check_file <- function(path, arg = caller_arg(path), call = caller_env()) {
  check_path(path, arg = arg, call = call)
  path <- path.expand(path)
  abort_if(!file.exists(path), c(
    "{.arg {arg}} must name a file.",
    x = "There is no {.file {path}}.",
    i = "The working directory is {.file {getwd()}}."
  ), argument = arg, call = call)
  abort_if(dir.exists(path), c(
    "{.arg {arg}} must name a file, not a directory.",
    x = "{.file {path}} is a directory."
  ), argument = arg, call = call)
  check_regular(path, arg, call)
}

# Pipes and devices may never end.
check_regular <- function(path, arg, call) {
  abort_if(!with_core(cpp_is_regular_file(path), call), c(
    "{.arg {arg}} must name a regular file.",
    x = "{.file {path}} is a pipe or a device.",
    i = "Write its output to a file first."
  ), argument = arg, call = call)
  path
}

check_files <- function(path, arg = caller_arg(path), call = caller_env()) {
  if (!is.character(path) || length(path) == 0 || anyNA(path)) {
    abort_argument(arg, "the path of a file", path, call)
  }
  set_names(
    vapply(path, check_file, "", arg = arg, call = call, USE.NAMES = FALSE),
    names(path)
  )
}

# The same name for every spelling: "DepMap_ID", "DepMap ID", "depmap_id".
squash_name <- function(x) {
  gsub("[^a-z0-9]", "", tolower(valid_text(as.character(x))))
}

# Squashed names of columns of a gene's identifiers.
id_column_names <- c(
  "", "id", "ids", "identifier", "name", "names", "index", "rowname",
  "rownames", "key", "gene", "genes", "geneid", "geneids", "genename",
  "genenames", "symbol", "symbols", "genesymbol", "hgncsymbol", "hgncid",
  "hugosymbol", "entrez", "entrezid", "entrezgene", "entrezgeneid", "ncbiid",
  "ncbigeneid", "ensembl", "ensemblid", "ensemblgeneid", "ensg", "targetid",
  "feature", "featureid", "probe", "probeid", "transcript",
  "transcriptid", "protein", "proteins", "proteinid", "uniprot", "uniprotid",
  "accession", "entry", "unnamed0", "x"
)

# A first line of numbers beside a name that no column of identifiers has is
# rather a row. `first` is the field of the identifier, `numbers` the others.
check_is_header <- function(first, numbers, path, call) {
  number <- suppressWarnings(as.numeric(numbers))
  unclear <- length(numbers) > 0 && !anyNA(number) &&
    !squash_name(first) %in% id_column_names
  abort_file_if(unclear, path, 1, c(
    x = "It is not clear whether this line is a header or a row:
         {.val {few(c(first, numbers), 4)}}.",
    i = "If it is a row, put a header before it; if it is a header, call its
         first column {.val id}."
  ), call)
}

# Position of the first of `accepted`, squashed names in order of preference,
# among the names of columns; NA if there is none.
find_column <- function(names, accepted) {
  found <- match(accepted, squash_name(names))
  found[!is.na(found)][1]
}

# A defect of a file that the core accepted: its place, then problem and remedy.
abort_file <- function(path, line, lines, call, .envir = parent.frame()) {
  where <- if (is.null(line)) "" else paste0(", line ", line)
  where <- gsub("([{}])", "\\1\\1", paste0("\"", path, "\"", where))
  abort_musl(
    c(paste0("File ", where, ": can't be read."), lines),
    "format",
    file = path, line = line, call = call, .envir = .envir
  )
}

abort_file_if <- function(condition, path, line, lines, call,
                          .envir = parent.frame()) {
  if (condition) abort_file(path, line, lines, call, .envir)
}

# How files write missing values.
missing_texts <- c("", "NA", "N/A", "NaN", "nan", "-", "null", "NULL", "None")

missing_to_na <- function(x) {
  x[x %in% missing_texts] <- NA_character_
  x
}

# Values of a user's column as text. Only blanks are missing there: "None" may
# be a treatment.
blank_to_na <- function(x) {
  x <- as.character(x)
  x[!nzchar(trimws(x))] <- NA_character_
  x
}

# Whether numbers have a decimal comma.
is_comma_number <- function(x) {
  grepl("^[-+]?[0-9]+,[0-9]+([eE][-+]?[0-9]+)?$", x)
}

# Numbers with a decimal comma get a point, if all are numbers then and none has
# a point already: beside 999.5, 1,234 is more than a thousand.
with_point <- function(text) {
  if (!any(grepl(",", text, fixed = TRUE))) {
    return(text)
  }
  comma <- is_comma_number(text)
  others <- text[!comma]
  number <- suppressWarnings(as.numeric(others))
  all_numbers <- identical(is.na(number), is.na(others))
  if (all_numbers && !any(grepl(".", others, fixed = TRUE))) {
    text[comma] <- sub(",", ".", text[comma], fixed = TRUE)
  }
  text
}

# f(x) for a function that treats each text alone, called once per distinct
# text: columns of tables repeat theirs.
each_once <- function(x, f) {
  known <- unique(x)
  f(known)[match(x, known)]
}

trim_or_na <- function(x) each_once(x, function(x) missing_to_na(trimws(x)))

# Those of the texts, named as the numbers in `n`, whose number is not 0.
told_repairs <- function(n, texts) {
  unname(texts[vapply(n[names(texts)], function(x) x > 0, NA)])
}

# Reports all repairs in one message. `lines` are cli texts, evaluated in the
# caller's frame.
tell_repairs <- function(lines, report, where, .envir = parent.frame()) {
  inform_if(
    length(lines) > 0,
    c(paste0("Some of what was read was repaired; ", where, "."),
      set_names(lines, rep("*", length(lines)))
    ),
    "report",
    report = report, .envir = .envir
  )
}

# The first values from a file, safe to show in messages: a field may have
# megabytes, or characters that a terminal would execute.
few <- function(x, n = 3) {
  x <- valid_text(as.character(utils::head(x, n)))
  x <- gsub("[[:cntrl:]]", "?", x)
  long <- !is.na(x) & nchar(x) > 40
  x[long] <- paste0(substr(x[long], 1, 40), "...")
  x
}

# Checks for a suggested package.
check_installed <- function(package, purpose, call) {
  if (!is_installed(package)) abort_not_installed(package, purpose, call)
}

abort_not_installed <- function(package, purpose, call) {
  abort_musl(c(
    "Package {.pkg {package}} must be installed {purpose}.",
    i = "Install it from your distribution, CRAN or Bioconductor."
  ), argument = package, call = call)
}

is_number <- function(x) grepl("^[0-9]+$", x)

# For a zip archive some bytes, which are no text.
first_line <- function(path) {
  suppressWarnings(readLines(path, n = 1, skipNul = TRUE))
}
