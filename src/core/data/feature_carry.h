#pragma once

#include <cstdint>
#include <vector>

#include "musl/dataset.h"

namespace musl {

/// Of each gene of this universe the index in that of a model, -1 for new ones;
/// or the other way round.
using GeneMap = std::vector<std::int32_t>;

/// Where each known gene is in this universe, -1 where it is not.
[[nodiscard]] GeneMap inverted(const GeneMap& gene_of, std::int64_t n_known);

/// Rows of a known block at the genes of this universe.
[[nodiscard]] NodeBlock carry_over(const NodeBlock& known,
                                   const GeneMap& gene_of);

/// Puts the user's tables of features into data->pair_tables and ->gene_tables:
/// those of the input, and of a model's dataset those that the input lacks.
///
/// known  or null
/// InputError for two tables of one name; ShapeError for one without a row a
/// gene; and what PairFeatureTable throws.
void add_feature_tables(const DatasetInput& input, const Dataset* known,
                        const GeneMap& gene_of, Dataset* data);

}  // namespace musl
