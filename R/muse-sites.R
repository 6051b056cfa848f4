# Sites: labels of residues in place of pairs, task = "site" of
# musl_interactions().

# list(core, labels, classes, columns, types, pairs): `core` goes to
# cpp_sites_fit(); pairs is a tibble protein, split, n_residues, n_positive.
site_input <- function(sites, nodes, seed) {
  block <- site_nodes(nodes, "nodes")
  table <- site_table(sites, block, "pairs")
  proteins <- site_proteins(table, names(block$text))
  proteins$split <- interaction_split(
    proteins[["split"]], nrow(proteins), seed
  )
  check_site_parts(proteins)
  used <- which(proteins$split != "test")
  labels <- site_labels(table, block)[proteins$protein]
  list(
    core = list(
      nodes = core_nodes(some_nodes(block, proteins$protein[used])),
      label = unname(labels[used]),
      validation = as.raw(proteins$split[used] == "validation")
    ),
    labels = positive_class(sites$label, "binary"),
    classes = label_classes(sites$label, "binary"),
    columns = column_names(block$columns), types = list(proteins$protein),
    pairs = proteins
  )
}

# One musl_nodes of proteins.
site_nodes <- function(nodes, arg) {
  is_protein <- inherits(nodes, "musl_nodes") && nodes$kind != "smiles"
  if (!is_protein) {
    load_class_package(nodes)
    if (!inherits(nodes, "AAStringSet")) {
      what <- "musl_nodes() of sequences or an AAStringSet"
      abort_argument(arg, what, nodes)
    }
    nodes <- musl_nodes(nodes, "sequence")
  }
  nodes
}

some_nodes <- function(block, names) {
  at <- match(names, names(block$text))
  block$text <- block$text[at]
  block$coordinates <- block$coordinates[at]
  block$columns <- block$columns[at]
  block
}

# list(protein, residue, label, split): one row per labelled residue, NA for
# unknown labels.
site_table <- function(sites, block, arg) {
  check_table(sites, c("protein", "residue", "label"), arg)
  protein <- node_text(sites$protein, names(block$text))
  unknown <- setdiff(protein, names(block$text))
  abort_if(length(unknown) > 0, c(
    "{.arg {arg}} must hold residues of known proteins.",
    x = "{length(unknown)} {?is/are} not among {.arg nodes}:
         {.val {few(unknown)}}."
  ), argument = arg, nodes = unknown)
  check_places(protein, sites$residue, block, arg)
  list(
    protein = protein, residue = as.integer(sites$residue),
    label = label_numbers(sites$label, "label", "binary"),
    split = sites[["split"]]
  )
}

check_places <- function(protein, residue, block, arg) {
  abort_if(!is_plain_number(residue), c(
    "Column {.field residue} of {.arg {arg}} must hold whole numbers.",
    x = "Found {describe_value(residue)}.",
    i = "Positions count from 1 to the number of letters of the sequence."
  ), argument = arg)
  length <- nchar(block$text)[protein]
  fits <- !is.na(residue) & residue == trunc(residue)
  fits <- fits & residue >= 1 & residue <= length
  bad <- which(!fits | duplicated(paste(protein, residue)))
  if (length(bad) > 0) {
    first <- utils::head(bad, 3)
    shown <- paste0(protein[first], " ", residue[first], " of ", length[first])
    abort_musl(c(
      "{.arg {arg}} must hold positions of residues, each once.",
      x = "{length(bad)} row{?s} {?is/are} outside or repeated: {shown}.",
      i = "Positions count from 1 to the number of letters of the sequence."
    ), argument = arg, rows = bad)
  }
}

# One row per protein, in the order of the nodes, without unlabelled ones.
site_proteins <- function(table, names) {
  split <- table[["split"]] %||% rep("train", length(table$protein))
  parts <- unique(data.frame(protein = table$protein, split = split))
  mixed <- unique(parts$protein[duplicated(parts$protein)])
  abort_if(length(mixed) > 0, c(
    "Column {.field split} of {.arg pairs} must be the same for all residues
     of a protein.",
    x = "{length(mixed)} protein{?s} {?is/are} in several parts:
         {.val {few(mixed)}}."
  ), argument = "pairs", nodes = mixed)
  parts <- parts[order(match(parts$protein, names)), ]
  known <- !is.na(table$label)
  count <- function(use) {
    tabulate(match(table$protein[use], parts$protein), nrow(parts))
  }
  tibble(
    protein = parts$protein, split = if (!is.null(table$split)) parts$split,
    n_residues = count(known), n_positive = count(known & table$label == 1)
  )
}

check_site_parts <- function(proteins) {
  for (part in c("train", "validation")) {
    own <- proteins[proteins$split == part, ]
    n_zero <- sum(own$n_residues) - sum(own$n_positive)
    abort_if(n_zero == 0 || sum(own$n_positive) == 0, c(
      "The {part} part must have residues of both classes.",
      x = "Its {nrow(own)} protein{?s} {?has/have} {n_zero} with label 0 and
           {sum(own$n_positive)} with label 1.",
      i = "With only one or two proteins, set the parts in {.field split}."
    ), argument = "pairs")
  }
}

# A named list: a number for each residue of each protein, NA if there is
# none.
site_labels <- function(table, block) {
  empty <- lapply(nchar(block$text), rep, x = NA_real_)
  rows <- split(seq_along(table$protein), table$protein)
  for (name in names(rows)) {
    own <- rows[[name]]
    empty[[name]][table$residue[own]] <- table$label[own]
  }
  empty
}
