#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "store/gene_store.h"

namespace musl {

/// F, the number of columns of gene_places().
[[nodiscard]] std::int64_t gene_places_width(const GeneStore& known);

/// (B, F) coordinates of both genes of each pair on the axes of terms, of terms
/// of many genes, and of pathways: the sum of the genes' two rows, each of mean
/// square 1, or zeros for a gene without such a row.
///
/// gene_of  index of each gene of the pairs in `known`, -1 for none; empty if
///          the two are the same
[[nodiscard]] Matrix gene_places(const GeneStore& known,
                                 const std::vector<std::int32_t>& gene_of,
                                 const PairSet& pairs);

}  // namespace musl
