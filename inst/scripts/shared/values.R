# The value of an option, checked before any work.

convert_option <- function(text, name, type) {
  if (length(type) > 1L) {
    return(match_choice(text, name, type))
  }
  switch(type,
    flag = TRUE,
    file = check_path(text, name, dir.exists(text) || !file.exists(text)),
    directory = check_path(text, name, !dir.exists(text)),
    named = check_named(text, name),
    text = if (nzchar(text)) text else stop_usage("--", name, " is empty"),
    words = trimws(strsplit(text, ",", fixed = TRUE)[[1L]]),
    out = check_out(text, name),
    saved = check_saved(text, name),
    plot = check_plot(text, name),
    folder = check_out(text, name, folder = TRUE),
    whole = read_number(text, name, "^[0-9]{1,9}$", "a whole number"),
    number = read_number(
      text, name, "^-?[0-9]*[.]?[0-9]+([eE]-?[0-9]+)?$", "a number"
    )
  )
}

match_choice <- function(text, name, choices) {
  at <- match(tolower(text), tolower(choices))
  if (is.na(at)) {
    stop_usage(
      "--", name, " must be ", paste(choices, collapse = " or "), ", not '",
      text, "'"
    )
  }
  choices[[at]]
}

read_number <- function(text, name, pattern, what) {
  if (!grepl(pattern, text)) {
    stop_usage("--", name, " must be ", what, ", not '", text, "'")
  }
  as.numeric(text)
}

check_path <- function(text, name, absent) {
  if (absent || file.access(text, 4L) != 0L) {
    stop_usage("--", name, ": cannot read '", text, "'")
  }
  text
}

# FILE, or NAME=FILE if the header does not identify the content.
check_named <- function(text, name) {
  file <- unname(named_files(text))
  check_path(file, name, dir.exists(file) || !file.exists(file))
  text
}

# c("effect=a.csv", "b.csv") -> c(effect = "a.csv", "b.csv"); no names if none
# is given.
named_files <- function(texts) {
  named <- !file.exists(texts) & grepl("^[a-z_]+=", texts)
  if (!any(named)) {
    return(texts)
  }
  stats::setNames(
    ifelse(named, sub("^[a-z_]+=", "", texts), texts),
    ifelse(named, sub("=.*$", "", texts), "")
  )
}

# Its other names; a file would be moved to such a name.
standard_output <- c("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")

check_out <- function(text, name, folder = FALSE) {
  if (!nzchar(text)) stop_usage("--", name, " is empty")
  if (text %in% c("-", standard_output) && !folder) {
    return("-")
  }
  if (grepl("[.]xlsx?$", text, ignore.case = TRUE)) {
    stop_usage("--", name, " must end in .csv or .tsv, not '", text, "'")
  }
  if (dir.exists(text) && !folder) {
    stop_usage("--", name, " must be a file, but '", text, "' is a folder")
  }
  parent <- dirname(text)
  if (!dir.exists(parent)) {
    stop_usage("--", name, ": there is no folder '", parent, "'")
  }
  if (file.access(parent, 2L) != 0L) {
    stop_usage("--", name, ": cannot write to '", parent, "'")
  }
  text
}

check_saved <- function(text, name) {
  if (text %in% c("-", standard_output)) {
    stop_usage("--", name, " must be a file, not the standard output")
  }
  check_out(text, name)
}

# ggplot2 takes the format from the name.
check_plot <- function(text, name) {
  if (!grepl("[.](png|pdf|svg|jpe?g|tiff?)$", text, ignore.case = TRUE)) {
    stop_usage("--", name, " must end in .png, .pdf or .svg, not '", text, "'")
  }
  check_out(text, name)
}
