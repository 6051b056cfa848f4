# Structures of bio3d as nodes.

skip_if_not_installed("bio3d")

# As bio3d::read.pdb() leaves it: two places of an atom, a modified residue, a
# calcium ion.
small_pdb <- function(chain = "A") {
  atom <- function(elety, resid, resno, x, type = "ATOM") {
    data.frame(
      type = type, elety = elety, resid = resid, chain = chain, resno = resno,
      insert = NA_character_, x = x, y = 2, z = 3
    )
  }
  structure(list(atom = rbind(
    atom("N", "GLY", 5, 0), atom("CA", "GLY", 5, 1), atom("CA", "GLY", 5, 1.4),
    atom("CA", "MSE", 6, 4, "HETATM"), atom("CA", "CA", 99, 50, "HETATM")
  )), class = c("pdb", "sse"))
}

test_that("a structure's residues and places are read", {
  nodes <- musl_nodes(list(one = small_pdb(), two = small_pdb(NA)))
  expect_identical(nodes$kind, "residues")
  expect_identical(nodes$text, c(one = "GM", two = "GM"))
  expect_identical(nodes$coordinates[[1]], cbind(c(1, 4), 2, 3))
})

test_that("structures of bio3d are its sequence and its C-alpha atoms", {
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
