#pragma once

#include <cstdint>

namespace musl {

/// Largest finite value of IEEE half precision.
inline constexpr float kHalfMax = 65504.0f;

/// IEEE 754 binary32 bits of `x`.
[[nodiscard]] std::uint32_t bits_of(float x);

/// IEEE 754 binary16 bits of `x`, rounded to nearest, ties to even. Overflow
/// gives an infinity, NaN a quiet NaN; subnormals are kept.
[[nodiscard]] std::uint16_t to_half(float x);

/// The value of binary16 bits; exact.
[[nodiscard]] float from_half(std::uint16_t bits);

/// The nearest half-precision value: from_half(to_half(x)).
[[nodiscard]] float round_to_half(float x);

}  // namespace musl
