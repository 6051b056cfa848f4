#pragma once

#include <cstddef>
#include <cstdint>

namespace musl {

/// Numbers of a row as whole ones from -127 to 127 times the row's scale.

/// Rounds a row to the nearest such numbers; its largest comes to 127. The
/// scale has 16 bits, so that products are exact. A row that holds something
/// infinite or NaN stays as it is.
void round_row(float* row, std::size_t n);

/// The codes and the scale of a row that round_row() gave; false where they
/// would not give back every bit of it.
[[nodiscard]] bool code_row(const float* row, std::size_t n, std::int8_t* codes,
                            float* scale);

/// The row behind its codes.
void row_of_codes(const std::int8_t* codes, std::size_t n, float scale,
                  float* row);

}  // namespace musl
