#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// ShapeError, GeneError or InputError for a table that is not of distinct
/// pairs of two genes, or has other than finite numbers and NaN.
[[nodiscard]] PairTable make_pair_table(const PairTableInput& input,
                                        std::int64_t n_genes);

/// The pairs that both universes have; see remap_evidence().
[[nodiscard]] PairTable remap_table(const PairTable& table,
                                    const std::vector<std::int32_t>& gene_of);

}  // namespace musl
