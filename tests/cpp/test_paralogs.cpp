#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "features/store_parts.h"

namespace musl {
namespace {

// Gene 0 is aligned with 60 others: 20 that score 3, 20 that score 5 and 20
// that score 4, in turn. Those have no other paralog.
TEST(Paralogs, OfTheSameScoreShareTheBestRank) {
  ParalogsInput input;
  input.searched.assign(61, 1);
  std::vector<float> expected;
  for (std::int32_t other = 1; other < 61; ++other) {
    const float score[] = {3, 5, 4}, rank[] = {41, 1, 21};
    input.a.push_back(0);
    input.b.push_back(other);
    input.identity.push_back(.5F);
    input.coverage.push_back(.5F);
    input.score.push_back(score[other % 3]);
    expected.push_back(rank[other % 3]);
  }
  expected.resize(120, 1);
  EXPECT_EQ(make_paralogs(input, 61).rank, expected);
}

}  // namespace
}  // namespace musl
