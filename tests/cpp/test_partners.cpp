#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "data/partners.h"
#include "partners_fixture.h"

namespace musl {
namespace {

using testing::Features;
using testing::features_of;
using testing::kGenes;
using testing::kUnseen;
using testing::some_known;
using testing::some_spaces;

// ---- A plain reference, in double precision and dense matrices ----

/// (G, G) 1 where the pair is known with this label.
Eigen::MatrixXd adjacency(const PairSet& known, float label) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(kGenes, kGenes);
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    if (known.label[i] != label) continue;
    out(known.a[i], known.b[i]) = out(known.b[i], known.a[i]) = 1;
  }
  return out;
}

std::vector<double> slow_direction(const std::vector<NodeBlock>& spaces,
                                   const PairSet& known, int from, int to) {
  std::vector<double> out;
  std::vector<double> counts;
  for (const float label : {1.0f, 0.0f}) {
    counts.push_back(adjacency(known, label).row(from).sum());
  }
  for (const auto& space : spaces) {
    for (const float label : {1.0f, 0.0f}) {
      const Eigen::MatrixXd linked = adjacency(known, label);
      double sum = 0;
      for (int p = 0; p < kGenes; ++p) {
        if (linked(from, p) == 0) continue;
        sum += space.values.row(p).dot(space.values.row(to));
      }
      const double n = linked.row(from).sum();
      out.push_back(n > 0 ? sum / n : 0);
    }
  }
  out.push_back(std::log(1 + counts[0]));
  out.push_back(std::log(1 + counts[1]));
  out.push_back(counts[0] > 0 ? 1 : 0);
  return out;
}

std::vector<double> slow_features(const std::vector<NodeBlock>& spaces,
                                  const PairSet& known, int a, int b) {
  auto out = slow_direction(spaces, known, a, b);
  const auto back = slow_direction(spaces, known, b, a);
  out.insert(out.end(), back.begin(), back.end());
  const Eigen::MatrixXd sl = adjacency(known, 1);
  const Eigen::VectorXd scale = sl.rowwise().sum().unaryExpr(
      [](double s) { return s > 0 ? 1 / std::sqrt(s) : 0; });
  const Eigen::MatrixXd m = scale.asDiagonal() * sl * scale.asDiagonal();
  const Eigen::MatrixXd two = m * m, three = two * m;
  const bool both = std::max(a, b) < kUnseen;
  out.push_back(both ? std::log(two(a, b) + 1e-5) + 11 : 0);
  out.push_back(both ? std::log(three(a, b) + 1e-6) + 13 : 0);
  return out;
}

TEST(KnownPartners, AgreesWithDenseMatricesOnEveryPair) {
  const auto spaces = some_spaces();
  const PairSet known = some_known();
  const KnownPartners partners(spaces, known, kGenes);
  EXPECT_EQ(partners.columns(), 2 * 2 + 3);
  EXPECT_EQ(partners.columns(), partner_columns(2));
  for (std::int32_t a = 0; a < kGenes; ++a) {
    EXPECT_EQ(partners.seen(a), a < kUnseen) << a;
    for (std::int32_t b = a; b < kGenes; ++b) {
      const auto found = features_of(partners, a, b);
      const auto expected = slow_features(spaces, known, a, b);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t c = 0; c < found.size(); ++c) {
        EXPECT_NEAR(found[c], expected[c], 1e-5) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(KnownPartners, NameTheirFeaturesByTheirSpaces) {
  auto spaces = some_spaces();
  spaces[0].name = "network";
  spaces[1].name = "ESM2";
  const auto names =
      KnownPartners(spaces, some_known(), kGenes).feature_names();
  const std::vector<std::string> first = {
      "{b} like SL partners of {a}, network",
      "{b} like non-SL partners of {a}, network",
      "{b} like SL partners of {a}, ESM2",
      "{b} like non-SL partners of {a}, ESM2"};
  ASSERT_GT(names.size(), first.size());
  EXPECT_TRUE(std::equal(first.begin(), first.end(), names.begin()));
}

TEST(KnownPartners, OfUnseenGenesAreZero) {
  const KnownPartners partners(some_spaces(), some_known(), kGenes);
  const auto none = features_of(partners, kUnseen, kUnseen + 1);
  EXPECT_EQ(none, Features(none.size(), 0));
  // From the seen gene's partners something is known, not the other way round.
  const auto half = features_of(partners, 0, kUnseen);
  const auto middle = half.begin() + partners.columns();
  EXPECT_TRUE(
      std::any_of(half.begin(), middle, [](float x) { return x != 0; }));
  EXPECT_TRUE(std::all_of(middle, half.end(), [](float x) { return x == 0; }));
}

TEST(KnownPartners, DoNotDependOnTheEndsOfTheKnownPairs) {
  const PairSet known = some_known();
  const KnownPartners one(some_spaces(), known, kGenes);
  const KnownPartners two(some_spaces(), {known.b, known.a, known.label},
                          kGenes);
  for (std::int32_t b = 1; b < kGenes; ++b) {
    EXPECT_EQ(features_of(one, 0, b), features_of(two, 0, b));
  }
}

TEST(KnownPartners, GiveManyPairsWhatTheyGiveEach) {
  const KnownPartners partners(some_spaces(), some_known(), kGenes);
  const PairSet pairs{{2, 2, 0, 2}, {5, 3, 12, 5}, {}};
  Features all;
  all.resize(static_cast<std::size_t>(4 * partners.width()));
  partners.features(pairs, all.data());
  auto row = all.begin();
  for (std::size_t i = 0; i < 4; ++i, row += partners.width()) {
    EXPECT_EQ(Features(row, row + partners.width()),
              features_of(partners, pairs.a[i], pairs.b[i]));
  }
}

TEST(KnownPartners, MayBeNone) {
  const KnownPartners nobody;
  EXPECT_FALSE(nobody.seen(0));
  EXPECT_EQ(features_of(nobody, 0, 1), Features(8, 0));
  const KnownPartners empty(some_spaces(), {}, kGenes);
  EXPECT_FALSE(empty.seen(0));
  EXPECT_EQ(features_of(empty, 0, 1), Features(16, 0));
  const KnownPartners only_negative({}, {{0}, {1}, {0}}, kGenes);
  EXPECT_TRUE(only_negative.seen(1));
  const auto found = features_of(only_negative, 0, 1);
  EXPECT_EQ(found[0], 0);  // no SL partner
  EXPECT_FLOAT_EQ(found[1], std::log(2.0f));
  const KnownPartners no_genes({}, {}, 0);
  no_genes.features({}, nullptr);
}

TEST(KnownPartners, RefusePairsOutsideTheUniverse) {
  EXPECT_THROW(KnownPartners({}, {{0}, {kGenes}, {1}}, kGenes), GeneError);
}

}  // namespace
}  // namespace musl
