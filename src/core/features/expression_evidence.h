#pragma once

#include <cstdint>

#include "base/numbers.h"
#include "store/gene_store.h"

namespace musl {

/// Share of the non-missing values below each value, ties counting one half: 0
/// to 1; NaN gives NaN.
[[nodiscard]] std::vector<float> percentiles(const std::vector<float>& values);

/// (G) the mean of each gene's known values in these columns, each (G) or
/// empty; `otherwise` where none is known.
[[nodiscard]] std::vector<float> known_means(
    const std::vector<std::vector<float>>& columns, std::int64_t n_genes,
    float otherwise = kFloatNaN);

/// Above this percentile a gene counts as expressed.
constexpr float kExpressed = .4F;

/// Percentiles of a gene's mean in each cohort, then in each expression column
/// of the gene table, and the mean and lowest of those known. (G) each; NaN if
/// unknown.
struct ExpressionLevels {
  std::vector<std::vector<float>> each;
  std::vector<float> mean, lowest;
};
[[nodiscard]] ExpressionLevels expression_levels(const GeneStore& store);

}  // namespace musl
