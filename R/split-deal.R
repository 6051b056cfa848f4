# Deals pairs, genes, queries or studies into folds, and derives the parts.

random_folds <- function(pairs, plan) {
  keys <- pair_keys(pairs)
  row <- match(keys, unique(keys))
  label <- pairs$label[!duplicated(keys)]
  # Each label is dealt separately, so that no fold lacks one by chance. All
  # rows of a pair go to one fold, by the label of the first.
  fold <- integer(length(label))
  for (rows in split(seq_along(label), label)) {
    n <- length(rows)
    fold[rows] <- rep_len(seq_len(plan$folds), n)[sample.int(n)]
  }
  list(assignment = lapply(seq_len(plan$folds), function(f) {
    part <- ifelse(fold == f, "C1", "train")
    held <- held_pairs(label, which(part == "train"), plan$validation)
    part[held] <- "validation"
    factor(part[row], split_parts)
  }))
}

# A share of `rows`, of each label alike.
held_pairs <- function(label, rows, share) {
  unlist(lapply(split(rows, label[rows]), function(x) {
    sample_some(x, round(share * length(x)))
  }))
}

# What is dealt: genes, or groups of them. list(genes, unit (of each gene),
# size, degree (SL pairs, of each unit)); NULL for a split by pairs.
split_units <- function(pairs, plan, groups) {
  if (plan$setting %in% c("random", "query", "study")) {
    if (!is.null(groups)) {
      abort_without_effect("groups", "setting = \"family\"")
    }
    return(NULL)
  }
  abort_if(plan$setting == "family" && is.null(groups), c(
    "{.arg groups} must give the gene families for
     {.code setting = \"family\"}.",
    i = "Pass a data frame with the columns {.field gene} and {.field group}."
  ), argument = "groups")
  genes <- unique_bytes(c(pairs$gene_a, pairs$gene_b))
  family <- gene_families(groups, genes)
  unit <- match(family, unique(family))
  ends <- pair_index(pairs[pairs$label == "SL", ], genes)
  degree <- tabulate(c(ends$a, ends$b), length(genes))
  units <- list(
    genes = genes,
    unit = unit,
    size = tabulate(unit),
    degree = as.vector(rowsum(degree, unit)),
    families = if (!is.null(groups)) set_names(family, genes)
  )
  check_units(units, plan, family)
  units
}

check_units <- function(units, plan, family) {
  folds <- plan$folds
  n <- length(units$size)
  if (n < folds) {
    grouped <- n < length(units$genes)
    what <- if (grouped) "group" else "gene"
    abort_musl(c(
      "{.arg folds} must be at most the number of {what}s.",
      x = "{folds} folds of {n} {what}{cli::qty(n)}{?s}."
    ), argument = "folds")
  }
  most <- ceiling(length(units$genes) / folds)
  large <- which(units$size > most)
  if (length(large) > 0) {
    first <- large[order(-units$size[large])][[1]]
    members <- units$genes[units$unit == first]
    name <- sub("^group ", "", family[units$unit == first][[1]])
    abort_musl(c(
      "A group of genes must fit into a fold of {most} gene{?s}.",
      x = "{length(large)} group{?s} {?does/do} not; {.val {name}} has
           {length(members)} genes: {.val {utils::head(members, 3)}}.",
      i = "Use fewer {.arg folds}, or leave large {.arg groups} out: groups that
           share a gene are joined."
    ), argument = "groups", genes = members)
  }
}

# list(assignment, gene_fold, kind): `kind` has for each fold one of "train",
# "held" and "test" for each of units$genes.
gene_folds <- function(pairs, plan, units) {
  index <- pair_index(pairs, units$genes)
  fold <- deal_units(units, plan$folds)
  kind <- lapply(seq_len(plan$folds), function(f) {
    held <- hold_units(units, which(fold != f), plan$validation)
    kind <- ifelse(fold == f, "test", "train")
    kind[held] <- "held"
    kind[units$unit]
  })
  list(
    assignment = lapply(kind, function(kind) gene_parts(index, kind)),
    gene_fold = set_names(fold[units$unit], units$genes), kind = kind
  )
}

# Units in the order in which they are dealt: hubs first, so that no fold has
# many of them by chance.
unit_order <- function(units, which) {
  mixed <- which[sample.int(length(which))]
  mixed[order(-units$degree[mixed])]
}

# A fold for each unit: `folds` units at a time, one to each fold. In a block,
# larger units go to folds with fewer genes; ties are random.
deal_units <- function(units, folds) {
  n <- length(units$size)
  order <- unit_order(units, seq_len(n))
  fold_of <- integer(n)
  filled <- numeric(folds)
  for (start in seq(1, n, by = folds)) {
    block <- order[start:min(start + folds - 1, n)]
    mixed <- sample.int(folds)
    to <- mixed[order(filled[mixed])][seq_along(block)]
    block <- block[order(-units$size[block])]
    fold_of[block] <- to
    filled[to] <- filled[to] + units$size[block]
  }
  fold_of
}

# A share of the units `which`, one out of each of as many strata.
hold_units <- function(units, which, share) {
  n <- round(share * length(which))
  if (n == 0) {
    return(integer())
  }
  order <- unit_order(units, which)
  bounds <- floor(seq(0, length(order), length.out = n + 1))
  drawn <- bounds[-(n + 1)] + floor(stats::runif(n) * diff(bounds))
  order[drawn + 1]
}

# The part of each pair, by how many of its genes are test and validation genes.
gene_parts <- function(index, kind) {
  n_test <- (kind[index$a] == "test") + (kind[index$b] == "test")
  n_held <- (kind[index$a] == "held") + (kind[index$b] == "held")
  part <- rep("train", length(index$a))
  part[n_held > 0] <- "validation"
  part[n_test == 1] <- "C2"
  part[n_test == 1 & n_held == 1] <- "unused"
  part[n_test == 2] <- "C3"
  factor(part, split_parts)
}

# Queries of directed screens, and whole studies -------------------------------

# As random_folds(): list(assignment). Call it with a seed set.
query_folds <- function(pairs, plan) {
  query <- as.character(pairs[["query"]] %||% rep(NA, nrow(pairs)))
  names <- unique_bytes(query[!is.na(query)])
  abort_if(length(names) < plan$folds, c(
    "{.arg data} must hold directed screens of at least {plan$folds} queries
     for {.code setting = \"query\"}.",
    x = "The column {.field query} of its pairs names {length(names)}
         quer{?y/ies}.",
    i = "Name the query gene of each pair in that column, as
         {.fn read_gi_screen} does, or use fewer {.arg folds}."
  ))
  row <- match(query, names)
  units <- list(
    genes = names, size = rep(1L, length(names)),
    degree = tabulate(row[which(pairs$label == "SL")], length(names))
  )
  keys <- pair_keys(pairs)
  fold <- deal_units(units, plan$folds)
  list(assignment = lapply(seq_len(plan$folds), function(f) {
    held <- hold_units(units, which(fold != f), plan$validation)
    part <- rep("train", nrow(pairs))
    part[row %in% held] <- "validation"
    part[row %in% which(fold == f)] <- "test"
    factor(without_shared(part, keys), split_parts)
  }))
}

# list(assignment, held = the study of each fold).
study_folds <- function(pairs, plan) {
  measured <- is_measured(pairs)
  study <- as.character(pairs[["study"]] %||% rep(NA, nrow(pairs)))
  n <- table(
    factor(study[measured], unique(study[measured])), pairs$label[measured]
  )
  studies <- rownames(n)[n[, "SL"] > 0 & n[, "non_SL"] > 0]
  abort_if(length(studies) == 0 || nrow(n) + any(!measured) < 2, c(
    "{.arg data} must hold measured pairs of two studies at least, one of them
     with both labels, for {.code setting = \"study\"}.",
    x = "It holds {nrow(n)}, {length(studies)} of them with both.",
    i = "{.fn read_gi_screen} reads such pairs."
  ))
  keys <- pair_keys(pairs)
  first <- which(!duplicated(keys))
  assignment <- lapply(studies, function(one) {
    is_test <- measured & study %in% one
    part <- ifelse(is_test, "test", "train")
    open <- first[!keys[first] %in% keys[is_test]]
    out <- held_pairs(pairs$label, open, plan$validation)
    part[keys %in% keys[out]] <- "validation"
    factor(without_shared(part, keys), split_parts)
  })
  list(assignment = assignment, held = studies)
}

# Marks pairs of the test part, from another study or in the other direction, as
# unused in validation and training, and those of validation in training.
without_shared <- function(part, keys) {
  test <- unique(keys[part == "test"])
  part[part != "test" & keys %in% test] <- "unused"
  validation <- unique(keys[part == "validation"])
  part[part == "train" & keys %in% validation] <- "unused"
  part
}

# Groups of genes that a split keeps together.

# A group name for each of `genes`; a gene without one is alone. Groups that
# share a gene become one.
gene_families <- function(groups, genes) {
  if (is.null(groups)) {
    return(genes)
  }
  given <- group_table(groups)
  check_grouped(given, genes)
  family <- joined_groups(given)[genes]
  # The two kinds of names must differ.
  unname(ifelse(
    is.na(family), paste0("gene ", genes), paste0("group ", family)
  ))
}

# A family for each gene, with the name of the first of its groups.
joined_groups <- function(given) {
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
  first <- given$group[match(genes, given$gene)]
  set_names(first[match(family, family)], genes)
}

# Data frame gene, group of a named vector or a data frame.
group_table <- function(groups, arg = "groups") {
  if (is.data.frame(groups)) {
    check_columns(groups, c("gene", "group"), arg)
    groups <- set_names(groups$group, id_text(groups$gene))
  }
  if (!is.atomic(groups) || is.null(names(groups))) {
    abort_argument(
      arg, "a vector with genes as names or a data frame", groups
    )
  }
  # Tables write genes without a group as blanks.
  given <- data.frame(gene = names(groups), group = blank_to_na(groups))
  unique(given[!is.na(given$group), ])
}

# Groups of other identifiers would leave every gene alone.
check_grouped <- function(given, genes, arg = "groups") {
  abort_if(!any(given$gene %in% genes), c(
    "{.arg {arg}} must name genes of the pairs.",
    x = "Examples of its genes: {.val {few(unique(given$gene))}}; of the
         pairs: {.val {utils::head(genes, 3)}}.",
    i = "Map both to the same kind of identifier."
  ), argument = arg)
}
