#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"
#include "musl/pair_set.h"

namespace musl {

/// F of gene_places().
[[nodiscard]] std::int64_t gene_places_width(const EvidenceStore& known);

/// (B, F) where both genes of each pair stand on the axes of terms, of terms of
/// many genes, and of pathways: the sum of their two rows, each of mean square
/// 1, or of zeros where a gene has none.
///
/// gene_of  index of each gene of the pairs in `known`, -1 for none; empty
///          where the two are the same
[[nodiscard]] Matrix gene_places(const EvidenceStore& known,
                                 const std::vector<std::int32_t>& gene_of,
                                 const PairSet& pairs);

}  // namespace musl
