#pragma once

#include <cstdint>

#include "musl/evidence.h"

namespace musl {

/// Mean, spread and standardised profile of each gene of a source. Linear
/// values are logged first, log2(x + 1).
[[nodiscard]] ExpressionEvidence make_expression_evidence(
    const ExpressionInput& input, std::int64_t n_genes, int threads);

/// Share of the values present that are below, ties by half: 0 to 1; NaN stays.
[[nodiscard]] std::vector<float> percentiles(const std::vector<float>& values);

/// From this percentile on a gene counts as expressed.
constexpr float kExpressed = .4F;

/// (G) of the percentiles of a gene's mean in each source and in each column of
/// the gene table that holds expression; NaN where all are unknown.
struct ExpressionLevels {
  std::vector<float> mean, lowest;
};
[[nodiscard]] ExpressionLevels expression_levels(const EvidenceStore& store);

}  // namespace musl
