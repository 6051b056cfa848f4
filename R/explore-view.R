# Views (the state of a page) and their query strings; see musl_explore().

# The tabs that a page has.
explorer_tabs <- function(explorer) {
  c("partners", "pair", if (length(explorer$columns) > 0) "contexts", "genes")
}
explorer_sizes <- c("20", "50", "100", "250")
explorer_questions <- c("pairs", "partners")

# Browsers can send more, but users don't.
longest_query <- 8000L

# Maximum number of genes of a list: for their pairs, or for their partners.
most_listed <- c(pairs = 150L, partners = 25L)

# The view of a query string; unknown fields and values are ignored, and
# `unknown` lists ignored genes.
view_of <- function(query, explorer) {
  given <- query_fields(query)
  gene <- known_gene(given[["gene"]], explorer)
  partner <- known_gene(given[["partner"]], explorer)
  if (is.null(gene) || identical(gene, partner)) partner <- NULL
  tab <- one_of(given[["tab"]], explorer_tabs(explorer))
  if (tab == "pair" && is.null(partner)) tab <- "partners"
  asked <- c(character(), given[["gene"]], given[["partner"]])
  list(
    tab = tab, gene = gene, partner = partner,
    n = one_of(given[["n"]], explorer_sizes),
    by = one_of(given[["by"]], explorer$orders),
    new_only = identical(given[["known"]], "hide"),
    column = one_of(given[["column"]], explorer$columns),
    genes = listed_genes(given[["genes"]], explorer$genes)$genes,
    ask = one_of(given[["ask"]], explorer_questions),
    unknown = setdiff(asked, c("", explorer$genes))
  )
}

# Named list of strings, the first of each name.
query_fields <- function(query) {
  if (!is_string(query) || nchar(query, "bytes") > longest_query) {
    return(list())
  }
  fields <- tryCatch(shiny::parseQueryString(query), error = function(e) list())
  fields <- fields[!duplicated(names(fields))]
  Filter(function(x) is_string(x) && validUTF8(x), fields)
}

known_gene <- function(x, explorer) {
  if (is_string(x) && x %in% explorer$genes) x
}

# `x` if it is one of the choices, else the first.
one_of <- function(x, choices) {
  if (is_string(x) && x %in% choices) {
    return(x)
  }
  if (length(choices) > 0) choices[[1]]
}

# The query string of a view: only what differs from the start.
query_of <- function(view, explorer) {
  usual <- view_of("", explorer)
  fields <- list(
    tab = view$tab, gene = view$gene, partner = view$partner, n = view$n,
    by = view$by, known = if (view$new_only) "hide", column = view$column,
    genes = if (length(view$genes) > 0) paste(view$genes, collapse = ","),
    ask = view$ask
  )
  differs <- vapply(names(fields), function(name) {
    !is.null(fields[[name]]) && !identical(fields[[name]], usual[[name]])
  }, NA)
  fields <- fields[differs]
  values <- vapply(fields, utils::URLencode, "", reserved = TRUE)
  query <- paste0(
    "?", paste(names(fields), values, sep = "=", collapse = "&")
  )
  # A list too long for an address is left out.
  if (nchar(query) > longest_query) {
    view$genes <- character()
    return(query_of(view, explorer))
  }
  query
}

# Genes whose names contain the typed text, those that start with it first.
genes_like <- function(text, genes, n = 40L) {
  if (!is_string(text) || !nzchar(text)) {
    return(character())
  }
  text <- tolower(trimws(text))
  at <- regexpr(text, tolower(genes), fixed = TRUE)
  found <- which(at > 0)
  utils::head(genes[found[order(at[found] != 1)]], n)
}

# The gene of that name, in any letter case if only one has it.
typed_gene <- function(text, explorer) {
  if (!is_string(text)) {
    return(NULL)
  }
  text <- trimws(text)
  if (text %in% explorer$genes) {
    return(text)
  }
  found <- explorer$genes[tolower(explorer$genes) == tolower(text)]
  if (length(found) == 1) found
}

# Genes of a pasted text, separated by lines, commas, semicolons or tabs, or by
# blanks unless the names contain them: list(genes: known, in order; unknown).
listed_genes <- function(text, known) {
  if (!is_string(text)) {
    return(list(genes = character(), unknown = character()))
  }
  words <- trimws(strsplit(text, "[,;\t\r\n]+")[[1]])
  whole <- words %in% known
  words <- ifelse(whole, words, strsplit(words, "[[:space:]]+"))
  words <- unique(as.character(unlist(words)))
  words <- words[nzchar(words)]
  list(genes = intersect(words, known), unknown = setdiff(words, known))
}
