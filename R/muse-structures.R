# Structures of bio3d and molecules of ChemmineR, as sequences and SMILES.

residue_letters <- c(
  ALA = "A", ARG = "R", ASN = "N", ASP = "D", CYS = "C", GLN = "Q", GLU = "E",
  GLY = "G", HIS = "H", ILE = "I", LEU = "L", LYS = "K", MET = "M", PHE = "F",
  PRO = "P", SER = "S", THR = "T", TRP = "W", TYR = "Y", VAL = "V", MSE = "M"
)

is_structures <- function(x) {
  is_list <- is.list(x) && !inherits(x, "igraph")
  inherits(x, "pdb") || is_list && length(x) > 0 &&
    all(vapply(x, inherits, NA, "pdb"))
}

# list(text, coordinates) of structures with names, each of one chain.
structure_chains <- function(x) {
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
      letters <- residue_letters[one$resid]
      paste(ifelse(is.na(letters), "X", letters), collapse = "")
    }, ""),
    coordinates = lapply(atoms, function(one) {
      unname(as.matrix(one[c("x", "y", "z")]))
    })
  )
}

# One row per residue: the first position of an atom with several.
alpha_carbons <- function(pdb) {
  atoms <- pdb$atom
  atoms$chain[is.na(atoms$chain)] <- " "
  atoms$residue <- paste(atoms$chain, atoms$resno, atoms$insert)
  atoms <- atoms[!duplicated(atoms[c("residue", "elety")]), ]
  alpha <- atoms[atoms$elety %in% "CA", ]
  alpha[is_of_chain(alpha, atoms), ]
}

# Files write modified residues of a chain as they write ligands and ions, of
# which calcium has the name of a C-alpha: residues of a chain have a peptide
# bond. Without atoms N and C the name must do.
is_of_chain <- function(alpha, atoms) {
  place <- function(name) {
    rows <- atoms[atoms$elety %in% name, ]
    as.matrix(rows[match(alpha$residue, rows$residue), c("x", "y", "z")])
  }
  n <- place("N")
  c <- place("C")
  bonded <- function(i) {
    near <- function(one, all) {
      away <- rowSums(sweep(all[-i, , drop = FALSE], 2, one[i, ])^2)
      any(away < peptide_bond^2, na.rm = TRUE)
    }
    near(n, c) || near(c, n)
  }
  out <- alpha$type == "ATOM" | alpha$resid %in% names(residue_letters)
  asked <- which(
    alpha$type != "ATOM" & alpha$resid != "MSE" &
      rowSums(is.na(cbind(n, c))) == 0
  )
  out[asked] <- vapply(asked, bonded, NA)
  out
}

peptide_bond <- 2 # Angstrom; one is 1.33 long

# SMILES of a ChemmineR SDFset, named by its identifiers. Rings are written as
# in the file: alternating bonds are kept.
sdf_smiles <- function(x) {
  names <- ChemmineR::cid(x)
  check_each_named(names, "node", "x")
  blocks <- lapply(seq_along(names), function(i) {
    list(
      atoms = ChemmineR::atomblock(x[[i]]), bonds = ChemmineR::bondblock(x[[i]])
    )
  })
  known <- vapply(blocks, function(one) {
    NROW(one$atoms) > 0 && all(one$bonds[, 3] %in% 1:4)
  }, NA)
  bad <- names[!known]
  abort_if(length(bad) > 0, c(
    "{.arg x} must hold molecules with atoms and bonds of order 1 to 4.",
    x = "{length(bad)} {?does/do} not: {.val {few(bad)}}.",
    i = "{.code ChemmineR::validSDF()} finds what could not be read."
  ), argument = "x", nodes = bad)
  warn_lost_charges(names[vapply(blocks, function(one) {
    has_lost_charge(one$atoms, one$bonds)
  }, NA)])
  smiles <- vapply(blocks, function(one) {
    smiles_of_graph(sdf_graph(one$atoms, one$bonds))
  }, "")
  set_names(smiles, names)
}

# ChemmineR reads charges of the atoms' lines only. Most of today's programs
# write them to lines of their own.
warn_lost_charges <- function(names) {
  warn_if(length(names) > 0, c(
    "{length(names)} molecule{?s} {?lacks/lack} {?a charge/charges}:
     {.val {few(names)}}.",
    x = "An atom without a charge has more bonds than its element allows.",
    i = "{.pkg ChemmineR} does not read the lines {.code M CHG} of SDF files,
         so other charges may be missing, too. Pass SMILES instead."
  ), nodes = names)
}

# Whether an uncharged B, N or O has one bond more than it can; none in an
# aromatic ring, whose bonds have no order of their own.
has_lost_charge <- function(atoms, bonds) {
  elements <- sub("_.*", "", rownames(atoms))
  order <- bonds[, 3]
  ends <- c(bonds[, 1], bonds[, 2])
  taken <- tabulate(rep(ends, rep(order, 2)), length(elements))
  ringed <- seq_along(elements) %in% ends[rep(order, 2) == 4]
  most <- c(B = 3, N = 3, O = 2)[elements]
  any(atoms[, 5] == 0 & !ringed & taken == most + 1, na.rm = TRUE)
}

# list(symbols, from, to, mark): heavy atoms in SMILES notation, and bonds.
sdf_graph <- function(atoms, bonds) {
  elements <- sub("_.*", "", rownames(atoms))
  elements[elements %in% c("D", "T")] <- "H"
  # The second column after the coordinates; 0 and 4 (a radical) are uncharged.
  charges <- ifelse(atoms[, 5] %in% c(0, 4), 0, 4 - atoms[, 5])
  bonds <- matrix(bonds[, 1:3], ncol = 3)
  is_h <- elements == "H"
  ends_h <- matrix(is_h[bonds[, 1:2]], ncol = 2)
  # A hydrogen between or without heavy atoms is treated as any atom.
  folded <- rowSums(ends_h) == 1
  host <- ifelse(ends_h[folded, 1], bonds[folded, 2], bonds[folded, 1])
  gone <- ifelse(ends_h[folded, 1], bonds[folded, 1], bonds[folded, 2])
  hydrogens <- tabulate(as.integer(host), length(elements))
  kept <- setdiff(seq_along(elements), gone)
  bonds <- bonds[!folded, , drop = FALSE]
  aromatic <- seq_along(elements) %in% bonds[bonds[, 3] == 4, 1:2]
  taken <- tabulate(
    rep(c(bonds[, 1:2]), rep(c(1L, 2L, 3L, 1L)[bonds[, 3]], 2)),
    length(elements)
  )
  # Files with a few hydrogens, such as those that show the hand of an atom,
  # imply the others.
  needs <- c(C = 4, N = 3, O = 2)[elements]
  is_open <- charges == 0 & atoms[, 5] != 4 & !aromatic &
    taken + hydrogens < needs
  explicit <- any(is_h) && !any(is_open, na.rm = TRUE)
  if (!explicit) {
    implied <- implied_hydrogens(elements, charges, taken + aromatic)
    hydrogens <- pmax(hydrogens, implied)
  }
  list(
    symbols = atom_symbols(
      elements, charges, hydrogens, aromatic, explicit
    )[kept],
    from = match(bonds[, 1], kept), to = match(bonds[, 2], kept),
    mark = c("-", "=", "#", ":")[bonds[, 3]]
  )
}

# Charged atoms, as SMILES defines them: the number of hydrogens of the
# element with as many electrons.
implied_hydrogens <- function(elements, charges, taken) {
  column <- c(B = 3, C = 4, N = 5, O = 6, F = 7, Si = 4, P = 5, S = 6, Cl = 7)
  electrons <- column[elements] - charges
  takes <- ifelse(electrons < 4, electrons, 8 - electrons)
  ifelse(is.na(takes) | charges == 0, 0, pmax(takes - taken, 0))
}

# In brackets if hydrogens are explicit, the atom is charged or not organic, or
# an aromatic one with a hydrogen of its own, such as that of pyrrole.
atom_symbols <- function(elements, charges, hydrogens, aromatic, explicit) {
  organic <- c("B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I")
  count <- ifelse(
    hydrogens == 0, "", ifelse(hydrogens == 1, "H", paste0("H", hydrogens))
  )
  charge <- ifelse(charges == 0, "", sprintf("%+d", as.integer(charges)))
  symbol <- ifelse(aromatic, fold_case(elements), elements)
  told <- aromatic & elements != "C" & hydrogens > 0
  bare <- !explicit & charges == 0 & elements %in% organic & !told
  ifelse(bare, symbol, paste0("[", symbol, count, charge, "]"))
}

# Writes every fragment from its first atom; bonds outside the walk close rings.
smiles_of_graph <- function(graph) {
  n <- length(graph$symbols)
  net <- igraph::make_graph(rbind(graph$from, graph$to), n, directed = FALSE)
  parts <- igraph::components(net)$membership
  paste(vapply(split(seq_len(n), parts), function(atoms) {
    smiles_of_fragment(graph, net, atoms[1])
  }, ""), collapse = ".")
}

smiles_of_fragment <- function(graph, net, root) {
  walk <- igraph::bfs(net, root, unreachable = FALSE, order = TRUE)
  order <- as.integer(walk$order)
  order <- order[!is.na(order)]
  place <- match(seq_along(graph$symbols), order)
  # The neighbour that the walk reached first.
  parent <- vapply(igraph::adjacent_vertices(net, order[-1]), function(near) {
    near <- as.integer(near)
    near[which.min(place[near])]
  }, 1L)
  key <- function(a, b) paste(pmin(a, b), pmax(a, b))
  edges <- key(graph$from, graph$to)
  in_tree <- edges %in% key(order[-1], parent)
  here <- which(!in_tree & graph$from %in% order)
  closures <- rep("", length(graph$symbols))
  for (i in seq_along(here)) {
    number <- if (i < 10) i else sprintf("%%%02d", i)
    at <- c(graph$from[here[i]], graph$to[here[i]])
    closures[at] <- paste0(closures[at], graph$mark[here[i]], number)
  }
  # From the last atom on, so that the branches of an atom are complete.
  hanging <- rep("", length(graph$symbols))
  for (atom in rev(order)) {
    text <- paste0(graph$symbols[atom], closures[atom], hanging[atom])
    if (atom == root) {
      return(text)
    }
    up <- parent[place[atom] - 1]
    mark <- graph$mark[match(key(atom, up), edges)]
    hanging[up] <- paste0("(", mark, text, ")", hanging[up])
  }
}
