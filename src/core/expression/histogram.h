#pragma once

#include <cstdint>

namespace musl {

/// Counts of one pair: out (K, K) row-major, rows follow a, columns follow b.
/// out is overwritten.
void joint_histogram(const std::uint8_t* codes_a, const std::uint8_t* codes_b,
                     std::int64_t n_samples, int bins, std::uint32_t* out);

/// Scaled map of a pair: (log10(H / n + 1e-4) + 4) / 4, in [0, 1]; n == 0 gives
/// zeros. Source: Yuan and Bar-Joseph (2019), as in CNNC's published code.
void scale_histogram(const std::uint32_t* counts, std::int64_t n, int bins,
                     float* out);

/// Scaled value of a cell with this share of the samples.
[[nodiscard]] float scaled_share(double share);

/// The share of a scaled value, 0 at its floor and below.
[[nodiscard]] double share_of_scaled(double scaled);

}  // namespace musl
