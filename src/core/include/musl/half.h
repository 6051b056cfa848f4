#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <cstring>

namespace musl {

/// Largest finite value of IEEE half precision.
inline constexpr float kHalfMax = 65504.0f;

/// IEEE 754 binary32 bits of `x`.
[[nodiscard]] inline std::uint32_t bits_of(float x) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}

/// IEEE 754 binary16 bits of `x`, rounded to nearest, ties to even. Overflow
/// gives an infinity, NaN a quiet NaN; subnormals are kept.
[[nodiscard]] inline std::uint16_t to_half(float x) {
  const Eigen::half half(x);
  std::uint16_t bits = 0;
  std::memcpy(&bits, &half, sizeof(bits));
  return bits;
}

/// The value of binary16 bits; exact.
[[nodiscard]] inline float from_half(std::uint16_t bits) {
  Eigen::half half;
  std::memcpy(static_cast<void*>(&half), &bits, sizeof(bits));
  return static_cast<float>(half);
}

/// The nearest half-precision value: from_half(to_half(x)).
[[nodiscard]] inline float round_to_half(float x) {
  return from_half(to_half(x));
}

}  // namespace musl
