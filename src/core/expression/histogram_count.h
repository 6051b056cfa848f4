#pragma once

#include <cstdint>

#include "base/simd.h"

namespace musl {

/// Joint counts of the samples that `keep` (n, 0/1; null: all) names; out
/// (bins, bins) row-major, rows follow a. bins is at most 64.
void count_samples(const std::uint8_t* a, const std::uint8_t* b,
                   const std::uint8_t* keep, std::int64_t n, int bins,
                   std::uint32_t* out);

/// count_samples() in the instructions of one set: the same counts.
using CountSamples = decltype(&count_samples);
[[nodiscard]] CountSamples count_samples_with(InstructionSet set);

/// Scaled value of a cell that holds this share of the samples.
[[nodiscard]] float scaled_share(double share);

/// The share that a scaled value stands for, 0 from its floor down.
[[nodiscard]] double share_of_scaled(double scaled);

}  // namespace musl
