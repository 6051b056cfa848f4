#pragma once

#include <cstdint>

#include "base/simd.h"

namespace musl {

/// Samples in both planes for each plane of a and of b, (n, n); planes (n,
/// words).
using CountPlanes = void (*)(const std::uint64_t* a, const std::uint64_t* b,
                             int n, std::int64_t words, std::uint32_t* out);
[[nodiscard]] CountPlanes count_planes_with(InstructionSet set);

}  // namespace musl
