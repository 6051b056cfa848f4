# Names and numbers as files write them: missing ones, blanks and hyphens beyond
# ASCII, quotes, dates of spreadsheets, marks of thousands, numbers of nodes.

missing_words <- c(
  "", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "?",
  "#n/a", "#na", "<na>", "#name?", "#value!", "#ref!", "#null!", "#num!",
  "#div/0!"
)

is_missing_text <- function(x) {
  is.na(x) | each_once(x, function(x) {
    fold_case(valid_text(trimws(x))) %in% missing_words
  })
}

missing_to_na <- function(x) {
  x[is_missing_text(x)] <- NA_character_
  x
}

trim_or_na <- function(x) each_once(x, function(x) missing_to_na(trimws(x)))

is_unnamed <- function(x) is.na(x) | !nzchar(x)

# Blanks of all widths and marks without width; hyphens and the minus sign.
other_blanks <- paste0(
  "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u0009\u000a\u000d]"
)
no_width <- "[\u00ad\u200b-\u200f\u2060\ufeff]"
other_hyphens <- "[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"

# Letters, digits and marks of double width, and those of ASCII.
wide_letters <- intToUtf8(0xff01:0xff5e)
plain_letters <- intToUtf8(0x21:0x7e)

# Names of no gene, beside missing_words.
no_gene_words <- c(".", "unknown", "na.", "(null)", "\\n")

# Names of genes without what a keyboard, a spreadsheet or Python put into them:
# ids of Ensembl without a version, of UniProt without their file's fields,
# whole numbers without decimals; NA for missing ones.
clean_names <- function(x) {
  each_once(x, function(x) {
    x <- valid_text(as.character(x))
    beyond <- grepl("[^ -~]", x)
    y <- gsub(no_width, "", x[beyond])
    y <- chartr(wide_letters, plain_letters, gsub(other_blanks, " ", y))
    x[beyond] <- gsub(other_hyphens, "-", y)
    x <- missing_to_na(trimws(without_brackets(without_quotes(trimws(x)))))
    x[fold_case(x) %in% no_gene_words] <- NA
    x <- sub("^(sp|tr)[|]([^|]+)[|].*$", "\\2", x)
    # Names of databases before ids, as in Biolink's and PSI-MI's tables.
    x <- sub("^(ENSEMBL|[Ee]nsembl|NCBIGene|[Uu]ni[Pp]rot(KB|kb)):", "", x)
    without_version(sub("^([0-9]+)[.]0+$", "\\1", x))
  })
}

# Tuples, sets and lists as Python and R print them: "('TP53', 'MDM2')",
# "{'TP53'}", "c(\"TP53\", \"MDM2\")" -> names with commas between them.
without_brackets <- function(x) {
  listed <- grepl("^[a-z_]*[([{]+ *(['\"].*|[0-9][0-9, ]*)[])}]+$", x)
  bare <- gsub("^[a-z_]*[([{]+|[])}]+$", "", x[listed])
  bare <- gsub("['\"]", "", gsub("(['\"]) +(['\"])", "\\1,\\2", bare))
  x[listed] <- sub("[ ,]+$", "", bare)
  x
}

# Whether a name is of several genes, as a probe's or a group's of proteins:
# "DDR1 /// MIR4640", "HLA-A;HLA-B".
are_several <- function(x) {
  grepl(paste0(
    "^[A-Za-z][A-Za-z0-9@._-]*",
    "( *(///?|[;,|/&+]) *[A-Za-z0-9][A-Za-z0-9@._-]*)+;?$"
  ), x)
}

# Ensembl ids of a GTF file may have a version, "ENSG00000141510.18"; a key of
# HDF5 or a table of counts has other marks, and may add the symbol.
without_version <- function(x) {
  sub("^(ENS[A-Z]*G[0-9]{6,})[._|][A-Za-z0-9.-]+?(_PAR_Y)?$", "\\1\\2", x,
    perl = TRUE
  )
}

# Names that clean_names() changed in more than blanks at the ends.
folded_names <- function(given, cleaned) {
  known <- !duplicated(given)
  given <- given[known]
  cleaned <- cleaned[known]
  changed <- !is.na(given) & !is.na(cleaned) & trimws(given) != cleaned
  tibble(given = given[changed], name = cleaned[changed])
}

# One pair of quotes around a field.
without_quotes <- function(x) sub("^\"(.*)\"$|^'(.*)'$", "\\1\\2", x)

# Whether numbers have a decimal comma.
is_comma_number <- function(x) {
  grepl("^[-+]?[0-9]+,[0-9]+([eE][-+]?[0-9]+)?$", x)
}

# Numbers whose commas may part thousands: 1,234, but not 0,234 or 1,5.
is_grouped <- function(x) grepl("^[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+$", x)

# Numbers with a decimal comma get a point, if all are numbers then and none has
# a point already: beside 999.5, 1,234 is more than a thousand. Where all commas
# may part thousands, nobody can tell. `column` and `name` for the message.
with_point <- function(text, column, name) {
  if (!any(grepl(",", text, fixed = TRUE))) {
    return(text)
  }
  comma <- is_comma_number(text)
  others <- text[!comma & !is_grouped(text)]
  number <- suppressWarnings(as.numeric(others))
  if (!identical(is.na(number), is.na(others))) {
    return(text)
  }
  has_comma <- grepl(",", text, fixed = TRUE)
  abort_file_if(all(is_grouped(text[has_comma])), name, NULL, c(
    x = "Column {.field {column}} holds
         {.val {few(text[has_comma], 1)}}: is its comma a decimal one, or does
         it part thousands?",
    i = "Write decimals with a point, and thousands without a mark."
  ))
  if (!any(grepl(".", others, fixed = TRUE))) {
    text[comma] <- sub(",", ".", text[comma], fixed = TRUE)
  }
  text
}

# Text of a column as numbers. Infinite and missing ones are kept for the
# report; other text is an error.
text_numbers <- function(x, column, name) {
  text <- with_point(missing_to_na(trimws(x)), column, name)
  number <- suppressWarnings(as.numeric(text))
  bad <- which(is.na(number) & !is.na(text))
  found <- text[bad[1]]
  abort_file_if(length(bad) > 0, name, bad[1] + 1L, c(
    x = "Column {.field {column}} must be numbers; found {.val {found}}
         ({length(bad)} like it).",
    i = if (is_comma_number(found)) "Write all decimals with a point."
  ))
  number
}

# A false discovery rate is from 0 to 1, whatever its column is called.
fdr_at <- function(input, at) {
  fdr <- numbers_at(input, at)
  column <- names(input$table)[at[!is.na(at)]]
  folded <- fold_case(column)
  bad <- which(fdr < 0 | fdr > 1)
  unit <- if (any(grepl("%|per ?cent", folded))) {
    "per cent: divide by 100"
  } else if (any(grepl("log", folded))) {
    "a logarithm: 10^-x turns -log10 back"
  } else if (length(bad) > 0 && all(fdr[bad] == -1)) {
    "a code for missing values: write NA"
  } else if (length(bad) > 0) {
    "per cent or -log10: divide by 100, or use 10^-x"
  }
  bad <- c(bad, 1)[[1]]
  abort_file_if(!is.null(unit), input$name, NULL, c(
    x = "Column {.field {few(column)}} must hold false discovery rates from 0 to
         1; found {.val {fdr[[bad]]}}.",
    i = "It seems to be {unit}. {.arg significance} names another column."
  ))
  fdr
}

# The numbers of the columns at `at`, one after the other, NA for none.
numbers_at <- function(input, at) {
  unlist(lapply(at, function(i) {
    if (is.na(i)) {
      return(rep(NA_real_, nrow(input$table)))
    }
    text_numbers(input$table[[i]], names(input$table)[[i]], input$name)
  }), use.names = FALSE)
}

# Whether names are numbers of the nodes or rows of a table: an Entrez id is
# one of many more, and of a thousand genes some have long ones.
are_running_numbers <- function(x) {
  x <- unique(x[!is.na(x)])
  n <- length(x)
  n > 1 && all(is_number(x)) &&
    max(as.numeric(x)) <= max(4 * n + 1, if (n >= 1000) 150000)
}

# `column` may declare Entrez ids by its name.
check_gene_numbers <- function(x, column, name, remedy) {
  declared <- grepl("entrez|ncbi", squash_name(column))
  abort_file_if(!any(declared) && are_running_numbers(x), name, NULL, c(
    x = "{.val {few(unique(x[!is.na(x)]), 4)}} in
         {.field {names_of_columns(column)}} are running numbers of rows or
         nodes, and no Entrez ids.",
    i = remedy
  ))
}

is_number <- function(x) grepl("^[0-9]+$", x)

names_of_columns <- function(names) {
  ifelse(nzchar(names), names, paste0("column_", seq_along(names)))
}

# The words of each name, "lfc" and "exp" of "LFC_exp" and of "lfcExp".
name_words <- function(names) {
  parted <- gsub("([a-z])([A-Z][a-zA-Z])", "\\1 \\2", valid_text(names))
  strsplit(fold_case(parted), "[^a-z0-9]+")
}

# Columns that belong to one end of a pair, as lfc_1 and lfc_2, name_a and
# name_b, n1.mut and n2.mut, from_id and to_id: a list of two vectors of names.
# Replicates and orientations have two numbers as well.
end_columns <- function(names) {
  ends <- c(
    a = "b", x = "y", first = "second", left = "right", from = "to",
    source = "target", query = "library", anchor = "partner", anchor = "target"
  )
  marks <- c(list(
    c("^(|.*[^0-9])1(|[^0-9].*)$", "\\12\\2"), c("^(.*)a$", "\\1b"),
    c("^(|.*[^A-Z])A(|[^A-Z].*)$", "\\1B\\2")
  ), Map(function(first, second) {
    c(
      paste0("^(|.*[^a-zA-Z])", first, "(|[^a-zA-Z].*)$"),
      paste0("\\1", second, "\\2")
    )
  }, names(ends), ends))
  runs <- "rep|day|batch|screen|sample|fold|pval|fdr|orient"
  first <- second <- character()
  for (mark in marks) {
    other <- sub(mark[[1]], mark[[2]], names)
    pair <- other != names & other %in% names & !grepl(runs, fold_case(names)) &
      !names %in% c(first, second, names(ends))
    first <- c(first, names[pair])
    second <- c(second, other[pair])
  }
  list(first, second)
}

# Names that a spreadsheet made from gene symbols: dates and floating numbers.
# The symbol cannot be recovered with certainty: MARCH1 and MARC1 both become
# "1-Mar".
excel_stems <- list(
  mar = c("MARCHF", "MTARC"), sep = "SEPTIN", dec = "DELEC", oct = "POU2F",
  feb = "FEB", apr = "APR", nov = "NOV", jun = "JUN", may = "MAY"
)
# Months in English, German, French, Spanish, Italian, Portuguese, Dutch,
# Swedish, Polish and Turkish, without accents.
excel_months <- strsplit(c(
  jan = "jan janv ene gen sty", feb = "feb fev fevr lut",
  mar = "mar mars mrz maer mrt", apr = "apr avr abr avril kwi nis",
  may = "may mai mag mei maj", jun = "jun juin giu cze haz",
  jul = "jul juil lug lip", aug = "aug aout ago sie",
  sep = "sep sept set wrz eyl", oct = "oct okt ott out paz eki",
  nov = "nov lis kas", dec = "dec dez dic gru ara"
), " ")
excel_month <- function(word) {
  rep(names(excel_months), lengths(excel_months))[
    match(word, unlist(excel_months))
  ]
}

excel_date <- "^([0-9]{1,2})[.]?[-/. ]([a-z]{3,9})[.]?([-/. ][0-9]{2,4})?$"
# "Sep-02" as some locales show it; "Sep-2" may be a real name.
excel_month_first <- "^([A-Z][a-z]{2})-([0-9]{2})$"
# In Chinese, Japanese and Korean.
excel_numbered <- "^([0-9]{1,2})[\u6708\uc6d4] ?([0-9]{1,2})[\u65e5\uc77c]$"
excel_numbers <- "^[0-9]{1,2}[-/.][0-9]{1,2}[-/.](19|20)?[0-9]{2}$"
excel_iso <- "^(19|20)[0-9]{2}[-/]([0-9]{1,2})[-/]([0-9]{1,2})( 00:00:00)?$"
excel_float <- "^[0-9]([.,][0-9]+)?E[+][0-9]+$"

# Days since 1899-12-30, as a spreadsheet saves a date of 1995 to 2039. Human
# Entrez ids are not in this range; if most names are numbers, these are ids.
excel_serial <- "^[345][0-9]{4}$"
excel_serial_range <- c(34700, 51136)
excel_origin <- as.Date("1899-12-30")

is_excel_name <- function(x) {
  serial <- mean(is_number(x)) < 0.5 & is_excel_serial(x)
  serial | is_excel_text(x)
}

is_excel_serial <- function(x) {
  serial <- grepl(excel_serial, x)
  number <- as.integer(x[serial])
  serial[serial] <- number >= excel_serial_range[[1]] &
    number <= excel_serial_range[[2]] &
    lengths(excel_candidates(x[serial])) > 0
  serial
}

is_excel_text <- function(x) {
  (!is.na(date_parts(x)$month) | grepl(excel_iso, x) | grepl(excel_float, x) |
    grepl(excel_numbers, x)) & !is.na(x)
}

# Month (of excel_stems) and day of names that are dates; NA for others. Full
# names of months count by their first letters.
date_parts <- function(x) {
  plain <- fold_case(x)
  for (accent in names(month_accents)) {
    plain <- gsub(accent, month_accents[[accent]], plain, fixed = TRUE)
  }
  month <- day <- rep(NA_character_, length(x))
  at <- grep(excel_date, plain)
  word <- sub(excel_date, "\\2", plain[at])
  known <- excel_month(word)
  short <- excel_month(substr(word, 1, 3))
  month[at] <- ifelse(is.na(known) & nchar(word) > 4, short, known)
  day[at] <- sub(excel_date, "\\1", plain[at])
  at <- grep(excel_month_first, x)
  month[at] <- excel_month(fold_case(sub(excel_month_first, "\\1", x[at])))
  day[at] <- sub(excel_month_first, "\\2", x[at])
  at <- grep(excel_numbered, x)
  number <- as.integer(sub(excel_numbered, "\\1", x[at]))
  month[at] <- fold_case(month.abb[number])
  day[at] <- sub(excel_numbered, "\\2", x[at])
  list(month = month, day = as.integer(day))
}

month_accents <- c("\u00e9" = "e", "\u00fb" = "u", "\u00e4" = "ae",
  "\u00e7" = "c", "\u00c9" = "e", "\u017a" = "z",
  "\u043c\u0430\u0440" = "mar", "\u0441\u0435\u043d" = "sep",
  "\u043e\u043a\u0442" = "oct", "\u0434\u0435\u043a" = "dec"
)

# Current symbols that a date may have been: "SEPTIN2" for "2-Sep".
excel_candidates <- function(x) {
  parts <- date_parts(x)
  iso <- grep(excel_iso, x)
  number <- as.integer(sub(excel_iso, "\\2", x[iso]))
  parts$month[iso] <- fold_case(month.abb[number])
  parts$day[iso] <- as.integer(sub(excel_iso, "\\3", x[iso]))
  serial <- grep(excel_serial, x)
  date <- as.POSIXlt(excel_origin + as.integer(x[serial]))
  parts$month[serial] <- fold_case(month.abb[date$mon + 1])
  # No family has more than 15 members.
  parts$day[serial] <- ifelse(date$mday <= 15, date$mday, NA)
  Map(function(month, day) {
    stems <- if (!is.na(month)) excel_stems[[month]]
    paste0(stems, day[!is.na(day)], recycle0 = TRUE)
  }, parts$month, parts$day, USE.NAMES = FALSE)
}
