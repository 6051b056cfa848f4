#pragma once

#include <cstddef>
#include <cstdint>

namespace musl {

/// Stores a row as integers from -127 to 127 times the row's scale.

/// Rounds a row to the nearest such values; the largest has code 127. The scale
/// has 16 bits, so that products are exact. A row with infinite values or NaN
/// is unchanged.
void round_row(float* row, std::size_t n);

/// The codes and the scale of a row rounded by round_row(); false if they would
/// not restore every bit of it.
[[nodiscard]] bool code_row(const float* row, std::size_t n, std::int8_t* codes,
                            float* scale);

/// Restores a row from its codes.
void row_of_codes(const std::int8_t* codes, std::size_t n, float scale,
                  float* row);

}  // namespace musl
