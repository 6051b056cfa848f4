#include "base/row_codes.h"

#include <algorithm>
#include <cmath>

#include "base/matrix.h"

namespace musl {

namespace {

constexpr int kMostCode = 127;
constexpr int kScaleBits = 16;

float largest_of(const float* row, std::size_t n) {
  float largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    // Treats NaN as larger than all numbers.
    if (!(std::abs(row[i]) <= largest)) largest = std::abs(row[i]);
    if (std::isnan(largest)) break;
  }
  return largest;
}

float scale_of(float largest) {
  int exponent = 0;
  const double share =
      std::frexp(static_cast<double>(largest) / kMostCode, &exponent);
  return static_cast<float>(std::ldexp(
      std::nearbyint(std::ldexp(share, kScaleBits)), exponent - kScaleBits));
}

/// The nearest code; always 0 if the scale is 0.
std::int8_t code_of(float x, float scale) {
  if (scale == 0) return 0;
  const double nearest = std::nearbyint(static_cast<double>(x) / scale);
  return static_cast<std::int8_t>(
      std::clamp<double>(nearest, -kMostCode, kMostCode));
}

}  // namespace

void round_row(float* row, std::size_t n) {
  const float largest = largest_of(row, n);
  if (!std::isfinite(largest)) return;
  const float scale = scale_of(largest);
  for (std::size_t i = 0; i < n; ++i) {
    row[i] = static_cast<float>(code_of(row[i], scale)) * scale;
  }
}

bool code_row(const float* row, std::size_t n, std::int8_t* codes,
              float* scale) {
  const float largest = largest_of(row, n);
  if (!std::isfinite(largest)) return false;
  *scale = scale_of(largest);
  for (std::size_t i = 0; i < n; ++i) {
    codes[i] = code_of(row[i], *scale);
    const float back = static_cast<float>(codes[i]) * *scale;
    if (bits_of(back) != bits_of(row[i])) return false;
  }
  return true;
}

void row_of_codes(const std::int8_t* codes, std::size_t n, float scale,
                  float* row) {
  for (std::size_t i = 0; i < n; ++i) {
    row[i] = static_cast<float>(codes[i]) * scale;
  }
}

}  // namespace musl
