#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace musl {

/// Row-major float matrix: one gene (or pair) per row, so that rows are
/// contiguous.
using Matrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Column-major double matrix over memory that R or another caller owns.
using RMatrixView = Eigen::Map<const Eigen::MatrixXd>;

/// Row-major byte matrix (codes, flags).
using ByteMatrix = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic,
                                 Eigen::RowMajor>;

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
  std::memcpy(&bits, static_cast<const void*>(&half), sizeof(bits));
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
