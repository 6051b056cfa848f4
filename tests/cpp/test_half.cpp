#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "musl/half.h"
#include "musl/rng.h"

namespace musl {
namespace {

// Nearest half by exhaustive search over all finite ones, ties to even bits.
float nearest_by_search(float x) {
  float best = 0;
  double distance = std::numeric_limits<double>::infinity();
  bool best_even = true;
  for (std::uint32_t b = 0; b < 0x10000u; ++b) {
    if (((b >> 10) & 0x1fu) == 0x1fu) continue;
    const auto bits = static_cast<std::uint16_t>(b);
    const float value = from_half(bits);
    const double d = std::abs(static_cast<double>(value) - x);
    const bool even = (bits & 1u) == 0;
    if (d < distance || (d == distance && even && !best_even)) {
      best = value;
      distance = d;
      best_even = even;
    }
  }
  return best;
}

TEST(Half, BitsOfKnownValuesAreThoseOfTheStandard) {
  EXPECT_EQ(to_half(0.0f), 0x0000);
  EXPECT_EQ(to_half(-0.0f), 0x8000);
  EXPECT_EQ(to_half(1.0f), 0x3c00);
  EXPECT_EQ(to_half(-2.0f), 0xc000);
  EXPECT_EQ(to_half(1.0f / 3.0f), 0x3555);
  EXPECT_EQ(to_half(65504.0f), 0x7bff);
  EXPECT_EQ(to_half(65519.0f), 0x7bff);
  EXPECT_EQ(to_half(65520.0f), 0x7c00);
  EXPECT_EQ(to_half(0x1p-14f), 0x0400);
  EXPECT_EQ(to_half(0x1p-24f), 0x0001);
  EXPECT_EQ(to_half(0x1p-25f), 0x0000);
  EXPECT_EQ(to_half(std::numeric_limits<float>::infinity()), 0x7c00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::max()), 0x7c00);
  EXPECT_TRUE(std::isnan(from_half(to_half(std::nanf("")))));
}

TEST(Half, EveryFiniteHalfSurvivesTheRoundTrip) {
  for (std::uint32_t b = 0; b < 0x10000u; ++b) {
    const auto bits = static_cast<std::uint16_t>(b);
    if (((b >> 10) & 0x1fu) == 0x1fu && (b & 0x3ffu) != 0) continue;
    ASSERT_EQ(to_half(from_half(bits)), bits);
  }
}

TEST(Half, RoundsToTheNearestWithTiesToEven) {
  Rng rng(1);
  for (int i = 0; i < 60; ++i) {
    const double size = std::pow(2.0, 40.0 * rng.uniform() - 26.0);
    const auto x = static_cast<float>(rng.normal() * size);
    EXPECT_EQ(round_to_half(x), nearest_by_search(x)) << x;
  }
  // Half-way cases of normal and subnormal numbers.
  for (const float x : {1.0f + 0x1p-11f, 1.0f + 3 * 0x1p-11f, 0x1.8p-24f,
                        0x1.4p-23f, 2049.0f, 2051.0f}) {
    EXPECT_EQ(round_to_half(x), nearest_by_search(x)) << x;
  }
}

}  // namespace
}  // namespace musl
