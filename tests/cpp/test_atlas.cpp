#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "atlas/atlas.h"
#include "base/error.h"
#include "base/rng.h"
#include "folder_fixture.h"
#include "io/file.h"

namespace musl {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// 100 a + b of the canonical pair: tells which pair a score is of.
PairScores tell_pairs(const PairSet& pairs) {
  PairScores out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    out.score.push_back(100 * std::min(pairs.a[i], pairs.b[i]) +
                        std::max(pairs.a[i], pairs.b[i]));
  }
  return out;
}

std::vector<float> tell_tile(const AtlasTile& tile) {
  std::vector<float> out;
  for (std::int64_t i = 0; i < tile.size(); ++i) {
    const auto a = tile.a(i), b = tile.b(i);
    out.push_back(
        a == b ? kNaN
               : static_cast<float>(100 * std::min(a, b) + std::max(a, b)));
  }
  return out;
}

void expect_same(const std::vector<float>& x, const std::vector<float>& y) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_TRUE(x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i]))) << i;
  }
}

class ShardFile : public test::Folder {};

TEST(ScoreTile, PutsEachScoreAtItsPair) {
  const AtlasTile tile{{3, 1}, {4, 3, 0}};
  expect_same(score_tile(tile, tell_pairs).score, tell_tile(tile));
  EXPECT_TRUE(score_tile(tile, tell_pairs).order.empty());
}

TEST(ScoreTile, ScoresPairsOfTheDiagonalOnce) {
  const AtlasTile tile{{0, 2, 5, 7}, {0, 2, 5, 7}};
  std::int64_t asked = 0;
  const auto scores = score_tile(tile, [&](const PairSet& pairs) {
    asked = pairs.size();
    return tell_pairs(pairs);
  });
  EXPECT_EQ(asked, 6);
  expect_same(scores.score, tell_tile(tile));
}

TEST(ScoreTile, PutsWhatOrdersListsBesideTheScores) {
  const AtlasTile tile{{0, 2, 5}, {0, 2, 5}};
  const auto found = score_tile(tile, [](const PairSet& pairs) {
    auto out = tell_pairs(pairs);
    out.has_order = true;
    for (const double score : out.score) out.order.push_back(-score);
    return out;
  });
  expect_same(found.score, tell_tile(tile));
  auto order = tell_tile(tile);
  for (auto& value : order) value = -value;
  expect_same(found.order, order);
  // A tile without pairs has an order, too.
  const auto empty = score_tile({{4}, {4}}, [](const PairSet&) {
    return PairScores{{}, true, {}};
  });
  expect_same(empty.order, {kNaN});
}

TEST(ScoreTile, TakesATileWithoutPairs) {
  expect_same(score_tile({{}, {}}, tell_pairs).score, {});
  expect_same(score_tile({{4}, {4}}, tell_pairs).score, {kNaN});
}

TEST_F(ShardFile, ComesBackToTheBit) {
  const std::vector<float> score{1.5f, kNaN, -0.0f, 3e-30f};
  write_shard(path("shard"), "key", 7, {score, {}});
  auto found = read_shard(path("shard"), "key", 7, 4);
  expect_same(found.score, score);
  EXPECT_TRUE(found.order.empty());
  const std::vector<float> order{kNaN, 2, 1e30f, -1};
  write_shard(path("shard"), "key", 7, {score, order});
  found = read_shard(path("shard"), "key", 7, 4);
  expect_same(found.score, score);
  expect_same(found.order, order);
}

TEST_F(ShardFile, IsRefusedWhereItIsAnothers) {
  write_shard(path("shard"), "key", 7, {{1, 2}, {2, 1}});
  EXPECT_THROW((void)read_shard(path("shard"), "other", 7, 2), FormatError);
  EXPECT_THROW((void)read_shard(path("shard"), "key", 8, 2), FormatError);
  EXPECT_THROW((void)read_shard(path("shard"), "key", 7, 3), FormatError);
}

TEST_F(ShardFile, IsRefusedWithAnyByteChanged) {
  write_shard(path("shard"), "key", 7, {{1, 2}, {2, 1}});
  const auto bytes = read_file(path("shard"));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] ^= 1;
    write_file(path("shard"), damaged);
    EXPECT_THROW((void)read_shard(path("shard"), "key", 7, 2), FormatError)
        << i;
  }
}

TEST_F(ShardFile, NamesTheFileOrSaysWhyNot) {
  write_file(path("new"), {1, 2, 3});
  publish_file(path("new"), path("shard"));
  EXPECT_EQ(read_file(path("shard")).size(), 3u);
  EXPECT_THROW(publish_file(path("new"), path("shard")), FormatError);
}

TEST(TopPairs, AreThoseOfASort) {
  Rng rng(1);
  constexpr std::int32_t kSide = 12;
  std::vector<std::tuple<float, std::int32_t, std::int32_t>> all;
  TopPairs top(20, std::vector<std::uint8_t>(kSide, 1));
  // Coarse scores, so that there are ties; the matrix is symmetric.
  float score[kSide][kSide];
  for (std::int32_t a = 0; a < kSide; ++a) {
    for (std::int32_t b = a; b < kSide; ++b) {
      score[a][b] = score[b][a] = static_cast<float>(rng.below(5));
      if (a != b) all.emplace_back(-score[a][b], a, b);
    }
  }
  for (std::int32_t a = 0; a < kSide; ++a) {
    AtlasTile tile{{a}, {}};
    std::vector<float> row;
    for (std::int32_t b = 0; b < kSide; ++b) {
      tile.cols.push_back(b);
      row.push_back(b == 3 && a == 3 ? kNaN : score[a][b]);
    }
    top.add(tile, row);
  }
  std::sort(all.begin(), all.end());
  const auto found = top.sorted();
  ASSERT_EQ(found.size(), 20u);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& [lowest, a, b] = all[i];
    EXPECT_EQ(found[i].score, -lowest);
    EXPECT_EQ(found[i].a, a);
    EXPECT_EQ(found[i].b, b);
  }
}

TEST(TopPairs, CountAPairWithOneCellWhateverItsOrder) {
  TopPairs top(10, {1, 0, 1, 0});  // genes 0 and 2 are rows and columns
  top.add({{2, 3}, {0, 1}}, {1, 2, 3, 4});
  const auto found = top.sorted();
  // (2, 0) has a mirror elsewhere; (2, 1), (3, 0) and (3, 1) have none.
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].score, 4);
  EXPECT_EQ(found[1].score, 3);
  EXPECT_EQ(found[2].score, 2);
}

TEST(TopPairs, ArePlacedByTierBeforeTheirScores) {
  TopPairs top(3, {}, {0, 1, 0, 0});
  top.add({{0, 1}, {1, 2, 3}}, {9, 1, 2, 8, 7, 6});
  std::vector<std::pair<int, int>> genes;
  for (const auto& entry : top.sorted()) genes.emplace_back(entry.a, entry.b);
  EXPECT_EQ(genes, (std::vector<std::pair<int, int>>{{0, 3}, {0, 2}, {0, 1}}));
}

TEST(TopPairs, RefuseScoresThatDoNotFitTheTile) {
  TopPairs top(1, {});
  EXPECT_THROW(top.add({{0}, {1}}, {1, 2}), ShapeError);
}

TEST(TopPairs, MayBeNone) {
  TopPairs top(0, {});
  top.add({{0}, {1}}, {1});
  EXPECT_TRUE(top.sorted().empty());
}

}  // namespace
}  // namespace musl
