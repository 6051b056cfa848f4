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
  is_ensembl <- grepl("^ENSG[0-9]{6,}([.][0-9]+)?$", id)
  bare <- !matched & !is_entrez & !is_ensembl
  symbol[bare] <- labels[bare]
  unnamed <- tolower(symbol) %in% c("", "na", "nan", "unknown", "none")
  # A bare "NAN" or "NONE" is the name the file gives; it has no id to fall to.
  symbol[unnamed & !bare] <- NA
  tibble(
    label = labels,
    symbol = symbol,
    entrez = ifelse(is_entrez, id, NA_character_),
    ensembl = ifelse(is_ensembl, sub("[.][0-9]+$", "", id), NA_character_)
  )
}

# Names that a spreadsheet made of gene symbols: dates and floating numbers.
# Which symbol it was is not to be told for sure: MARCH1 and MARC1 both become
# "1-Mar".
excel_months <- list(
  mar = c("MARCHF", "MTARC"), sep = "SEPTIN", dec = "DELEC", oct = "POU2F",
  feb = "FEB", apr = "APR", nov = "NOV", jun = "JUN", may = "MAY"
)

excel_date <- paste0(
  "^([0-9]{1,2})[-/. ]([A-Za-z]{3})[a-z]*([-/. ][0-9]{2,4})?$"
)
# "Sep-02" as some locales show it; "Sep-2" may be a name of its own.
excel_month_first <- "^([A-Z][a-z]{2})-([0-9]{2})$"
excel_iso <- "^(19|20)[0-9]{2}[-/]([0-9]{1,2})[-/]([0-9]{1,2})( 00:00:00)?$"
excel_float <- "^[0-9]([.,][0-9]+)?E[+][0-9]+$"

is_excel_name <- function(x) {
  known <- c(names(excel_months), "jan", "jul", "aug")
  day <- grepl(excel_date, x) & tolower(sub(excel_date, "\\2", x)) %in% known
  first <- grepl(excel_month_first, x) &
    tolower(sub(excel_month_first, "\\1", x)) %in% known
  (day | first | grepl(excel_iso, x) | grepl(excel_float, x)) & !is.na(x)
}

# Symbols of today that a date may have been: "SEPTIN2" of "2-Sep".
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
    }
    stems <- if (length(month) == 1 && !is.na(month)) excel_months[[month]]
    paste0(stems, day, recycle0 = TRUE)
  })
}

# Unique row names: `ids`, or the label where the id is missing or was used by
# an earlier row.
unique_gene_names <- function(ids, labels) {
  names <- ifelse(is.na(ids), labels, ids)
  taken <- duplicated(names)
  names[taken] <- labels[taken]
  make.unique(names)
}
