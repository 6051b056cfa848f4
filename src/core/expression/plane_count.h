#pragma once

#include <cstdint>

#include "base/simd.h"

namespace musl {

/// Planes whose words of the same samples lie side by side: as many as a vector
/// of 512 bits has words.
constexpr int kPlaneLanes = 8;
/// n planes and what fills them up, which would be most of a few.
constexpr int plane_lanes(int n) {
  if (n < kPlaneLanes / 2) return n;
  return (n + kPlaneLanes - 1) / kPlaneLanes * kPlaneLanes;
}

/// Samples in both planes for each of n planes of a and of b, (n, n); planes
/// (words, plane_lanes(n)), zeros fill them up.
using CountPlanes = void (*)(const std::uint64_t* a, const std::uint64_t* b,
                             int n, std::int64_t words, std::uint32_t* out);
[[nodiscard]] CountPlanes count_planes_with(InstructionSet set);
/// nullptr unless this processor counts the bits of vectors (VPOPCNTDQ).
[[nodiscard]] CountPlanes count_planes_by_vectors();

}  // namespace musl
