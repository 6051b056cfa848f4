#pragma once

// Vectors of 16 bytes in the compiler's own terms. The order of every sum is
// written down, so that its bits depend on no compiler flag and no address.

#include <cstdint>
#include <cstring>

namespace musl {

using Bytes16 = std::uint8_t __attribute__((vector_size(16)));
using Floats4 = float __attribute__((vector_size(16)));

inline Bytes16 load_bytes(const std::uint8_t* from) {
  Bytes16 x;
  std::memcpy(&x, from, sizeof(x));
  return x;
}

inline Floats4 load_floats(const float* from) {
  Floats4 x;
  std::memcpy(&x, from, sizeof(x));
  return x;
}

inline float sum_lanes(Floats4 x) { return (x[0] + x[1]) + (x[2] + x[3]); }

}  // namespace musl
