#pragma once

#include <cstdint>

#include "musl/evidence.h"

namespace musl {

/// Sorted rows, sizes and branches; duplicates count once. Sets of fewer than
/// `smallest` or more than `largest` genes are left out.
[[nodiscard]] GeneSets make_gene_sets(const GeneSetsInput& input,
                                      std::int64_t n_genes, float smallest,
                                      float largest);

/// Information content of a set: -log(size / annotated genes).
[[nodiscard]] float information(const GeneSets& sets, std::int32_t set);

/// Genes on the leading axes of their sets, weighted by information, after
/// scaling each gene to unit length: (G, rank) U S of the truncated singular
/// value decomposition.
[[nodiscard]] Matrix gene_set_axes(const GeneSets& sets, int rank,
                                   std::uint64_t seed, int threads);

/// Number of genes with exactly the gene's sets, including the gene; NaN for
/// genes without sets.
[[nodiscard]] std::vector<float> count_twins(const GeneSets& sets);

/// Calls found(set) for each set that contains both genes, ascending. Symmetric
/// in the genes.
template <class Found>
void for_shared_sets(const GeneSets& sets, std::int32_t a, std::int32_t b,
                     Found&& found) {
  const auto at = [&](std::int64_t i) {
    return sets.set[static_cast<std::size_t>(i)];
  };
  auto i = sets.offset[static_cast<std::size_t>(a)];
  auto j = sets.offset[static_cast<std::size_t>(b)];
  const auto i_end = sets.offset[static_cast<std::size_t>(a) + 1];
  const auto j_end = sets.offset[static_cast<std::size_t>(b) + 1];
  while (i < i_end && j < j_end) {
    const std::int32_t x = at(i);
    const std::int32_t y = at(j);
    if (x == y) found(x);
    i += x <= y ? 1 : 0;
    j += y <= x ? 1 : 0;
  }
}

}  // namespace musl
