#pragma once

#include "muse/residue_graph.h"

namespace musl {

/// Columns of residue_features(): one-hot (20), physico-chemical (7), C-alpha
/// angles (6); those of the user follow.
constexpr int kResidueColumns = 33;
/// Columns of edge_features(): distance (16), sequence offset (8).
constexpr int kEdgeColumns = 24;

/// Fills out (L, kResidueColumns + U), row-major:
///   20  one-hot of the amino acid; zeros for an unknown one
///    7  hydropathy, volume, charge, polarity, isoelectric point, helix
///       propensity, aromaticity, each about -1 to 1; zeros for an unknown one
///    6  sine and cosine of the angle at i of C-alpha i - 1, i, i + 1, and of
///       the dihedrals (i - 2, i - 1, i, i + 1) and (i - 1, i, i + 1, i + 2);
///       zeros where one of these is missing or three lie on a line
///    U  the user's
/// A mirror image of a chain changes only the signs of the two sines of
/// dihedrals (user columns aside): only these distinguish chirality.
void residue_features(const ResidueGraph& graph, float* out);

/// Fills out (E, kEdgeColumns + O), row-major: 16 Gaussians of the distance,
/// centres evenly from 0 to 20 Angstrom, width 20 / 16, and 0 below e^-16; sine
/// and cosine of the sequence offset (neighbour minus residue) times 1, .1, .01
/// and .001; then the graph's orientations. The first 24 are invariant under
/// reflection. Source: Ingraham et al. (2019),
/// Generative models for graph-based protein design, section 3.1; they have no
/// coarser offsets than .0001.
void edge_features(const ResidueGraph& graph, float* out);

}  // namespace musl
