# Every argument that takes one value, given one of another kind, none, two, or
# one out of its documented range: a condition that names the argument.

not_one_value <- list(
  "none" = logical(), "two" = c("a", "b"), "a list" = list(1),
  "a factor" = factor("1"), "a function" = mean, "a formula" = y ~ x,
  "an environment" = globalenv(), "a table" = data.frame(a = 1),
  "missing" = NA, "a symbol" = quote(a), "bytes" = as.raw(1),
  "an array" = array(1, c(1, 1, 2))
)

wrong_values <- list(
  number = c(not_one_value, list(
    "text" = "a", "a number as text" = "1", "TRUE" = TRUE, "NaN" = NaN,
    "infinite" = Inf, "minus infinite" = -Inf, "two numbers" = c(.1, .2),
    "a complex number" = 1i, "a missing number" = NA_real_
  )),
  flag = c(not_one_value, list(
    "TRUE as text" = "TRUE", "1" = 1, "yes" = "yes",
    "two flags" = c(TRUE, FALSE)
  )),
  choice = c(not_one_value, list(
    "empty" = "", "unknown" = "no such", "a number" = 1, "TRUE" = TRUE,
    "missing text" = NA_character_, "letters of two choices" = "AB"
  )),
  string = c(not_one_value, list(
    "empty" = "", "a number" = 1, "TRUE" = TRUE,
    "missing text" = NA_character_
  ))
)
wrong_values$column <- wrong_values$choice
wrong_values$column$`a number` <- 99
# `Inf` means any.
wrong_values$share <- wrong_values$number
wrong_values$share$infinite <- NULL
wrong_values$whole <- c(
  wrong_values$number, list("a half" = 1.5, "large" = 1e300)
)
wrong_values$rank <- wrong_values$whole
wrong_values$rank$infinite <- NULL

# `kind` of each argument; of numbers, what is out of range.
with_range <- function(kind, ...) list(kind = kind, out = c(...))
whole <- function(...) with_range("whole", ...)
number <- function(...) with_range("number", ...)
share <- function(...) with_range("share", ...)
rank <- function(...) with_range("rank", ...)
flag <- with_range("flag")
choice <- function(...) with_range("choice", ...)
string <- with_range("string")
# A column, by its name or its number.
column <- function(...) with_range("column", ...)

wrong_for <- function(argument) {
  out <- as.list(argument$out)
  names(out) <- vapply(out, format, "")
  c(wrong_values[[argument$kind]], out)
}

# `call(argument = value)` of each argument and wrong value of it.
expect_arguments_refused <- function(name, call, arguments,
                                     kinds = "input") {
  for (argument in names(arguments)) {
    values <- wrong_for(arguments[[argument]])
    for (case in names(values)) {
      given <- stats::setNames(values[case], argument)
      expect_no_object(paste0(name, "(", argument, "): ", case),
        do.call(call, given, quote = TRUE), kinds, argument
      )
    }
  }
}

# f(...) of these arguments unless others are given.
given <- function(f, ...) {
  good <- list(...)
  function(...) {
    arguments <- utils::modifyList(good, list(...), keep.null = TRUE)
    do.call(f, arguments, quote = TRUE)
  }
}
