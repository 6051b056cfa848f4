#pragma once

#include <Eigen/Core>

#include "musl/node_set.h"

namespace musl {

/// (N, N) how far nodes of a type are from each other by what they are.
///
/// Numbers: squared distances. Sequences, coordinates or not: squared distances
/// of the shares of amino acids and of triads of their classes, each column of
/// unit variance. Molecules: 1 less the Tanimoto coefficient of the numbers of
/// atoms' surroundings up to two bonds away.
///
/// Source: Shen et al. (2007), PNAS 104:4337 (triads); Rogers and Hahn (2010),
/// J Chem Inf Model 50:742 (surroundings of atoms; ours are of the atom's own
/// bonds and count how often each occurs).
[[nodiscard]] Eigen::MatrixXd node_distances(const NodeSet& nodes, int threads);

}  // namespace musl
