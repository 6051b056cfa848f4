# Which kind of identifier each input uses, and whether the inputs agree.

# Checks that all inputs use one kind of identifier. `inputs` has the columns
# `name`, `label` and `genes`. Returns the kind and a table for the report.
check_identifiers <- function(inputs, id_type) {
  described <- lapply(inputs$genes, describe_ids)
  type <- id_type %||% described[[1]]$type
  seen <- character()
  n_shared <- integer(nrow(inputs))
  for (i in seq_len(nrow(inputs))) {
    genes <- inputs$genes[[i]]
    label <- inputs$label[[i]]
    if (type != "other") check_one_kind(described[[i]], label)
    found <- described[[i]]$type
    if (i == 1) {
      agrees <- type == "other" || found == type ||
        (type == "symbol" && found == "uniprot")
      abort_if(!agrees, c(
        "{capital(label)} must use {.field {type}} identifiers, as
         {.arg id_type} says.",
        x = "Its names look like {.field {found}}:
             {.val {utils::head(genes, 3)}}."
      ), "gene", input = label)
    } else {
      check_overlap(genes, seen, found, type, label, inputs$label[[1]])
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

check_one_kind <- function(described, label) {
  n <- described$n[described$n > 0]
  # More than a third is no oversight.
  abort_if(3 * described$n_other > sum(n), c(
    "{capital(label)} must use one kind of gene identifier.",
    x = "Found {paste0(names(n), ' (', n, ')')}.",
    i = "Map the genes to one kind with {.fn musl_map_genes}, or pass
         {.code id_type = \"other\"} to use the names as they are."
  ), "gene", input = label)
}

# `seen` are the names of the previous inputs, `reference` the first of these
# inputs.
check_overlap <- function(names, seen, found, type, label, reference) {
  n <- length(names)
  n_shared <- sum(names %in% seen)
  differs <- type != "other" && found != type
  few <- n_shared == 0 || differs && 2 * n_shared < min(n, length(seen))
  abort_if(few, c(
    "{capital(label)} must share genes with {reference}.",
    x = "{n_shared} of {n} name{?s} occur{?s/} in the previous inputs.",
    x = "{capital(label)}: {.field {found}}, such as
         {.val {utils::head(names, 3)}}.",
    x = "{capital(reference)}: {.field {type}}, such as
         {.val {utils::head(seen, 3)}}.",
    i = overlap_remedy(names, seen, differs)
  ), "gene", input = label, n_shared = n_shared)
}

overlap_remedy <- function(names, seen, differs) {
  if (differs) {
    return("{.fn musl_map_genes} maps genes to one kind of identifier.")
  }
  if (any(plain_name(names) %in% plain_name(seen))) {
    return("They differ only in letter case or version suffix: unify these.")
  }
  "Are both from the same species?"
}
