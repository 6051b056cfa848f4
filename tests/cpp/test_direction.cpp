#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "features/direction.h"
#include "io/archive.h"
#include "store/part.h"

namespace musl {
namespace {

const float kNone = std::numeric_limits<float>::quiet_NaN();

/// Lines that lost gene 0 need genes 1 and 2, gene 3 less.
Alteration lost_first() {
  Alteration out;
  out.name = "first";
  out.event = "that lost G0";
  out.n_lines = 100;
  out.lost = {0};
  out.gene = {1, 2, 3};
  out.z = {-5, -3.5F, 4.5F};
  out.effect_size = {-1, -.5F, .6F};
  out.altered = {-.8F, -.5F, -.1F};
  out.other = {-.2F, -.3F, -.6F};
  out.share_altered = {.8F, .5F, kNone};
  out.share_other = {.1F, .2F, kNone};
  return out;
}

PairSet pairs_of_anchor(std::int32_t anchor, std::int32_t n_genes) {
  PairSet out;
  for (std::int32_t g = 0; g < n_genes; ++g) {
    if (g == anchor) continue;
    out.a.push_back(anchor);
    out.b.push_back(g);
  }
  return out;
}

TEST(Direction, IsFoundFromEitherGeneOfAPair) {
  const std::vector<Alteration> known = {lost_first()};
  const auto there =
      differences_of(known, pairs_of_anchor(0, 5), 5, AlterationState::lost);
  ASSERT_EQ(there.size(), 3U);
  EXPECT_EQ(there[0].row, 0);
  EXPECT_FALSE(there[0].turned);
  EXPECT_EQ(there[0].z, -5);
  EXPECT_EQ(there[0].n_lines, 100);
  const auto back =
      differences_of(known, pairs_of_anchor(3, 5), 5, AlterationState::lost);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_TRUE(back[0].turned);
  EXPECT_EQ(back[0].z, 4.5F);
  EXPECT_TRUE(differences_of(known, pairs_of_anchor(0, 5), 5,
                             AlterationState::activated)
                  .empty());
}

TEST(Direction, OfTheTwoGenesTheLargerScoreCounts) {
  Alteration second = lost_first();
  second.name = "second";
  second.lost = {1};
  second.gene = {0};
  for (auto* column :
       {&second.z, &second.effect_size, &second.altered, &second.other,
        &second.share_altered, &second.share_other}) {
    column->resize(1);
  }
  second.z = {-7};
  const auto found = differences_of(
      {lost_first(), second}, pairs_of_anchor(0, 3), 3, AlterationState::lost);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].z, -7);
  EXPECT_TRUE(found[0].turned);
}

TEST(Direction, AsksMoreEvidenceFarFromTheAnchorAndOfFewLines) {
  PairDifference x;
  x.z = -3.5F;
  x.effect_size = -.5F;
  x.altered = -.5F;
  x.other = -.2F;
  x.n_lines = 100;
  const std::int64_t n = kNearRelations + 1;
  PairSet pairs;
  std::vector<double> relation;
  for (std::int64_t i = 0; i < n; ++i) {
    pairs.a.push_back(0);
    pairs.b.push_back(static_cast<std::int32_t>(i));
    relation.push_back(static_cast<double>(-i));
  }
  const auto call_of = [&](std::int64_t row) {
    x.row = row;
    return call_directions({x}, pairs, relation)[0];
  };
  EXPECT_EQ(call_of(0), Direction::needed_more);
  EXPECT_EQ(call_of(n - 2), Direction::needed_more);
  EXPECT_EQ(call_of(n - 1), Direction::unclear);
  EXPECT_TRUE(asks_relation(x));
  x.n_lines = 29;
  EXPECT_EQ(call_of(0), Direction::unclear);
  x.z = -4;
  EXPECT_EQ(call_of(0), Direction::needed_more);
}

TEST(Direction, SaysRescueAndLackOfNeedByWhatCellsSuffer) {
  const PairSet pairs{{0}, {1}, {}};
  PairDifference x;
  x.n_lines = 100;
  const auto call = [&](float z, float size, float altered, float other) {
    x.z = z;
    x.effect_size = size;
    x.altered = altered;
    x.other = other;
    return call_directions({x}, pairs, {0.0})[0];
  };
  EXPECT_EQ(call(5, .5F, -.3F, -1.1F), Direction::needed_less);
  EXPECT_EQ(call(5, .5F, .1F, 0), Direction::needed_less);
  EXPECT_EQ(call(5, .1F, -.3F, -1.1F), Direction::unclear);
  EXPECT_EQ(call(5, .5F, 0, -.05F), Direction::unclear);
  // Lines with TP53 grow better without CDKN1A, others do not need it.
  EXPECT_EQ(call(-9, -.9F, .18F, .42F), Direction::not_needed);
  EXPECT_EQ(call(-9, -.9F, -.1F, 0), Direction::unclear);
}

TEST(Direction, OfATestNeedsNoSize) {
  PairDifference more, few, less;
  more.z = few.z = -2;
  more.altered = -.5F;
  few.altered = -.1F;
  few.share_altered = .2F;
  less.z = 2;
  less.altered = -.1F;
  less.other = -.6F;
  const auto calls = call_tested({more, few, less, more}, {1, 1, 1, 0});
  const std::vector<Direction> expected = {
      Direction::needed_more, Direction::needed_more, Direction::needed_less,
      Direction::unclear};
  EXPECT_EQ(calls, expected);
}

TEST(Direction, RaisesByHalfAScoreAboveTwo) {
  PairDifference x;
  x.altered = x.other = -.5F;
  x.z = -5;
  EXPECT_DOUBLE_EQ(direction_bonus(x), 1.5);
  x.z = -20;
  EXPECT_DOUBLE_EQ(direction_bonus(x), 3);
  x.z = 5;
  EXPECT_DOUBLE_EQ(direction_bonus(x), -1.5);
  x.z = -1.5F;
  EXPECT_DOUBLE_EQ(direction_bonus(x), 0);
  x.z = -5;
  x.altered = -.1F;
  EXPECT_DOUBLE_EQ(direction_bonus(x), 0);
}

TEST(Direction, NamesWhatIsLostWithTheAnchorAndExplainsMore) {
  Alteration near = lost_first();
  near.name = "near";
  near.lost = {4};
  near.z[0] = -8;
  Alteration first = lost_first();
  first.together = {"near"};
  const auto found = differences_of({first, near}, pairs_of_anchor(0, 5), 5,
                                    AlterationState::lost);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].explained_by, 1);
  EXPECT_EQ(found[2].explained_by, 1);  // as large
}

TEST(Direction, IsTheSameOverOtherGenesAndFromAFile) {
  const auto moved = remapped(Alterations{lost_first()}, {3, -1, 1, 0});
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].lost, std::vector<std::int32_t>{3});
  EXPECT_EQ(moved[0].gene, (std::vector<std::int32_t>{0, 2}));
  EXPECT_EQ(moved[0].z, (std::vector<float>{4.5F, -5}));
  EXPECT_TRUE(remapped(Alterations{lost_first()}, {1, 2}).empty());

  Archive archive;
  put_alterations("d/", Alterations{lost_first(), moved[0]}, &archive);
  const auto read = read_alterations("d/", archive);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1].gene, moved[0].gene);
  EXPECT_EQ(read[1].event, "that lost G0");
  EXPECT_EQ(read[0].altered, lost_first().altered);
  EXPECT_FALSE(fits(read_alterations("d/", archive), 3));
  EXPECT_TRUE(read_alterations("e/", archive).empty());
}

}  // namespace
}  // namespace musl
