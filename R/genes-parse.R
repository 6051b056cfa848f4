# Gene labels as files write them -> symbol, Entrez and Ensembl.

# "TP53 (7157)", "TP53 (ENSG00000141510)", both damaged by make.names() as
# "TP53..7157.", a bare id or symbol.
parse_gene_labels <- function(labels) {
  labels <- trimws(labels)
  pattern <- "^(.*?)(?: \\(|\\.\\.)([0-9]+|ENSG[0-9.]+?)(?:\\)|\\.)$"
  matched <- grepl(pattern, labels, perl = TRUE)
  id <- ifelse(matched, sub(pattern, "\\2", labels, perl = TRUE), labels)
  symbol <- ifelse(matched, sub(pattern, "\\1", labels, perl = TRUE), NA)
  is_entrez <- grepl("^[0-9]+$", id)
  # make.names() turns hyphens into points, which no symbol of HGNC has; names
  # of clones with an Ensembl id do.
  damaged <- matched & is_entrez & grepl("[.]$", labels)
  symbol[damaged] <- gsub(".", "-", symbol[damaged], fixed = TRUE)
  is_ensembl <- grepl("^ENSG[0-9]{6,}([.][0-9]+)?$", id)
  bare <- !matched & !is_entrez & !is_ensembl
  symbol[bare] <- labels[bare]
  unnamed <- tolower(symbol) %in% c("", "na", "nan", "unknown", "none")
  # A bare "NAN" or "NONE" is the name in the file; it has no id as fallback.
  symbol[unnamed & !bare] <- NA
  tibble(
    label = labels,
    symbol = symbol,
    entrez = ifelse(is_entrez, id, NA_character_),
    ensembl = ifelse(is_ensembl, sub("[.][0-9]+$", "", id), NA_character_)
  )
}

# Names that a spreadsheet made from gene symbols: dates and floating numbers.
# The symbol cannot be recovered with certainty: MARCH1 and MARC1 both become
# "1-Mar".
excel_months <- list(
  mar = c("MARCHF", "MTARC"), sep = "SEPTIN", dec = "DELEC", oct = "POU2F",
  feb = "FEB", apr = "APR", nov = "NOV", jun = "JUN", may = "MAY"
)

excel_date <- paste0(
  "^([0-9]{1,2})[-/. ]([A-Za-z]{3})[a-z]*([-/. ][0-9]{2,4})?$"
)
# "Sep-02" as some locales show it; "Sep-2" may be a real name.
excel_month_first <- "^([A-Z][a-z]{2})-([0-9]{2})$"
excel_iso <- "^(19|20)[0-9]{2}[-/]([0-9]{1,2})[-/]([0-9]{1,2})( 00:00:00)?$"
excel_float <- "^[0-9]([.,][0-9]+)?E[+][0-9]+$"

# Days since 1899-12-30, as a spreadsheet saves a date of 1995 to 2039. Human
# Entrez ids are not in this range; if most names are numbers, these are ids.
excel_serial <- "^[345][0-9]{4}$"
excel_serial_range <- c(34700, 51136)
excel_origin <- as.Date("1899-12-30")

is_excel_serial <- function(x) {
  serial <- grepl(excel_serial, x)
  number <- as.integer(x[serial])
  serial[serial] <- number >= excel_serial_range[[1]] &
    number <= excel_serial_range[[2]] &
    lengths(excel_candidates(x[serial])) > 0
  serial
}

is_excel_name <- function(x) {
  serial <- mean(is_number(x)) < 0.5 & is_excel_serial(x)
  serial | is_excel_text(x)
}

is_excel_text <- function(x) {
  known <- c(names(excel_months), "jan", "jul", "aug")
  day <- grepl(excel_date, x) & tolower(sub(excel_date, "\\2", x)) %in% known
  first <- grepl(excel_month_first, x) &
    tolower(sub(excel_month_first, "\\1", x)) %in% known
  (day | first | grepl(excel_iso, x) | grepl(excel_float, x)) & !is.na(x)
}

# Current symbols that a date may have been: "SEPTIN2" for "2-Sep".
excel_candidates <- function(x) {
  lapply(x, function(name) {
    month <- day <- NULL
    if (grepl(excel_date, name)) {
      month <- tolower(sub(excel_date, "\\2", name))
      day <- as.integer(sub(excel_date, "\\1", name))
    } else if (grepl(excel_month_first, name)) {
      month <- tolower(sub(excel_month_first, "\\1", name))
      day <- as.integer(sub(excel_month_first, "\\2", name))
    } else if (grepl(excel_iso, name)) {
      number <- as.integer(sub(excel_iso, "\\2", name))
      month <- tolower(month.abb[number])
      day <- as.integer(sub(excel_iso, "\\3", name))
    } else if (grepl(excel_serial, name)) {
      date <- as.POSIXlt(excel_origin + as.integer(name))
      month <- tolower(month.abb[date$mon + 1])
      # No family has more than 15 members.
      if (date$mday <= 15) day <- date$mday
    }
    stems <- if (length(month) == 1 && !is.na(month)) excel_months[[month]]
    paste0(stems, day, recycle0 = TRUE)
  })
}

# Unique row names: `ids`, or the label if the id is missing or was used by
# an earlier row.
unique_gene_names <- function(ids, labels) {
  names <- ifelse(is.na(ids), labels, ids)
  taken <- duplicated(names)
  names[taken] <- labels[taken]
  make.unique(names)
}
