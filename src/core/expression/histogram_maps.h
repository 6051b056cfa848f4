#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"
#include "expression/expression.h"

namespace musl {

/// Number of raw channels of a cohort: A * A (assay i of gene a against assay j
/// of gene b, channel i * A + j), times the number of views, transform by
/// transform.
[[nodiscard]] int raw_channels(const ExpressionCohort& cohort);

/// Number of swap-invariant maps the network reads: for every raw channel c and
/// its mirror m(c) (the channel that becomes its transpose if the genes are
/// swapped) the two maps (H_c + H_m^T) / 2 and |H_c - H_m^T| / 2, counting a
/// channel and its mirror once. The mirror of (i, j) is (j, i). Maps follow the
/// order of the channels c <= m(c), sum before difference.
[[nodiscard]] int symmetric_channels(const ExpressionCohort& cohort);

/// Counts or raw scaled maps of one pair, (raw_channels, K, K), smoothed if the
/// cohort's `smooth` is above 0 (a Gaussian, cut at 4 sd and renormalised at
/// the border, so that the sum remains n). Zeros if the cohort lacks a gene.
void pair_histogram(const ExpressionCohort& cohort, std::int32_t a,
                    std::int32_t b, bool scaled, float* out);

/// The scaled maps under independence of the two genes: the product of the
/// marginals of each raw channel.
void independent_histogram(const ExpressionCohort& cohort, std::int32_t a,
                           std::int32_t b, float* out);

/// Converts scaled values to shares of samples, in place.
void unscale_histogram(std::vector<double>* values);

/// The mirror m(c) of each raw channel c of a cohort, see symmetric_channels().
[[nodiscard]] std::vector<int> mirror_channels(const ExpressionCohort& cohort);

/// Swap-invariant scaled maps of pairs.
///
/// out  (n, C, K, K) with C the sum of symmetric_channels over the cohorts
/// Pairs that a cohort lacks are zero there. (a, b) and (b, a) give the same
/// bits. All cohorts must have the same number of bins.
void histogram_batch(const std::vector<ExpressionCohort>& cohorts,
                     const PairSet& pairs, float* out);

}  // namespace musl
