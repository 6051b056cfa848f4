# What two genes share, by name: terms and complexes, modules, families.

# One row a set that holds both genes, the most telling first: complexes, then
# terms, modules and families, each from the smallest; at most three of a kind.
# `source` is that of facts_source(). Columns: row of `pairs`, set (its number),
# kind, name, id, n_genes, genes (others of a small set).
shared_sets <- function(source, pairs) {
  found <- if (!is.null(source)) {
    bind_each(names(shared_parts), shared_of_kind, source, pairs)
  }
  if (NROW(found) == 0) {
    return(no_shared_sets)
  }
  found <- found[order(match(found$kind, shared_kinds), found$n_genes), ]
  nth <- stats::ave(found$n_genes, found$kind, FUN = seq_along)
  as_tibble(found[nth <= 3, names(no_shared_sets)])
}

# Of each pair with a shared term the smallest one, as shared_sets() has it;
# complexes before other terms of this size.
smallest_terms <- function(source, pairs) {
  found <- if (!is.null(source) && nrow(pairs) > 0) {
    shared_of_kind("terms", source, pairs, listed = 0L)
  }
  if (NROW(found) == 0) {
    return(no_shared_sets)
  }
  found <- found[order(found$row, found$n_genes, found$kind != "complex"), ]
  found[!duplicated(found$row), ]
}

shared_parts <- c(terms = "term", modules = "module", families = "family")
shared_kinds <- c("complex", "term", "module", "family")

no_shared_sets <- tibble(
  row = integer(), set = integer(), kind = character(), name = character(),
  id = character(), n_genes = integer(), genes = character()
)

# Larger ones, such as "transferase complex", are kinds of complexes.
largest_complex <- 100L
# The genes of sets up to this size are told.
largest_listed <- 30L

# Those of one part; `members`: the genes of sets of at most `listed` genes.
shared_of_kind <- function(part, source, pairs, listed = largest_listed) {
  found <- with_core(cpp_shared_sets(
    source$store, source$model, part, pair_input(pairs, source$genes), listed
  ))
  if (length(found$set) == 0) {
    return(NULL)
  }
  none <- rep(NA_character_, length(found$set))
  named <- if (part == "terms") term_names(found$sizes)
  members <- lapply(found$members, function(i) source$genes[i])
  out <- tibble(
    row = found$row, set = found$set, kind = shared_parts[[part]],
    name = named$name[found$set] %||% none, id = named$id[found$set] %||% none,
    n_genes = as.integer(found$size),
    genes = others_of(members, pairs[found$row, ]), members = members
  )
  of_proteins <- grepl("complex$", out$name) & out$n_genes <= largest_complex
  out$kind[of_proteins] <- "complex"
  out
}

# "SMARCA4, SMARCB1, ...": the members of each set besides the pair.
others_of <- function(members, pairs) {
  vapply(seq_along(members), function(i) {
    others <- setdiff(members[[i]], c(pairs$gene_a[[i]], pairs$gene_b[[i]]))
    if (length(others) > 0) first_three(others, ", ") else NA_character_
  }, "")
}

# The names of terms of these sizes, if they are those of the human model: as
# many sets of the same sizes. Else NULL.
term_names <- function(sizes) {
  known <- package_table("terms")$table
  if (identical(as.numeric(known$n_genes), as.numeric(sizes))) known
}
