# Reads proteins from any kind of input: list(name, label, sequence), cleaned
# and checked. `name` identifies a protein, `label` is its whole header.

# With `distinct = FALSE` several may have one name.
read_proteins <- function(x, arg = caller_arg(x), distinct = TRUE) {
  load_class_package(x)
  raw <- if (inherits(x, "AAStringSet")) {
    list(name = names(x), sequence = unname(as.character(x)))
  } else if (is_string(x) && is.null(names(x)) && !is.na(x)) {
    read_fasta(x, arg)
  } else if (is.character(x)) {
    list(name = names(x), sequence = unname(x))
  } else {
    abort_musl(c(
      "{.arg {arg}} must be an {.cls AAStringSet}, a character vector with names
       or the path of a FASTA file.",
      x = "Found {.cls {class(x)}}."
    ), argument = arg)
  }
  check_proteins(raw, arg)
  label <- enc2utf8(raw$name)
  name <- sub("[[:space:]].*$", "", label)
  check_each_named(name, "protein", arg, distinct,
    "Only the part of a name before the first blank counts. Make names unique,
     for example with {.fn make.unique}; functions that return one row per gene
     take the gene of each protein in {.code genes =}."
  )
  sequence <- with_core(cpp_clean_sequences(name, raw$sequence))
  list(name = name, label = label, sequence = sequence)
}

check_proteins <- function(raw, arg) {
  abort_if(length(raw$sequence) == 0, c(
    "{.arg {arg}} must hold at least one protein.", x = "It is empty."
  ), argument = arg)
  abort_if(is.null(raw$name), c(
    "{.arg {arg}} must name its proteins.",
    x = "It has {length(raw$sequence)} sequence{?s} without names."
  ), argument = arg)
  lost <- which(is.na(raw$sequence))
  abort_if(length(lost) > 0, c(
    "{.arg {arg}} must not hold missing sequences.",
    x = "{length(lost)} {?is/are} {.code NA}: {.val {few(raw$name[lost])}}."
  ), argument = arg, proteins = raw$name[lost])
}

# Each protein or node has a name and, if `distinct`, one of its own.
check_each_named <- function(names, what, arg, distinct = TRUE, hint = NULL) {
  unnamed <- which(is_unnamed(names))
  abort_if(is.null(names) || length(unnamed) > 0, c(
    "{.arg {arg}} must name each {what}.",
    x = if (is.null(names)) "It has no names.",
    x = if (length(unnamed) > 0) {
      "{length(unnamed)} without a name: number {utils::head(unnamed, 3)}."
    }
  ), argument = arg)
  twice <- unique(names[duplicated(names)])
  abort_if(distinct && length(twice) > 0, c(
    "{.arg {arg}} must name each {what} once.",
    x = "{length(twice)} name{?s} occur{?s/} more than once:
         {.val {few(twice)}}.",
    i = hint
  ), argument = arg, repeated = twice)
}

read_fasta <- function(path, arg) {
  path <- check_file(path, arg)
  lines <- read_lines(path)
  # Lines that begin with ";" are comments.
  line <- which(nzchar(lines) & !startsWith(lines, ";"))
  lines <- lines[line]
  is_name <- startsWith(lines, ">")
  abort_file_if(!any(is_name), path, NULL, c(
    x = "A FASTA file must hold at least one protein."
  ))
  abort_file_if(!is_name[[1]], path, line[[1]], c(
    x = "A sequence comes before the first {.val >}."
  ))
  name <- trimws(sub(">", "", lines[is_name], fixed = TRUE))
  of <- factor(cumsum(is_name)[!is_name], seq_along(name))
  parts <- split(gsub("[ \t]", "", lines[!is_name]), of)
  bad <- which(!nzchar(name) | lengths(parts) == 0)[1]
  abort_file_if(!is.na(bad), path, line[is_name][bad], c(
    x = if (nzchar(name[bad])) {
      "{.val {few(name[bad])}} has no sequence."
    } else {
      "A line {.val >} has no name."
    }
  ))
  list(
    name = name,
    sequence = unname(vapply(parts, paste, "", collapse = ""))
  )
}

# The longest protein of each gene, named by it, genes by first occurrence; all
# proteins if `genes` is NULL.
longest_proteins <- function(proteins, genes) {
  if (is.null(genes)) {
    return(proteins)
  }
  gene <- genes_of(proteins, genes)
  kept <- which(!is.na(gene) & nzchar(gene))
  abort_if(length(kept) == 0, c(
    "{.arg genes} must assign at least one protein to a gene.",
    x = "None of {length(gene)} protein{?s} has one."
  ), argument = "genes")
  if (length(kept) < length(gene)) {
    lost <- proteins$name[-kept]
    warn_musl(c(
      "{length(lost)} protein{?s} without a gene {?is/are} left out.",
      x = "{.val {utils::head(lost, 3)}}."
    ), "dropped_genes", proteins = lost)
  }
  length <- nchar(proteins$sequence)[kept]
  by_length <- kept[order(-length, kept, method = "radix")]
  best <- by_length[!duplicated(gene[by_length])]
  kept <- best[match(unique(gene[kept]), gene[best])]
  list(name = gene[kept], sequence = proteins$sequence[kept])
}

genes_of <- function(proteins, genes) {
  if (identical(genes, "header")) {
    # "... GN=TP53 PE=1" of UniProt, "... gene_symbol:TP53 ..." of Ensembl
    pattern <- "^.*[[:space:]](GN=|gene_symbol:)([^[:space:]]+).*$"
    has <- grepl(pattern, proteins$label)
    return(ifelse(has, sub(pattern, "\\2", proteins$label), NA_character_))
  }
  if (!is.character(genes)) {
    abort_argument("genes", "a character vector or \"header\"", genes)
  }
  if (!is.null(names(genes))) {
    return(unname(genes[match(proteins$name, names(genes))]))
  }
  abort_if(length(genes) != length(proteins$name), c(
    "{.arg genes} must have names, or one value per protein.",
    x = "{length(genes)} value{?s} for {length(proteins$name)} protein{?s}."
  ), "shape", argument = "genes")
  genes
}
