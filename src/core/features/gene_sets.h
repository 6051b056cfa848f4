#pragma once

#include <cstdint>

#include "base/sorted_ids.h"
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
  intersect(row_of(sets.offset, sets.set, a), row_of(sets.offset, sets.set, b),
            found);
}

}  // namespace musl
