#pragma once

#include <cstdint>

#include "base/matrix.h"
#include "graph/csr_graph.h"

namespace musl {

/// Leading eigenvectors of the symmetric normalised adjacency, scaled by the
/// square root of the eigenvalue's absolute value, (G, rank): a spectral
/// embedding by seeded randomised subspace iteration (Halko et al. 2011, SIAM
/// Rev 53:217). Leading means largest in absolute value. There are no
/// self-loops. Signs are fixed (largest entry positive). Isolated nodes are
/// zero, and so are columns beyond the number of non-zero eigenvalues.
[[nodiscard]] Matrix spectral_embedding(const CsrGraph& graph, int rank,
                                        std::uint64_t seed, int threads);

}  // namespace musl
