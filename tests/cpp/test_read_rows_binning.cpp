#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/rng.h"
#include "expression/read_rows.h"

namespace musl {
namespace {

using Codes = std::vector<std::uint8_t>;

Codes by_value(const std::vector<float>& x, float lower, float upper,
               int bins) {
  Codes codes(x.size());
  bin_by_value(x.data(), static_cast<std::int64_t>(x.size()), lower, upper,
               bins, codes.data());
  return codes;
}

Codes by_rank(const std::vector<float>& x, int bins) {
  Codes codes(x.size());
  bin_by_rank(x.data(), static_cast<std::int64_t>(x.size()), bins,
              codes.data());
  return codes;
}

TEST(BinByValue, CutsTheRangeIntoEqualWidths) {
  EXPECT_EQ(by_value({0, 0.9f, 1, 2.5f, 3.9f, 4}, 0, 4, 4),
            (Codes{0, 0, 1, 2, 3, 3}));
}

TEST(BinByValue, ClampsWhatLiesOutside) {
  EXPECT_EQ(by_value({-10, 10, -3e38f, 3e38f}, 0, 1, 8), (Codes{0, 7, 0, 7}));
}

TEST(BinByValue, PutsAConstantGeneInOneBin) {
  EXPECT_EQ(by_value({2, 2, 2}, 2, 2, 8), (Codes{0, 0, 0}));
}

TEST(BinByValue, TakesNoSample) { EXPECT_TRUE(by_value({}, 0, 1, 8).empty()); }

TEST(BinByRank, GivesAHeapAtTheMinimumBinZeroAlone) {
  // Five of ten at the minimum; the others share bins 1 to 4 of five.
  EXPECT_EQ(by_rank({0, 0, 0, 0, 0, 1, 2, 3, 4, 5}, 5),
            (Codes{0, 0, 0, 0, 0, 1, 1, 2, 3, 4}));
}

TEST(BinByRank, KeepsOtherTiesInTheLowerBin) {
  EXPECT_EQ(by_rank({1, 2, 2, 2, 3, 4}, 3), (Codes{0, 0, 0, 0, 2, 2}));
}

TEST(BinByRank, PutsAConstantGeneInOneBin) {
  EXPECT_EQ(by_rank({7, 7, 7, 7}, 8), (Codes{0, 0, 0, 0}));
  EXPECT_EQ(by_rank({7}, 8), (Codes{0}));
  EXPECT_TRUE(by_rank({}, 8).empty());
}

// Sums of the same value are rounded, and their mean may lie on the other side
// of the middle of two floats.
TEST(StandardRange, OfOneValueHasNoWidth) {
  for (int more = 0; more < 40; ++more) {
    const double value = 1 + 0x1p-24 + more * 0x1p-52;
    for (std::size_t n = 1; n < 60; ++n) {
      const BinRange range = standard_range(std::vector<double>(n, value));
      EXPECT_EQ(range.lower, range.upper) << more << " " << n;
      EXPECT_FLOAT_EQ(range.lower, 1.0F);
    }
  }
  // Of 1, 2 and 3, whose variance is 2 / 3, three deviations to both sides.
  const BinRange range = standard_range({1, 2, 3});
  EXPECT_FLOAT_EQ(range.lower, static_cast<float>(2 - std::sqrt(6)));
  EXPECT_FLOAT_EQ(range.upper, static_cast<float>(2 + std::sqrt(6)));
}

TEST(StandardRange, OfAlmostEqualValuesIsTheirPlace) {
  // Their mean, once rounded, is above all of them.
  const double below = std::nextafter(0.1, 0);
  const BinRange range = standard_range({below, 0.1, 0.1});
  EXPECT_FLOAT_EQ(range.lower, 0.1F);
  EXPECT_FLOAT_EQ(range.upper, 0.1F);
}

}  // namespace
}  // namespace musl
