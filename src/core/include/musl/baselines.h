#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl {

/// The "SL degree" baseline: log((1 + d_a) (1 + d_b)), d the number of training
/// positives a gene is in. It knows the popularity of genes and no biology.
///
/// The 1 keeps pairs with one unseen gene (d = 0) in order of the other gene.
/// training  labelled pairs (ShapeError without labels)
[[nodiscard]] std::vector<double> degree_score(const PairSet& training,
                                               const PairSet& pairs,
                                               std::int64_t n_genes);

}  // namespace musl
