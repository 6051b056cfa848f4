# Where and how one operator or constant of a C++ or R file can be changed.
# Sourced by mutate.R. A place is a row: file, line, column, from, to.

blank <- function(text) strrep(" ", nchar(text))

# The text of a C++ file with comments, strings, characters and directives
# blanked, in lines of the same width.
mask_cpp <- function(lines) {
  text <- paste(lines, collapse = "\n")
  pattern <- paste(
    "(?m)//[^\n]*", "/\\*(?s:.*?)\\*/", "R\"\\((?s:.*?)\\)\"",
    "\"(?:\\\\.|[^\"\\\\\n])*\"", "'(?:\\\\.|[^'\\\\\n])'", "^[ \t]*#[^\n]*",
    sep = "|"
  )
  hits <- gregexpr(pattern, text, perl = TRUE)
  regmatches(text, hits) <- list(vapply(
    regmatches(text, hits)[[1]], function(x) gsub("[^\n]", " ", x), ""
  ))
  strsplit(text, "\n", fixed = TRUE)[[1]]
}

# Declarations, and calls that only reserve memory.
cpp_left_alone <- paste(
  "^\\s*(template|using|static_assert|namespace|typedef)\\b",
  "\\.reserve\\(|madvise\\(|operator",
  sep = "|"
)

doubled <- function(text) {
  value <- as.numeric(text)
  if (value == 0) return(sub("0(?!.*0)", "1", text, perl = TRUE))
  format(2 * value, digits = 15, scientific = value < 1e-4)
}

# Binary operators stand between spaces, or end a line, as clang-format has it.
binary <- function(operator) {
  paste0("(?<= )", gsub("([+*/|])", "\\\\\\1", operator), "(?= |$)")
}
swapped <- c(
  "<" = "<=", "<=" = "<", ">" = ">=", ">=" = ">", "==" = "!=", "!=" = "==",
  "+" = "-", "-" = "+", "*" = "/", "/" = "*", "%" = "/", "&&" = "||",
  "||" = "&&", "+=" = "-=", "-=" = "+=", "*=" = "/=", "/=" = "*="
)
cpp_changes <- c(
  Map(function(from, to) list(binary(from), function(x) to),
    names(swapped), swapped
  ),
  list(
    list("\\btrue\\b", function(x) "false"),
    list("\\bfalse\\b", function(x) "true"),
    list("!(?=[\\w(*])", function(x) ""),
    list("std::min\\b", function(x) "std::max"),
    list("std::max\\b", function(x) "std::min"),
    list("(?<![\\w.])0(?![\\w.'])", function(x) "1"),
    list("(?<![\\w.])1(?![\\w.'])", function(x) "0"),
    list("(?<![\\w.])(?:[2-9]|[1-9]\\d+)(?![\\w.'])", doubled),
    list("(?<![\\w.])\\d+\\.\\d*(?:[eE][-+]?\\d+)?(?![\\w.])", doubled),
    list("(?<=[\\w)])\\[\\w+\\](?!\\s*[({;]|\\])", function(x) {
      sub("]", " + 1]", x, fixed = TRUE)
    })
  )
)

places_of_lines <- function(file, masked, change) {
  hits <- gregexpr(change[[1]], masked, perl = TRUE)
  found <- which(vapply(hits, `[[`, 1L, 1L) > 0L)
  do.call(rbind, lapply(found, function(line) {
    from <- regmatches(masked[[line]], hits[line])[[1]]
    data.frame(
      file = file, line = line, column = as.integer(hits[[line]]),
      from = from, to = vapply(from, change[[2]], ""), top = NA_integer_
    )
  }))
}

# Texts are only joined, so that a change of their `+` never compiles.
joins_text <- function(places, lines) {
  near <- paste0(
    substring(lines[places$line], places$column - 2L, places$column + 2L),
    ifelse(places$column >= nchar(lines[places$line]),
      substr(trimws(lines[places$line + 1L]), 1L, 1L), ""
    )
  )
  text <- grepl("[\"']", near) | grepl("to_string", lines[places$line])
  text & places$from %in% c("+", "+=")
}

cpp_places <- function(tree, rooms) {
  files <- list.files(file.path(tree, "src/core"), "[.]cpp$", recursive = TRUE)
  room <- sub("/.*", "", files)
  files <- file.path("src/core", files[grepl(rooms, room, perl = TRUE)])
  do.call(rbind, lapply(files, function(file) {
    lines <- readLines(file.path(tree, file))
    masked <- mask_cpp(lines)
    masked[grepl(cpp_left_alone, masked)] <- ""
    places <- do.call(rbind, lapply(cpp_changes, function(change) {
      places_of_lines(file, masked, change)
    }))
    places <- places[!joins_text(places, lines), ]
    places$text <- lines[places$line]
    places
  }))
}

# R -------------------------------------------------------------------------

r_swapped <- c(
  swapped[c("<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "&&", "||")],
  "&" = "|", "|" = "&", "TRUE" = "FALSE", "FALSE" = "TRUE", "!" = "",
  min = "max", max = "min", pmin = "pmax", pmax = "pmin", any = "all",
  all = "any"
)
r_tokens <- c(
  "LT", "LE", "GT", "GE", "EQ", "NE", "'+'", "'-'", "'*'", "'/'", "AND", "OR",
  "AND2", "OR2", "'!'", "NUM_CONST", "SYMBOL_FUNCTION_CALL"
)

r_change <- function(text) {
  if (text %in% names(r_swapped)) return(r_swapped[[text]])
  if (text == "1L") return("0L")
  if (!grepl("^[0-9.]+([eE][-+]?[0-9]+)?L?$", text)) return(NA_character_)
  suffix <- if (endsWith(text, "L")) "L" else ""
  paste0(doubled(sub("L$", "", text)), suffix)
}

# Rows of getParseData() that are the FUN.VALUE of a vapply(): only its type
# counts, which no change alters.
only_types <- function(data) {
  is_name <- data$token == "SYMBOL_FUNCTION_CALL" & data$text == "vapply"
  calls <- data$parent[match(data$parent[is_name], data$id)]
  literal <- data$parent[data$token == "NUM_CONST"]
  given <- unlist(lapply(calls, function(call) {
    parts <- data[data$parent == call & data$token != "','", ]
    is_value <- parts$token %in% c("expr", "FUNCTION")
    named <- c("", utils::head(parts$token, -1)) == "EQ_SUB"
    unnamed <- parts$id[is_value & !named]
    # After the name, X and FUN.
    intersect(unnamed[4], literal)
  }))
  data$parent %in% given & data$token == "NUM_CONST"
}

# Which expression of a file defines a function, and its name.
defined_name <- function(expression) {
  if (!is.call(expression) || length(expression) != 3L) return(NA_character_)
  is_function <- identical(expression[[1]], quote(`<-`)) &&
    is.name(expression[[2]]) && is.call(expression[[3]]) &&
    identical(expression[[3]][[1]], quote(`function`))
  if (is_function) as.character(expression[[2]]) else NA_character_
}

r_file_places <- function(tree, file) {
  lines <- readLines(file.path(tree, file))
  parsed <- parse(text = lines, keep.source = TRUE)
  data <- utils::getParseData(parsed)
  srcref <- attr(parsed, "srcref")
  drawn <- data$terminal & data$token %in% r_tokens & !only_types(data)
  tokens <- data[drawn, ]
  to <- vapply(tokens$text, r_change, "")
  first <- vapply(srcref, `[[`, 1L, 1L)
  top <- findInterval(tokens$line1, first)
  named <- !is.na(vapply(as.list(parsed), defined_name, ""))
  kept <- !is.na(to) & top > 0L & c(FALSE, named)[top + 1L]
  data.frame(
    file = rep(file, sum(kept)), line = tokens$line1[kept],
    column = tokens$col1[kept], from = tokens$text[kept], to = to[kept],
    top = top[kept], text = lines[tokens$line1[kept]]
  )
}

r_places <- function(tree) {
  files <- setdiff(
    list.files(file.path(tree, "R"), "[.]R$"),
    c("RcppExports.R", "zzz.R", "MuSL-package.R")
  )
  do.call(rbind, lapply(file.path("R", files), r_file_places, tree = tree))
}

# All places in the order in which they are drawn, which comes from what stands
# there: a change of other lines leaves the draw. Adds `key`, a hash.
drawn <- function(places, seed) {
  places <- unique(places)
  places <- places[order(places$file, places$line, places$column), ]
  indent <- regexpr("\\S", places$text)
  what <- paste(
    seed, places$file, trimws(places$text), places$column - indent, places$to,
    sep = "\n"
  )
  # The same line may stand twice in a file.
  nth <- stats::ave(seq_along(what), what, FUN = seq_along)
  places$key <- cli::hash_sha256(paste(what, nth, sep = "\n"))
  places <- places[order(places$key), ]
  row.names(places) <- NULL
  places
}

mutated_line <- function(line, place) {
  paste0(
    substr(line, 1L, place$column - 1L), place$to,
    substr(line, place$column + nchar(place$from), nchar(line))
  )
}
