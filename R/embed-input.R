# Reads proteins from any kind of input: list(name, label, sequence), cleaned
# and checked. `name` identifies a protein, `label` is its whole header.

# With `distinct = FALSE` several may have one name.
read_proteins <- function(x, arg = caller_arg(x), call = caller_env(),
                          distinct = TRUE) {
  load_class_package(x)
  raw <- if (inherits(x, "AAStringSet")) {
    list(name = names(x), sequence = unname(as.character(x)))
  } else if (is_string(x) && is.null(names(x)) && !is.na(x)) {
    read_fasta(x, arg, call)
  } else if (is.character(x)) {
    list(name = names(x), sequence = unname(x))
  } else {
    abort_musl(c(
      "{.arg {arg}} must be an {.cls AAStringSet}, a character vector with names
       or the path of a FASTA file.",
      x = "Found {.cls {class(x)}}."
    ), argument = arg, call = call)
  }
  check_proteins(raw, arg, call)
  label <- enc2utf8(raw$name)
  name <- sub("[[:space:]].*$", "", label)
  check_protein_names(name, arg, call, distinct)
  sequence <- with_core(cpp_clean_sequences(name, raw$sequence), call = call)
  list(name = name, label = label, sequence = sequence)
}

check_proteins <- function(raw, arg, call) {
  if (length(raw$sequence) == 0) {
    abort_musl(c(
      "{.arg {arg}} must hold at least one protein.", x = "It is empty."
    ), argument = arg, call = call)
  }
  if (is.null(raw$name)) {
    abort_musl(c(
      "{.arg {arg}} must name its proteins.",
      x = "It has {length(raw$sequence)} sequence{?s} without names."
    ), argument = arg, call = call)
  }
  lost <- which(is.na(raw$sequence))
  if (length(lost) > 0) {
    abort_musl(c(
      "{.arg {arg}} must not hold missing sequences.",
      x = "{length(lost)} {?is/are} {.code NA}:
           {.val {few(raw$name[lost])}}."
    ), argument = arg, proteins = raw$name[lost], call = call)
  }
}

check_protein_names <- function(name, arg, call, distinct) {
  unnamed <- which(is.na(name) | !nzchar(name))
  if (length(unnamed) > 0) {
    abort_musl(c(
      "{.arg {arg}} must name each protein.",
      x = "{length(unnamed)} without a name: number
           {utils::head(unnamed, 3)}."
    ), argument = arg, call = call)
  }
  twice <- unique(name[duplicated(name)])
  if (distinct && length(twice) > 0) {
    abort_musl(c(
      "{.arg {arg}} must name each protein once.",
      x = "{length(twice)} name{?s} occur{?s/} more than once:
           {.val {few(twice)}}.",
      i = "Only the part of a name before the first blank counts. Make names
           unique, for example with {.fn make.unique}; functions that return one
           row per gene take the gene of each protein in {.code genes =}."
    ), argument = arg, proteins = twice, call = call)
  }
}

read_fasta <- function(path, arg, call) {
  path <- path.expand(path)
  if (!with_core(cpp_is_regular_file(path))) {
    abort_musl(c(
      "{.arg {arg}} must be a FASTA file.",
      x = "There is no file {.file {path}}.",
      i = "Pass sequences with names: {.code c(P53 = \"MEEPQ...\")}."
    ), argument = arg, call = call)
  }
  tryCatch(
    with_core(cpp_read_fasta(path), call = call),
    musl_error_format = function(cnd) {
      abort_musl(
        c("Can't read {.file {path}}.", x = "{conditionMessage(cnd)}"),
        "format",
        path = path, call = call
      )
    }
  )
}
