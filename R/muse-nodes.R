# Data on nodes, by kind.

#' Sequences, structures and molecules as nodes
#'
#' Tells [musl_interactions()] how to read nodes: as protein sequences,
#' sequences with coordinates, or molecules.
#'
#' Sequences are read by three gated convolutions over seven residues each;
#' sequences with `coordinates` by attention of each residue to at most 32
#' others within 10 Angstrom; molecules by four layers of a graph isomorphism
#' network over atoms and bonds. Isotopes and stereochemistry are ignored; all
#' fragments of a salt count.
#'
#' @param x For "sequence": an `AAStringSet` of Biostrings, a named character
#'   vector or the path of a FASTA file, as in [musl_embed_proteins()]; up to
#'   30,000 residues each, `X` and the letters B, J, O, U and Z are unknown. Or
#'   a named list of structures from `bio3d::read.pdb()`, each a single protein
#'   chain: the residues and C-alpha atoms that `bio3d::atom.select()` finds are
#'   used, without `coordinates`. For "smiles": a named character vector, up to
#'   10,000 characters each. Write rings of all molecules in the same way:
#'   `c1ccccc1` and `C1=CC=CC=C1` differ.
#' @param as "sequence" or "smiles".
#' @param coordinates `NULL`, or a list of numeric matrices, residues x 3:
#'   C-alpha atoms in Angstrom, `NA` if one is missing. A list with names of
#'   proteins is matched by them; any other is in the order of `x`.
#' @param columns With coordinates `NULL`, or a list of numeric matrices like
#'   that of coordinates, residues x columns: further features of each residue,
#'   such as accessibility; finite, all with the same columns, and for pairs of
#'   nodes scaled to about -1 to 1.
#' @returns An object of class `musl_nodes`: a list of `kind`, `text` (a named
#'   character vector), `coordinates` and `columns`.
#' @section Errors:
#'   `musl_error_input` names the nodes that cannot be read, with the position
#'   and the reason.
#' @section Source:
#'   Rao et al. (2024), Nat Commun 15:4476; our encoders are smaller.
#' @examples
#' musl_nodes(c(aspirin = "CC(=O)Oc1ccccc1C(=O)O", salt = "[Na+].[Cl-]"),
#'   as = "smiles"
#' )
#' musl_nodes(c(GCG = "HSQGTFTSDYSKYLDSRRAQDFVQWLMNT", INS = "FVNQHLCGSHLV"))
#' @export
musl_nodes <- function(x, as = c("sequence", "smiles"), coordinates = NULL,
                       columns = NULL) {
  as <- check_choice(as, c("sequence", "smiles"))
  text <- if (as == "smiles") {
    smiles_of(x)
  } else if (is_structures(x) && is.null(coordinates)) {
    chains <- structure_chains(x)
    coordinates <- chains$coordinates
    chains$text
  } else {
    proteins <- read_proteins(x, "x")
    set_names(proteins$sequence, proteins$name)
  }
  kind <- as
  if (!is.null(coordinates)) {
    kind <- "residues"
    coordinates <- residue_coordinates(coordinates, text, as)
  }
  out <- structure(
    list(
      kind = kind, text = text, coordinates = coordinates,
      columns = residue_columns(columns, text, kind)
    ),
    class = "musl_nodes"
  )
  check_readable(out, "x")
  out
}

smiles_of <- function(x) {
  if (!is.character(x) || length(x) == 0) {
    abort_argument("x", "a character vector of SMILES with names", x)
  }
  check_each_named(names(x), "node", "x")
  lost <- names(x)[is.na(x)]
  abort_if(length(lost) > 0, c(
    "{.arg x} must not hold missing SMILES.",
    x = "{length(lost)} {?is/are} {.code NA}: {.val {few(lost)}}."
  ), argument = "x", nodes = lost)
  x
}

is_structures <- function(x) {
  is_list <- is.list(x) && !inherits(x, "igraph")
  inherits(x, "pdb") || is_list && length(x) > 0 &&
    all(vapply(x, inherits, NA, "pdb"))
}

# list(text, coordinates) of structures with names, each of one chain.
structure_chains <- function(x) {
  check_installed("bio3d", "to read structures")
  abort_if(inherits(x, "pdb"), c(
    "{.arg x} must be a list of structures with names.",
    x = "Found one structure.",
    i = "Pass {.code list(name = pdb)}."
  ), argument = "x")
  check_each_named(names(x), "node", "x")
  atoms <- lapply(x, alpha_carbons)
  chains <- lapply(atoms, function(one) unique(one$chain))
  bad <- names(x)[lengths(chains) != 1]
  first <- unlist(chains[bad[1]])
  abort_if(length(bad) > 0, c(
    "{.arg x} must hold structures of one protein chain each.",
    x = "{length(bad)} {?is/are} not: {.val {few(bad)}}; {.val {bad[1]}} has
         {length(first)} chain{?s}{if (length(first)) ': '}{first}.",
    i = "{.code bio3d::trim.pdb(pdb, chain = \"A\")} keeps one."
  ), argument = "x", nodes = bad)
  list(
    text = vapply(atoms, function(one) {
      paste(bio3d::aa321(one$resid), collapse = "")
    }, ""),
    coordinates = lapply(atoms, function(one) {
      unname(as.matrix(one[c("x", "y", "z")]))
    })
  )
}

# One row per residue: the first position of an atom with several.
alpha_carbons <- function(pdb) {
  atoms <- pdb$atom[bio3d::atom.select(pdb, "calpha", verbose = FALSE)$atom, ]
  atoms$chain[is.na(atoms$chain)] <- " "
  atoms[!duplicated(atoms[c("chain", "resno", "insert")]), ]
}

# A list in the order of `text`, by its names if they are those of proteins.
in_node_order <- function(x, text, arg) {
  names(x) <- sub("[[:space:]].*$", "", names(x)) # as read_proteins() does
  known <- names(x) %in% names(text)
  if (!any(known)) {
    return(x)
  }
  bad <- unique(c(names(x)[!known], repeated_names(x)))
  abort_if(length(bad) > 0, c(
    "{.arg {arg}} must be named as the proteins, or not at all.",
    x = "{length(bad)} name{?s} {?is/are} of no protein or given twice:
         {.val {few(bad)}}."
  ), argument = arg, nodes = bad)
  x[names(text)]
}

# A list of numeric matrices with a row for each residue of `text`, in its
# order, of which `fits(matrix)` holds; `of` and `what` say which in an error.
residue_matrices <- function(x, text, arg, of, what, fits) {
  if (!is.list(x) || !length(x) %in% setdiff(length(text), 0)) {
    abort_argument(arg, paste("a list with a matrix for each", of), x)
  }
  x <- in_node_order(x, text, arg)
  good <- mapply(function(one, sequence) {
    is.matrix(one) && is_plain_number(one) && nrow(one) == nchar(sequence) &&
      fits(one)
  }, x, text)
  bad <- names(text)[!good]
  abort_if(length(bad) > 0, c(
    "{.arg {arg}} must be {what}.",
    x = "{length(bad)} {?does/do} not fit {?its/their} sequence{?s}:
         {.val {few(bad)}}."
  ), argument = arg, nodes = bad)
  unname(x)
}

# Matrices of doubles, NaN for missing residues.
residue_coordinates <- function(x, text, as) {
  # Molecules have none.
  if (as != "sequence") text <- NULL
  x <- residue_matrices(x, text, "coordinates", "sequence",
    "numeric matrices, residues x 3", function(one) ncol(one) == 3)
  lapply(x, function(one) {
    matrix(as.double(replace(one, is.na(one), NaN)), ncol = 3)
  })
}

# Matrices of doubles, one per sequence, or NULL.
residue_columns <- function(x, text, kind) {
  if (is.null(x)) {
    return(NULL)
  }
  if (kind != "residues") text <- NULL
  first <- if (is.list(x) && length(x) > 0) x[[1]]
  x <- residue_matrices(x, text, "columns", "sequence that has coordinates",
    "finite matrices, residues x columns, with the same columns",
    function(one) {
      all(is.finite(one)) && ncol(one) == ncol(first) &&
        identical(colnames(one), colnames(first))
    }
  )
  names <- colnames(x[[1]])
  lapply(x, function(one) {
    matrix(as.double(one), nrow(one), dimnames = list(NULL, names))
  })
}

# Of all matrices of musl_nodes(), which have the same; none unless each column
# has a name of its own.
column_names <- function(x) {
  names <- if (length(x) > 0) colnames(x[[1]])
  is_named <- !is.null(names) && all(nzchar(names)) && !anyDuplicated(names)
  if (is_named) names else character()
}

check_readable <- function(nodes, arg) {
  faults <- with_core(cpp_node_faults(core_nodes(nodes)))
  bad <- which(nzchar(faults))
  first <- utils::head(bad, 3)
  reasons <- sub("[.]$", "", faults[first])
  abort_if(length(bad) > 0, c(
    "{.arg {arg}} must hold nodes that can be read.",
    x = "{length(bad)} can't be:
         {paste0(names(nodes$text)[first], ': ', reasons)}",
    i = if (nodes$kind == "smiles") {
      "Sequences of proteins are an {.cls AAStringSet}, or
       {.code musl_nodes(x, \"sequence\")}."
    }
  ), argument = arg, nodes = names(nodes$text)[bad])
}

# A list of one or two musl_nodes, of kind "features" if they are numeric.
node_blocks <- function(nodes) {
  is_one <- !is.list(nodes) || is.data.frame(nodes) ||
    inherits(nodes, "musl_nodes") || is_structures(nodes)
  if (is_one) nodes <- list(nodes)
  abort_if(!length(nodes) %in% 1:2, c(
    "{.arg nodes} must be of one type or a list of two.",
    x = "Found a list of {length(nodes)}."
  ), argument = "nodes")
  lapply(nodes, node_block)
}

node_block <- function(x) {
  if (inherits(x, "musl_nodes")) {
    return(x)
  }
  if (is.character(x) && !is.matrix(x)) {
    return(musl_nodes(x, "smiles"))
  }
  load_class_package(x)
  if (is_structures(x) || inherits(x, "AAStringSet")) {
    return(musl_nodes(x))
  }
  list(kind = "features", features = node_matrix(x))
}

node_matrix <- function(x) {
  if (inherits(x, "SummarizedExperiment")) {
    x <- as.matrix(SummarizedExperiment::assay(x, 1))
  }
  if (!is.matrix(x) || !is_plain_number(x) || nrow(x) == 0 || ncol(x) == 0) {
    what <- "numeric matrices or SummarizedExperiments with one row per node,
             AAStringSets, structures of bio3d, SMILES or musl_nodes()"
    abort_argument("nodes", what, x)
  }
  check_each_named(rownames(x), "node", "nodes")
  lost <- rownames(x)[rowSums(!is.finite(x)) > 0]
  abort_if(length(lost) > 0, c(
    "{.arg nodes} must hold finite numbers.",
    x = "{length(lost)} node{?s} {?has/have} other values:
         {.val {utils::head(lost, 3)}}."
  ), argument = "nodes")
  storage.mode(x) <- "double"
  x
}

# In the form of cpp_interactions_fit().
core_nodes <- function(block) {
  list(
    kind = block$kind, features = block$features,
    text = unname(block$text) %||% character(),
    coordinates = block$coordinates %||% list(),
    columns = block$columns %||% list()
  )
}

#' @export
print.musl_nodes <- function(x, ...) {
  what <- c(
    sequence = "sequences", smiles = "SMILES",
    residues = "sequences with coordinates"
  )
  n <- length(x$text)
  cat(
    "<musl_nodes> ", count_text(n), " ", what[[x$kind]], "\n  ",
    paste(utils::head(names(x$text), 4), collapse = ", "),
    if (n > 4) ", ...", "\n",
    sep = ""
  )
  invisible(x)
}
