#include "musl/half.h"

#include <cmath>
#include <cstring>

namespace musl {

namespace {

float float_of(std::uint32_t bits) {
  float x = 0;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}

}  // namespace

std::uint32_t bits_of(float x) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}

std::uint16_t to_half(float x) {
  const std::uint32_t bits = bits_of(x);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00u;
  } else if (magnitude >= 0x477ff000u) {  // rounds to 65536 or more
    half = 0x7c00u;
  } else if (magnitude < 0x38800000u) {
    // Below 2^-14: adding 0.5 puts the subnormal's bits, rounded to even by the
    // addition, at the low end of the significand.
    half = bits_of(float_of(magnitude) + 0.5f) - bits_of(0.5f);
  } else {
    const std::uint32_t odd = (magnitude >> 13) & 1u;
    half = (magnitude - 0x38000000u + 0xfffu + odd) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = (bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1fu;
  const std::uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0) {
    const float size = std::ldexp(static_cast<float>(fraction), -24);
    return float_of(sign | bits_of(size));
  }
  if (exponent == 0x1fu) {
    return float_of(sign | 0x7f800000u | (fraction << 13));
  }
  return float_of(sign | ((exponent + 112) << 23) | (fraction << 13));
}

float round_to_half(float x) { return from_half(to_half(x)); }

}  // namespace musl
