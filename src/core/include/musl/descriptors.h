#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "musl/expression.h"
#include "musl/pair_set.h"

namespace musl {

/// Number F of descriptors of a pair in one source (F of the MuSL paper).
inline constexpr int kDescriptors = 35;

/// Their names, in the order of the columns (DESIGN 4.2).
[[nodiscard]] const std::array<std::string, kDescriptors>& descriptor_names();

/// The 35 descriptors of a pair: all symmetric, none grows with the number of
/// samples. Zeros where the source lacks a gene. out has length kDescriptors.
void pair_descriptors(const ExpressionSource& source, std::int32_t a,
                      std::int32_t b, float* out);

/// Descriptors of pairs [first, first + n) over all sources.
/// out  (n, n_sources * kDescriptors) row-major, source by source.
void descriptor_batch(const std::vector<ExpressionSource>& sources,
                      const PairSet& pairs, std::int64_t first, std::int64_t n,
                      float* out);

}  // namespace musl
