#pragma once

#include <cstdint>
#include <vector>

#include "musl/dataset.h"

namespace musl {

/// Index of each gene of this universe in that of a model, -1 for new genes; or
/// the inverse.
using GeneMap = std::vector<std::int32_t>;

/// Index of each known gene in this universe, -1 if it is absent.
[[nodiscard]] GeneMap inverted(const GeneMap& gene_of, std::int64_t n_known);

/// Rows of a known block for the genes of this universe.
[[nodiscard]] NodeBlock carry_over(const NodeBlock& known,
                                   const GeneMap& gene_of);

/// Puts the user's feature tables into data->pair_tables and ->gene_tables:
/// those of the input, and those of a model's dataset that the input lacks.
///
/// known  or null
/// InputError for two tables with the same name; ShapeError for one without one
/// row per gene; also throws like PairFeatureTable.
void add_feature_tables(const DatasetInput& input, const Dataset* known,
                        const GeneMap& gene_of, Dataset* data);

}  // namespace musl
