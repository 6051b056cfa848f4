#pragma once

#include <Eigen/Core>

#include "muse/node_set.h"

namespace musl {

/// (N, N) distances between nodes of a type by their structure or features.
///
/// Features: squared distances. Sequences, with or without coordinates: squared
/// distances of the shares of amino acids and of triads of their classes, each
/// column of unit variance. Molecules: 1 less the Tanimoto coefficient of the
/// counts of atom environments up to two bonds away.
///
/// Source: Shen et al. (2007), PNAS 104:4337 (triads); Rogers and Hahn (2010),
/// J Chem Inf Model 50:742 (atom environments; here of the atom's bonds, with
/// counts).
[[nodiscard]] Eigen::MatrixXd node_distances(const NodeSet& nodes, int threads);

}  // namespace musl
