# Checks of arguments. Each returns its argument invisibly, or ends in a
# `musl_error_input` that names the argument and shows its value.

check_string <- function(x, arg = caller_arg(x), allow_null = FALSE) {
  check_path(x, arg, allow_null)
  invisible(check_encoding(x, paste0("`", arg, "`"), arg))
}

# The names of files may be bytes of any encoding; R joins those of directories
# in UTF-8 alone.
check_path <- function(x, arg = caller_arg(x), allow_null = FALSE) {
  ok <- is_string(x) && !is.na(x) && nzchar(x)
  check_one(ok, x, "one non-empty string", arg, allow_null)
}

check_one <- function(ok, x, what, arg, allow_null) {
  if (!ok && !(allow_null && is.null(x))) abort_argument(arg, what, x)
  invisible(x)
}

check_whole <- function(x, min = -Inf, max = Inf, arg = caller_arg(x),
                        allow_null = FALSE) {
  ok <- is_one_number(x) && x == trunc(x) && x >= min && x <= max
  what <- paste0("one whole number", describe_range(min, max))
  check_one(ok, x, what, arg, allow_null)
  small <- ok && abs(x) <= .Machine$integer.max
  check_one(small, x, "one whole number below 2^31", arg, allow_null)
}

check_numbers <- function(x, min, max, arg = caller_arg(x), once = TRUE) {
  ok <- is_plain_number(x) && length(x) > 0 && all(is.finite(x)) &&
    all(x == trunc(x)) && all(x >= min) && all(x <= max)
  if (!ok || once && anyDuplicated(x)) {
    what <- paste0("whole numbers", describe_range(min, max))
    abort_argument(arg, paste0(what, if (once) ", each once"), x)
  }
  as.integer(x)
}

check_number <- function(x, min = -Inf, max = Inf, arg = caller_arg(x),
                         allow_null = FALSE) {
  ok <- is_one_number(x) && x >= min && x <= max
  what <- paste0("one number", describe_range(min, max))
  check_one(ok, x, what, arg, allow_null)
}

# Factors are gene names by label.
factor_names <- function(x, arg = caller_arg(x)) {
  force(arg)
  x <- if (is.factor(x)) as.character(x) else x
  check_encoding(x, paste0("`", arg, "`"), arg)
}

# Whether rows of a result have the same keys, as where several results were
# bound together; FALSE if a key was left out.
repeats_keys <- function(x, keys) {
  columns <- as.list(x)[keys]
  !any(vapply(columns, is.null, NA)) && anyDuplicated(as_tibble(columns)) > 0
}

# The names that several columns or elements have.
repeated_names <- function(x) unique(names(x)[duplicated(names(x))])

# With bytes that are no text as "<e9>": functions for text fail on them, gsub()
# too in R 4.3 and newer.
valid_text <- function(x) iconv(enc2utf8(x), "UTF-8", "UTF-8", sub = "byte")

# Text in another encoding than it says can be neither compared nor shown.
check_encoding <- function(x, what, arg) {
  bad <- if (is.character(x)) x[!validEnc(x)]
  abort_if(length(bad) > 0, c(
    "{what} must be text in UTF-8.",
    x = "{length(bad)} value{?s} in another encoding:
         {.val {valid_text(utils::head(bad, 3))}}.",
    i = "If this is Latin-1, convert it by
         {.code iconv(x, \"latin1\", \"UTF-8\")}, or read its file with
         {.code fileEncoding = \"latin1\"}."
  ), argument = arg)
  x
}

check_new_file <- function(path, overwrite) {
  abort_if(file.exists(path) && !overwrite, c(
    "{.arg path} must be a new file.",
    x = "{.file {path}} exists.",
    i = "Pass {.code overwrite = TRUE} to replace it."
  ), argument = "path")
}

check_is <- function(x, class, arg = caller_arg(x), allow_null = FALSE) {
  ok <- inherits(x, class) || (allow_null && is.null(x))
  abort_if(!ok, c(
    "{.arg {arg}} must be a {.cls {class}}.",
    x = "Found {.cls {class(x)}}."
  ), argument = arg)
  if (isS4(x) && startsWith(class(x), "Musl")) check_intact(x, arg)
  invisible(x)
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

# The columns of a table.
check_columns <- function(x, columns, arg, hint = NULL) {
  missing <- setdiff(columns, names(x))
  abort_if(length(missing) > 0, c(
    "{.arg {arg}} must have the column{cli::qty(length(columns))}{?s}
     {.field {columns}}.",
    x = "It lacks {.field {missing}}; its columns are
         {.field {few(names(x), 12)}}.",
    i = hint
  ), argument = arg)
}

check_flag <- function(x, arg = caller_arg(x), allow_null = FALSE) {
  ok <- is.logical(x) && length(x) == 1 && !is.na(x)
  check_one(ok, x, "`TRUE` or `FALSE`", arg, allow_null)
}

# As arg_match(): a vector equal to `choices` (the default in a signature) means
# its first entry.
check_choice <- function(x, choices, arg = caller_arg(x), allow_null = FALSE) {
  if (allow_null && is.null(x)) {
    return(NULL)
  }
  if (identical(x, choices)) {
    return(choices[[1]])
  }
  if (!is_string(x) || !x %in% choices) {
    what <- paste("one of", paste0("\"", choices, "\"", collapse = ", "))
    abort_argument(arg, what, x)
  }
  x
}

# Some of `choices`, each once; `what` says what else is accepted.
check_some <- function(x, choices, arg = caller_arg(x), what = "some of") {
  if (!is.character(x) || length(x) == 0 || anyDuplicated(x) ||
    !all(x %in% choices)) {
    what <- paste(what, paste0("\"", choices, "\"", collapse = ", "))
    abort_argument(arg, paste0(what, ", each once"), x)
  }
  x
}

# Numbers by name: `x`, and `defaults` for those that it does not name.
fill_numbers <- function(x, defaults, arg = caller_arg(x)) {
  given <- names2(x)
  if (!is_plain_number(x) || anyNA(x) || anyDuplicated(given) ||
    !all(given %in% names(defaults))) {
    what <- paste("numbers, each named as one of", toString(names(defaults)))
    abort_argument(arg, what, x)
  }
  replace(defaults, given, x)
}

# For a function with dots; a misspelt argument must not go unnoticed.
check_dots_empty <- function(env = caller_env()) {
  rlang::check_dots_empty(
    env = env,
    call = user_call(),
    error = function(cnd) {
      dots <- eval(quote(substitute(list(...))), env)
      given <- vapply(as.list(dots)[-1], rlang::as_label, "")
      given <- ifelse(
        nzchar(names2(given)), paste(names2(given), "=", given), given
      )
      abort_musl(c(
        "{.arg ...} must be empty.",
        x = "Not used by this function: {.code {given}}.",
        i = "Is an argument misspelt?"
      ))
    }
  )
}

# An argument without effect would surprise who gave it. `needs` is the code of
# the choice that reads it.
abort_without_effect <- function(arg, needs) {
  abort_musl(c(
    "{.arg {arg}} must be left out without {.code {needs}}.",
    x = "It has no effect otherwise."
  ), argument = arg)
}

abort_argument <- function(arg, what, x) {
  found <- describe_value(x)
  abort_musl(
    c("{.arg {arg}} must be {what}.", x = "Found {found}."),
    argument = arg
  )
}

is_one_number <- function(x) {
  is_plain_number(x) && length(x) == 1 && is.finite(x)
}

# Without their class, numbers of class integer64 are other numbers.
is_plain_number <- function(x) is.numeric(x) && !inherits(x, "integer64")

describe_range <- function(min, max) {
  if (is.finite(min) && is.finite(max)) {
    paste(" from", format(min), "to", format(max))
  } else if (is.finite(min)) {
    paste(" of at least", format(min))
  } else if (is.finite(max)) {
    paste(" of at most", format(max))
  } else {
    ""
  }
}

describe_value <- function(x) {
  if (is.null(x)) {
    return("NULL")
  }
  if (!is.atomic(x) || length(x) == 0) {
    return(paste0("an object of class <", class(x)[[1]], ">"))
  }
  if (inherits(x, "integer64")) {
    return("an object of class <integer64>, which as.numeric() converts")
  }
  first <- x[seq_len(min(3, length(x)))]
  quote <- if (is.character(x)) "\"" else ""
  text <- encodeString(as.character(first), quote = quote)
  text <- paste(ifelse(is.na(first), "NA", text), collapse = ", ")
  if (length(x) == 1) {
    return(text)
  }
  paste0(length(x), " values: ", text, if (length(x) > 3) ", ..." else "")
}

# The path of a file that the package brings.
package_file <- function(name) {
  system.file("extdata", name, package = "MuSL", mustWork = TRUE)
}

# Without loading it, which takes seconds for some.
is_installed <- function(package) nzchar(system.file(package = package))

# An S4 object read from a file does not load the package of its class, without
# which even dim() fails on it.
load_class_package <- function(x) {
  package <- attr(class(x), "package")
  if (is_string(package) && !package %in% c(".GlobalEnv", "MuSL")) {
    abort_if(!requireNamespace(package, quietly = TRUE), c(
      "Package {.pkg {package}} must be installed to read this object.",
      x = "It defines the class {.cls {class(x)}}."
    ))
  }
  invisible(x)
}

# The rows that `f` makes of each element, one behind the other.
bind_each <- function(x, f, ...) do.call(rbind, lapply(x, f, ...))

# Strings in byte order, whatever the locale.
sort_bytes <- function(x) sort(enc2utf8(as.character(x)), method = "radix")

unique_bytes <- function(x) sort_bytes(unique(enc2utf8(as.character(x))))

# A whole number for the core: the user's, or one drawn from R's generator, so
# that a seed set in the session makes the run repeatable.
draw_seed <- function(seed, arg = caller_arg(seed)) {
  if (is.null(seed)) {
    return(sample.int(.Machine$integer.max, 1L))
  }
  check_whole(seed, 0, .Machine$integer.max, arg = arg)
  as.integer(seed)
}

# Evaluates `expr` with `seed` and restores the state of R's generator.
with_seed_kept <- function(seed, expr) {
  withr::with_seed(
    seed, expr,
    .rng_kind = "Mersenne-Twister",
    .rng_normal_kind = "Inversion",
    .rng_sample_kind = "Rejection"
  )
}

# The values of a table's column must not be lists; `what` names one value.
check_one_a_row <- function(values, column, what, arg) {
  abort_if(!is.atomic(values), c(
    "Column {.field {column}} of {.arg {arg}} must have one {what} per row.",
    x = "Found {.cls {class(values)}}."
  ), argument = arg)
}

nan_to_na <- function(x) {
  x[is.nan(x)] <- NA_real_
  x
}

# A matrix is one block; others have blocks small enough to be dense.
row_blocks <- function(x, rows) {
  if (is.matrix(x) || length(rows) == 0) {
    return(list(rows))
  }
  unname(split(rows, (seq_along(rows) - 1) %/% 1000))
}

# Equal rows of a table get the same number, 1, 2, ... in order of appearance.
row_numbers <- function(x) {
  id <- rep(1L, nrow(x))
  for (column in x) {
    values <- unique(column)
    # Doubles hold the product, which is small because ids are renumbered.
    id <- (id - 1) * length(values) + match(column, values)
    id <- match(id, unique(id))
  }
  id
}

# A classed error that lists all faults of an invalid object.
check_intact <- function(object, arg = caller_arg(object)) {
  # A new session that read it from a file would print all rows of its tables.
  loadNamespace("tibble")
  faults <- methods::validObject(object, test = TRUE)
  if (isTRUE(faults)) {
    return(invisible(object))
  }
  abort_musl(c(
    "{.arg {arg}} must be a valid {.cls {class(object)}}.",
    set_names(without_markup(faults), rep("x", length(faults))),
    i = "Make or read it again."
  ), argument = arg, faults = faults)
}

# sample() without its special case for vectors of length one.
sample_some <- function(x, size = length(x)) {
  x[sample.int(length(x), min(size, length(x)))]
}

# Letters of ASCII in lower or upper case, in each locale alike: in Turkish
# tolower("I") is no "i". Other letters stay as they are.
fold_case <- function(x) {
  chartr(paste(LETTERS, collapse = ""), paste(letters, collapse = ""),
    valid_text(as.character(x))
  )
}

raise_case <- function(x) {
  chartr(paste(letters, collapse = ""), paste(LETTERS, collapse = ""),
    valid_text(as.character(x))
  )
}

# f of the values of each group that are finite, NA if there is none.
each_group <- function(x, id, n, f) {
  x[!is.finite(x)] <- NA
  out <- x[match(seq_len(n), id)]
  several <- which(id %in% id[duplicated(id)] & !is.na(x))
  out[unique(id[id %in% id[duplicated(id)]])] <- NA
  values <- split(x[several], id[several])
  out[as.integer(names(values))] <- vapply(values, f, 0)
  out
}

# Ids as text: 100000, not 1e+05.
id_text <- function(x) {
  x <- plain_numbers(x)
  text <- as.character(x)
  if (is.double(x)) {
    known <- !is.na(x)
    text[known] <- format(x[known],
      scientific = FALSE, trim = TRUE, drop0trailing = TRUE, digits = 15
    )
  }
  text
}
