#pragma once

#include <cstdint>

#include "base/numbers.h"
#include "musl/evidence.h"
#include "musl/matrix.h"

namespace musl {

/// Axes of the columns that a profile keeps.
constexpr Eigen::Index kProfileAxes = 128;

/// Up to this number of columns the axes are exact.
constexpr Eigen::Index kExactColumns = 1024;

/// Rows (n, S) on the leading kProfileAxes axes of the columns; unchanged if
/// there are no more columns than that. Exact up to kExactColumns; beyond, by
/// subspace iteration, since an exact solution takes S^3 steps and S^2 memory.
/// The bits do not depend on the number of threads.
///
/// Halko, Martinsson and Tropp (2011), SIAM Review 53:217, algorithm 4.4.
[[nodiscard]] Matrix on_leading_axes(Matrix rows, int threads);

/// Mean, spread and standardised profile of each gene of a cohort. Linear
/// values are logged first, log2(x + 1). The bits do not depend on the order of
/// up to 8,192 samples; of more, profiles read as many, evenly spread.
///
/// `expressed` is the share of samples above the level 1, if values are at
/// least 0 and 1 to 60 % of them are 0: those of arrays are never 0, those of
/// single cells mostly, in genes that are expressed too. `bits` are those of
/// make_unit_rows().
[[nodiscard]] ExpressionEvidence make_expression_evidence(
    const ExpressionInput& input, std::int64_t n_genes, int threads,
    int bits = 8);

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
