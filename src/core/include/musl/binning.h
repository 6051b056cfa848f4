#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/matrix.h"

namespace musl {

enum class BinMethod { value, rank };

/// Values that histograms count: z-scores of the given values, their
/// logarithms, or z-scores of the logarithms.
enum class Transform { z, log, z_log };

[[nodiscard]] BinMethod parse_bin_method(const std::string& name);
/// {"none"} gives no transform. Throws an InputError that lists the names.
[[nodiscard]] std::vector<Transform> parse_transforms(
    const std::vector<std::string>& names);

/// Lower and upper end of each gene's value range (value binning).
/// Both have length n_rows; a constant gene has lower == upper.
struct BinEdges {
  std::vector<float> lower;
  std::vector<float> upper;
};

/// Bins one gene's values into codes 0 .. bins - 1.
///
/// x      (n)  values on the log scale
/// out    (n)  codes
/// Value binning: equal-width bins over [lower, upper]; values outside are
/// clamped. Source: Yuan and Bar-Joseph (2019), PNAS 116:27151.
void bin_by_value(const float* x, std::int64_t n, float lower, float upper,
                  int bins, std::uint8_t* out);

/// Equal-frequency bins. Ties share the lower bin. Ties at the minimum fill bin
/// 0 alone if they are more than 1/bins of the samples; a constant gene is all
/// 0.
void bin_by_rank(const float* x, std::int64_t n, int bins, std::uint8_t* out);

}  // namespace musl
