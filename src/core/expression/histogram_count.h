#pragma once

#include <cstdint>

namespace musl {

/// Joint counts of the samples with `keep` 1 (n, 0/1; null: all); out (bins,
/// bins) row-major, rows follow a. bins is at most 64.
void count_samples(const std::uint8_t* a, const std::uint8_t* b,
                   const std::uint8_t* keep, std::int64_t n, int bins,
                   std::uint32_t* out);

/// Scaled value of a cell with this share of the samples.
[[nodiscard]] float scaled_share(double share);

/// The share of a scaled value, 0 at its floor and below.
[[nodiscard]] double share_of_scaled(double scaled);

}  // namespace musl
