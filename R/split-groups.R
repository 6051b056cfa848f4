# Groups of genes that a split keeps together.

# A group name for each of `genes`; a gene without one is alone.
gene_families <- function(groups, similarity, genes, data) {
  if (is.null(groups)) {
    return(genes)
  }
  if (identical(groups, "embeddings")) {
    check_number(similarity, 0, 1)
    return(embedding_families(similarity, genes, data))
  }
  given <- group_table(groups)
  twice <- unique(given$gene[duplicated(given$gene)])
  abort_if(length(twice) > 0, c(
    "A gene must be in one of the {.arg groups}.",
    x = "{length(twice)} gene{?s} in several: {.val {utils::head(twice, 3)}}.",
    i = "{.code setting = \"family\"} joins the groups of a gene."
  ), argument = "groups", genes = twice)
  family <- given$group[match(genes, given$gene)]
  alone <- is.na(family)
  # The two kinds of names must differ.
  ifelse(alone, paste0("gene ", genes), paste0("group ", family))
}

embedding_families <- function(similarity, genes, data) {
  there <- intersect(genes, rownames(data@embeddings))
  abort_if(length(there) == 0, c(
    "{.arg data} must hold embeddings for {.code groups = \"embeddings\"}.",
    x = "It holds none of the genes of the pairs."
  ), argument = "groups")
  group <- with_core(cpp_similarity_groups(
    data@embeddings[there, , drop = FALSE], similarity
  ))
  family <- paste("gene", genes)
  family[match(there, genes)] <- paste("group", group + 1L)
  family
}

# Data frame gene, group of a named vector or a data frame.
group_table <- function(groups, arg = "groups") {
  if (is.data.frame(groups)) {
    lacking <- setdiff(c("gene", "group"), names(groups))
    abort_if(length(lacking) > 0, c(
      "{.arg {arg}} must have the columns {.field gene} and {.field group}.",
      x = "Its columns are {.field {names(groups)}}."
    ), argument = arg)
    groups <- set_names(groups$group, id_text(groups$gene))
  }
  if (!is.atomic(groups) || is.null(names(groups))) {
    what <- if (arg == "groups") {
      "a vector with genes as names, a data frame or \"embeddings\""
    } else {
      "a vector with genes as names or a data frame"
    }
    abort_musl(c(
      "{.arg {arg}} must be {what}.",
      x = "Found {describe_value(groups)}."
    ), argument = arg)
  }
  # Tables write genes without a group as blanks.
  given <- data.frame(gene = names(groups), group = blank_to_na(groups))
  unique(given[!is.na(given$group), ])
}

# Groups of other identifiers would leave every gene alone.
check_grouped <- function(given, genes, arg = "groups", of = "pairs") {
  abort_if(!any(given$gene %in% genes), c(
    "{.arg {arg}} must name genes of the {of}.",
    x = "Examples of its genes: {.val {few(unique(given$gene))}}; of the
         {of}: {.val {utils::head(genes, 3)}}.",
    i = "Map both to the same kind of identifier."
  ), argument = arg)
}

tell_large_groups <- function(given, size, largest) {
  large <- names(size)[size > largest]
  if (length(large) > 0) {
    genes <- setdiff(
      given$gene[given$group %in% large], given$gene[!given$group %in% large]
    )
    inform_musl(c(
      "{length(large)} group{?s} of more than {largest} genes
       {cli::qty(length(large))}{?is/are} not joined.",
      x = "{length(genes)} gene{?s} of {cli::qty(length(large))}{?it/them}
           {cli::qty(length(genes))}{?is/are} in no other and {?is/are} alone:
           relatives may be in training."
    ), "families", groups = large, genes = genes)
  }
}

# Groups for a split by families: those that share a gene become one. Groups of
# more than `largest` genes are not joined.
joined_groups <- function(groups, largest) {
  abort_if(is.null(groups), c(
    "{.arg groups} must give the gene families for
     {.code setting = \"family\"}.",
    i = "Pass a data frame with the columns {.field gene} and {.field group},
         or {.val embeddings}."
  ), argument = "groups")
  if (identical(groups, "embeddings")) {
    return(groups)
  }
  if (!is_one_number(largest) && !identical(largest, Inf)) {
    abort_argument("largest", "one number", largest)
  }
  given <- group_table(groups)
  size <- table(given$group)
  tell_large_groups(given, size, largest)
  given <- given[size[given$group] <= largest, ]
  genes <- unique(given$gene)
  names <- unique(given$group)
  ends <- rbind(
    match(given$gene, genes), length(genes) + match(given$group, names)
  )
  graph <- igraph::make_graph(
    ends,
    n = length(genes) + length(names), directed = FALSE
  )
  family <- igraph::components(graph)$membership[seq_along(genes)]
  # A family has the name of the first of its groups.
  first <- given$group[match(genes, given$gene)]
  set_names(first[match(family, family)], genes)
}
