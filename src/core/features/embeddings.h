#pragma once

#include <cstdint>

#include "base/matrix.h"
#include "store/gene_input.h"

namespace musl {

/// (G, 0 to 2 axes) leading coordinates of each gene in the network's spectral
/// embedding and on the principal axes of the embeddings, of those that the
/// input has; NaN for genes without an embedding.
[[nodiscard]] Matrix gene_coordinates(const DatasetInput& input, int axes,
                                      std::uint64_t seed, int threads);

}  // namespace musl
