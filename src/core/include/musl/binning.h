#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/matrix.h"

namespace musl {

enum class BinMethod { value, rank };
/// What a zero count means in a single-cell source (DESIGN 4.1).
enum class ZeroPolicy { keep, drop_double, own_bin, test_wise };

/// What histograms are made of: z-scores of the values given, their logarithms,
/// z-scores of these.
enum class Transform { z, log, z_log };

[[nodiscard]] BinMethod parse_bin_method(const std::string& name);
[[nodiscard]] ZeroPolicy parse_zero_policy(const std::string& name);
/// Of {"none"}: none. Throws InputError that lists the names.
[[nodiscard]] std::vector<Transform> parse_transforms(
    const std::vector<std::string>& names);

/// Lower and upper end of the value range of each gene (value binning).
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

/// Equal-frequency bins: the minimum's ties fill bin 0 when they are more than
/// 1/bins of the samples, other ties share the lower bin; a constant gene is
/// one bin (0).
void bin_by_rank(const float* x, std::int64_t n, int bins, std::uint8_t* out);

}  // namespace musl
