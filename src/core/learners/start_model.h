#pragma once

#include "musl/measured_model.h"

namespace musl {

/// Weight of a model to start from beside one of so many hits of its own.
[[nodiscard]] double start_weight(std::int64_t n_hits);

/// Index in the start's universe of each gene of a store; gene_of is that in
/// the universe of the model that started from it.
[[nodiscard]] std::vector<std::int32_t> genes_of_start(
    const StartModel& start, const std::vector<std::int32_t>& gene_of);

/// Averages all scores with those of the start.
void add_start(const StartModel& start, const Prediction& by_start,
               Prediction* scores);

/// The same for the shares of columns, which are joined by name.
void add_start(const StartModel& start,
               const std::vector<ColumnShare>& by_start,
               std::vector<ColumnShare>* shares);

/// Stores a start as tensors and strings under `prefix`; none as nothing.
void put_start(const std::string& prefix, const StartModel& start,
               Archive* archive);
/// n_genes  G; FormatError for parts that do not fit each other
[[nodiscard]] StartModel read_start(const std::string& prefix,
                                    std::int64_t n_genes,
                                    const Archive& archive);

}  // namespace musl
