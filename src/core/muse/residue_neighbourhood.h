#pragma once

#include "base/matrix.h"
#include "muse/residue_graph.h"

namespace musl {

/// Number of columns of residue_neighbourhood().
constexpr int kNeighbourhood = 14;
/// Number of columns of edge_orientations().
constexpr int kOrientations = 8;

/// Neighbourhood of each residue of a chain, (L, kNeighbourhood), each about 0
/// to 1; zeros if the residue has no coordinates:
///   4  residues within 6, 10, 14 and 20 Angstrom, over 6, 20, 45 and 110
///   2  those within 13 Angstrom before and behind the plane through the
///      residue that is normal to its outward direction, over 25
///   4  distance of the residue from the middle of those within 10, 14 and 20
///      Angstrom, and of all, over 5, 7, 10 and 20
///   1  cosine between the outward direction and that from the middle of those
///      within 14 Angstrom
///   1  distance from the middle of the chain over the chain's root mean square
///      distance
///   2  log of the number of residues over 7, and the distance to the nearer
///      end of the sequence over 50, at most 1
/// The outward direction is the one between the two bonds, away from both
/// neighbours in the sequence; zeros if one is missing. The columns are
/// invariant under rotation, translation and reflection.
/// Source: Hamelryck (2005), Proteins 59:38, for the half spheres.
///
/// coordinates  (L, 3) Angstrom, a residue with a NaN is missing
[[nodiscard]] Matrix residue_neighbourhood(const Matrix& coordinates);

/// Relative orientation of the residues of each edge, (E, kOrientations): the
/// direction of the neighbour in the frame of the residue (3), that of the
/// residue in the frame of the neighbour (3), and the cosines between both
/// outward directions and between both directions of the chain. The axes of a
/// frame are outward, along the chain, and their cross product; a residue that
/// lacks either neighbour in the sequence has no frame, and columns that need
/// it are 0.
/// A mirror image changes the sign of columns 3 and 6. Source: Ingraham et al.
/// (2019), Generative models for graph-based protein design, section 3.1, with
/// other axes.
[[nodiscard]] Matrix edge_orientations(const ResidueGraph& graph,
                                       const Matrix& coordinates);

}  // namespace musl
