#include <gtest/gtest.h>

#include <vector>

#include "muse/unlabelled_pairs.h"
#include "random_nodes.h"

namespace musl {
namespace {

/// Of one type: node 0 has 30 partners; 31 to 69 have two each.
InteractionData hub_data() {
  InteractionData data;
  data.nodes = {numbers(100, 1)};
  for (std::int32_t i = 1; i <= 30; ++i) {
    data.training.a.push_back(0);
    data.training.b.push_back(i);
  }
  for (std::int32_t i = 31; i < 69; ++i) {
    data.training.a.push_back(i);
    data.training.b.push_back(i + 1);
  }
  data.training.label = Matrix::Ones(data.training.size(), 1);
  return data;
}

TEST(Unlabelled, HalfOfThePairsAreOfNodesAsOftenAsTheyHavePairs) {
  const InteractionData data = hub_data();
  int of_hub[2] = {0, 0};
  constexpr int kDraws = 300, kCount = 11;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const auto drawn = draw_unlabelled_pairs(data, kCount, seed);
    ASSERT_EQ(drawn.size(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_LT(drawn.a[i], drawn.b[i]);
      EXPECT_LE(drawn.b[i], 69);
      if (drawn.a[i] == 0) ++of_hub[i < 6 ? 0 : 1];
    }
  }
  // One of 70 nodes, which is free with 39 of 69; then 30 of 136 ends, with 76
  // of 106 others free. Pairs are drawn again where they are none.
  const double alike = 2.0 / 70 * 39 / 69, free_alike = 1 - 2.0 / 70;
  EXPECT_NEAR(of_hub[0], kDraws * 6 * alike / free_alike, 60);
  const double by_ends = 2 * 30.0 / 136 * 76 / 136;
  EXPECT_GT(of_hub[1], kDraws * 5 * by_ends * .9);
}

TEST(Unlabelled, AreAtMost200000) {
  InteractionData data;
  data.nodes = {numbers(1600, 1)};
  for (std::int32_t i = 0; i < 1600; i += 2) {
    data.training.a.push_back(i);
    data.training.b.push_back(i + 1);
  }
  EXPECT_EQ(draw_unlabelled_pairs(data, 300000, 1).size(), 200000);
}

TEST(Unlabelled, OfTwoTypesHaveANodeOfEach) {
  InteractionData data;
  data.nodes = {numbers(3, 1), numbers(4, 2)};
  data.training.a = {0, 1};
  data.training.b = {3, 5};
  const auto drawn = draw_unlabelled_pairs(data, 10, 1);
  ASSERT_EQ(drawn.size(), 2);  // 0-5 and 1-3
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(drawn.b[i], drawn.a[i] == 0 ? 5 : 3);
  }
}

TEST(Unlabelled, CountsNodesThatTrainingHasNot) {
  LabelledPairs pairs;
  pairs.a = {0, 0, 1};
  pairs.b = {2, 1, 3};
  EXPECT_EQ(count_unseen({1, 0, 1, 0}, pairs), (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace musl
