# Errors of the package, by their kind.
expect_input_error <- function(...) {
  expect_error(..., class = "musl_error_input")
}
expect_gene_error <- function(...) {
  expect_error(..., class = "musl_error_gene")
}
expect_leakage_error <- function(...) {
  expect_error(..., class = "musl_error_leakage")
}
expect_format_error <- function(...) {
  expect_error(..., class = "musl_error_format")
}
expect_musl_warning <- function(...) {
  expect_warning(..., class = "musl_warning_other")
}

# Ways to damage a file of text; each takes the lines of a good one and gives
# the bytes of a bad one. Names say what is wrong.

text_bytes <- function(lines) {
  charToRaw(paste0(paste(lines, collapse = "\n"), "\n"))
}

gzip_bytes <- function(bytes) {
  path <- withr::local_tempfile()
  con <- gzfile(path, "wb")
  writeBin(bytes, con)
  close(con)
  readBin(path, "raw", file.size(path))
}

# Text that deflates too little to be whole after half of it.
long_text <- function(lines) {
  text_bytes(c(lines, rep(utils::tail(lines, 1), 50)))
}

utf16_bytes <- function(lines) {
  text <- paste0(paste(lines, collapse = "\n"), "\n")
  c(as.raw(c(0xff, 0xfe)), iconv(text, "UTF-8", "UTF-16LE", toRaw = TRUE)[[1]])
}

damages <- list(
  "empty file" = function(lines) raw(),
  "blank lines alone" = function(lines) text_bytes(c("", "", "")),
  "header alone" = function(lines) text_bytes(lines[[1]]),
  "login page" = function(lines) {
    text_bytes(c("<!DOCTYPE html>", "<html><body>Sign in</body></html>"))
  },
  "licence page in lower case" = function(lines) {
    text_bytes(c("", "  <html>", "<p>Terms, conditions</p>"))
  },
  "XML error of a server" = function(lines) {
    text_bytes(c("<?xml version=\"1.0\"?>", "<Error>AccessDenied</Error>"))
  },
  "page packed by gzip" = function(lines) {
    gzip_bytes(text_bytes(c("<!doctype HTML>", "<html></html>")))
  },
  "pointer of git lfs" = function(lines) {
    text_bytes(c("version https://git-lfs.github.com/spec/v1", "oid sha256:0"))
  },
  "truncated gzip" = function(lines) {
    bytes <- gzip_bytes(long_text(lines))
    utils::head(bytes, floor(length(bytes) / 2))
  },
  "gzip without its last bytes" = function(lines) {
    utils::head(gzip_bytes(long_text(lines)), -5)
  },
  "damaged gzip" = function(lines) {
    bytes <- gzip_bytes(long_text(lines))
    at <- length(bytes) - 6
    bytes[[at]] <- xor(bytes[[at]], as.raw(0x55))
    bytes
  },
  "text behind gzip" = function(lines) {
    c(gzip_bytes(text_bytes(lines)), charToRaw("tail"))
  },
  "gzip in gzip" = function(lines) gzip_bytes(gzip_bytes(text_bytes(lines))),
  "zip of two members" = function(lines) {
    zip_bytes(list(a.csv = text_bytes(lines), b.csv = text_bytes(lines)))
  },
  "zip of nothing" = function(lines) {
    utils::head(zip_bytes(list(a = raw())), 40)
  },
  "zip that leads out" = function(lines) {
    zip_bytes(list("../../a.csv" = text_bytes(lines)))
  },
  "zip of an absolute path" = function(lines) {
    zip_bytes(list("/etc/a.csv" = text_bytes(lines)))
  },
  "zip with a password" = function(lines) {
    zip_bytes(list(a.csv = text_bytes(lines)), flags = 1)
  },
  "zip of an unknown method" = function(lines) {
    zip_bytes(list(a.csv = text_bytes(lines)), method = 99)
  },
  "truncated zip" = function(lines) {
    utils::head(zip_bytes(list(a.csv = text_bytes(lines))), -30)
  },
  "workbook" = function(lines) {
    zip_bytes(list(
      "[Content_Types].xml" = text_bytes("<x/>"),
      "xl/workbook.xml" = text_bytes("<x/>")
    ))
  },
  "old workbook" = function(lines) as.raw(c(0xd0, 0xcf, 0x11, 0xe0, 1:9)),
  "HDF5" = function(lines) c(as.raw(0x89), charToRaw("HDF\r\n"), as.raw(26)),
  "Parquet" = function(lines) c(charToRaw("PAR1"), as.raw(1:20)),
  "PDF" = function(lines) charToRaw("%PDF-1.7\n1 0 obj\n"),
  "bzip2" = function(lines) c(charToRaw("BZh91AY"), as.raw(1:20)),
  "xz" = function(lines) c(as.raw(0xfd), charToRaw("7zXZ"), as.raw(0:9)),
  "zero byte" = function(lines) {
    c(text_bytes(lines), charToRaw("a"), as.raw(0), charToRaw("b\n"))
  },
  "half a character of UTF-16" = function(lines) {
    utils::head(utf16_bytes(lines), -1)
  },
  "half a pair of UTF-16" = function(lines) {
    c(utf16_bytes(lines), as.raw(c(0x3d, 0xd8, 0x61, 0)))
  },
  "row with a field too many" = function(lines) {
    text_bytes(c(lines, paste0(utils::tail(lines, 1), mark_of(lines), "9"),
      utils::tail(lines, 1)
    ))
  },
  "truncated first row" = function(lines) {
    cut <- sub(paste0("[", mark_of(lines), "].*"), "", lines[[2]])
    text_bytes(c(lines[[1]], cut, lines[-1]))
  },
  "truncated last row" = function(lines) {
    last <- utils::tail(lines, 1)
    text_bytes(c(lines, sub(paste0("[", mark_of(lines), "].*"), "", last)))
  }
)

# Damages that no layout of rows makes good: those of the file as a whole.
table_damages <- c(
  "header alone", "row with a field too many", "truncated first row",
  "truncated last row"
)
file_damages <- damages[setdiff(names(damages), table_damages)]
# One of each kind: readers of text share what finds the others.
usual_damages <- damages[c(
  "empty file", "login page", "truncated gzip", "workbook", "zero byte",
  "half a character of UTF-16", table_damages
)]

# Nothing that a refusal leaves behind: files open in R or in the core.
open_files <- function() {
  fds <- if (dir.exists("/proc/self/fd")) length(list.files("/proc/self/fd"))
  c(length(getAllConnections()), fds)
}

# No more are open than `before`, once what nobody holds is closed: that takes
# long where much is in memory.
leaves_no_file <- function(before) {
  if (!identical(open_files(), before)) gc()
  all(open_files() <= before)
}

mark_of <- function(lines) {
  marks <- c("\t", ",", " ")
  last <- utils::tail(lines, 1)
  marks[vapply(marks, grepl, TRUE, x = last, fixed = TRUE)][[1]]
}

# The condition of a refusal, or NULL.
caught <- function(expr) {
  tryCatch(
    {
      suppressMessages(expr)
      NULL
    },
    musl_error = identity
  )
}

# What became of a malformed input: the condition, warnings, whether a value
# came out, and whether files stayed open.
refusal <- function(expr) {
  before <- open_files()
  value <- NULL
  warned <- character()
  cnd <- tryCatch(
    withCallingHandlers(
      {
        value <- suppressMessages(expr)
        NULL
      },
      warning = function(w) {
        warned <<- c(warned, conditionMessage(w))
        tryInvokeRestart("muffleWarning")
      }
    ),
    error = identity
  )
  list(
    cnd = cnd, value = !is.null(value), warned = warned,
    open = !leaves_no_file(before)
  )
}

# What is wrong with a refusal, in words, or none. `kinds` are those of its
# class; it names `argument` (NULL: none), or the file of that name.
faults_of <- function(found, kinds, argument = NULL) {
  if (is.null(found$cnd)) {
    return("it passed")
  }
  flat <- function(x) gsub("\\s+", "", paste(x, collapse = ""))
  named <- is.null(argument) || identical(found$cnd$argument, argument) ||
    grepl(flat(argument), flat(conditionMessage(found$cnd)), fixed = TRUE)
  wrong <- c(
    "its class" = !inherits(found$cnd, paste0("musl_error_", kinds)),
    "what it names" = !named, "a value" = found$value,
    "a warning" = length(found$warned) > 0, "an open file" = found$open
  )
  names(wrong)[wrong]
}

# `expr` ends in a condition of `class` that names `argument` (NULL: none), and
# leaves nothing behind: no value, no warning, no open file.
expect_no_object <- function(case, expr, class, argument = NULL) {
  found <- refusal(expr)
  expect_none(case, faults_of(found, class, argument), found)
}

expect_none <- function(case, faults, found) {
  # The text of a condition takes longer than all else.
  text <- if (length(faults) > 0 && !is.null(found$cnd)) {
    conditionMessage(found$cnd)
  }
  expect(length(faults) == 0, paste(c(
    paste0(case, ": ", paste(faults, collapse = ", ")), class(found$cnd)[[1]],
    found$cnd$argument, text, found$warned
  ), collapse = "; "))
}

# The reader of a file refuses these bytes: the condition names the file, the
# line where one is known, and a remedy.
expect_refused <- function(case, read, bytes, line = NULL, name = "table.csv") {
  path <- write_raw(bytes, name = name)
  found <- refusal(read(path))
  faults <- faults_of(found, c("format", "input", "gene"), basename(path))
  if (length(faults) == 0) {
    text <- gsub("\\s+", "", conditionMessage(found$cnd))
    faults <- c(
      if (!any(c("i", "x") %in% names(found$cnd$body))) "no remedy",
      if (!is.null(line) && !grepl(paste0("line", line), text)) "no line"
    )
  }
  expect_none(case, faults, found)
}
