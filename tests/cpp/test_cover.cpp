#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <vector>

#include "base/error.h"
#include "judge/cover.h"

namespace musl {
namespace {

using Sets = std::vector<std::vector<std::size_t>>;

TEST(Cover, TakesWhatAddsMostAndStopsWhenNothingIsLeft) {
  // By hand: the second set has three elements; of the others the first adds
  // two, the third none.
  const Sets sets{{0, 1, 2}, {2, 3, 4, 4}, {3, 4}, {5}};
  const auto steps = greedy_cover(sets, std::vector<double>(6, 1.0));
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].set, 0U);  // a tie with the second: the first
  EXPECT_EQ(steps[0].gained, 3);
  EXPECT_EQ(steps[1].set, 1U);
  EXPECT_EQ(steps[1].gained, 2);
  EXPECT_EQ(steps[2].set, 3U);
  EXPECT_EQ(steps[2].gained, 1);
}

TEST(Cover, CountsWeights) {
  const Sets sets{{0, 1}, {2}};
  const auto steps = greedy_cover(sets, {.1, .2, .5});
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].set, 1U);
  EXPECT_DOUBLE_EQ(steps[0].gained, .5);
  EXPECT_DOUBLE_EQ(steps[1].gained, .1 + .2);
}

TEST(Cover, OfNothingIsEmpty) {
  EXPECT_TRUE(greedy_cover({}, {1.0}).empty());
  EXPECT_TRUE(greedy_cover({{}, {0}}, {0.0}).empty());
}

TEST(Cover, RefusesElementsWithoutAWeight) {
  EXPECT_THROW(greedy_cover({{1}}, {1.0}), InputError);
  EXPECT_THROW(greedy_cover({{0}}, {-1.0}), InputError);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(greedy_cover({{0}}, {nan}), InputError);
}

}  // namespace
}  // namespace musl
