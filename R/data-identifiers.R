# Which kind of identifier each input uses, and whether the inputs agree.

id_types <- c("symbol", "entrez", "ensembl", "uniprot", "other")

# An input mixes identifiers if other kinds exceed this share.
max_other_share <- 1 / 3

# The kind of each name. UniProt's pattern also fits a few symbols (P2RY10,
# H2AC11), so the kind is decided over all names of an input.
id_type_of <- function(names) {
  type <- rep("other", length(names))
  type[grepl("^[A-Za-z][A-Za-z0-9._@/-]*$", names)] <- "symbol"
  uniprot <- paste0(
    "^([OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2})",
    "(-[0-9]+)?$"
  )
  type[grepl(uniprot, names)] <- "uniprot"
  type[grepl("^ENS[A-Z]*G[0-9]+([.][0-9]+)?$", names)] <- "ensembl"
  type[grepl("^[0-9]+$", names)] <- "entrez"
  factor(type, levels = id_types)
}

# The kind of an input and the number of names that are clearly of another kind.
describe_ids <- function(names) {
  n <- tabulate(id_type_of(names), length(id_types))
  names(n) <- id_types
  type <- id_types[[which.max(n)]]
  # Every annotation has names that match no known pattern, and UniProt's
  # pattern fits symbols: neither is evidence against the main kind.
  foreign <- setdiff(c("symbol", "entrez", "ensembl"), type)
  if (type == "other" || type == "uniprot") {
    foreign <- setdiff(c("entrez", "ensembl"), type)
  }
  list(type = type, n_other = sum(n[foreign]), n = n)
}

# Checks that all inputs use one kind of identifier. `inputs` has the columns
# `name`, `label` and `genes`. Returns the kind and a table for the report.
check_identifiers <- function(inputs, id_type, call) {
  described <- lapply(inputs$genes, describe_ids)
  type <- id_type %||% described[[1]]$type
  seen <- character()
  n_shared <- integer(nrow(inputs))
  for (i in seq_len(nrow(inputs))) {
    genes <- inputs$genes[[i]]
    label <- inputs$label[[i]]
    if (type != "other") {
      check_one_kind(described[[i]], label, call)
    }
    found <- described[[i]]$type
    if (i == 1) {
      check_stated_kind(genes, found, type, label, call)
    } else {
      check_overlap(genes, seen, found, type, label, inputs$label[[1]], call)
    }
    n_shared[[i]] <- sum(genes %in% seen)
    seen <- union(seen, genes)
  }
  table <- tibble(
    input = inputs$name,
    id_type = vapply(described, function(d) d$type, ""),
    n_genes = lengths(inputs$genes),
    n_other_type = vapply(described, function(d) d$n_other, 1L),
    n_in_earlier_inputs = n_shared
  )
  list(id_type = type, table = table)
}

check_one_kind <- function(described, label, call) {
  n <- described$n
  if (described$n_other > max_other_share * sum(n)) {
    found <- paste0(names(n)[n > 0], " (", n[n > 0], ")")
    abort_musl(c(
      "{capital(label)} must use one kind of gene identifier.",
      x = "Found {found}.",
      i = "Map the genes to one kind with {.fn musl_map_genes}, or pass
           {.code id_type = \"other\"} to use the names as they are."
    ), "gene", input = label, call = call)
  }
}

# Checks the user's `id_type`. Symbols may look like UniProt accessions.
check_stated_kind <- function(names, found, type, label, call) {
  agrees <- type == "other" || found == type ||
    (type == "symbol" && found == "uniprot")
  if (agrees) {
    return(invisible())
  }
  abort_musl(c(
    "{capital(label)} must use {.field {type}} identifiers, as {.arg id_type}
     says.",
    x = "Its names look like {.field {found}}: {.val {utils::head(names, 3)}}."
  ), "gene", input = label, call = call)
}

# `seen` are the names of the previous inputs, `reference` the first of these
# inputs.
check_overlap <- function(names, seen, found, type, label, reference, call) {
  n <- length(names)
  n_shared <- sum(names %in% seen)
  differs <- type != "other" && found != type
  if (n_shared > 0 && !(differs && 2 * n_shared < min(n, length(seen)))) {
    return(invisible())
  }
  abort_musl(c(
    "{capital(label)} must share genes with {reference}.",
    x = "{n_shared} of {n} name{?s} occur{?s/} in the previous inputs.",
    x = "{capital(label)}: {.field {found}}, such as
         {.val {utils::head(names, 3)}}.",
    x = "{capital(reference)}: {.field {type}}, such as
         {.val {utils::head(seen, 3)}}.",
    i = overlap_remedy(names, seen, differs)
  ), "gene", input = label, n_shared = n_shared, call = call)
}

overlap_remedy <- function(names, seen, differs) {
  bare <- function(x) toupper(sub("[.][0-9]+$", "", x))
  if (differs) {
    return("{.fn musl_map_genes} maps genes to one kind of identifier.")
  }
  if (any(bare(names) %in% bare(seen))) {
    return("They differ only in letter case or version suffix: unify these.")
  }
  "Are both from the same species?"
}
