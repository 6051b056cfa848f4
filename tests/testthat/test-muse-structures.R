# Structures of bio3d and molecules of ChemmineR as nodes.

# As bio3d::read.pdb() leaves it: two places of an atom, a calcium ion, a
# residue that is none of the twenty, the backbone around.
small_pdb <- function(chain = "A") {
  atom <- function(elety, resid, resno, x, type = "ATOM") {
    data.frame(
      type = type, elety = elety, resid = resid, chain = chain, resno = resno,
      insert = NA_character_, x = x, y = 2, z = 3
    )
  }
  structure(list(atom = rbind(
    atom("N", "GLY", 5, 0), atom("CA", "GLY", 5, 1), atom("CA", "GLY", 5, 1.4),
    atom("CA", "MSE", 6, 4, "HETATM"), atom("CA", "UNK", 9, 8),
    atom("CA", "CA", 99, 50, "HETATM")
  )), class = c("pdb", "sse"))
}

test_that("a structure's residues and places are read", {
  nodes <- musl_nodes(list(one = small_pdb(), two = small_pdb(NA)))
  expect_identical(nodes$kind, "residues")
  expect_identical(nodes$text, c(one = "GMX", two = "GMX"))
  expect_identical(
    nodes$coordinates[[1]], cbind(c(1, 4, 8), rep(2, 3), rep(3, 3))
  )
})

test_that("modified residues are of the chain, ligands are not", {
  # A chain along x; C of a residue is 1.3 Angstrom from N of the next.
  residue <- function(resid, resno, x, type = "ATOM") {
    data.frame(
      type = type, elety = c("N", "CA", "C", "O"), resid = resid, chain = "A",
      resno = resno, insert = NA_character_, x = x + c(-1.25, 0, 1.25, 1.5),
      y = 0, z = 0
    )
  }
  pdb <- structure(list(atom = rbind(
    residue("ALA", 1, 0), residue("SEP", 2, 3.8, "HETATM"),
    residue("GLY", 3, 7.6), residue("MSE", 9, 30, "HETATM"),
    residue("TYR", 10, 33.8, "HETATM"),
    # A free amino acid, a nucleotide-like ligand and an ion.
    residue("GLU", 201, 90, "HETATM"), residue("LIG", 202, 120, "HETATM"),
    transform(residue("CA", 203, 150, "HETATM")[2, ], elety = "CA")
  )), class = c("pdb", "sse"))
  nodes <- musl_nodes(list(one = pdb))
  expect_identical(nodes$text, c(one = "AXGMY"))
  expect_identical(nodes$coordinates[[1]][, 1], c(0, 3.8, 7.6, 30, 33.8))
})

test_that("structures of bio3d are its sequence and its C-alpha atoms", {
  skip_if_not_installed("bio3d")
  path <- system.file("examples/1hel.pdb", package = "bio3d")
  pdb <- bio3d::read.pdb(path, verbose = FALSE)
  ca <- bio3d::atom.select(pdb, "calpha", verbose = FALSE)
  nodes <- musl_nodes(list(lysozyme = pdb))
  expect_identical(
    nodes$text[["lysozyme"]],
    paste(bio3d::aa321(pdb$atom$resid[ca$atom]), collapse = "")
  )
  expect_equal(
    c(t(nodes$coordinates[[1]])), as.numeric(pdb$xyz[ca$xyz])
  )
})

test_that("structures that are not one named chain are refused", {
  refuse <- function(x, text) {
    expect_input_error(musl_nodes(x), text)
  }
  refuse(small_pdb(), "list of structures")
  refuse(list(small_pdb()), "name")
  both <- small_pdb()
  both$atom <- rbind(both$atom, small_pdb("B")$atom)
  refuse(list(one = small_pdb(), both = both), "both.*A.*B")
  none <- small_pdb()
  none$atom <- none$atom[none$atom$elety == "N", ]
  refuse(list(none = none), "none.*0 chains")
})

sample_molecules <- function() {
  skip_if_not_installed("ChemmineR")
  suppressPackageStartupMessages(requireNamespace("ChemmineR"))
  space <- new.env()
  utils::data("sdfsample", package = "ChemmineR", envir = space)
  space$sdfsample
}

# PubChem's own SMILES stand beside each molecule.
pubchem_smiles <- function(x) {
  out <- vapply(seq_along(ChemmineR::cid(x)), function(i) {
    ChemmineR::datablock(x[[i]])[["PUBCHEM_OPENEYE_CAN_SMILES"]]
  }, "")
  set_names(out, ChemmineR::cid(x))
}

test_that("an SDFset is what PubChem's SMILES of it are", {
  skip_without_backend()
  x <- sample_molecules()
  nodes <- musl_nodes(x)
  expect_identical(nodes$kind, "smiles")
  expect_named(nodes$text, ChemmineR::cid(x))
  told <- pubchem_smiles(x)
  both <- c(told, set_names(nodes$text, paste0("sdf ", names(told))))
  pairs <- data.frame(
    from = names(told)[1:40], to = names(told)[41:80], label = rep(0:1, 20),
    split = rep(c("train", "validation"), c(20, 20))
  )
  fit <- suppressWarnings(musl_interactions(
    pairs, musl_nodes(both, "smiles"),
    strategy = "branches", shape = c(width = 16), progress = FALSE,
    control = musl_control(ensemble = 1, epochs = 2, seed = 1, threads = 1)
  ))
  score <- function(names) {
    asked <- data.frame(from = names, to = "CMP100")
    predict(fit, asked)$.pred_structure
  }
  read <- score(paste("sdf", names(told)[-100]))
  expect_equal(read, score(names(told)[-100]), tolerance = 1e-5)
  expect_gt(length(unique(round(read, 6))), 80)
})

# Atoms of a block; `charge`: codes of the second column after the coordinates,
# 3 is +1, 5 -1.
sdf_atoms <- function(elements, charge = 0) {
  atoms <- matrix(0, length(elements), 6)
  atoms[, 5] <- charge
  rownames(atoms) <- paste0(elements, "_", seq_along(elements))
  atoms
}

sdf_symbols <- function(elements, bonds, charge = 0) {
  sdf_graph(sdf_atoms(elements, charge), bonds)$symbols
}

test_that("charged atoms of a block without hydrogens get those of chemistry", {
  charged <- function(elements, charge, bonds) {
    sdf_symbols(elements, bonds, charge)
  }
  # Methylammonium, methaniminium, acetonitrile with a proton, methoxide.
  expect_identical(
    charged(c("C", "N"), c(0, 3), cbind(1, 2, 1)), c("C", "[NH3+1]")
  )
  expect_identical(
    charged(c("C", "N"), c(0, 3), cbind(1, 2, 2)), c("C", "[NH2+1]")
  )
  expect_identical(
    charged(
      c("C", "C", "N"), c(0, 0, 3), rbind(c(1, 2, 1), c(2, 3, 3))
    ),
    c("C", "C", "[NH+1]")
  )
  expect_identical(
    charged(c("C", "O"), c(0, 5), cbind(1, 2, 1)), c("C", "[O-1]")
  )
  # Pyridinium, in a ring of aromatic bonds.
  expect_identical(
    charged(
      c("N", rep("C", 5)), c(3, rep(0, 5)), cbind(1:6, c(2:6, 1), 4)
    ),
    c("[nH+1]", rep("c", 5))
  )
})

test_that("molecules without their charges are warned of", {
  skip_if_not_installed("ChemmineR")
  # Nitromethane with charges in a line `M  CHG` only, as RDKit writes it.
  write <- function(n, o) {
    path <- withr::local_tempfile(.local_envir = parent.frame())
    writeLines(c(
      "x", "", "", "  4  3  0  0  0  0  0  0  0  0999 V2000",
      "    0.0000    0.0000    0.0000 C   0  0",
      paste0("    1.0000    0.0000    0.0000 N   0  ", n),
      "    2.0000    0.0000    0.0000 O   0  0",
      paste0("    1.0000    1.0000    0.0000 O   0  ", o),
      "  1  2  1  0", "  2  3  2  0", "  2  4  1  0",
      "M  CHG  2   2   1   4  -1", "M  END", "$$$$"
    ), path)
    x <- ChemmineR::read.SDFset(path)
    ChemmineR::cid(x) <- "nitromethane"
    x
  }
  expect_silent(charged <- musl_nodes(write(3, 5)))
  expect_identical(charged$text[["nitromethane"]], "C(-[N+1](=O)(-[O-1]))")
  expect_warning(
    musl_nodes(write(0, 0)), "nitromethane.*CHG",
    class = "musl_warning_other"
  )
  lost <- function(elements, bonds) {
    has_lost_charge(sdf_atoms(elements), bonds)
  }
  # Pentavalent nitrogen, N-methylpyrrole in aromatic bonds, one atom.
  expect_false(lost(
    c("C", "N", "O", "O"), rbind(c(1, 2, 1), c(2, 3, 2), c(2, 4, 2))
  ))
  expect_false(lost(
    c("N", rep("C", 5)), rbind(cbind(1:5, c(2:5, 1), 4), c(1, 6, 1))
  ))
  expect_false(lost("N", matrix(0, 0, 3)))
  # Tetramethylammonium, which has lost its charge.
  expect_true(lost(c("N", rep("C", 4)), cbind(1, 2:5, 1)))
})

test_that("a few written hydrogens imply the others", {
  symbols <- sdf_symbols
  # Ethane and propanoate with one hydrogen each; deuterium is one.
  one <- rbind(c(1, 2, 1), c(1, 3, 1))
  expect_identical(symbols(c("C", "C", "H"), one), c("C", "C"))
  expect_identical(symbols(c("C", "C", "D"), one), c("C", "C"))
  expect_identical(
    symbols(
      c("C", "C", "C", "O", "O", "H"),
      rbind(
        c(1, 2, 1), c(2, 3, 1), c(3, 4, 2), c(3, 5, 1), c(2, 6, 1)
      ),
      c(0, 0, 0, 0, 5, 0)
    ),
    c("C", "C", "C", "O", "[O-1]")
  )
  # Methylammonium with one of six, pyrrole in aromatic bonds with one of five.
  expect_identical(
    symbols(c("C", "N", "H"), rbind(c(1, 2, 1), c(2, 3, 1)), c(0, 3, 0)),
    c("C", "[NH3+1]")
  )
  expect_identical(
    symbols(
      c("N", "C", "C", "C", "C", "H", "C"),
      rbind(cbind(1:5, c(2:5, 1), 4), c(1, 6, 1), c(2, 7, 1))
    ),
    c("[nH]", "c", "c", "c", "c", "C")
  )
  # All of methanol, and a methyl radical, have what is written.
  expect_identical(
    symbols(c("C", "O", rep("H", 4)), cbind(c(1, 1, 1, 1, 2), 2:6, 1)),
    c("[CH3]", "[OH]")
  )
  expect_identical(
    symbols(c("C", rep("H", 3)), cbind(1, 2:4, 1), c(4, 0, 0, 0)), "[CH3]"
  )
})

test_that("a hydrogen may come first in its bond", {
  graph <- sdf_graph(
    sdf_atoms(c("H", "C", "C")), rbind(c(1, 2, 1), c(2, 3, 1))
  )
  expect_identical(graph$symbols, c("C", "C"))
  expect_identical(c(graph$from, graph$to), 1:2)
  expect_identical(
    sdf_symbols(c(rep("H", 4), "N"), cbind(1:4, 5, 1), c(0, 0, 0, 0, 3)),
    "[NH4+1]"
  )
})

test_that("molecules without atoms or with other bonds are refused", {
  x <- sample_molecules()[1:3]
  one <- x[[2]]
  one@atomblock <- one@atomblock[0, , drop = FALSE]
  one@bondblock <- one@bondblock[0, , drop = FALSE]
  x[[2]] <- one
  cnd <- expect_input_error(musl_nodes(x))
  expect_identical(cnd$nodes, ChemmineR::cid(x)[[2]])
  other <- sample_molecules()[1:3]
  one <- other[[3]]
  one@bondblock[1, 3] <- 5
  other[[3]] <- one
  cnd <- expect_error(musl_nodes(other), "order 1 to 4")
  expect_identical(cnd$nodes, ChemmineR::cid(other)[[3]])
  # An atom alone has no bond.
  alone <- sample_molecules()[1:2]
  one <- alone[[1]]
  heavy <- which(startsWith(rownames(one@atomblock), "C_"))[[1]]
  one@atomblock <- one@atomblock[heavy, , drop = FALSE]
  one@bondblock <- one@bondblock[0, , drop = FALSE]
  alone[[1]] <- one
  expect_identical(musl_nodes(alone)$text[[1]], "C")
})
