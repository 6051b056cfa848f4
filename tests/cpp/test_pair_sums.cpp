#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/rng.h"
#include "expression/pair_sums.h"
#include "expression/profile.h"

namespace musl {
namespace {

struct Row {
  std::vector<float> x;
  std::vector<std::uint8_t> flags;
};

Row random_row(std::int64_t n, Rng* rng) {
  Row row;
  for (std::int64_t i = 0; i < n; ++i) {
    row.x.push_back(static_cast<float>(rng->normal()));
    row.flags.push_back(static_cast<std::uint8_t>(rng->below(8)));
  }
  return row;
}

/// Whole vectors, rests, whole stretches, more than a byte can count.
const std::vector<std::int64_t> kLengths = {0,   1,    15,   16,   17,
                                            255, 1000, 1024, 1025, 5003};

TEST(PairSums, AgreeWithPlainLoopsInDouble) {
  Rng rng(1);
  for (const std::int64_t n : kLengths) {
    const Row a = random_row(n, &rng), b = random_row(n, &rng);
    double dot = 0, flagged = 0;
    std::int64_t low_high = 0, both_detected = 0;
    for (std::size_t i = 0; i < a.x.size(); ++i) {
      dot += static_cast<double>(a.x[i]) * static_cast<double>(b.x[i]);
      if ((b.flags[i] & kHigh) != 0) flagged += static_cast<double>(a.x[i]);
      const bool low = (a.flags[i] & kLow) != 0;
      low_high += low && (b.flags[i] & kHigh) != 0 ? 1 : 0;
      both_detected += (a.flags[i] & b.flags[i] & kDetected) != 0 ? 1 : 0;
    }
    const FlagCounts counts =
        pair_sums().flags(a.flags.data(), b.flags.data(), n);
    EXPECT_EQ(counts.low_high, low_high);
    EXPECT_EQ(counts.both_detected, both_detected);
    EXPECT_NEAR(pair_sums().dot(a.x.data(), b.x.data(), n), dot, 1e-3);
    EXPECT_NEAR(pair_sums().flagged(a.x.data(), b.flags.data(), kHigh, n),
                flagged, 1e-3);
  }
}

TEST(PairSums, CountMoreThanAByteHolds) {
  for (const std::int64_t n : {255 * 16, 256 * 16, 5000}) {
    const std::vector<std::uint8_t> flags(static_cast<std::size_t>(n),
                                          kLow | kHigh | kDetected);
    const FlagCounts counts = pair_sums().flags(flags.data(), flags.data(), n);
    for (const auto count : {counts.low_a, counts.high_b, counts.detected_a,
                             counts.low_low, counts.high_low}) {
      EXPECT_EQ(count, n);
    }
  }
}

TEST(PairSums, TellHowFarRowsAreApart) {
  Rng rng(4);
  for (const std::int64_t n : kLengths) {
    Row a = random_row(n, &rng), b = random_row(n, &rng);
    if (n > 0) a.x[0] = b.x[0] = 0;
    Distances expected;
    for (std::size_t i = 0; i < a.x.size(); ++i) {
      const double x = a.x[i], y = b.x[i], apart = std::abs(x - y);
      expected.largest = std::max(expected.largest, apart);
      expected.absolute += apart;
      expected.squared += apart * apart;
      expected.size += std::abs(x) + std::abs(y);
      if (apart > 0) expected.relative += apart / (std::abs(x) + std::abs(y));
    }
    const Distances found = pair_sums().distances(a.x.data(), b.x.data(), n);
    EXPECT_NEAR(found.largest, expected.largest, 1e-6);
    EXPECT_NEAR(found.absolute, expected.absolute, 2e-3);
    EXPECT_NEAR(found.squared, expected.squared, 5e-3);
    EXPECT_NEAR(found.size, expected.size, 2e-3);
    EXPECT_NEAR(found.relative, expected.relative, 2e-3);
  }
}

TEST(PairSums, HaveTheSameBitsInEverySetOfInstructions) {
  const PairSums plain = pair_sums_with(InstructionSet::plain);
  for (const InstructionSet set : instruction_sets()) {
    const PairSums sums = pair_sums_with(set);
    Rng rng(2);
    for (const std::int64_t n : kLengths) {
      const Row a = random_row(n, &rng), b = random_row(n, &rng);
      const FlagCounts expected =
          plain.flags(a.flags.data(), b.flags.data(), n);
      const FlagCounts counts = sums.flags(a.flags.data(), b.flags.data(), n);
      EXPECT_EQ(counts.low_a, expected.low_a);
      EXPECT_EQ(counts.high_low, expected.high_low);
      EXPECT_EQ(counts.both_detected, expected.both_detected);
      EXPECT_EQ(sums.dot(a.x.data(), b.x.data(), n),
                plain.dot(a.x.data(), b.x.data(), n));
      EXPECT_EQ(sums.flagged(a.x.data(), b.flags.data(), kLow, n),
                plain.flagged(a.x.data(), b.flags.data(), kLow, n));
      const auto pearson = [&](const PairSums& with) {
        return with.pearson(a.x.data(), b.x.data(), a.flags.data(),
                            b.flags.data(), kDetected, expected.both_detected,
                            n);
      };
      EXPECT_EQ(pearson(sums), pearson(plain));
      const Distances known = plain.distances(a.x.data(), b.x.data(), n);
      const Distances apart = sums.distances(a.x.data(), b.x.data(), n);
      EXPECT_EQ(apart.largest, known.largest);
      EXPECT_EQ(apart.absolute, known.absolute);
      EXPECT_EQ(apart.squared, known.squared);
      EXPECT_EQ(apart.size, known.size);
      EXPECT_EQ(apart.relative, known.relative);
    }
  }
}

}  // namespace
}  // namespace musl
