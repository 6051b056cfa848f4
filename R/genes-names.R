# Names of genes as a user writes them, HER2 or arid1a, to those of a model or
# data.

# Names that `genes` lack become those of the same genes, with one message. A
# name of several is an error if `strict`, as of an anchor; others stay.
named_as <- function(x, genes, arg, strict = TRUE) {
  if (!is.character(x) || length(genes) == 0) {
    return(x)
  }
  x <- enc2utf8(x)
  unknown <- setdiff(x[!is.na(x)], genes)
  if (length(unknown) == 0) {
    return(x)
  }
  found <- find_names(unknown, genes)
  several <- found[!is.na(found$choices), ]
  abort_if(strict && nrow(several) > 0, c(
    "{.arg {arg}} must name one gene each.",
    x = without_markup(utils::head(ambiguous_words(several), 3))
  ), "gene", genes = several$name, argument = arg)
  found <- found[!is.na(found$gene), ]
  tell_renamed(found, arg)
  at <- match(x, found$name)
  x[!is.na(at)] <- found$gene[at[!is.na(at)]]
  x
}

# Tibble: name; gene, NA for none or several; choices: "A, B" if several.
find_names <- function(names, genes) {
  plain <- plain_name(names)
  known <- plain_name(genes)
  # Of two genes that differ in letter case only neither is meant.
  twice <- unique(known[duplicated(known)])
  gene <- genes[match(replace(plain, plain %in% twice, NA), known)]
  out <- tibble(name = names, gene = gene, choices = NA_character_)
  open <- which(is.na(gene))
  kind <- describe_ids(genes)$type
  if (length(open) == 0 || !kind %in% other_ids) {
    return(out)
  }
  table <- tryCatch(gene_table("org.Hs.eg.db"), error = function(e) NULL)
  if (is.null(table)) {
    return(out)
  }
  found <- map_names(trimws(names[open]), table)
  out$gene[open] <- ifelse(found[[kind]] %in% genes, found[[kind]], NA)
  # Choices are symbols.
  if (kind == "symbol") {
    choices <- strsplit(found$candidates, "|", fixed = TRUE)
    choices <- lapply(choices, intersect, genes)
    one <- lengths(choices) == 1 & found$status %in% "ambiguous"
    out$gene[open[one]] <- unlist(choices[one])
    many <- lengths(choices) > 1
    out$choices[open[many]] <- vapply(choices[many], toString, "")
  }
  out
}

# "\"MLL2\" may be KMT2B or KMT2D."
ambiguous_words <- function(found) {
  last <- sub("^.*, ", "", found$choices)
  first <- sub(", [^,]*$", "", found$choices)
  sprintf("\"%s\" may be %s or %s.", found$name, first, last)
}

tell_renamed <- function(found, arg) {
  if (nrow(found) == 0) {
    return(invisible())
  }
  shown <- utils::head(found, 3)
  pairs <- paste0("\"", shown$name, "\" is ", shown$gene)
  more <- if (nrow(found) > 3) ", ..."
  # Mouse symbols have one capital, except for Rik genes.
  mouse <- grepl("^[A-Z][a-z]+[a-z0-9]*$", found$name)
  inform_musl(without_markup(c(
    paste0(paste(pairs, collapse = ", "), more, "."),
    i = if (any(mouse)) {
      paste0(
        "\"", found$name[mouse][[1]], "\" is written like a mouse gene: what ",
        "is shown is of the human gene."
      )
    }
  )), "names", genes = found$name, argument = arg)
}
