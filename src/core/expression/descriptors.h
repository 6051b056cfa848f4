#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "expression/expression.h"

namespace musl {

/// Number F of descriptors of a pair in one cohort, in either set (F of the
/// MuSL paper).
inline constexpr int kDescriptors = 35;

using DescriptorNames = std::vector<std::string>;
using DescriptorValues = std::array<double, kDescriptors>;

/// Names of the descriptors, in column order.
[[nodiscard]] const DescriptorNames& descriptor_names(
    DescriptorSet set = DescriptorSet::own);

/// The 35 descriptors of a pair of genes, both in the cohort, from the set in
/// its configuration: all symmetric, all finite.
[[nodiscard]] DescriptorValues describe_pair(const ExpressionCohort& cohort,
                                             std::int32_t a, std::int32_t b);

/// The same in single precision, zeros if the cohort lacks a gene. out has
/// length kDescriptors.
void pair_descriptors(const ExpressionCohort& cohort, std::int32_t a,
                      std::int32_t b, float* out);

/// Descriptors of pairs over all cohorts.
/// out  (n, n_cohorts * kDescriptors) row-major, cohort by cohort.
void descriptor_batch(const std::vector<ExpressionCohort>& cohorts,
                      const PairSet& pairs, float* out);

}  // namespace musl
