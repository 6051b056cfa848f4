# Groups of genes that a split keeps together.

# One name of a group for each of `genes`; a gene without one stands alone.
gene_families <- function(groups, similarity, genes, data,
                          call = caller_env()) {
  if (is.null(groups)) {
    return(genes)
  }
  if (identical(groups, "embeddings")) {
    check_number(similarity, 0, 1, call = call)
    return(embedding_families(similarity, genes, data, call))
  }
  given <- read_groups(groups, call)
  family <- given$group[match(genes, given$gene)]
  alone <- is.na(family)
  # The two kinds of names must not meet.
  ifelse(alone, paste0("gene ", genes), paste0("group ", family))
}

embedding_families <- function(similarity, genes, data, call) {
  there <- intersect(genes, rownames(data@embeddings))
  if (length(there) == 0) {
    abort_musl(c(
      "{.arg data} must hold embeddings for {.code groups = \"embeddings\"}.",
      x = "It holds none of the genes of the pairs."
    ), argument = "groups", call = call)
  }
  group <- with_core(cpp_similarity_groups(
    data@embeddings[there, , drop = FALSE], similarity
  ), call = call)
  family <- paste("gene", genes)
  family[match(there, genes)] <- paste("group", group + 1L)
  family
}

# Data frame gene, group of a named vector or a data frame.
read_groups <- function(groups, call) {
  if (is.data.frame(groups)) {
    lacking <- setdiff(c("gene", "group"), names(groups))
    if (length(lacking) > 0) {
      abort_musl(c(
        "{.arg groups} must have the columns {.field gene} and {.field group}.",
        x = "Its columns are {.field {names(groups)}}."
      ), argument = "groups", call = call)
    }
    groups <- set_names(groups$group, as.character(groups$gene))
  }
  if (!is.atomic(groups) || is.null(names(groups))) {
    abort_musl(c(
      "{.arg groups} must be a vector with genes as names, a data frame or
       {.val embeddings}.",
      x = "Found {describe_value(groups)}."
    ), argument = "groups", call = call)
  }
  given <- data.frame(gene = names(groups), group = as.character(groups))
  given <- unique(given[!is.na(given$group), ])
  twice <- unique(given$gene[duplicated(given$gene)])
  if (length(twice) > 0) {
    abort_musl(c(
      "A gene must be in one of the {.arg groups}.",
      x = "{length(twice)} gene{?s} in several:
           {.val {utils::head(twice, 3)}}."
    ), argument = "groups", genes = twice, call = call)
  }
  given
}
