#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>

#include "protein/protein_windows.h"

namespace musl {
namespace {

using Lengths = std::vector<std::int64_t>;

TEST(ProteinWindows, ShortProteinsAreOneWindow) {
  const auto windows = plan_windows({1, 10}, 10, 9);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[1].protein, 1);
  EXPECT_EQ(windows[1].begin, 0);
  EXPECT_EQ(windows[1].length, 10);
}

TEST(ProteinWindows, LongProteinsAreCoveredByAsFewWindowsAsOverlapAllows) {
  for (const std::int64_t overlap : {0, 1, 5, 9}) {
    for (std::int64_t length = 11; length < 60; ++length) {
      const auto windows = plan_windows({length}, 10, overlap);
      std::int64_t end = 0;
      for (const auto& window : windows) {
        EXPECT_EQ(window.length, 10);
        EXPECT_LE(window.begin, window.begin == 0 ? 0 : end - overlap);
        end = window.begin + window.length;
      }
      EXPECT_EQ(end, length);
      const auto fewest = static_cast<std::int64_t>(windows.size()) - 1;
      EXPECT_LT(10 + (fewest - 1) * (10 - overlap), length);
    }
  }
}

TEST(ProteinWindows, WeightsOfAProteinSumToOneAndEveryResidueCountsTheSame) {
  const Lengths lengths = {3, 47, 10, 11};
  const auto windows = plan_windows(lengths, 10, 4);
  const auto weights = residue_weights(windows, lengths);
  std::vector<std::vector<double>> total;
  for (const auto length : lengths) {
    total.emplace_back(static_cast<std::size_t>(length), 0.0);
  }
  for (std::size_t w = 0; w < windows.size(); ++w) {
    ASSERT_EQ(weights[w].size(), static_cast<std::size_t>(windows[w].length));
    for (std::size_t i = 0; i < weights[w].size(); ++i) {
      total[static_cast<std::size_t>(windows[w].protein)]
           [static_cast<std::size_t>(windows[w].begin) + i] += weights[w][i];
    }
  }
  for (const auto& protein : total) {
    for (const double weight : protein) {
      EXPECT_NEAR(weight, 1.0 / static_cast<double>(protein.size()), 1e-7);
    }
  }
}

TEST(ProteinBatches, HoldEachWindowOnceLongestFirstWithinTheBudget) {
  const Lengths lengths = {5, 30, 1, 30, 12, 30, 7};
  const auto windows = plan_windows(lengths, 100, 0);
  for (const std::int64_t budget : {1, 33, 64, 1000}) {
    std::vector<std::int64_t> seen;
    std::int64_t shortest = 1000, last = -1;
    for (const auto& batch : plan_batches(windows, budget)) {
      std::int64_t tokens = 0;
      for (const auto i : batch) {
        const auto length = windows[static_cast<std::size_t>(i)].length;
        EXPECT_LE(length, shortest);
        if (length == shortest) EXPECT_GT(i, last);  // as they were given
        shortest = length;
        last = i;
        tokens += length + 2;
        seen.push_back(i);
      }
      EXPECT_TRUE(tokens <= budget || batch.size() == 1);
    }
    EXPECT_EQ(seen.size(), windows.size());
    EXPECT_EQ(std::set<std::int64_t>(seen.begin(), seen.end()).size(),
              windows.size());
  }
  EXPECT_TRUE(plan_batches({}, 10).empty());
}

}  // namespace
}  // namespace musl
